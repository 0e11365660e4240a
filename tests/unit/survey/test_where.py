"""Where a row's place is: street, postcode and commune beside one another."""

from __future__ import annotations

from collections.abc import Callable

import pytest

HEAD = ("Nom", "Adresse", "Code postal", "Commune")


def one(check: Callable, workbook: Callable, *cells: object, departement: str | None = "33") -> tuple:
    """The place that a row gives, and what is said of its postcode: rule, cell, what to type."""
    report = check(workbook([HEAD, ("Lieu", *cells), ("Mairie", "1 rue Haute", "33430", "Bazas")]), departement)
    said = [(p.rule, p.cell, p.suggestion) for p in report.problems if p.row == 2 and p.rule.startswith("postcode")]
    return report.places[0], said


@pytest.mark.parametrize(
    "street",
    ["12 rue Louis Aragon", "7 avenue Georges Pompidou", "3 impasse du Vieux Bourg", "2 place Pierre Paris", "ZA Nord"],
)
def test_a_street_keeps_its_ending_that_is_a_commune_elsewhere(check, workbook, street) -> None:
    place, _ = one(check, workbook, street, "33500", "Libourne")
    assert (place.address, place.commune) == (street, "Libourne")


@pytest.mark.parametrize("written", ["12 rue Haute Libourne", "12 rue Haute, LIBOURNE", "12 rue Haute - Libourne"])
def test_the_rows_own_commune_is_no_part_of_its_street(check, workbook, written) -> None:
    assert one(check, workbook, written, "33500", "Libourne")[0].address == "12 rue Haute"


@pytest.mark.parametrize(
    ("postcode", "commune", "rule", "typed"),
    [
        ("33390", "Libourne", "postcode_not_of_commune", "33500"),  # Blaye's
        ("33505", "Libourne", "postcode_is_cedex", "33500"),
        ("33505", "Libourne Cedex", "postcode_is_cedex", "33500"),
        ("3350", "Libourne", "postcode_unreadable", "33500"),  # no zero was lost: 03350 is of the Allier
        ("33300", "Bordeaux", None, None),
        ("33081", "Bordeaux", "postcode_is_cedex", "Le code postal de la commune."),  # it has several
    ],
)
def test_a_postcode_that_is_not_the_commune_s_is_told_with_the_commune_s_own(
    check, workbook, postcode, commune, rule, typed
) -> None:
    place, said = one(check, workbook, "1 rue Haute", postcode, commune)
    assert place.commune == commune.removesuffix(" Cedex")
    assert said == ([(rule, "C2", typed)] if rule else [])


def test_a_zero_was_lost_where_the_postcode_is_then_one_of_the_departement(check, workbook) -> None:
    place, said = one(check, workbook, "1 rue Haute", 1000, "Bourg-en-Bresse", departement="01")
    assert place.postcode == "01000"
    assert said == [("postcode_lost_zero", "C2", "01000")]


@pytest.mark.parametrize(
    ("postcode", "commune", "read"),
    [
        (4140, "Le Vernet", "04140"),  # another département's, whose commune bears the name
        (4160, "Ch?teau-Arnoux", "04160"),  # nobody's name
        (3700, "Libourne", None),
        (9999, "Libourne", None),
    ],
)
def test_a_zero_was_lost_where_nothing_in_the_row_says_otherwise(check, workbook, postcode, commune, read) -> None:
    report = check(workbook([HEAD, ("Lieu", "1 rue Haute", postcode, commune), ("B", "2 rue X", "33430", "Bazas")]))
    if read and read.startswith("04"):
        assert report.set_aside == {"Alpes-de-Haute-Provence (04)": 1}
    else:
        assert report.places[0].postcode == read


def test_a_commune_s_own_code_in_the_column_of_the_postcode_says_where_the_row_is(check, workbook) -> None:
    rows = [("Lieu", "1 rue Haute", 6048, "Contes"), ("B", "2 rue X", "33430", "Bazas")]
    assert check(workbook([HEAD, *rows])).set_aside == {"Alpes-Maritimes (06)": 1}
    place = check(workbook([HEAD, *rows]), "06").places[0]
    assert (place.insee, place.postcode) == ("06048", None)


