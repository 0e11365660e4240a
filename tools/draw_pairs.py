"""Draw linked pairs, each with both records whole: `python -m tools.draw_pairs DECISION SEED N OUT.md`.

DECISION is ``match`` (what was decided without asking) or ``review`` (what a person is asked); SEED any text, from which alone
the draw follows; the installation is FS_HOME's. A reader sees the two records and says whether they are one place, and
does not see what was decided, nor why. What is written holds what surveys hold: it stays out of the repository.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from fs_pipeline.national.links import SURVEY
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings
from fs_pipeline.warehouse.engine import Warehouse
from tools.draw_claims import in_order

_SIDES = ("left_source", "left_id", "right_source", "right_id")
_SHOWN = (
    "name", "type", "labels", "carrier", "address", "address_extra", "postcode", "commune", "insee", "phone", "email", "website",
    "siret", "opening_hours", "itinerant", "kind", "latitude", "longitude", "comments",
)  # fmt: skip


def main(arguments: list[str]) -> int:
    """Write the drawn pairs; their ids are printed."""
    decision, seed, many, out = arguments
    warehouse = Pipeline(Settings.from_environment()).warehouse
    text = []
    for number, (pair_id, records) in enumerate(drawn(warehouse, decision, seed, int(many)), 1):
        print(pair_id)
        text.append(f"## {number}. {pair_id}\n\n{records}\n")
    Path(out).write_text("\n".join(text), encoding="utf-8")
    return 0


def drawn(warehouse: Warehouse, decision: str, seed: str, many: int) -> Iterator[tuple[str, str]]:
    """Id and both records of `many` pairs that no person settled, in the order of a digest of seed and id."""
    pairs = warehouse.read("link_pairs", {"decision": decision})
    pairs = pairs[pairs["score"] < 1.0]
    ids = ["/".join(map(str, row)) for row in pairs[["campaign", "departement", *_SIDES]].itertuples(index=False)]
    at_id = {pair_id: at for at, pair_id in enumerate(ids)}
    for pair_id in in_order(ids, seed)[:many]:
        row = pairs.iloc[at_id[pair_id]]
        slot = {"campaign": row["campaign"], "departement": row["departement"]}
        sides = [_record(warehouse, slot, row[f"{side}_source"], row[f"{side}_id"]) for side in ("left", "right")]
        yield pair_id, "\n\n".join(sides)


def _record(warehouse: Warehouse, slot: dict[str, str], source: str, own: str) -> str:
    if source == SURVEY:
        rows = warehouse.read("survey_places", {**slot, "survey_place_id": own})
    else:
        rows = warehouse.read("national_places", {**slot, "source": source, "source_id": own})
    said = rows.iloc[0]
    lines = [f"- {name} : {said[name]}" for name in _SHOWN if name in said and pd.notna(said[name])]
    return "\n".join([f"Fiche ({source}) :", *lines])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
