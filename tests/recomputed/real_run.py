"""One run of real départements, as `fs-pipeline run` does it, and beside it what is recomputed from the same files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fs_pipeline.partitions import Slot
from fs_pipeline.resources import Pipeline
from fs_pipeline.run import deposit, materialise
from fs_pipeline.settings import Settings
from tests.recomputed import recompute
from tests.recomputed.figures import Land
from tests.recomputed.published import Pack
from tests.recomputed.raw import Raw

ROOT = Path(__file__).resolve().parents[2]
CAMPAIGN = "2022-12"


@dataclass(frozen=True)
class RealRun:
    """What was run, and by département (FR for all together) what is recomputed and published."""

    pipeline: Pipeline
    lands: Mapping[str, Land]


def run_real(real_data: Path, folder: Path, codes: Sequence[str], surveys: Mapping[str, str]) -> RealRun:
    """Run `codes` of the campaign in `folder`, with their `surveys` and the sources of examples/."""
    shipped = (ROOT / "examples" / "sources-shared.toml").read_text(encoding="utf-8")
    sources = folder / "sources.toml"
    sources.write_text(shipped.replace("../../shared/data", str(real_data)), encoding="utf-8")
    pipeline = Pipeline(Settings.at(folder / "home", sources_path=sources))
    for departement, name in surveys.items():
        deposit(pipeline, Slot(CAMPAIGN, departement), real_data / "surveys" / name)
    report = materialise(pipeline, CAMPAIGN, codes)
    assert report.succeeded, (report.broken_steps, report.failed_slots)
    packs = {code: _pack(pipeline, code) for code in (*codes, "FR")}
    raw = Raw(real_data, ROOT / "fs_pipeline" / "data")
    moved = {
        str(place["local_id"]): (place["longitude"], place["latitude"])
        for code in surveys
        for place in packs[code].table("lieux.csv", in_survey=True, in_france_services=True).to_dict("records")
    }
    places = recompute.houses(raw, moved)
    found = recompute.answers(raw, places, codes)
    own = {code: found[found["departement"] == code] for code in codes} | {"FR": found}
    lands = {code: Land(code, raw, places, own[code], packs[code], {*moved}) for code in own}
    return RealRun(pipeline, lands)


def _pack(pipeline: Pipeline, code: str) -> Pack:
    key = {"campaign": CAMPAIGN, "departement": code, "edition": "internal"}
    (folder,) = pipeline.warehouse.read("publications", key)["path"]

    def read(name: str) -> bytes | None:
        path = f"{folder}/{name}"
        return pipeline.files.read(path) if pipeline.files.exists(path) else None

    return Pack(read)
