"""Make the shipped town halls from the list of chefs-lieux that IGN publishes in Admin Express (2020).

    python tools/build_town_halls.py chefs-lieux-2020.csv.gz

The file has code, name, longitude, latitude, origin; only rows of origin ``ign`` are shipped (Licence Ouverte 2.0): every
commune of 2020 and the arrondissements of Paris, Lyon and Marseille. Writes town_halls.csv.gz beside
``fs_pipeline/data/__init__.py``; the same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "fs_pipeline" / "data"


def main() -> None:
    """Read the list, write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("chefs_lieux", type=Path)
    with gzip.open(parser.parse_args().chefs_lieux, "rt", encoding="utf-8", newline="") as stream:
        rows = sorted(
            (row["code"], row["longitude"], row["latitude"]) for row in csv.DictReader(stream) if row["origin"] == "ign"
        )
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("insee", "longitude", "latitude"))
    writer.writerows(rows)
    content = gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0)
    (DATA / "town_halls.csv.gz").write_bytes(content)
    print(f"town_halls.csv.gz: {len(rows):,} points, {len(content):,} bytes")


if __name__ == "__main__":
    main()
