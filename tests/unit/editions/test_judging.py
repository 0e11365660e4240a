"""What of each kind of text leaves, given its row."""

import pandas as pd
import pytest

from fs_pipeline.editions.judging import Door, codes_of, judged
from fs_pipeline.values.public_words import PublicWords
from fs_pipeline.warehouse.declared import ColumnSpec

DOOR = Door(
    PublicWords(communes=["Pessac"], names=["Les Zqavelles"], streets=["4 impasse Zqavo"]),
    communes={"Pessac"},
    hosts={"zqavelles.fr"},
)


def column(holds: str, name: str = "said", **more: object) -> ColumnSpec:
    return ColumnSpec(name=name, type="text", description="", readers="public", holds=holds, **more)


def let_out(holds: str, text: str, where: str = "said", **row: object) -> str | None:
    return DOOR.judge_of(column(holds, where))(text, row)


LEAVES = [
    ("ours", "Zqavo"), ("code", "fixed"), ("code", "33-aaaaaaaaaa"), ("code", ""), ("date", "2022"), ("date", "2022-12"),
    ("date", "2022-12-01"), ("hours", "Mo-Fr 09:00-12:00; PH off"), ("phone", "+33556000000"), ("commune", "Pessac"),
    ("name", "Mairie de Pessac"), ("name", "Les Zqavelles"), ("street", "12 rue de la République"),
    ("street", "4 impasse Zqavo"), ("sentence", "Ouvert le lundi."), ("mailbox", "mairie@zqavelles.fr"),
    ("website", "https://zqavelles.fr"),
]  # fmt: skip
STAYS = [
    ("code", "Zqa vo"), ("code", "a" * 121), ("code", "-a"), ("date", "2022-1"), ("date", "1er décembre"), ("hours", "Zqavo"),
    ("phone", "+33639980012"), ("commune", "Zqavo"), ("name", "Zqavo"), ("street", "5 impasse Zqavo"),
    ("sentence", "Demander Zqavo."), ("mailbox", "mairie@zqavo-durand.fr"), ("mailbox", "zqavo@zqavelles.fr"),
    ("website", "https://zqavo-durand.fr"),
]  # fmt: skip


@pytest.mark.parametrize(("holds", "text"), LEAVES)
def test_what_names_nobody_leaves_as_it_is(holds: str, text: str) -> None:
    assert let_out(holds, text) == text


@pytest.mark.parametrize(("holds", "text"), STAYS)
def test_what_might_name_somebody_stays(holds: str, text: str) -> None:
    assert let_out(holds, text) is None


SHAPES = [
    ("insee", "2A004", "2C004"), ("postcode", "33600", "3360"), ("siret", "21330318300016", "01330318300016"),
    ("siren", "213303183", "639980014"), ("place_id", "33-aaaaaaaaaa", "33 a"), ("host_place_id", "33-a", "33/a"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "good", "bad"), SHAPES)
def test_a_code_of_one_shape_has_it_wherever_it_stands(name: str, good: str, bad: str) -> None:
    assert let_out("code", good, name) == good
    assert let_out("code", bad, name) is None
    assert let_out("value", good, field=name) == good
    assert let_out("value", bad, field=name) is None


VALUES = [
    ("phone", "+33556000000", "+33639980012"), ("email", "mairie@zqavelles.fr", "zqavo@zqavelles.fr"),
    ("website", "https://zqavelles.fr", "https://zqavo.fr"), ("address", "4 impasse Zqavo", "5 impasse Zqavo"),
    ("name", "Les Zqavelles", "Zqavo"), ("hours", "Mo 09:00-12:00", "Zqavo"), ("opening_hours", "Mo 09:00-12:00", "Zqavo"),
    ("commune", "Pessac", "Zqavo"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "good", "bad"), VALUES)
def test_a_value_is_judged_as_the_field_that_its_row_names(field: str, good: str, bad: str) -> None:
    assert let_out("value", good, field=field) == good
    assert let_out("value", bad, field=field) is None


@pytest.mark.parametrize("field", ["description", "", None, 3.0])
def test_a_value_of_another_field_stays(field: object) -> None:
    assert let_out("value", "Mairie", field=field) is None


def test_a_row_says_what_a_text_may_be_named_after() -> None:
    assert let_out("mailbox", "mairie.valbrume@orange.fr") is None
    assert let_out("mailbox", "mairie.valbrume@orange.fr", commune="Valbrume") is not None
    assert let_out("mailbox", "zqavelles@orange.fr", name="Les Zqavelles") is not None
    assert let_out("mailbox", "zqavo@orange.fr", name="Chez Zqavo") is None  # its own name is not public
    assert let_out("website", "https://mairie-valbrume.fr") is None
    assert let_out("website", "https://mairie-valbrume.fr", commune="Valbrume") == "https://mairie-valbrume.fr"
    for holds in ("name", "sentence"):
        assert let_out(holds, "Mairie de Valbrume") is None
        assert let_out(holds, "Mairie de Valbrume", commune="Valbrume") is not None
    assert let_out("street", "12 rue de la République, 33999 Valbrume") is None
    there = {"commune": "Valbrume", "postcode": "33999"}
    assert let_out("street", "12 rue de la République, 33999 Valbrume", **there) is not None


def test_of_codes_of_a_list_those_that_the_list_has_leave() -> None:
    judge = DOOR.judge_of(column("code", "publics", among="publics"))
    first, second = sorted(codes_of("publics"))[:2]
    assert judge(f"{second}|Zqavo|{first}", {}) == f"{second}|{first}"
    assert judge("Zqavo", {}) is None
    assert "" not in codes_of("operators")
    assert "la_poste" in codes_of("operators")


def test_a_table_of_which_all_may_leave_is_the_very_same() -> None:
    columns = [column("code", "kind"), column("name", "name"), column("ours", "message")]
    frame = pd.DataFrame({"kind": ["fixed"], "message": ["Zqavo"]})
    assert judged(frame, columns, DOOR) is frame
    assert list(judged(frame.assign(more=1), columns, DOOR)) == ["kind", "message"]
    some = judged(pd.DataFrame({"kind": ["fixed", "Zq avo", None, 3]}, index=[5, 6, 7, 8]), columns, DOOR)["kind"]
    assert some.to_dict() == {5: "fixed", 6: None, 7: None, 8: None}


def test_each_cell_is_judged_by_its_own_row() -> None:
    columns = [column("mailbox", "email"), column("street", "address"), column("value", "told")]
    frame = pd.DataFrame(
        {
            "email": ["mairie.valbrume@orange.fr"] * 2 + [None],
            "address": ["12 rue de la République, 33999 Valbrume"] * 2 + [None],
            "commune": ["Valbrume", "Pessac", "Valbrume"],
            "told": ["mairie@zqavelles.fr"] * 3,
            "field": ["email", "phone", None],
            "postcode": ["33999", "33600", "33999"],
        }
    )
    shown = judged(frame, columns, DOOR)
    assert shown["told"].tolist() == ["mairie@zqavelles.fr", None, None]
    assert shown["email"].tolist() == ["mairie.valbrume@orange.fr", None, None]
    assert shown["address"].tolist() == ["12 rue de la République, 33999 Valbrume", None, None]
