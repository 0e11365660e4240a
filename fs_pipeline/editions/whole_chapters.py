"""Chapters that stay with the prefecture and its partners until it lets anyone read them: ranked gaps, and levers.

They are let out whole, by a line of ``a-liberer.csv`` as a name is: field ``chapter``, the département for a commune.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from fs_pipeline.warehouse.declared import declaration

FIELD = "chapter"
CHAPTERS: Mapping[str, tuple[str, ...]] = {"ecarts": ("gaps", "gap_areas", "gap_profiles"), "leviers": ("levers",)}
_WHY = {
    "ecarts": "les communes rangées par éloignement : la préfecture dit quand tout le monde les lit",
    "leviers": "ce que changeraient des ouvertures : la préfecture dit quand tout le monde le lit",
}


def let_out_whole(releases: pd.DataFrame) -> frozenset[str]:
    """The tables that anyone may read by decisions of the prefecture (rows of ``releases``)."""
    if releases.empty:
        return frozenset()
    chapters = releases.loc[releases["field"] == FIELD, "value"]
    return frozenset(table for chapter in chapters for table in CHAPTERS.get(chapter, ()))


def to_let_out(departement: str, releases: pd.DataFrame) -> pd.DataFrame:
    """Lines of ``withheld`` for the chapters that are not let out yet."""
    out = let_out_whole(releases)
    rows = [
        {"insee": departement, "place_id": "", "field": FIELD, "value": chapter, "why": _WHY[chapter]}
        for chapter, tables in CHAPTERS.items()
        if not out.issuperset(tables)
    ]
    return pd.DataFrame(rows, columns=list(declaration("withheld").names), dtype=object)
