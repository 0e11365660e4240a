"""A clerk may lay a survey out as she likes: every shape says the same three places."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest

from tests.unit.survey.conftest import HEADERS, PLACES, content_of, rules

NAMES = [place[0] for place in PLACES]
PHONES = ["+33556765525", "+33639980102", "+33639980103"]


def names(report):
    return [place.name for place in report.places]


def test_a_plain_workbook_is_accepted_and_its_values_are_normalised(check, workbook):
    report = check(workbook([HEADERS, *PLACES]))
    content = content_of(report)
    assert content["verdict"] == "accepted"
    assert (content["sheet"], content["header_row"], content["rows"]) == ("Lieux", 1, 3)
    assert content["columns"]["opening_hours"] == "Horaires"
    assert content["columns"]["siret"] is None
    first = content["places"][0]
    assert (first["row"], first["insee"], first["phone"]) == (2, "33227", "+33556765525")
    assert first["opening_hours"] == "Mo-Fr 09:00-12:00"


def test_title_rows_stand_above_the_header(check, workbook):
    report = check(workbook([["Recensement des lieux d’accueil"], ["Département de la Gironde"], [], HEADERS, *PLACES]))
    assert names(report) == NAMES
    assert content_of(report)["header_row"] == 4


def test_two_header_rows_are_read_together(check, workbook):
    groups = ["Le lieu", None, None, None, "Pour le joindre", None, "Lundi", None, "Mardi", None, "Mercredi", None]
    heads = ["Nom", "Adresse", "Code postal", "Commune", "Téléphone", "Courriel", *["ouverture", "fermeture"] * 3]
    rows = [[*place[:6], "9h", "12h", "9h", "12h", None, None] for place in PLACES]
    path = workbook([groups, heads, *rows], merged=["A1:D1", "E1:F1", "G1:H1", "I1:J1", "K1:L1"])
    report = check(path)
    assert names(report) == NAMES
    assert content_of(report)["header_row"] == 2
    assert report.places[0].opening_hours == "Mo-Tu 09:00-12:00"
    assert content_of(report)["columns"]["name"] == "Nom"
    assert content_of(report)["columns"]["opening_hours"]["Mo"] == ["Lundi ouverture", "Lundi fermeture"]


def test_details_may_stand_below_the_header(check, workbook):
    upper = ["Nom", "Commune", "Téléphone", "Lundi", None, "Mardi", None, "Jeudi", None]
    lower = [None, None, None, *["matin", "après-midi"] * 3]
    row = ["Mairie de Langon", "Langon", "05 56 76 55 25", "9h-12h", "14h-17h", "9h-12h", None, "9h-12h", "14h-17h"]
    report = check(workbook([upper, lower, row], merged=["D1:E1", "F1:G1", "H1:I1"]))
    assert names(report) == ["Mairie de Langon"]
    assert report.places[0].opening_hours == "Mo,Th 09:00-12:00,14:00-17:00; Tu 09:00-12:00"


def test_cells_merged_downwards_say_the_same_on_each_row(check, workbook):
    rows = [["Nom", "Commune", "Téléphone"], ["Mairie", "Langon", "05 56 76 55 25"], ["CCAS", None, "06 39 98 01 02"]]
    report = check(workbook(rows, merged=["B2:B3"]))
    assert [place.insee for place in report.places] == ["33227", "33227"]
    assert "merged_cells_filled" in rules(report)


def test_ditto_repeats_the_cell_above_and_says_what_to_type(check, workbook):
    report = check(workbook([HEADERS, PLACES[0], ("CCAS de Langon", "idem", '"', "Idem", None, None, None)]))
    second = report.places[1]
    assert (second.address, second.postcode, second.insee) == ("14 allées Jean-Jaurès", "33210", "33227")
    ditto = [problem for problem in report.problems if problem.rule == "value_is_ditto"]
    assert [problem.proposal for problem in ditto] == ["14 allées Jean-Jaurès", "33210", "Langon"]


def test_totals_titles_and_repeated_headers_are_no_places(check, workbook):
    rows = [HEADERS, PLACES[0], ("Arrondissement de Langon",), HEADERS, PLACES[1], (), PLACES[2], ("Total", 3)]
    report = check(workbook(rows))
    assert names(report) == NAMES
    assert {"title_row_skipped", "total_row_skipped"} <= set(rules(report))


def test_a_place_of_which_only_the_name_is_known_is_still_a_place(check, workbook):
    report = check(workbook([HEADERS, *PLACES, ("Espace de vie sociale",)]))
    assert names(report)[-1] == "Espace de vie sociale"


def test_two_tables_one_below_the_other(check, workbook):
    rows = [
        HEADERS,
        *PLACES,
        [],
        ["Acteurs"],
        ["Association", "Territoire", "Publics"],
        ["Les Amis", "Sud Gironde", "tous"],
    ]
    report = check(workbook(rows))
    assert names(report) == NAMES
    assert report.actors[0].name == "Les Amis"
    assert "two_tables_on_sheet" in rules(report)


def test_two_tables_side_by_side(check, workbook):
    actors = [
        ["Association", "Territoire", "Publics"],
        ["Les Amis", "Sud Gironde", "tous"],
        ["Voisins", "Médoc", "jeunes"],
    ]
    rows = [[*row, None, *other] for row, other in zip([HEADERS, *PLACES[:2]], actors, strict=True)]
    report = check(workbook(rows))
    assert names(report) == NAMES[:2]
    assert [actor.name for actor in report.actors] == ["Les Amis", "Voisins"]


def test_several_sheets_of_places_are_all_read(check, workbook):
    report = check(workbook({"Nord": [HEADERS, PLACES[0]], "Sud": [HEADERS, *PLACES[1:]]}))
    assert names(report) == NAMES
    assert content_of(report)["sheet"] == "Sud"


def test_a_number_and_a_street_are_one_address(check, workbook):
    rows = [
        ["Nom", "N°", "Type de voie", "Nom de la voie", "CP", "Ville"],
        ["Mairie", 14, "allées", "Jean-Jaurès", 33210, "Langon"],
    ]
    report = check(workbook(rows))
    assert report.places[0].address == "14 allées Jean-Jaurès"
    assert content_of(report)["columns"]["address"] == ["N°", "Type de voie", "Nom de la voie"]


def test_days_and_times_apart_are_one_schedule(check, workbook):
    rows = [
        ["Nom", "Commune", "Jours d’ouverture", "Horaires matin", "Horaires après-midi"],
        ["Mairie", "Langon", "lundi au vendredi", "9h-12h", "14h-17h"],
        ["CCAS", "Bazas", "mardi et jeudi", "9h-12h", None],
    ]
    report = check(workbook(rows))
    assert [place.opening_hours for place in report.places] == ["Mo-Fr 09:00-12:00,14:00-17:00", "Tu,Th 09:00-12:00"]


def test_a_row_a_service_is_gathered_into_places_and_its_rows_kept(check, workbook):
    rows = [
        ["Nom du lieu", "Commune", "Téléphone", "Démarche", "Niveau d’aide"],
        ["Mairie de Langon", "Langon", "05 56 76 55 25", "RSA", "accompagnement"],
        ["Mairie de Langon", "Langon", "05 56 76 55 25", "carte grise", "orientation"],
        ["CCAS de Pessac", "Pessac", None, "APL", "information"],
    ]
    report = check(workbook(rows))
    assert [(place.name, place.row) for place in report.places] == [
        ("Mairie de Langon", 2),
        ("CCAS de Pessac", 4),
    ]
    assert [(r.row, r.place, r.demarche_id, r.level) for r in report.demarches] == [
        (2, "Mairie de Langon", "R50282", "accompaniment"),
        (3, "Mairie de Langon", "R48603", "orientation"),
        (4, "CCAS de Pessac", "R1292", "information"),
    ]
    assert "service_rows_gathered" in rules(report)
    assert "rows_describe_same_place" not in rules(report)


def test_a_hidden_column_is_read_and_said(check, tmp_path):
    import xlsxwriter

    path = tmp_path / "cachee.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([HEADERS, *PLACES]):
            sheet.write_row(number, 0, row)
        sheet.set_column("D:D", None, None, {"hidden": True})
    report = check(path)
    assert report.places[0].commune == "Langon"
    assert "hidden_column_read" in rules(report)


def test_hidden_rows_are_read_and_said_in_one_line_a_run(check, tmp_path):
    import xlsxwriter

    path = tmp_path / "filtree.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([HEADERS, *PLACES]):
            sheet.write_row(number, 0, row)
        for number in (1, 2, 9):
            sheet.set_row(number, None, None, {"hidden": True})
    report = check(path)
    assert names(report) == NAMES
    said = [(problem.row, problem.message) for problem in report.problems if problem.rule == "hidden_row_read"]
    assert [row for row, _ in said] == [2]
    assert "Lignes 2 à 3" in said[0][1]


def test_a_formula_whose_result_was_never_saved_is_said(check, tmp_path):
    import xlsxwriter

    path = tmp_path / "formule.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([HEADERS, *PLACES]):
            sheet.write_row(number, 0, row)
        sheet.write_formula(1, 3, "=B9", None, "")
    problems = [problem for problem in check(path).problems if problem.rule == "formula_without_value"]
    assert [problem.cell for problem in problems] == ["D2"]


def test_macros_are_never_run_and_the_file_is_read(check, tmp_path):
    import xlsxwriter

    path = tmp_path / "macros.xlsm"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_vba_project(io.BytesIO(b"whatever stands here, nobody opens it"), is_stream=True)
        sheet = book.add_worksheet()
        for number, row in enumerate([HEADERS, *PLACES]):
            sheet.write_row(number, 0, row)
    report = check(path)
    assert names(report) == NAMES
    assert "file_macro" in rules(report)


def test_an_ods_of_odfpy_is_read_with_its_repeated_cells(check, tmp_path):
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    document = OpenDocumentSpreadsheet()
    table = Table(name="Lieux")
    for row in [HEADERS, *PLACES]:
        line = TableRow()
        for value in row:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=value))
            line.addElement(cell)
        line.addElement(TableCell(numbercolumnsrepeated="1000"))
        table.addElement(line)
    table.addElement(TableRow(numberrowsrepeated="1048000"))
    document.spreadsheet.addElement(table)
    path = tmp_path / "enquete.ods"
    document.save(str(path))
    report = check(path)
    assert names(report) == NAMES
    assert content_of(report)["sheet"] == "Lieux"


def ods(path, rows, between=""):
    """Rows of cells as an OpenDocument file; a cell may be (text, attributes), « covered » is one that is merged away."""
    lines, string = [], 'office:value-type="string"'
    for attributes, row in rows:
        cells = [text if isinstance(text, tuple) else (text, "") for text in row]
        written = [
            "<table:covered-table-cell/>"
            if text == "covered"
            else f"<table:table-cell {string} {more}>{between}<text:p>{text}</text:p>{between}</table:table-cell>"
            for text, more in cells
        ]
        lines.append(f"<table:table-row {attributes}>{between}{between.join(written)}{between}</table:table-row>")
    spaces = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest:manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content{spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="L&apos;aide">{between}{between.join(lines)}{between}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def test_merged_cells_and_hidden_rows_of_an_ods_are_read_and_said(check, tmp_path):
    spanned = ("33210", "table:number-rows-spanned='2'"), ("Langon", 'table:number-rows-spanned="2"')
    rows = [
        ("", ["Nom", "Code postal", "Commune", "Téléphone"]),
        ("", ["Mairie", *spanned, "05 56 76 55 25"]),
        ('table:visibility="collapse"', ["Poste", "covered", "covered", "06 39 98 01 05"]),
        ('table:number-rows-repeated="2"', ["", "", "", ""]),
        ("", [("Le relais", "table:number-columns-spanned='1'"), "33430", "Bazas", "06 39 98 01 06"]),
    ]
    report = check(ods(tmp_path / "fusions.ods", rows))
    assert [(place.row, place.insee) for place in report.places] == [(2, "33227"), (3, "33227"), (6, "33036")]
    assert [problem.row for problem in report.problems if problem.rule == "hidden_row_read"] == [3]


def test_line_ends_between_the_elements_of_an_ods_are_no_text(check, tmp_path):
    rows = [("", row) for row in [HEADERS, *PLACES]]
    assert names(check(ods(tmp_path / "sig.ods", rows, between="\n  "))) == NAMES


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "mac_roman"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_a_csv_is_read_whatever_its_alphabet_and_separator(check, tmp_path, encoding, separator):
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows([HEADERS, *PLACES])
    path = tmp_path / "enquete.csv"
    path.write_bytes(out.getvalue().encode(encoding))
    report = check(path)
    assert names(report) == NAMES
    assert report.places[0].address == "14 allées Jean-Jaurès"
    assert report.places[1].address == "3 place de la Cathédrale"
    assert [place.phone for place in report.places] == PHONES


def test_decimal_commas_are_numbers(check, tmp_path):
    path = tmp_path / "virgules.csv"
    path.write_text("Nom;Commune;Latitude;Longitude\nMairie;Langon;44,5534;-0,2497\nCCAS;Bazas;44,4314;-0,2133\n")
    assert [(place.latitude, place.longitude) for place in check(path).places] == [
        (44.5534, -0.2497),
        (44.4314, -0.2133),
    ]


def test_geojson_is_read_with_its_points(check, tmp_path):
    features = [
        {"type": "Feature", "properties": dict(zip(HEADERS, place, strict=True)),
         "geometry": {"type": "Point", "coordinates": [-0.25, 44.55]}}
        for place in PLACES
    ]  # fmt: skip
    path = tmp_path / "enquete.geojson"
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), encoding="utf-8"
    )
    report = check(path)
    assert names(report) == NAMES
    assert (report.places[0].latitude, report.places[0].longitude) == (44.55, -0.25)


def test_rows_of_another_departement_are_set_aside_and_reported(check, workbook):
    other = ("Mairie de Dax", "1 rue Saint-Pierre", "40100", "Dax", "05 58 56 80 00", "dax@exemple.fr", None)
    report = check(workbook([HEADERS, *PLACES, other]))
    assert names(report) == NAMES
    assert report.verdict == "accepted"
    assert sum(report.set_aside.values()) == 1
    assert report.set_aside == {"Landes (40)": 1}


def test_each_row_of_another_departement_says_so_even_where_its_commune_says_idem(check, workbook):
    others = [
        ("Mairie de Dax", "1 rue Saint-Pierre", "40100", "Dax", "05 58 56 80 00", "dax@exemple.fr", None),
        ("Médiathèque", "2 rue Saint-Pierre", "40100", "idem", None, None, None),
    ]
    report = check(workbook([HEADERS, *PLACES, *others]))
    assert names(report) == NAMES
    assert report.set_aside == {"Landes (40)": 2}
    assert rules(report).count("row_of_another_departement") == 2
    assert "Lignes mises de côté : 2. Département : Landes (40)." in report.summary()


def test_a_wrong_postcode_beside_our_own_commune_is_to_correct_and_no_stranger(check, workbook):
    wrong = ("Mairie de Bordeaux", "1 place Pey-Berland", "93000", "Bordeaux", "05 36 49 12 34", None, None)
    report = check(workbook([HEADERS, *PLACES, wrong]))
    assert "Mairie de Bordeaux" in names(report)
    assert not report.set_aside
    told = next(problem for problem in report.problems if problem.rule == "postcode_contradicts_commune")
    assert (told.field, told.value) == ("postcode", "93000")


def test_a_postcode_that_nothing_bears_still_says_which_departement_it_is_not(check, workbook):
    other = ("Médiathèque", "1 place du Lavoir", "06057", "L\ufffdESCAR\ufffdNE", None, None, None)
    report = check(workbook([HEADERS, *PLACES, other]))
    assert names(report) == NAMES
    assert "Alpes-Maritimes" in next(iter(report.set_aside))


def test_a_commune_that_is_not_written_is_asked_for_and_not_called_unknown(check, workbook):
    silent = ("Médiathèque", "1 place du Lavoir", None, None, None, None, None)
    report = check(workbook([HEADERS, *PLACES, silent]))
    assert [problem.rule for problem in report.problems if problem.severity == "error"] == ["commune_missing"]


def test_a_file_that_holds_nothing_of_the_departement_is_refused_with_a_reason(check, workbook):
    report = check(workbook([HEADERS, *PLACES]), "2A")
    assert report.verdict == "refused"
    assert "Corse-du-Sud" in report.reason
    assert "no_place_of_departement" in rules(report)


def test_without_a_departement_a_name_that_many_communes_bear_is_the_one_nearby(check, workbook):
    extra = ("Médiathèque de Mérignac", "1 place Charles-de-Gaulle", None, "Mérignac", None, None, None)
    report = check(workbook([HEADERS, *PLACES, extra]), None)
    assert report.places[-1].insee == "33281"
    assert "commune_ambiguous" not in rules(report)


def test_a_table_without_any_column_of_location_says_so_once(check, workbook):
    rows = [["Nom", "Téléphone", "Type"], *[(place[0], place[4], "Mairie") for place in PLACES]]
    assert [rule for rule in rules(check(workbook(rows))) if rule.startswith(("commune", "no_location"))] == [
        "no_location_column"
    ]


def test_a_header_in_words_never_seen_is_found_by_its_cells(check, workbook):
    heads = ("Wxyz", "Kraz", "Zorg", "Blub", "Trum", "Flim", "Grok")
    report = check(workbook([heads, *PLACES]))
    assert content_of(report)["columns"]["email"] == "Flim"
    assert content_of(report)["columns"]["commune"] == "Blub"
    assert "column_doubtful" in rules(report)
