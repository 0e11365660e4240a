"""What a parser of one value gives back: the value, or none, and what there is to say about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Never, TypeVar

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Note:
    """One thing worth telling the person who wrote the value.

    `rule` is a key of ``data/rules.csv`` (its severity, French message and anchor are there); `suggestion` is what to
    type instead; `detail` completes the rule's message in French when the rule alone does not say enough.
    """

    rule: str
    suggestion: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Reading(Generic[T_co]):
    """`value` is None where nothing certain can be said."""

    value: T_co | None
    notes: tuple[Note, ...] = ()


UNREAD: Reading[Never] = Reading(None)
