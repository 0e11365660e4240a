"""What a person decided once holds on every later run, and never where people contradict one another."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pandas as pd
import pytest

from fs_pipeline.linkage.rulings import UnreadableRulings, as_pairs, in_force, new_ruling, read_rulings, write_rulings
from fs_pipeline.safe_text import safe
from tests.unit.linkage.places import LISTED_ROWS, SURVEY_ROWS, national, survey
from tests.unit.linkage.test_places import by_source


def ruled(gironde, left, right, decision, day="2022-10-01"):  # type: ignore[no-untyped-def]
    """A ruling on two records given as (source, source_id)."""
    from fs_pipeline.linkage.records import gather_records

    records = gather_records(survey(), national(), "2022-12-01").set_index(["source", "source_id"], drop=False)
    rows = [records.loc[key].to_dict() for key in (left, right)]
    return new_ruling(*rows, decision, departement="33", decided_by="préfecture", decided_on=day)


@pytest.fixture
def parted(department):  # type: ignore[no-untyped-def]
    """A département where the model finds one place and a person said there are two."""
    gironde = department()
    found = by_source(gironde.settle(survey(), national()))
    assert found["survey", "d:0"] == found["france_services", "101"]
    gironde.rulings = pd.DataFrame(
        [
            ruled(gironde, ("survey", f"d:{row}"), ("france_services", "101"), "different")
            for row in (0, 1)
        ]
    )  # fmt: skip
    return gironde


def test_different_holds_on_a_rerun_and_in_a_new_campaign(parted):
    for campaign in ("2022-12", "2023-12"):
        place = by_source(parted.settle(survey(), national(), campaign))
        assert place["survey", "d:0"] == place["survey", "d:1"] != place["france_services", "101"]


def test_different_holds_when_the_survey_changes_its_wording(parted):
    renamed = [SURVEY_ROWS[0] | {"name": "Espace France services Bordeaux"}, *SURVEY_ROWS[1:]]
    place = by_source(parted.settle(survey(renamed), national(), "2023-12"))
    assert place["survey", "d:0"] != place["france_services", "101"]


def test_same_joins_what_no_model_would(department):
    gironde = department()
    gironde.rulings = pd.DataFrame([ruled(gironde, ("survey", "d:3"), ("la_poste", "12345A"), "same")])
    place = by_source(gironde.settle(survey(), national()))
    assert place["survey", "d:3"] == place["la_poste", "12345A"]


def test_two_people_who_contradict_one_another_override_nothing_and_are_reported(department):
    gironde = department()
    pair = ("survey", "d:0"), ("france_services", "101")
    gironde.rulings = pd.DataFrame([ruled(gironde, *pair, decision) for decision in ("same", "different")])
    place = by_source(gironde.settle(survey(), national()))
    assert place[pair[0]] == place[pair[1]]
    assert "contradiction" in set(gironde.pairs["decision"])
    assert "match" in set(gironde.pairs["decision"])


def test_a_person_may_change_her_mind(department):
    gironde = department()
    pair = ("survey", "d:0"), ("france_services", "101")
    rulings = pd.DataFrame(
        [ruled(gironde, *pair, "same", "2022-10-01"), ruled(gironde, *pair, "different", "2022-11-01")]
    )
    followed, contrary = in_force(rulings)
    assert list(followed["decision"]) == ["different"]
    assert contrary.empty


def test_same_twice_and_different_once_around_a_triangle_is_a_contradiction(department):
    gironde = department()
    corners = ("survey", "d:0"), ("france_services", "101"), ("la_poste", "12345A")
    rulings = pd.DataFrame(
        [
            ruled(gironde, corners[0], corners[1], "same"),
            ruled(gironde, corners[1], corners[2], "same"),
            ruled(gironde, corners[0], corners[2], "different"),
        ]
    )
    followed, contrary = in_force(rulings)
    assert followed.empty
    assert len(contrary) == 3


def test_rulings_travel_as_a_csv_file_and_become_pairs_to_learn_from(parted, tmp_path: Path):
    write_rulings(parted.rulings, tmp_path / "rulings.csv")
    back = read_rulings(tmp_path / "rulings.csv")
    assert back["ruling_id"].tolist() == sorted(parted.rulings["ruling_id"])
    left, right, same = as_pairs(back)
    assert set(left["name"]) | set(right["name"]) == {
        SURVEY_ROWS[0]["name"], SURVEY_ROWS[1]["name"], LISTED_ROWS[0]["name"]
    }  # fmt: skip
    assert not same.any()


def test_rulings_come_back_letter_for_letter_whatever_was_written_in_them(parted, tmp_path: Path):
    hostile = '=1+1;"=2", \'@SUM(1)\r\n-3\t+4 ; \u2028=5,'
    written = parted.rulings.assign(why=hostile, decided_by="+33199001122", left_record='{"name": "a;=1", "x": -0.5}')
    write_rulings(written, tmp_path / "rulings.csv")
    back = read_rulings(tmp_path / "rulings.csv")
    meant = written.reindex(columns=list(back)).assign(
        brought_by=None, file_sha256=None, why=safe(hostile)
    )  # the door's only change: a line ends in one way
    assert back.to_dict("records") == meant[list(back)].sort_values("ruling_id").to_dict("records")
    for separator in ",;\t":
        with (tmp_path / "rulings.csv").open(encoding="utf-8", newline="") as file:
            assert not any(
                cell.startswith(tuple("=+-@\t\r")) for row in csv.reader(file, delimiter=separator) for cell in row
            )


def test_a_decision_that_is_none_is_refused_with_its_line(parted, tmp_path: Path):
    write_rulings(parted.rulings.assign(decision="peut-être"), tmp_path / "rulings.csv")
    with pytest.raises(UnreadableRulings, match="ligne 2"):
        read_rulings(tmp_path / "rulings.csv")


def test_the_command_line_exports_and_imports_rulings(parted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from fs_pipeline.cli import main

    monkeypatch.setenv("FS_HOME", str(tmp_path / "home"))
    write_rulings(parted.rulings, tmp_path / "in.csv")
    assert main(["rulings", "import", str(tmp_path / "in.csv")]) == 0
    assert main(["rulings", "import", str(tmp_path / "in.csv")]) == 0
    assert main(["rulings", "export", str(tmp_path / "out.csv")]) == 0
    back, brought = read_rulings(tmp_path / "out.csv"), read_rulings(tmp_path / "in.csv")
    assert set(back["file_sha256"]) == {hashlib.sha256((tmp_path / "in.csv").read_bytes()).hexdigest()}
    pd.testing.assert_frame_equal(back.assign(file_sha256=None), brought)
    assert main(["rulings", "import", str(tmp_path / "absent.csv")]) == 2


def test_what_a_ruling_says_of_a_place_is_made_safe_as_it_comes_in(parted, tmp_path: Path):
    hidden = '{"name": "Mairie \\ud800\\u0007de l\\u0092\\uf0b7"}'
    write_rulings(parted.rulings.assign(left_record=hidden, why="vu\u200b sur place\u0085"), tmp_path / "rulings.csv")
    back = read_rulings(tmp_path / "rulings.csv")
    assert back["left_record"].iloc[0] == '{"name": "Mairie de l’•"}'
    assert back["why"].iloc[0] == "vu sur place…"
    write_rulings(parted.rulings.assign(left_record="{"), tmp_path / "rulings.csv")
    with pytest.raises(UnreadableRulings, match="ligne 2"):
        read_rulings(tmp_path / "rulings.csv")


def test_a_file_of_rulings_that_cannot_be_followed_is_refused_in_one_line(parted, tmp_path: Path):
    path = tmp_path / "rulings.csv"
    frame = parted.rulings.sort_values("ruling_id")

    def refusal(written: pd.DataFrame) -> str:
        written.to_csv(path, index=False)
        with pytest.raises(UnreadableRulings) as refused:
            read_rulings(path)
        return str(refused.value).removeprefix(f"{path} : ")

    second = frame["ruling_id"] == frame["ruling_id"].iloc[1]
    assert refusal(frame.drop(columns="decided_on")) == "la colonne « decided_on » manque."
    assert refusal(frame.assign(decision=frame["decision"].mask(second, "peut-être"))) == (
        "ligne 3, « peut-être » n’est ni same, ni different, ni related."
    )
    assert refusal(frame.assign(decided_on=frame["decided_on"].mask(second, "2022-11-31"))) == (
        "ligne 3, « 2022-11-31 » n’est pas une date (AAAA-MM-JJ)."
    )
    assert refusal(frame.assign(decided_on=None)) == "ligne 2, « None » n’est pas une date (AAAA-MM-JJ)."
    assert refusal(frame.assign(right_record=frame["right_record"].mask(second, "{"))) == (
        "ligne 3, la description d’un lieu n’est pas du JSON."
    )
    frame.drop(columns=["why", "left_record", "right_record"]).to_csv(path, index=False)
    assert read_rulings(path)[["why", "left_record", "right_record"]].isna().all(axis=None)
    path.unlink()
    with pytest.raises(UnreadableRulings, match="ce fichier ne peut pas être lu comme un CSV de décisions"):
        read_rulings(path)


def test_a_ruling_holds_both_records_in_one_order_and_has_one_id(department):
    gironde = department()
    pair = ("survey", "d:0"), ("france_services", "101")
    one, two = (ruled(gironde, *sides, "same") for sides in (pair, pair[::-1]))
    assert one == two
    assert (one["left_source"], one["right_source"], one["left_key"]) == ("france_services", "survey", "101")
    assert '"name": "France services Bordeaux Bastide"' in one["left_record"]
    assert "null" not in one["left_record"]
    assert (
        len({ruled(gironde, *pair, *said)["ruling_id"] for said in (("same",), ("different",), ("same", "2022-10-02"))})
        == 3
    )


def test_what_was_settled_is_said_by_whom_and_when(department):
    gironde = department()
    pair = ("survey", "d:2"), ("france_services", "102")
    gironde.rulings = pd.DataFrame([ruled(gironde, *pair, "related")])
    gironde.settle(survey(), national())
    (row,) = gironde.pairs[gironde.pairs["score"] == 1.0].to_dict("records")
    assert (row["decision"], row["reason"]) == (
        "related",
        "l’un accueille l’autre, décidé par préfecture le 2022-10-01",
    )
    assert row["left"] < row["right"]
    gironde.rulings = pd.DataFrame([ruled(gironde, *pair, said) for said in ("same", "different")])
    gironde.settle(survey(), national())
    disputed = gironde.pairs[gironde.pairs["decision"] == "contradiction"]
    assert disputed[["left", "right", "score"]].drop_duplicates().to_numpy().tolist() == [
        [row["left"], row["right"], 0.0]
    ]
