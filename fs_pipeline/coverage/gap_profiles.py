"""Who lives in each gap, and between which minutes: what a source of need says of its communes, and of how many it says it.

``gap_areas`` has a sum only where a source knows every commune of the gap; here what is known stands with the part that is not.
"""

from __future__ import annotations

import pandas as pd

from fs_pipeline.warehouse.frames import table_frame

_TABLE = "gap_profiles"
MEASURES = {  # of ``commune_need``, with what they share a source with
    "poor_households": "poverty", "households": "poverty", "aged_65": "age", "aged_80": "age", "quarters": "quarters",
}  # fmt: skip


def gap_profiles(areas: pd.DataFrame, gaps: pd.DataFrame, need: pd.DataFrame) -> pd.DataFrame:
    """``gap_profiles`` of one slot, a row a gap.

    Parameters
    ----------
    areas
        ``gap_areas``: gap_id, insees.
    gaps
        The mart of that name, for the near threshold of the France services: insee, population (inhabitants who are far),
        minutes, minutes_low, minutes_high.
    need
        ``commune_need`` of the communes of the département; no row where no source was declared.

    Returns
    -------
    pandas.DataFrame
        Counts are of whole communes; ``unknown_*`` is the share of the gap's inhabitants in communes of which nothing is
        said, 1 where nobody says anything. A list of priority quarters that has one in the département has them all.
    """
    far = gaps.drop_duplicates("insee").set_index("insee")
    known = need.drop_duplicates("insee").set_index("insee")
    if len(known) and known["quarters"].notna().any():
        known = known.reindex(known.index.union(far.index)).assign(quarters=lambda rows: rows["quarters"].fillna(0.0))
    return table_frame(_TABLE, [_profile(row, far, known) for row in areas[["gap_id", "insees"]].to_dict("records")])


def _profile(area: dict[object, object], far: pd.DataFrame, known: pd.DataFrame) -> dict[str, object]:
    insees = str(area["insees"]).replace(",", " ").split()
    here = far.reindex(insees)
    people = here["population"].astype(float).fillna(0.0)
    told = known.reindex(insees)
    timed = here["minutes"].notna() & (people > 0)
    said: dict[str, object] = {"gap_id": area["gap_id"]}
    for column in ("minutes_low", "minutes_high"):
        weight = people[timed]
        said[column] = float((here.loc[timed, column] * weight).sum() / weight.sum()) if len(weight) else None
    for measure, source in MEASURES.items():
        there = told[measure].notna()
        said[measure] = float(told.loc[there, measure].sum()) if there.any() else None
        whole = people.sum()
        lost = float(people[~there].sum() / whole) if whole else float(not there.all())
        said[f"unknown_{source}"] = 1.0 if not there.any() else lost
    return said
