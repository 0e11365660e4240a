"""Dates, identifiers, boxes to tick, postcodes, mails, sites and types of place."""

from __future__ import annotations

import datetime
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn

from fs_pipeline.data import read_csv
from fs_pipeline.territory.shipped import load_territory
from fs_pipeline.values.booleans import read_boolean
from fs_pipeline.values.dates import read_date
from fs_pipeline.values.emails import read_email
from fs_pipeline.values.identifiers import read_siren, read_siret
from fs_pipeline.values.normalise import normalise, sentence
from fs_pipeline.values.postcodes import read_postcode
from fs_pipeline.values.reading import Note
from fs_pipeline.values.service_types import read_service_type
from fs_pipeline.values.websites import read_website

CELL = st.one_of(st.none(), st.text(max_size=40), st.integers(), st.floats(), st.booleans())
RULES = {row["rule"] for row in read_csv("rules.csv")}


@pytest.mark.parametrize(
    "written",
    [
        "2021-12-07", "07/12/2021", "7/12/2021 10:23", "07.12.2021", "7 décembre 2021", "mardi 7 décembre 2021", "07 déc. 2021",
        "2021-12-07T10:00:00.000Z", "20211207", datetime.date(2021, 12, 7), datetime.datetime(2021, 12, 7, 3, 4),
    ],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written(written):
    reading = read_date(written)
    assert (reading.value, reading.notes) == ("2021-12-07", ())


@pytest.mark.parametrize("written", ["44537", 44537.0, "44537.5", "1638835200", "1638835200000"])
def test_a_serial_or_a_timestamp_is_a_date_and_says_so(written):
    reading = read_date(written)
    assert (reading.value, reading.notes[0].rule) == ("2021-12-07", "date_was_a_serial")


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("01/01/1970", "date_is_1970"), ("1970-01-01T00:00:00Z", "date_is_1970"), ("25569", "date_is_1970"),
        ("07/12/21", "date_two_digit_year"), ("31/02/2021", "date_unreadable"), ("12/13/2021", "date_unreadable"),
        ("décembre 2021", "date_unreadable"), ("hier", "date_unreadable"),
    ],
)  # fmt: skip
def test_a_missing_or_impossible_date_is_none_with_its_reason(written, rule):
    reading = read_date(written)
    assert (reading.value, reading.notes[0].rule) == (None, rule)


@pytest.mark.parametrize(
    "written", ["21330063500017", "213 300 635 00017", 21330063500017.0, "SIRET : 213 300 635 00017"]
)
def test_a_siret_is_fourteen_digits_with_a_right_key(written):
    assert read_siret(written).value == "21330063500017"


def test_la_postes_establishments_follow_their_own_rule():
    assert read_siret("35600000049837").value == "35600000049837"
    assert not luhn.is_valid("35600000049837")


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("21330063500018", "siret_key"), ("1234", "siret_length"),
        ("2,1330063500017E+13", "siret_rounded"), ("1.23E+13", "siret_rounded"), ("21330063500000", "siret_rounded"),
    ],
)  # fmt: skip
def test_a_rounded_or_wrong_siret_is_refused_with_its_reason(written, rule):
    reading = read_siret(written)
    assert (reading.value, reading.notes[0].rule) == (None, rule)


def test_a_siren_is_read_alone_in_a_siret_or_in_a_vat_number():
    for written in ("213 300 635", "21330063500017", "FR 40 213300635"):
        assert read_siren(written).value == "213300635"
    assert read_siren("123456789").value is None
    assert read_siren("000000000").value is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Oui", True), ("x", True), ("1", True), (1, True), (1.0, True), ("VRAI", True), ("✓", True), ("☒", True), ("✔️", True),
        (True, True), ("[X]", True), ("Oui, sur rendez-vous", True), ("oui (le matin)", True), ("NON", False), ("0", False),
        (0, False), ("Faux", False), ("☐", False), ("✗", False), ("aucun", False), ("non : pas encore", False), (False, False),
        (None, None), ("", None), ("-", None), ("oui non", None), ("Oui / Non", None), ("non concerné", None), ("parfois", None),
    ],
)  # fmt: skip
def test_boxes_are_ticked_in_many_ways_and_unknown_is_not_no(written, expected):
    assert read_boolean(written).value is expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("33000", "33000"), (33000.0, "33000"), ("33 000", "33000"), ("33.000", "33000"), ("F-33000", "33000"), ("1000", "01000"),
        ("33000 CEDEX", "33000"), ("33000 Bordeaux", "33000"), ("97410", "97410"), ("98800", "98800"), ("330", None),
        ("00100", None), ("99999", None), ("33000-1", None), ("33000 ou 33100 selon", None),
        ("CS40001 92170 CEDEX", "92170"), ("BP 12345 - 33000 Bordeaux", "33000"), ("Bordeaux F-33000", "33000"),
        ("TSA 50012, 59000 Lille", "59000"), ("BP 33000", "33000"), ("réf. A33000", None),
    ],
)  # fmt: skip
def test_a_postcode_has_five_digits(written, expected):
    assert read_postcode(written).value == expected


