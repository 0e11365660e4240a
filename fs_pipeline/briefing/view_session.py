"""What the sheet of the meeting says."""

from __future__ import annotations

from dataclasses import dataclass

from fs_pipeline.briefing.evidence import NOTHING, Evidence


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A point of the agenda: the section of the brief it is about, by its anchor, and how long it may take."""

    anchor: str | None  # none where that chapter is left out
    what: str
    length: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What could be decided, and why."""

    act: str
    why: str
    evidence: Evidence = NOTHING


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of an operator, about the démarche that calls for it most."""

    operator: str
    red: str  # how many of its cells are red; empty where no survey says it
    known: str  # the démarche, and what is known of it where that is not said once for all
    asked: str  # empty where it is said once for all
    evidence: Evidence = NOTHING


@dataclass(frozen=True, slots=True)
class Session:
    """The sheet with which the meeting is held."""

    title: str
    lead: str
    agenda: tuple[AgendaItem, ...]
    decisions: tuple[Decision, ...]
    decisions_empty: str | None
    questions: tuple[Question, ...]
    asked_of_all: str  # where one question is asked of each of them, it is said once
    questions_empty: str | None
    left_out: str | None
    trust: str
