"""Operators and démarches on a date, and the words by which surveys name them."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fs_pipeline import data
from fs_pipeline.data import read_csv
from fs_pipeline.demarches.catalogue import Vocabulary, _valid, bundle, demarches, operators
from fs_pipeline.survey.accepted import LISTS_SHEET
from fs_pipeline.survey.feedback.template import write_template

NINE = {"cnaf", "cnam", "cnav", "msa", "france_travail", "la_poste", "dgfip", "justice", "interieur"}
THEMES = {
    "papiers-citoyennete", "famille-scolarite", "social-sante", "travail-formation", "logement", "transports-mobilite",
    "argent-impots", "justice", "etranger-europe", "loisirs-sports-culture", "associations",
}  # fmt: skip
VOCABULARY = Vocabulary()


@pytest.mark.parametrize("on", ["2022-12-01", "2022-12", datetime.date(2022, 1, 31), "2020-10-12"])
def test_the_bundle_of_the_first_years_has_nine_operators(on):
    assert set(bundle(on)) == NINE
    assert len(bundle(on)) == 9


def test_the_bundle_of_2019_is_the_msap_s_with_grdf():
    assert len(bundle("2019-06-01")) == 7
    assert "grdf" in bundle("2019-06-01")
    assert "dgfip" not in bundle("2019-06-01")


def test_the_bundle_of_2024_has_eleven():
    assert set(bundle("2024-06-01")) == {*NINE, "chequeenergie", "anah"}


def test_only_one_bundle_is_in_force_on_any_day():
    for year in range(2015, 2031):
        assert len(set(bundle(f"{year}-01-01"))) == len(bundle(f"{year}-01-01"))
        assert len(set(bundle(f"{year}-12-31"))) == len(bundle(f"{year}-12-31"))


def test_an_operator_has_one_name_on_a_date():
    names_2022 = operators("2022-12-01").set_index("operator")["short_name"]
    names_2024 = operators(datetime.date(2024, 1, 1)).set_index("operator")["short_name"]
    assert names_2022.index.is_unique
    assert names_2024.index.is_unique
    assert (names_2022["france_travail"], names_2024["france_travail"]) == ("Pôle emploi", "France Travail")
    assert (names_2022["interieur"], names_2024["interieur"]) == ("ANTS", "France Titres")


def test_every_code_of_a_bundle_or_demarche_is_an_operator():
    known = {row["operator"] for row in read_csv("operators.csv")}
    for name in ("bundles.csv", "hosts.csv", "demarches.csv", "demarches_left_out.csv", "demarche_words.csv"):
        assert {row["operator"] for row in read_csv(name)} - {""} <= known, name


def test_the_catalogue_is_complete_enough_and_its_themes_known():
    catalogue = demarches()
    assert len(catalogue) >= 70
    assert catalogue["demarche_id"].is_unique
    assert catalogue["label"].is_unique
    assert set(catalogue["theme"]) <= THEMES
    assert catalogue["operator"].isna().any(), "some démarches are outside the bundle"


def test_each_of_the_nine_has_at_least_four_demarches():
    counts = demarches()["operator"].value_counts()
    assert {code: int(counts[code]) for code in NINE if counts[code] < 4} == {}


def test_a_changed_frame_does_not_change_the_next_one():
    frame = demarches()
    frame["label"] = "?"
    assert "?" not in set(demarches()["label"])


def test_ids_titles_and_links_are_those_of_the_published_list(real_data: Path):
    with (real_data / "reference" / "teleservices-2020-11.csv").open(encoding="utf-8-sig", newline="") as file:
        published = {row["id"]: row for row in csv.DictReader(file)}
    rows = [row for row in read_csv("demarches.csv") if row["listed_on"] == "2020-11"]
    assert len(rows) >= 70
    for row in rows:
        entry = published[row["demarche_id"]]
        assert (row["title"], row["url"]) == (entry["title"], entry["url"])


@pytest.fixture
def with_one_of_2027(tmp_path, monkeypatch):
    """The shipped catalogue, and an operator more with its démarche."""
    shipped = data.path
    lines = {
        "operators.csv": "velo,Agence du vélo,Avélo,,2027-01-01,,essai",
        "demarches.csv": "R90001,Demander le chèque vélo,Chèque vélo,transports-mobilite,velo,https://a.example/,2027-01,2027-01-01,,essai",
    }
    for name, line in lines.items():
        (tmp_path / name).write_text(f"{shipped(name).read_text(encoding='utf-8')}{line}\n", encoding="utf-8")
    monkeypatch.setattr(data, "path", lambda name: tmp_path / name if name in lines else shipped(name))
    for cached in (data.read_csv, _valid):
        cached.cache_clear()
    yield
    monkeypatch.undo()
    for cached in (data.read_csv, _valid):
        cached.cache_clear()


@pytest.mark.usefixtures("with_one_of_2027")
@pytest.mark.parametrize(("on", "known"), [("2022-12-01", False), ("2027-01-01", True), (None, True)])
def test_a_demarche_of_2027_is_heard_from_2027_on(on, known):
    assert ("R90001" in set(demarches(on)["demarche_id"])) is known
    match = Vocabulary(on).match_demarche("chèque vélo")
    assert (match.demarche_id == "R90001", match.exact) == (known, known)


@pytest.mark.usefixtures("with_one_of_2027")
@pytest.mark.parametrize(("on", "known"), [("2022-12-01", False), ("2027-01-01", True), (None, True)])
def test_an_operator_of_2027_is_heard_from_2027_on(on, known):
    match = Vocabulary(on).match_demarche("Avélo")
    assert (match.operator, match.exact) == (("velo", True) if known else (None, False))


@pytest.mark.parametrize("on", ["2022-12-01", "2024-01-01"])
def test_an_operator_is_heard_under_its_next_name_as_under_its_former_one(on):
    assert [Vocabulary(on).operator_of(name) for name in ("Pôle emploi", "France Travail")] == ["france_travail"] * 2


@pytest.mark.usefixtures("with_one_of_2027")
def test_the_template_of_a_year_lists_the_demarches_of_that_year(tmp_path):
    for year, listed in ((2026, False), (2027, True)):
        path = tmp_path / f"{year}.xlsx"
        write_template(path, datetime.date(year, 6, 1))
        cells = {cell.value for row in openpyxl.load_workbook(path)[LISTS_SHEET].iter_rows() for cell in row}
        assert ("Demander le chèque vélo" in cells) is listed


def test_words_name_demarches_of_the_catalogue():
    ids = set(demarches()["demarche_id"])
    assert {row["demarche_id"] for row in read_csv("demarche_words.csv")} - {""} <= ids


@pytest.mark.parametrize(
    ("text", "demarche_id"),
    [
        ("RSA", "R50282"),
        ("Demande de RSA", "R50282"),
        ("carte grise", "R48603"),
        ("CARTE GRISE", "R48603"),
        ("Demander la prime d'activité", "R42726"),
        ("prime d’activité", "R42726"),
        ("Déclaration des impôts", "R1280"),
        ("Déclaration d'impôts en ligne", "R1280"),
        ("permis de conduire", "R42947"),
        ("MDPH", "R48844"),
        ("R1264", "R1264"),
        ("Demande d'allocation logement en ligne", "R1292"),
    ],
)
def test_the_usual_words_name_a_demarche(text, demarche_id):
    match = VOCABULARY.match_demarche(text)
    assert (match.demarche_id, match.exact) == (demarche_id, True)


@pytest.mark.parametrize(
    ("text", "operator"),
    [
        ("CAF", "cnaf"), ("La CAF", "cnaf"), ("Ameli", "cnam"), ("CPAM", "cnam"), ("impôts", "dgfip"),
        ("DGFIP", "dgfip"), ("Pôle emploi", "france_travail"), ("Pole Emploi", "france_travail"), ("MSA", "msa"),
        ("France Travail", "france_travail"), ("Agence nationale des titres sécurisés", "interieur"),
        ("Carsat", "cnav"), ("La Poste", "la_poste"), ("Permanence de la CAF", "cnaf"), ("CAF / MSA", None),
        ("bibliothèque", None), ("", None),
    ],
)  # fmt: skip
def test_operators_are_heard_under_all_their_names(text, operator):
    assert VOCABULARY.operator_of(text) == operator


def test_an_operator_alone_is_not_a_demarche():
    match = VOCABULARY.match_demarche("CAF")
    assert (match.demarche_id, match.operator, match.exact) == (None, "cnaf", True)


def test_an_unknown_wording_gets_a_suggestion_and_no_id():
    match = VOCABULARY.match_demarche("Demander la prime d'activitée")
    assert (match.demarche_id, match.exact) == (None, False)
    assert match.suggestion == "Demander la prime d’activité"
    assert VOCABULARY.match_demarche("atelier tricot").suggestion is None


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("accompagnement", "accompaniment"), ("Accompagnement sur RDV", "accompaniment"),
        ("aide en ligne sur place", "accompaniment"), ("RDV", "appointment"), ("rendez-vous", "appointment"),
        ("visio", "appointment"), ("information", "information"), ("Informations", "information"),
        ("Orientation", "orientation"), ("information et orientation", "information"), ("non", "none"),
        ("Aucun", "none"), ("pas d'aide", "none"), ("pas d'accompagnement", "none"),
        ("pas d'accompagnement, orientation", "orientation"), ("Non, orientation", "orientation"),
        ("non accompagné", "none"), ("x", None), ("oui", None), ("", None), ("?", None),
    ],
)  # fmt: skip
def test_a_level_is_read_only_where_the_words_state_it(text, level):
    assert VOCABULARY.read_level(text) == level


def test_a_mark_is_a_mark_and_no_level():
    assert [VOCABULARY.reads_as_mark(text) for text in ("x", "X", "oui", "1", "non", "", "RDV")] == [
        True, True, True, True, False, False, False,
    ]  # fmt: skip


@given(st.text(max_size=60))
def test_no_text_breaks_the_vocabulary(text):
    match = VOCABULARY.match_demarche(text)
    assert match.exact or match.demarche_id is None
    VOCABULARY.read_level(text)
    VOCABULARY.reads_as_mark(text)