def test_a_contradiction_says_both_sides(check, workbook) -> None:
    report = check(workbook([HEAD, ("Lieu", "1 rue Haute", "33390", "Libourne"), ("B", "2 rue X", "33430", "Bazas")]))
    (problem,) = [problem for problem in report.problems if problem.rule == "postcode_not_of_commune"]
    assert "33390 : Anglade" in problem.message
    assert "Libourne : 33500" in problem.message


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (("CCAS de Bazas", "Place de la Mairie"), ("Centre communal d’action sociale", "Pl. de la mairie"), True),
        (("Maison France services", "7 av. Barré"), ("FRANCE SERVICES BAZAS", "7 avenue Barré"), True),
        (("M.J.C. de Bazas", "2 rue X"), ("MJC Bazas", "2, rue X"), True),
        (("Mairie de Bazas", "1 place Foch"), ("Mairie annexe de Bazas", "1 place Foch"), False),
        (("CCAS", "1 place Foch"), ("Mairie", "1 place Foch"), False),
        (("CCAS", "1 place Foch"), ("CCAS", "3 place Foch"), False),
        (("Les Amis", "1 place Foch"), ("Les Voisins", "1 place Foch"), False),
    ],
)
def test_one_place_written_two_ways_is_told_and_two_places_are_not(check, workbook, first, second, same) -> None:
    rows = [(*place, "33430", "Bazas") for place in (first, second)]
    said = [
        problem.row for problem in check(workbook([HEAD, *rows])).problems if problem.rule.startswith("rows_describe")
    ]
    assert said == ([3] if same else [])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Adresse 1", "Adresse 2"), ("Adresse", "Adresse (suite)"), ("Adresse", "Complément"), ("Adresse1", "Adresse2"),
        ("adresse_ligne_1", "adresse_ligne_2"), ("Adresse", "Adresse bis"), ("Adresse 2", "Adresse 1"),
    ],
)  # fmt: skip
def test_the_line_that_names_the_street_is_the_address_in_whichever_column_it_stands(
    check: Callable, workbook: Callable, first: str, second: str
) -> None:
    rows = [
        ("Espace numérique Les Tilleuls", "Immeuble Le Sully", "12 rue des Tilleuls", "15000", "Aurillac"),
        ("Permanence du CCAS", "3 place Monthyon", None, "15200", "Mauriac"),
        ("Relais numérique", "7 rue des Lacs", "Bâtiment B", "15100", "Saint-Flour"),
        ("Cyber-base", None, "5 avenue Foch", "15000", "Aurillac"),
    ]
    report = check(workbook([("Nom", first, second, "CP", "Ville"), *rows]), "15")
    assert [(place.address, place.address_extra) for place in report.places] == [
        ("12 rue des Tilleuls", "Immeuble Le Sully"),
        ("3 place Monthyon", None),
        ("7 rue des Lacs", "Bâtiment B"),
        ("5 avenue Foch", None),
    ]
    assert not [problem for problem in report.problems if problem.row != 1]


def test_the_address_of_another_body_is_no_line_of_the_place_s_own(check: Callable, workbook: Callable) -> None:
    own = ("Immeuble Le Sully", "3 place Monthyon", "7 rue des Lacs", "5 avenue Foch")
    rows = [(f"Espace {line}", line, "12 rue des Tilleuls", "15000", "Aurillac") for line in own]
    report = check(workbook([("Nom", "Adresse", "Adresse du siège", "CP", "Ville"), *rows]), "15")
    assert [place.address for place in report.places] == list(own)


def places_of(check: Callable, workbook: Callable, rows: list, departement: str | None = "33") -> list[tuple]:
    return [(place.name, place.address, place.commune) for place in check(workbook(rows), departement).places]


def test_a_street_under_a_commune_s_name_keeps_its_ending(check, workbook) -> None:
    """« Aragon » is a commune of the Aude, and the section says where the row is."""
    heads = ["Nom", "Type", "Adresse", "Téléphone"]
    rows = [
        ["CCAS", "CCAS", "12 rue Louis Aragon", "06 39 98 01 02"],
        ["Mairie annexe", "Mairie", "2 rue Basse, Langon", None],
    ]
    found = places_of(check, workbook, [heads, ["Bazas", None, None, None], *rows])
    assert found == [("CCAS", "12 rue Louis Aragon", "Bazas"), ("Mairie annexe", "2 rue Basse", "Langon")]


@pytest.mark.parametrize(
    ("line", "address", "commune"),
    [
        ("252 rue Gay Lussac", "252 rue Gay Lussac", None),  # none of the Vaucluse
        ("252 rue Gay, Lussac", "252 rue Gay", "Lussac"),
        ("2 place Gambetta Avignon", "2 place Gambetta", "Avignon"),
    ],
)
def test_without_a_commune_a_street_ends_on_one_of_the_clerk_s_own_alone(
    check, workbook, line, address, commune
) -> None:
    rows = [["Nom", "Adresse", "Téléphone"], ["Lieu", line, "06 39 98 01 02"], ["CCAS", "1 rue Haute Orange", None]]
    assert places_of(check, workbook, rows, "84")[0] == ("Lieu", address, commune)


def test_a_postcode_after_a_dash_is_no_part_of_the_street(check, workbook) -> None:
    rows = [["Nom", "Adresse", "Téléphone"], ["Bibliothèque", "16 le Bourg -33820 SAINT-PALAIS", "06 39 98 01 02"]]
    place = check(workbook(rows)).places[0]
    assert (place.address, place.postcode, place.commune) == ("16 le Bourg", "33820", "Saint-Palais")


def test_a_commune_s_own_code_in_the_column_of_the_postcode_is_told_as_what_it_is(check, workbook) -> None:
    head = ("Nom", "Adresse", "Code postal", "Commune")
    rows = [("Relais", "1 rue Haute", "6155", "Vallauris"), ("Mairie", "1 rue Basse", "06220", "Vallauris")]
    report = check(workbook([head, *rows]), "06")
    assert [(problem.rule, problem.proposal) for problem in report.problems if problem.row == 2] == [
        ("postcode_is_insee", "06220")
    ]
