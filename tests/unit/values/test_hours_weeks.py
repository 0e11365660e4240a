"""Weeks written in French by a generator come back as they were, or not at all."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from fs_pipeline.values.hours import read_hours

from .hours_calendar import same
from .hours_renderings import FAMILIES, render, week
from .hours_weeks import truth


def _verdicts(seeds: range) -> tuple[dict[str, Counter[str]], list[tuple[str, str | None]]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    wrong = []
    for seed in seeds:
        said, text = week(seed), render(week(seed), seed)
        found = read_hours(text).value
        verdict = "right" if same(truth(said), found) else "missed" if found is None else "wrong"
        counts[said.family][verdict] += 1
        wrong += [(text, found)] if verdict == "wrong" else []
    return counts, wrong


def _judge(seeds: range) -> None:
    counts, wrong = _verdicts(seeds)
    assert wrong == []
    assert len(counts) == len(FAMILIES) >= 15
    right = sum(count["right"] for count in counts.values())
    assert right / len(seeds) >= 0.90


def test_a_generated_week_is_read_as_it_was_or_not_at_all():
    _judge(range(len(FAMILIES) * 30))


@pytest.mark.soak
def test_five_thousand_generated_weeks_are_read_as_they_were_or_not_at_all():
    _judge(range(5_200))
