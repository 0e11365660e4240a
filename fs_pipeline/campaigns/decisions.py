"""The rules of a campaign's day: it is opened once, moves forward by a decision alone, and once closed never moves again.

Nothing here reads or writes; dates are ISO text, messages French.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fs_pipeline.french import short_date

Kind = Literal["open", "advance", "close"]
CAMPAIGN = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_ADOPTED = "Campagne commencée avant que les décisions soient inscrites."


class RefusedDecision(Exception):
    """A decision that the campaign's state does not allow; the message is French and says what can be done."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One recorded decision: a row of ``campaign_decisions``.

    Attributes
    ----------
    reference_date
        Of the campaign from then on.
    sources
        Keys of the sources that it means; None for all.
    """

    number: int
    kind: Kind
    decided_at: str
    decided_by: str
    reference_date: str
    sources: tuple[str, ...] | None = None
    reason: str | None = None

    def means(self, source: str) -> bool:
        """Whether the campaign takes `source` by this decision."""
        return self.kind != "close" and (self.sources is None or source in self.sources)


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign and its decisions, the first one first; none while nobody and no run has opened it."""

    key: str
    decisions: tuple[Decision, ...] = ()

    @property
    def closing(self) -> Decision | None:
        """The decision that closed it, where it is closed."""
        return next((decision for decision in self.decisions if decision.kind == "close"), None)

    @property
    def is_open(self) -> bool:
        """Whether it was opened and not closed since."""
        return bool(self.decisions) and self.closing is None

    @property
    def reference_date(self) -> str | None:
        """Its day: no later list is taken."""
        return self.decisions[-1].reference_date if self.decisions else None

    def governing(self, source: str) -> Decision | None:
        """The last decision by which it takes `source`."""
        return next((decision for decision in reversed(self.decisions) if decision.means(source)), None)


def opening(campaign: Campaign, *, by: str, at: str, day: str, reason: str | None = None) -> Decision:
    """Open a campaign: it takes every list at `day`.

    Raises
    ------
    RefusedDecision
        When it is open or closed already.
    """
    if campaign.closing is not None:
        raise RefusedDecision(f"{closed_sentence(campaign)} Elle ne se rouvre pas\u00a0: ouvrez une nouvelle campagne.")
    if campaign.decisions:
        raise RefusedDecision(
            f"La campagne {campaign.key} est déjà ouverte, au {short_date(campaign.reference_date)}. "
            f"Pour prendre des listes plus récentes\u00a0: {advance_command(campaign.key)}."
        )
    return _next(campaign, "open", by, at, day, None, reason)


def advancing(
    campaign: Campaign, *, by: str, at: str, day: str, reason: str, sources: Sequence[str] | None = None
) -> Decision:
    """Take lists again, up to `day`: all of them, or those of `sources`, and the others stay as they were taken.

    The same day as before is no step back: it takes again what was wrong the first time.

    Raises
    ------
    RefusedDecision
        When the campaign is not open, or `day` is before its own.
    """
    _require_open(campaign)
    assert campaign.reference_date is not None
    if day < campaign.reference_date:
        raise RefusedDecision(
            f"La campagne {campaign.key} est au {short_date(campaign.reference_date)}\u00a0: elle avance et ne recule pas. "
            f"Donnez cette date ou une date plus récente que le {short_date(day)}."
        )
    return _next(campaign, "advance", by, at, day, tuple(sorted(set(sources))) if sources else None, reason)


def closing(campaign: Campaign, *, by: str, at: str, reason: str | None = None) -> Decision:
    """Close a campaign: what it took is what it took.

    Raises
    ------
    RefusedDecision
        When it is not open.
    """
    _require_open(campaign)
    assert campaign.reference_date is not None
    return _next(campaign, "close", by, at, campaign.reference_date, None, reason)


def adopted(key: str, reference_date: str, at: str) -> Campaign:
    """A campaign of before decisions were recorded: open, at the day it had."""
    return Campaign(key, (Decision(1, "open", at, "reprise", reference_date, None, _ADOPTED),))


def said_otherwise(campaign: Campaign, declared: str | None) -> str | None:
    """What is to be said where sources.toml gives another day than the campaign's; None where it does not."""
    if declared is None or declared == campaign.reference_date:
        return None
    said = f"sources.toml dit {short_date(declared)}, la campagne {campaign.key} reste au {short_date(campaign.reference_date)}"
    if campaign.closing is not None:
        return f"{said}\u00a0: elle est close. Corrigez le fichier, ou ouvrez une nouvelle campagne."
    if campaign.reference_date is not None and declared < campaign.reference_date:
        return f"{said}\u00a0: une campagne ne recule pas. Corrigez campaign_reference_date dans le fichier."
    return f"{said}. Pour l’avancer\u00a0: {advance_command(campaign.key, day=declared)}."


def closed_sentence(campaign: Campaign) -> str:
    """Since when a closed campaign is closed, and by whom."""
    assert campaign.closing is not None
    return f"La campagne {campaign.key} est close depuis le {short_date(campaign.closing.decided_at)}."


def unopened_sentence(campaign: Campaign) -> str:
    """What is to be done of a campaign that nobody and no run has opened."""
    return (
        f"La campagne {campaign.key} n’est pas ouverte\u00a0: elle l’est par une première exécution, ou par "
        f"«\u00a0fs-pipeline campaign open {campaign.key} --by …\u00a0»."
    )


def advance_command(key: str, *, day: str | None = None, source: str | None = None) -> str:
    """What is to be typed to move a campaign."""
    options = [f"--date {day}"] if day else []
    options += [f"--source {source}"] if source else []
    command = " ".join(["fs-pipeline campaign advance", key, *options, "--by … --reason …"])
    return f"«\u00a0{command}\u00a0»"


def _require_open(campaign: Campaign) -> None:
    if campaign.closing is not None:
        raise RefusedDecision(
            f"{closed_sentence(campaign)} Ses listes ne changent plus\u00a0: ouvrez une nouvelle campagne."
        )
    if not campaign.decisions:
        raise RefusedDecision(unopened_sentence(campaign))


def _next(
    campaign: Campaign, kind: Kind, by: str, at: str, day: str, sources: tuple[str, ...] | None, reason: str | None
) -> Decision:
    return Decision(len(campaign.decisions) + 1, kind, at, by, day, sources, reason)
