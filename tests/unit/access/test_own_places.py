"""A commune that is far from what stands in it says why, or says nothing that could be believed."""

import pandas as pd
import pytest

from fs_pipeline.access.own_places import with_declared, with_reasons

POINTS = pd.DataFrame(
    {
        "point_id": ["97310", "33063"], "insee": ["97310", "33063"], "longitude": [-52.33, -0.58],
        "latitude": [4.73, 44.84], "origin": "town_hall",
    }
)  # fmt: skip
CACAO = {
    "service": "france_services",
    "insee": "97310",
    "longitude": -52.47,
    "latitude": 4.57,
}  # 24 km from Roura's town hall


def asked(
    minutes: float | None,
    place: dict[str, object],
    reason: str | None = None,
    of: str = "france_services",
    points: pd.DataFrame = POINTS,
) -> str | None:
    rows = pd.DataFrame({"point_id": ["97310"], "service": [of], "minutes": [minutes], "reason": [reason]})
    said: str | None = with_reasons(rows, pd.DataFrame([place]), points, 20)["reason"].iloc[0]
    return said


def test_a_village_far_from_its_town_hall_is_told_with_its_distance() -> None:
    assert asked(33.0, CACAO) == "son lieu est à 24\u00a0km de la mairie, à vol d’oiseau"


def test_people_who_are_told_by_squares_are_told_from_where_they_live() -> None:
    assert asked(33.0, CACAO, points=POINTS.assign(origin="squares")) == (
        "son lieu est à 24\u00a0km de ces habitants, à vol d’oiseau"
    )


@pytest.mark.parametrize(
    ("minutes", "place"),
    [
        (12.0, CACAO),  # near
        (33.0, CACAO | {"insee": "33063"}),  # no place of its own
        (33.0, CACAO | {"longitude": -52.331, "latitude": 4.731}),  # 160 m in half an hour is no journey
        (33.0, CACAO | {"latitude": None}),  # nobody knows where it is
        (None, CACAO),  # not reached
    ],
)
def test_nothing_else_is_a_reason(minutes: float | None, place: dict[str, object]) -> None:
    assert asked(minutes, place) is None


def test_a_reason_that_is_known_stays() -> None:
    assert asked(33.0, CACAO, "non calculé") == "non calculé"


def test_a_demarche_is_not_told_by_the_house_of_the_label() -> None:
    assert asked(33.0, CACAO, of="confirmed") is None
    assert asked(33.0, CACAO | {"service": "confirmed"}) is None


def test_a_nearer_one_that_the_survey_alone_says_is_told_to_who_is_far_and_has_no_other_reason() -> None:
    rows = [
        ("far", "france_services", 27.0, "estimated", None),
        ("told", "france_services", 27.0, "estimated", "son lieu est à 24\u00a0km"),
        ("near", "france_services", 12.0, "estimated", None),
        ("unreached", "france_services", None, "estimated", None),
        ("lost", "france_services", None, "not_computed", "non calculé"),
        ("far", "confirmed", 27.0, "estimated", None),
        ("alone", "france_services", 27.0, "estimated", None),
    ]
    minutes = pd.DataFrame(rows, columns=["point_id", "service", "minutes", "method", "reason"])
    points = pd.DataFrame(
        {"point_id": ["far", "told", "near", "unreached", "lost"], "longitude": -0.5, "latitude": 44.8}
    )
    points.loc[len(points)] = ["alone", -0.5, 45.2]  # 39 km away
    declared = pd.DataFrame({"place_id": ["p"], "insee": ["76258"], "longitude": [-0.5], "latitude": [44.827]})  # 3 km
    found = with_declared(minutes, declared, points, {"76258": "Le Havre"}, 20)
    said = "l’enquête en dit une à 7\u00a0min, au Havre, que la liste nationale n’a pas"
    assert found["reason"].tolist() == [said, "son lieu est à 24\u00a0km", None, said, "non calculé", None, None]
