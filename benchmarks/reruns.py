"""What a run costs the first time, again when nothing changed, and when one thing did, beside commit af538dc in turns.

    .venv/bin/python benchmarks/reruns.py [--nation] [--turns N]

Both commits run `fs-pipeline run` in a folder of their own, one after the other, in the environment of this interpreter, on
the same real files; `--nation` adds the 101 départements, once. Seconds are of processor, user and system, of the command
and of every process it waited for: wall time depends on who else works on the machine. Memory is that of the largest process.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import openpyxl

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("FS_DATA_DIR", ROOT.parent / "shared" / "data"))
BEFORE = "af538dc"
LISTS = {
    "france_services": "national/france-services-2022-12-01.csv",
    "la_poste": "national/la-poste-points-de-contact-2016-08.csv",
    "france_travail": "national/france-travail-agences.csv",
    "annuaire": "national/annuaire-administration-2019.csv.gz",
    "communes": "reference/communes-cog-2026.csv.gz",
    "contours": "reference/communes-contours-2018.parquet",
}
FIRST, AGAIN, ONE_SURVEY, ONE_LIST = "first run", "the same again", "one survey changed", "one list changed"
# Scope and work -> what ours may be of the time of af538dc's, then in seconds of processor; None where nothing was asked.
GOALS: dict[tuple[str, str], tuple[float | None, float | None]] = {
    ("Gironde", FIRST): (0.4, None),
    ("Gironde", AGAIN): (0.15, 10),
    ("Gironde", ONE_SURVEY): (0.35, None),
    ("Gironde", ONE_LIST): (None, None),
    ("nation", FIRST): (0.45, None),
    ("nation", AGAIN): (0.1, 60),
    ("nation", ONE_LIST): (None, None),
}
MEMORY = 4.0  # GB, of the nation


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one command: seconds of processor, seconds by the clock, gigabytes of its largest process."""

    processor: float
    wall: float
    memory: float


