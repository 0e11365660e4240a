"""Linking as lists grow: seconds, memory and F1 of the doubles of 5,000, 50,000 and 500,000 generated places.

`python -m benchmarks.linkage_scale` fails where the largest is not within `LIMITS`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SIZES = (5_000, 50_000, 500_000)
LIMITS = {"seconds": 60.0, "MB": 4_000.0, "F1": 0.97}  # of the largest; seconds on a machine that does nothing else


def in_a_process(method: str, name: str) -> dict[str, float] | None:
    """Figures of one method on one set, printed; None where it failed."""
    command = [sys.executable, "-m", "benchmarks.linkage", method, name]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=900, check=False)
    if done.returncode:
        print(f"{name:<20} {method:<14} failed: {done.stderr.strip().splitlines()[-1][:120]}", flush=True)
        return None
    figures: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    print(f"{name:<20} {method:<14}", *(f"{key} {value:.4g}" for key, value in figures.items()), flush=True)
    return figures


def scale() -> bool:
    """Whether the largest list is linked within the limits."""
    figures = [in_a_process("ours", f"generated {size}") for size in SIZES][-1]
    return figures is not None and all(
        figures[name] >= limit if name == "F1" else figures[name] <= limit for name, limit in LIMITS.items()
    )


if __name__ == "__main__":
    raise SystemExit(0 if scale() else f"500,000 places: not within {LIMITS}")
