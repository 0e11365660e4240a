"""What a slot's results rest on, in digests of which nobody needs to open a file: what lies in its folder, the lists' rows
that are its own, what people settled, the code; and apart, because they change while a range runs, its neighbours' places.

What of all that a run read is kept with its turn (``slot_turns``); what differs from it today is said by ``due.py``.
Neither when a list was published nor the figures of other départements are part of it: the first changes nothing in a
slot whose rows it leaves alone, the second would have each slot follow all others.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

from fs_pipeline.assets import keys
from fs_pipeline.deposits.incoming import concerns
from fs_pipeline.national.read import PLACE_SOURCES
from fs_pipeline.partitions import Slot
from fs_pipeline.resources import Pipeline
from fs_pipeline.warehouse.dropped import Entry, digest
from fs_pipeline.warehouse.fingerprint import code_fingerprint, content_digest

# Part of what a slot rests on -> what is said where it changed.
PARTS = {
    "folder": "le dossier des dépôts a changé",
    "lists": "une liste nationale y a changé",
    "reference": "une source de référence a changé",
    "campaign": "le jour de la campagne ou son délai a changé",
    "rulings": "une décision sur un lieu est arrivée",
    "releases": "une libération est arrivée",
    "earlier": "la campagne précédente y a été refaite",
    "code": "l’outil a changé",
}
AROUND = "un département voisin a changé"
BESIDE = "les chiffres imprimés à côté des siens ont changé"
_DATED = ["snapshot_date"]  # of a row that is otherwise the same
_OFFER = ["place_id", "name", "opening_hours", "week_parity", "kind", "in_survey", "in_france_services", "service_type"]
_OFFERING = (*keys.SURVEY.values(), *keys.PLACES.values())


def folders_of(entries: Iterable[Entry]) -> dict[Slot, str]:
    """Slot -> a digest of what lies in its folder and concerns it; `entries` are all that lie below the deposits."""
    lying: dict[Slot, list[Entry]] = {}
    for entry in entries:
        campaign, _, rest = entry.path.partition("/")
        departement, _, name = rest.partition("/")
        if name and concerns(entry):
            lying.setdefault(Slot(campaign, departement), []).append(entry)
    return {slot: digest(found) for slot, found in sorted(lying.items())}


def own_inputs(
    pipeline: Pipeline, campaign: str, departements: Sequence[str], folders: Mapping[Slot, str] | None = None
) -> dict[str, str]:
    """Département -> JSON, a digest for each of ``PARTS``.

    Parameters
    ----------
    folders
        ``folders_of`` the deposits, where they were looked at already.
    """
    if folders is None:
        folders = folders_of(pipeline.deposits.look(campaign, deep=2))
    read, codes = pipeline.warehouse.read, list(departements)
    sources = read("campaign_sources", {"campaign": campaign}, ["source", "sha256", "as_of", "state", "rows"])
    of_places = sources["source"].isin(PLACE_SOURCES)
    lists = _lists(pipeline, campaign, codes, content_digest(sources[of_places]))
    earlier = max((key for key in read("campaigns", columns=["campaign"])["campaign"] if key < campaign), default="")
    whole = {
        "reference": content_digest(sources.loc[~of_places, ["source", "sha256", "state"]]),
        "campaign": content_digest(read("campaigns", {"campaign": campaign}, ["reference_date", "deadline"])),
        "code": code_fingerprint()[:12],
    }
    by_people = {
        "rulings": read("rulings", {"departement": codes}, ["departement", "ruling_id", "decision"]),
        "releases": read("releases", {"departement": codes}),
        "earlier": read(
            "slot_turns", {"campaign": earlier, "departement": codes}, ["departement", "rests_on", "ended_at"]
        ),
    }
    by_people["earlier"] = by_people["earlier"].dropna().drop(columns="ended_at").drop_duplicates()
    return {
        code: json.dumps(
            whole
            | {"folder": folders.get(Slot(campaign, code), ""), "lists": lists[code]}
            | {name: content_digest(rows[rows["departement"] == code]) for name, rows in by_people.items()},
            sort_keys=True,
        )
        for code in codes
    }


def inputs_around(pipeline: Pipeline, campaign: str, departements: Sequence[str]) -> dict[str, str]:
    """Département -> a digest of what those that touch it offer, as it stands now."""
    around = {code: sorted(pipeline.territory.neighbours(code)) for code in departements}
    offers = _offers(pipeline, campaign, sorted({one for codes in around.values() for one in codes}))
    return {code: _short("".join(offers[one] for one in codes)) for code, codes in around.items()}


def _lists(pipeline: Pipeline, campaign: str, departements: Sequence[str], taken: str) -> dict[str, str]:
    """Département -> a digest of the rows that lists have there, read again only once the campaign `taken` others."""
    kept = pipeline.digests
    names = {code: f"list {campaign} {code} {taken}" for code in departements}
    lacking = [code for code, name in names.items() if name not in kept]
    if lacking:
        rows = pipeline.warehouse.read("national_places", {"campaign": campaign, "departement": lacking})
        found = {str(code): content_digest(own) for code, own in rows.drop(columns=_DATED).groupby("departement")}
        for code in lacking:
            for old in [old for old in kept if old.startswith(f"list {campaign} {code} ")]:
                del kept[old]
            kept[names[code]] = found.get(code, "")
    return {code: kept[name] for code, name in names.items()}


def _offers(pipeline: Pipeline, campaign: str, departements: Sequence[str]) -> dict[str, str]:
    """Département -> a digest of its places and what they do, read again only once their stages were made again."""
    services = pipeline.project["int_place_services"]
    stages = [services.stage, *(key.to_user_string() for key in _OFFERING)]
    key = {"campaign": campaign, "departement": list(departements)}
    status = pipeline.warehouse.read(
        "slot_status", key | {"stage": stages}, ["departement", "stage", "turn", "updated_at"]
    )
    made = {str(code): content_digest(rows) for code, rows in status.groupby("departement")}
    found = {}
    for code in departements:
        name = f"offer {campaign} {code} {made.get(code, '')}"
        if code in made and name in pipeline.digests:
            found[code] = pipeline.digests[name]
            continue
        found[code] = _offer(pipeline, {"campaign": campaign, "departement": code})
        for old in [old for old in pipeline.digests if old.startswith(f"offer {campaign} {code} ")]:
            del pipeline.digests[old]
        pipeline.digests[name] = found[code]
    return found


def _offer(pipeline: Pipeline, slot: Mapping[str, str]) -> str:
    read = pipeline.warehouse.read
    places = read("places", slot, _OFFER)
    if places.empty:
        listed = read("national_places", {**slot, "source": "france_services"}).drop(columns=_DATED)
        return content_digest(listed)
    offered = read(pipeline.project["int_place_services"].table, slot)
    return "".join(
        content_digest(frame)
        for frame in (places, offered, read("survey_rounds", slot), read("survey_demarches", slot))
    )


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
