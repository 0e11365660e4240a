"""The parts of an address line, as clerks, lists and letterheads write it."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fs_pipeline.territory.names import normalise
from fs_pipeline.values.addresses import Address, read_address
from fs_pipeline.values.streets import expand, kind_of, split_number

WORDS = [
    "12", "bis", "rue", "de la", "Paix", "av.", "33000", "Bordeaux", "CEDEX", "BP 12", ",", "\n", "-", "Lyon 3e", "(", ")",
    "Mairie", "ZA", "1000", "2A004", "Saint-Denis", "06 39 98 12 34", "n°", "12-14", "France",
]  # fmt: skip


def parts(text: str) -> tuple[str | None, ...]:
    found = read_address(text).value or Address()
    return found.number, found.street, found.postcode, found.commune, found.extra


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("12 rue de la Paix 75002 PARIS", ("12", "rue de la Paix", "75002", "PARIS", None)),
        ("12, rue de la Paix\n75002 PARIS", ("12", "rue de la Paix", "75002", "PARIS", None)),
        ("5-9 Rue des Papetiers, 01200 Valserhône", ("5-9", "Rue des Papetiers", "01200", "Valserhône", None)),
        ("12/14 rue des Lilas 64000 PAU", ("12-14", "rue des Lilas", "64000", "PAU", None)),
        ("1 bis, place Gambetta, 33000, Bordeaux", ("1 bis", "place Gambetta", "33000", "Bordeaux", None)),
        ("12B rue X 33000 Bordeaux", ("12 b", "rue X", "33000", "Bordeaux", None)),
        ("20 ter Chemin des Vignes 2A000 Ajaccio", ("20 ter", "Chemin des Vignes", "20000", "Ajaccio", None)),
        ("5, rue du 8 mai 1945 33000 Bordeaux", ("5", "rue du 8 mai 1945", "33000", "Bordeaux", None)),
        ("rue du 11 novembre", (None, "rue du 11 novembre", None, None, None)),
        ("Place de la Mairie 1000 Bourg en Bresse", (None, "Place de la Mairie", "01000", "Bourg en Bresse", None)),
        ("1 place X, Pau, 64000 Pau", ("1", "place X", "64000", "Pau", None)),
        ("16000 Angoulême, 4 place Carnot", ("4", "place Carnot", "16000", "Angoulême", None)),
        ("4 Place Carnot Angoulême 16000", ("4", "Place Carnot", "16000", "Angoulême", None)),
        ("12 avenue de Paris 33000 Bordeaux, France", ("12", "avenue de Paris", "33000", "Bordeaux", None)),
        ("Lieu-dit Le Bourg 24000 Périgueux", (None, "Lieu-dit Le Bourg", "24000", "Périgueux", None)),
    ],
)
def test_number_street_postcode_and_commune_are_told_apart(written, expected):
    assert parts(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("12 rue Jean Jaurès Pau", ("rue Jean Jaurès", "Pau")),
        ("12 rue de l'Église La Réole", ("rue de l'Église", "La Réole")),
        ("12 rue Garibaldi, Lyon 3e", ("rue Garibaldi", "Lyon")),
        ("12 rue Garibaldi 69003 Lyon 3e arrondissement", ("rue Garibaldi", "Lyon")),
        ("route de Paris", ("route de Paris", None)),  # the road's name, not where it is
        ("3 rue de Pau", ("rue de Pau", None)),
        ("5 rue X 95700 Roissy en France", ("rue X", "Roissy en France")),
        ("33000 Bordeaux", (None, "Bordeaux")),
    ],
)
def test_the_commune_ends_the_line_and_is_no_part_of_the_street(written, expected):
    found = read_address(written).value
    assert (found.street, found.commune) == expected


@pytest.mark.parametrize(
    ("written", "street", "extra"),
    [
        ("BP 123 - 12 av. Jean Jaurès 33000 Bordeaux", "avenue Jean Jaurès", "BP 123"),
        ("Centre social, 3 rue des Écoles, BP 4, 51200 Épernay", "rue des Écoles", "Centre social ; BP 4"),
        ("Résidence Les Pins, bât. A, 12 rue des Pins, 40000 Mont-de-Marsan", "rue des Pins", "Résidence Les Pins ; bât. A"),
        ("CCAS 5 rue X 33000 Bordeaux", "rue X", "CCAS"),
        ("Maison France Services 12 rue X 33000 Bordeaux", "rue X", "Maison France Services"),
        ("3 allée des Tilleuls (à côté de la Poste) 33000 Bordeaux", "allée des Tilleuls", "à côté de la Poste"),
        ("CS 12345 35000 Rennes cedex", None, "CS 12345"),
    ],
)  # fmt: skip
def test_what_stands_beside_the_street_is_kept_apart(written, street, extra):
    found = read_address(written).value
    assert (found.street, found.extra) == (street, extra)


@pytest.mark.parametrize(
    ("written", "number", "street"),
    [
        ("12 et 14 rue Victor Hugo 69002 Lyon", "12-14", "rue Victor Hugo"),
        ("7 - 9 Rue Pablo Picasso 13003 Marseille", "7-9", "Rue Pablo Picasso"),
        ("3, 5 et 7 place du Marché 33000 Bordeaux", "3-7", "place du Marché"),
        ("1 bis et 3, avenue Foch, 57000 Metz", "1-3", "avenue Foch"),
        ("10 à 16 cours de l'Yser 33800 Bordeaux", "10-16", "cours de l'Yser"),
        ("15 ou 17 bd Carnot 06400 Cannes", "15-17", "boulevard Carnot"),
        ("21 & 23 quai de la Fosse 44000 Nantes", "21-23", "quai de la Fosse"),
        ("2 rue du 11 et 12 novembre 33000 Bordeaux", "2", "rue du 11 et 12 novembre"),
    ],
)
def test_several_numbers_of_one_street_are_its_first_and_last(written, number, street):
    assert parts(written)[:2] == (number, street)


@pytest.mark.parametrize(
    ("written", "number", "street", "extra"),
    [
        ("PK 12 route de Baduel 97300 Cayenne", None, "route de Baduel", "PK 12"),
        ("PK 16,5 RN2 97351 Matoury", None, "RN2", "PK 16,5"),
        ("Lot 4 rue des Lilas 33000 Bordeaux", None, "rue des Lilas", "Lot 4"),
        ("Bât. 3, 12 rue des Lilas 33000 Bordeaux", "12", "rue des Lilas", "Bât. 3"),
        ("Appartement 21 5 allée des Pins 33000 Bordeaux", "5", "allée des Pins", "Appartement 21"),
    ],
)
def test_the_number_of_a_kilometre_a_lot_or_a_door_is_no_house_s(written, number, street, extra):
    found = read_address(written).value
    assert (found.number, found.street, found.extra) == (number, street, extra)


@pytest.mark.parametrize(
    ("written", "street", "commune"),
    [
        ("5 rue Neuve Saint-Genis-Pouilly (Ain)", "rue Neuve", "Saint-Genis-Pouilly"),
        ("5 rue Neuve, Saint-Genis-Pouilly, Ain", "rue Neuve", "Saint-Genis-Pouilly"),
        ("12 place Foch Foix - Ariège", "place Foch", "Foix"),
        ("2 rue des Tilleuls Ajaccio (2A)", "rue des Tilleuls", "Ajaccio"),
        ("3 rue de la Somme (Nord)", "rue de la Somme", None),  # no commune of the Nord ends it
        ("place de la Fontaine (Vaucluse)", "place de la Fontaine", None),  # nor of the Vaucluse
        ("3 rue Haute (Paris)", "rue Haute", "Paris"),
    ],
)
def test_the_departement_that_follows_the_commune_is_no_part_of_the_street(written, street, commune):
    found = read_address(written).value
    assert (found.street, found.commune) == (street, commune)


@pytest.mark.parametrize(
    ("written", "kept", "left"),
    [
        ("12 rue Haute 35000 Rennes / 4 rue Basse 35400 Saint-Malo", ("12", "rue Haute", "35000", "Rennes"),
         "4 rue Basse 35400 Saint-Malo"),
        ("1 place Foch, 09000 Foix ; 8 quai Sud 09100 Pamiers", ("1", "place Foch", "09000", "Foix"), "8 quai Sud 09100 Pamiers"),
        ("1 place Foch 09000 Foix ou 8 quai Sud 09100 Pamiers", ("1", "place Foch", "09000", "Foix"), "8 quai Sud 09100 Pamiers"),
    ],
)  # fmt: skip
def test_of_two_whole_addresses_the_first_is_kept_and_the_other_told(written, kept, left):
    reading = read_address(written)
    assert parts(written) == (*kept, left)
    assert [note.rule for note in reading.notes] == ["address_several"]


def test_one_address_on_several_lines_is_one():
    for written in (
        "Mairie\n12 rue Haute\n35000 Rennes",
        "12 rue Haute ; 35000 Rennes",
        "Tour A / 12 rue Haute 35000 Rennes",
    ):
        assert parts(written)[1:4] == ("rue Haute", "35000", "Rennes")


def test_a_cedex_address_is_told_and_its_phone_number_is_no_part_of_it():
    reading = read_address("1 RUE DE LA REPUBLIQUE BP 12345 69003 LYON CEDEX 03")
    assert [note.rule for note in reading.notes] == ["address_is_cedex"]
    assert reading.value.commune == "LYON"
    assert parts("5 place de Gaulle 25800 Valdahon 01 99 00 12 34")[3] == "Valdahon"


def test_a_lost_zero_is_given_back_only_where_a_commune_follows():
    reading = read_address("12 rue X, 1000 Bourg-en-Bresse")
    assert (reading.value.postcode, reading.notes[0].rule) == ("01000", "postcode_lost_zero")
    assert parts("CCAS, 1314 rue Vinson")[:3] == ("1314", "rue Vinson", None)


def test_abbreviated_kinds_are_spelled_out_with_the_writers_capitals():
    assert expand("av. Jean Jaurès") == "avenue Jean Jaurès"
    assert expand("BD VICTOR HUGO") == "BOULEVARD VICTOR HUGO"
    assert expand("rd pt de la Paix") == "rond-point de la Paix"
    assert expand("rue X") == "rue X"
    assert (kind_of("rond point de la paix"), kind_of("grande rue")) == ("rond point", "")


def test_a_date_or_an_ordinal_is_no_number():
    assert split_number("8 mai 1945") == (None, "8 mai 1945")
    assert split_number("2e Avenue") == (None, "2e Avenue")
    assert split_number("10 2e Avenue") == ("10", "2e Avenue")
    assert split_number("12 bis rue X") == ("12 bis", "rue X")


def test_nothing_and_noise_have_no_address():
    assert read_address("#N/D").value is None
    assert read_address("néant").value is None
    assert read_address("").value is None


def test_real_addresses_are_right_in_95_of_100(real_data: Path):
    rows = []
    for path in sorted((real_data / "addresses" / "geocoder-cases").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows += [row for row in csv.DictReader(file) if row["expected_street"]]
    judged = []
    for row in rows[::5]:
        held, street = f" {normalise(row['query'])} ", normalise(row["expected_street"])
        if f" {street} " not in held:
            continue
        found = read_address(row["query"]).value or Address()
        rest = held.rpartition(f" {street} ")[2].strip()
        right = normalise(found.street or "") in {street, normalise(expand(row["expected_street"]))}
        if re.fullmatch(r"\d{5}", rest):
            right &= found.postcode == rest
        elif rest:
            right &= normalise(found.commune or "") == rest
        judged.append(right)
    assert len(judged) > 1_000
    assert sum(judged) / len(judged) >= 0.95


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)))
@settings(max_examples=400, deadline=None)
def test_any_text_has_parts_or_none_and_its_postcode_is_one(written):
    value = read_address(written).value
    if value is not None:
        assert value.postcode is None or re.fullmatch(r"\d{5}", value.postcode)
        assert value.number is None or value.number[0].isdigit()
        assert any((value.number, value.street, value.postcode, value.commune, value.extra))


def test_the_country_and_the_region_before_it_are_no_part_of_an_address():
    for line in ("2 rue Neuve, Épernay, Marne, Grand Est, FRA", "2 rue Neuve, Épernay, Marne, Grand Est, France"):
        address = read_address(line).value
        assert (address.street, address.commune, address.extra) == ("rue Neuve", "Épernay", None)
    assert read_address("3 rue Basse, Bretagne").value.commune == "Bretagne"  # of the Indre, and no région


def test_a_telephone_before_a_street_is_no_part_of_it():
    address = read_address("0199001234 rue Haute").value
    assert (address.number, address.street) == (None, "rue Haute")
