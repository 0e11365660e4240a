"""What may go, so that the disk stays bounded: older versions and lists, runs long over, words said twice, what was left over.

The rule is ``Rule``, as docs/operating.md has it. Nothing goes that a campaign took, that stands, or that cannot be made again
and was ever read by somebody: the newest versions of each edition stay, and of what was said of a stage every change.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pandas as pd

from fs_pipeline.http.shelf import shelf, take_away
from fs_pipeline.national.sources import REFERENCES, SOURCES
from fs_pipeline.partitions import FOR_CAMPAIGN
from fs_pipeline.resources import Pipeline
from fs_pipeline.warehouse.copying import BESIDE
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.files import FileStore
from fs_pipeline.warehouse.locks import slot_locks

_DAY = 86_400.0  # seconds
_OVER = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
_VERSION = 5  # parts of the path of a version's folder: publications/campaign/département/edition/fingerprint
_SAID = ["state", "message", "fingerprint", "version"]
_PARTITIONS = (
    "dagster/partition",
    "dagster/asset_partition_range_start",
    "dagster/asset_partition_range_end",
    FOR_CAMPAIGN,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """How much of each thing stays, the newest.

    Attributes
    ----------
    versions
        Of an edition of a slot.
    snapshots
        Of a source, besides those that a campaign took or that are in place.
    runs
        Of each job in Dagster's log, besides the last of each campaign and département.
    turns
        Of a slot, besides the one that stands.
    traces
        Of unforeseen errors.
    cache_days, left_days
        Since anything was written to a file of the cache; to a file or version that nobody finished.
    """

    versions: int = 3
    snapshots: int = 6
    runs: int = 200
    turns: int = 20
    traces: int = 1000
    cache_days: float = 180
    left_days: float = 1


NIGHTLY = Rule()


def tidy(pipeline: Pipeline, instance: dg.DagsterInstance, rule: Rule = NIGHTLY) -> dict[str, int]:
    """Let go what the rule does not keep; how many of each thing, by its French name."""
    return {
        "versions publiées": sum(_versions(pipeline, rule)),
        "versions inachevées": sum(_unfinished(pipeline.warehouse, pipeline.files, rule)),
        "instantanés": sum(_snapshots(pipeline.warehouse, pipeline.files, rule)),
        "exécutions": sum(_runs(instance, rule)),
        "tours": sum(_turns(pipeline.warehouse, rule)),
        "redites": sum(_said_again(pipeline.warehouse)),
        "fichiers": sum(_files(pipeline, rule)),
    }


def _versions(pipeline: Pipeline, rule: Rule) -> Iterator[int]:
    """A version's rows and files go together, while nobody else publishes in its slot."""
    grain = ["campaign", "departement", "edition"]

    def old(published: pd.DataFrame) -> pd.DataFrame:
        newest = published.sort_values("published_at").groupby(grain).tail(rule.versions)
        return published.drop(newest.index)

    for slot in old(pipeline.warehouse.read("publications"))[grain[:2]].drop_duplicates().itertuples():
        key = {"campaign": slot.campaign, "departement": slot.departement}
        with pipeline.warehouse.writing(*slot_locks([str(slot.campaign)], [str(slot.departement)])) as connection:
            for row in old(pipeline.warehouse.read("publications", key, connection=connection)).itertuples():
                one = key | {"edition": row.edition, "fingerprint": row.fingerprint}
                pipeline.warehouse.replace("publications", one, pd.DataFrame(), connection)
                for path in pipeline.files.list(str(row.path)):
                    pipeline.files.delete(path)
                _drop_empty(pipeline.files, str(row.path))
                yield 1


def _unfinished(warehouse: Warehouse, files: FileStore, rule: Rule) -> Iterator[int]:
    """Folders of versions that nobody says were published, once nobody can be at work on them."""
    written: dict[str, float] = defaultdict(float)
    for entry in files.look("publications", deep=_VERSION):
        if entry.kind == "file":
            folder = "/".join(entry.path.split("/")[:_VERSION])
            written[folder] = max(written[folder], entry.modified)
    known = set(warehouse.read("publications", {}, ["path"])["path"])
    for folder, at in written.items():
        if folder not in known and time.time() - at > rule.left_days * _DAY:
            for path in files.list(folder):
                files.delete(path)
            _drop_empty(files, folder)
            yield 1


