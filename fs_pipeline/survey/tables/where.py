"""Where a row's place is: address, postcode, commune and point, each judged beside the others."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fs_pipeline.survey.nets import tried
from fs_pipeline.survey.tables.likely import with_likely_commune
from fs_pipeline.survey.tables.rows import Row, Standing
from fs_pipeline.territory.model import Commune, Territory
from fs_pipeline.values.addresses import Address, read_address
from fs_pipeline.values.communes import read_commune
from fs_pipeline.values.coordinates import read_coordinates
from fs_pipeline.values.postcodes import postcode_beside, read_postcode
from fs_pipeline.values.reading import UNREAD, Note, Reading
from fs_pipeline.values.streets import expand, is_place, is_street

_FOREIGN_CODE = re.compile(r"\b[A-Z]{1,2}-\d{4,5}\b")  # « B-1000 Bruxelles », « L-4002 Esch »
_FOUND_BY_A_CODE = {"commune_unknown", "commune_from_postcode"}
_WHOLE_CODE = 5
_A_STREET = 2
_NO_COMMUNE = "?"  # known not to be in the line
# What parts a commune from the street: without it, « rue Louis Aragon » ends as its author's commune alone could.
_PARTED = re.compile(r"[,;\n|(]|\s[-–—/]\s|\b\d{5}\b")
_NAMED = 3  # communes of a postcode that a message names


@dataclass(frozen=True, slots=True)
class Where:
    """What a row says of it; None where it does not."""

    address: str | None
    address_extra: str | None
    postcode: str | None
    insee: str | None
    commune: str | None
    standing: Standing = Standing.UNSAID  # how surely its town is one of France


def read_where(row: Row, territory: Territory, departement: str | None, section: str | None) -> Where:
    """Address, postcode and commune, each of which may stand inside another, or head the rows of its `section`."""
    line, extra, lined = _street_line(row, territory)
    reading: Reading[Address] = Reading(None)
    if line:
        there = row.text("commune") or (None if _PARTED.search(line) else section)
        reading = row.guarded(lined, lambda: read_address(line, territory, there), reading)
        if there is None and _is_of_nowhere_near(reading.value, line, row, departement, territory):
            reading = row.guarded(lined, lambda: read_address(line, territory, _NO_COMMUNE), reading)
    parts = reading.value or Address()
    has_own_columns = "postcode" in row.block.columns or "commune" in row.block.columns
    row.note(lined, *(note for note in reading.notes if note.rule != "address_without_street" or not has_own_columns))
    named = row.text("commune") or (None if parts.commune else section)
    written = row.text("postcode")
    coded = row.guarded(
        "postcode",
        lambda: read_postcode(written) if written else Reading(parts.postcode or postcode_beside(named)),
        UNREAD,
    )
    insee = row.text("insee")
    name = named or parts.commune
    if (lost := coded.value) and _lost_zero(coded) and _is_contradicted(lost, name, departement, territory):
        own = None if territory.by_postcode(lost) else territory.current_insee(lost)
        bearers = territory.by_name(name or "", former=True)
        if own and bearers and own not in bearers and departement in {None, territory.departement_of(own)}:
            # « 5010 » beside « Gap » is 05010, which serves no commune
            coded = Reading(lost, (Note("postcode_is_cedex"),))
        else:
            coded = Reading(None, (Note("postcode_is_insee" if own in bearers else "postcode_unreadable"),))
            insee = insee or own  # the commune's own code, in the column of the postcode
    postcode, code = coded.value, insee
    found = row.guarded("commune", lambda: read_commune(name, territory, postcode, code, departement), UNREAD)
    kept_whole = False
    if (
        named is None
        and parts.commune
        and not coded.value
        and "commune" in row.block.columns
        and not (found.value and _stands_apart(parts.commune, line or ""))
    ):
        name, kept_whole = None, True  # « rue Gay Lussac » is a street whose town is not written
        found = Reading(None, (Note("commune_missing"),))
    if found.value is None and named is None and parts.commune is None and coded.value is None:
        found = Reading(None, (Note("commune_missing"),) if line or "commune" in row.block.columns else ())
    standing = _standing(found, coded, name, " ".join(filter(None, (written, line, named))), row, territory)
    coded = _beside_commune(coded, territory.commune(found.value), territory)
    row.note("postcode" if written else lined if parts.postcode else "commune", *coded.notes)
    silent = {"commune_from_postcode"} if not named else set()
    where = "commune" if named else lined if line else "commune"
    certain = coded.value if not _lost_zero(coded) or found.value else None
    notes = [with_likely_commune(note, row, name, certain, departement, territory) for note in found.notes]
    for note in notes:
        if note.rule == "commune_missing" and "commune" in row.block.columns:
            where = "commune"
        if note.rule not in silent:
            blamed = {"insee": "insee", "postcode": "postcode"}.get(note.rule.partition("_")[0], where)
            row.note(blamed if row.text(blamed) else where, note)
    street = " ".join(part for part in (parts.number, parts.street) if part)
    return Where(
        address=(line if kept_whole else street) or (line if line and not parts.extra else None),
        address_extra=" ; ".join(part for part in (*extra, parts.extra) if part) or None,
        postcode=coded.value,
        insee=found.value,
        commune=territory.commune_names.get(found.value)
        if found.value
        else named or (None if kept_whole else parts.commune),
        standing=standing,
    )


def _is_of_nowhere_near(
    parts: Address | None, line: str, row: Row, departement: str | None, territory: Territory
) -> bool:
    """« 252 rue Gay Lussac »: whether the commune that ends a street, without a sign, is none of the clerk's own."""
    if parts is None or parts.commune is None or departement is None or _PARTED.search(line):
        return False
    bearers = territory.by_name(parts.commune, former=True)
    said = row.text("postcode") or row.text("insee")
    return not said and all(territory.departement_of(code) != departement for code in bearers)


