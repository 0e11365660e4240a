"""Houses of the list that no row of a survey is, against a truth: `python -m benchmarks.absences` (installation: FS_HOME).

``absences.csv`` is what one reader found in sixteen départements, seeing records alone: of the houses that stood apart from
every row at 493c495, whether the survey has them (``yes``, ``no``, ``doubtful``: neither rewarded nor punished); all others
are there. Normandie's pairs are the true ones of ../shared/data. The slots are of 2022-12, by the shared surveys and lists.
"""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from fs_pipeline.linkage.reconcile import LABEL
from fs_pipeline.national.links import SURVEY
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings
from fs_pipeline.warehouse.models import load_project

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("FS_DATA_DIR", ROOT.parent / "shared" / "data"))
REGIONS = {
    "Provence-Alpes-Côte d’Azur": ["04", "05", "06", "13", "83", "84"],
    "Centre-Val de Loire": ["18", "28", "36", "37", "41", "45"],
    "Normandie": ["27", "50", "61", "76"],
}
CAMPAIGN = "2022-12"


def main() -> None:
    """Print, a région and for all, precision and recall of what stands apart and of what is said absent."""
    models, warehouse = load_project().models, Pipeline(Settings.from_environment()).warehouse
    read = pd.read_csv(Path(__file__).with_suffix(".csv"), dtype=str).set_index("id_fs")["there"]
    slots = {"campaign": CAMPAIGN, "departement": [code for codes in REGIONS.values() for code in codes]}
    members = warehouse.read("place_members", slots, ["departement", "place_id", "source", "source_id"])
    listed = members[members["source"] == LABEL]
    declared = set(members.loc[members["source"] == SURVEY, "place_id"])
    said = warehouse.read(models["discrepancies"].table, slots)
    said = said[said["kind"].isin(["label_not_in_survey", "host_in_survey"])]
    told = listed.assign(
        there=listed["source_id"].map(read).fillna("yes"),
        apart=~listed["place_id"].isin(declared),
        absent=listed["place_id"].isin(said["place_id"]),
    )
    for name, codes in {**REGIONS, "16 départements": slots["departement"]}.items():
        judged = told[told["departement"].isin(codes) & (told["there"] != "doubtful")]
        figures = [f"{name:<28} houses {len(judged)}"]
        for word in ("apart", "absent"):
            both, true = int((judged[word] & (judged["there"] == "no")).sum()), int((judged["there"] == "no").sum())
            found = int(judged[word].sum())
            figures.append(f"{word} {found}, precision {both / max(found, 1):.3f}, recall {both / max(true, 1):.3f}")
        print("; ".join(figures))
    links = pd.read_csv(DATA / "surveys" / "normandie-liens-france-services.csv", dtype=str)
    rows = warehouse.read("survey_places", {**slots, "departement": REGIONS["Normandie"]}, ["survey_place_id", "row"])
    line = dict(zip(rows["survey_place_id"], (rows["row"] - 1).astype(int).astype(str), strict=True))
    own = members[members["source_id"].isin(line)].merge(listed, on="place_id")
    found = set(zip(own["source_id_x"].map(line), own["source_id_y"], strict=True))
    true_pairs = set(links[links["id_fs"].isin(listed["source_id"])].itertuples(index=False, name=None))
    known = {pair for pair in found if pair[0] in {row for row, _ in true_pairs}}
    print(
        f"{'Normandie, pairs':<28} true {len(true_pairs)}, found {len(known & true_pairs)}, wrong {len(known - true_pairs)}"
    )


if __name__ == "__main__":
    main()
