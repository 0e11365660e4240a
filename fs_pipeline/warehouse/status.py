"""What is said of each slot's stages: the last word in ``slot_status``, every word ever said in ``slot_history``."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import pandas as pd
from sqlalchemy import Connection

from fs_pipeline import __version__
from fs_pipeline.warehouse.engine import Warehouse

NATION = "FR"  # in the place of a département: what is said of a campaign as a whole
INTERRUPTED = "interrupted"  # what stands is of before a run that was cut off
STALE = "stale"  # what stands was made by another version, and could not be made again


def say(
    warehouse: Warehouse, rows: Sequence[Mapping[str, object]], fingerprints: Mapping[str, str], connection: Connection
) -> None:
    """Write the state of stages, which takes the place of what was said before and is added to the history.

    Parameters
    ----------
    rows
        campaign, departement, stage, state, turn and message, of one campaign.
    fingerprints
        Of each département's inputs and of the code. A good or incomplete stage comes from it; any other keeps the
        fingerprint and the date of its last good result.
    """
    if not rows:
        return
    moment = datetime.datetime.now(datetime.UTC)
    now = moment.isoformat(timespec="seconds")
    frame = pd.DataFrame(rows, dtype=object)
    key = {name: sorted(set(frame[name])) for name in ("campaign", "departement", "stage")}
    before = warehouse.read("slot_status", key, connection=connection)
    stood = {(row.departement, row.stage): (row.fingerprint, row.last_good_at) for row in before.itertuples()}
    frame["fingerprint"] = pd.Series([fingerprints.get(str(code)) for code in frame["departement"]], dtype=object)
    status = frame.assign(updated_at=now)
    stood_by = [stood.get((row.departement, row.stage), (None, None)) for row in frame.itertuples()]
    status["last_good_at"] = pd.Series(
        [now if state == "good" else good_at for state, (_, good_at) in zip(frame["state"], stood_by, strict=True)],
        dtype=object,
    )
    status["fingerprint"] = pd.Series(
        [
            now_of if state in {"good", "incomplete"} else kept
            for state, now_of, (kept, _) in zip(frame["state"], frame["fingerprint"], stood_by, strict=True)
        ],
        dtype=object,
    )
    warehouse.upsert("slot_status", status, connection)
    history = frame.assign(recorded_at=moment.isoformat(timespec="microseconds"), version=__version__)
    warehouse.upsert("slot_history", history, connection)