def test_the_zero_that_a_postcode_lost_is_told():
    assert read_postcode(1000).notes == (Note("postcode_lost_zero", "01000"),)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("www.exemple.fr", "https://www.exemple.fr"), ("Site : exemple.bzh (accueil)", "https://exemple.bzh"),
        ("exemple.asso.fr/contact", "https://exemple.asso.fr/contact"), ("http://Exemple.ORG", "http://Exemple.ORG"),
        ("ville.num sur Instagram", None), ("M.Dupont", None), ("rue.Mairie", None),
        ("http://www.mairie.Loches et alentours.exemple.fr/", None), ("voir facebook", None),
    ],
)  # fmt: skip
def test_a_site_bears_a_domain_that_exists_and_no_space(written, expected):
    reading = read_website(written)
    assert (reading.value, not reading.notes) == (expected, expected is not None)


def test_a_mail_address_is_the_first_one_that_can_be_written_to():
    assert read_email("Accueil@Exemple.fr").value == "accueil@exemple.fr"
    several = read_email("a@exemple.fr ; b@exemple.fr")
    assert (several.value, several.notes[0].rule) == ("a@exemple.fr", "email_several")
    assert read_email("a@exemple.fr, A@exemple.fr").notes == ()
    assert read_email("accueil(at)exemple.fr").value is None


def test_a_site_gets_its_scheme_and_a_mail_address_is_no_site():
    assert read_website("www.exemple.fr/lieu").value == "https://www.exemple.fr/lieu"
    assert read_website("http:/exemple.fr").value == "http://exemple.fr"
    assert read_website("Voir https://exemple.fr").value == "https://exemple.fr"
    assert read_website("accueil@exemple.fr").value is None
    assert read_website("pas de site").value is None


def test_a_place_is_of_a_reviewed_type_and_an_unknown_type_is_told():
    assert read_service_type("Espace France Services", "Mairie de X").value == "france_services"
    assert read_service_type(None, "France services de La Poste").value == "france_services"
    unknown = read_service_type("Zeppelin")
    assert (unknown.value, unknown.notes[0].rule) == ("other", "place_type_unknown")
    assert read_service_type(None).notes == ()


def test_the_command_line_says_in_french_why_there_is_no_value():
    france = load_territory()
    assert normalise("hours", "9h-12h et 14h-16h30", france) == {
        "input": "9h-12h et 14h-16h30", "value": "09:00-12:00,14:00-16:30", "note": None,
    }  # fmt: skip
    refused = normalise("hours", "un samedi sur deux", france)
    assert refused["value"] is None
    assert str(refused["note"]).startswith("Les horaires ne sont pas compris")
    assert normalise("phone", "", france)["note"] == "Rien n’est écrit."
    assert normalise("commune", "Pau (64)", france)["value"] == "64445"
    assert normalise("address", "1 rue X 64000 Pau", france)["value"] == {
        "number": "1", "street": "rue X", "postcode": "64000", "commune": "Pau", "extra": None,
    }  # fmt: skip
    assert sentence(Note("no_such_rule")) == "Valeur douteuse."


@given(CELL)
@settings(max_examples=400, deadline=None)
def test_any_cell_is_read_or_refused_never_a_crash_and_reads_as_itself(cell):
    readers = (read_date, read_siret, read_siren, read_postcode, read_email, read_website)
    for reader in readers:
        reading = reader(cell)
        assert {note.rule for note in reading.notes} <= RULES
        if reading.value is not None:
            assert reader(reading.value).value == reading.value
    assert read_boolean(cell).value in {True, False, None}
    assert re.fullmatch(r"\w+", read_service_type(cell, cell).value or "")


@given(st.text("0123456789", min_size=13, max_size=14))
@settings(max_examples=200, deadline=None)
def test_no_siret_with_a_wrong_key_gets_through(digits):
    value = read_siret(digits).value
    if value is not None:
        assert luhn.is_valid(value) or value.startswith("356000000")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Associations", "association"), ("Mairies", "mairie"), ("C.C.A.S.", "ccas"), ("CCAS", "ccas"),
        ("Caisses d’allocation familiale", "caf"), ("Bibliothèques municipales", "mediatheque"),
        ("Bureaux de poste", "bureau_de_poste"), ("Missions locales", "mission_locale"),
    ],
)  # fmt: skip
def test_a_type_is_one_in_the_plural_and_in_initials(written, code):
    assert read_service_type(written).value == code


@pytest.mark.parametrize("written", ["000000000", "00000000000000", "0000 000 00", "111111111", "99999999999999"])
def test_one_figure_again_and_again_stands_for_a_number_that_nobody_has(written):
    for read in (read_siren, read_siret):
        reading = read(written)
        assert (reading.value, [note.rule for note in reading.notes]) == (None, ["identifier_is_filler"])
