"""Weeks written as town halls write them come back as they were, or not at all."""

from __future__ import annotations

from collections import Counter

import pytest

from fs_pipeline.values.hours import read_hours
from tests.unit.values import hours_letters_families, hours_letters_scopes
from tests.unit.values.hours_calendar import same
from tests.unit.values.hours_letters import FAMILIES, Letter, letters


def tried(count: int, seed: int) -> tuple[Counter[str], list[tuple[Letter, str | None]], list[Letter]]:
    """Of each family the letters that were read or rightly refused; those read as another week; those not read."""
    good, wrong, silent = Counter[str](), [], []
    for letter in letters(count, seed):
        value = read_hours(letter.text).value
        if same(letter.means, value):
            good[letter.family] += 1
        elif value is None:
            silent.append(letter)
        else:
            wrong.append((letter, value))
    return good, wrong, silent


def test_600_letters_are_read_as_they_were_meant_or_not_at_all() -> None:
    good, wrong, _ = tried(600, seed=0)

    assert not wrong
    assert good.total() >= 540


@pytest.mark.soak
def test_5000_letters_are_read_as_they_were_meant_or_not_at_all() -> None:
    good, wrong, _ = tried(5_000, seed=10_000)

    assert not wrong
    assert good.total() >= 4_500
    assert good.keys() == FAMILIES.keys()
    assert {family.__module__ for family in FAMILIES.values()} == {
        m.__name__ for m in (hours_letters_families, hours_letters_scopes)
    }
