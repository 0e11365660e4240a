"""A place is told to open longer for those who certainly find no open door then and certainly would."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from fs_pipeline.coverage.levers import Sites
from fs_pipeline.coverage.longer_hours import longer_hours, would_come
from fs_pipeline.sphere import Floats
from tests.unit.coverage.moves import FAR, NEAR, PEOPLE, SERVICE, sites, states


def test_of_two_closed_on_saturday_the_one_in_the_town_opens() -> None:
    two = sites([NEAR, NEAR, FAR, FAR], [NEAR, FAR, FAR, FAR], people=[300, 10_000])
    week = "Mo-Fr 08:00-20:00"
    found = longer(two, [week, week], np.array([290.0, 10.0, 0, 0]), count=1)
    assert found[["insee", "alternatives"]].to_numpy().tolist() == [["00001", "00000"]]


COUNTRY = ["elsewhere"] * 4  # where no place is


def longer(
    places: Sites, texts: Sequence[str | None], people: Floats, count: int = 5, towns: Sequence[str] = COUNTRY
) -> pd.DataFrame:
    half_past = states(*texts, minute=30)
    return longer_hours(SERVICE, places, states(*texts), half_past, people, towns, 20, count)


def test_longer_hours_gain_those_who_find_no_open_door_then():
    two = sites([NEAR, NEAR, FAR, FAR], [FAR, FAR, NEAR, FAR])
    found = longer(two, ["Mo-Fr 09:00-19:00", "Mo-Fr 09:00-19:00; Sa 09:00-12:00"], PEOPLE)
    assert list(found[["place_id", "window", "inhabitants_gained"]].itertuples(index=False, name=None)) == [
        ("p0", "saturday_morning", 300)
    ]


def test_nobody_is_counted_at_a_village_for_the_town_that_has_its_own_place():
    own, beside, hardly = 3.0, 9.0, 4.9
    heights = [beside, hardly, NEAR, FAR]  # of a town that has its own, of one that hardly has, of the village
    town = [own, own, FAR, FAR]
    two, week = sites(heights, town, people=[100, 10_000]), "Mo-Fr 08:00-20:00"
    assert would_come(two, COUNTRY, PEOPLE, 20).T.tolist() == [[False, True, True, False], [True, True, False, False]]
    (row,) = longer(two, [week, None], PEOPLE).to_dict("records")  # the town's own hours are not known
    assert (row["place_id"], row["inhabitants_gained"]) == ("p0", 300)
    found = longer(two, [week, week], PEOPLE, count=2)
    assert found[["place_id", "inhabitants_gained_alone"]].to_numpy().tolist() == [["p0", 500], ["p1", 300]]


def test_a_commune_that_has_places_goes_to_its_own_even_where_another_is_nearer():
    own, other = [NEAR + 1, NEAR + 9 - 5, NEAR + 1, FAR], [NEAR] * 4
    two, week = sites(own, other), "Mo-Fr 08:00-20:00"
    towns = ["00000", "00000", "elsewhere", "00001"]
    assert would_come(two, towns, PEOPLE, 20).T.tolist() == [[True, True, True, False], [False, False, True, True]]
    found = longer(two, [week, week], PEOPLE, count=2, towns=towns)
    assert dict(zip(found["place_id"], found["inhabitants_gained_alone"], strict=True)) == {
        "p0": float(PEOPLE[:3].sum()), "p1": float(PEOPLE[2:].sum()),
    }  # fmt: skip


def test_a_place_opens_longer_on_the_days_on_which_somebody_is_there():
    one = sites([NEAR, NEAR, NEAR, FAR])
    every_day = longer(one, ["Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00"], PEOPLE)
    assert {"evening", "lunch"} <= set(every_day["window"])
    on_monday = longer(one, ["Mo 09:00-12:30; Tu-Su off"], PEOPLE)
    assert not {"evening", "lunch"} & set(on_monday["window"])
    assert len(on_monday)  # of a new half-day


def test_people_near_a_place_whose_hours_are_unknown_are_not_gained():
    two = sites([NEAR, NEAR, FAR, FAR], [FAR, NEAR, FAR, FAR])
    found = longer(two, ["Mo-Fr 09:00-19:00", None], PEOPLE)
    assert list(found["inhabitants_gained"]) == [100]
    assert list(found["place_id"]) == ["p0"]  # the one whose hours are unknown is no candidate


def test_a_window_open_every_other_week_counts_half():
    two = sites([NEAR, FAR, FAR, FAR], [NEAR, FAR, FAR, FAR])
    odd = "Mo-Fr 08:00-20:00; week 01-53/2 Sa 09:00-12:00"
    found = longer(two, ["Mo-Fr 08:00-20:00", odd], PEOPLE)
    assert list(found["inhabitants_gained"]) == [50]


def test_a_place_that_opens_again_within_the_window_is_not_told_to_open_then():
    (row,) = longer(sites([NEAR] * 4), ["Mo-Fr 09:00-12:00,14:00-19:00; Sa 09:00-12:00"], PEOPLE).to_dict("records")
    assert (row["window"], row["hours_a_week"]) == ("lunch", 10)
    assert longer(sites([NEAR] * 4), ["Mo-Fr 09:00-12:00,13:30-19:00; Sa 09:00-12:00"], PEOPLE).empty


def test_nobody_closed_nobody_gained():
    assert longer(sites([NEAR] * 4), ["24/7"], PEOPLE).empty


def test_who_is_perhaps_near_an_open_door_is_not_gained_nor_who_is_perhaps_too_far_from_the_new_one():
    open_then, shut = "Mo-Fr 08:00-20:00; Sa 09:00-12:00", "Mo-Fr 08:00-20:00"
    certainly, perhaps = 15.9, 23.9  # of 20 minutes at either end of the band
    two = sites([certainly, certainly, 16.1, certainly], [24.1, perhaps, 24.1, FAR])
    found = longer(two, [shut, open_then], PEOPLE)
    assert found[["window", "inhabitants_gained"]].to_numpy().tolist() == [["saturday_morning", 500]]


def test_a_larger_town_whose_place_could_not_be_tried_is_said_with_the_reason():
    shut, partly = "Mo-Fr 08:00-17:00,19:00-20:00; Sa 09:00-12:00", "Mo-Fr 08:00-17:30,19:00-20:00; Sa 09:00-12:00"
    towns = sites([NEAR, NEAR, FAR, FAR], [NEAR, NEAR, FAR, FAR], [FAR, FAR, FAR, NEAR], people=[1_000, 4_000, 9_000])

    def said(town: str | None, people: Floats) -> list[object]:
        return (
            longer(towns, [shut, town, shut], people, count=1)[["insee", "alternatives", "set_aside"]].iloc[0].tolist()
        )

    here = np.array([100.0, 200.0, 0.0, 0.0])
    assert said(shut, here) == ["00001", "00000", None]
    assert said(partly, here) == ["00000", None, "00001:partly_open"]
    towns = sites([NEAR, NEAR, FAR, FAR], [NEAR, FAR, FAR, FAR], people=[1_000, 4_000])
    (row,) = longer(towns, [shut, None], np.array([300.0, 100.0, 0, 0]), count=1).to_dict("records")
    assert (row["inhabitants_gained"], row["set_aside"]) == (100, "00001:unknown")


def test_a_town_without_a_place_does_not_go_to_a_village_for_its_evenings():
    village, week = sites([NEAR] * 4), "Mo-Fr 08:00-17:00"
    people = np.array([3_000.0, 24_000.0, 6_000.0, 100.0])
    towns = ["00000", "libourne", "saint_denis", "hamlet"]
    assert would_come(village, towns, people, 20)[:, 0].tolist() == [True, False, True, True]
    (row,) = longer(village, [week], people, towns=towns, count=1).to_dict("records")
    assert row["inhabitants_gained"] == 9_100
