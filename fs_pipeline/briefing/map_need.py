"""What the web maps may be coloured by beside minutes: need, commune by commune, as its sources say it (``commune_need``).

The limits of the minutes stay drawn over it: what a meeting looks for is who needs help and lives too far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fs_pipeline import french

LOOKS = ("m1", "m2", "m3", "m4", "m5")  # from the least to the most
NOBODY_SAYS = "non renseigné"
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of need.

    Attributes
    ----------
    code, label, title
        Its option, and what the colours are then.
    words
        What is said of a commune; ``{}`` stands for its value.
    of, among
        Columns of ``commune_need``: the share of one in the other, in percent; `among` empty, the value itself.
    """

    code: str
    label: str
    title: str
    words: str
    of: str
    among: str


MEASURES = (
    Measure(
        "poverty", "Ménages pauvres", "Part des ménages qui sont pauvres", "{}\u202f% de ménages pauvres",
        "poor_households", "households",
    ),
    Measure(
        "age", "65 ans et plus", "Part des habitants de 65\u00a0ans et plus", "{}\u202f% ont 65\u00a0ans ou plus",
        "aged_65", "squares_population",
    ),
    Measure(
        "fragility", "Fragilité numérique", "Indice de fragilité numérique, plus haut où elle est plus forte",
        "indice {}", "fragility_index", "",
    ),
)  # fmt: skip


def need_data(need: pd.DataFrame, insees: Sequence[str]) -> list[dict[str, object]]:
    """For JSON, what communes.js reads: one entry a measure of which a source says something here.

    Parameters
    ----------
    need
        ``commune_need``, of any communes.
    insees
        The communes in the order of the page.

    Returns
    -------
    list
        code, label, title, words; values (a whole number a commune, None where nobody says), ends (the last value of each class
        but the last) and legend (each class in words). Classes hold as many communes each as values allow.
    """
    if need.empty:
        return []
    known = need.drop_duplicates("insee").set_index("insee").reindex(list(insees))
    found: list[dict[str, object]] = []
    for measure in MEASURES:
        values = _values(known, measure)
        if np.isnan(values).all():
            continue
        ends = _ends(values)
        found.append(
            {
                "code": measure.code, "label": measure.label, "title": measure.title, "words": measure.words,
                "values": [None if np.isnan(value) else int(value) for value in values],
                "ends": ends, "legend": _legend(ends, values, "\u202f%" if measure.among else ""),
            }
        )  # fmt: skip
    return found


def _values(known: pd.DataFrame, measure: Measure) -> Floats:
    of: Floats = known[measure.of].to_numpy(dtype=np.float64)
    if not measure.among:
        return np.floor(of + np.float64(0.5))
    among = known[measure.among].to_numpy(dtype=np.float64)
    share: Floats = np.full(len(of), np.nan)
    np.divide(100 * of, among, out=share, where=among > 0)
    return np.floor(share + 0.5)


def _ends(values: Floats) -> list[int]:
    """Where classes end: fifths of the communes, fewer where many have the same value."""
    told = values[~np.isnan(values)]
    ends = np.unique(np.floor(np.quantile(told, (0.2, 0.4, 0.6, 0.8))))
    return [int(end) for end in ends if end < told.max()]


def _legend(ends: Sequence[int], values: Floats, unit: str) -> list[str]:
    first, last = int(np.nanmin(values)), int(np.nanmax(values))
    starts = [first, *(end + 1 for end in ends)]
    return [
        f"{french.number(low)}{f'–{french.number(high)}' if high > low else ''}{unit}"
        for low, high in zip(starts, [*ends, last], strict=True)
    ]
