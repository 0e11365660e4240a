"""Places seen beside one another: namesakes, doubles, rows that are services of one place, kinds never seen."""

from __future__ import annotations

from collections import Counter, defaultdict

from fs_pipeline.survey.tables.records import Place
from fs_pipeline.survey.tables.rows import Row
from fs_pipeline.territory.model import Territory
from fs_pipeline.values.communes import read_commune
from fs_pipeline.values.reading import Note
from fs_pipeline.values.service_types import read_service_type, without_kind
from fs_pipeline.values.streets import read_street, street_words
from fs_pipeline.values.text import normalise

_ANOTHER = "autre"  # « Autre », « Autre lieu » are the list's own last line
_AT_HOME = 0.1  # share of the places read from which a département is one of the file's own


def departement_of(insee: str | None, postcode: str | None, territory: Territory) -> str | None:
    """A place's: of its commune, else of its postcode where that serves one only, or none and starts as one does."""
    if insee:
        return territory.departement_of(insee)
    postcode = postcode or ""
    served = {territory.departement_of(code) for code in territory.by_postcode(postcode)}
    if not served:
        start = postcode[: 3 if postcode.startswith("97") else 2]
        return start if start in territory.departement_names else None
    return served.pop() if len(served) == 1 else None


def names_a_commune_of(departement: str, place: Place, territory: Territory) -> bool:
    """Whether its commune, not found for its postcode's sake, bears a name of the département: it is no stranger."""
    named = territory.by_name(place.commune or "", former=True)
    return not place.insee and any(territory.departement_of(code) == departement for code in named)


def note_kinds(places: list[Place], rows: dict[int, Row]) -> None:
    """Say once of each kind of place that the reviewed list does not hold."""
    said: set[str] = set()
    for place in places:
        kind = place.type
        if kind is None or normalise(kind) in said or normalise(kind).startswith(_ANOTHER):
            continue
        said.add(normalise(kind))
        rows[place.row].note("type", *read_service_type(kind).notes)


def choose_namesakes(places: list[Place], rows: dict[int, Row], territory: Territory) -> None:
    """A name that several communes bear is the one in the file's own départements, where only one is there."""
    homes = Counter(home for place in places if (home := departement_of(place.insee, place.postcode, territory)))
    own = [code for code, count in homes.items() if count >= _AT_HOME * homes.total()]
    for place in places:
        row = rows[place.row]
        if place.insee or not any(problem.rule == "commune_ambiguous" for problem in row.problems):
            continue
        named = place.commune
        found = {
            value
            for code in own
            if (value := read_commune(named, territory, place.postcode, None, code).value)
            and territory.departement_of(value) == code
        }
        if len(found) == 1:
            place.insee = found.pop()
            place.commune = territory.commune_names[place.insee]
            row.problems[:] = [problem for problem in row.problems if problem.rule != "commune_ambiguous"]


def gathered(places: list[Place], rows: dict[int, Row]) -> list[Place]:
    """One place of each run of rows that differ by their service only; its first row speaks for it."""
    first: dict[tuple[str, ...], Place] = {}
    for place in places:
        key = (normalise(place.name), place.insee or place.postcode or "", normalise(place.address or ""))
        kept = first.setdefault(key, place)
        if kept is place:
            continue
        kept.complete(place)
        said = {(problem.rule, problem.value) for problem in rows[kept.row].problems}
        row = rows[place.row]
        row.problems[:] = [problem for problem in row.problems if (problem.rule, problem.value) not in said]
    for place in first.values():
        if place.more_rows:
            lines = ", ".join(map(str, place.more_rows))
            rows[place.row].note("name", Note("service_rows_gathered", detail=f"Lignes {lines}."))
    return list(first.values())


def note_doubles(places: list[Place], rows: dict[int, Row], territory: Territory) -> None:
    """Say of each later row that it describes a place already written; both rows are kept for the linking."""
    seen: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place in places:
        if place.insee:
            seen[_described(place, territory)].append(place.row)
    for numbers in seen.values():
        for number in numbers[1:]:
            rows[number].note("name", Note("rows_describe_same_place", detail=f"Voir la ligne {numbers[0]}."))


def _described(place: Place, territory: Territory) -> tuple[str, ...]:
    """What two ways to write one place share: its commune, its street, its kind and what else its name says."""
    number, street = read_street(place.address or "")
    commune = set(without_kind(territory.commune_names.get(place.insee or "", "")).split())
    own = [word for word in street_words(without_kind(place.name).split()).split() if word not in commune]
    return place.insee or "", number or "", street or "", read_service_type(place.name).value or "", " ".join(own)
