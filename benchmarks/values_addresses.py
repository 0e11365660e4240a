"""How many parts of real addresses are read right: `python benchmarks/values_addresses.py [--show]`.

Counted is what a query holds: the expected street and number where they stand in it, and what follows the street:
a postcode, or a city (the files leave the expected city empty where the query names it, so it is read from there).
A query that ends with its street holds no city: finding one there is an error of the street's end, and counted.
"""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path

import pandas as pd

from fs_pipeline.territory.names import commune_key, normalise
from fs_pipeline.values.addresses import Address, read_address
from fs_pipeline.values.streets import expand

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("FS_DATA_DIR", ROOT.parent / "shared" / "data")) / "addresses" / "geocoder-cases"


def cases() -> pd.DataFrame:
    """The cases: query and the expected parts that it holds, as comparable text."""
    files = sorted(DATA.glob("*.csv"))
    frame = pd.concat([pd.read_csv(file, dtype=str, keep_default_na=False) for file in files], ignore_index=True)
    return frame[frame["query"] != ""]


def compare(row: dict[str, str], found: Address) -> dict[str, bool]:
    """Part to right or wrong, for the parts that the query holds."""
    held = f" {normalise(row['query'])} "
    judged: dict[str, bool] = {}
    number, street = normalise(row["expected_housenumber"]), normalise(row["expected_street"])
    if number and f" {number} " in held:
        judged["number"] = _glued(found.number or "") == _glued(number)
    if not street or f" {street} " not in held:
        return judged
    judged["street"] = normalise(found.street or "") in {street, normalise(expand(row["expected_street"]))}
    rest = held.rpartition(f" {street} ")[2].strip()
    if re.fullmatch(r"\d{5}", rest):
        judged["postcode"] = found.postcode == rest
    elif rest and not any(letter.isdigit() for letter in rest):
        judged["city"] = commune_key(found.commune or "") == commune_key(rest)
    elif not rest:
        judged["street"] &= found.commune is None and found.postcode is None
    return judged


def _glued(number: str) -> str:
    """« 2 bis » and « 2BIS » are one number."""
    return normalise(number).replace(" ", "")


def main() -> None:
    """Print n and the share right, part by part and all parts together."""
    rows = cases().to_dict("records")
    read_address("1 rue des Lilas Paris")  # the territory's indexes are built once
    begin = time.perf_counter()
    found = [read_address(row["query"]).value or Address() for row in rows]
    seconds = time.perf_counter() - begin
    judged = [compare(row, address) for row, address in zip(rows, found, strict=True)]
    for part in ("number", "street", "postcode", "city"):
        verdicts = [verdict[part] for verdict in judged if part in verdict]
        print(f"{part:9} n={len(verdicts):5}  right={sum(verdicts) / max(len(verdicts), 1):.4f}")
    whole = [all(verdict.values()) for verdict in judged if verdict]
    print(f"{'all parts':9} n={len(whole):5}  right={sum(whole) / max(len(whole), 1):.4f}")
    print(f"{len(rows) / seconds:,.0f} addresses a second")
    if "--show" in sys.argv:
        for row, address, verdict in zip(rows, found, judged, strict=True):
            if not all(verdict.values()):
                print([part for part, right in verdict.items() if not right], row, address)


if __name__ == "__main__":
    main()
