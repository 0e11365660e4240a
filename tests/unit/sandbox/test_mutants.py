"""Thousands of mutants of real surveys: each is read or refused kindly, and none takes more than its share."""

from __future__ import annotations

import json
import os
import random
import resource
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter

from fs_pipeline.rehearsal.generate import generate
from fs_pipeline.sandbox.feedback import ANNOTATED, CSV, RECORDS, REPORT
from fs_pipeline.sandbox.keeper import Keeper
from fs_pipeline.survey.opening.reader import UnreadableFile
from tests.unit.sandbox.mutants import mutant

MEGABYTES, SECONDS = 500, 10  # of worker and parent, summed
ALL = [REPORT, CSV, ANNOTATED, RECORDS]


@pytest.fixture(scope="module")
def keeper() -> Iterator[Keeper]:
    with Keeper() as one:
        yield one


@pytest.fixture(scope="module")
def five_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rehearsal's workbook with places, démarches, actors, rounds and a meeting."""
    folder = tmp_path_factory.mktemp("five")
    surveys = sorted(generate(folder).deposits, key=lambda path: path.stat().st_size)
    return next(path for path in reversed(surveys) if path.suffix == ".xlsx")


def _own_peak(process: int) -> int:
    """Bytes that a process has held at most (Linux)."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def _try(keeper: Keeper, originals: list[Path], seeds: range, folder: Path) -> Counter[str]:
    """How the mutants ended; what was used is measured at each."""
    ended: Counter[str] = Counter()
    bytes_of_keeper = 0
    worst_seconds, worst_bytes = 0.0, 0
    for seed in seeds:
        original = originals[seed % len(originals)]
        path = folder / f"mutant{original.suffix}"
        path.write_bytes(mutant(original.read_bytes(), seed))
        before = resource.getrusage(resource.RUSAGE_SELF)
        keeper.ended = {}
        try:
            feedback = keeper.read(path, departement=random.Random(seed).choice((None, "33", "974")), wanted=ALL)
            json.loads(feedback.parts[REPORT])
            ended[feedback.verdict] += 1
        except UnreadableFile as refusal:
            ended[refusal.code] += 1
        assert not ended["unexpected"], (original.name, seed)
        after = resource.getrusage(resource.RUSAGE_SELF)
        bytes_of_keeper = bytes_of_keeper or _own_peak(keeper._process.pid)
        here = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        seconds = here + keeper.ended.get("cpu_seconds", 0.0)
        held = keeper.ended.get("peak_bytes", 0) + bytes_of_keeper + 25_000_000  # of a command that asks
        assert seconds < SECONDS, (original.name, seed, seconds)
        assert held < MEGABYTES * 1_000_000, (original.name, seed, held)
        worst_seconds, worst_bytes = max(worst_seconds, seconds), max(worst_bytes, held)
    print(f"{len(seeds)} mutants: {dict(ended)}; at most {worst_seconds:.1f} s and {worst_bytes / 1e6:.0f} MB")
    return ended


def test_mutants_of_a_five_table_workbook_are_read_or_refused(
    keeper: Keeper, five_tables: Path, tmp_path: Path
) -> None:
    ended = _try(keeper, [five_tables], range(40), tmp_path)
    assert ended["accepted"] + ended["warnings"] >= 5  # and not all refused at the door


@pytest.mark.data
def test_mutants_of_real_surveys_are_read_or_refused(keeper: Keeper, real_data: Path, tmp_path: Path) -> None:
    _try(keeper, _real(real_data), range(1_000, 1_040), tmp_path)


@pytest.mark.data
@pytest.mark.soak
def test_five_thousand_mutants(keeper: Keeper, real_data: Path, five_tables: Path, tmp_path: Path) -> None:
    _try(keeper, [*_real(real_data), five_tables], range(int(os.environ.get("FS_MUTANTS", "5000"))), tmp_path)


def _real(real_data: Path) -> list[Path]:
    return sorted(path for path in (real_data / "surveys").iterdir() if path.suffix in {".csv", ".xlsx"})


@pytest.mark.soak
def test_a_survey_of_twenty_thousand_rows_with_merged_communes_is_read_whole(keeper: Keeper, tmp_path: Path) -> None:
    path = tmp_path / "longue.xlsx"
    heads = ("Nom", "Type de lieu", "Adresse", "Code postal", "Commune", "Téléphone", "Courriel", "Horaires")
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Lieux")
        sheet.write_row(0, 0, heads)
        for row in range(1, 20_001):
            phone = f"05 36 49 {row // 100 % 100:02d} {row % 100:02d}"
            place = (f"Mairie {row}", "Mairie", f"{row % 90 + 1} rue du Port", "33210", None, phone, "a@exemple.fr")
            sheet.write_row(row, 0, (*place, ("lundi-vendredi 9h-12h", "Mardi et jeudi 9h30-12h")[row % 2]))
        for row in range(1, 20_001, 4):
            sheet.merge_range(row, 4, row + 3, 4, "Langon")
    feedback = keeper.read(path, departement="33", wanted=ALL)
    places = json.loads(feedback.parts[REPORT])["places"]
    assert len(places) == 20_000
    assert {place["insee"] for place in places} == {"33227"}
    assert keeper.ended["cpu_seconds"] < 30
    print(f"{keeper.ended['cpu_seconds']} s of processor, {keeper.ended['peak_bytes'] / 1e6:.0f} MB")
