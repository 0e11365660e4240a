"""A keeper reads one file after another, each in a process that cannot outlive its bounds or its caller."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fs_pipeline.rehearsal.land import make_land
from fs_pipeline.sandbox import keeper as keeper_module
from fs_pipeline.sandbox import worker
from fs_pipeline.sandbox.feedback import ANNOTATED, CSV, RECORDS, REPORT
from fs_pipeline.sandbox.keeper import Keeper, KeeperLost
from fs_pipeline.survey.opening.reader import UnreadableFile
from fs_pipeline.territory.shipped import load_territory
from fs_pipeline.territory.told import ToldTerritory, told

SURVEY = (
    "Nom du lieu;Adresse;Commune;Téléphone;Horaires\n"
    "Mairie de Bazas;1 place de la Cathédrale 33430 Bazas;Bazas;05 56 00 00 01;lundi-vendredi 9h-12h\n"
    "Mairie de Langon;14 allée Jean-Jaurès 33210 Langon;Langon;05 56 00 00 02;fermé le mardi\n"
)


@pytest.fixture(scope="module")
def keeper() -> Iterator[Keeper]:
    with Keeper() as one:
        yield one


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    path = tmp_path / "enquête d’été.csv"
    path.write_text(SURVEY, encoding="utf-8")
    return path


def test_what_was_asked_for_comes_back_and_is_what_the_survey_says(keeper: Keeper, survey: Path) -> None:
    feedback = keeper.read(survey, departement="33", wanted=[REPORT, CSV, ANNOTATED, RECORDS])
    report = json.loads(feedback.parts[REPORT])
    assert report["file"] == survey.name
    assert [place["commune"] for place in report["places"]] == ["Bazas", "Langon"]
    assert [row["insee"] for row in feedback.records()["survey_places"]] == ["33036", "33227"]
    assert feedback.parts[CSV].startswith(b"\xef\xbb\xbf")
    assert feedback.parts[ANNOTATED].startswith(b"PK")
    assert feedback.verdict == report["verdict"]
    assert keeper.read(survey, departement="33", wanted=[]).parts == {}


def test_points_in_metres_are_read_behind_the_walls_although_their_library_may_start_no_thread(
    keeper: Keeper, tmp_path: Path
) -> None:
    survey = tmp_path / "lambert.csv"
    rows = [f"Mairie {row};Bazas;33430;{440_000 + 13 * row}.5;{6_370_000 + 17 * row}.5" for row in range(30)]
    survey.write_text("\n".join(["Nom;Commune;Code postal;X;Y", *rows]))
    report = json.loads(keeper.read(survey, departement="33", wanted=[REPORT]).parts[REPORT])
    assert all(43 < place["latitude"] < 46 for place in report["places"])


def test_what_is_loaded_serves_every_file(keeper: Keeper, survey: Path) -> None:
    keeper.read(survey, departement="33", wanted=[])
    user, system = Path(f"/proc/{keeper._process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    loading = (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    assert keeper.ended["cpu_seconds"] < loading / 2


def test_what_a_departement_once_said_of_its_headers_is_heard(keeper: Keeper, tmp_path: Path) -> None:
    path = tmp_path / "enquete.csv"
    path.write_text(SURVEY.replace("Nom du lieu", "Zorg"), encoding="utf-8")
    feedback = keeper.read(path, departement="33", wanted=[REPORT], remembered={"zorg": "name"})
    assert json.loads(feedback.parts[REPORT])["columns"]["name"] == "Zorg"


@pytest.mark.parametrize("code", ["absent", "folder", "empty", "no_file", "no_right"])
def test_what_is_no_file_to_read_is_refused_at_sight(keeper: Keeper, tmp_path: Path, code: str) -> None:
    path = tmp_path / "enquete.csv"
    if code == "folder":
        path.mkdir()
    elif code == "empty":
        path.touch()
    elif code == "no_file":
        os.mkfifo(path)
    elif code == "no_right":
        path.symlink_to(path)  # to itself
    with pytest.raises(UnreadableFile) as refusal:
        keeper.read(path, departement=None, wanted=[])
    assert refusal.value.code == code


def test_a_lost_keeper_says_that_the_file_is_not_to_blame(survey: Path) -> None:
    with Keeper() as one:
        one.read(survey, departement=None, wanted=[])
        one._process.kill()
        one._process.wait()
        with pytest.raises(KeeperLost):
            one.read(survey, departement=None, wanted=[])


def test_a_fault_of_ours_is_a_refusal_that_tells_where_in_our_code(
    survey: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """No value, and no word of the file, goes into the log."""
    fault = "from fs_pipeline.survey import check; check._find_tables = lambda *a: {}[a[0].file]"
    with _broken(fault, monkeypatch) as one, pytest.raises(UnreadableFile) as refusal:
        one.read(survey, departement="33", wanted=[])
    assert refusal.value.code == "unexpected"
    assert "KeyError" in caplog.text
    assert "check.py:" in caplog.text
    assert survey.name not in caplog.text


def test_a_reader_that_never_ends_costs_its_cell_behind_the_walls_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    program = (
        "from fs_pipeline.values import phones; right = phones._read\n"
        "def _read(text, departement):\n"
        "    while text == '05 99': pass\n"
        "    return right(text, departement)\n"
        "phones._read = _read"
    )
    survey = tmp_path / "survey.csv"
    survey.write_text(SURVEY + "Mairie annexe;1 rue Basse 33210 Langon;Langon;05 99;mardi 9h-12h\n", encoding="utf-8")
    with _broken(program, monkeypatch) as one:
        feedback = one.read(survey, departement="33", wanted=[REPORT])
    report = json.loads(feedback.parts[REPORT])
    assert [p["cell"] for p in report["problems"] if p["rule"] == "not_read_by_our_fault"] == ["D4"]
    assert "SlowReader" in caplog.text


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("import os; os.abort()", "too_heavy"),
        ("while True: pass", "too_heavy"),
        ("import time; time.sleep(1000)", "too_heavy"),
        ("x = [0] * 10**9", "too_heavy"),
        ("import os; os._exit(0)", "unexpected"),
        ("import os; os._exit(7)", "unexpected"),
    ],
)
def test_whatever_a_fork_does_its_caller_is_told_and_the_keeper_lives(
    survey: Path, monkeypatch: pytest.MonkeyPatch, fault: str, code: str
) -> None:
    program = (
        "from fs_pipeline.sandbox import walls, worker; walls.CPU_SECONDS = 1; worker.CLOCK_SECONDS = 2\n"
        "from fs_pipeline.survey import check; right = check._find_tables\n"
        "def _find_tables(report, reading):\n"
        f"    if 'bad' in report.file:\n        {fault}\n"
        "    right(report, reading)\n"
        "check._find_tables = _find_tables"
    )
    bad = survey.rename(survey.with_name("bad.csv"))
    good = survey.with_name("good.csv")
    good.write_text(SURVEY, encoding="utf-8")
    with _broken(program, monkeypatch) as one:
        with pytest.raises(UnreadableFile) as refusal:
            one.read(bad, departement="33", wanted=[])
        assert refusal.value.code == code
        assert one.read(good, departement="33", wanted=[]).verdict == "accepted"


def _broken(program: str, monkeypatch: pytest.MonkeyPatch) -> Keeper:
    """A keeper that runs `program` before it begins."""
    start = "import sys; sys.path[:0] = sys.argv[2:]\n"
    end = "\nfrom fs_pipeline.sandbox.worker import keep; keep(int(sys.argv[1]))"
    monkeypatch.setattr(keeper_module, "_PROGRAM", start + program + end)
    return Keeper()


ASKER = """
import sys
from pathlib import Path
from fs_pipeline.sandbox import keeper
keeper._PROGRAM = sys.argv[2]
one = keeper.Keeper()
print(one._process.pid, flush=True)
one.read(Path(sys.argv[1]), departement=None, wanted=[])
"""
SLEEPER = (
    "import sys; sys.path[:0] = sys.argv[2:]; from fs_pipeline.survey import check; import time\n"
    "check._find_tables = lambda *a: time.sleep(100)\n"
    "from fs_pipeline.sandbox.worker import keep; keep(int(sys.argv[1]))"
)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_neither_keeper_nor_fork_outlives_the_one_who_asked(survey: Path, how: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ASKER, survey, SLEEPER], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as asker:
        assert asker.stdout is not None
        process = int(asker.stdout.readline())
        forks = Path(f"/proc/{process}/task/{process}/children")
        _wait_for(lambda: bool(forks.read_text().split()))
        fork = int(forks.read_text().split()[0])
        asker.send_signal(how)
    _wait_for(lambda: not _lives(process) and not _lives(fork))


def _wait_for(happened: object, seconds: float = 30) -> None:
    assert callable(happened)
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.05)


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_clock_does_not_count_the_wait_for_a_processor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clock = worker._Clock(os.getpid())
    clock._began -= 100
    clock._told = tmp_path / "schedstat"
    clock._told.write_text(f"1000 {int(50e9)} 7\n")
    assert not clock.is_over()
    clock._told.write_text(f"1000 {int(30e9)} 7\n")
    assert clock.is_over()
    clock._told.unlink()  # a system that does not tell
    assert not clock.is_over()
    clock._began -= 600
    assert clock.is_over()


def test_a_missing_wall_is_told_once(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(keeper_module, "_said", set())
    for _ in range(3):
        keeper_module._tell_of_missing(frozenset({"files"}))
    assert len(caplog.records) == 1
    assert "network" in caplog.text


def test_a_told_territory_answers_as_the_one_that_was_told() -> None:
    territory = make_land().territory
    content = told(territory)
    assert content is not None
    again = ToldTerritory(json.loads(json.dumps(content)))
    for insee in territory.communes["insee"]:
        assert again.commune(insee) == territory.commune(insee)
        assert again.departement_of(insee) == territory.departement_of(insee)
    names = territory.communes["name"].tolist()
    assert [again.by_name(name, former=True) for name in names] == [
        territory.by_name(name, former=True) for name in names
    ]
    codes = {code for codes in territory.communes["postcodes"] for code in codes}
    assert all(set(again.by_postcode(code)) == set(territory.by_postcode(code)) for code in codes)
    assert again.departement_names == territory.departement_names
    assert again.has_points == territory.has_points
    assert again.borders == territory.borders
    named = territory.former[["current_insee", "name"]].itertuples(index=False, name=None)
    assert all(again.was_renamed_from(*one) == territory.was_renamed_from(*one) for one in named)
    assert again.town_halls == territory.town_halls
    assert told(load_territory()) is None
