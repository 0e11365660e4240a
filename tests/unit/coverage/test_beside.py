"""A département's figures beside others': only what was found in the same way, and nobody is waited for."""

from __future__ import annotations

import pandas as pd
import pytest

from fs_pipeline.coverage.beside import Earlier, beside, compared_figures
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.data import read_csv

THRESHOLDS = Thresholds(20, 30)
ROAD, ESTIMATED = "par la route", "à vol d’oiseau"
TERRITORIES = pd.DataFrame(
    [
        (f"{n:02d}", f"Département {n}", "75" if n <= 3 else "76" if n <= 5 else "04", f"Région de {n}")
        for n in range(1, 7)
    ],
    columns=["code", "name", "region", "region_name"],
)


def near(departement: str, value: float | None, n: float, method: str = ROAD) -> dict[str, object]:
    return {
        "departement": departement, "key": "population_within", "dimension": "threshold=20", "value": value,
        "unit": "share", "n": n, "method": method,
    }  # fmt: skip


def listed(departement: str, value: float) -> dict[str, object]:
    return near(departement, value, value, "lignes") | {"key": "france_services", "dimension": "", "unit": "places"}


def told(rows: list[dict[str, object]], departement: str = "01", **more: object) -> dict[str, dict[str, object]]:
    found = beside(
        pd.DataFrame(rows),
        campaign="2022-12",
        departement=departement,
        departements=TERRITORIES,
        thresholds=THRESHOLDS,
        **more,
    )  # type: ignore[arg-type]
    rows_found = found.astype(object).where(found.notna(), None).to_dict("records")
    return {f"{row['scope']} {row['territory']}": row for row in rows_found}


def test_a_share_of_several_is_of_all_their_inhabitants_and_a_count_is_a_mean() -> None:
    shares = told([near("01", 0.5, 1000.0), near("02", 1.0, 3000.0), near("04", 0.25, 4000.0)])
    assert shares["region 75"]["value"] == pytest.approx(0.875)
    assert (shares["region 75"]["departements"], shares["region 75"]["among"]) == (2, 3)
    assert shares["nation FR"]["value"] == pytest.approx(0.5625)
    counts = told([listed("01", 10.0), listed("02", 20.0)])
    assert counts["region 75"]["value"] == 15.0
    assert counts["departement 02"]["value"] == 20.0


def test_what_was_found_in_another_way_is_not_compared() -> None:
    found = told(
        [near("01", 0.5, 1000.0), near("02", 0.9, 1.0), near("03", 0.1, 1.0, ESTIMATED), near("04", None, 1.0)]
    )
    assert {name for name in found if name.startswith("departement")} == {"departement 02"}
    assert found["region 75"]["departements"] == 2


@pytest.mark.parametrize(
    ("departement", "scope", "reason"),
    [("01", "region 75", "few"), ("06", "region 04", "alone"), ("06", "nation FR", "few")],
)
def test_too_few_are_no_region_and_no_nation(departement: str, scope: str, reason: str) -> None:
    found = told([near("01", 0.5, 1000.0), near("06", 0.7, 1000.0)], departement)
    assert (found[scope]["value"], found[scope]["reason"]) == (None, reason)


def test_a_figure_that_the_departement_lacks_has_nothing_beside_it() -> None:
    assert not told([near("01", None, 0.0), near("02", 0.9, 1.0)])


@pytest.mark.parametrize(
    ("method", "share", "value", "reason"),
    [(ROAD, 0.4, 0.4, None), (ESTIMATED, 0.4, None, "other_method"), (ROAD, None, None, "other_points")],
)
def test_the_last_campaign_counts_the_same_inhabitants_in_the_same_way(
    method: str, share: float | None, value: float | None, reason: str | None
) -> None:
    change = {"service": "france_services", "threshold": 20, "previous_campaign": "2022-06", "previous_share": share}
    earlier = Earlier("2022-06", pd.DataFrame([near("01", 0.45, 900.0, method)]))
    changes = pd.DataFrame([change]).dropna(subset=["previous_share"])
    found = told([near("01", 0.5, 1000.0)], earlier=earlier, changes=changes)["previous 01"]
    assert (found["value"], found["reason"], found["of_campaign"]) == (value, reason, "2022-06")


def test_the_order_of_rows_changes_no_digit() -> None:
    rows = [near(f"{n:02d}", 1 / (n + 0.3), 100.1 * n) for n in range(1, 7)]
    assert told(rows) == told(rows[::-1])


def test_each_figure_that_is_compared_exists_and_each_other_says_why_it_is_not() -> None:
    known = {
        (row["key"], row["dimension"].format(near=20, far=30, detail="")) for row in read_csv("indicator_words.csv")
    }
    for one in compared_figures(THRESHOLDS):
        assert (one.key, one.dimension) in known
        assert bool(one.pooled) != bool(one.why_not)
