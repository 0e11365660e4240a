"""The packs of many départements beside another checkout's: `python benchmarks/packs.py HOME SOURCES --other TREE HOME SOURCES`.

Each home was run beforehand by its own checkout, for the same campaign and départements. One process a checkout reads the
tables of each slot that stands and makes its three editions again, written nowhere; processor seconds, imports apart.
"""

from __future__ import annotations

import argparse
import functools
import inspect
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CAMPAIGN = "2022-12"
FORMS = ("write_pdf", "write_html", "write_docx")
WHICH_ALL_SHOW = ("build_brief", "draw_map")
ASKED = 1.3  # times the processor of af538dc, whose packs have two forms


def main() -> None:
    """Print seconds a slot of both checkouts and their ratios; fail where the packs take more than is asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("sources", type=Path)
    parser.add_argument("--other", type=Path, nargs=3, metavar=("TREE", "HOME", "SOURCES"))
    parser.add_argument("--every", type=int, default=1, help="one département in so many")
    parser.add_argument("--turns", type=int, default=3, help="times that each is played, one after the other")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(seconds_by_part(asked.every)))
        return
    played: dict[str, dict[str, float]] = {}
    for _ in range(asked.turns):
        for name, where in {"this checkout": (ROOT, asked.home, asked.sources), "the other": asked.other}.items():
            if where:
                played[name] = _least(_in_process(*where, asked.every), played.get(name))
    for name, spent in played.items():
        _tell(name, spent)
    if asked.other:
        ours, theirs = played.values()
        for spent in (ours, theirs):
            spent["forms"] = sum(spent.get(name, 0) for name in (*FORMS, *WHICH_ALL_SHOW))
        ratios = {part: ours[part] / theirs[part] for part in ("all that is published", "pack", "forms")}
        for part, ratio in ratios.items():
            print(f"{part}: {ratio:.2f} times the other's")
        assert ratios["forms"] <= ASKED, f"asked: {ASKED}"


def seconds_by_part(every: int) -> dict[str, float]:
    """Processor seconds a slot by part and by maker, by the checkout that comes first on the path, of FS_HOME."""
    from fs_pipeline.assets import publish
    from fs_pipeline.briefing import pack
    from fs_pipeline.cartography.once import Once
    from fs_pipeline.partitions import Slot
    from fs_pipeline.resources import Pipeline
    from fs_pipeline.settings import Settings

    spent: Counter[str] = Counter()
    _time_makers(pack, spent)
    for name, part in {"write_version": "all that is published", "pack": "pack"}.items():
        setattr(publish, name, _timed(getattr(publish, name), part, spent))
    publish.write_folder = lambda *_: None  # type: ignore[assignment]
    pipeline = Pipeline(Settings.from_environment())
    pipeline.load_territory()
    standing = pipeline.warehouse.read("publications", {"campaign": CAMPAIGN, "edition": "internal"}, ["departement"])
    codes = sorted(set(standing["departement"]) - {"FR"})[::every]
    contours = _called(publish.contours_of, pipeline, CAMPAIGN)
    for code in codes:
        shapes = contours(code)
        tables = publish.slot_tables(pipeline, Slot(CAMPAIGN, code), shapes)
        folders = publish.folders_of(CAMPAIGN, code, tables.fingerprint)
        _called(publish.write_version, pipeline, tables, shapes, folders, Once())
    return {"slots": len(codes)} | {name: seconds / len(codes) for name, seconds in spent.items()}


def _time_makers(pack: ModuleType, spent: Counter[str]) -> None:
    for name in [name for name in vars(pack) if name.startswith(("build_brief", "draw_", "write_"))]:
        setattr(pack, name, _timed(getattr(pack, name), name, spent))


def _timed(make: Callable[..., Any], name: str, spent: Counter[str]) -> Callable[..., Any]:
    @functools.wraps(make)
    def timed(*given: Any, **named: Any) -> Any:  # noqa: ANN401  # any maker's own
        start = time.process_time()
        try:
            return make(*given, **named)
        finally:
            spent[name] += time.process_time() - start

    return timed


def _called(function: Callable[..., Any], *given: Any) -> Any:  # noqa: ANN401  # any function's own
    """With as many of what is given as this checkout's function takes."""
    return function(*given[: len(inspect.signature(function).parameters)])


def _in_process(tree: Path, home: Path, sources: Path, every: int) -> dict[str, float]:
    environment = os.environ | {"PYTHONPATH": str(tree), "FS_HOME": str(home), "FS_SOURCES": str(sources)}
    command = [sys.executable, str(Path(__file__).resolve()), str(home), str(sources), "--one", "--every", str(every)]
    done = subprocess.run(command, env=environment, cwd=tree, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def _least(spent: dict[str, float], before: dict[str, float] | None) -> dict[str, float]:
    """What each part took at best: other work on the machine only ever adds to it."""
    return spent if before is None else {part: min(seconds, before[part]) for part, seconds in spent.items()}


def _tell(name: str, spent: dict[str, float]) -> None:
    print(f"{name}: {spent['slots']:.0f} départements, processor seconds each, three editions")
    for part, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        if part != "slots":
            print(f"  {part:24} {seconds:.3f}")


if __name__ == "__main__":
    main()
