"""What actors promised, and where each promise stands at the reference date: kept, under way, late, or for no day."""

from __future__ import annotations

import pandas as pd

from fs_pipeline.national.ages import age_in_days
from fs_pipeline.warehouse.frames import table_frame

STATES = ("kept", "under_way", "late", "undated")
_DONE = ("tenu", "fait", "réalisé", "terminé", "done")


def commitments(actors: pd.DataFrame, *, on: str) -> pd.DataFrame:
    """``commitments`` of one slot, the latest first, then by day.

    Parameters
    ----------
    actors
        ``survey_actors``: name, kind, commitment, due_on (ISO), status as written.
    on
        The campaign's reference date, ISO.
    """
    rows = [
        {
            **{
                name: row[name] if isinstance(row[name], str) else None
                for name in ("name", "kind", "commitment", "due_on")
            },
            "status": row["status"] if isinstance(row["status"], str) else None,
            "state": state_of(row["status"], row["due_on"], on),
        }
        for row in actors.to_dict("records")
        if isinstance(row["commitment"], str)
    ]
    order = {"late": 0, "under_way": 1, "undated": 2, "kept": 3}
    rows.sort(key=lambda row: (order[str(row["state"])], str(row["due_on"] or ""), str(row["commitment"])))
    late = [age_in_days(row["due_on"], on) if row["state"] == "late" else None for row in rows]
    told = [
        {"position": place, **row, "days_late": days}
        for place, (row, days) in enumerate(zip(rows, late, strict=True), 1)
    ]
    return table_frame("commitments", told)


def state_of(status: object, due: object, on: str) -> str:
    """Where a promise stands on a date: what is said to be done is kept, whatever its day."""
    if isinstance(status, str) and status.strip().casefold().startswith(_DONE):
        return "kept"
    if not isinstance(due, str) or not due:
        return "undated"
    return "late" if due < on else "under_way"
