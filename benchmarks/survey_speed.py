"""A survey of 5,000 rows x 30 columns: the whole command, its memory, and frictionless on the same file.

    .venv/bin/python benchmarks/survey_speed.py [ROWS]

Wall time of the process from start to end, imports included; memory is the sum of what the command and its child hold at
one moment. frictionless reads the same workbook against a schema of the same thirty columns (no unfolding, no values
normalised, no copy given back); it is skipped where it is not installed.
"""

from __future__ import annotations

import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import xlsxwriter

from fs_pipeline.territory.shipped import load_territory

HEADERS = (
    "N°", "Nom du lieu", "Type de lieu", "Structure porteuse", "SIRET", "Adresse", "Complément d’adresse", "Code postal",
    "Commune", "Code INSEE", "Latitude", "Longitude", "Téléphone", "Courriel", "Site web", "Horaires", "Itinérant",
    "Date de mise à jour", "Description", "Canton", "Intercommunalité", "RSA", "Carte Vitale", "Carte grise",
    "Demande de retraite", "Déclaration de revenus", "Passeport", "Accès PMR", "Nombre de postes", "Remarques",
)  # fmt: skip
HOURS = (
    "lundi-vendredi 9h-12h, 14h-17h",
    "Mardi et jeudi 9h30-12h",
    "du lundi au samedi 8h30-12h30",
    "sur rendez-vous",
)
KINDS = ("France services", "Mairie", "CCAS", "Médiathèque", "Centre social", "Association")
LEVELS = ("accompagnement", "orientation", "X", "non", "rendez-vous", None)
LIMITS = {"report": (2.0, 500), "annotated": (5.0, 500)}


def main(rows: int) -> int:
    """Make the file, run the command twice, then the peer; print seconds and megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "enquete.xlsx"
        make_survey(path, rows)
        command = [str(Path(sys.executable).parent / "fs-pipeline"), "check", str(path), "--department", "33"]
        ours = {
            "report": _best([*command, "--json", f"{folder}/report.json"]),
            "annotated": _best([*command, "--json", f"{folder}/r.json", "--annotated", f"{folder}/copy.xlsx"]),
        }
        report = json.loads(Path(folder, "report.json").read_text(encoding="utf-8"))
        places, problems = len(report["places"]), len(report["problems"])
        print(
            f"{rows} rows x {len(HEADERS)} columns, {places} places, {problems} problems; load {os.getloadavg()[0]:.1f}"
        )
        for name, cost in ours.items():
            print(f"  ours, {name}: {cost} (limits {LIMITS[name][0]:.0f} s, {LIMITS[name][1]} MB)")
        if importlib.util.find_spec("frictionless"):
            peer = _best([sys.executable, "-c", _FRICTIONLESS, str(path)])
            print(
                f"  frictionless validate: {peer}; {peer.processor / ours['report'].processor:.1f} times our processor"
            )
        else:
            print("  frictionless: not installed (requirements/bench.txt)")
    within = all(cost.seconds <= LIMITS[name][0] and cost.megabytes <= LIMITS[name][1] for name, cost in ours.items())
    return 0 if within else 1


class Cost(NamedTuple):
    """What one run of a command took, its children included."""

    seconds: float
    processor: float
    megabytes: float

    def __str__(self) -> str:
        return f"{self.seconds:.2f} s, {self.processor:.2f} s of processor, {self.megabytes:.0f} MB"


def _best(command: list[str]) -> Cost:
    """The quickest of three runs: the machine is shared."""
    return min((_measure(command) for _ in range(3)), key=lambda cost: cost.seconds)


def make_survey(path: Path, rows: int) -> None:
    """A fictional survey of Gironde's real communes, one cell in fifty wrong."""
    communes = load_territory().in_departement("33").to_dict("records")
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Lieux")
    sheet.write_row(0, 0, HEADERS)
    for number in range(rows):
        commune = communes[number % len(communes)]
        postcode = commune["postcodes"][0]
        wrong = number % 25 == 0
        cells = [
            number + 1, f"{KINDS[number % len(KINDS)]} de {commune['name']} {number}", KINDS[number % len(KINDS)],
            f"Commune de {commune['name']}", None, f"{number % 180 + 1} rue de la République", None,
            postcode, commune["name"], commune["insee"],
            round(commune["latitude"] + number % 7 / 1000, 5), round(commune["longitude"] + number % 9 / 1000, 5),
            639980000 + number if wrong else f"06 39 98 {number // 100 % 100:02d} {number % 100:02d}",
            f"accueil.{number}@exemple.fr", f"https://www.exemple.fr/{number}",
            "de temps en temps" if wrong else HOURS[number % len(HOURS)], "Non", "15/11/2022",
            f"Accueil et aide aux démarches de la commune de {commune['name']}, lieu {number}", "Canton", "Communauté",
            *(LEVELS[(number + shift) % len(LEVELS)] for shift in range(6)), "oui", number % 7, None,
        ]  # fmt: skip
        sheet.write_row(number + 1, 0, cells)
    book.close()


_FRICTIONLESS = """
import sys
from frictionless import Resource, Schema, fields
schema = Schema.describe(sys.argv[1])
for field in schema.fields:
    if field.name in {"Code postal", "Nom du lieu", "Commune"}:
        field.constraints["required"] = True
report = Resource(path=sys.argv[1], schema=schema).validate()
"""


def _measure(command: list[str]) -> Cost:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    most = 0
    while process.poll() is None:
        most = max(most, _held(process.pid))
        time.sleep(0.01)
    seconds = time.perf_counter() - started
    if process.returncode not in {0, 1}:
        raise SystemExit(f"{command[1:3]} ended with {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(seconds, processor, most / 1e6)


def _held(pid: int) -> int:
    """Bytes of a process and of its descendants (Linux)."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(_held(int(child)) for child in children)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000))
