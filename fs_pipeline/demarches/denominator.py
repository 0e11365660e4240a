"""How many démarches of the published list the catalogue follows, and why it leaves the others out.

The list is service-public.fr's of the month that the catalogue names; what surveys call the démarches is ``catalogue.py``'s.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from fs_pipeline.data import read_csv


@dataclass(frozen=True, slots=True)
class Reason:
    """Why démarches are left out: the words for a list, the sentence for a page (French), and how many they are."""

    label: str
    sentence: str
    count: int


@dataclass(frozen=True, slots=True)
class Denominator:
    """`followed` of the `listed` démarches of the list of `listed_on` (``2020-11``); the reasons of the others, most first."""

    listed_on: str
    followed: int
    left_out: tuple[Reason, ...]

    @property
    def listed(self) -> int:
        """All démarches of the list."""
        return self.followed + sum(reason.count for reason in self.left_out)


def denominator() -> Denominator:
    """The reviewed files counted: each démarche of the list is in the catalogue or left out for one reason."""
    left_out = read_csv("demarches_left_out.csv")
    listed_on = left_out[0]["listed_on"]
    counts = Counter(row["reason"] for row in left_out)
    reasons = (Reason(row["label"], row["sentence"], counts[row["reason"]]) for row in read_csv("left_out_reasons.csv"))
    return Denominator(
        listed_on,
        sum(row["listed_on"] == listed_on for row in read_csv("demarches.csv")),
        tuple(sorted(reasons, key=lambda reason: -reason.count)),
    )
