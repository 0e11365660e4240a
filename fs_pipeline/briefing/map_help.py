"""What the web map embeds of a démarche: how far each commune is from a place that helps with it, in two signs a commune.

What a survey confirms stays apart from what the label alone implies: they are two columns, and help in general is neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fs_pipeline.access.services import CONFIRMED
from fs_pipeline.briefing.slot import SlotTables, records
from fs_pipeline.cartography.once import Once
from fs_pipeline.coverage.help_minutes import KNOWN, NOT_COMPUTED, RESERVED, UNREACHED, nearest_help
from fs_pipeline.coverage.simulator import SIGNS, class_ends
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.demarches.catalogue import bundle
from fs_pipeline.editions.hidden_minutes import KEPT_INSIDE
from fs_pipeline.sphere import Floats

_BASE = len(SIGNS)
_MOST = _BASE * _BASE - 10  # tenths of a minute that two signs can say, and a few words besides
_STATES = {RESERVED: _MOST + 1, NOT_COMPUTED: _MOST + 2, UNREACHED: _MOST + 3}


def help_data(tables: SlotTables, insees: Sequence[str], demarche_ids: Sequence[str], once: Once) -> dict[str, object]:
    """For JSON: what help.js reads.

    Parameters
    ----------
    tables
        What an edition lets out.
    insees
        The communes in the order of the page.
    demarche_ids
        The démarches in the order of the page.

    Returns
    -------
    dict
        signs, most, limits (tenths at which the near and the far threshold end), kept (why minutes are reserved), and one row a
        démarche: 1 where the label implies help with it, the signs of minutes to a place that confirms it, and of minutes to one
        that confirms it or is labelled; an empty text where nobody confirms it.
    """
    codes = once(
        _codes, tables.access_minutes, tables.demand_points, tables.int_commune_minutes, tables.thresholds, insees
    )
    offered = {*bundle(tables.reference_date)}
    by_label = {
        row["demarche_id"] for row in records(tables.demarches, "demarche_id", "operator") if row["operator"] in offered
    }
    return {
        "signs": SIGNS,
        "most": _MOST,
        "limits": [10 * minutes for minutes in tables.thresholds],
        "kept": KEPT_INSIDE,
        "rows": [[int(one in by_label), *codes.get(one, ("", ""))] for one in demarche_ids],
    }


def _codes(
    minutes: pd.DataFrame, points: pd.DataFrame, communes: pd.DataFrame, thresholds: Thresholds, insees: Sequence[str]
) -> Mapping[str, tuple[str, str]]:
    """By démarche that somebody confirms: the signs of confirmed help, and of confirmed or labelled help."""
    ends = class_ends(thresholds)
    confirmed = communes[communes["service"] == CONFIRMED]
    alone = confirmed.assign(state=_states(confirmed))[["demarche_id", "insee", "minutes", "state"]]
    together = nearest_help(minutes, points, minutes["reason"].eq(KEPT_INSIDE))
    signs = [_signs(frame, insees, ends) for frame in (alone, together)]
    return {demarche: (signs[0][demarche], signs[1].get(demarche, "")) for demarche in signs[0]}


def _states(rows: pd.DataFrame) -> list[str]:
    return [
        KNOWN if known else RESERVED if reason == KEPT_INSIDE else NOT_COMPUTED if method == NOT_COMPUTED else UNREACHED
        for known, reason, method in zip(rows["minutes"].notna(), rows["reason"], rows["method"], strict=True)
    ]


def _signs(frame: pd.DataFrame, insees: Sequence[str], ends: Sequence[int]) -> dict[str, str]:
    """Two signs a commune, by démarche; a commune of which nothing is said is not computed."""
    shown = np.minimum(tenths_shown(frame["minutes"].to_numpy(dtype=np.float64), ends), _MOST)
    values = [
        int(value) if state == KNOWN else _STATES[state] for value, state in zip(shown, frame["state"], strict=True)
    ]
    found: dict[str, dict[str, int]] = {}
    for demarche, insee, value in zip(frame["demarche_id"], frame["insee"], values, strict=True):
        found.setdefault(demarche, {})[insee] = value
    return {
        demarche: "".join(
            SIGNS[value // _BASE] + SIGNS[value % _BASE]
            for value in (of_commune.get(insee, _STATES[NOT_COMPUTED]) for insee in insees)
        )
        for demarche, of_commune in found.items()
    }


def tenths_shown(minutes: Floats, limits: Sequence[int]) -> NDArray[np.int64]:
    """Minutes as ``french.minutes`` writes them, in tenths: whole ones, and just over one of `limits` a tenth more."""
    whole = 10.0 * np.floor(np.nan_to_num(minutes) + 0.5 + 1e-9)
    for limit in limits:
        over = (minutes > limit) & (whole <= 10 * limit)
        whole = np.where(over, np.ceil(10 * minutes), whole)
    return whole.astype(np.int64)
