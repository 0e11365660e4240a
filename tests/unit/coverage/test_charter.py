"""The charter is computed where our tables answer, with its n, and says nothing where nobody stated anything."""

from __future__ import annotations

import pandas as pd
import pytest

from fs_pipeline.coverage.charter import Answer, charter, charter_items
from fs_pipeline.coverage.commitments import commitments, state_of

ON = "2022-11-15"
PLACES = pd.DataFrame(
    {
        "in_france_services": [True, True, True, True, False],
        "kind": ["fixed", "fixed", "fixed", "itinerant", "fixed"],
        "opening_hours": [
            "Mo-Fr 09:00-12:00,13:30-17:00",
            "Mo 09:00-12:00",
            None,
            "Mo-Fr 08:00-20:00",
            "Mo-Fr 08:00-20:00",
        ],
        "week_parity": None,
    }
)
MATRIX = pd.DataFrame({"evidence": ["confirmed", "by_label", "none", "unknown"]})
COUNTS = pd.DataFrame([{"beyond": 500.0, "beyond_with_stop": 200.0}])
ACTORS = pd.DataFrame({"commitment": ["Ouvrir", None, None]}, dtype=object)


def said(**changes: object) -> dict[str, dict[str, object]]:
    given = {"places": PLACES, "matrix": MATRIX, "counts": COUNTS, "actors": ACTORS} | changes
    rows = charter(on=ON, **given)  # type: ignore[arg-type]
    return {str(row["code"]): row for row in rows.to_dict("records")}  # type: ignore[misc]


def test_what_our_tables_answer_is_computed_with_its_n_and_what_is_missing() -> None:
    found = {
        code: (row["value"], row["n"], row["missing"]) for code, row in said().items() if row["state"] == "computed"
    }
    assert found == {
        "open_24": (1.0, 2.0, 1.0),
        "help_said": (2.0, 4.0, 0.0),
        "go_far": (200.0, 500.0, 0.0),
        "commit": (1.0, 3.0, 0.0),
    }


def test_the_rest_is_not_stated_until_somebody_states_it_and_every_item_is_a_draft() -> None:
    rows = said()
    assert pd.isna(rows["named_person"]["value"])
    assert (rows["named_person"]["state"], rows["named_person"]["draft"]) == ("not_stated", True)
    told = said(stated={"named_person": Answer(13.0, 16.0, 1.0, "préfecture")})["named_person"]
    assert (told["state"], told["value"], told["n"]) == ("stated", 13.0, 16.0)
    assert not any(item["source"] for item in charter_items())


def test_nothing_is_computed_of_nothing() -> None:
    empty = {"places": PLACES[:0], "matrix": MATRIX[:0], "counts": COUNTS[:0], "actors": ACTORS[:0]}
    assert {row["state"] for row in said(**empty).values()} == {"not_stated"}
    unread = said(places=PLACES.assign(opening_hours=None), matrix=MATRIX[1:2])
    assert {unread[code]["state"] for code in ("open_24", "help_said")} == {"not_stated"}


@pytest.mark.parametrize(
    ("status", "due", "state"),
    [
        ("Tenu le 3", "2022-01-01", "kept"),
        ("réalisé", None, "kept"),
        ("en cours", "2022-11-14", "late"),
        (None, "2022-11-15", "under_way"),
        ("tenue prévue", None, "kept"),
        (None, None, "undated"),
        (float("nan"), float("nan"), "undated"),
    ],
)
def test_a_promise_stands_where_its_day_and_its_status_say(status: object, due: object, state: str) -> None:
    assert state_of(status, due, ON) == state


def test_late_promises_come_first_with_their_days_and_actors_without_one_are_left_out() -> None:
    actors = pd.DataFrame(
        {
            "name": ["A", "B", None, "D"],
            "kind": None,
            "commitment": ["Ouvrir", "Former", "Aller", None],
            "due_on": ["2023-01-01", "2022-10-01", None, "2022-01-01"],
            "status": [None, "en cours", None, None],
        },
        dtype=object,
    )
    rows = commitments(actors, on=ON)
    assert rows["state"].tolist() == ["late", "under_way", "undated"]
    assert rows["days_late"].tolist()[0] == 45
    assert rows["commitment"].tolist() == ["Former", "Ouvrir", "Aller"]
