"""From the minutes that leave, nobody finds a point that does not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import least_squares

from fs_pipeline.editions.edition import apply

WITHHELD, LISTED, OPEN, OUTSIDE = "33-withheld", "33-listed", "33-open", "64-elsewhere"
POINT = (44.806123, -0.640321)
STREETS = {
    WITHHELD: "4 impasse Zqavo",  # in no public list
    LISTED: "5 impasse Zqavo",
    OPEN: None,
}
COMMUNES = pd.DataFrame({"insee": ["33318"], "name": ["Pessac"], "departement": ["33"], "epci_name": [None]})


def tables(nearest: str, service: str = "confirmed", demarche: str = "R100") -> dict[str, pd.DataFrame]:
    """Twelve points in a ring, and the minutes from each to `nearest`, at one minute a hundredth of a degree."""
    turns = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    points = pd.DataFrame({"latitude": 44.8 + 0.1 * np.sin(turns), "longitude": -0.6 + 0.1 * np.cos(turns)})
    minutes = 100 * np.hypot(points["latitude"] - POINT[0], points["longitude"] - POINT[1])
    slot = {"campaign": "2022-12", "departement": "33"}
    asked = slot | {"insee": "33318", "demarche_id": demarche, "method": "estimated"}
    access = pd.DataFrame(
        {
            "point_id": [f"p{number}" for number in range(12)],
            **{name: [value] * 12 for name, value in asked.items()},
            "service": service,
            "minutes": minutes,
            "minutes_low": minutes / 1.2,
            "minutes_high": minutes * 1.2,
            "place_id": nearest,
            "reason": None,
        }
    )
    places = pd.DataFrame(
        [
            slot
            | {"place_id": place, "name": "Mairie", "address": street, "insee": "33318", "commune": "Pessac"}
            | {"latitude": POINT[0], "longitude": POINT[1], "in_france_services": place == LISTED, "in_survey": True}
            for place, street in STREETS.items()
        ]
    )
    commune = access.iloc[:1].assign(counted_at="squares", points=12, population=1.0)
    return {
        "places": places,
        "communes": COMMUNES,
        "access_minutes": access,
        "int_commune_minutes": commune,
        "coverage": access[["point_id", *asked, "minutes"]].assign(verdict_near=service, verdict_far=service),
        "gaps": commune[
            ["campaign", "departement", "insee", "minutes", "minutes_low", "minutes_high", "method", "reason"]
        ],
        "demand_points": points,
    }


HOLDING_MINUTES = ("access_minutes", "int_commune_minutes", "coverage", "gaps")


def said(frame: pd.DataFrame) -> pd.DataFrame:
    """Every column of minutes that leaves."""
    return frame[[name for name in frame if name.startswith("minutes")]]


def emptied(let_out: dict[str, pd.DataFrame]) -> list[bool]:
    return [bool(said(let_out[name]).isna().all(axis=None)) for name in HOLDING_MINUTES if name in let_out]


@pytest.mark.parametrize("service", ["confirmed", "general", "orientation", "france_services"])
def test_no_minutes_lead_to_a_street_that_is_withheld(service: str) -> None:
    let_out = apply(tables(WITHHELD, service), "partners")
    assert emptied(let_out) == [True] * 4
    assert set(let_out["access_minutes"]["reason"]) == {"réservé\u00a0: le lieu le plus proche n’est pas publié"}
    assert len(let_out["access_minutes"]) == 12  # and who is how far by the thresholds stays
    assert set(let_out["coverage"]["verdict_far"]) == {service}


@pytest.mark.parametrize("edition", ["partners", "public"])
@pytest.mark.parametrize(
    ("nearest", "service"),
    [
        (OPEN, "confirmed"),
        (OPEN, "general"),
        (LISTED, "france_services"),
        (LISTED, "confirmed"),
        (OUTSIDE, "itinerant"),
    ],
)
def test_minutes_to_what_is_published_leave_whole(nearest: str, service: str, edition: str) -> None:
    asked = tables(nearest, service)
    let_out = apply(asked, edition)  # type: ignore[arg-type]
    for name in ("access_minutes", "int_commune_minutes", "coverage"):
        pd.testing.assert_frame_equal(said(let_out[name]), said(asked[name]))


@pytest.mark.parametrize("service", ["confirmed", "general", "orientation"])
def test_what_a_neighbour_s_survey_alone_may_know_stays_inside(service: str) -> None:
    assert emptied(apply(tables(OUTSIDE, service), "partners")) == [True] * 4


def test_the_prefecture_reads_all() -> None:
    asked = tables(WITHHELD)
    assert apply(asked, "internal")["access_minutes"] is asked["access_minutes"]


def test_only_what_repeats_a_lost_minute_goes_with_it() -> None:
    asked = tables(WITHHELD)
    other = asked["coverage"].assign(demarche_id="R200", minutes=asked["coverage"]["minutes"] + 1)
    let_out = apply(asked | {"coverage": pd.concat([asked["coverage"], other], ignore_index=True)}, "partners")
    by_demarche = let_out["coverage"].groupby("demarche_id")["minutes"].count()
    assert by_demarche.to_dict() == {"R100": 0, "R200": 12}


def test_a_point_whose_minutes_are_given_would_be_found_again() -> None:
    """Why the rule is there: twelve minutes and the rule of estimation give the point to the metre."""
    asked = tables(WITHHELD)
    points = asked["demand_points"].to_numpy()

    def found(minutes: pd.Series) -> np.ndarray:
        known = minutes.notna().to_numpy()
        told = minutes[known].to_numpy(dtype=float)

        def missed(point: np.ndarray) -> np.ndarray:
            return 100 * np.hypot(*(points[known] - point).T) - told

        return np.asarray(least_squares(missed, points.mean(axis=0)).x) if known.any() else points.mean(axis=0)

    assert np.allclose(found(asked["access_minutes"]["minutes"]), POINT, atol=1e-5)
    assert not np.allclose(found(apply(asked, "public")["access_minutes"]["minutes"]), POINT, atol=1e-3)
