"""The ledger of what was deleted for good: lines added to a file and never changed, kept beside the backups too.

A backup is older than what was deleted since; whoever restores it reads here what must not come back. A line says
identifiers and digests, no name and no path. It is written once the deletion is done: what is not in a backup's own
copy of the ledger may still be in that backup.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pandas as pd

LEDGER = "erasures.jsonl"
_OF_DEPOSIT = ("deposit_id", "campaign", "departement", "sha256")
Why = Literal["retention", "request"]


class UnreadableLedger(ValueError):
    """A line of a ledger that cannot be followed; the message is one French line."""


@dataclass(frozen=True, slots=True, order=True)
class Erasure:
    """One deposit that was deleted, once."""

    at: str  # ISO time
    erasure_id: str
    why: Why
    deposit_id: str
    campaign: str
    departement: str
    sha256: str  # of the bytes as received


@dataclass(frozen=True, slots=True)
class Ledger:
    """The same lines in one file or more, so that the loss of a disk does not lose them."""

    paths: tuple[Path, ...] = ()

    def note(self, deposits: pd.DataFrame, why: Why) -> list[str]:
        """Add a line a deposit (rows of ``deposits``) to every file; the files that could not be written to."""
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        erased = [
            Erasure(now, uuid.uuid4().hex, why, *(str(row[name]) for name in _OF_DEPOSIT))
            for row in deposits.to_dict("records")
        ]
        failed = []
        for path in self.paths:
            try:
                _append(path, erased)
            except OSError:
                failed.append(str(path))
        return failed

    def read(self) -> list[Erasure]:
        """What any of the files says, the earliest first, each once.

        Raises
        ------
        UnreadableLedger
            When a line is none.
        """
        return sorted({erasure for path in self.paths if path.is_file() for erasure in _read(path)})

    def even(self) -> None:
        """Have every file say what any of them says; one that lacks is made, so that an empty ledger is no missing one."""
        known = self.read()
        for path in self.paths:
            there = set(_read(path)) if path.is_file() else set()
            _append(path, [erasure for erasure in known if erasure not in there])


def _append(path: Path, erased: Sequence[Erasure]) -> None:
    """In one write, on the disk when this returns; a line that was cut short stays a line of its own."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = "".join(f"{json.dumps(asdict(one), ensure_ascii=False)}\n" for one in erased).encode()
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            written = b"\n" + written
        if written:
            os.write(descriptor, written)
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(path: Path) -> Iterable[Erasure]:
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            yield Erasure(**{name: str(value) for name, value in json.loads(line).items()})  # type: ignore[arg-type]
        except (ValueError, TypeError, AttributeError) as error:
            raise UnreadableLedger(
                f"le registre des suppressions « {path} » est abîmé à la ligne {number} : reprenez cette ligne de l’autre "
                "exemplaire du registre (dans l’installation, ou à côté des sauvegardes), ou retirez-la si elle y manque aussi."
            ) from error
