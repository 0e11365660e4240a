"""Write ``fs_pipeline/data/demarches.csv``: the reviewed catalogue of démarches.

Run by hand with service-public.fr's list of on-line procedures (columns id, title, url, host, date)::

    python tools/build_demarches.py teleservices-2020-11.csv 2020-11

Title, url and date come from the list; label and theme from ``tools/demarches_selection.csv``, the operator from the
host by ``fs_pipeline/data/hosts.csv``, both reviewed. An operator in the selection goes before the host's.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "fs_pipeline" / "data"
FIELDS = (
    "demarche_id", "label", "title", "theme", "operator", "url", "listed_on", "valid_from", "valid_to", "source",
)  # fmt: skip


def main(listed: str, listed_on: str) -> None:
    """Write the file; stop where the selection names what the list has not."""
    published = {row["id"]: row for row in _rows(Path(listed))}
    hosts = {row["host"]: row["operator"] for row in _rows(DATA / "hosts.csv")}
    selection = _rows(ROOT / "tools" / "demarches_selection.csv")
    missing = [row["demarche_id"] for row in selection if row["demarche_id"] not in published]
    assert not missing, missing
    with (DATA / "demarches.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        for row in selection:
            entry = published[row["demarche_id"]]
            writer.writerow(
                {
                    **dict.fromkeys(FIELDS, ""),
                    "demarche_id": row["demarche_id"],
                    "label": row["label"],
                    "title": entry["title"],
                    "theme": row["theme"],
                    "operator": row["operator"] or hosts.get(entry["host"], ""),
                    "url": entry["url"],
                    "listed_on": listed_on,
                    "source": f"service-public.fr (DILA, Licence Ouverte 2.0), fiche du {entry['date']}",
                }
            )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    main(*sys.argv[1:])
