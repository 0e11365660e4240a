"""Write the reviewed catalogue of démarches, ``fs_pipeline/data/demarches.csv``, and ``demarches_left_out.csv`` beside it.

Run by hand with service-public.fr's list of on-line procedures (columns id, title, url, host, date)::

    python tools/build_demarches.py teleservices-2020-11.csv 2020-11

Title, url and date come from the list; label and theme from ``tools/demarches_selection.csv``, what is left out and why
from ``tools/demarches_left_out.csv``, the operator from the host by ``fs_pipeline/data/hosts.csv``, all reviewed. An
operator in the reviewed files goes before the host's; an empty one is that of no operator of ``operators.csv``. What
people wrote into the catalogue itself stays: dates of validity, and the démarches of no published list.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "fs_pipeline" / "data"
FIELDS = (
    "demarche_id", "label", "title", "theme", "operator", "url", "listed_on", "valid_from", "valid_to", "source",
)  # fmt: skip
LEFT_OUT_FIELDS = ("demarche_id", "title", "operator", "reason", "same_as", "listed_on", "source")
Row = Mapping[str, str]


def main(listed: str, listed_on: str) -> None:
    """Write both files; stop, and write neither, where the reviewed files and the list do not hold the same démarches."""
    published = _rows(Path(listed))
    selection = _rows(ROOT / "tools" / "demarches_selection.csv")
    left_out = _rows(ROOT / "tools" / "demarches_left_out.csv")
    reasons = {row["reason"] for row in _rows(DATA / "left_out_reasons.csv")}
    wrong = list(what_is_wrong([row["id"] for row in published], selection, left_out, reasons))
    if wrong:
        raise SystemExit("\n".join(wrong))
    hosts = {row["host"]: row["operator"] for row in _rows(DATA / "hosts.csv")}
    by_id = {
        row["id"]: {
            "title": row["title"],
            "operator": hosts.get(row["host"], ""),
            "url": row["url"],
            "listed_on": listed_on,
            "source": f"service-public.fr (DILA, Licence Ouverte 2.0), fiche du {row['date']}",
        }
        for row in published
    }
    catalogue = {row["demarche_id"]: row for row in _rows(DATA / "demarches.csv")}
    selected = [
        {**_dates(catalogue.get(row["demarche_id"], {})), **by_id[row["demarche_id"]], **_said(row)}
        for row in selection
    ]
    others = [row for demarche_id, row in catalogue.items() if demarche_id not in by_id]
    _write(DATA / "demarches.csv", FIELDS, [*selected, *others])
    left = ({**by_id[row["demarche_id"]], **_said(row)} for row in left_out)
    _write(DATA / "demarches_left_out.csv", LEFT_OUT_FIELDS, left)


def _dates(row: Row) -> dict[str, str]:
    return {name: row[name] for name in ("valid_from", "valid_to") if name in row}


def what_is_wrong(
    published: Iterable[str], selection: Sequence[Row], left_out: Sequence[Row], reasons: set[str]
) -> Iterator[str]:
    """Each démarche that is not in exactly one of the reviewed files, and each reason or likeness that names nothing."""
    selected = {row["demarche_id"] for row in selection}
    times = Counter(row["demarche_id"] for row in (*selection, *left_out))
    listed = set(published)
    yield from (f"{one}: in the list, in neither reviewed file" for one in sorted(listed - set(times)))
    yield from (f"{one}: not in the list" for one in sorted(set(times) - listed))
    yield from (f"{one}: {count} times in the reviewed files" for one, count in sorted(times.items()) if count > 1)
    for row in left_out:
        if row["reason"] not in reasons:
            yield f"{row['demarche_id']}: unknown reason {row['reason']!r}"
        if row["same_as"] and row["same_as"] not in selected:
            yield f"{row['demarche_id']}: same_as {row['same_as']} is not in the selection"


def _said(row: Row) -> dict[str, str]:
    return {name: value for name, value in row.items() if value}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, fields: Sequence[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields, restval="", extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
