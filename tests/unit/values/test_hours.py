"""Opening hours as people really write them; a wrong hour is worse than none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opening_hours import OpeningHours

from fs_pipeline.values.hours import read_hours, read_week

WORDS = [
    "lundi", "mardi", "Mercredi", "jeudi", "ven.", "samedi", "dimanche", "9h", "12h30", "14:00", "17h", "9", "12", "-",
    "à", "au", "et", ",", ";", "\n", "/", "de", "du", "sur rendez-vous", "sauf", "jours fériés", "fermé", "matin",
    "après-midi", "1er", "3ème", "du mois", "semaine paire", "semaines impaires", "7j/7", "24h/24", "vacances scolaires",
    "permanence", "(", ")", "|", ":", "midi", "00:00", "week-end", "\ufffd",
]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("9h à  12h /  14h à  17h", "09:00-12:00,14:00-17:00"),
        ("09h00- 12h00 / 13h30- 17h30", "09:00-12:00,13:30-17:30"),
        ("De 09h à 17h", "09:00-17:00"),
        ("14H 17H", "14:00-17:00"),
        ("Mardi 14h/19h", "Tu 14:00-19:00"),
        ("Mardi,mercredi 9h-12h30", "Tu-We 09:00-12:30"),
        ("Mardi et jeudi de 14h a 17h", "Tu,Th 14:00-17:00"),
        ("8h/12h15 et 13h15/17h du lundi au vendredi", "Mo-Fr 08:00-12:15,13:15-17:00"),
        ("du lundi au vendredi de 8h30 à 12h15 et de 13h45 à 17h", "Mo-Fr 08:30-12:15,13:45-17:00"),
        ("Lundi - Jeudi : 9h-12h / 14h-17h\nVendredi : 9h-12h", "Mo-Th 09:00-12:00,14:00-17:00; Fr 09:00-12:00"),
        ("lundi 17h30 -19h00\njeudi 17h30 - 19h00", "Mo,Th 17:30-19:00"),
        ("Lundi au vendredi 9h-12h/14h-17h;", "Mo-Fr 09:00-12:00,14:00-17:00"),
        ("Lundi au Vendredi de 08h30 \ufffd 12h00 de 14h00 \ufffd 17h00", "Mo-Fr 08:30-12:00,14:00-17:00"),
        ("Lundi au Vendredi de : 8h30 - 12h30 | 13h30 - 17h30", "Mo-Fr 08:30-12:30,13:30-17:30"),
        ("Lundi au vendredi 9h-21h; samedi 9h-18h", "Mo-Fr 09:00-21:00; Sa 09:00-18:00"),
        (
            "lundi mardi jeudi vendredi 09h - 12h / 13h30 - 16h |mercredi samedi 09h- 12h",
            "Mo-Tu,Th-Fr 09:00-12:00,13:30-16:00; We,Sa 09:00-12:00",
        ),
        (
            "Du lundi au jeudi : 09h-12h et 13h15-17h30 / Le vendredi : 09h-16h00 (journée continue)",
            "Mo-Th 09:00-12:00,13:15-17:30; Fr 09:00-16:00",
        ),
        ("Lundi : 9h - 12h / Mardi : Fermé / Mercredi : 14h-18h", "Mo 09:00-12:00; Tu off; We 14:00-18:00"),
        ("lundi 9h-12h fermé les jours fériés", "Mo 09:00-12:00"),
        ("2ème Jeudi du mois de 14h à 17h", "Th[2] 14:00-17:00"),
        ("1er et 3ème lundi du mois de 14h à 17h", "Mo[1],Mo[3] 14:00-17:00"),
        ("semaines paires : mardi 9h-12h", "week 02-53/2 Tu 09:00-12:00"),
        (
            "semaine paire : mardi 9h-12h ; semaine impaire : jeudi 14h-17h",
            "week 02-53/2 Tu 09:00-12:00; week 01-53/2 Th 14:00-17:00",
        ),
        ("Tous les jours sur rendez-vous", 'Mo-Su "sur rendez-vous"'),
        ("sur RDV Lundi 13H30 - 17H\nMardi 13H30 - 17H", 'Mo-Tu 13:30-17:00 "sur rendez-vous"'),
        ("Ouvert sur RDV Jeudi 11- 18H", 'Th 11:00-18:00 "sur rendez-vous"'),
        ("Mo-Th 08:30-12:30,13:30-17:30; Fr 08:30-12:30", "Mo-Th 08:30-12:30,13:30-17:30; Fr 08:30-12:30"),
        ("Mo 09:30-12:30,13:30-15:30; PH off", "Mo 09:30-12:30,13:30-15:30; PH off"),
    ],
)
def test_hours_of_real_surveys_become_osm_hours(written, expected):
    assert read_hours(written).value == expected


@pytest.mark.parametrize(
    "written",
    [
        "9h - 13h et 14h - 17h  + Ateliers informatiques et MakerSpace : horaire Adaptable",
        "False",
        "Lundi - samedi",
        "LUNDI DE 18H A 19H\nET PERMANENCES TELEPHONIQUES DU LUNDI AU VENDREDI DE 14H A 16 H",
        "Voir avec Helene, la formatrice 06 39 98 06 15",
        "12h-9h",
        "lundi 22h-2h",
        "9h",
        "0h-0h",
    ],
)
def test_what_is_not_certain_is_refused_with_its_reason(written):
    reading = read_hours(written)
    assert reading.value is None
    assert reading.notes[0].rule.startswith("hours_")


@pytest.mark.parametrize(
    "written",
    [
        "permanence à 9h et 14h",  # two moments, no span
        "lundi 9h, 12h",
        "jusqu'à 12h et à partir de 14h",
        "9h-12h à 14h-17h",
        "lundi après-midi et mardi 9h-12h",  # Monday is not open in the morning
        "lundi 9h-12h, après-midi",
        "lundi matin 14h-17h",
        "lundi - mardi - jeudi 9h-12h",
        "lundi 9h-12h et sur rendez-vous",
        "lundi 9h-12h sans rdv, 14h-17h sur rdv",
        "lundi 9h-12h sur rdv 14h-17h",
        "mardi 9h-12h semaine paire, jeudi 14h-17h",  # is Thursday every week?
        "lundi 9h-12h sauf vacances scolaires",
        "tous les jours sauf le mercredi 9h-12h",
        "lundi au vendredi 9h-12h, fermé le mercredi",
        "1er lundi 9h-12h",
    ],
)
def test_what_would_read_wrong_is_refused(written):
    assert read_hours(written).value is None


def test_a_week_in_columns_says_only_what_is_written():
    week = {"Mo": "9h-12h", "Tu": ("09:00", "12:00", "14:00", "17:00"), "We": "fermé", "Th": None, "Fr": ("9h00", None)}
    assert read_week({**week, "Fr": None}).value == "Mo 09:00-12:00; Tu 09:00-12:00,14:00-17:00"
    assert read_week(week).value is None
    assert read_week({}).value is None


@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)))
@settings(max_examples=600, deadline=None)
def test_any_text_gives_valid_hours_or_none_and_they_read_as_themselves(written):
    value = read_hours(written).value
    if value is not None:
        OpeningHours(value)
        assert read_hours(value).value == value


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
