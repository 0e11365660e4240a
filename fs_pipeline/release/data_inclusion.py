"""Our places as structures and services of data·inclusion, schema 1.0 (PyPI ``data-inclusion-schema`` 1.0.10).

Every place is a structure; one that helps with démarches has a service beside it. The schema has neither démarche nor level
of help: a sentence of the service says them. What else it cannot hold is noted in the losses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from fs_pipeline import french
from fs_pipeline.release.about import About
from fs_pipeline.release.accepted import (
    Fields,
    Place,
    mailbox_accepted,
    pattern,
    siret_accepted,
    site_accepted,
    text_of,
    truth_of,
)
from fs_pipeline.release.helping import HELPS
from fs_pipeline.release.losses import Losses
from fs_pipeline.release.told_place import ToldPlace
from fs_pipeline.release.words_of_schemas import heard_in, word_of

SCHEMA = "data_inclusion"
_SHORTEST, _LONGEST = 3, 150  # characters of a name
_SHORTEST_PROSE, _LONGEST_PROSE = 5, 10_000
_LABEL = "france-service"
_THEMES = (
    "difficultes-administratives-ou-juridiques--accompagnement-aux-demarches-administratives",
    "numerique--acceder-a-des-services-en-ligne",
)
# Of our columns, those for which a structure has no field.
_NO_FIELD = ("local_id", "type", "carrier", "siren", "labelled_on", "host_place_id")
_WHERE = ("commune", "code_postal", "code_insee", "adresse", "complement_adresse", "longitude", "latitude")


def source_of(about: About) -> str:
    """Who produces the rows, as the schema wants it: ``prefecture-33``."""
    return f"prefecture-{about.departement.lower()}"


def structures(places: pd.DataFrame, help_said: Mapping[str, str], about: About, losses: Losses) -> dict[str, Fields]:
    """Place_id -> structure, of each place that the schema can take, in the places' order.

    Parameters
    ----------
    places
        ``places`` as an edition lets them out.
    help_said
        Place_id -> its best evidence.
    """
    made = {}
    for row in places.to_dict("records"):
        place_id = str(row["place_id"])
        structure = _structure(row, about, losses)
        if structure is not None:
            made[place_id] = structure
            if help_said.get(place_id, "unknown") != "unknown":
                losses.note(SCHEMA, place_id, "demarche_matrix", "told_in_words")
    return made


def _structure(row: Place, about: About, losses: Losses) -> Fields | None:
    told = ToldPlace(row, SCHEMA, losses)
    name = _name(text_of(row, "name"), told.lose)
    if name is None:
        return None
    point = told.point()
    source = source_of(about)
    structure: Fields = {
        "source": source,
        "id": f"{source}--{told.place_id}",
        "nom": name,
        "date_maj": told.day(about.reference_date),
        "description": told.kept("description", lambda text: _SHORTEST_PROSE <= len(text) <= _LONGEST_PROSE),
        "siret": told.kept("siret", siret_accepted),
        "commune": text_of(row, "commune"),
        "code_postal": told.kept("postcode", pattern("code_postal").fullmatch),
        "code_insee": told.kept("insee", lambda text: len(text) == 5 and text.isalnum()),
        "adresse": text_of(row, "address"),
        "complement_adresse": text_of(row, "address_extra"),
        "longitude": point.longitude if point else None,
        "latitude": point.latitude if point else None,
        "telephone": text_of(row, "phone"),
        "courriel": told.kept("email", mailbox_accepted),
        "site_web": told.kept("website", site_accepted),
        "horaires_accueil": told.hours(),
        "reseaux_porteurs": _networks(row, told.lose),
    }
    _note_unheld(row, told.lose)
    return structure


def _name(name: str | None, lose: Callable[[str, str], None]) -> str | None:
    """The name within the schema's bounds; None where it has none that the schema takes."""
    if name is None or len(name) < _SHORTEST:
        lose("name", "required_missing" if name is None else "required_refused")
        return None
    if len(name) > _LONGEST:
        lose("name", "cut")
        name = f"{name[: _LONGEST - 1].rstrip()}…"
    if name.endswith(".") and not name.endswith("etc."):
        short = name.rstrip(". ")
        if len(short) < _SHORTEST:
            lose("name", "required_refused")
            return None
        lose("name", "mended")
        name = short
    return name


