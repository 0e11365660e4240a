"""Kinds of opening hours that were read wrongly or not at all, each in words of our own."""

from __future__ import annotations

import importlib.util
import json

import pytest

from fs_pipeline.values.hours import names_days, read_hours, read_week


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        # signs and spellings
        ("<ul><li>Mardi : 10h&nbsp;-&nbsp;12h</li><li>Jeudi : 14h-16h</li></ul>", "Tu 10:00-12:00; Th 14:00-16:00"),
        ("lun\u200bdi 9h‑12h", "Mo 09:00-12:00"),
        ("Mercredi 13h \u2192 17h", "We 13:00-17:00"),
        ("MO-FR 9h-12h ; 13h-16h", "Mo-Fr 09:00-12:00,13:00-16:00"),
        ("Tu-We-Fr 10:00-12:00", "Tu-We,Fr 10:00-12:00"),
        ("Mo 09:00-12:00; 13:00-16:00; We 09:00-12:00", "Mo 09:00-12:00,13:00-16:00; We 09:00-12:00"),
        ("Tu,We,Th 09:00-12:00; Th,Fr 14:00-16:00", "Tu-We 09:00-12:00; Th 09:00-12:00,14:00-16:00; Fr 14:00-16:00"),
        ("Mo-Fr 09:00-17:00; We,Th 09:00-12:00", "Mo-Tu,Fr 09:00-17:00; We-Th 09:00-12:00"),
        ("eudi 9h-12h", "Th 09:00-12:00"),
        ("du mradi au samedi 9h-12h", "Tu-Sa 09:00-12:00"),
        ("du xradu au samedi 9h-12h", None),
        ("lundi de 9 heures et demie à midi et quart", "Mo 09:30-12:15"),
        ("lundi 9h-midi 30", "Mo 09:00-12:30"),
        ("lundi 9h-midi moins le quart", "Mo 09:00-11:45"),
        ("lundi 9h30 et quart à 12h", None),
        ("vendredi 9h3011h30 - 14h16h", "Fr 09:30-11:30,14:00-16:00"),
        ("samedi 1Oh-12h", "Sa 10:00-12:00"),
        ("Mardi 8: - 12: et 14: - 17:30", "Tu 08:00-12:00,14:00-17:30"),
        ("mardi 9h-11h15 horaires d'accueil", "Tu 09:00-11:15"),
        ("lundi 9 heures à 11 heuresjeudi 9 heures à 10 heures", "Mo 09:00-11:00; Th 09:00-10:00"),
        # days
        ("En semaine de 9h à 17h", "Mo-Fr 09:00-17:00"),
        ("Tous les jours de la semaine : 8h-12h ; dimanche 10h-12h", "Mo-Fr 08:00-12:00; Su 10:00-12:00"),
        ("Du mercredi ou vendredi 14h-16h", "We-Fr 14:00-16:00"),
        ("lundi/mercredi 9h-12h, mardi/jeudi 14h-16h", "Mo,We 09:00-12:00; Tu,Th 14:00-16:00"),
        ("1er et 3e lundis et jeudis du mois 9h-12h", "Mo[1,3],Th[1,3] 09:00-12:00"),
        ("mardi (semaine paire) 9h-12h", "week 02-53/2 Tu 09:00-12:00"),
        (
            "vendredi 9h-11h les semaines impaires et 15h-17h les semaines paires",
            "week 02-53/2 Fr 15:00-17:00; week 01-53/2 Fr 09:00-11:00",
        ),
        # what takes away, what adds
        ("Mardi au samedi 9h-18h (fermé de 12h30 à 14h)", "Tu-Sa 09:00-12:30,14:00-18:00"),
        ("Lundi au jeudi 10h-16h avec une pause de 12h à 13h", "Mo-Th 10:00-12:00,13:00-16:00"),
        ("Lundi au vendredi 9h-12h (11h30 le jeudi) et 14h-17h", "Mo-We,Fr 09:00-12:00,14:00-17:00; Th 09:00-11:30,14:00-17:00"),
        ("Lundi au vendredi 9h-17h, ouverture à 10h le mardi", "Mo,We-Fr 09:00-17:00; Tu 10:00-17:00"),
        ("Lundi au vendredi 9h-12h, jeudi fermé", "Mo-We,Fr 09:00-12:00; Th off"),
        ("Lundi au mercredi 9h-12h et mercredi 14h-16h", "Mo-Tu 09:00-12:00; We 09:00-12:00,14:00-16:00"),
        ("matin : lundi et mardi 9h-12h ; après-midi : lundi 14h-16h", "Mo 09:00-12:00,14:00-16:00; Tu 09:00-12:00"),
        ("Jeudi 00:00-00:00 / 14:00-16:00", "Th 14:00-16:00"),
        ("9h-12h, 9h-12h et 14h-16h le lundi", "Mo 09:00-12:00,14:00-16:00"),
        ("mardi 9h-12h et pas d'accueil l'après-midi", "Tu 09:00-12:00"),
        ("mardi 9h à 11h à 14h à 16h", "Tu 09:00-11:00,14:00-16:00"),
        # months and holidays
        ("Lundi au samedi 9h-17h. En juillet : 9h-12h", "Mo-Sa 09:00-17:00; Jul Mo-Sa 09:00-12:00"),
        ("Lundi au vendredi 9h-17h ; août : lundi 9h-12h", "Mo-Fr 09:00-17:00; Aug off; Aug Mo 09:00-12:00"),
        ("Lundi au vendredi 9h-12h ; août : fermé", "Mo-Fr 09:00-12:00; Aug off"),
        ("mardi 14h-16h du 10 juin au 20 septembre", "Jun 10-Sep 20 Tu 14:00-16:00"),
        ("Hiver (novembre à mars) : lundi 9h-12h ; été (avril à octobre) : lundi 8h-12h",
         "Nov-Mar Mo 09:00-12:00; Apr-Oct Mo 08:00-12:00"),
        ("Lundi, jeudi 16h-18h, fermé pendant les vacances scolaires", "Mo,Th 16:00-18:00; SH off"),
        ("Lundi et mardi 9h-18h (17h pendant les vacances scolaires)", "Mo-Tu 09:00-18:00; SH Mo-Tu 09:00-17:00"),
        # appointments
        ("lundi 9h-12h, mardi (sur rdv), jeudi 9h-12h", 'Mo,Th 09:00-12:00; Tu "sur rendez-vous"'),
        ("Sur rendez-vous, lundi 9h-12h, mardi 14h-16h", 'Mo 09:00-12:00 "sur rendez-vous"; Tu 14:00-16:00 "sur rendez-vous"'),
        ("Lundi 9h-12h\nMardi 14h-16h\nSur rdv.", 'Mo 09:00-12:00 "sur rendez-vous"; Tu 14:00-16:00 "sur rendez-vous"'),
        ("mardi avec ou sans rendez-vous 9h-12h", "Tu 09:00-12:00"),
        ("mardi 9h-12h, rendez-vous conseillé", "Tu 09:00-12:00"),
        ("mardi 9h-12h. Prise de rendez-vous", 'Tu 09:00-12:00 "sur rendez-vous"'),
        ("mardi 9h-12h ou sur rendez-vous", 'Tu 09:00-12:00 || Tu "sur rendez-vous"'),
        # sentences, and the telephone
        ("Notre équipe vous accueille le jeudi entre 9h et 12h.", "Th 09:00-12:00"),
        ("Accueil : mardi 9h-12h. Accueil téléphonique : lundi au vendredi 9h-17h", "Tu 09:00-12:00"),
        ("Mardi 9h-12h (accueil physique) et 14h-17h (accueil téléphonique)", "Tu 09:00-12:00"),
        ("Mardi 9h-12h (hors coworking)", "Tu 09:00-12:00"),
        ("Mardi 9h-12h (habilitation Aidants Connect)", "Tu 09:00-12:00"),
    ],
)  # fmt: skip
def test_each_kind_is_read_for_what_it_is(written, expected):
    assert read_hours(written).value == expected


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("lundi ou jeudi 14h-16h", "hours_which_weeks"),
        ("jeudi 14h-16h tous les quinze jours", "hours_which_weeks"),
        ("vendredi 9h-12h une fois par mois", "hours_which_weeks"),
        ("lundi 9h-12h jusqu'à nouvel ordre", "hours_suspended"),
        ("mardi 9h-12h, service interrompu", "hours_suspended"),
        ("mardi 9h-12h pour les adhérents", "hours_for_some"),
        ("cours : mardi 9h-12h", "hours_of_an_activity"),
        ("mardi 9h-12h pour les personnes habilitées", "hours_for_some"),
        ("mardi 9h-12h, hors adhérents 8h-20h", "hours_for_some"),
        ("mardi 9h-12h à Trifouilly", "hours_elsewhere"),
        ("lundi 9h-12h pour les inscriptions", "hours_uncertain"),
        ("lundi 9h-12h, fermé les trois premières semaines d'août", "hours_with_exceptions"),
        ("lundi 9h-12h sauf la dernière semaine de juillet", "hours_with_exceptions"),
        ("mardi 9h-12h selon planning", "hours_uncertain"),
        ("lundi au vendredi 9h-12h, mercredi 14h-17h", "hours_overlap"),
        ("lundi, mardi et xylo de 9h à 12h", "hours_not_understood"),
        ("les lundis du mois 9h-12h", "hours_which_weeks"),
        ("mardi 9h-12h / 14h-17h (sur rdv)", "hours_two_readings"),
        ("lundi/jeudi 9h-12h", "hours_two_readings"),
        ("2022-12-09 00:00:00", "hours_are_dates"),
        ("vendredi 21/04\n10h-12h30\nsamedi 22/04\nfermé", "hours_uncertain"),
        ("téléphone : lundi 9h-12h", "hours_of_telephone"),
    ],
)
def test_what_cannot_be_published_says_why(written, rule):
    reading = read_hours(written)
    assert reading.value is None
    assert reading.notes[0].rule == rule


