"""A deposit: the bytes a prefecture handed in, kept as they came until their retention date, and which ones count.

Reading them is check.py's work. The newest version of a file (same name) that was not refused is the one that counts;
a refused version never takes the place of a good one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd

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


def counting(deposits: pd.DataFrame) -> pd.DataFrame:
    """The deposits whose tables count: of each file name, the newest version that was not refused."""
    accepted = deposits[deposits["verdict"] != "refused"]
    newest = accepted.sort_values("received_at").groupby(["campaign", "departement", "filename"]).tail(1)
    return newest.sort_values(["campaign", "departement", "filename"], ignore_index=True)
