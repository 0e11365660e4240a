"""How many real opening hours are read right: `python benchmarks/values_hours.py [--show] [--half dev|held]`.

Labels were written by hand from the texts (tests/unit/values/hours_labels.csv). Right: the meaning is the label's;
wrong: a value that means something else; missed: no value where the label has one. The texts fall into two halves by
a digest: the parser's rules were written looking at one of them only.
"""

from __future__ import annotations

import csv
import hashlib
import sys
import time
from collections import Counter
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent / "tests" / "unit" / "values"
sys.path.insert(0, str(TESTS))

from hours_meaning import meaning  # noqa: E402

from fs_pipeline.values.hours import read_hours  # noqa: E402


def half(text: str) -> str:
    """``dev`` or ``held``, by the text itself."""
    return "held" if hashlib.sha256(text.encode()).digest()[0] % 2 else "dev"


def verdict(label: str, found: str | None) -> str:
    """``right``, ``missed`` or ``wrong``."""
    if meaning(label) == meaning(found):
        return "right"
    return "wrong" if found else "missed"


def main() -> None:
    """Print the three shares for each half and all, and the time a text takes."""
    with (TESTS / "hours_labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    begin = time.perf_counter()
    found = [read_hours(row["text"]) for row in rows]
    seconds = time.perf_counter() - begin
    wanted = sys.argv[sys.argv.index("--half") + 1] if "--half" in sys.argv else None
    counts: dict[str, Counter[str]] = {"dev": Counter(), "held": Counter()}
    for row, reading in zip(rows, found, strict=True):
        said = verdict(row["value"], reading.value)
        counts[half(row["text"])][said] += 1
        if "--show" in sys.argv and said != "right" and wanted in {None, half(row["text"])}:
            print(f"{said}: {row['text']!r}\n   label {row['value']}\n   found {reading.value} {reading.notes}")
    for name, count in (*counts.items(), ("all", counts["dev"] + counts["held"])):
        n = count.total()
        shares = "  ".join(f"{said} {count[said] / n:.3f} ({count[said]})" for said in ("right", "missed", "wrong"))
        print(f"{name:5} n={n:4}  {shares}")
    print(f"{1e6 * seconds / len(rows):.0f} microseconds a text")


if __name__ == "__main__":
    main()
