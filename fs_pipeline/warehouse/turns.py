"""Whose results a slot bears when several runs work on it: those of the run that read its deposits last.

A run takes a turn before it reads a slot's deposits. Its turn stands once the survey's tables are written; from then on
whoever took a turn before it writes nothing more of that slot, so that no slot is ever put together from two runs. A run
whose survey is refused never stands, and disturbs nobody. A run that reads no deposit works on the turn that stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, case, func, insert, select, update

from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.locks import slot_locks
from fs_pipeline.warehouse.tables import table

slot_turns = table("slot_turns")
_TURN, _CODE = slot_turns.c.turn, slot_turns.c.departement


@dataclass(frozen=True, slots=True)
class Turn:
    """One run's place among those that work on a slot; 0 is before any.

    Attributes
    ----------
    taken_at
        ISO time, later than that of every turn before it whatever the machines' clocks say; empty where it is not the
        run's own.
    standing
        The number of the turn that stood when this was asked.
    """

    number: int = 0
    taken_at: str = ""
    standing: int = 0

    @property
    def is_past(self) -> bool:
        """Whether the slot already bears the survey of a later turn."""
        return self.standing > self.number


def take_turns(
    warehouse: Warehouse,
    campaign: str,
    departements: Sequence[str],
    run: str,
    rests_on: Mapping[str, str] | None = None,
) -> dict[str, Turn]:
    """The turn of `run` in each slot, after all others; the one it has where it took one before.

    Parameters
    ----------
    rests_on
        Département -> what the run will rest on there, as it was just before.
    """
    with warehouse.writing(*slot_locks([campaign], departements)) as connection:
        last = _last(connection, campaign, departements)
        own = _own(connection, campaign, departements, run)
        new = [
            {
                "campaign": campaign,
                "departement": code,
                "run_id": run,
                "turn": last[code].number + 1 if code in last else 1,
                "taken_at": _after(last[code].taken_at if code in last else ""),
                "rests_on": (rests_on or {}).get(code),
            }
            for code in departements
            if code not in own
        ]
        if new:
            connection.execute(insert(slot_turns), new)
    return turns_of(warehouse, campaign, departements, run)


def turns_of(warehouse: Warehouse, campaign: str, departements: Sequence[str], run: str) -> dict[str, Turn]:
    """The turn on which `run` works in each slot: its own, else the one that stands."""
    with warehouse.reading() as connection:
        own = _own(connection, campaign, departements, run)
        standing = standing_turns(connection, campaign, departements)
    return {code: Turn(*own.get(code, (number, "")), standing=number) for code, number in standing.items()}


def standing_turns(connection: Connection, campaign: str, departements: Sequence[str]) -> dict[str, int]:
    """The number of the turn whose survey stands in each slot; 0 where none does."""
    number = func.max(case((slot_turns.c.stood_at.is_not(None), _TURN), else_=0))
    found = connection.execute(select(_CODE, number).where(_of(campaign, departements)).group_by(_CODE))
    return dict.fromkeys(departements, 0) | {row[0]: row[1] for row in found}


def stand(connection: Connection, campaign: str, turns: Mapping[str, Turn]) -> None:
    """Say that each slot now bears the survey of its turn; in the transaction that writes that survey."""
    for code, turn in turns.items():
        mine = and_(_of(campaign, [code]), slot_turns.c.turn == turn.number)
        connection.execute(update(slot_turns).where(mine).values(stood_at=_after("")))


def give_way(connection: Connection, campaign: str, departements: Sequence[str], run: str) -> None:
    """Note that `run` left these slots to a later turn."""
    mine = and_(_of(campaign, departements), slot_turns.c.run_id == run, slot_turns.c.gave_way_at.is_(None))
    connection.execute(update(slot_turns).where(mine).values(gave_way_at=_after("")))


def note_around(connection: Connection, campaign: str, around: Mapping[str, str], turns: Mapping[str, Turn]) -> None:
    """Keep with each turn what was read of its neighbours; from here on its slot is under way, until it is ended."""
    for code, digest in around.items():
        mine = and_(_of(campaign, [code]), slot_turns.c.turn == turns[code].number)
        connection.execute(update(slot_turns).where(mine).values(around=digest, ended_at=None))


def note_beside(connection: Connection, campaign: str, beside: Mapping[str, str], turns: Mapping[str, Turn]) -> None:
    """Keep with each turn which figures of other départements were printed beside its own."""
    for code, digest in beside.items():
        mine = and_(_of(campaign, [code]), slot_turns.c.turn == turns[code].number)
        connection.execute(update(slot_turns).where(mine).values(beside=digest))


def forget(connection: Connection, campaign: str, turns: Mapping[str, Turn]) -> None:
    """Take back what these turns rest on: their results are not what it gives."""
    for code, turn in turns.items():
        mine = and_(_of(campaign, [code]), slot_turns.c.turn == turn.number)
        connection.execute(update(slot_turns).where(mine).values(rests_on=None))


def end_turns(connection: Connection, campaign: str, turns: Mapping[str, Turn]) -> None:
    """Say that what could be done with these slots in their turns is done."""
    for code, turn in turns.items():
        mine = and_(_of(campaign, [code]), slot_turns.c.turn == turn.number, slot_turns.c.ended_at.is_(None))
        connection.execute(update(slot_turns).where(mine).values(ended_at=_after("")))


def _own(connection: Connection, campaign: str, departements: Sequence[str], run: str) -> dict[str, tuple[int, str]]:
    mine = and_(_of(campaign, departements), slot_turns.c.run_id == run)
    return {
        row[0]: (row[1], row[2]) for row in connection.execute(select(_CODE, _TURN, slot_turns.c.taken_at).where(mine))
    }


def _last(connection: Connection, campaign: str, departements: Sequence[str]) -> dict[str, Turn]:
    last = select(_CODE, func.max(_TURN), func.max(slot_turns.c.taken_at)).where(_of(campaign, departements))
    return {row[0]: Turn(row[1], row[2]) for row in connection.execute(last.group_by(_CODE))}


def _after(moment: str) -> str:
    """Now; a tick after `moment` where a clock lags."""
    now = datetime.now(UTC)
    if moment:
        now = max(now, datetime.fromisoformat(moment) + timedelta(microseconds=1))
    return now.isoformat(timespec="microseconds")


def _of(campaign: str, departements: Sequence[str]) -> ColumnElement[bool]:
    return and_(slot_turns.c.campaign == campaign, _CODE.in_(list(departements)))
