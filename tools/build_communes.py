"""Make the shipped territory files from releases of npm ``@etalab/decoupage-administratif`` (COG of INSEE, MIT).

    npm pack @etalab/decoupage-administratif@6.0.0    # and, for old names, 0.7.0 1.1.1 2.3.1 3.1.1 4.1.0 5.3.0
    python tools/build_communes.py PACKAGE_DIR [OLDER_PACKAGE_DIR ...] --contours communes-contours-2018.parquet

Each folder is the ``package/`` of one release, the current one first. Writes departements.csv, communes.csv.gz,
arrondissements.csv and former_communes.csv.gz beside ``fs_pipeline/data/__init__.py``; the same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd

from fs_pipeline.territory.names import commune_key, without_article

DATA = Path(__file__).resolve().parent.parent / "fs_pipeline" / "data"
CURRENT = "commune-actuelle"
KINDS = {
    "commune-deleguee": "commune_deleguee",
    "commune-associee": "commune_associee",
    "arrondissement-municipal": "arrondissement_municipal",
}
BORDER_GAP_M = 50  # generalised contours of two neighbours may leave a gap


def main() -> None:
    """Read the releases, write the four files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packages", nargs="+", type=Path)
    parser.add_argument("--contours", required=True, type=Path)
    options = parser.parse_args()
    current, *older = options.packages
    records = _read(current, "communes")
    communes = [record for record in records if record["type"] == CURRENT]
    contours = gpd.read_parquet(options.contours)
    groups = (_read(current, name) for name in ("epci", "arrondissements"))
    _write(DATA / "communes.csv.gz", COMMUNE_HEADER, _commune_rows(communes, *groups))
    _write(DATA / "arrondissements.csv", ARRONDISSEMENT_HEADER, _arrondissement_rows(records))
    _write(
        DATA / "former_communes.csv.gz",
        FORMER_HEADER,
        _former_rows(records, [_read(p, "communes") for p in older], contours),
    )
    _write(DATA / "departements.csv", DEPARTEMENT_HEADER, _departement_rows(current, _neighbours(contours)))


COMMUNE_HEADER = (
    "insee", "name", "departement", "population", "postcodes", "epci", "epci_name", "arrondissement",
    "arrondissement_name",
)  # fmt: skip
ARRONDISSEMENT_HEADER = ("insee", "current_insee", "population")
FORMER_HEADER = ("insee", "name", "current_insee", "kind")
DEPARTEMENT_HEADER = ("code", "name", "region", "region_name", "kind", "seat_insee", "neighbours")


def _read(package: Path, name: str) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads((package / "data" / f"{name}.json").read_text(encoding="utf-8"))
    return records


def _commune_rows(
    communes: list[dict[str, Any]], epcis: list[dict[str, Any]], arrondissements: list[dict[str, Any]]
) -> Iterator[tuple[str, ...]]:
    epci_of = {member["code"]: epci for epci in epcis for member in epci["membres"]}
    names = {arrondissement["code"]: arrondissement["nom"] for arrondissement in arrondissements}
    for commune in communes:
        epci = epci_of.get(commune["code"], {})
        yield (
            commune["code"],
            commune["nom"],
            commune["departement"],
            str(commune.get("population", "")),
            " ".join(commune.get("codesPostaux", ())),
            epci.get("code", ""),
            epci.get("nom", ""),
            commune.get("arrondissement", ""),
            names.get(commune.get("arrondissement", ""), ""),
        )


def _arrondissement_rows(records: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    """Those of Paris, Lyon and Marseille, with their inhabitants."""
    for record in sorted(records, key=lambda record: str(record["code"])):
        if KINDS.get(record["type"]) == "arrondissement_municipal":
            yield record["code"], record["commune"], str(record["population"])


def _former_rows(
    records: list[dict[str, Any]], older: list[list[dict[str, Any]]], contours: gpd.GeoDataFrame
) -> Iterator[tuple[str, ...]]:
    """Delegated, associated and merged communes, arrondissements, and names that a commune no longer bears."""
    now = {record["code"]: record["nom"] for record in records if record["type"] == CURRENT}
    rows: dict[tuple[str, str], tuple[str, ...]] = {}
    for record in records:
        if record["type"] in KINDS:
            current = record.get("chefLieu") or record["commune"]
            rows[record["code"], _key(record["nom"])] = (record["code"], record["nom"], current, KINDS[record["type"]])
    named = {code for code, _ in rows}
    merged = {
        old: record["code"]
        for record in records
        for old in record.get("anciensCodes", ())
        if old not in now and old not in named
    }
    last_name = dict(zip(contours["code"], contours["nom"], strict=True))
    for release in reversed(older):
        last_name.update((record["code"], record["nom"]) for record in release)
    for code, current in merged.items():
        name = last_name.get(code, "")
        rows[code, _key(name)] = (code, name, current, "commune_fusionnee")
    borne = [(record["code"], record["nom"]) for release in older for record in release if record["type"] == CURRENT]
    for code, name in (*borne, *zip(contours["code"], contours["nom"], strict=True)):
        if code in now and _key(name) != _key(now[code]) and (code, _key(name)) not in rows:
            rows[code, _key(name)] = (code, name, code, "ancien_nom")
    yield from sorted(rows.values())


def _key(name: str) -> str:
    return without_article(commune_key(name))


def _departement_rows(package: Path, neighbours: dict[str, set[str]]) -> Iterator[tuple[str, ...]]:
    regions = {region["code"]: region["nom"] for region in _read(package, "regions")}
    for departement in _read(package, "departements"):
        code = departement["code"]
        yield (
            code,
            departement["nom"],
            departement["region"],
            regions.get(departement["region"], departement["nom"]),
            "collectivite" if departement["zone"] == "com" else "departement",
            departement["chefLieu"],
            " ".join(sorted(neighbours.get(code, ()))),
        )


def _neighbours(contours: gpd.GeoDataFrame) -> dict[str, set[str]]:
    """Départements of metropolitan France whose communes touch; overseas there is none."""
    metropolitan = contours[~contours["code"].str.startswith("97")].to_crs(2154)
    pairs = gpd.sjoin(metropolitan, metropolitan, predicate="dwithin", distance=BORDER_GAP_M)
    found: dict[str, set[str]] = {}
    for left, right in zip(pairs["code_left"].str[:2], pairs["code_right"].str[:2], strict=True):
        if left != right:
            found.setdefault(left, set()).add(right)
    return found


def _write(path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    content = text.getvalue().encode()
    if path.suffix == ".gz":
        content = gzip.compress(content, compresslevel=9, mtime=0)
    path.write_bytes(content)
    print(f"{path.name}: {len(content):,} bytes")


if __name__ == "__main__":
    main()
