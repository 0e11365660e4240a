"""Nothing can sink a file: a reader of ours that fails, or does not end, costs its own cell, and the report says so."""

from __future__ import annotations

import time

import pytest

from fs_pipeline.demarches import catalogue
from fs_pipeline.sandbox.desk import feedback_of
from fs_pipeline.sandbox.feedback import ANNOTATED, CSV, REPORT
from fs_pipeline.survey import check as checking
from fs_pipeline.survey import nets
from fs_pipeline.survey.feedback import annotate
from fs_pipeline.survey.opening.reader import UnreadableFile
from fs_pipeline.values import (
    addresses,
    booleans,
    communes,
    coordinates,
    dates,
    emails,
    hours,
    phones,
    postcodes,
    service_types,
    vocabularies,
    websites,
)
from tests.unit.survey.conftest import HEADERS, PLACES

MARK = "Zzyzx"
HEADS = (
    "Nom", "Type de lieu", "Adresse", "Code postal", "Commune", "Téléphone", "Courriel", "Site web", "Horaires",
    "Date de mise à jour", "Itinérant", "Latitude", "Longitude", "Publics accueillis",
)  # fmt: skip
GOOD = (
    "Mairie de Langon", "Mairie", "14 allées Jean-Jaurès", "33210", "Langon", "05 56 76 55 25", "mairie@exemple.fr",
    "https://www.exemple.fr", "lundi-vendredi 9h-12h", "07/12/2022", "Non", "44.553", "-0.249", "tout public",
)  # fmt: skip
READERS = {
    "Type de lieu": (service_types, "_find"),
    "Adresse": (addresses, "_read"),
    "Code postal": (postcodes, "_read"),
    "Commune": (communes, "_read"),
    "Téléphone": (phones, "_read"),
    "Courriel": (emails, "clean"),
    "Site web": (websites, "clean"),
    "Horaires": (hours, "_read"),
    "Date de mise à jour": (dates, "_read"),
    "Itinérant": (booleans, "clean"),
    "Latitude": (coordinates, "clean"),
    "Publics accueillis": (vocabularies, "clean"),
}


def failing(before, error):
    def read(text, *others):
        if text and MARK in str(text):
            error()
        return before(text, *others)

    return read


def raise_it():
    raise KeyError(MARK)


def panic():
    raise BaseException(MARK)


def survey(column):
    spoilt = list(GOOD)
    spoilt[HEADS.index(column)] = f"{MARK} 12"
    others = [(f"CCAS n° {number}", *GOOD[1:]) for number in range(2, 7)]
    return [HEADS, GOOD, ("Mairie annexe", *spoilt[1:]), *others]


@pytest.mark.parametrize("error", [raise_it, panic], ids=["error", "panic"])
@pytest.mark.parametrize("column", READERS)
def test_a_reader_that_fails_costs_its_own_cell(column, error, check, workbook, monkeypatch):
    module, name = READERS[column]
    monkeypatch.setattr(module, name, failing(getattr(module, name), error))
    report = check(workbook(survey(column)))
    letter = chr(ord("A") + HEADS.index(column))
    told = [problem.cell for problem in report.problems if problem.rule == "not_read_by_our_fault"]
    assert told == [f"{letter}3"]
    assert len(report.places) == 7
    assert all(place.phone and place.insee and place.opening_hours for place in report.places if place.row != 3)
    spoilt = next(place for place in report.places if place.row == 3)
    kept = [spoilt.name, spoilt.address, spoilt.insee, spoilt.phone, spoilt.email, spoilt.opening_hours]
    assert kept.count(None) <= 1
    assert report.faults
    assert not any(MARK in fault for fault in report.faults)  # it may be anybody's


@pytest.mark.parametrize("wait", [lambda: None, lambda: time.sleep(0.01)], ids=["at work", "asleep"])
def test_a_reader_that_does_not_end_costs_its_own_cell_and_a_second(wait, check, workbook, monkeypatch):
    monkeypatch.setattr(nets, "_SECONDS_ASLEEP", 2.0)

    def loop():
        while True:
            wait()

    monkeypatch.setattr(hours, "_read", failing(hours._read, loop))
    before = time.monotonic()
    report = check(workbook(survey("Horaires")))
    assert time.monotonic() - before < 20
    assert [p.cell for p in report.problems if p.rule == "not_read_by_our_fault"] == ["I3"]
    assert [place.opening_hours for place in report.places if place.row != 3] == ["Mo-Fr 09:00-12:00"] * 6
    assert "SlowReader" in report.faults[0]


