"""Road networks kept in a folder, an array a file: read again in seconds, shared between processes by the system's memory.

A folder is written aside and named once it is whole. What it is of stands in its name (``reading.py``); a network's
contraction joins it when somebody first asks for it.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from fs_pipeline.roads.contraction import Contraction

_CONTRACTED = ("position", "indptr", "head", "out", "back")
_ABOUT = "about.json"
_CONTRACTION = "contraction"


def keep_contraction(network: Contraction, folder: Path) -> None:
    """Write the contraction of the network of `folder` beside it; a full disk only costs the time of the next run."""
    with suppress(OSError):
        write_arrays(
            folder / _CONTRACTION, {name: getattr(network, name) for name in _CONTRACTED}, {"core": network.core}
        )


def kept_contraction(folder: Path, nodes: int) -> Contraction | None:
    """The contraction kept of the network of `folder`, which has `nodes` junctions; None where there is none."""
    from fs_pipeline.roads.contraction import Contraction

    found = read_arrays(folder / _CONTRACTION, _CONTRACTED)
    if found is None or len(found[0]["position"]) != nodes:
        return None
    arrays, about = found
    return Contraction(**arrays, core=int(about["core"]))


def write_arrays(folder: Path, arrays: dict[str, NDArray[np.generic]], about: dict[str, object]) -> None:
    """Write arrays to `folder`, and what is said about them, whole or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
    try:
        for name, values in arrays.items():
            np.save(aside / f"{name}.npy", values, allow_pickle=False)
        (aside / _ABOUT).write_text(json.dumps(about), encoding="utf-8")
        with suppress(FileNotFoundError):  # what is left of one that is not whole any more
            folder.replace(before := aside.with_suffix(".before"))
            shutil.rmtree(before, ignore_errors=True)
        aside.replace(folder)
    except OSError:
        if not (folder / _ABOUT).exists():  # else another process was as quick, and what it wrote is as good
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def read_arrays(folder: Path, names: tuple[str, ...]) -> tuple[dict[str, NDArray[Any]], dict[str, Any]] | None:
    """Arrays as they lie on the disk (a write to them stays in memory), and what is said about them."""
    try:
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        arrays = {name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="c")) for name in names}
    except (OSError, ValueError, EOFError):
        return None
    return arrays, about
