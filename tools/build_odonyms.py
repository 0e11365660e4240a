"""Writes fs_pipeline/data/odonyms.csv.gz: how streets are named in public lists of addresses, and in how many communes.

Run once when the lists change: python tools/build_odonyms.py FOLDER_OF_NATIONAL_LISTS
A street's kind, its number and its leading articles are left out (« 12 rue de la Paix » is ``paix``).
Source: addresses of the list of France services (ANCT), contact points of La Poste, agencies of France Travail and the
directory of the administration (DILA), all under Licence Ouverte 2.0.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

from fs_pipeline.national.read import read_snapshot
from fs_pipeline.territory.shipped import load_territory
from fs_pipeline.values.lexicon import street_name

TARGET = Path(__file__).resolve().parent.parent / "fs_pipeline" / "data" / "odonyms.csv.gz"
LISTS = {
    "france_services": "france-services-2022-12-01.csv",
    "la_poste": "la-poste-points-de-contact-2016-08.csv",
    "france_travail": "france-travail-agences.csv",
    "annuaire": "annuaire-administration-2019.csv.gz",
}


def main(folder: Path) -> None:
    """Read the lists, write the names."""
    territory = load_territory()
    communes: dict[str, set[str]] = {}
    for source, file in LISTS.items():
        places = read_snapshot(source, folder / file, territory, as_of="2022-12-01").places
        for address, insee in zip(places["address"], places["insee"], strict=True):
            if isinstance(address, str) and isinstance(insee, str) and (name := street_name(address)):
                communes.setdefault(name, set()).add(insee)
    rows = "".join(f"{name},{len(where)}\n" for name, where in sorted(communes.items()))
    with gzip.GzipFile(TARGET, "wb", mtime=0) as file:
        file.write(f"name,communes\n{rows}".encode())
    print(f"{len(communes)} names")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
