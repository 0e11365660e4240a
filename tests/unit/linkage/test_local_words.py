"""The words by which a département calls the label's houses, learned from invented lists."""

from __future__ import annotations

import pandas as pd
import pytest

from fs_pipeline.linkage.blocking import candidate_pairs
from fs_pipeline.linkage.comparison import compare
from fs_pipeline.linkage.link import link, link_prepared
from fs_pipeline.linkage.local_words import LocalWord, forms_of, hear_local_words, learn_local_words
from fs_pipeline.linkage.preparation import prepare
from tests.unit.linkage.test_link import listed

TOWNS = {"Bazas": "33036", "Langon": "33227", "Créon": "33140", "Cadillac": "33081", "Coutras": "33138"}
OFFICIAL = [
    {"insee": insee, "commune": town, "address": f"{number} rue du Palais", "name": f"France services de {town}"}
    for number, (town, insee) in enumerate(TOWNS.items(), start=2)
]


def called(word: str, houses: int, elsewhere: int = 0) -> list[dict[str, object]]:
    """Rows of a survey that bear a word: some at the address of a listed house, others at another street."""
    rows = [row | {"name": f"{word} {row['commune']}"} for row in OFFICIAL[:houses]]
    return rows + [
        row | {"name": f"{word} {row['commune']}", "address": "99 quai du Port"} for row in OFFICIAL[:elsewhere]
    ]


def learned(territory, rows: list[dict[str, object]], official=OFFICIAL, **options: object) -> dict[str, LocalWord]:  # type: ignore[no-untyped-def]
    survey, houses = (prepare(listed(*each), territory) for each in (rows, official))
    pairs = candidate_pairs(survey, houses)
    words = learn_local_words(survey, houses, pairs, compare(survey, houses, pairs), **options)
    return {word.phrase: word for word in words}


def test_a_phrase_that_stands_again_and_again_at_listed_houses_is_the_label(territory) -> None:
    found = learned(territory, called("Relais Zubertin 33", 3, elsewhere=3))
    assert found == {"relais zubertin 33": LocalWord("33", "relais zubertin 33", 6, 3, 0)}
    assert learned(territory, called("Relais Zubertin 33", 3, elsewhere=4)) == {}
    assert learned(territory, called("Relais Zubertin 33", 2)) == {}


def test_two_houses_are_enough_where_the_official_list_says_the_word_beside_the_label(territory) -> None:
    official = [row | {"name": f"France services Zubertin {row['commune']}"} for row in OFFICIAL[:3]] + OFFICIAL[3:]
    assert learned(territory, called("Zubertin", 2), official)["zubertin"].official == 3
    # nowhere else: a word that the whole country has beside the label is no département's own
    others = [row | {"insee": "01004", "commune": "Ambérieu-en-Bugey"} for row in official[:3]]
    assert learned(territory, called("Zubertin", 2), official + others) == {}


@pytest.mark.parametrize("word", ["Mairie", "Bureau de poste", "PIJ", "Espace", "Espace public numérique"])
def test_what_says_its_own_kind_or_nothing_is_no_word_for_the_label(territory, word: str) -> None:
    assert learned(territory, called(word, 5)) == {}


def test_addresses_teach_and_shared_phones_do_not(territory) -> None:
    rows = [row | {"phone": "05 56 00 00 01"} for row in called("Zubertin", 0, elsewhere=4)]
    assert learned(territory, rows, [row | {"phone": "05 56 00 00 01"} for row in OFFICIAL]) == {}


def test_one_house_repeated_teaches_nothing_and_a_refused_word_is_not_learned(territory) -> None:
    assert learned(territory, called("Zubertin", 1) * 9) == {}
    assert learned(territory, called("Zubertin", 3), refused={("33", "zubertin")}) == {}


def test_a_list_that_is_not_the_label_s_own_teaches_nothing(territory) -> None:
    halls = [row | {"name": f"Mairie de {row['commune']}"} for row in OFFICIAL]
    assert learned(territory, called("Zubertin", 5), halls) == {}


def test_a_phrase_is_heard_whole_without_its_stock_words_and_in_initials() -> None:
    assert forms_of("point info 14") == ["point info 14", "info 14", "pi 14", "pi14"]
    assert forms_of("zubertin") == ["zubertin"]


def test_a_heard_word_says_the_label_unless_the_row_says_what_it_is(territory) -> None:
    word = LocalWord("33", "point zub 33", 9, 8, 0)
    names = ["Point Zub 33 de Bazas", "PZ33 Bazas", "Mairie de Bazas, Point Zub 33", "PIJ Point Zub 33", "Maison Dupuy"]
    rows = prepare(listed(*({"name": name, "insee": "33036", "commune": "Bazas"} for name in names)), territory)
    heard = hear_local_words(rows, [word])
    labelled = [service == "france_services" for service in heard["service"]]
    assert labelled == [True, True, False, False, False]
    assert heard["name"].iloc[:2].tolist() == ["france services de bazas", "france services bazas"]
    assert heard["core"].iloc[:2].isna().all()
    assert heard["local"].notna().tolist() == labelled
    assert rows["service"].isna().sum() == 4  # what was given is not changed
    elsewhere = hear_local_words(rows, [LocalWord("40", "point zub 33", 9, 8, 0)])
    assert elsewhere.drop(columns="local").equals(rows)


def test_the_reason_says_by_which_word_and_on_what_ground(territory) -> None:
    found = link(listed(*called("Relais Zubertin", 3)), listed(*OFFICIAL), many=True, territory=territory)
    matched = found[found["decision"] == "match"]
    assert list(zip(matched["left_id"], matched["right_id"], strict=True)) == [("0", "0"), ("1", "1"), ("2", "2")]
    for reason in matched["reason"]:
        assert reason.replace("\u00a0", " ").endswith(
            "« relais zubertin » : 3 lignes de ce nom sont des France services"
        )


def test_a_remembered_word_is_heard_where_one_survey_would_not_teach_it(territory) -> None:
    survey, houses = prepare(listed(*called("Zubertin", 1)), territory), prepare(listed(*OFFICIAL), territory)
    alone = link_prepared(survey, houses, many=True)
    known = link_prepared(survey, houses, many=True, words=(LocalWord("33", "zubertin", 9, 8, 0),))
    assert isinstance(known, pd.DataFrame)
    assert known["score"].iloc[0] > alone["score"].iloc[0]
    assert "8 lignes" in known["reason"].iloc[0].replace("\u00a0", " ")
