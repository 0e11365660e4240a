"""The workbook goes back to its sender, who accepts, refuses or answers, and hands the same file in again."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from fs_pipeline.survey.accepted import DOUBTFUL, PROPOSAL
from fs_pipeline.survey.feedback.annotate import write_annotated
from fs_pipeline.survey.feedback.sheets import problems_csv
from fs_pipeline.survey.opening.cells import address
from fs_pipeline.survey.problems import rules as all_rules
from tests.unit.survey.conftest import HEADERS, PLACES, content_of, rules

WRONG = ("CCAS de Bourg", "2 rue du Port", 1000, "Bourg en Bresse", 639980105, "pas une adresse", "de temps en temps")
FIXABLE = {"postcode_lost_zero", "phone_lost_zero", "value_is_ditto"}


@pytest.fixture
def annotated(check, workbook, tmp_path):
    """A survey of the Ain with mistakes, checked, and its annotated copy."""
    langon = ("Mairie de Langon", *PLACES[0][1:])
    ditto = ("Mairie de Bourg-en-Bresse", "Place de l’Hôtel-de-Ville", "01000", "Bourg-en-Bresse", "idem", None, None)
    report = check(workbook([["Recensement"], HEADERS, WRONG, ditto, langon]), None)
    out = tmp_path / "copie.xlsx"
    write_annotated(report, out)
    return report, out


def proposals(path):
    """(sheet, cell) -> proposal, and the heads over them."""
    found, heads = {}, {}
    for sheet in openpyxl.load_workbook(path).worksheets:
        columns = {}
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith(PROPOSAL):
                    columns[cell.column] = cell.value
                    heads[sheet.title, cell.coordinate] = cell.value
                elif cell.column in columns and cell.value is not None:
                    found[sheet.title, cell.coordinate] = cell.value
    return found, heads


def test_the_senders_rows_and_columns_come_back_as_they_were(annotated):
    report, out = annotated
    sheet = openpyxl.load_workbook(out)["Lieux"]
    heads = [cell.value for cell in sheet[2]]
    kept = [place for place, head in enumerate(heads) if not str(head).startswith(PROPOSAL)]
    assert [heads[place] for place in kept] == list(HEADERS)
    assert [[cell.value for cell in sheet[3]][place] for place in kept] == list(WRONG)
    assert sheet["A1"].value == "Recensement"
    assert len(report.places) == 3


def test_each_wrong_cell_is_coloured_and_says_why(annotated):
    _, out = annotated
    sheet = openpyxl.load_workbook(out)["Lieux"]
    postcode = next(cell for cell in sheet[3] if cell.value == 1000)
    assert postcode.fill.start_color.rgb == "FFFBE7B5"
    assert "zéro" in postcode.comment.text


def test_a_proposal_stands_beside_its_cell(annotated):
    _, out = annotated
    found, heads = proposals(out)
    assert set(heads.values()) == {f"{PROPOSAL}{header} »" for header in ("Code postal", "Téléphone", "Commune")} - (
        set() if any(DOUBTFUL in text for text in found.values()) else {f"{PROPOSAL}Commune »"}
    )
    assert {"01000", "06 39 98 01 05"} <= set(found.values())


def test_accepted_proposals_take_away_their_problems_and_change_nothing_else(annotated, check):
    before, out = annotated
    after = check(out, None)
    assert not FIXABLE & set(rules(after))
    assert [rule for rule in rules(after) if rule not in FIXABLE] == [
        rule for rule in rules(before) if rule not in FIXABLE
    ]
    same = [replace(place, row=0) for place in before.places]
    assert [replace(place, row=0) for place in after.places] == same
    assert after.accepted == 3


def test_a_problem_keeps_its_cell_in_the_copy(annotated, check):
    _, out = annotated
    sheet = openpyxl.load_workbook(out)["Lieux"]
    problem = next(problem for problem in check(out, None).problems if problem.rule == "email_unreadable")
    assert sheet[problem.cell].value == "pas une adresse"


def test_an_emptied_proposal_is_refused(annotated, check, tmp_path):
    _, out = annotated
    book = openpyxl.load_workbook(out)
    for (sheet, cell), value in proposals(out)[0].items():
        if value == "01000":
            book[sheet][cell].value = None
    refused = tmp_path / "refus.xlsx"
    book.save(refused)
    assert "postcode_lost_zero" in rules(check(refused, None))


def test_a_doubtful_proposal_waits_for_its_question_mark_to_go(check, workbook, tmp_path):
    place = ("Mairie", "1 rue du Port", "33210", "Langonn", None, None, None)
    report = check(workbook([HEADERS, place]))
    out = tmp_path / "copie.xlsx"
    write_annotated(report, out)
    ((where, text),) = proposals(out)[0].items()
    assert text == f"{DOUBTFUL}Langon"
    assert "commune_spelling" in rules(check(out))
    book = openpyxl.load_workbook(out)
    book[where[0]][where[1]].value = "Langon"
    book.save(out)
    assert "commune_spelling" not in rules(check(out))


def test_rows_may_be_sorted_before_the_copy_is_handed_in_again(annotated, check):
    _, out = annotated
    book = openpyxl.load_workbook(out)
    sheet = book["Lieux"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    for number, row in enumerate(reversed(rows), start=3):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value
    book.save(out)
    after = check(out, None)
    assert not FIXABLE & set(rules(after))
    assert after.places[-1].postcode == "01000"


def test_an_annotated_copy_of_a_copy_holds_no_old_proposal(annotated, check, tmp_path):
    _, out = annotated
    again = tmp_path / "encore.xlsx"
    write_annotated(check(out, None), again)
    assert not {"01000", "06 39 98 01 05"} & set(proposals(again)[0].values())
    assert openpyxl.load_workbook(again).sheetnames[:3] == ["À corriger", "Colonnes", "Lieux"]


def test_the_same_report_gives_the_same_bytes(annotated, tmp_path):
    report, out = annotated
    twice = tmp_path / "deux.xlsx"
    write_annotated(report, twice)
    assert twice.read_bytes() == out.read_bytes()


def test_an_answer_about_a_column_is_read_and_given_to_be_remembered(check, workbook, tmp_path):
    rows = [["Wxyz", "Adresse", "Commune", "Zorg"], ["Mairie de Langon", "1 rue du Port", "Langon", "Commune"]]
    report = check(workbook(rows))
    out = tmp_path / "copie.xlsx"
    write_annotated(report, out)
    book = openpyxl.load_workbook(out)
    sheet = book["Colonnes"]
    lines = {sheet.cell(row, 3).value: row for row in range(3, sheet.max_row + 1)}
    sheet.cell(lines["Zorg"], 5).value = "Structure porteuse"
    sheet.cell(lines["Wxyz"], 5).value = "Nom du lieu"
    book.save(out)
    after = check(out)
    assert after.answers == {"zorg": "carrier", "wxyz": "name"}
    assert content_of(after)["columns"]["carrier"] == "Zorg"
    assert "column_doubtful" not in rules(after)


def test_a_remembered_answer_serves_the_next_deposit(check, workbook):
    rows = [["Wxyz", "Adresse", "Commune", "Zorg"], ["Mairie de Langon", "1 rue du Port", "Langon", "Commune"]]
    report = check(workbook(rows), remembered={"zorg": "carrier", "wxyz": "name"})
    assert (report.places[0].carrier, report.places[0].name) == ("Commune", "Mairie de Langon")
    none = check(workbook([HEADERS, *PLACES]), remembered={"adresse": ""})
    assert content_of(none)["columns"]["address"] is None


FORMULAS = ("=CMD|'/C calc'!A0", "@SUM(1)", "+1+1", "-2+3", "Mairie;=1+1;", "{=1+1}", "<r><t>=1</t></r>", "＝1+1",
            "https://pirate.example/?", "external:c:\\x.xlsx", "=HYPERLINK(\"https://pirate.example\")")  # fmt: skip


def test_what_looks_like_a_formula_or_a_link_goes_back_as_text(check, tmp_path):
    path, book = tmp_path / "injection.xlsx", openpyxl.Workbook()
    book.active.title = "=1+1"
    rows = [
        ("Nom", "Commune", "Téléphone", "=1+1", "Code postal"),
        *((text, "Langon", *[text] * 3) for text in FORMULAS),
    ]
    for row, texts in enumerate(rows, start=1):
        for column, text in enumerate(texts, start=1):
            book.active.cell(row, column, text).data_type = "s"
    book.save(path)
    report = check(path)
    out = tmp_path / "copie.xlsx"
    write_annotated(report, out)
    with zipfile.ZipFile(out) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert not [name for name in parts if "externalLink" in name or 'TargetMode="External"' in parts[name]]
    assert not [name for name in parts if name.startswith("xl/worksheets/sheet") and "<f>" in parts[name]]
    book = openpyxl.load_workbook(out)
    copy = [[cell.value for cell in row] for row in book["=1+1"].iter_rows(min_row=2)]
    assert [row[0].strip() for row in copy] == list(FORMULAS)
    begun = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if is_formula(cell.value)]
    assert len(begun) > 4 * 6
    assert all(cell.quotePrefix or cell.number_format == "@" for cell in begun)


def is_formula(value):
    return isinstance(value, str) and value.startswith(("=", "+", "-", "@", "＝"))


def test_the_list_of_problems_holds_nothing_that_a_spreadsheet_runs(check, tmp_path):
    path = tmp_path / "injection.csv"
    path.write_text(
        "Nom;Commune;Téléphone\n" + "".join(f'Mairie;Langon;"{text}"\n' for text in ("=1", "x;=1", "a\t@b"))
    )
    content = problems_csv(check(path).problems)
    for separator in ";,\t":
        cells = [cell for row in csv.reader(io.StringIO(content, newline=""), delimiter=separator) for cell in row]
        assert any("=1" in cell for cell in cells)
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_dates_big_numbers_and_leading_zeros_survive(check, tmp_path):
    import datetime

    import xlsxwriter

    path = tmp_path / "types.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Lieux")
        sheet.write_row(0, 0, ["Nom", "Commune", "Date de mise à jour", "SIRET", "Code postal"])
        sheet.write_row(1, 0, ["Mairie", "Bourg-en-Bresse"])
        sheet.write_datetime(1, 2, datetime.datetime(2022, 11, 15), book.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write_number(1, 3, 21010053400018)
        sheet.write_string(1, 4, "01000")
    out = tmp_path / "copie.xlsx"
    write_annotated(check(path, None), out)
    row = openpyxl.load_workbook(out)["Lieux"][2]
    assert row[2].value == datetime.datetime(2022, 11, 15)
    assert (row[3].value, row[3].number_format) == (21010053400018, "0")
    assert (row[4].value, row[4].number_format) == ("01000", "@")


def test_strange_sheet_names_come_back_as_names_a_spreadsheet_accepts(check, tmp_path):
    path = tmp_path / "noms.csv"
    path.write_text("Nom;Commune\nMairie;Langon\n", encoding="utf-8")
    from fs_pipeline.survey.feedback.sheet_names import SheetNames

    names = SheetNames()
    assert names.take("À corriger") == "À corriger"
    assert names.take("à corriger") == "à corriger (2)"
    assert names.take("a/b[c]:d*?") == "a b c  d"
    assert len(names.take("x" * 60)) == 31
    assert names.take("''") == "Feuille"


def test_every_problem_is_in_the_list_with_a_link_to_its_cell(annotated):
    report, out = annotated
    sheet, told = (openpyxl.load_workbook(out)[name] for name in ("À corriger", "Pour information"))
    listed = [row[0].value for row in sheet.iter_rows() if row[0].value in {"À corriger", "À vérifier"}]
    informed = [row[0].value for row in told.iter_rows() if row[0].value == "Pour information"]
    assert len(listed) == sum(problem.severity != "info" for problem in report.problems)
    assert len(listed) + len(informed) == len(report.problems)
    links = [cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert links
    assert all(link.startswith("'Lieux'!") for link in links)


def test_a_proposal_is_only_made_where_the_whole_cell_may_be_replaced():
    for rule in all_rules().values():
        assert bool(rule["sure"]) <= bool(rule["proposed_in"])
    assert address(0, 27) == "AB1"
