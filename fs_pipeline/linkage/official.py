"""What identifies a record by itself: a list's own id, where two lists share it, and the whole name of a record that says
nothing else.

An id is a match at any distance, unless name and commune both contradict it.
"""

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


_NOTHING_ELSE = ["insee", "insee_coded", "street", "phone", "email", "latitude"]


def names_alone(records: pd.DataFrame) -> pd.Series:
    """The names, with words of their own, of records that say nothing else of themselves: a bus or an antenna of a list."""
    alone = records[_NOTHING_ELSE].isna().all(axis=1) & records["own"].notna()
    return records.loc[alone, "name"].dropna()


def same_name_alone(
    left: pd.DataFrame, right: pd.DataFrame, pairs: tuple[Positions, Positions]
) -> npt.NDArray[np.bool_]:
    """Which pairs are one record of two lists: a whole name and nothing else, borne as often in both, one after the other."""
    keys = []
    for frame in (left, right):
        names = names_alone(frame)
        often = names.map(names.value_counts()).astype(str)
        turn = names.groupby(names).cumcount().astype(str)
        keys.append((often + "|" + turn + "|" + names).reindex(frame.index).to_numpy(dtype=object))
    first, second = (key[side] for key, side in zip(keys, pairs, strict=True))
    return np.asarray(pd.notna(first) & (first == second), dtype=bool)