@dataclass
class Desk:
    """One commit, and the folder in which it works as an engineer would."""

    code: Path
    folder: Path

    def __post_init__(self) -> None:
        self.folder.mkdir()
        shutil.copy(DATA / LISTS["france_services"], self.folder / "france-services-2022-12-01.csv")
        shutil.copy(DATA / "surveys/33-gironde.xlsx", self.folder / "enquete.xlsx")
        taken = {key: str(DATA / path) for key, path in LISTS.items()}
        taken |= {"france_services": "france-services-2022-12-01.csv", "roads": ""}
        lines = ["campaign_reference_date = 2022-12-01", "[sources]", *(f'{key} = "{at}"' for key, at in taken.items())]
        (self.folder / "sources.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def run(self, scope: str) -> Cost:
        """Gironde with its survey, or the nation from lists alone."""
        asked = ("--department", "33", "--survey", "enquete.xlsx") if scope == "Gironde" else ("--all",)
        return self.say("run", "--campaign", "2022-12", *asked, "--sources", "sources.toml", "--out", "out")

    def say(self, *words: str) -> Cost:
        """One command of this commit, which must do well."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("FS_", "DAGSTER_"))}
        environment |= {"PYTHONPATH": str(self.code), "DAGSTER_DISABLE_TELEMETRY": "1"}
        with (self.folder / "said.txt").open("ab") as said:
            began = time.perf_counter()
            process = subprocess.Popen(
                [sys.executable, "-m", "fs_pipeline.cli", *words],
                cwd=self.folder, env=environment, stdout=said, stderr=said,
            )  # fmt: skip
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, (words, (self.folder / "said.txt").read_text(encoding="utf-8")[-2000:])
        return Cost(used.ru_utime + used.ru_stime, time.perf_counter() - began, used.ru_maxrss / 2**20)

    def change_survey(self) -> None:
        """One cell of the survey says something else, as when a prefecture mends a phone number."""
        book = openpyxl.load_workbook(self.folder / "enquete.xlsx")
        sheet = book.worksheets[0]
        cell = next(cell for row in sheet.iter_rows(min_row=5) for cell in row if isinstance(cell.value, str))
        cell.value = f"{cell.value} (annexe)"
        book.save(self.folder / "enquete.xlsx")

    def change_list(self) -> None:
        """A list loses its last place; the campaign takes it, where a campaign has to be told."""
        path = self.folder / "france-services-2022-12-01.csv"
        path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
        if (self.code / "fs_pipeline" / "campaigns").is_dir():
            home = {"FS_HOME": str(self.folder / "out/var"), "PYTHONPATH": str(self.code)}
            why = ("--date", "2022-12-01", "--by", "banc d’essai", "--reason", "liste corrigée")
            subprocess.run(
                [sys.executable, "-m", "fs_pipeline.cli", "campaign", "advance", "2022-12", "--source", "france_services", *why],
                cwd=self.folder, env=os.environ | home, check=True, capture_output=True,
            )  # fmt: skip


WORKS: dict[str, Callable[[Desk], None]] = {
    FIRST: lambda desk: None,
    AGAIN: lambda desk: None,
    ONE_SURVEY: Desk.change_survey,
    ONE_LIST: Desk.change_list,
}


def in_turns(scope: str, before: Path, folder: Path, works: list[str]) -> dict[str, tuple[Cost | None, Cost]]:
    """Work -> what it cost af538dc, and us just after.

    Where one list changed, and again for the nation, af538dc is not played: it computes all of it again each time.
    """
    then, now = Desk(before, folder / "before"), Desk(ROOT, folder / "now")
    costs: dict[str, tuple[Cost | None, Cost]] = {}
    for work in works:
        was = None
        if work == FIRST or (scope == "Gironde" and work != ONE_LIST):
            WORKS[work](then)
            was = then.run(scope)
        WORKS[work](now)
        costs[work] = (was, now.run(scope))
        load = os.getloadavg()[0]
        print(f"{scope}, {work}: before {was}, now {costs[work][1]}, load {load:.1f}", flush=True)
    return costs


def main() -> int:
    """Print costs, ratios and goals; 1 where a goal is missed."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--nation", action="store_true")
    asked.add_argument("--turns", type=int, default=1)
    options = asked.parse_args()
    found: dict[tuple[str, str], list[tuple[Cost | None, Cost]]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        before = folder / BEFORE
        subprocess.run(["git", "-C", str(ROOT), "worktree", "add", "--detach", str(before), BEFORE], check=True)
        try:
            for number in range(options.turns):
                (folder / f"{number}").mkdir()
                for work, costs in in_turns("Gironde", before, folder / f"{number}", list(WORKS)).items():
                    found.setdefault(("Gironde", work), []).append(costs)
            if options.nation:
                (folder / "nation").mkdir()
                for work, costs in in_turns("nation", before, folder / "nation", [FIRST, AGAIN, ONE_LIST]).items():
                    found.setdefault(("nation", work), []).append(costs)
        finally:
            subprocess.run(["git", "-C", str(ROOT), "worktree", "remove", "--force", str(before)], check=True)
    met = [told(scope, work, costs, found[scope, FIRST]) for (scope, work), costs in found.items()]
    return 0 if all(met) else 1


def told(scope: str, work: str, costs: list[tuple[Cost | None, Cost]], first: list[tuple[Cost | None, Cost]]) -> bool:
    """Print one row; whether its goals are met. Where af538dc was not played, its first run stands for it."""
    was = median(
        cost.processor for pair, of_first in zip(costs, first, strict=True) if (cost := pair[0] or of_first[0])
    )
    now, memory = median(cost.processor for _, cost in costs), max(cost.memory for _, cost in costs)
    ratio, seconds = GOALS[scope, work]
    met = (ratio is None or now <= ratio * was) and (seconds is None or now <= seconds)
    met = met and (scope != "nation" or memory <= MEMORY)
    goal = ", ".join([f"≤ {ratio}"] * (ratio is not None) + [f"≤ {seconds} s"] * (seconds is not None)) or "none"
    print(
        f"| {scope}, {work} | {was:.1f} s | {now:.1f} s | {now / was:.2f} | {goal} | {memory:.2f} GB | "
        f"{'met' if met else 'MISSED'} |"
    )
    return met


if __name__ == "__main__":
    raise SystemExit(main())
