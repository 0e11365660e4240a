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
