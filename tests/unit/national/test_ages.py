"""What a brief rests on is dated, and said to be too old where a reviewed limit says so."""

from __future__ import annotations

import pandas as pd
import pytest

from fs_pipeline.data import read_csv
from fs_pipeline.national.ages import age_in_days, told_sources, told_surveys
from fs_pipeline.national.sources import SOURCES

ON = "2022-12-01"


def told(*rows: dict[str, object]) -> pd.DataFrame:
    taken = pd.DataFrame([{"state": "taken", "message": None, "as_of": None} | row for row in rows], dtype=object)
    return told_sources(taken, on=ON, vintage="2026", catalogued="2020-11").set_index("source")


@pytest.mark.parametrize(
    ("as_of", "days"),
    [
        ("2022-12-01", 0),
        ("2022-11-30", 1),
        ("2022-11", 30),
        ("2021", 699),
        ("2026", -1127),
        (None, None),
        ("hier", None),
    ],
)
def test_an_age_is_counted_in_days_at_the_reference_date(as_of: str | None, days: int | None) -> None:
    assert age_in_days(as_of, ON) == days


def test_a_source_is_past_its_limit_the_day_after_it() -> None:
    limit = SOURCES["france_services"].max_age_days
    at, after = (pd.Timestamp(ON) - pd.Timedelta(days=days) for days in (limit, limit + 1))
    for day, past in ((at, False), (after, True)):
        row = told({"source": "france_services", "as_of": day.date().isoformat()}).loc["france_services"]
        assert (row["limit_days"], row["past_limit"]) == (limit, past)


def test_a_source_without_a_limit_or_a_date_is_past_none() -> None:
    rows = told({"source": "france_services", "as_of": None})
    assert not rows["past_limit"].any()
    assert rows.loc["demarches", "limit_days"] is None
    assert (rows.loc["demarches", "as_of"], rows.loc["demarches", "age_days"]) == ("2020-11", 760)


def test_population_and_points_are_told_though_nobody_gave_them() -> None:
    rows = told()
    assert rows.loc["population", "as_of"] == "2026"
    assert rows.loc["population", "age_days"] < 0
    assert rows.loc["town_halls", "publisher"] == "IGN"


def test_town_halls_are_told_whatever_else_is_taken() -> None:
    taken = told({"source": "communes", "as_of": "2026-01-01"}, {"source": "contours", "as_of": "2018-01-01"})
    assert {"communes", "contours", "town_halls"} <= {*taken.index}
    absent = told({"source": "communes", "state": "absent"}, {"source": "contours", "state": "absent"})
    assert {"contours", "town_halls"} <= {*absent.index}
    assert "communes" not in absent.index


def test_town_halls_that_a_campaign_took_stand_for_those_shipped() -> None:
    rows = told({"source": "town_halls", "publisher": "Un tiers", "as_of": "2022-01-01"})
    assert rows.loc["town_halls", "publisher"] == "Un tiers"


def test_of_each_survey_the_day_and_the_ages_of_its_rows_are_told() -> None:
    deposits = pd.DataFrame(
        [("d2", "b.xlsx", "2022-11-20T09:00:00+00:00"), ("d1", "a.xlsx", "2022-11-02T09:00:00+00:00")],
        columns=["deposit_id", "filename", "received_at"],
    )
    days = ["2022-01-05", "2019-03-02", None, "2022-10-01", "2020-02-30"]
    places = pd.DataFrame({"deposit_id": ["d1"] * 5, "updated_on": days}, dtype=object)
    first, second = told_surveys(deposits, places, on=ON).to_dict("records")
    assert (first["filename"], first["number"], first["as_of"], first["age_days"]) == ("a.xlsx", 1, "2022-11-02", 29)
    assert (first["rows"], first["dated_rows"]) == (5, 3)
    assert [first[name] for name in ("oldest_row", "median_row", "newest_row")] == [
        "2019-03-02", "2022-01-05", "2022-10-01",
    ]  # fmt: skip
    assert (second["filename"], second["rows"], second["dated_rows"], second["oldest_row"]) == ("b.xlsx", 0, 0, None)


def test_where_nothing_was_handed_in_it_is_a_row_too() -> None:
    (row,) = told_surveys(pd.DataFrame(), pd.DataFrame(), on=ON).to_dict("records")
    assert (row["source"], row["state"]) == ("survey", "absent")


def test_limits_are_whole_days_and_what_ships_is_no_source_of_its_own() -> None:
    for row in read_csv("shipped_sources.csv"):
        assert row["source"] not in SOURCES
        assert row["why"]
        assert not row["max_age_days"] or int(row["max_age_days"]) > 0
