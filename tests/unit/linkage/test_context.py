"""What stands round a pair, on scores and agreements made up for it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fs_pipeline.linkage.context import context, kinds_of_evidence
from fs_pipeline.linkage.model import load_model
from tests.unit.linkage.test_decisions import Pairs, features


def around(pairs: Pairs, *said: dict[str, float], many: bool = False, refused: tuple[int, ...] = ()) -> pd.DataFrame:
    left, right, score = (np.array(cells) for cells in zip(*pairs, strict=True))
    listed = pd.DataFrame({"service": ["france_services"] * (int(right.max()) + 1)}, dtype=object)
    possible = ~np.isin(np.arange(len(pairs)), refused)
    told = features(*(said or ({},) * len(pairs)))
    return pd.DataFrame(context(listed, (left, right), score, possible, told, many=many))


def test_a_rival_on_either_side_counts_and_none_is_as_far_ahead_as_can_be() -> None:
    assert around([(0, 0, 0.9)])["ahead+"].tolist() == [1.0]
    for rival in ((0, 1, 0.8), (1, 0, 0.8)):
        found = around([(0, 0, 0.9), rival])
        assert 0.0 < found["ahead+"][0] < 0.2
        assert found["behind-"][0] == found["ahead+"][1] == 0.0
        assert found["behind-"][1] == pytest.approx(found["ahead+"][0])
    assert around([(0, 0, 0.9), (1, 0, 0.8)], many=True)["ahead+"].tolist() == [1.0, 1.0]
    assert around([(0, 0, 0.9), (0, 1, 0.8)], refused=(1,))["ahead+"][0] == 1.0


def test_a_row_beside_one_that_says_the_label_is_doubted_unless_it_says_it_too() -> None:
    silent, says = {"service": 0.5}, {"service": 1.0}
    assert around([(0, 0, 0.6), (1, 0, 0.9)], silent, says, many=True)["label beside-"].tolist() == [1.0, 0.0]
    assert around([(0, 0, 0.6), (1, 0, 0.9)], says, says, many=True)["label beside-"].tolist() == [0.0, 0.0]
    assert around([(0, 0, 0.9), (1, 0, 0.6)], silent, says, many=True)["label beside-"].tolist() == [0.0, 0.0]
    assert around([(0, 0, 0.6), (1, 0, 0.9)], silent, says, many=True, refused=(1,))["label beside-"][0] == 0.0


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ({}, ()), ({"phone": 1.0}, ("contact",)), ({"email": 1.0, "phone": 0.0}, ("contact",)), ({"phone": 0.0}, ()),
        ({"street": 1.0, "number": 1.0}, ("address",)), ({"street": 1.0}, ()), ({"street": 1.0, "number": 0.0}, ()),
        ({"street": 1.0, "number": 1.0, "commune": 0.0}, ()), ({"core": 0.9}, ("own words",)), ({"core": 0.8}, ()),
        ({"distance": 50.0}, ("point",)), ({"distance": 51.0}, ()),
    ],
)  # fmt: skip
def test_evidence_is_counted_by_kinds(said: dict[str, float], kinds: tuple[str, ...]) -> None:
    found = kinds_of_evidence(features(said))
    assert tuple(name for name, speaks in found.items() if speaks.item()) == kinds
    assert around([(0, 0, 0.5)], said)["kinds+"][0] == len(kinds) / 4


def test_pieces_are_shares_and_have_a_coefficient() -> None:
    found = around([(0, 0, 0.9), (0, 1, 0.2), (1, 1, 1.0), (2, 1, 0.0)])
    assert set(found) == set(load_model().context.coefficients)
    assert found.min().min() >= 0.0
    assert found.max().max() <= 1.0
    assert all(name.endswith(("+", "-")) for name in found)


def test_a_pair_is_likelier_the_likelier_its_records_and_the_farther_its_rivals() -> None:
    def belief(*pairs: tuple[int, int, float]) -> float:
        pieces = {name: values.to_numpy() for name, values in around(list(pairs)).items()}
        return float(load_model().context.probability(pieces)[0])

    assert belief((0, 0, 0.95)) >= belief((0, 0, 0.6)) >= belief((0, 0, 0.2))
    assert belief((0, 0, 0.95)) >= belief((0, 0, 0.95), (0, 1, 0.5)) >= belief((0, 0, 0.95), (0, 1, 0.96))
