"""A deposit: the bytes a prefecture handed in, kept as they came until their retention date, and which ones count.

Reading them is ``survey/check.py``'s work. Of a file (same name) the version handed in last that was not refused is the one that
counts; a refused version never takes the place of a good one, and an earlier one handed in again counts again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd

from fs_pipeline.deposits.incoming import file_name

RETENTION = timedelta(days=3 * 365)  # a campaign and its two successors


@dataclass(frozen=True, slots=True)
class Deposit:
    """One version of one file of one slot. Its id says campaign, département, name and content."""

    campaign: str
    departement: str
    filename: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Digest of the bytes as received."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def deposit_id(self) -> str:
        """16 hexadecimal digits; the same file handed in twice in a slot is the same deposit."""
        name = f"{self.campaign}/{self.departement}/{self.filename}/{self.sha256}"
        return hashlib.sha256(name.encode()).hexdigest()[:16]

    @property
    def path(self) -> str:
        """Where the bytes are kept in the file store."""
        return f"deposits/{self.campaign}/{self.departement}/{self.deposit_id}/{self.filename}"

    @property
    def feedback(self) -> str:
        """Where what is said of it is kept, one ending a part."""
        return f"feedback/{self.campaign}/{self.departement}/{self.filename}"

    def row(self, received_at: datetime, verdict: str, validator_version: str) -> dict[str, str]:
        """The row of the ``deposits`` table."""
        return {
            "deposit_id": self.deposit_id,
            "campaign": self.campaign,
            "departement": self.departement,
            "filename": self.filename,
            "sha256": self.sha256,
            "path": self.path,
            "received_at": received_at.isoformat(timespec="microseconds"),
            "retention_until": (received_at + RETENTION).date().isoformat(),
            "verdict": verdict,
            "validator_version": validator_version,
        }

    def lies_there(self, known: pd.DataFrame) -> bool:
        """Whether it is, of the slot's deposits, what was handed in last under its name, and is kept still."""
        last = known[known["filename"] == self.filename].sort_values("received_at").tail(1)
        return bool(((last["deposit_id"] == self.deposit_id) & (last["path"] != "")).any())

    def row_among(self, known: pd.DataFrame, verdict: str, validator_version: str, now: datetime) -> dict[str, str]:
        """Its row, given the slot's: what was there last is the same hand-in still, with its own dates.

        Anything else is handed in now: a new version, an earlier one that takes the place of a later, one that was purged.
        """
        row = self.row(now, verdict, validator_version)
        if self.lies_there(known):
            last = known[known["deposit_id"] == self.deposit_id].iloc[0]
            row |= {name: last[name] for name in ("received_at", "retention_until")}
        return row


def counting(deposits: pd.DataFrame) -> pd.DataFrame:
    """The deposits whose tables count: of each file name, the version handed in last that was not refused."""
    accepted = deposits[deposits["verdict"] != "refused"]
    names = accepted["filename"].map(file_name)  # rows of before names were made the same for all ways of writing them
    newest = accepted.sort_values("received_at").groupby(["campaign", "departement", names]).tail(1)
    return newest.sort_values(["campaign", "departement", "filename"], ignore_index=True)


def refused_last(deposits: pd.DataFrame) -> bool:
    """Whether of some file the version handed in last was refused."""
    last = deposits.sort_values("received_at").groupby(["campaign", "departement", "filename"]).tail(1)
    return bool((last["verdict"] == "refused").any())