def test_two_readings_are_both_shown():
    assert read_hours("lundi/jeudi 9h-12h").notes[0].detail == "« Mo-Th 09:00-12:00 » ou « Mo,Th 09:00-12:00 »"


def test_an_impossible_half_day_costs_that_half_day_and_is_told():
    reading = read_hours("lundi 9h-12h et 17h-14h, mardi 9h-12h")
    assert reading.value == "Mo-Tu 09:00-12:00"
    assert (reading.notes[0].rule, reading.notes[0].detail) == ("hours_half_day_left_out", "« 17h-14h »")
    week = read_week({"Mo": "9h-12h", "Fr": "14h-12h"})
    assert week.value == "Mo 09:00-12:00"
    assert (week.notes[0].rule, week.notes[0].detail) == ("hours_overlap", "vendredi : 14h-12h")


def test_words_that_nobody_knows_are_published_around_and_quoted():
    reading = read_hours("mardi 9h-12h, petit bricolage")
    assert reading.value == "Tu 09:00-12:00"
    assert (reading.notes[0].rule, reading.notes[0].detail) == ("hours_remark_left_out", "« petit bricolage »")


def test_an_appointment_of_which_nobody_knows_the_hours_is_asked_for_all_and_told():
    for written in ("lundi 9h-12h et 14h-17h sur rdv", "lundi 9h-12h, mardi 14h-17h sur rdv"):
        reading = read_hours(written)
        assert reading.value.count('"sur rendez-vous"') == reading.value.count(";") + 1
        assert reading.notes[0].rule == "hours_appointment_of_all"


