"""Places seen beside one another: namesakes, doubles, rows that are services of one place, kinds never seen."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import partial

from rapidfuzz import fuzz

from fs_pipeline.survey.nets import tried
from fs_pipeline.survey.tables.records import Place, column_names
from fs_pipeline.survey.tables.rows import Row
from fs_pipeline.territory.model import Territory
from fs_pipeline.values.addresses_alike import same_address
from fs_pipeline.values.communes import read_commune
from fs_pipeline.values.hours import read_hours
from fs_pipeline.values.reading import UNREAD, Note
from fs_pipeline.values.service_types import read_service_type, without_kind
from fs_pipeline.values.streets import read_street, street_words
from fs_pipeline.values.text import normalise
from fs_pipeline.values.vocabularies import BETWEEN

# What rows of one place may say otherwise: the service is theirs, not the place's.
_OF_A_SERVICE = frozenset({"sheet", "row", "publics", "labels", "description", "opening_hours", "local_id"})
_MANY = 0.5  # share of a table's rows that come again from which it has a row a service
_LISTS = ("publics", "labels")
_ONE_A_DOOR = frozenset(
    {"ccas", "mairie", "france_services", "msap", "agence_postale", "bureau_de_poste", "caf", "cpam", "msa", "carsat",
     "mission_locale", "france_travail", "centre_finances_publiques", "sous_prefecture", "prefecture", "mdph", "mediatheque",
     "maison_des_solidarites"}
)  # fmt: skip
_SAME_NAME = 92.0  # rapidfuzz token_sort_ratio
_COMPARED = 30  # places that share a name, a phone or an address in one commune
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
        rows[place.row].note("type", *tried("type", partial(read_service_type, kind), UNREAD).notes)


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
            if (
                value := tried(
                    "commune", partial(read_commune, named, territory, place.postcode, None, code), UNREAD
                ).value
            )
            and territory.departement_of(value) == code
        }
        if len(found) == 1:
            place.insee = found.pop()
            place.commune = territory.commune_names[place.insee]
            row.problems[:] = [problem for problem in row.problems if problem.rule != "commune_ambiguous"]


def gathered(places: list[Place], rows: dict[int, Row], *, long: bool) -> list[Place]:
    """One place of the rows that differ by their service only; its first row speaks for it.

    Parameters
    ----------
    long
        Whether the table has a row a démarche. Where it has none, but half its rows come again with the same name and
        address, rows are one place's if nothing that is stored contradicts it and something else on them differs: two
        rows that say the very same are a mistake to tell.
    """
    written = list(map(_written, places))
    services = sum(count for count in Counter(written).values() if count > 1) >= _MANY * len(places)
    first: dict[tuple[str, ...], Place] = {}
    kept: list[Place] = []
    for place, key in zip(places, written, strict=True):
        one = first.setdefault(key, place)
        if one is place or not (long or (services and _differ_by_service(one, place, rows))):
            kept.append(place)
            continue
        _join_lists(one, place, rows)
        one.complete(place)
        said = {(problem.rule, problem.value) for problem in rows[one.row].problems}
        row = rows[place.row]
        row.problems[:] = [problem for problem in row.problems if (problem.rule, problem.value) not in said]
    for place in kept:
        others = [number for number in place.more_rows if rows[number].text("name") is not None]
        if others:
            rows[place.row].note("name", Note("service_rows_gathered", detail=f"Lignes {', '.join(map(str, others))}."))
    return kept


def _written(place: Place) -> tuple[str, ...]:
    return normalise(place.name), place.insee or place.postcode or "", normalise(place.address or "")


def _differ_by_service(one: Place, other: Place, rows: dict[int, Row]) -> bool:
    if not (one.insee and (one.address or one.phone)):
        return False
    stored = (name for name in column_names(Place) if name not in _OF_A_SERVICE)
    if any(None not in (pair := (getattr(one, name), getattr(other, name))) and pair[0] != pair[1] for name in stored):
        return False
    if one.opening_hours != other.opening_hours and _hours_of_both(one, other, rows) is None:
        return False
    cells = (rows[place.row].block.cells(place.row - 1) for place in (one, other))
    return next(cells) != next(cells)


def _hours_of_both(one: Place, other: Place, rows: dict[int, Row]) -> str | None:
    """A row a half-day: the hours of the rows together, where they can be read as one week."""
    if one.opening_hours is None or other.opening_hours is None or rows[one.row].block.days:
        return one.opening_hours or other.opening_hours
    texts = [rows[number].text("opening_hours") for number in (one.row, *one.more_rows, other.row)]
    whole = "\n".join(dict.fromkeys(filter(None, texts)))
    return tried("opening_hours", partial(read_hours, whole), UNREAD).value


def _join_lists(one: Place, other: Place, rows: dict[int, Row]) -> None:
    if one.opening_hours != other.opening_hours:
        one.opening_hours = _hours_of_both(one, other, rows) or one.opening_hours
    for name in _LISTS:
        codes = [code for place in (one, other) for code in (getattr(place, name) or "").split(BETWEEN) if code]
        setattr(one, name, BETWEEN.join(dict.fromkeys(codes)) or None)
    texts = filter(None, (one.description, other.description))
    one.description = "\n".join(dict.fromkeys(texts)) or None


def note_doubles(places: list[Place], rows: dict[int, Row], territory: Territory) -> None:
    """Say of each later row that it describes a place already written; both rows are kept for the linking.

    Written otherwise, it is the same where its street, its kind and what else its name says are; or where the commune
    is, and two of three more: name, address, telephone. An office that is one a door needs no name.
    """
    seen: dict[tuple[str, ...], list[Place]] = defaultdict(list)
    for place in places:
        if not place.insee:
            continue
        described = _described_if_read(place, territory)
        apart = (normalise(place.name), place.phone, normalise(place.address or ""))
        keys = [described, *((place.insee, text) for text in apart if text)]
        near = {other.row: other for key in keys for other in seen[key][:_COMPARED]}
        same = {other.row for other in seen[described]}
        again = (
            row for row, other in near.items() if row in same or tried("name", partial(_is_double, place, other), False)
        )
        if first := min(again, default=None):
            rows[place.row].note("name", Note("rows_describe_same_place", detail=f"Voir la ligne {first}."))
        for key in keys:
            seen[key].append(place)


def _described_if_read(place: Place, territory: Territory) -> tuple[str, ...]:
    """Where a reader fails, it is like no other."""
    alone: tuple[str, ...] = (place.key,)
    return tried("name", partial(_described, place, territory), alone)


def _described(place: Place, territory: Territory) -> tuple[str, ...]:
    """What two ways to write one place share: its commune, its street, its kind and what else its name says."""
    number, street = read_street(place.address or "")
    commune = set(without_kind(territory.commune_names.get(place.insee or "", "")).split())
    own = [word for word in street_words(without_kind(place.name).split()).split() if word not in commune]
    return place.insee or "", number or "", street or "", read_service_type(place.name).value or "", " ".join(own)


def _is_double(one: Place, other: Place) -> bool:
    there = _same_door(one.address, other.address) if one.address and other.address else None
    if there is False:
        return False
    same_phone = bool(one.phone) and one.phone == other.phone
    if fuzz.token_sort_ratio(normalise(one.name), normalise(other.name)) >= _SAME_NAME:
        return bool(there) or same_phone
    return bool(there) and same_phone and one.service_type == other.service_type in _ONE_A_DOOR


def _same_door(one: str, other: str) -> bool:
    """Two addresses that share a word: a hamlet and a street contradict nothing and say nothing either."""
    shared = {word for word in normalise(one).split() if len(word) > 3} & set(normalise(other).split())
    return bool(shared) and same_address(one, other)
