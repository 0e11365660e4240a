"""What a forbidden source alone says stays inside, field by field; what others say stands in its place."""

import pandas as pd
import pytest

from fs_pipeline.editions.provenance import publishable_sources, withheld_places, without_forbidden_values

CLOSED = "secret_list"
OPEN = ("survey", "france_services")


def place(**values: object) -> dict[str, object]:
    known = {
        "campaign": "2022-12", "departement": "33", "place_id": "33-a", "name": "Mairie", "address": "1 place de la Mairie",
        "address_extra": "Hall", "postcode": "33600", "latitude": 44.8, "longitude": -0.6, "phone": None, "itinerant": False,
        "in_survey": True, "in_france_services": False, "host_place_id": "33-h",
    }  # fmt: skip
    return known | values


def said(*rows: tuple[object, ...]) -> pd.DataFrame:
    """Rows of ``place_values``: field, value, source, and of the date, whether it wins and the source's id."""
    columns = ["field", "value", "source", "source_date", "wins", "source_id"]
    filled = [(*row, *("2022-01-01", False, "1")[len(row) - 3 :]) for row in rows]
    return pd.DataFrame(filled, columns=columns).assign(place_id="33-a")


def of_others(values: pd.DataFrame, *sources: str, **known: object) -> dict[str, object]:
    """The first place as it leaves, of two: the second is of open sources alone."""
    places = pd.DataFrame([place(**known), place(place_id="33-b", phone="+33556000009")])
    rows = [("33-a", source) for source in sources or (*OPEN, CLOSED)] + [("33-b", "survey")]
    members = pd.DataFrame(rows, columns=["place_id", "source"])
    shown = without_forbidden_values(places, values, members)
    assert list(shown) == list(places)
    assert shown.iloc[1].to_dict() == places.iloc[1].to_dict()
    return {str(name): value for name, value in shown.iloc[0].items()}


ALL_IS_SAID = [(field, str(value), "survey") for field, value in place().items() if isinstance(value, str | float)]


def test_what_a_place_is_to_us_is_nobody_s_word() -> None:
    shown = of_others(said(("name", "Mairie", "survey")))
    ours = ("campaign", "departement", "place_id", "in_survey", "in_france_services", "host_place_id", "name")
    assert {name: shown[name] for name in ours} == {name: place()[name] for name in ours}
    assert shown["address"] is None
    assert shown["itinerant"] is None


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        ([("phone", "1", "survey", "2022-03-01"), ("phone", "2", "survey", "2022-04-01")], "2"),
        ([("phone", "1", "survey", "2022-03-01", True), ("phone", "2", "survey", "2022-04-01")], "1"),
        ([("phone", "1", "survey", None), ("phone", "2", "survey", "2020-01-01")], "2"),
        ([("phone", "1", "survey"), ("phone", "2", "france_services")], "2"),
        ([("phone", "1", "survey", "2022-01-01", False, "8"), ("phone", "2", "survey", "2022-01-01", False, "7")], "2"),
        ([("phone", "3", CLOSED, "2022-09-01", True), ("phone", "1", "survey")], "1"),
        ([("phone", "0", "survey"), ("phone", "9", "france_services")], "0"),  # the value itself stands
        ([("phone", "0", CLOSED, "2022-09-01", True)], None),
        ([("email", "1", "survey")], None),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_the_first_word_of_others_is_the_winner_s_then_the_latest(
    rows: list[tuple[object, ...]], kept: str | None, turned: bool
) -> None:
    assert of_others(said(*(rows[::-1] if turned else rows)), phone="0")["phone"] == kept


def test_words_are_given_back_as_what_they_are() -> None:
    values = said(*ALL_IS_SAID, ("itinerant", "true", "survey"))
    assert of_others(values)["itinerant"] is True
    assert of_others(values, itinerant=True)["itinerant"] is True
    assert of_others(said(*ALL_IS_SAID, ("itinerant", "false", "survey")), itinerant=True)["itinerant"] is False
    moved = of_others(values, latitude=40.0, longitude=2.0)
    assert (moved["latitude"], moved["longitude"]) == (None, None) or pd.isna(moved["latitude"])


@pytest.mark.parametrize("lost", ["address", "address_extra", "postcode", "latitude", "longitude"])
def test_an_address_and_a_point_are_one_source_s_or_they_stay(lost: str) -> None:
    shown = of_others(said(*(row for row in ALL_IS_SAID if row[0] != lost)))
    blocks = [{"address", "address_extra", "postcode"}, {"latitude", "longitude"}]
    for block in blocks:
        assert all(pd.isna(shown[name]) for name in block) == (lost in block)
    assert shown["name"] == "Mairie"
    unchanged = of_others(said(*ALL_IS_SAID))
    assert {name: unchanged[name] for block in blocks for name in block} == {
        name: place()[name] for block in blocks for name in block
    }


def test_what_nobody_knew_takes_nothing_with_it() -> None:
    shown = of_others(said(*(row for row in ALL_IS_SAID if row[0] != "address_extra")), address_extra=None)
    assert shown["address"] == "1 place de la Mairie"


def test_without_a_forbidden_source_all_stands_whoever_said_it() -> None:
    assert of_others(said(), "survey", phone="0") == place(phone="0")
    nobody = pd.DataFrame({"place_id": [], "source": []})
    places = pd.DataFrame([place()])
    assert without_forbidden_values(places, said(), nobody) is places
    assert without_forbidden_values(places.iloc[:0], said(), nobody.assign()).empty


def test_a_place_is_withheld_where_no_open_source_knows_it() -> None:
    rows = [("a", CLOSED), ("b", CLOSED), ("b", "survey"), ("c", "france_services"), ("d", "nobody_s")]
    assert withheld_places(pd.DataFrame(rows, columns=["place_id", "source"])) == {"a", "d"}
    assert withheld_places(pd.DataFrame()) == frozenset()
    assert {"survey", "france_services"} <= publishable_sources()
