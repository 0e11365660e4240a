"""What a slot needs before it is good: its communes, each source that its campaign took, and minutes.

A source that the campaign did not take is absent, and what needs it says so; one that it took and that is not here, or is
another here, would change the figures without a word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import geopandas as gpd
import pandas as pd

from fs_pipeline.assets.outcomes import SlotHeldUp, SlotRefused
from fs_pipeline.campaigns.register import read_campaign
from fs_pipeline.campaigns.taken import Taken, not_here, read_in_place, read_taken
from fs_pipeline.http.reach import is_remote
from fs_pipeline.national.need import NEED_SOURCES
from fs_pipeline.national.references import reference_file
from fs_pipeline.national.sources import REFERENCES
from fs_pipeline.partitions import Slot
from fs_pipeline.resources import Pipeline
from fs_pipeline.territory.contours import contours_by_departement, read_contours

Contours = Callable[[str], gpd.GeoDataFrame | None]
_MADE_ONCE = frozenset({"communes", "town_halls", *NEED_SOURCES})  # read into tables, which all campaigns share
_LOCATED = 0.98  # share of communes with a point below which the list was cut, not merely of another year


def communes_of(pipeline: Pipeline, slot: Slot) -> pd.DataFrame:
    """The communes of a slot, all of them.

    Raises
    ------
    SlotHeldUp
        When they are not those of the code officiel géographique in force, or too many have no point.
    """
    communes = pipeline.warehouse.read("communes", {"departement": slot.departement})
    expected = set(pipeline.territory.insees_of(slot.departement))
    redo = "relancez « reference », puis le département."
    if communes.empty:
        raise SlotHeldUp(f"Les communes du département ne sont pas encore connues\u00a0: {redo}")
    found = set(communes["insee"])
    if found != expected or set(communes["vintage"]) != {pipeline.territory.vintage}:
        raise SlotHeldUp(
            f"Les communes en place ({len(found)}) ne sont pas celles du code officiel géographique "
            f"{pipeline.territory.vintage} ({len(expected)})\u00a0: {redo}"
        )
    located = communes["longitude"].notna() & communes["latitude"].notna()
    if pipeline.sources.location("communes") is not None and located.mean() < _LOCATED:
        raise SlotHeldUp(f"{int((~located).sum())} communes sur {len(communes)} n’ont pas de point\u00a0: {redo}")
    require(pipeline, slot.campaign, "communes")
    return communes


def require(pipeline: Pipeline, campaign: str, source: str) -> None:
    """Refuse to go on without what the campaign took of a reference source: on this machine, and in place for all.

    Where the campaign has not taken the reference yet, what sources.toml gives must be here.

    Raises
    ------
    SlotHeldUp
        When it is so.
    """
    location = pipeline.sources.location(source)
    taken = read_taken(pipeline.warehouse, campaign).get(source)
    if taken is None:
        _require_declared(pipeline, source, location)
        return
    if not taken.is_absent:
        with pipeline.found(taken) as path:
            if path is None:
                standing = read_campaign(pipeline.warehouse, campaign)
                raise SlotHeldUp(_refusal(source, *not_here(standing, taken, location)))
    in_place = read_in_place(pipeline.warehouse).get(source, Taken(source, "absent"))
    if source in _MADE_ONCE and in_place.sha256 != taken.sha256:
        what = f"ce qui est en place n’est pas ce que la campagne {campaign} a pris"
        to_do = f"«\u00a0fs-pipeline run --campaign {campaign} --department …\u00a0», qui l’y remet d’abord"
        raise SlotHeldUp(_refusal(source, what, to_do))


def _require_declared(pipeline: Pipeline, source: str, location: str | None) -> None:
    if location is None:
        return
    if is_remote(location) and pipeline.warehouse.read("snapshots", {"source": source}, ["source"]).empty:
        return  # never good: the campaign has never had it, and says so
    with reference_file(source, location, pipeline.files) as path:
        if path is None:
            what = "est déclaré et ne se trouve pas sur cette machine"
            raise SlotHeldUp(_refusal(source, what, "corriger le chemin dans sources.toml, ou relancer « reference »"))


def _refusal(source: str, what: str, to_do: str) -> str:
    return f"«\u00a0{REFERENCES[source].title_fr}\u00a0»\u00a0: {what}. À faire\u00a0: {to_do}."


def require_minutes(minutes: pd.DataFrame, services: pd.DataFrame, places: pd.DataFrame) -> None:
    """Refuse a slot of whose minutes none could be computed, although there are communes and places to go to.

    Estimated minutes are minutes. A département whose places offer nothing that minutes are computed for has none to compute.

    Parameters
    ----------
    services
        Places a service, with a point, of the département and its neighbours.
    places
        The département's own: kind, latitude, longitude. A bus is where its rounds stop and needs no point.

    Raises
    ------
    SlotRefused
        When it is so, with the reason that most communes have.
    """
    if minutes["minutes"].notna().any():
        return
    fixed = places[places["kind"] != "itinerant"]
    if len(services):
        reason = minutes["reason"].dropna().mode()
        why = f" ({reason.iloc[0]})" if len(reason) else ""
        raise SlotRefused(
            f"Aucune durée de trajet n’a pu être calculée{why}\u00a0: vérifiez que le réseau routier est celui du "
            "département et que ses communes ont un point, puis relancez-le."
        )
    if len(fixed) and fixed[["latitude", "longitude"]].isna().any(axis=1).all():
        raise SlotRefused(
            "Aucune durée de trajet n’a pu être calculée\u00a0: aucun lieu du département n’a de point. Vérifiez leurs "
            "communes ou leurs adresses, puis relancez-le."
        )


def contours_of(pipeline: Pipeline, campaign: str) -> Contours:
    """Contours by département, the source read once a run and only when first asked for; None where it is absent."""

    @cache
    def by_departement() -> Mapping[str, gpd.GeoDataFrame]:
        with pipeline.reference("contours", campaign) as path:
            if path is None:
                return {}
            return contours_by_departement(read_contours(path), pipeline.territory)

    return lambda departement: by_departement().get(departement)
