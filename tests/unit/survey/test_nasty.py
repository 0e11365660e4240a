"""Whatever is handed in: an answer in French within ten seconds, nothing left behind, and the parent alive."""

from __future__ import annotations

import contextlib
import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fs_pipeline.demarches.catalogue import Vocabulary
from fs_pipeline.sandbox.feedback import ANNOTATED, CSV, RECORDS, REPORT
from fs_pipeline.sandbox.keeper import Keeper
from fs_pipeline.survey.check import check_workbook
from fs_pipeline.survey.feedback.annotate import write_annotated
from fs_pipeline.survey.opening.cells import Sheet, Workbook
from fs_pipeline.survey.opening.merges import tidy
from fs_pipeline.survey.opening.reader import REFUSALS, UnreadableFile, open_bytes
from fs_pipeline.territory.shipped import load_territory
from tests.unit.survey import nasty

SECONDS = 10  # of processor, on a machine that does other work too
MEGABYTES = 500  # of the one that asks, the keeper and its fork together
FRENCH = ("fichier", "Fichier", "cellule", "classeur", "dossier")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return nasty.make(tmp_path_factory.mktemp("nasty"))


@pytest.fixture(scope="module")
def keeper():
    with Keeper() as one:
        yield one


@pytest.mark.parametrize("name", nasty.names())
def test_it_is_refused_kindly_or_read_in_time_and_leaves_nothing_behind(corpus, keeper, name, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    path, refused = corpus[name]
    beside = set(path.parent.iterdir())
    refusal = None
    try:
        json.loads(keeper.read(path, departement=None, wanted=[REPORT, CSV, ANNOTATED, RECORDS]).parts[REPORT])
    except UnreadableFile as error:
        refusal = error
    assert refused is None or (refusal is not None) == refused
    assert refusal is None or any(word in str(refusal) for word in FRENCH)
    assert refusal is None or refusal.code in REFUSALS.keys() - {"unexpected"}
    if keeper.ended:  # some are refused at sight
        assert keeper.ended["cpu_seconds"] < SECONDS
        assert keeper.ended["peak_bytes"] < (MEGABYTES - 130) * 1_000_000
    assert set(path.parent.iterdir()) == beside
    assert list(tmp_path.iterdir()) == []


def test_a_bomb_does_not_keep_the_next_file_from_being_read(corpus, keeper):
    with pytest.raises(UnreadableFile):
        keeper.read(corpus["xfd1048576.xlsx"][0], departement=None, wanted=[])
    assert keeper.read(corpus["xlsx-called.csv"][0], departement="33", wanted=[]).verdict == "accepted"


def test_an_old_a_locked_and_an_empty_file_say_how_to_save_them(corpus, check):
    for name, words in (
        ("old.xls", "Enregistrer sous"),
        ("locked.xlsx", "mot de passe"),
        ("empty.xlsx", "Enregistrez"),
    ):
        with pytest.raises(UnreadableFile, match=words):
            check(corpus[name][0])


@pytest.mark.parametrize("unit", ["a.a", "9h-", "--", "é", "0 ", ","])
def test_an_endless_cell_is_said_and_costs_nothing(check, tmp_path, unit):
    """Each reader of a value is spared what would take it minutes."""
    heads = ["Nom", "Adresse", "Commune", "Téléphone", "Courriel", "Site web", "Horaires", "SIRET"]
    plain = ["Mairie", "1 rue du Port", "Langon", "05 56 76 55 25", "a@exemple.fr", "exemple.fr", "lundi 9h-12h", "x"]
    rows = [plain] * 5 + [[plain[0], *[unit * 20_000] * 7]]
    path = tmp_path / "longue.csv"
    path.write_text("\n".join(";".join(row) for row in [heads, *rows]), encoding="utf-8")
    started = time.monotonic()
    report = check(path)
    assert time.monotonic() - started < SECONDS
    assert sum(problem.rule == "value_too_long" for problem in report.problems) >= 5


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**15), 10**15),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=30),
    st.sampled_from(
        ["Nom", "Adresse", "Commune", "CP", "Téléphone", "Horaires", "Lundi", "idem", "Total", "RSA", "X", "oui", "Langon",
         "33210", "9h-12h", "=1+1", "Proposition pour « Nom »", "Enquête sur l’aide aux démarches : listes", "Démarche",
         "Niveau", "Lieu", "Date", "Présents", "Arrêt", "Jour", "Association", "44,5", "-0,5", "#N/D", "\ufffd"]
    ),
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(CELLS, max_size=9), min_size=1, max_size=9),
    merged=st.lists(st.tuples(*[st.integers(0, 8)] * 4), max_size=3),
    name=st.text(max_size=40),
)
def test_no_cells_whatever_break_the_check_or_its_copy(tmp_path, rows, merged, name):
    width = max(map(len, rows))
    filled = [row + [None] * (width - len(row)) for row in rows]
    book = Workbook("hasard.xlsx", "xlsx", (Sheet(name, filled, merged=tidy(merged, len(filled), width)),))
    report = check_workbook(book, territory=load_territory(), departement=None, vocabulary=Vocabulary())
    assert report.verdict in {"accepted", "warnings", "refused"}
    json.loads(report.written())
    write_annotated(report, tmp_path / "copie.xlsx")


STARTS = (b"", b"PK\x03\x04", b"{", b"Nom;Commune\n", b"\xff\xfe", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


@settings(max_examples=300, deadline=None)
@given(start=st.sampled_from(STARTS), tail=st.binary(max_size=400))
def test_no_bytes_whatever_break_what_opens_them(start, tail):
    """In this process: text and JSON are read or refused, and a broken zip is refused."""
    with contextlib.suppress(UnreadableFile):
        assert all(sheet.rows is not None for sheet in open_bytes(start + tail, "hasard").sheets)
