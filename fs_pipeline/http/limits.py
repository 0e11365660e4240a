"""How far a source is insisted upon; apart from what fetches, so that naming them loads no library."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to insist and how much to take."""

    connect_seconds: float = 10
    read_seconds: float = 60  # without a byte
    total_seconds: float = 1_800
    attempts: int = 5
    unanswered_attempts: int = 2  # of them, those in which no server was reached: offline, minutes would be lost
    backoff_seconds: float = 1  # doubled at each attempt
    longest_wait_seconds: float = 120  # a longer Retry-After is not waited for
    max_bytes: int = 1_000_000_000
    redirects: int = 5
