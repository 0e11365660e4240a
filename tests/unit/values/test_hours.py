"""Opening hours as people really write them; a wrong hour is worse than none."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opening_hours import OpeningHours

from fs_pipeline.values.hours import read_hours, read_week
from fs_pipeline.values.reading import Reading

from .hours_meaning import meaning

LABELS = Path(__file__).parent / "hours_labels.csv"
WORDS = [
    "lundi", "mardi", "Mercredi", "jeudi", "ven.", "samedi", "dimanche", "9h", "12h30", "14:00", "17h", "9", "12", "-",
    "à", "au", "et", ",", ";", "\n", "/", "de", "du", "sur rendez-vous", "sans rdv", "sauf", "jours fériés", "fermé",
    "matin", "après-midi", "1er", "3ème", "du mois", "semaine paire", "semaines impaires", "7j/7", "24h/24",
    "vacances scolaires", "en période scolaire", "juillet", "août", "été", "permanence", "(", ")", "|", ":", "midi",
    "00:00", "week-end", "\ufffd", "9h-12h", "14h-17h", "mairie", "horaires non communiqués",
    "(16h le vendredi)", "1er juillet au 31 août", "possible", "toute la journée",
]  # fmt: skip


def labels() -> list[dict[str, str]]:
    with LABELS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_labelled_hours_are_right_in_97_of_100_and_wrong_in_less_than_one():
    rows = labels()
    found = [read_hours(row["text"]).value for row in rows]
    right = [meaning(row["value"]) == meaning(value) for row, value in zip(rows, found, strict=True)]
    wrong = [value for value, same in zip(found, right, strict=True) if value is not None and not same]
    assert len(rows) >= 400
    assert sum(right) / len(rows) >= 0.97
    assert len(wrong) / len(rows) <= 0.01, wrong


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("9h à  12h /  14h à  17h", "09:00-12:00,14:00-17:00"),
        ("9-12h 14-18h", "09:00-12:00,14:00-18:00"),
        ("9h12h/13h-15h", "09:00-12:00,13:00-15:00"),
        ("8h- 12-30/ 13h30- 18h15", "08:00-12:30,13:30-18:15"),
        ("07:30:12:30", "07:30-12:30"),
        ("De 9h à midi", "09:00-12:00"),
        ("24h/24 7j/7", "24/7"),
        ("Mardi 14h/19h", "Tu 14:00-19:00"),
        ("Mardi,mercredi 9h-12h30", "Tu-We 09:00-12:30"),
        ("lundi mardi jeudi : 8h30/12h - 13h30/17h", "Mo-Tu,Th 08:30-12:00,13:30-17:00"),
        ("8h/12h15 et 13h15/17h du lundi au vendredi", "Mo-Fr 08:00-12:15,13:15-17:00"),
        ("9h-12h du lundi au jeudi, 9h-11h le vendredi", "Mo-Th 09:00-12:00; Fr 09:00-11:00"),
        ("Lundi - Jeudi : 9h-12h / 14h-17h\nVendredi : 9h-12h", "Mo-Th 09:00-12:00,14:00-17:00; Fr 09:00-12:00"),
        ("lundi-mardi-jeudi 9h-12h", "Mo-Tu,Th 09:00-12:00"),
        ("MARDI-JEUDI ET VENDREDI 9H-12H\nMERCREDI 14H-17H", "Tu,Th-Fr 09:00-12:00; We 14:00-17:00"),
        ("Lundi au Vendredi de 08h30 \ufffd 12h00 de 14h00 \ufffd 17h00", "Mo-Fr 08:30-12:00,14:00-17:00"),
        ("Lundi-Vendredi 08:30-12:30\nLundi-Vendredi 13:30-17:00", "Mo-Fr 08:30-12:30,13:30-17:00"),
        ("lundi au vendredi 8h-12h | mercredi : 8h-17h", "Mo-Tu,Th-Fr 08:00-12:00; We 08:00-17:00"),
        ("Mo-Th 08:30-12:30; Fr 08:30-12:30", "Mo-Fr 08:30-12:30"),
        ('{"lundi": "9h-12h", "mardi": ["9h-12h", "14h-17h"], "jeudi": null}', "Mo 09:00-12:00; Tu 09:00-12:00,14:00-17:00"),
        ("['Lundi 9h-12h', 'Mardi 14h-17h']", "Mo 09:00-12:00; Tu 14:00-17:00"),
    ],
)  # fmt: skip
def test_days_and_times_are_read_however_they_are_joined(written, expected):
    assert read_hours(written).value == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("fermé", "off"),
        ("Lundi : 9h - 12h / Mardi : Fermé / Mercredi : 14h-18h", "Mo 09:00-12:00; Tu off; We 14:00-18:00"),
        ("Samedi\nFermé\nDimanche\nFermé\nLundi\n9h-12h", "Mo 09:00-12:00; Sa-Su off"),
        ("Fermé lundi\nMardi 16h - 19h", "Mo off; Tu 16:00-19:00"),
        ("lundi 9h-12h fermé les jours fériés", "Mo 09:00-12:00; PH off"),
        ("du lundi au vendredi 9h-12h sauf mercredi", "Mo-Tu,Th-Fr 09:00-12:00; We off"),
        ("Du lundi au vendredi, sauf le mercredi, de 9h à 12h", "Mo-Tu,Th-Fr 09:00-12:00"),
        ("8h-12h 13h-17h sauf le vendredi 8h-12h", "08:00-12:00,13:00-17:00; Fr 08:00-12:00"),
        (
            "Du lundi au vendredi 9h-12h et 14h-17h, fermé le mardi après-midi",
            "Mo,We-Fr 09:00-12:00,14:00-17:00; Tu 09:00-12:00",
        ),
        ("Mardi : fermé le matin / 13h45-17h30", "Tu 13:45-17:30"),
        (
            "lundi au vendredi 9h-12h et 14h-17h, fermé les lundi et mercredi après-midi",
            "Mo,We 09:00-12:00; Tu,Th-Fr 09:00-12:00,14:00-17:00",
        ),
        ("9h-12h 13h30-17h30 (16h30 le vendredi)", "09:00-12:00,13:30-17:30; Fr 09:00-12:00,13:30-16:30"),
        (
            "Du lundi au vendredi 9h-12h et 13h30-17h (vendredi : 16h), samedi 9h-12h",
            "Mo-Th 09:00-12:00,13:30-17:00; Fr 09:00-12:00,13:30-16:00; Sa 09:00-12:00",
        ),
        ("Du 1er septembre au 30 juin : lundi 9h-12h", "Sep-Jun Mo 09:00-12:00"),
        ("lundi 9h-12h sauf vacances scolaires", "Mo 09:00-12:00; SH off"),
        ("Pendant les vacances scolaires : 9h-12h", "SH 09:00-12:00"),
        (
            "En période scolaire : mercredi 13h-18h\nPendant les vacances scolaires : mardi au mercredi 10h-19h",
            "We 13:00-18:00; SH Tu-We 10:00-19:00",
        ),
        ("Lundi 9h-12h. Samedi 9h-12h (sauf juillet et août)", "Mo,Sa 09:00-12:00; Jul-Aug Sa off"),
        ("Sept. - Juin : 14h-17h // Été : 10h-12h", "Sep-Jun 14:00-17:00; Jul-Aug 10:00-12:00"),
        ("2ème Jeudi du mois de 14h à 17h", "Th[2] 14:00-17:00"),
        ("les 1er et 3ème jeudis 14h-17h", "Th[1,3] 14:00-17:00"),
        ("Samedi : 9h - 12h (uniquement les 2 premiers samedis de chaque mois)", "Sa[1,2] 09:00-12:00"),
        ("le dernier samedi de chaque mois, de 9 heures à 12 h 30", "Sa[-1] 09:00-12:30"),
        ("semaines paires : mardi 9h-12h", "week 02-53/2 Tu 09:00-12:00"),
        (
            "semaine paire : mardi 9h-12h ; semaine impaire : jeudi 14h-17h",
            "week 02-53/2 Tu 09:00-12:00; week 01-53/2 Th 14:00-17:00",
        ),
        ("9h-12h (semaines impaires) / 14h-18h", "14:00-18:00; week 01-53/2 09:00-12:00,14:00-18:00"),
    ],
)
def test_closings_exceptions_and_seasons_are_written_as_osm_can(written, expected):
    assert read_hours(written).value == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Sur RDV : 01 99 00 12 34", '"sur rendez-vous"'),
        ("Tous les jours sur rendez-vous", 'Mo-Su "sur rendez-vous"'),
        ("sur RDV Lundi 13H30 - 17H\nMardi 13H30 - 17H", 'Mo-Tu 13:30-17:00 "sur rendez-vous"'),
        ("9h-12h / Sur RDV : 14h-17h", '09:00-12:00 open, 14:00-17:00 "sur rendez-vous"'),
        ("9h-12h30 (avec rdv) 14h-16h30 (sans rdv)", '09:00-12:30 "sur rendez-vous", 14:00-16:30'),
        ("lundi 9h-12h sans rdv, 14h-17h sur rdv", 'Mo 09:00-12:00, Mo 14:00-17:00 "sur rendez-vous"'),
        ("8h-12h / 13h30-17h (après midi sur rendez vous)", '08:00-12:00 open, 13:30-17:00 "sur rendez-vous"'),
        ("Lundi au vendredi 12h-19h, matin sur rendez-vous", 'Mo-Fr 12:00-19:00 || Mo-Fr "sur rendez-vous"'),
        (
            "mardi 9h-12h\n\nsur RDV exclusif :\nmardi 13h-16h; mercredi 9h-12h",
            'Tu 09:00-12:00, Tu 13:00-16:00 "sur rendez-vous"; We 09:00-12:00 "sur rendez-vous"',
        ),
    ],
)
def test_an_appointment_bears_on_what_it_stands_beside(written, expected):
    assert read_hours(written).value == expected


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("voir site internet", "hours_told_elsewhere"),
        ("Pour les horaires se référer à la planification mensuelle", "hours_told_elsewhere"),
        ("False", "hours_not_understood"),
        ("Lundi - samedi", "hours_not_understood"),
        ("9h", "hours_cut"),
        ("9:00 - 12:30 / 14:00 - 17:", "hours_cut"),
        ("du lundi au vendredi de h30 à 12h30", "hours_not_understood"),
        ("0h-0h", "hours_are_zero"),
        ("12h-9h", "hours_overlap"),
        ("lundi 22h-2h", "hours_overlap"),
        ("lundi 9h-12h sur rdv 14h-17h", "hours_two_readings"),
        ("lundi ou jeudi 9h-12h", "hours_which_weeks"),
        ("vendredi 9h30-11h31", "hours_not_understood"),  # a spreadsheet's drag, not somebody's hours
    ],
)
def test_mistakes_are_refused_with_their_reason(written, rule):
    reading = read_hours(written)
    assert reading.value is None
    assert reading.notes[0].rule == rule


@pytest.mark.parametrize(
    "written",
    [
        "9h - 13h et 14h - 17h  + Ateliers informatiques : horaire Adaptable",
        "Voir avec Camille, la formatrice 06 39 98 06 15",
        "permanence à 9h et 14h",  # two moments, no span
        "lundi 9h, 12h",
        "jusqu'à 12h et à partir de 14h",
        "lundi après-midi et mardi 9h-12h",  # Monday is not open in the morning
        "lundi 9h-12h, après-midi",
        "lundi matin 14h-17h",
        "lundi/vendredi 9h-12h",  # a list or a range?
        "lundi 9h-12h sur rdv 14h-17h",  # which of the two?
        "9h - 12h / 13h30 - 16h30 (sous RDV)",
        "mardi 9h-12h semaine paire, jeudi 14h-17h",  # is Thursday every week?
        "lundi 9h-12h ; samedi 9h-12h sauf vacances scolaires",  # is Monday open then?
        "lundi au vendredi 9h-12h, mercredi 14h-17h",  # also, or instead?
        "un samedi sur deux 9h-12h",
        "2 vendredis par mois 9h-13h",
        "9h-12h les 2ème et 4ème du mois",
        "mairie : lundi 9h-12h ; médiathèque : mardi 9h-12h",
        "Juin à septembre : 9h-12h   Été : 10h-12h30",
        "Vendredi 21/04\n10:00 - 12:30",
        "Lundi 9h-17h\nLa structure n'est plus ouverte aux publics",
        "Permanence à Sermaize-les-Bains : 8h30 - 12h",
        "fermé le mardi après-midi",
        "Du lundi au vendredi 9h-17h (8h le vendredi)",
        "lundi au vendredi 9h-12h et 14h-17h, fermé le lundi et mercredi après-midi",  # all Monday?
    ],
)
def test_what_has_two_readings_has_none(written):
    assert read_hours(written).value is None


def test_what_is_said_of_another_place_or_of_the_offer_is_left_out_and_told():
    elsewhere = read_hours("8h30 - 12h + Permanence à Givry-en-Argonne : 13h30 - 17h")
    assert (elsewhere.value, elsewhere.notes[0].rule) == ("08:30-12:00", "hours_elsewhere_left_out")
    assert read_hours("Lundi 9h-12h. De nombreuses activités offertes.") == Reading("Mo 09:00-12:00")
    remark = read_hours("Lundi 9h-12h. Café suspendu au plafond.".replace("suspendu", "accroché"))
    assert (remark.value, remark.notes[0].rule) == ("Mo 09:00-12:00", "hours_remark_left_out")
    assert "Café accroché au plafond" in remark.notes[0].detail
    assert read_hours("Lundi 9h-12h. Réservé aux adhérents de la structure").value is None


def test_a_week_in_columns_says_only_what_is_written():
    week = {"Mo": "9h-12h", "Tu": ("09:00", "12:00", "14:00", "17:00"), "We": "fermé", "Th": None, "Fr": ("9h00", None)}
    assert read_week({**week, "Fr": None}).value == "Mo 09:00-12:00; Tu 09:00-12:00,14:00-17:00"
    assert read_week(week).value is None
    assert read_week({}).value is None
    assert read_week({"Mo": "9h-12h", "Tu": "x"}).value is None  # open or closed?
    assert read_week({"Mo": "9h-12h", "Tu": "/", "We": "Fermé.", "Th": "'-"}).value == "Mo 09:00-12:00"


def test_a_day_column_may_say_more_than_hours():
    week = {
        "Mo": "9:00 - 12:00 / Sur RDV : 14:00 - 17:00",
        "We": "Hors vacances scolaires : 9:00 - 12:00",
        "Fr": "Vendredi : 9h-12h",
        "Sa": "1er samedi du mois : 9:00 - 12:00",
    }
    assert read_week(week).value == (
        'Mo 09:00-12:00, Mo 14:00-17:00 "sur rendez-vous"; We,Fr,Sa[1] 09:00-12:00; SH We off'
    )
    assert read_week({"Mo": "Mardi 9h-12h"}).value is None


def test_a_time_that_would_close_at_night_is_no_hours():
    assert read_hours("24h/24 (1h le lundi)").value is None


@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)))
@settings(max_examples=800, deadline=None)
def test_any_text_gives_valid_hours_or_none_and_they_read_as_themselves(written):
    reading = read_hours(written)
    if reading.value is not None:
        OpeningHours(reading.value)
        meaning(reading.value)
        assert read_hours(reading.value).value == reading.value
    elif reading.notes:
        assert reading.notes[0].rule.startswith("hours_")


@given(
    st.dictionaries(
        st.sampled_from(["Mo", "Tu", "Su"]),
        st.one_of(st.none(), st.text(max_size=12), st.lists(st.one_of(st.none(), st.sampled_from(WORDS)), max_size=5)),
    )
)
@settings(deadline=None)
def test_any_week_gives_valid_hours_or_none(week):
    value = read_week(week).value
    if value is not None:
        OpeningHours(value)
