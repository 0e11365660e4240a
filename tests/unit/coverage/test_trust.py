"""What a dossier rests on: old and undated are two things, and what waits is counted from what was looked at."""

from __future__ import annotations

import pandas as pd

from fs_pipeline.coverage.trust import brief_trust

ON = "2022-11-15"


def row(**changes: object) -> dict[str, object]:
    given: dict[str, object] = {
        "sources": pd.DataFrame(
            [
                {"as_of": "2020-01-01", "age_days": 1049, "state": "taken"},
                {"as_of": "2021-11-15", "age_days": 365, "state": "taken"},
                {"as_of": "2022-10-31", "age_days": 15, "state": "last_good"},
                {"as_of": None, "age_days": None, "state": "taken"},
                {"as_of": None, "age_days": None, "state": "absent"},
            ]
        ),
        "survey_dates": pd.Series(["2020-05-04", "2022-05-04", None, "date inconnue"], dtype=object),
        "places": pd.DataFrame(
            {"updated_on": ["2019-12-31", None], "latitude": [44.8, None], "longitude": [-0.6, None]}, dtype=object
        ),
        "pairs": pd.DataFrame(index=range(7)),
        "counts": pd.DataFrame([{"to_review": 2}]),
    }
    return brief_trust(**(given | changes), on=ON).iloc[0].to_dict()  # type: ignore[arg-type]


def test_ages_are_counted_at_the_reference_date_and_what_has_none_apart() -> None:
    said = row()
    assert (said["sources"], said["sources_absent"], said["sources_undated"], said["sources_old"]) == (5, 1, 1, 1)
    assert (said["oldest_source_on"], said["newest_source_on"]) == ("2020-01-01", "2022-10-31")
    assert (said["survey_rows"], said["survey_rows_old"], said["survey_rows_undated"]) == (4, 1, 2)
    assert (said["places"], said["places_old"], said["places_undated"]) == (2, 1, 1)
    assert (said["places_without_point"], said["pairs"], said["pairs_waiting"]) == (1, 7, 2)


def test_a_slot_without_anything_has_no_date_and_no_pair() -> None:
    said = row(
        sources=pd.DataFrame(columns=["as_of", "age_days", "state"]),
        survey_dates=pd.Series(dtype=object),
        counts=pd.DataFrame(columns=["to_review"]),
    )
    assert (said["sources"], said["survey_rows"], said["oldest_source_on"], said["pairs_waiting"]) == (0, 0, None, None)