def test_a_reader_that_never_ends_is_asked_no_more_and_each_cell_says_so(check, workbook, monkeypatch):
    monkeypatch.setattr(nets, "_SECONDS", 0.5)
    rows = [(f"Mairie n° {number}", *GOOD[1:8], f"{MARK} {number}", *GOOD[9:]) for number in range(40)]

    def loop():
        while True:
            pass

    monkeypatch.setattr(hours, "_read", failing(hours._read, loop))
    before = time.monotonic()
    report = check(workbook([HEADS, *rows]))
    assert time.monotonic() - before < 20
    assert len([p for p in report.problems if p.rule == "not_read_by_our_fault"]) == 40
    assert len(report.places) == 40
    assert all(place.phone for place in report.places)


def test_a_level_that_fails_costs_its_own_cell(check, workbook, monkeypatch):
    read = catalogue.Vocabulary.read_level

    def fails(self, text):
        return raise_it() if MARK in text else read(self, text)

    monkeypatch.setattr(catalogue.Vocabulary, "read_level", fails)
    heads = ["Nom du lieu", "Démarche", "Niveau d’aide"]
    rows = [["Mairie de Langon", "RSA", MARK], ["Mairie de Langon", "APL", "accompagnement"]]
    report = check(workbook({"Lieux": [HEADERS, *PLACES], "Démarches": [heads, *rows]}))
    assert [demarche.level for demarche in report.demarches] == [None, "accompaniment"]
    assert "C2" in {problem.cell for problem in report.problems if problem.sheet == "Démarches"}


def test_a_table_that_fails_costs_itself_and_no_other(check, workbook, monkeypatch):
    monkeypatch.setattr(checking, "read_actors", lambda _: raise_it())
    heads = ["Nom de l’acteur", "Territoire", "Engagement"]
    report = check(workbook({"Lieux": [HEADERS, *PLACES], "Acteurs": [heads, ["MSA", "Médoc", "un bus"]]}))
    told = [problem for problem in report.problems if problem.rule == "not_read_by_our_fault"]
    assert [(problem.sheet, "Le tableau de la ligne 1." in problem.message) for problem in told] == [("Acteurs", True)]
    assert len(report.places) == len(PLACES)


def test_a_sheet_that_fails_costs_itself_and_no_other(check, workbook, monkeypatch):
    find = checking.find_blocks
    monkeypatch.setattr(
        checking, "find_blocks", lambda sheet, reading: raise_it() if sheet.name == "Acteurs" else find(sheet, reading)
    )
    report = check(workbook({"Lieux": [HEADERS, *PLACES], "Acteurs": [["Nom", "Territoire"], ["MSA", "Médoc"]]}))
    told = [problem.sheet for problem in report.problems if problem.rule == "not_read_by_our_fault"]
    assert told == ["Acteurs"]
    assert len(report.places) == len(PLACES)


def test_where_nothing_can_be_read_for_our_fault_the_author_is_not_blamed(check, workbook, monkeypatch):
    monkeypatch.setattr(checking, "read_places", lambda *_: raise_it())
    with pytest.raises(UnreadableFile) as refusal:
        check(workbook([HEADERS, *PLACES]))
    assert refusal.value.code == "unexpected"
    assert "KeyError" in refusal.value.detail


def test_a_copy_that_fails_leaves_the_report_and_the_list(check, workbook, monkeypatch):
    monkeypatch.setattr(annotate, "write_annotated", lambda *_: raise_it())
    feedback = feedback_of(check(workbook([HEADERS, *PLACES])), {REPORT, CSV, ANNOTATED})
    assert set(feedback.parts) == {REPORT, CSV}
    assert [fault.split()[:2] for fault in feedback.faults] == [["copy", "KeyError"]]


def test_a_timer_of_somebody_elses_is_left_alone(check, workbook, monkeypatch):
    monkeypatch.setattr(nets.signal, "getitimer", lambda _: (5.0, 0.0))
    monkeypatch.setattr(nets.signal, "setitimer", lambda *_: pytest.fail("it was changed"))
    assert len(check(workbook([HEADERS, *PLACES])).places) == len(PLACES)


def test_memory_is_the_whole_files(monkeypatch):
    def fails():
        raise MemoryError

    with pytest.raises(MemoryError):
        nets.tried("phone", fails, None)


@pytest.mark.parametrize("name", ["_read", "clean"])
def test_what_is_slow_inside_anothers_net_is_that_ones(name):
    assert nets.tried("phone", lambda: nets.tried(name, lambda: 1, 0), 2) == 1
    assert nets.tried("phone", lambda: nets.tried(name, raise_it, 0), 2) == 2