def test_a_value_names_days_where_each_of_its_rules_does():
    assert names_days("Mo 09:00-12:00; Tu off")
    assert names_days("24/7")
    assert names_days('"sur rendez-vous"')
    assert not names_days("09:00-12:00; We 09:00-11:00")
    assert not names_days("SH 09:00-12:00")


def test_the_cases_of_others_are_right_and_none_is_wrong(cases):
    folder = cases / "hours"
    if not folder.is_dir():
        pytest.skip("the cases of hours are absent")
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    for name, least, most_wrong in (("invented", 0.95, 0.0), ("real", 0.97, 0.005)):
        verdicts = []
        for case in map(json.loads, (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()):
            reading = read_week({case["day"]: case["raw"]}) if case.get("day") else read_hours(case["raw"])
            verdicts.append(score.judge(case, reading.value, bool(reading.notes)))
        right = sum(verdict in {"exact", "accepted"} for verdict in verdicts)
        assert right / len(verdicts) >= least
        assert verdicts.count("wrong") / len(verdicts) <= most_wrong


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("L-V 9h-12h", "Mo-Fr 09:00-12:00"),
        ("Lundi : 9h-12h\nMardi : idem", "Mo-Tu 09:00-12:00"),
        ("Mo-Fr 09:00-12:00, We 14:00-17:00", "Mo-Tu,Th-Fr 09:00-12:00; We 09:00-12:00,14:00-17:00"),
        ("Mercredi 14h-17h (hors vacances scolaires), samedi 9h-12h", "We 14:00-17:00; Sa 09:00-12:00; SH We off"),
        (
            "Du lundi au jeudi 9h-12h/14h-17h sauf mardi après-midi et jeudi 16h",
            "Mo,We 09:00-12:00,14:00-17:00; Tu 09:00-12:00; Th 09:00-12:00,14:00-16:00",
        ),
        ("Juillet-août : lundi 8h-13h ; le reste de l'année : lundi 9h-12h", "Mo 09:00-12:00; Jul-Aug Mo 08:00-13:00"),
        ("1er lundi et jeudi du mois 9h-12h", "Mo[1],Th[1] 09:00-12:00"),
        ("1er samedi et tous les mardis 9h-12h", None),
        ("L M V 9h-12h", None),
        ("lundi 9h-12h dès septembre", None),
        ("lundi 9h-12h de 9h à 12h au 01 99 00 12 34", None),
        ("lundi 9h-12h (ludothèque uniquement)", None),
        ("lundi 9h-12h jusqu'à 13h", None),
    ],
)
def test_what_bears_on_one_part_is_not_said_of_all(written, expected):
    assert read_hours(written).value == expected


@pytest.mark.parametrize(
    "written",
    [
        "lundi 9h-12h, fermé mardi, mercredi 9h-12h",  # Tuesday is not like Wednesday
        "lundi au vendredi 9h-12h, fermé mardi en juillet",
        "mercredi 9h-12h pendant les vacances scolaires, samedi 10h-12h",
        "9h-12h le lundi et mardi, 14h-17h",
        "lundi 9h-12h ou mardi 14h-17h",
        "de 9h à 12h du lundi au mercredi, le jeudi de 14h à 17h",
    ],
)
def test_what_could_be_said_of_another_day_is_not_published(written):
    assert read_hours(written).value is None


def test_no_exception_is_told_where_no_word_says_one():
    written = (
        "Atelier collectif :\nLundi de 14h à 15h30\nAccompagnement individuel les lundis et jeudis sur rdv.\n"
        "Accès libre : lundi matin : 9h-12h / mardi 14h-17h"
    )
    assert [note.rule for note in read_hours(written).notes] == ["hours_not_understood"]
