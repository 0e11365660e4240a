"""What the chapter « Qui va vers qui » says."""

from __future__ import annotations

from dataclasses import dataclass

from fs_pipeline.briefing.view_line import Line


@dataclass(frozen=True, slots=True)
class Actor:
    """An association or another actor."""

    name: str
    kind: str
    publics: str
    outreach: str
    contact: str


@dataclass(frozen=True, slots=True)
class Sign:
    """What is drawn on the map, and what it is."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Outreach:
    """Who goes out, where, and beside whom; `left_out` says why there is nothing of it."""

    title: str
    lead: str
    alt: str
    classes: tuple[Sign, ...]  # of minutes
    marks: tuple[Sign, ...]  # on them
    lines: tuple[Line, ...]
    rounds: tuple[tuple[str, str, str], ...]
    rounds_note: str
    actors: tuple[Actor, ...]
    actors_trust: str
    trust: str
    left_out: str | None
