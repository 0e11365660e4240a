"""What a slot needs before it is good: the communes of its département, and each source that is declared for it.

A source set to nothing is absent, and what needs it says so; one that is declared and is not here would change the figures
without a word.
"""

from __future__ import annotations

import pandas as pd

from fs_pipeline.assets.outcomes import SlotRefused
from fs_pipeline.http.reach import is_remote
from fs_pipeline.national.references import reference_file
from fs_pipeline.national.sources import REFERENCES
from fs_pipeline.partitions import Slot
from fs_pipeline.resources import Pipeline

_LOCATED = 0.98  # share of communes with a point below which the list was cut, not merely of another year


def communes_of(pipeline: Pipeline, slot: Slot) -> pd.DataFrame:
    """The communes of a slot, all of them.

    Raises
    ------
    SlotRefused
        When they are not those of the code officiel géographique in force, or too many have no point.
    """
    communes = pipeline.warehouse.read("communes", {"departement": slot.departement})
    expected = set(pipeline.territory.insees_of(slot.departement))
    redo = "relancez « reference », puis le département."
    if communes.empty:
        raise SlotRefused(f"Les communes du département ne sont pas encore connues\u00a0: {redo}")
    found = set(communes["insee"])
    if found != expected or set(communes["vintage"]) != {pipeline.territory.vintage}:
        raise SlotRefused(
            f"Les communes en place ({len(found)}) ne sont pas celles du code officiel géographique "
            f"{pipeline.territory.vintage} ({len(expected)})\u00a0: {redo}"
        )
    located = communes["longitude"].notna() & communes["latitude"].notna()
    if pipeline.sources.location("communes") is not None and located.mean() < _LOCATED:
        raise SlotRefused(f"{int((~located).sum())} communes sur {len(communes)} n’ont pas de point\u00a0: {redo}")
    return communes


def require(pipeline: Pipeline, source: str) -> None:
    """Refuse a slot for want of a reference source that was given or taken and cannot be found here.

    Raises
    ------
    SlotRefused
        When it is so.
    """
    location = pipeline.sources.location(source)
    if location is None:
        return
    if is_remote(location) and pipeline.warehouse.read("snapshots", {"source": source}, ["source"]).empty:
        return  # never good: the campaign has never had it, and says so
    with reference_file(source, location, pipeline.files) as path:
        if path is None:
            raise SlotRefused(
                f"«\u00a0{REFERENCES[source].title_fr}\u00a0» est déclaré et ne se trouve pas sur cette machine\u00a0: "
                "corrigez le chemin dans sources.toml, ou relancez « reference »."
            )
