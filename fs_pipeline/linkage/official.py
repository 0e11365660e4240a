"""A list's own id, where two lists share it: a match at any distance, unless name and commune both contradict it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from fs_pipeline.linkage.preparation import Positions

_CONTRARY = 0.5
_TRUSTED = 0.6  # share of the common ids whose name or commune agree, under which two numberings are unrelated


def official_links(
    left: pd.DataFrame, right: pd.DataFrame, pairs: tuple[Positions, Positions], features: pd.DataFrame
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Which pairs an id makes sure, and which it makes worth a person's look."""
    first = left["official_id"].to_numpy(dtype=object)[pairs[0]]
    second = right["official_id"].to_numpy(dtype=object)[pairs[1]]
    shared = np.asarray(pd.notna(first) & pd.notna(second) & (first == second), dtype=bool)
    contrary = np.asarray((features["name"] < _CONTRARY) & (features["commune"] == 0), dtype=bool)
    if not shared.any() or 1.0 - contrary[shared].mean() < _TRUSTED:
        return np.zeros(len(shared), dtype=bool), np.zeros(len(shared), dtype=bool)
    return shared & ~contrary, shared & contrary
