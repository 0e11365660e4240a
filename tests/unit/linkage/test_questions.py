"""What a clerk is asked, in which order, and what becomes of the answers: on this run, and on every later one."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from fs_pipeline.cli import main
from fs_pipeline.linkage.questions import DECISION, ask, question_id
from fs_pipeline.linkage.records import gather_records
from fs_pipeline.linkage.rulings import COLUMNS, UnreadableRulings, read_rulings
from fs_pipeline.linkage.settling import not_known, read_decisions
from fs_pipeline.tabular.delimited import frame_csv
from tests.unit.linkage.places import LISTED_ROWS, SURVEY_ROWS, national, survey
from tests.unit.linkage.test_places import by_source

TODAY = dt.date(2022, 12, 5)
WHO = "Préfecture de la Gironde"
LIST = [("survey", "d:0"), ("france_services", "101"), ("la_poste", "12345A"), ("annuaire", "mairie-33036-01")]


def records() -> pd.DataFrame:
    return gather_records(survey(), national(), "2022-12-01")


def questions(
    pairs: list[tuple[int, int, float, str]], minutes: dict[str, list[str]] | None = None, place: str = "ABCD"
) -> pd.DataFrame:
    """Asked of records of ``LIST``, each in a place of its letter; pairs are (left, right, score, decision)."""
    told = pd.DataFrame(
        [
            {"left_source": LIST[a][0], "left_id": LIST[a][1], "right_source": LIST[b][0], "right_id": LIST[b][1],
             "score": score, "decision": decision, "reason": "même rue"}
            for a, b, score, decision in pairs
        ],
        columns=["left_source", "left_id", "right_source", "right_id", "score", "decision", "reason"],
    )  # fmt: skip
    members = pd.DataFrame(
        [{"source": source, "source_id": own, "place_id": letter}
         for (source, own), letter in zip(LIST, place, strict=True)]
    )  # fmt: skip
    waiting = pd.DataFrame(
        [{"place_id": place[a], "other_place_id": place[b]} for a, b, _, decision in pairs if decision == "review"],
        columns=["place_id", "other_place_id"],
    )
    near = minutes or {}
    seen = pd.DataFrame(
        [{"point_id": point, "place_id": letter} for letter, points in near.items() for point in points],
        columns=["point_id", "place_id"],
    )
    points = pd.DataFrame({"point_id": ["p", "q", "r"], "population": [100.0, 20.0, None]})
    return ask("33", records(), told, waiting, members, seen, points)


def test_one_question_a_place_the_likeliest_and_the_others_are_counted():
    asked = questions([(0, 1, 0.5, "review"), (0, 2, 0.7, "review"), (1, 3, 0.4, "review")])
    own = records().set_index("source_id").loc["d:0", "source_key"]
    assert sorted(asked[["left", "right", "also_waiting"]].itertuples(index=False, name=None)) == [
        ("france_services:101", "annuaire:mairie-33036-01", 0),
        (f"survey:{own}", "la_poste:12345A", 1),
    ]


def test_a_pair_of_places_is_asked_about_once_whatever_rows_are_in_them():
    assert len(questions([(0, 1, 0.5, "review"), (0, 2, 0.7, "review")], place="ABBD")) == 1
    assert questions([(0, 1, 0.5, "review"), (0, 2, 0.7, "review")], place="ABBD")["also_waiting"].tolist() == [0]


def test_what_changes_for_most_inhabitants_comes_first_and_what_divides_people_before_all():
    pairs = [(0, 1, 0.9, "review"), (2, 3, 0.2, "review")]
    asked = questions(pairs, {"A": ["q"], "B": ["q", "r"], "C": ["p", "q"]})
    assert asked[["rank", "inhabitants", "right"]].values.tolist() == [
        [1, 120.0, "annuaire:mairie-33036-01"],
        [2, 20.0, "france_services:101"],
    ]
    torn = questions([(0, 1, 0.0, "contradiction"), (2, 3, 0.2, "review")], {"C": ["p"]})
    assert torn["right"].tolist() == ["france_services:101", "annuaire:mairie-33036-01"]


def test_a_question_is_known_by_its_records_in_whichever_order():
    sides = [("survey", "a"), ("la_poste", "1")]
    assert question_id("2A", sides) == question_id("2A", sides[::-1])
    assert question_id("2A", sides).startswith("2A-")
    assert question_id("2A", sides) != question_id("2B", sides)


def filled(folder: Path, asked: pd.DataFrame, *said: dict[str, str], encoding: str = "utf-8", sign: str = ",") -> Path:
    """The questions as a file, answered from the first line on."""
    path = folder / "rapprochements.csv"
    lines = list(csv.DictReader(frame_csv(asked).splitlines()))
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]), delimiter=sign)
        writer.writeheader()
        for number, line in enumerate(lines):
            writer.writerow(line | (said[number] if number < len(said) else {}))
    return path


TWO = [(0, 1, 0.9, "review"), (2, 3, 0.2, "review")]


@pytest.mark.parametrize(
    ("answer", "decision"),
    [("même lieu", "same"), ("Oui", "same"), ("LIEUX DIFFÉRENTS", "different"), ("non", "different"),
     ("l’un accueille l’autre", "related"), ("L'un accueille l'autre ", "related")],
)  # fmt: skip
def test_each_answer_is_heard_as_it_is_typed_and_nothing_else_is_kept(tmp_path, answer, decision):
    path = filled(tmp_path, questions(TWO), {DECISION: answer})
    (row,) = read_decisions(path, brought_by=WHO, on=TODAY).to_dict("records")
    assert (row["decision"], row["decided_by"], row["decided_on"], row["departement"]) == (
        decision, WHO, "2022-12-05", "33",
    )  # fmt: skip
    assert '"name": "Maison France Services"' in row["right_record"]
    assert row["brought_by"] == WHO
    assert len(row["file_sha256"]) == 64


def test_a_file_that_a_spreadsheet_saved_again_is_read(tmp_path):
    path = filled(
        tmp_path,
        questions(TWO),
        {DECISION: "lieux différents", "decided_by": "M. Martin", "decided_on": "04/12/2022", "why": "deux étages"},
        encoding="cp1252",
        sign=";",
    )
    (row,) = read_decisions(path, brought_by=None, on=TODAY).to_dict("records")
    assert (row["decision"], row["decided_by"], row["decided_on"], row["why"], row["brought_by"]) == (
        "different", "M. Martin", "2022-12-04", "deux étages", None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        (
            {DECISION: "peut-être"},
            "ligne 2, la colonne « décision » attend : même lieu, lieux différents, l’un accueille",
        ),
        (
            {DECISION: "oui", "left": "survey:0"},
            "ligne 2, les colonnes « question_id », « left » et « right » ne vont plus",
        ),
        ({DECISION: "oui", "decided_on": "hier"}, "ligne 2, « hier » n’est pas une date (AAAA-MM-JJ)."),
        ({DECISION: "oui", "decided_on": "31/02/2022"}, "ligne 2, « 31/02/2022 » n’est pas une date (AAAA-MM-JJ)."),
    ],
)
def test_a_line_that_is_wrong_is_named_with_what_to_type(tmp_path, said, refusal):
    with pytest.raises(UnreadableRulings) as refused:
        read_decisions(filled(tmp_path, questions(TWO), said), brought_by=WHO, on=TODAY)
    assert refusal in str(refused.value)


def test_nobody_decides_without_a_name_and_no_answer_needs_none(tmp_path):
    with pytest.raises(UnreadableRulings, match="« decided_by » doit dire qui a tranché"):
        read_decisions(filled(tmp_path, questions(TWO), {DECISION: "oui"}), brought_by=None, on=TODAY)
    nothing = filled(tmp_path, questions(TWO), {DECISION: "je ne sais pas"}, {DECISION: " "})
    assert read_decisions(nothing, brought_by=None, on=TODAY).empty


def test_a_file_without_its_columns_says_which(tmp_path):
    asked = questions(TWO)
    for name in (DECISION, "left"):
        (tmp_path / "short.csv").write_text(frame_csv(asked.drop(columns=name)), encoding="utf-8")
        with pytest.raises(UnreadableRulings, match=f"la colonne « {name} » manque"):
            read_decisions(tmp_path / "short.csv", brought_by=WHO, on=TODAY)


def test_a_decision_on_record_is_never_written_over_and_one_who_thinks_again_says_when(tmp_path):
    def said(**cells: str) -> pd.DataFrame:
        return read_decisions(filled(tmp_path, questions(TWO), cells), brought_by=WHO, on=TODAY)

    first = not_known(said(**{DECISION: "oui"}), pd.DataFrame(columns=list(COLUMNS)))
    assert len(first) == 1
    later = read_decisions(tmp_path / "rapprochements.csv", brought_by=WHO, on=dt.date(2023, 1, 9))
    assert not_known(later, first).empty
    assert len(not_known(said(**{DECISION: "non", "decided_on": "2023-01-09"}), first)) == 1


def settled(gironde, national_rows, survey_rows=SURVEY_ROWS, campaign="2022-12"):  # type: ignore[no-untyped-def]
    """Places by record, and the questions that are left."""
    tables = gironde.settle(survey(survey_rows), national(national_rows), campaign)
    return by_source(tables), tables


@pytest.mark.parametrize("answer", ["même lieu", "lieux différents"])
def test_an_answer_by_file_holds_through_a_renaming_a_new_campaign_and_another_list(department, tmp_path, answer):
    gironde = department()
    found, _ = settled(gironde, LISTED_ROWS)
    together = answer == "même lieu"
    pair = (("survey", "d:3"), ("la_poste", "12345A")) if together else (("survey", "d:0"), ("france_services", "101"))
    assert (found[pair[0]] == found[pair[1]]) is not together
    told = records().assign(at=range(len(records()))).set_index(["source", "source_id"])["at"]
    sides = [records().iloc[told[side]] for side in pair]
    (row,) = (
        questions([(0, 1, 0.5, "review")])
        .assign(
            left=[f"{sides[0]['source']}:{sides[0]['source_key']}"],
            right=[f"{sides[1]['source']}:{sides[1]['source_key']}"],
            question_id=[question_id("33", [(side["source"], side["source_key"]) for side in sides])],
            **{f"{side}_{name}": [record[name]] for side, record in zip(("left", "right"), sides, strict=True)
               for name in ("name", "service_type", "address", "postcode", "insee", "commune", "phone", "email")},
        )
        .to_dict("records")
    )  # fmt: skip
    path = filled(tmp_path, pd.DataFrame([row]), {DECISION: answer})
    gironde.rulings = read_decisions(path, brought_by=WHO, on=TODAY)
    if not together:  # both rows of the survey are that house
        other = gironde.rulings.assign(ruling_id="other", **_side_of(gironde.rulings, ("survey", "d:1")))
        gironde.rulings = pd.concat([gironde.rulings, other], ignore_index=True)
    number = int(pair[0][1][-1])
    renamed = [
        row | {"name": f"{row['name']} et du Parc"} if at == number else row for at, row in enumerate(SURVEY_ROWS)
    ]
    source, own = pair[1]
    moved = [
        row | {"source": "annuaire", "source_id": "new-1"} if row["source_id"] == own else row for row in LISTED_ROWS
    ]
    for survey_rows, listed, campaign in (
        (SURVEY_ROWS, LISTED_ROWS, "2022-12"), (renamed, LISTED_ROWS, "2023-12"), (SURVEY_ROWS, moved, "2024-12"),
    ):  # fmt: skip
        found, _ = settled(gironde, listed, survey_rows, campaign)
        there = ("annuaire", "new-1") if listed is moved else (source, own)
        assert (found[pair[0]] == found.get(there)) is together, campaign


def _side_of(rulings: pd.DataFrame, record: tuple[str, str]) -> dict[str, object]:
    """The columns of the ruling's survey side, as another row of the survey would have them."""
    row = records().set_index(["source", "source_id"]).loc[record]
    return {"right_key": row["source_key"], "right_record": None}


def test_the_command_line_takes_the_answers_in_and_keeps_each_once(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("FS_HOME", str(tmp_path / "home"))
    path = filled(tmp_path, questions(TWO), {DECISION: "oui"}, {DECISION: "non"})
    assert main(["rulings", "import", str(path)]) == 2
    assert "decided_by" in capsys.readouterr().err
    assert main(["rulings", "import", str(path), "--by", WHO]) == 0
    assert "2 décisions ajoutées, 0 déjà connue." in capsys.readouterr().out.replace("\u00a0", " ")
    assert main(["rulings", "import", str(path), "--by", WHO]) == 0
    assert "0 décision ajoutée, 2 déjà connues." in capsys.readouterr().out.replace("\u00a0", " ")
    assert main(["rulings", "export", str(tmp_path / "out.csv")]) == 0
    assert sorted(read_rulings(tmp_path / "out.csv")["decision"]) == ["different", "same"]
