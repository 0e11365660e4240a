"""How the house writes numbers, dates and names for a French reader, wherever it writes them."""

from __future__ import annotations

import pytest

from fs_pipeline import french


@pytest.mark.parametrize(
    ("noun", "said"),
    [("Langon", "de Langon"), ("Ambès", "d’Ambès"), ("Étauliers", "d’Étauliers"), ("août 2022", "d’août 2022")],
)
def test_de_loses_its_vowel_before_another(noun: str, said: str) -> None:
    assert french.of(noun) == said


@pytest.mark.parametrize(
    ("iso", "said"),
    [
        ("2022-12-01", "1er\u00a0décembre 2022"),
        ("2022-08-15", "15\u00a0août 2022"),
        ("2022-02", "février 2022"),
        ("2022-13-01", "2022-13-01"),
        (None, "date inconnue"),
    ],
)
def test_a_date_is_said_with_its_months_name_and_what_is_no_date_stays(iso: str | None, said: str) -> None:
    assert french.date(iso) == said


@pytest.mark.parametrize(
    ("value", "decimals", "said"),
    [(1234567.0, 0, "1\u202f234\u202f567"), (0.25, 1, "0,3"), (-2.0, 0, "\u22122"), (None, 0, "non calculé")],
)
def test_a_number_has_its_comma_and_its_narrow_spaces_and_halves_go_up(
    value: float | None, decimals: int, said: str
) -> None:
    assert french.number(value, decimals) == said


def test_the_week_begins_on_monday() -> None:
    assert french.DAYS[0] == "Mo"
    assert french.weekday("Su", "odd") == "dimanche, semaines impaires"
    assert french.weekday(None) == "jour inconnu"


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "0 jour"), (1, "1 jour"), (90, "90 jours"), (91, "3 mois"), (335, "11 mois"), (365, "12 mois"), (700, "23 mois"),
     (730, "2 ans"), (1500, "4 ans et 1 mois"), (3650, "10 ans"), (4015, "11 ans")],
)  # fmt: skip
def test_an_age_is_said_in_days_then_in_months_then_in_years(days: int, said: str) -> None:
    assert french.age(days).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("commune", "said"),
    [("Bazas", "à Bazas"), ("Le Haillan", "au Haillan"), ("Les Mathes", "aux Mathes"), ("La Brède", "à La Brède"),
     ("L’Épine", "à L’Épine"), ("Lesparre-Médoc", "à Lesparre-Médoc")],
)  # fmt: skip
def test_a_takes_in_two_articles_alone(commune: str, said: str) -> None:
    assert french.at(commune) == said


def test_a_band_of_minutes_is_said_from_the_soonest_to_the_latest_and_a_tenth_more_just_over_a_limit():
    assert french.minutes_band(18.2, 27.4, (20, 30)) == "de\u00a018 à\u00a027"
    assert french.minutes_band(20.31, 30.4, (20, 30)) == "de\u00a020,4 à\u00a030,4"


@pytest.mark.parametrize(
    ("iso", "since", "until"),
    [
        ("2022-12-01", "du 1er\u00a0décembre 2022", "au 1er\u00a0décembre 2022"),
        ("2016-08", "d’août 2016", "à août 2016"),
        ("2020-11", "de novembre 2020", "à novembre 2020"),
    ],
)
def test_a_span_begins_and_ends_as_its_dates_want(iso: str, since: str, until: str) -> None:
    assert (french.since(iso), french.until(iso)) == (since, until)
