"""Each figure of a brief once, with how many values and bases it has wherever it is printed: what checks judge.

Two figures are one where they are the same column of the same rows of a table, or where ``data/same_figures.csv`` says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from fs_pipeline.briefing.claims import Claim
from fs_pipeline.briefing.evidence import Number
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.data import read_csv

COLUMNS = ("figure", "times", "values", "bases")
_DIGITS = 9  # significant: what differs beyond is the order of a sum


def printed_figures(claims: Iterable[Claim], thresholds: Thresholds) -> pd.DataFrame:
    """One row a figure.

    Parameters
    ----------
    claims
        Those of one brief.
    thresholds
        Those of its campaign, by which ``same_figures.csv`` names figures.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``: times it is printed, how many values it has there, « not computed » being one, and how many bases: of
        what it is said to be a share or a mean (n, and what they are); saying nothing of the base contradicts none.
    """
    found: dict[str, list[Number]] = {}
    alike = _alike(thresholds)
    for claim in claims:
        for number in claim.evidence.figures:
            for figure in _names(claim, number, alike):
                found.setdefault(figure, []).append(number)
    rows = [
        (
            figure,
            len(numbers),
            len({_rounded(one.value) for one in numbers}),
            max(len({_rounded(one.n) for one in numbers} - {None}), len({one.base for one in numbers} - {None}), 1),
        )
        for figure, numbers in found.items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _alike(thresholds: Thresholds) -> Mapping[tuple[str, str], str]:
    """Claim and name of a figure to what the reviewed file calls it."""
    return {
        (row["claim"].format(**thresholds._asdict()), row["name"]): row["figure"].format(**thresholds._asdict())
        for row in read_csv("same_figures.csv")
    }


def _names(claim: Claim, number: Number, alike: Mapping[tuple[str, str], str]) -> Iterator[str]:
    """What a figure is known by: its column of rows, where the claim rests on some alone; what the reviewed file says."""
    rows = claim.evidence.rows[0] if len(claim.evidence.rows) == 1 else None
    if rows and rows.where:
        yield " ".join([rows.table, *(f"{column}={value}" for column, value in rows.where), number.name])
    if (claim.id, number.name) in alike:
        yield alike[claim.id, number.name]


def _rounded(value: float | None) -> str | None:
    return None if value is None else f"{value:.{_DIGITS}g}"
