"""What the cover says of how far its figures may be trusted."""

from __future__ import annotations

from dataclasses import dataclass

from fs_pipeline.briefing.view_line import Line


@dataclass(frozen=True, slots=True)
class Trust:
    """What there is to know before the figures are believed; no line where nothing is known of any."""

    title: str
    lines: tuple[Line, ...]
