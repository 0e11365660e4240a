"""The week as a grid: every cell says its share, what buses add, and what nobody knows."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pandas as pd
import pytest

from fs_pipeline.cartography.hours_chart import draw_hours

LABEL = "label:france_services"


def by_hour(**changed) -> pd.DataFrame:
    rows = [
        {
            "service": LABEL, "threshold": 20, "period": "usual", "week_parity": "every", "weekday": day, "hour": hour,
            "share": 0.62, "share_with_buses": 0.62, "share_unknown": 0.0, "places": 8, "buses": 1, "without_hours": 2,
            "method": "estimated",
        }
        for day in ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
        for hour in (9, 14)
    ]  # fmt: skip
    frame = pd.DataFrame(rows)
    frame.loc[frame["weekday"] == "Su", ["share", "share_with_buses"]] = 0.0
    for name, value in changed.items():
        frame.loc[(frame["weekday"] == "Tu") & (frame["hour"] == 14), name] = value
    return frame


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_a_cell_says_the_share_and_what_buses_and_unknown_hours_would_add():
    found = texts(draw_hours(by_hour(share_with_buses=0.65, share_unknown=0.12), service=LABEL).svg)
    assert found.count("62") == 12
    assert "+3 ?12" in found
    assert any("bus ajoutent" in text for text in found)
    assert any("horaires inconnus" in text for text in found)


def test_sunday_shows_only_when_somebody_receives():
    assert "dimanche" not in texts(draw_hours(by_hour(), service=LABEL).svg)
    open_sunday = by_hour()
    open_sunday.loc[open_sunday["weekday"] == "Su", "share_with_buses"] = 0.1
    assert "dimanche" in texts(draw_hours(open_sunday, service=LABEL).svg)


def test_odd_and_even_weeks_stand_one_under_the_other():
    both = pd.concat([by_hour().assign(week_parity=parity) for parity in ("odd", "even")])
    drawn = draw_hours(both, service=LABEL)
    assert {"Semaines impaires", "Semaines paires"} <= set(texts(drawn.svg))
    assert drawn.height > draw_hours(by_hour(), service=LABEL).height


@pytest.mark.parametrize(("share", "said"), [(0.997, ">99"), (1.0, "100"), (0.004, "<1"), (0.0, "0")])
def test_nearly_all_is_not_all_and_hardly_anybody_is_not_nobody(share, said):
    assert said in texts(draw_hours(by_hour(share=share, share_with_buses=share), service=LABEL).svg)


def test_without_figures_it_says_so():
    drawn = draw_hours(by_hour().head(0), service=LABEL)
    assert texts(drawn.svg) == ["Couverture par heure non calculée"]