def _networks(row: Place, lose: Callable[[str, str], None]) -> list[str] | None:
    service_type = text_of(row, "service_type")
    word = word_of(service_type, "reseau_porteur")
    heard, operator = heard_in(word)
    if word is None and service_type:
        lose("service_type", "no_word")
    elif heard != service_type:
        lose("service_type", "wider_word")
    if text_of(row, "operator") not in (None, operator):
        lose("operator", "no_field")
    networks = {word} if word else set()
    if truth_of(row, "in_france_services"):
        networks.add(_LABEL)
    return sorted(networks) or None


def _note_unheld(row: Place, lose: Callable[[str, str], None]) -> None:
    for field in _NO_FIELD:
        if text_of(row, field):
            lose(field, "no_field")
    if text_of(row, "kind") not in (None, "fixed"):
        lose("kind", "no_field")
    for field in ("itinerant", "in_survey"):
        if truth_of(row, field):
            lose(field, "no_field")


def services(
    made: Mapping[str, Fields],
    help_said: Mapping[str, str],
    matrix: pd.DataFrame,
    demarches: pd.DataFrame,
    about: About,
) -> list[Fields]:
    """One service a structure where help with démarches is declared, or follows from the label; none where nothing is said.

    Parameters
    ----------
    made
        What `structures` gave.
    matrix, demarches
        ``demarche_matrix`` and the catalogue, for the sentence that says which.
    """
    source = source_of(about)
    told = _told(matrix, demarches)
    found: list[Fields] = []
    for place_id, structure in made.items():
        if help_said.get(place_id) not in HELPS:
            continue
        found.append(
            {
                "source": source,
                "structure_id": structure["id"],
                "id": f"{structure['id']}--demarches",
                "nom": "Aide aux démarches en ligne",
                "description": told[place_id],
                "date_maj": structure["date_maj"],
                "thematiques": list(_THEMES),
                **{field: structure[field] for field in _WHERE},
                "telephone": structure["telephone"],
                "courriel": structure["courriel"],
                "modes_accueil": ["en-presentiel"],
            }
        )
    return found


def _told(matrix: pd.DataFrame, demarches: pd.DataFrame) -> dict[str, str]:
    """Place_id -> what it does for démarches, in a sentence for each evidence."""
    labels = dict(zip(demarches["demarche_id"], demarches["label"], strict=True))
    said: dict[str, dict[str, list[str]]] = {}
    general = matrix.loc[matrix["evidence"] == "general", "place_id"].unique()  # a hundred rows that say one thing
    for place_id in general:
        said[str(place_id)] = {"general": []}
    named = matrix[matrix["evidence"].isin(HELPS - {"general"})].sort_values(["place_id", "demarche_id"])
    for place_id, evidence, demarche in zip(named["place_id"], named["evidence"], named["demarche_id"], strict=True):
        said.setdefault(str(place_id), {}).setdefault(evidence, []).append(str(labels.get(demarche, demarche)))
    return {place_id: _sentences(evidences) for place_id, evidences in said.items()}


def _sentences(evidences: Mapping[str, Sequence[str]]) -> str:
    parts = []
    if confirmed := evidences.get("confirmed"):
        many = french.count(len(confirmed), "démarche")
        parts.append(f"Aide confirmée par l’enquête pour {many}\u00a0: {' ; '.join(confirmed)}")
    if by_label := evidences.get("by_label"):
        many = french.count(len(by_label), "démarche")
        parts.append(f"Aide que le label France services implique, pour {many} de ses opérateurs")
    if "general" in evidences:
        parts.append("Le lieu déclare aider aux démarches, sans dire lesquelles")
    whole = " ".join(french.sentence(part) for part in parts)
    return whole if len(whole) <= _LONGEST_PROSE else f"{whole[: _LONGEST_PROSE - 1]}…"