def _snapshots(warehouse: Warehouse, files: FileStore, rule: Rule) -> Iterator[int]:
    """Of lists that no campaign took."""
    tables = ("campaign_sources", "reference_sources")
    taken = {path for table in tables for path in warehouse.read(table, {}, ["path"])["path"] if path}
    for source in [*SOURCES, *REFERENCES]:
        kept = shelf(files, source).snapshots
        for snapshot in kept[: max(len(kept) - rule.snapshots, 0)]:
            if snapshot.path in taken:
                continue
            key = {name: getattr(snapshot, name) for name in ("source", "as_of", "sha256")}
            warehouse.replace("snapshots", key, pd.DataFrame())
            take_away(files, snapshot)
            yield 1


def _runs(instance: dg.DagsterInstance, rule: Rule) -> Iterator[int]:
    """Of Dagster's log, with their events and what their steps printed; what waits or works is no run that is over."""
    count: dict[str, int] = defaultdict(int)
    seen = set()
    for run in instance.get_runs(dg.RunsFilter(statuses=_OVER)):  # the newest first
        count[run.job_name] += 1
        about = (run.job_name, *(run.tags.get(tag) for tag in _PARTITIONS))
        if count[run.job_name] <= rule.runs or about not in seen:
            seen.add(about)
            continue
        instance.delete_run(run.run_id)
        instance.compute_log_manager.delete_logs(prefix=[run.run_id])
        for path in _shards(instance, run.run_id):
            path.unlink(missing_ok=True)
        yield 1


def _shards(instance: dg.DagsterInstance, run_id: str) -> Iterable[Path]:
    """On SQLite, the database of one run's events, which stays behind empty."""
    path_of: Callable[[str], str] | None = getattr(instance.event_log_storage, "path_for_shard", None)
    if path_of is None:
        return []
    path = Path(path_of(run_id))
    return [path, *(path.with_name(f"{path.name}{ending}") for ending in BESIDE)]


def _turns(warehouse: Warehouse, rule: Rule) -> Iterator[int]:
    turns = warehouse.read("slot_turns")
    for (campaign, code), own in turns.groupby(["campaign", "departement"]):
        newest = own.sort_values("turn").tail(rule.turns).index
        stands = own.loc[own["stood_at"].notna(), "turn"].max()
        ended = own.loc[own["ended_at"].notna(), "turn"].max()
        gone = own[~own.index.isin(newest) & ~own["turn"].isin([stands, ended])]
        if len(gone):
            key = {"campaign": campaign, "departement": code, "run_id": gone["run_id"].tolist()}
            warehouse.replace("slot_turns", key, pd.DataFrame())
            yield len(gone)


def _said_again(warehouse: Warehouse) -> Iterator[int]:
    """What was said of a stage again and again without a change: the first time and the last stay."""
    grain = ["campaign", "departement", "stage"]
    history = warehouse.read("slot_history").sort_values([*grain, "recorded_at"])
    same = history[[*grain, *_SAID]].fillna("")
    is_again = (same == same.shift()).all(axis=1)
    is_last = ~history.duplicated(grain, keep="last")
    for (campaign, code, stage), own in history[is_again & ~is_last].groupby(grain):
        key = {"campaign": campaign, "departement": code, "stage": stage, "recorded_at": own["recorded_at"].tolist()}
        warehouse.replace("slot_history", key, pd.DataFrame())
        yield len(own)


def _files(pipeline: Pipeline, rule: Rule) -> Iterator[int]:
    """Traces, the cache, and what a process that was killed left of a file that it wrote."""
    home, now = pipeline.settings.home, time.time()
    traces = sorted((home / "traces").glob("*.txt"), key=_modified)
    gone = traces[: max(len(traces) - rule.traces, 0)]
    gone += [path for path in _below(pipeline.cache) if now - _modified(path) > rule.cache_days * _DAY]
    stores = [url for url in (pipeline.settings.files_url,) if "://" not in url]
    for url in stores:
        left = (path for path in _below(Path(url)) if path.name.endswith(".part"))
        gone += [path for path in left if now - _modified(path) > rule.left_days * _DAY]
    for path in gone:
        path.unlink(missing_ok=True)
        yield 1


def _below(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # gone meanwhile, and so as young as can be
        return time.time()


def _drop_empty(files: FileStore, folder: str) -> None:
    """On a disk, folders stay when their files have gone."""
    with files.local(f"{folder}/") as path:
        if not path.is_dir():
            return
        for inside in sorted(path.rglob("*"), reverse=True):
            if inside.is_dir() and not any(inside.iterdir()):
                inside.rmdir()
        if not any(path.iterdir()):
            path.rmdir()
