"""Our places as « lieux de médiation numérique », as the State's own library reads them (npm, 2.3.0).

Only a place where help with démarches is declared, or follows from the label, is one: to that library a place without a
service is a place that receives nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import pandas as pd

from fs_pipeline.release.about import About
from fs_pipeline.release.accepted import (
    Fields,
    Place,
    pattern,
    siret_accepted,
    text_of,
    truth_of,
)
from fs_pipeline.release.helping import HELPS
from fs_pipeline.release.losses import Losses
from fs_pipeline.release.told_place import ToldPlace
from fs_pipeline.release.words_of_schemas import heard_in, word_of
from fs_pipeline.territory.shipped import load_territory

SCHEMA = "mediation_numerique"
NO_NUMBER = "0" * 14
BETWEEN = "|"
_HELP = "Aide aux démarches administratives"
_LABEL = "France Services"
_LONGEST_SUMMARY = 280
_NO_FIELD = ("local_id", "type", "siren", "labelled_on", "host_place_id")


def mediation_places(places: pd.DataFrame, help_said: Mapping[str, str], about: About, losses: Losses) -> list[Fields]:
    """One « lieu » a place that helps and that the schema can take, in the places' order.

    Parameters
    ----------
    places
        ``places`` as an edition lets them out.
    help_said
        Place_id -> its best evidence.
    """
    found = []
    for row in places.to_dict("records"):
        if help_said.get(str(row["place_id"])) in HELPS:
            made = _place(row, about, losses)
            if made is not None:
                found.append(made)
        else:
            losses.note(SCHEMA, str(row["place_id"]), "demarche_matrix", "no_help_said")
    return found


def _place(row: Place, about: About, losses: Losses) -> Fields | None:
    told = ToldPlace(row, SCHEMA, losses)
    postcode, only = text_of(row, "postcode"), _only_postcodes().get(text_of(row, "insee") or "")
    required = {
        "name": text_of(row, "name"),
        "commune": _mended(text_of(row, "commune"), "commune"),
        "postcode": _accepted(postcode, "code_postal") or only,
        "address": _mended(text_of(row, "address"), "adresse"),
    }
    gone = [field for field, value in required.items() if value is None]
    for field in gone:
        told.lose(field, "required_refused" if text_of(row, field) else "required_missing")
    if gone:
        return None
    for field in ("address", "commune"):
        if required[field] != text_of(row, field):
            told.lose(field, "mended")
    if required["postcode"] != postcode:
        told.lose("postcode", "postcode_of_commune")
    point = told.point()
    siret = told.kept("siret", siret_accepted)
    if siret is None:
        told.lose("siret", "no_number")
    prose = text_of(row, "description")
    short = prose if prose and len(prose) <= _LONGEST_SUMMARY else None
    made: Fields = {
        "id": told.place_id,
        "pivot": siret or NO_NUMBER,
        "nom": required["name"],
        "commune": required["commune"],
        "code_postal": required["postcode"],
        "code_insee": told.kept("insee", pattern("code_insee").fullmatch),
        "adresse": required["address"],
        "complement_adresse": text_of(row, "address_extra"),
        "latitude": point.latitude if point else None,
        "longitude": point.longitude if point else None,
        "typologie": _kind(row, told.lose),
        "telephone": told.kept("phone", pattern("telephone").fullmatch),
        "courriels": told.kept("email", pattern("courriels").fullmatch),
        "site_web": told.kept("website", pattern("site_web").fullmatch),
        "horaires": told.hours(),
        "presentation_resume": short,
        "presentation_detail": None if short else prose,
        "source": about.publisher,
        "itinerance": _goes_round(row, told.lose),
        "structure_parente": text_of(row, "carrier"),
        "date_maj": told.day(about.reference_date),
        "services": _HELP,
        "dispositif_programmes_nationaux": _LABEL if truth_of(row, "in_france_services") else None,
    }
    _note_unheld(row, told.lose)
    return made


@cache
def _only_postcodes() -> dict[str, str]:
    """Commune -> its postcode, of those that have one."""
    communes = load_territory().communes
    known = zip(communes["insee"], communes["postcodes"], strict=True)
    return {insee: codes[0] for insee, codes in known if len(codes) == 1}


def _accepted(value: str | None, field: str) -> str | None:
    return value if value and pattern(field).fullmatch(value) else None


def _mended(value: str | None, field: str) -> str | None:
    """A text without the signs that the schema refuses; None where none of its letters is left."""
    if value is None or pattern(field).fullmatch(value):
        return value
    letter = pattern(field).fullmatch
    plain = " ".join("".join(sign if letter(sign) else " " for sign in value).split())
    return plain if any(map(str.isalnum, plain)) else None


def _kind(row: Place, lose: Callable[[str, str], None]) -> str | None:
    service_type = text_of(row, "service_type")
    word = word_of(service_type, "typologie")
    heard, operator = heard_in(word)
    if word is None and service_type:
        lose("service_type", "no_word")
    elif heard is not None and heard != service_type:
        lose("service_type", "wider_word")
    if text_of(row, "operator") not in (None, operator):
        lose("operator", "no_field")
    return word


def _goes_round(row: Place, lose: Callable[[str, str], None]) -> str | None:
    kind, goes = text_of(row, "kind"), truth_of(row, "itinerant")
    if kind == "itinerant":
        return "Itinérant"
    if kind not in (None, "fixed"):
        lose("kind", "no_field")
    if goes is None:
        return None
    return BETWEEN.join(("Itinérant", "Fixe")) if goes else "Fixe"


def _note_unheld(row: Place, lose: Callable[[str, str], None]) -> None:
    for field in _NO_FIELD:
        if text_of(row, field):
            lose(field, "no_field")
    if truth_of(row, "in_survey"):
        lose("in_survey", "no_field")
    lose("demarche_matrix", "no_field")
