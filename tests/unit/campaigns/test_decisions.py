"""A campaign is opened once, goes forward by a decision that somebody takes, and once closed stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pandas as pd
import pytest

from fs_pipeline.campaigns.decisions import (
    Campaign,
    Decision,
    RefusedDecision,
    advancing,
    closing,
    opening,
    said_otherwise,
)
from fs_pipeline.campaigns.register import decide, open_by_run, read_campaign
from fs_pipeline.campaigns.taken import Taken, kept
from fs_pipeline.warehouse.engine import Warehouse

AT = "2023-01-20T08:00:00+00:00"
OPEN = partial(opening, by="la cheffe de projet", at=AT, day="2022-12-01")
ADVANCE = partial(advancing, by="la cheffe de projet", at=AT, reason="liste corrigée")
CLOSE = partial(closing, by="le préfet", at=AT)


def after(*rules: partial[Decision]) -> Campaign:
    campaign = Campaign("2022-12")
    for rule in rules:
        campaign = Campaign(campaign.key, (*campaign.decisions, rule(campaign)))
    return campaign


def test_a_campaign_goes_forward_and_keeps_who_when_and_why() -> None:
    campaign = after(OPEN, partial(ADVANCE, day="2023-01-15"))
    assert campaign.reference_date == "2023-01-15"
    last = campaign.decisions[-1]
    assert (last.number, last.decided_by, last.decided_at, last.reason) == (
        2, "la cheffe de projet", AT, "liste corrigée",
    )  # fmt: skip


def test_a_campaign_never_goes_back() -> None:
    with pytest.raises(RefusedDecision, match=r"01/12/2022.*ne recule pas.*30/11/2022"):
        ADVANCE(after(OPEN), day="2022-11-30")


def test_the_same_day_takes_again_what_was_wrong_the_first_time() -> None:
    assert ADVANCE(after(OPEN), day="2022-12-01").number == 2


def test_what_was_never_opened_neither_advances_nor_closes() -> None:
    for rule in (partial(ADVANCE, day="2023-01-15"), CLOSE):
        with pytest.raises(RefusedDecision, match=r"n’est pas ouverte.*fs-pipeline campaign open 2022-12"):
            rule(Campaign("2022-12"))


def test_an_open_campaign_is_not_opened_again() -> None:
    with pytest.raises(RefusedDecision, match=r"déjà ouverte, au 01/12/2022.*fs-pipeline campaign advance 2022-12"):
        OPEN(after(OPEN))


@pytest.mark.parametrize("rule", [OPEN, partial(ADVANCE, day="2023-02-01"), CLOSE], ids=["open", "advance", "close"])
def test_a_closed_campaign_allows_nothing_more_and_says_since_when(rule: partial[Decision]) -> None:
    with pytest.raises(RefusedDecision, match=r"close depuis le 20/01/2023.*ouvrez une nouvelle campagne"):
        rule(after(OPEN, CLOSE))


def test_a_decision_that_names_sources_leaves_the_others_as_they_were_taken() -> None:
    campaign = after(OPEN, partial(ADVANCE, day="2023-01-15", sources=["la_poste"]))
    by_the_first = {name: Taken(name, "taken", sha256="a", decision=1) for name in ("la_poste", "annuaire")}
    assert kept(campaign, by_the_first["annuaire"]) is by_the_first["annuaire"]
    assert kept(campaign, by_the_first["la_poste"]) is None
    assert kept(campaign, Taken("la_poste", "taken", sha256="b", decision=2)) is not None


def test_what_lacks_or_is_older_than_it_should_be_is_asked_for_again_while_the_campaign_is_open() -> None:
    absent, last_good = Taken("annuaire", "absent"), Taken("annuaire", "last_good", sha256="a", decision=0)
    assert kept(after(OPEN), None) is None
    assert kept(after(OPEN), absent) is None
    assert kept(after(OPEN), last_good) is None
    assert kept(after(OPEN, CLOSE), last_good) is last_good


def test_a_source_that_is_offered_no_more_is_kept() -> None:
    taken = Taken("annuaire", "taken", sha256="a", decision=1)
    assert kept(after(OPEN, partial(ADVANCE, day="2023-01-15")), taken, is_offered=False) is taken


@pytest.mark.parametrize(
    ("rules", "declared", "said"),
    [
        ((OPEN,), None, None),
        ((OPEN,), "2022-12-01", None),
        ((OPEN,), "2023-01-15", "fs-pipeline campaign advance 2022-12 --date 2023-01-15 --by … --reason …"),
        ((OPEN,), "2022-11-01", "une campagne ne recule pas"),
        ((OPEN, CLOSE), "2023-01-15", "elle est close"),
    ],
)
def test_a_file_that_gives_another_day_moves_nothing_and_it_is_said(
    rules: tuple[partial[Decision], ...], declared: str | None, said: str | None
) -> None:
    told = said_otherwise(after(*rules), declared)
    assert (told is None) == (said is None)
    assert said is None or said in str(told)


@pytest.fixture
def warehouse(warehouse_url: str) -> Iterator[Warehouse]:
    opened = Warehouse(warehouse_url)
    yield opened
    opened.dispose()


def test_the_first_run_opens_a_campaign_and_the_next_one_finds_it(warehouse: Warehouse) -> None:
    opened = open_by_run(warehouse, "2022-12", day="2022-12-01", run="r1")
    assert [(one.kind, one.decided_by) for one in opened.decisions] == [("open", "exécution r1")]
    assert open_by_run(warehouse, "2022-12", day="2023-06-01", run="r2") == opened
    assert warehouse.read("campaigns")["reference_date"].tolist() == ["2022-12-01"]


def test_runs_and_people_that_decide_at_once_decide_one_after_the_other(warehouse: Warehouse) -> None:
    def act(number: int) -> None:
        open_by_run(warehouse, "2022-12", day="2022-12-01", run=f"r{number}")
        decide(warehouse, "2022-12", partial(ADVANCE, day="2022-12-01", reason=str(number)))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(8)))
    decisions = read_campaign(warehouse, "2022-12").decisions
    assert [one.kind for one in decisions] == ["open"] + ["advance"] * 8
    assert [one.number for one in decisions] == list(range(1, 10))
    assert {one.reason for one in decisions[1:]} == set("01234567")


def test_a_decision_stands_as_it_was_written_and_a_refused_one_is_not(warehouse: Warehouse) -> None:
    before = {"campaign": "2022-12", "reference_date": "2022-12-01", "deadline": "2023-01-31"}
    warehouse.upsert("campaigns", pd.DataFrame([before]))  # of before decisions were recorded
    advanced = decide(warehouse, "2022-12", partial(ADVANCE, day="2023-01-15", sources=["roads", "annuaire"]))
    with pytest.raises(RefusedDecision):
        decide(warehouse, "2022-12", partial(ADVANCE, day="2023-01-01"))
    assert read_campaign(warehouse, "2022-12") == advanced
    assert [(one.kind, one.decided_by) for one in advanced.decisions] == [
        ("open", "reprise"), ("advance", "la cheffe de projet"),
    ]  # fmt: skip
    assert advanced.decisions[-1].sources == ("annuaire", "roads")
    (row,) = warehouse.read("campaigns").to_dict("records")
    assert (row["reference_date"], row["deadline"]) == ("2023-01-15", "2023-01-31")
