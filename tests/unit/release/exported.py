"""A publication's exports, of a slot made up or real, and the readers that judge them."""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from fs_pipeline.assets.publish import about_of
from fs_pipeline.briefing.slot import SlotTables
from fs_pipeline.cartography.layers import Layers
from fs_pipeline.editions.edition import Edition
from fs_pipeline.release.exports import EXPORTED, exports
from tests.unit.briefing.sample import tiny_contours

# What the State publishes, unchanged (MIT): its code is the only whole statement of its schema.
LIBRARY = Path(__file__).with_name("gouvfr-anct-lieux-de-mediation-numerique-2.3.0.tgz")
_JUDGE = """
const library = require(process.argv[1]), rows = JSON.parse(require("fs").readFileSync(0, "utf-8")), errors = [];
for (const row of rows) {
  try {
    const place = library.fromSchemaLieuDeMediationNumerique(row), back = library.toSchemaLieuMediationNumerique(place);
    for (const field of Object.keys(row))
      if (row[field] != null && String(back[field]) !== String(row[field])) throw new Error(field + ": " + back[field]);
    if (Number.isNaN(place.date_maj.getTime())) throw new Error("date_maj");
    if (row.courriels && !row.courriels.split("|").every(library.isValidCourriel)) throw new Error("courriels");
    if (row.site_web && !row.site_web.split("|").every(library.isValidUrl)) throw new Error("site_web");
  } catch (error) { errors.push(row.id + ": " + error); }
}
console.log(JSON.stringify(errors));
"""


def exported(
    tables: SlotTables, edition: Edition = "public", contours: gpd.GeoDataFrame | None = None
) -> dict[str, bytes]:
    """The files of one edition, without their folder."""
    let_out = tables.let_out(edition)
    drawn = Layers(
        let_out.places,
        let_out.communes,
        let_out.int_commune_minutes,
        let_out.thresholds,
        tiny_contours() if contours is None else contours,
        let_out.coverage,
    )
    files = exports(about_of(let_out, edition), {name: getattr(let_out, name) for name in EXPORTED}, drawn)
    return {name.removeprefix("exports/"): content for name, content in files.items()}


def rows(content: bytes) -> list[dict[str, Any]]:
    """The objects of a JSON list."""
    listed: list[dict[str, Any]] = json.loads(content)
    return listed


def refused_by_data_inclusion(files: dict[str, bytes]) -> list[str]:
    """What the schema's own models say against the structures and the services, warnings too."""
    import pydantic
    from data_inclusion.schema.v1 import Service, Structure

    said = []
    models = {"data-inclusion-structures.json": Structure, "data-inclusion-services.json": Service}
    for name, model in models.items():
        for row in rows(files[name]):
            try:
                model.model_validate_json(json.dumps(row), context={"ignore_warnings": False})
            except pydantic.ValidationError as error:
                said.append(f"{row['id']}: {error}")
    return said


def refused_by_mediation_numerique(content: bytes, folder: Path) -> list[str]:
    """What the State's library says against the places; it needs Node.js."""
    with tarfile.open(LIBRARY) as archive:
        archive.extractall(folder, filter="data")
    node = shutil.which("node")
    assert node
    library = str(folder / "package" / "lib" / "cjs" / "index.js")
    done = subprocess.run([node, "-e", _JUDGE, library], input=content, capture_output=True, check=True)
    said: list[str] = json.loads(done.stdout)
    return said


def refused_by_frictionless(files: dict[str, bytes], folder: Path) -> list[str]:
    """What frictionless says against the CSV of a folder, by its ``datapackage.json``."""
    from frictionless import Package, system

    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    with system.use_context(trusted=True):
        report = Package(str(folder / "datapackage.json")).validate()
    return [error.message for error in (*report.errors, *(one for task in report.tasks for one in task.errors))]


def losses(files: dict[str, bytes]) -> pd.DataFrame:
    """The table of what was lost."""
    import io

    return pd.read_csv(io.BytesIO(files["pertes.csv"]), keep_default_na=False)
