"""A column of two lists as numbers, one a distinct value: pairs are compared as numbers, and texts once each two of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from fs_pipeline.linkage.preparation import Positions

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Column:
    """One value of each side a pair: its number in `values`, -1 where it is not known."""

    values: npt.NDArray[np.object_]
    first: Positions
    second: Positions

    @classmethod
    def of(cls, left: pd.DataFrame, right: pd.DataFrame, name: str) -> Column:
        """The values of each record of two lists, ``first`` of the left one and ``second`` of the right one."""
        if left is right:
            codes, values = pd.factorize(left[name].to_numpy(dtype=object))
            return cls(values, codes, codes)
        cells = np.concatenate([left[name].to_numpy(dtype=object), right[name].to_numpy(dtype=object)])
        codes, values = pd.factorize(cells)
        return cls(values, codes[: len(left)], codes[len(left) :])

    def at(self, pairs: tuple[Positions, Positions]) -> Column:
        """The values of each pair of records."""
        return Column(self.values, self.first[pairs[0]], self.second[pairs[1]])

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        """Whether both sides say something."""
        return (self.first >= 0) & (self.second >= 0)

    def equal(self) -> Values:
        """1 equal, 0 different, NaN where a side is silent."""
        return np.where(self.known, np.where(self.first == self.second, 1.0, 0.0), np.nan)

    def which(self, true: Callable[[object], bool]) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Of which first and second values something is true; of nothing it is not."""
        found = np.array([*(true(value) for value in self.values), False], dtype=bool)
        return found[self.first], found[self.second]

    def each_two(self, rows: Positions) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_], Positions]:
        """The distinct two values of some pairs, which know both, and for each pair where its own are."""
        size = max(len(self.values), 1)
        where, two = pd.factorize(self.first[rows] * size + self.second[rows])
        return self.values[two // size], self.values[two % size], where

    def texts(self, rows: Positions) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
        """Both values of some pairs, None where not known."""
        values = np.append(self.values, np.array([None], dtype=object))
        return values[self.first[rows]], values[self.second[rows]]
