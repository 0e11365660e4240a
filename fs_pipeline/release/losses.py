"""What of our places a target schema cannot hold: counted, and told place by place where a value was touched.

The words are ``data/loss_reasons.csv``; the table is ``export_losses``.
"""

from __future__ import annotations

from collections import Counter
from functools import cache

import pandas as pd

from fs_pipeline import french
from fs_pipeline.data import read_csv
from fs_pipeline.warehouse.declared import declaration


class Losses:
    """The losses of one slot and edition, in all schemas."""

    def __init__(self) -> None:
        self._counted: Counter[tuple[str, str, str, str]] = Counter()  # schema, field, reason, place_id or ""

    def note(self, schema: str, place_id: str, field: str, reason: str) -> None:
        """One place whose `field`, a column of ``places``, is not told in `schema` as we know it.

        Raises
        ------
        KeyError
            When `reason` is no row of ``loss_reasons.csv``.
        """
        words, by_place = _reasons()[reason]
        self._counted[schema, field, words, place_id if by_place else ""] += 1

    def frame(self) -> pd.DataFrame:
        """``export_losses``: sorted by schema, field, why and place."""
        rows = [(*key, places) for key, places in sorted(self._counted.items())]
        frame = pd.DataFrame(rows, columns=["schema", "field", "why", "place_id", "places"], dtype=object)
        frame["place_id"] = [place_id or None for place_id in frame["place_id"]]
        frame["places"] = frame["places"].astype("int64")
        return frame[list(declaration("export_losses").names)]


@cache
def _reasons() -> dict[str, tuple[str, bool]]:
    """Reason -> its words, and whether each place is named."""
    return {
        row["reason"]: (french.typographic(row["words"]), bool(row["by_place"])) for row in read_csv("loss_reasons.csv")
    }
