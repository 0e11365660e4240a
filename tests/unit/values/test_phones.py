"""Phone numbers as people and spreadsheets leave them."""

from __future__ import annotations

import re

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fs_pipeline.values.phones import read_phone

FICTION = {"19900", "26191", "35301", "46571", "53649", "63998"}  # in no operator’s range


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("01 99 00 12 34", "+33199001234"),
        ("01.99.00.12.34", "+33199001234"),
        ("01/99/00/12/34", "+33199001234"),
        ("+33 (0)1 99 00 12 34", "+33199001234"),
        ("0033 1 99 00 12 34", "+33199001234"),
        ("33199001234", "+33199001234"),
        ("(0)1 99 00 12 34", "+33199001234"),
        ("Tél : 01-99-00-12-34 (accueil)", "+33199001234"),
        ("+32 2 555 12 12", "+3225551212"),
    ],
)
def test_a_number_is_one_however_it_is_written(written, expected):
    reading = read_phone(written)
    assert (reading.value, reading.notes) == (expected, ())


@pytest.mark.parametrize("written", ["199001234", 199001234, 199001234.0, "199001234.0"])
def test_the_zero_that_a_spreadsheet_ate_is_given_back_and_told(written):
    reading = read_phone(written)
    assert reading.value == "+33199001234"
    assert [(note.rule, note.suggestion) for note in reading.notes] == [("phone_lost_zero", "+33199001234")]


@pytest.mark.parametrize(
    ("written", "departement", "expected"),
    [
        ("0262 20 20 20", None, "+262262202020"),
        ("0262202020", "974", "+262262202020"),
        ("262202020", "974", "+262262202020"),
        ("+262 262 20 20 20", None, "+262262202020"),
        ("0590 85 19 50", "971", "+590590851950"),
        ("+590 85 19 50", None, "+590590851950"),  # the area code said once for itself and the country
    ],
)
def test_overseas_numbers_are_of_their_own_country_code(written, departement, expected):
    assert read_phone(written, departement).value == expected


@pytest.mark.parametrize(
    ("written", "short"), [("3949", "3949"), ("36 31", "3631"), ("115", "115"), ("17", "17"), ("118 218", "118218")]
)
def test_short_numbers_stay_short_and_say_so(written, short):
    reading = read_phone(written)
    assert (reading.value, reading.notes[0].rule) == (short, "phone_is_short")


@pytest.mark.parametrize(
    "written",
    [
        "01 99 00 12 34 / 06 39 98 12 34", "01 99 00 12 34 ou 06 39 98 12 34", "0199001234 0639981234",
        "01.99.00.12.34 - 06.39.98.12.34",
    ],
)  # fmt: skip
def test_of_two_numbers_the_first_is_kept_and_the_other_told(written):
    reading = read_phone(written)
    assert (reading.value, reading.notes[0].rule) == ("+33199001234", "phone_several_numbers")


def test_an_extension_is_dropped_and_told_and_a_fax_is_no_phone():
    assert [note.rule for note in read_phone("01 99 00 12 34 poste 12").notes] == ["phone_extension_dropped"]
    assert read_phone("Tél : 01 99 00 12 34 Fax : 01 99 00 12 35").notes == ()
    assert read_phone("Fax 01 99 00 12 35").value is None


@pytest.mark.parametrize(
    "written", ["01 99 00 12 3", "01 99 00 12 345", "0000000000", "1,99001E+08", "1234", "à venir"]
)
def test_what_cannot_be_dialled_is_refused(written):
    reading = read_phone(written)
    assert (reading.value, reading.notes[-1].rule) == (None, "phone_unreadable")


def test_nothing_written_says_nothing():
    assert read_phone("néant").notes == ()
    assert read_phone(None).value is None


@given(st.one_of(st.text(max_size=30), st.text("0123456789 +()./-", max_size=30), st.integers(), st.floats()))
@settings(max_examples=400, deadline=None)
def test_any_cell_is_a_number_that_reads_as_itself_or_none(written):
    value = read_phone(written).value
    if value is not None:
        assert re.fullmatch(r"\+[0-9]{6,15}|[0-9]{2,6}", value)
        assert read_phone(value).value == value


@given(st.from_regex(r"0[1-9][0-9]{8}", fullmatch=True))
@settings(max_examples=300, deadline=None)
def test_the_quick_way_holds_for_valid_what_the_library_does(digits):
    expected = phonenumbers.is_valid_number(phonenumbers.parse(digits, "FR"))
    found = read_phone(digits).value
    assert found == f"+33{digits[1:]}" if expected else not (found or "").startswith("+33") or digits[1:6] in FICTION


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("0 825 123 456 (0,15 €/min)", "+33825123456"),
        ("0899 12 34 56 : 0.80 euro par minute + prix appel", "+33899123456"),
        ("3646 (service 6 cts/min)", "3646"),
        ("04 65 71 00 11 de 9h à 12h", "+33465710011"),
        ("01 99 00 12 34 (8:30-12:00)", "+33199001234"),
        ("De 9 h 30 à 11 heures au 01 99 00 12 34", "+33199001234"),
        ("01 99 00 12 34 24h/24 7j/7", "+33199001234"),
        ("01 99 00 12 34 hors vacances", "+33199001234"),
        ("accueil de 14h à 17h, sans rendez-vous", None),
        ("44.9262, 2.4399", None),
        ("[2.4399 , 44.9262]", None),
        ("-1,553621", None),
        ("47.128,0.996", None),
        ("-61.5331;16.2412", None),
        ("48.8566 / 2.3522", None),
        ("bureau 15", None),
        ("2e étage, porte 112", None),
        ("1er : 01 99 00 12 34", "+33199001234"),
    ],
)
def test_what_stands_beside_a_number_is_no_part_of_it(written, expected):
    assert read_phone(written).value == expected


@pytest.mark.parametrize("written", ["Tél. 115", "115 (Samu social)", "Appeler le 17", "SAMU : 15"])
def test_an_emergency_number_is_one_where_nothing_else_is_spoken_of(written):
    assert read_phone(written).value == re.search(r"\d+", written).group()


@pytest.mark.parametrize(
    ("written", "departement", "expected"),
    [("71 43 00", "15", None), ("41 00 12", None, None), ("41 00 12", "975", "+508410012"), ("123456", "974", None)],
)
def test_a_number_cut_short_is_none_of_elsewhere(written, departement, expected):
    assert read_phone(written, departement).value == expected


def test_a_number_of_no_territory_has_no_territory_s_code():
    reading = read_phone("+262 9 72 72 39 49", "974")
    assert (reading.value, reading.notes[0].rule) == ("+33972723949", "phone_country_code")
    assert read_phone("+262 262 20 20 20").notes == ()


@settings(max_examples=200)
@given(
    st.from_regex(r"0[0-9]([ .]?)[0-9]{2}(\1[0-9]{2}){3}", fullmatch=True), st.sampled_from([None, "33", "974", "976"])
)
def test_a_number_alone_in_its_cell_reads_as_after_the_word(written, departement):
    assert read_phone(written, departement) == read_phone(f"Tél. : {written}", departement)
