"""What agreements and contradictions weigh: each piece of evidence by its own rule, silence never."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fs_pipeline.linkage.comparison import FEATURES
from fs_pipeline.linkage.model import Costs, Logistic, evidence, load_costs, load_model, sign

SILENT = dict.fromkeys(FEATURES, np.nan)
# What is said of two records, and the pieces of evidence that this and nothing else gives.
RULES: list[tuple[dict[str, float], dict[str, float]]] = [
    ({}, {}),
    ({"core": 1.0}, {"core+": 1.0, "core++": 1.0}),
    ({"core": 0.95}, {"core+": 0.875, "core++": 0.5}),
    ({"core": 0.8}, {"core+": 0.5}),
    ({"core": 0.6}, {}),
    ({"core": 0.3}, {"core-": 0.75}),
    ({"own": 0.4}, {"own-": 0.5}),
    ({"name": 0.0}, {"name-": 1.0}),
    ({"street": 0.9}, {"street+": 0.75}),
    ({"distance": 15.0}, {"within 30 m+": 0.5, "within 150 m+": 0.9, "within 600 m+": 0.975}),
    ({"distance": 300.0}, {"within 600 m+": 0.5}),
    ({"distance": 3_000.0}, {"apart-": 0.5}),
    ({"distance": 30_000.0}, {"apart-": 1.0}),
    ({"number": 1.0}, {"number+": 1.0}),
    ({"number": 0.0}, {"number-": 1.0}),
    ({"phone": 1.0}, {"phone+": 1.0}),
    ({"email": 0.0}, {"email-": 1.0}),
    ({"domain": 1.0}, {"domain+": 1.0}),
    ({"siret": 0.0}, {"siret-": 1.0}),
    ({"hours": 0.8}, {"hours+": 0.5}),
    ({"hours": 0.3}, {"hours-": 0.5}),
    ({"service": 1.0}, {"family+": 1.0}),
    ({"service": 0.75}, {"service+": 1.0}),
    ({"service": 0.5}, {"one label-": 1.0}),
    ({"service": 0.0}, {"service-": 1.0}),
    ({"single": 1.0}, {"single+": 1.0}),
    ({"itinerant": 0.0}, {"itinerant-": 1.0}),
    ({"digits": 0.0}, {"digits-": 1.0}),
    ({"antenne": 0.0}, {"antenne-": 1.0}),
    ({"body": 0.0}, {"body-": 1.0}),
    ({"body": 1.0}, {"body+": 1.0}),
    ({"commune": 1.0}, {"commune+": 1.0}),
    ({"commune": 0.0}, {"commune-": 1.0}),
    ({"plain": 1.0}, {}),
    ({"plain": 1.0, "commune": 1.0}, {"plain+": 1.0, "commune+": 1.0}),
    ({"plain": 1.0, "commune": 0.0}, {"commune-": 1.0}),
    ({"plain": 1.0, "commune": 1.0, "phone": 0.0}, {"plain+": 0.5, "commune+": 1.0, "phone-": 1.0}),
    ({"plain": 0.5}, {"half plain-": 1.0}),
    ({"plain": 0.5, "service": 1.0}, {"half plain-": 1.0, "family, half plain-": 1.0, "family+": 1.0}),
    ({"alone": 1.0}, {"alone+": 1.0}),
    ({"alone": 0.5}, {"alone+": 0.5}),
    ({"alone": 1.0, "core": 0.3}, {"alone+": 0.5, "core-": 0.75}),
    ({"alone": 1.0, "core": 0.3, "street": 0.0}, {"core-": 0.75, "street-": 1.0}),
    ({"alone": 1.0, "core": 0.3, "street": 0.0, "phone": 0.0}, {"core-": 0.75, "street-": 1.0, "phone-": 1.0}),
    ({"street": 1.0}, {"street+": 1.0, "street++": 1.0, "address+": 0.5}),
    (
        {"street": 1.0, "number": 1.0},
        {"street+": 1.0, "street++": 1.0, "number+": 1.0, "address+": 1.0},
    ),
    (
        {"street": 1.0, "number": 0.0},
        {"street+": 1.0, "street++": 1.0, "number-": 1.0, "street, other number-": 1.0},
    ),
    ({"street": 1.0, "commune": 0.0}, {"street+": 1.0, "street++": 1.0, "commune-": 1.0}),
    (
        {"street": 1.0, "antenne": 0.0},
        {"street+": 1.0, "street++": 1.0, "address+": 0.5, "antenne-": 0.5},
    ),
    (
        {"service": 1.0, "street": 1.0},
        {
            "family+": 1.0,
            "street+": 1.0,
            "street++": 1.0,
            "address+": 0.5,
            "family, address+": 0.5,
            "kind, address+": 0.5,
        },
    ),
    ({"service": 1.0, "phone": 1.0}, {"family+": 1.0, "phone+": 1.0, "kind, phone+": 1.0}),
    ({"service": 1.0, "commune": 1.0}, {"family+": 1.0, "commune+": 1.0, "kind, commune+": 1.0}),
    (
        {"service": 1.0, "distance": 75.0},
        {"family+": 1.0, "within 150 m+": 0.5, "within 600 m+": 0.875, "kind, point+": 0.5},
    ),
    ({"service": 1.0, "core": 0.7, "phone": 1.0}, {"family+": 1.0, "core+": 0.25, "phone+": 1.0}),
    (
        {"service": 1.0, "core": 0.75, "phone": 1.0},
        {"family+": 1.0, "core+": 0.375, "phone+": 1.0, "kind, phone+": 1.0},
    ),
    ({"core": 0.86, "phone": 1.0}, {"core+": 0.65, "phone+": 1.0, "name, phone+": 1.0}),
    ({"core": 0.85, "phone": 1.0}, {"core+": 0.625, "phone+": 1.0}),
    ({"core": 0.86, "commune": 1.0}, {"core+": 0.65, "commune+": 1.0, "name, commune+": 1.0}),
    (
        {"core": 0.86, "street": 1.0},
        {"core+": 0.65, "street+": 1.0, "street++": 1.0, "address+": 0.5, "name, address+": 0.5},
    ),
]


@pytest.mark.parametrize(("said", "pieces"), RULES, ids=[str(said) for said, _ in RULES])
def test_what_is_said_gives_its_own_pieces_of_evidence_and_no_other(
    said: dict[str, float], pieces: dict[str, float]
) -> None:
    found = {name: values[0] for name, values in evidence(pd.DataFrame([SILENT | said])).items()}
    assert {name: round(value, 6) for name, value in found.items() if value} == pytest.approx(pieces)
    assert set(load_model().alone.coefficients) <= set(found)


def test_evidence_adds_up_to_a_probability() -> None:
    model = Logistic({"phone+": 2.0, "number-": -1.0, "unheard of+": 9.0}, -1.0)
    rows = evidence(pd.DataFrame([SILENT, SILENT | {"phone": 1.0}, SILENT | {"phone": 1.0, "number": 0.0}]))
    assert model.probability(rows) == pytest.approx([1 / (1 + np.e), 1 / (1 + 1 / np.e), 0.5])
    for weight, sure in ((1e9, 1.0), (-1e9, 0.0)):
        assert Logistic({"phone+": weight}, 0.0).probability(rows)[1] == pytest.approx(sure, abs=1e-12)


@pytest.mark.parametrize(
    ("costs", "sure", "worth_asking"), [((4, 1, 3), 0.75, 1 / 3), ((10, 1, 2), 0.9, 0.5), ((2, 2, 2), 0.5, 1.0)]
)
def test_costs_say_from_which_probability_a_merge_and_a_question_are_worth_it(
    costs: tuple[float, float, float], sure: float, worth_asking: float
) -> None:
    asked = Costs(*costs)
    assert (asked.sure, asked.worth_asking) == pytest.approx((sure, worth_asking))
    # What is dearer of merging, asking and leaving apart is never what is done.
    for chance in np.linspace(0.01, 0.99, 99):
        wrong, miss = (1 - chance) * asked.wrong_merge, chance * asked.miss
        if chance > asked.sure:
            assert wrong <= min(asked.question, miss) + 1e-9
        elif chance < asked.worth_asking:
            assert miss <= asked.question + 1e-9


def test_the_shipped_costs_leave_a_band_to_ask_in() -> None:
    costs = load_costs()
    assert 0.0 < costs.worth_asking < costs.sure < 1.0


share = st.one_of(st.just(np.nan), st.sampled_from([0.0, 0.3, 0.6, 0.75, 0.9, 1.0]))
ALIKE = ("own", "name", "street", "phone", "email", "domain", "siret", "hours", "number")


@settings(deadline=None, max_examples=50)
@given(st.fixed_dictionaries(dict.fromkeys(ALIKE, share)), st.sampled_from(ALIKE))
def test_agreeing_more_never_lowers_the_probability(said: dict[str, float], more: str) -> None:
    if np.isnan(said[more]):
        return
    before, after = load_model().probability(pd.DataFrame([SILENT | said, SILENT | said | {more: 1.0}]))
    assert after >= before


def test_a_piece_speaks_for_or_against() -> None:
    for stage in (load_model().alone, load_model().context):
        for name, weight in stage.coefficients.items():
            assert weight * sign(name) >= 0, name