def _street_line(row: Row, territory: Territory) -> tuple[str | None, list[str], str]:
    """Of the lines of an address the one that names the street, the others, and the field of its column.

    It is the line of the address unless another one surely is: « Immeuble Le Sully » beside « 12 rue des Tilleuls ».
    """
    main = row.text("address")
    columns = row.block.columns.get("address_extra", ())
    extra = [text for column in columns if (text := row.texts.get(column)) is not None]
    if extra and (ranked := _street_rank(main, territory)) < _A_STREET:
        best = max(extra, key=lambda text: _street_rank(text, territory))
        if _street_rank(best, territory) == _A_STREET or (main is None and _street_rank(best, territory) > ranked):
            others = [text for text in extra if text is not best]
            return best, [text for text in (main, *others) if text is not None], "address_extra"
    return main, extra, "address"


def _street_rank(text: str | None, territory: Territory) -> int:
    """2 where a text begins as a street does, or its street does; 1 where it may be one; 0 where it names none."""
    parts = tried("address", lambda: read_address(text, territory).value, None)
    street = expand(parts.street) if parts and parts.street else None
    return 0 if street is None else _A_STREET if is_place(street) else int(is_street(street))


def _stands_apart(commune: str, line: str) -> bool:
    """Whether a sign parts a commune from the street before it: « 2 rue Haute, Langon », but not « rue Gay Lussac »."""
    before = line[: line.casefold().rfind(commune.casefold())].rstrip()
    return not before or before[-1] in ",;\n(/" or before.endswith((" -", " –", " —"))


def _standing(
    found: Reading[str], coded: Reading[str], name: str | None, said: str, row: Row, territory: Territory
) -> Standing:
    """How surely a row's town is one of France, where it names any: `said` holds all that it says of its postcode."""
    insee = row.text("insee") or ""
    whole = coded.value if coded.value and coded.value in said.replace(" ", "") else None
    if (whole and territory.by_postcode(whole)) or (len(insee) == _WHOLE_CODE and territory.current_insee(insee)):
        return Standing.SURE
    if found.value and not any(note.rule in _FOUND_BY_A_CODE for note in found.notes if name):
        return Standing.SURE if coded.value else Standing.BY_NAME if not row.text("postcode") else Standing.ELSEWHERE
    if name or insee or coded.value or row.text("postcode") or _FOREIGN_CODE.search(said):
        return Standing.ELSEWHERE
    return Standing.UNSAID


def _lost_zero(coded: Reading[str]) -> bool:
    return any(note.rule == "postcode_lost_zero" for note in coded.notes)


def _is_contradicted(postcode: str, name: str | None, departement: str | None, territory: Territory) -> bool:
    """Whether a postcode is nobody's, or delivers elsewhere than where the row's commune is: at home, where one is there."""
    there = {territory.departement_of(code) for code in territory.by_postcode(postcode)}
    named = {territory.departement_of(code) for code in territory.by_name(name or "", former=True)}
    if not there or there & (named | {departement}):
        return not there
    return departement in named if departement else bool(named)


def _beside_commune(coded: Reading[str], commune: Commune | None, territory: Territory) -> Reading[str]:
    """What a postcode says once the commune is known: both sides, and the commune's own as what to type.

    A code that delivers to no commune is a CEDEX, whether or not the word stands beside it.
    """
    if commune is None or not commune.postcodes or coded.value in commune.postcodes:
        return coded
    own = commune.postcodes[0] if len(commune.postcodes) == 1 else None
    if coded.value is None:
        return Reading(None, tuple(Note(note.rule, note.suggestion or own, note.detail) for note in coded.notes))
    if not (served := territory.by_postcode(coded.value)):
        return Reading(coded.value, (Note("postcode_is_cedex", own),))
    others = sorted(territory.commune_names[code] for code in served)[:_NAMED]
    sides = f"{coded.value} : {', '.join(others)} ; {commune.name} : {', '.join(commune.postcodes[:_NAMED])}."
    return Reading(coded.value, (Note("postcode_not_of_commune", own, sides),))


def read_point(
    row: Row, insee: str | None, territory: Territory, departement: str | None
) -> tuple[float | None, float | None]:
    """Latitude and longitude, in degrees."""
    latitude, longitude = row.text("latitude"), row.text("longitude")
    reading: Reading[tuple[float, float]] = Reading(None)
    if latitude is not None or longitude is not None:
        reading = row.guarded(
            "latitude" if latitude is not None else "longitude",
            lambda: read_coordinates(latitude, longitude, departement, territory, insee),
            reading,
        )
    together = longitude is None  # in one cell: GeoJSON writes the longitude first
    notes = (note for note in reading.notes if not (together and note.rule == "coordinates_swapped"))
    row.note("latitude" if latitude is not None else "longitude", *notes)
    return reading.value or (None, None)
