"""Who is whom, who is asked about, who houses whom: on scores and agreements made up for it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fs_pipeline.linkage.clusters import average_link
from fs_pipeline.linkage.comparison import FEATURES
from fs_pipeline.linkage.decisions import decide, may_be_merged, same_spot, worth_a_question
from fs_pipeline.linkage.model import Costs
from fs_pipeline.linkage.official import official_links

COSTS = Costs(wrong_merge=2, question=1, miss=10)  # sure from one half, worth asking from one in ten
SAID = {"service": 1.0, "name": 1.0}
Pairs = list[tuple[int, int, float]]


def features(*rows: dict[str, float]) -> pd.DataFrame:
    return pd.DataFrame([dict.fromkeys(FEATURES, np.nan) | row for row in rows])


def decided(pairs: Pairs, *said: dict[str, float], many: bool = False, veto: tuple[int, ...] = ()) -> list[str]:
    left, right, score = (np.array(cells) for cells in zip(*pairs, strict=True))
    possible = ~np.isin(np.arange(len(pairs)), veto)
    told = features(*(said or (SAID,) * len(pairs)))
    return decide((left, right), score, score, possible, told, COSTS, many=many).tolist()


@pytest.mark.parametrize(
    ("pairs", "one_to_one", "many"),
    [
        # A match below one half is none, with a rival or without (case D44: .34 was merged for want of a rival).
        ([(0, 0, 0.3)], ["review"], ["review"]),
        ([(0, 0, 0.5)], ["match"], ["match"]),
        ([(0, 0, 0.1)], ["review"], ["review"]),
        ([(0, 0, 0.09)], [""], [""]),
        ([(0, 0, 0.5), (0, 1, 0.2)], ["match", ""], ["match", ""]),
        ([(0, 0, 0.4), (0, 1, 0.2)], ["review", ""], ["review", ""]),  # one question a row
        ([(0, 0, 0.4), (0, 1, 0.05)], ["review", ""], ["review", ""]),
        ([(0, 0, 0.9), (1, 0, 0.8)], ["match", ""], ["match", "match"]),
        ([(0, 0, 0.4), (1, 0, 0.35)], ["review", "review"], ["review", "review"]),
        ([(0, 0, 0.9), (0, 1, 0.8), (1, 0, 0.85)], ["", "match", "match"], ["match", "", "match"]),
        ([(0, 0, 0.9), (0, 1, 0.6), (1, 0, 0.2)], ["match", "", ""], ["match", "", "review"]),
        ([(0, 1, 0.7), (0, 0, 0.7)], ["match", ""], ["", "match"]),
        ([(0, 0, 0.9), (2, 3, 0.4), (1, 2, 0.2)], ["match", "review", "review"], ["match", "review", "review"]),
    ],
)  # fmt: skip
def test_a_list_holds_each_place_once_unless_it_is_said_to_repeat(
    pairs: Pairs, one_to_one: list[str], many: list[str]
) -> None:
    if pairs[0][:2] != (0, 1):  # of two as good either may be
        assert decided(pairs) == one_to_one
    assert decided(pairs, many=True) == many


def test_what_moved_is_of_one_service_bears_no_other_name_and_has_no_rival() -> None:
    moved = {"street": 0.5, "service": 1.0, "distance": 90.0}
    assert decided([(0, 0, 0.9)], moved) == ["review"]
    for said in ({"street": 0.6}, {"phone": 1.0}, {"email": 1.0}, {"street": np.nan}, {"core": 0.85}, {"plain": 1.0}):
        assert decided([(0, 0, 0.9)], moved | said) == ["match"]
    for said in ({"core": 0.84}, {"plain": 0.5}, {"service": 0.5, "core": 0.95}):
        assert decided([(0, 0, 0.9)], moved | said) == ["review"]
    same = moved | {"plain": 1.0}
    assert decided([(0, 0, 0.9), (0, 1, 0.1)], same, SAID) == ["review", ""]
    assert decided([(0, 0, 0.9), (1, 0, 0.1)], same, SAID) == ["review", "review"]
    assert decided([(0, 0, 0.9), (1, 0, 0.1)], same, SAID, many=True) == ["match", "review"]
    for said in ({"in_post": 0.0}, {"itinerant": 0.0}, {"goes_round": 0.0}, {"single": 1.0}):
        assert decided([(0, 0, 0.9)], same | said) == ["review"]
    for said in (
        {"in_post": 1.0},
        {"itinerant": 1.0},
        {"single": 1.0, "phone": 1.0},
        {"phone": 0.0},
        {"in_post": 0.0, "email": 1.0},
    ):
        assert decided([(0, 0, 0.9)], same | said) == ["match"]


@pytest.mark.parametrize(
    ("said", "one"),
    [
        ({}, False), ({"street": 1.0, "number": 1.0, "commune": 1.0, "distance": 0.0}, False),  # a place alone
        ({"service": 0.5, "distance": 0.0}, False), ({"service": 0.5, "phone": 1.0}, True), ({"email": 1.0}, True),
        ({"core": 0.9}, True), ({"name": 0.9}, True), ({"core": 0.89}, False),
        ({"core": 0.85, "street": 1.0, "number": 1.0}, True), ({"core": 0.84, "street": 1.0, "number": 1.0}, False),
        ({"service": 0.75}, True), ({"service": 1.0}, True),
        ({"desk": 0.5, "phone": 1.0, "core": 0.6}, False), ({"desk": 1.0, "phone": 1.0, "core": 0.6}, True),
        ({"desk": 0.5, "phone": 1.0, "core": 0.9}, True), ({"desk": 0.5, "phone": 1.0, "core": 0.6, "service": 1.0}, True),
        ({"service": 0.0, "phone": 1.0}, False), ({"service": 0.0, "core": 1.0}, False),
        ({"service": 0.0, "phone": 1.0, "core": 1.0}, False), ({"service": 0.0, "phone": 1.0, "name": 0.9}, True),
        ({"service": 0.75, "core": 0.3}, False), ({"service": 0.75, "core": 0.3, "phone": 1.0}, True),
        ({"service": 1.0, "core": 0.3}, True),
    ],
)  # fmt: skip
def test_somebody_says_what_it_is(said: dict[str, float], one: bool) -> None:
    assert may_be_merged(features(said), np.array([True])).tolist() == [one]


@pytest.mark.parametrize(
    ("said", "one"),
    [
        ({}, False), ({"service": 1.0, "commune": 1.0, "street": 0.3}, False), ({"plain": 0.5, "service": 1.0}, False),
        ({"plain": 1.0}, True), ({"phone": 1.0}, True), ({"street": 0.9}, True), ({"core": 0.85}, True), ({"name": 0.9}, True),
        ({"distance": 100.0}, True), ({"distance": 101.0}, False),
    ],
)  # fmt: skip
def test_a_kind_and_a_town_alone_are_never_asked_about(said: dict[str, float], one: bool) -> None:
    assert worth_a_question(features(said)).tolist() == [one]
    assert decided([(0, 0, 0.4)], said) == ["review" if one else ""]


def test_what_a_rule_refuses_is_no_match() -> None:
    assert decided([(0, 0, 0.9), (1, 1, 0.9)], SAID, SAID, veto=(0, 1)) == ["", ""]
    assert decided([(0, 0, 0.9), (0, 1, 0.6)], SAID, SAID, veto=(0,)) == ["", "match"]


@pytest.mark.parametrize(
    ("said", "one"),
    [
        ({"street": 0.9}, True), ({"street": 0.89}, False), ({"street": 0.9, "number": 0.0}, False),
        ({"street": 0.9, "number": 1.0}, True), ({"street": 0.9, "commune": 0.0}, False),
        ({"street": 0.9, "distance": 2_000.0}, True), ({"street": 0.9, "distance": 2_001.0}, False),
        ({"commune": 1.0, "phone": 1.0}, True), ({"commune": 1.0}, False), ({"phone": 1.0}, False),
        ({"commune": 1.0, "phone": 0.0}, False), ({"distance": 100.0}, True), ({"distance": 101.0}, False),
        ({"distance": 50.0, "number": 0.0}, False), ({"distance": 50.0, "street": 0.49}, False),
        ({"distance": 50.0, "street": 0.5}, True), ({}, False),
    ],
)  # fmt: skip
def test_one_spot_is_one_address_one_phone_or_one_point(said: dict[str, float], one: bool) -> None:
    assert same_spot(features(said)).tolist() == [one]


def clusters(size: int, pairs: Pairs, match: float = 0.5) -> list[set[int]]:
    left, right, score = (np.array(cells) for cells in zip(*pairs, strict=True)) if pairs else [np.empty(0, int)] * 3
    labels = average_link(size, (left.astype(int), right.astype(int)), score.astype(float), match)
    assert len(labels) == size
    return sorted(({int(at) for at in np.flatnonzero(labels == label)} for label in set(labels.tolist())), key=min)


@pytest.mark.parametrize(
    ("size", "pairs", "together"),
    [
        (2, [], [{0}, {1}]),
        (2, [(0, 1, 0.5)], [{0, 1}]),
        (2, [(0, 1, 0.49)], [{0}, {1}]),
        (4, [(0, 1, 0.9), (2, 3, 0.2)], [{0, 1}, {2}, {3}]),
        (4, [(0, 1, 0.2), (2, 3, 0.9)], [{0}, {1}, {2, 3}]),
        (3, [(0, 1, 0.9), (1, 2, 0.9), (0, 2, 0.9)], [{0, 1, 2}]),
        (3, [(0, 1, 0.9), (1, 2, 0.8)], [{0, 1}, {2}]),  # one likely pair does not chain two places
        (3, [(0, 1, 0.9), (1, 2, 0.8), (0, 2, 0.3)], [{0, 1, 2}]),
        (5, [(0, 1, 0.9), (1, 2, 0.2), (3, 4, 0.6)], [{0, 1}, {2}, {3, 4}]),
        (6, [(0, 2, 0.9), (2, 4, 0.9), (0, 4, 0.9), (1, 3, 0.9), (3, 5, 0.1)], [{0, 2, 4}, {1, 3}, {5}]),
    ],
)
def test_doubles_are_together_where_all_of_them_agree_on_average(
    size: int, pairs: Pairs, together: list[set[int]]
) -> None:
    assert clusters(size, pairs) == together
    assert clusters(size, [(right, left, score) for left, right, score in pairs]) == together


def links(ids: list[tuple[str | None, str | None]], *said: dict[str, float]) -> tuple[list[bool], list[bool]]:
    left, right = (pd.DataFrame({"official_id": [pair[side] for pair in ids]}, dtype=object) for side in (0, 1))
    pairs = np.arange(len(ids)), np.arange(len(ids))
    sure, doubtful = official_links(left, right, pairs, features(*(said or ({},) * len(ids))))
    return sure.tolist(), doubtful.tolist()


def test_an_id_is_believed_where_the_numberings_are_one() -> None:
    assert links([("a", "a"), ("a", "b"), (None, None), ("a", None)]) == ([True, False, False, False], [False] * 4)
    contrary = {"name": 0.1, "commune": 0.0}
    agreeing = [{"name": 1.0, "commune": 1.0}] * 9
    assert links([("a", "a")] * 10, *agreeing, contrary) == ([True] * 9 + [False], [False] * 9 + [True])
    assert links([("a", "a")] * 2, agreeing[0], contrary) == ([False] * 2, [False] * 2)
    for said in ({"name": 0.1}, {"commune": 0.0}, {"name": 0.9, "commune": 0.0}):
        assert links([("a", "a")], said) == ([True], [False])
