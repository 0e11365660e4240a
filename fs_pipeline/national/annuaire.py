"""The DILA's directory of local public services, in the shape of 2019 and in today's.

Only the types of ``data/annuaire_types.csv`` are places of this project; the others (gendarmeries, chambers…) are set
aside.
"""

from __future__ import annotations

import pandas as pd

from fs_pipeline.data import read_csv
from fs_pipeline.national import annuaire_json, annuaire_notes
from fs_pipeline.national.places import Draft
from fs_pipeline.territory.model import Territory


def read(table: pd.DataFrame, territory: Territory) -> Draft:
    """Draft places of the types that matter here."""
    shape = annuaire_notes if table["pivot"].isna().all() else annuaire_json
    types = {row["tag"]: row for row in read_csv("annuaire_types.csv")}
    tags = shape.tags(table)
    wanted = tags.isin(types)
    table, tags = table[wanted], tags[wanted]
    rows = shape.read(table)
    rows["type"] = tags.map(lambda tag: types[tag]["label"])
    rows["service_type"] = tags.map(lambda tag: types[tag]["service_type"])
    rows["operator"] = tags.map(lambda tag: types[tag]["operator"] or None)
    rows["kind"] = "fixed"
    rows["itinerant"] = tags == "mairie_mobile"
    return Draft(rows, set_aside={"services d’un type qui n’est pas un lieu d’aide": int((~wanted).sum())})
