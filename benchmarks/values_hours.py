"""How many opening hours are read right: `python benchmarks/values_hours.py [--show]`.

Three sets. The project's labels, written by hand from real texts (tests/unit/values/hours_labels.csv). Cases of others
(../shared/cases/hours, their own score.py): real texts by source, invented ones by kind. Weeks written by a generator
(tests/unit/values/hours_renderings.py). Right: it means the label, or an answer that the case accepts; wrong: it means
something else; missed: nothing where there was something to read. An appointment lost or invented counts as wrong.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CASES = Path(os.environ.get("FS_DATA_DIR", ROOT.parent / "shared" / "data")).parent / "cases" / "hours"
sys.path.insert(0, str(ROOT))

from fs_pipeline.values.hours import read_hours, read_week  # noqa: E402
from tests.unit.values.hours_calendar import same  # noqa: E402
from tests.unit.values.hours_meaning import meaning  # noqa: E402
from tests.unit.values.hours_renderings import render, week  # noqa: E402
from tests.unit.values.hours_trials import PIECES, longest, trial  # noqa: E402
from tests.unit.values.hours_weeks import truth  # noqa: E402

# Sources in the order of sha256("16970f46…|" + source): the first, up to half of the texts, were read while words and
# rules were gathered. Each of the others was scored before any of its texts was seen, in this order, the mistakes of
# those before it mended. Kinds of invented cases likewise: 15 seen, 15 scored first.
SIGHT = frozenset("lbfcgaij")
BEFORE_SEEN = {  # right, wrong, of
    "k": (22, 0, 23), "h": (27, 0, 33), "d": (56, 1, 58), "e": (100, 0, 104), "15 kinds invented": (67, 4, 85),
}  # fmt: skip
GENERATED = 5_200
SPOILT, SLOWEST = 3_000, 0.050  # texts; seconds of one core that one may take


def half_seen(case: dict[str, Any]) -> str:
    """``seen`` or ``held out``, by the case's source."""
    return "seen" if case["source"] in SIGHT else "held out, now seen"


def asks(value: str | None) -> bool:
    """Whether a value speaks of an appointment."""
    return value is not None and "rendez-vous" in value


def appointment(case: dict[str, Any], found: str | None) -> str:
    """``lost``, ``invented`` or "": a case says appointments in its text more often than in its value."""
    if found is None or case["expected"] is None:
        return ""
    accepted = [case["expected"], *case.get("accept", [])]
    if asks(found):
        told = any(map(asks, accepted)) or any(word in case["raw"].lower() for word in ("rendez", "rdv"))
        return "" if told else "invented"
    return "lost" if all(asks(one) for one in accepted if one) else ""


def of_labels(show: bool) -> None:
    """The project's own texts, and the time that one takes."""
    with (ROOT / "tests" / "unit" / "values" / "hours_labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    read_hours("lundi 9h-12h")  # builds the grammar
    begin = time.process_time()
    found = [read_hours(row["text"]) for row in rows]
    seconds = time.process_time() - begin
    count: Counter[str] = Counter()
    for row, reading in zip(rows, found, strict=True):
        right = meaning(row["value"]) == meaning(reading.value)
        said = "right" if right else "wrong" if reading.value else "missed"
        count[said] += 1
        if show and said != "right":
            print(f"{said}: {row['text']!r}\n   label {row['value']}\n   found {reading.value} {reading.notes}")
    tell("labels", count)
    print(f"{1e6 * seconds / len(rows):.0f} microseconds a text")


def of_cases(name: str, show: bool) -> None:
    """The cases of others, with the appointment's own column."""
    path = CASES / f"{name}.jsonl"
    if not path.is_file():
        print(f"{name}: the cases are absent")
        return
    spec = importlib.util.spec_from_file_location("score", CASES / "score.py")
    assert spec
    assert spec.loader
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    counts: dict[str, Counter[str]] = {}
    for case in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        reading = read_week({case["day"]: case["raw"]}) if case.get("day") else read_hours(case["raw"])
        said = score.judge(case, reading.value, bool(reading.notes))
        said = "right" if said in {"exact", "accepted"} else said
        asked = appointment(case, reading.value)
        for group in (half_seen(case) if name == "real" else case["kind"], "all"):
            count = counts.setdefault(group, Counter())
            count["wrong" if asked else said] += 1
            count[f"appointment {asked}"] += bool(asked)
        if show and (said != "right" or asked):
            print(f"{said}: {case['raw']!r}\n   right {case['expected']}\n   found {reading.value} {reading.notes}")
    for group, count in counts.items():
        if name == "real" or group == "all":
            tell(f"{name}, {group}", count)


def of_generated(show: bool) -> None:
    """Weeks that a generator wrote: the week comes back, or nothing."""
    counts: dict[str, Counter[str]] = {}
    for seed in range(GENERATED):
        said, text = week(seed), render(week(seed), seed)
        found = read_hours(text).value
        verdict = "right" if same(truth(said), found) else "wrong" if found else "missed"
        for group in (said.family, "all"):
            counts.setdefault(group, Counter())[verdict] += 1
        if show and verdict == "wrong":
            print(f"wrong: {text!r}\n   right {truth(said)}\n   found {found}")
    for group, count in counts.items():
        if group == "all" or count["right"] < 0.99 * count.total():
            tell(f"generated, {group}", count)


def of_spoilt() -> None:
    """The slowest text of many spoilt ones, and of the longest of one piece."""
    slowest = 0.0
    for text in [*map(longest, PIECES), *map(trial, range(SPOILT))]:
        seconds = []
        for same_text in (text, text + " "):  # what was read is kept
            begin = time.thread_time()
            read_hours(same_text)
            seconds.append(time.thread_time() - begin)
        slowest = max(slowest, min(seconds))
    print(f"the slowest of {SPOILT + len(PIECES):,} spoilt texts: {1e3 * slowest:.0f} ms")
    assert slowest < SLOWEST


def tell(name: str, count: Counter[str]) -> None:
    """One line: shares and counts."""
    n = sum(count[said] for said in ("right", "missed", "wrong"))
    shares = "  ".join(f"{said} {count[said] / n:.3f} ({count[said]})" for said in ("right", "missed", "wrong"))
    lost, invented = count["appointment lost"], count["appointment invented"]
    print(f"{name:32} n={n:4}  {shares}  appointment lost {lost}, invented {invented}")


def main() -> None:
    """Print every set's line."""
    show = "--show" in sys.argv
    of_labels(show)
    for name in ("real", "invented"):
        of_cases(name, show)
    for source, (right, wrong, n) in BEFORE_SEEN.items():
        print(
            f"before it was seen, {source:12} n={n:4}  right {right / n:.3f} ({right})  wrong {wrong / n:.3f} ({wrong})"
        )
    real = [row for source, row in BEFORE_SEEN.items() if len(source) == 1]
    right, wrong, n = (sum(column) for column in zip(*real, strict=True))
    print(f"before they were seen, 4 sources n={n:4}  right {right / n:.3f} ({right})  wrong {wrong / n:.3f} ({wrong})")
    of_generated(show)
    of_spoilt()


if __name__ == "__main__":
    main()
