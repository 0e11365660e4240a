"""What the cover says of how far its figures may be trusted."""

from __future__ import annotations

from dataclasses import dataclass

from fs_pipeline.briefing.evidence import NOTHING, Evidence


@dataclass(frozen=True, slots=True)
class TrustLine:
    """One thing to know before the figures are believed."""

    key: str
    label: str
    said: str
    evidence: Evidence = NOTHING


@dataclass(frozen=True, slots=True)
class Trust:
    """All of them; no line where nothing is known of any."""

    title: str
    lines: tuple[TrustLine, ...]
