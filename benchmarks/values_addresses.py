"""How many parts of real addresses are read right: `python benchmarks/values_addresses.py [--show]`.

Counted is what a query holds: its expected street and number always, postcode and city where the query has them.
"""

from __future__ import annotations

import os
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
    if row["expected_housenumber"] and f" {normalise(row['expected_housenumber'])} " in held:
        judged["number"] = _glued(found.number or "") == _glued(row["expected_housenumber"])
    if row["expected_street"] and f" {normalise(row['expected_street'])} " in held:
        judged["street"] = normalise(found.street or "") == normalise(expand(row["expected_street"]))
    postcode = row["expected_postcode"].zfill(5) if row["expected_postcode"] else ""
    if postcode and f" {postcode} " in held:
        judged["postcode"] = found.postcode == postcode
    if row["expected_city"] and f" {normalise(row['expected_city'])} " in held:
        judged["city"] = commune_key(found.commune or "") == commune_key(row["expected_city"])
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
