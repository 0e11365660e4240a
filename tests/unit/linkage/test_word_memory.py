"""A département remembers its local words: heard in the campaigns that follow, confirmed or refused by rulings."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from fs_pipeline.linkage.local_words import LocalWord
from fs_pipeline.linkage.reconcile import match_with_words
from fs_pipeline.linkage.records import gather_records
from fs_pipeline.linkage.rulings import apply_rulings, read_rulings
from fs_pipeline.linkage.settling import read_decisions
from fs_pipeline.linkage.word_memory import WordMemory, remember, remembered
from fs_pipeline.territory.model import Territory
from fs_pipeline.warehouse.engine import empty_frame
from fs_pipeline.warehouse.frames import table_frame
from tests.unit.linkage.places import national, survey
from tests.unit.linkage.test_local_words import OFFICIAL, called

PHRASE = "relais zubertin 33"
WORD = LocalWord("33", PHRASE, 6, 3, 0)
NOTHING = table_frame("local_words", [])
HEADER = "ruling_id,departement,left_source,left_key,right_source,right_key,decision,decided_by,decided_on\n"


def ruled(folder: Path, *lines: str) -> pd.DataFrame:
    """Rulings, as a person writes them in a file."""
    path = folder / "decisions.csv"
    path.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return read_rulings(path)


def said(decision: str, word: str = PHRASE, number: int = 1, day: str = "2023-01-05") -> str:
    return f"{number},33,local_word,{word},france_services,label,{decision},Préfecture de la Gironde,{day}"


def matched(
    territory: Territory, rows: list[dict[str, object]], memory: WordMemory
) -> tuple[list[str], tuple[LocalWord, ...]]:
    """Reasons of what is a match, and what was learned."""
    listed = [
        row | {"source": "france_services", "source_id": str(number), "service_type": "france_services"}
        for number, row in enumerate(OFFICIAL)
    ]
    records = gather_records(survey(rows), national(listed), "2022-12-01")
    pairs, words = match_with_words(records, territory, memory)
    return pairs.loc[pairs["decision"] == "match", "reason"].tolist(), words


def test_a_word_that_was_learned_is_heard_where_the_next_survey_teaches_it_no_more(territory: Territory) -> None:
    reasons, words = matched(territory, called("Relais Zubertin 33", 3, elsewhere=3), WordMemory())
    assert words == (WORD,)
    assert len(reasons) >= 3
    one = called("Relais Zubertin 33", 1)
    assert matched(territory, one, WordMemory()) == ([], ())
    kept = remembered(words, NOTHING, "2022-12")
    (reason,), again = matched(territory, one, remember(kept, empty_frame("rulings"), "2023-12"))
    assert PHRASE in reason
    assert again == ()  # what is remembered is not learned anew
    assert kept[["first_campaign", "last_campaign"]].to_numpy().tolist() == [["2022-12", "2022-12"]]
    later = remembered([LocalWord("33", PHRASE, 9, 5, 0)], kept, "2023-12")
    assert later.to_dict("records") == [
        {"departement": "33", "phrase": PHRASE, "bearing": 9, "at_houses": 5, "official": 0,
         "first_campaign": "2022-12", "last_campaign": "2023-12"},
    ]  # fmt: skip


@pytest.mark.parametrize("word", [PHRASE, "Relais Zubertin 33"])
def test_a_word_that_a_person_refused_is_never_heard_nor_learned_again(
    territory: Territory, tmp_path: Path, word: str
) -> None:
    memory = remember(remembered([WORD], NOTHING, "2022-12"), ruled(tmp_path, said("different", word)), "2022-12")
    reasons, words = matched(territory, called("Relais Zubertin 33", 3, elsewhere=3), memory)
    assert words == ()
    assert not [reason for reason in reasons if PHRASE in reason]


def test_a_word_that_a_person_confirmed_is_heard_though_nothing_teaches_it(
    territory: Territory, tmp_path: Path
) -> None:
    memory = remember(NOTHING, ruled(tmp_path, said("same")), "2022-12")
    (reason,), _ = matched(territory, called("Relais Zubertin 33", 1), memory)
    assert reason.endswith(f"«\u00a0{PHRASE}\u00a0»\u00a0: France services, par décision")


def test_the_last_word_holds_and_of_two_that_contradict_each_other_none(tmp_path: Path) -> None:
    kept = remembered([WORD], NOTHING, "2022-12")

    def heard(known: pd.DataFrame, learned: list[LocalWord], *lines: str) -> tuple[LocalWord, ...]:
        return remember(known, ruled(tmp_path, *lines), "2022-12").with_learned(learned)

    assert heard(kept, [], said("same"), said("different", number=2, day="2023-02-01")) == ()
    assert heard(kept, [], said("same"), said("different", number=2)) == (WORD,)
    assert heard(NOTHING, [WORD], said("different")) == ()
    part = LocalWord("33", "zubertin", 2, 2, 6)
    assert heard(kept, [part], said("different")) == ()
    assert heard(kept, [part], said("different", "zubertin")) == (WORD,)
    assert remember(kept, empty_frame("rulings"), "2022-06").known == ()  # what was learned later is not known yet


def test_a_decision_on_a_word_comes_back_by_file_and_settles_no_pair(territory: Territory, tmp_path: Path) -> None:
    rulings = ruled(tmp_path, said("same"), said("different", "antenne", 2))
    records = gather_records(survey(), national(), "2022-12-01")
    pairs = match_with_words(records, territory, WordMemory())[0]
    assert apply_rulings(pairs, rulings, records, territory).equals(pairs)
    read = read_decisions(tmp_path / "decisions.csv", brought_by="Préfecture", on=pd.Timestamp("2023-01-06").date())
    assert read["left_key"].tolist() == [PHRASE, "antenne"]
