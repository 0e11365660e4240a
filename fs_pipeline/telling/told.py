"""What was told, in ``told_incidents``: each incident once a channel, and again only after it had ended.

What is to go out is claimed first, so that two processes never send the same; what was not taken is tried again later,
ever less often, and what ended meanwhile is left to the morning's digest.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import Connection

from fs_pipeline.telling.channels import Channel, Unsent
from fs_pipeline.telling.incidents import Incident
from fs_pipeline.telling.messages import Message, digest_of, message_of
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.locks import table_lock

_TABLE = "told_incidents"
_DIGEST = "digest"
_CLAIMED_FOR = timedelta(minutes=2)  # after which whoever claimed is gone
_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
_MORNING = range(7, 12)  # o'clock, when the digest goes out
_PARIS = ZoneInfo("Europe/Paris")
_KEPT = timedelta(days=90)  # that an incident that ended is remembered


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message, None where there is nothing to say, and the rows that it settles."""

    message: Message | None
    rows: pd.DataFrame


def lasting(warehouse: Warehouse) -> set[str]:
    """Keys of the incidents that were seen and have not ended."""
    rows = warehouse.read(_TABLE, {}, ["incident", "ended_at"])  # a digest ends as it is made
    return set(rows.loc[rows["ended_at"].isna(), "incident"])


def tell(warehouse: Warehouse, channels: Sequence[Channel], found: Collection[Incident], now: datetime) -> list[str]:
    """Send what was not sent of what is wrong, and the digest of the morning; French lines on what did not go."""
    unsent = []
    for channel in channels:
        for outgoing in _claimed(warehouse, channel.name, found, now):
            try:
                if outgoing.message is not None:
                    channel.send(outgoing.message)
            except Unsent as refusal:
                unsent.append(f"{channel.name} : {refusal} ; nouvel essai dans quelques minutes.")
                _settle(warehouse, _tried(outgoing.rows, refusal.wait, now))
            else:
                _settle(warehouse, outgoing.rows.assign(told_at=_iso(now), claimed_at=None))
    return unsent


def _claimed(warehouse: Warehouse, channel: str, found: Collection[Incident], now: datetime) -> list[Outgoing]:
    with warehouse.writing(table_lock(_TABLE)) as connection:
        rows = _noticed(warehouse, connection, channel, found, now)
        outgoing = [*_news(rows, now), *_digest(rows, channel, now)]
        for one in outgoing:
            warehouse.upsert(_TABLE, one.rows.assign(claimed_at=_iso(now)), connection)
    return outgoing


def _noticed(
    warehouse: Warehouse, connection: Connection, channel: str, found: Collection[Incident], now: datetime
) -> pd.DataFrame:
    """The channel's rows, once what is new was added, what is back begun anew, and what is over ended."""
    before = warehouse.read(_TABLE, {"channel": channel}, connection=connection)
    known = {row["incident"]: row for row in before.to_dict("records")}
    here = {incident.key: incident for incident in found}
    changed: list[dict[Hashable, object]] = []
    for key, incident in sorted(here.items()):
        if key not in known or known[key]["ended_at"] is not None:
            changed.append(_row(channel, key, incident.kind, incident.said, now))
    for key, row in known.items():
        if row["kind"] != _DIGEST and row["ended_at"] is None and key not in here:
            changed.append(row | {"ended_at": _iso(now)})
    if changed:
        warehouse.upsert(_TABLE, pd.DataFrame(changed, dtype=object), connection)
    long_ago = _iso(now - _KEPT)
    over = before[before["ended_at"].notna() & (before["ended_at"].fillna("") < long_ago)]
    for key in over["incident"]:
        if key not in here:
            warehouse.replace(_TABLE, {"incident": key, "channel": channel}, pd.DataFrame(), connection)
    return warehouse.read(_TABLE, {"channel": channel}, connection=connection)


def _news(rows: pd.DataFrame, now: datetime) -> Iterator[Outgoing]:
    """One message a kind, of what lasts and was not told."""
    due = rows[_is_due(rows, now) & rows["ended_at"].isna() & (rows["kind"] != _DIGEST)]
    for kind, own in due.sort_values(["kind", "said"]).groupby("kind", sort=True):
        yield Outgoing(message_of(str(kind), own["said"].tolist()), own)


def _digest(rows: pd.DataFrame, channel: str, now: datetime) -> Iterator[Outgoing]:
    """From seven in the morning on, once a day: where something began or ended since the last one, or lasts on a Monday.

    A morning on which there is nothing to say is settled too, so that what happens later that day waits for the next.
    """
    local = now.astimezone(_PARIS)
    if local.hour not in _MORNING:
        return
    digests, others = rows[rows["kind"] == _DIGEST], rows[rows["kind"] != _DIGEST]
    key = f"{_DIGEST}|{local.date().isoformat()}"
    own = digests[digests["incident"] == key]
    if len(own) and not _is_due(own, now).any():
        return
    last = max(digests.loc[digests["incident"] != key, "seen_at"], default="")
    until = own["seen_at"].iloc[0] if len(own) else _iso(now)
    is_new = (others["seen_at"] > last) & (others["seen_at"] <= until)
    is_over = others["ended_at"].notna()
    has_ended = is_over & (others["ended_at"].fillna("") > last)
    begun, ended, rest = others[is_new & ~is_over], others[has_ended], others[~is_new & ~is_over]
    message = digest_of(local.date().isoformat(), *map(_incidents, (begun, ended, rest)))
    new = _row(channel, key, _DIGEST, message.subject, now) | {"ended_at": _iso(now)}
    row = own if len(own) else pd.DataFrame([new], dtype=object)
    is_worth = bool(len(begun) or len(ended) or (len(rest) and local.weekday() == 0))
    yield Outgoing(message if is_worth else None, row)


def _is_due(rows: pd.DataFrame, now: datetime) -> pd.Series[bool]:
    free = rows["claimed_at"].isna() | (rows["claimed_at"].fillna("") < _iso(now - _CLAIMED_FOR))
    due: pd.Series[bool] = rows["told_at"].isna() & free & (rows["not_before"].fillna("") <= _iso(now))
    return due


def _tried(rows: pd.DataFrame, wait: float | None, now: datetime) -> pd.DataFrame:
    """After the first refusal a minute, then twice as long each time; at least as long as the other side asked for."""
    tries = rows["tries"].astype(int) + 1
    own = min(_WAIT * 2 ** min(int(tries.max()) - 1, 10), _LONGEST_WAIT)
    asked = min(timedelta(seconds=wait or 0.0), _LONGEST_WAIT)
    return rows.assign(tries=tries.astype(object), not_before=_iso(now + max(own, asked)), claimed_at=None)


def _settle(warehouse: Warehouse, rows: pd.DataFrame) -> None:
    """Write what became of rows; that they ended meanwhile stays."""
    with warehouse.writing(table_lock(_TABLE)) as connection:
        key = {"incident": rows["incident"].tolist(), "channel": rows["channel"].iloc[0]}
        now = warehouse.read(_TABLE, key, ["incident", "ended_at"], connection).set_index("incident")["ended_at"]
        ended = rows["incident"].map(now.to_dict())
        warehouse.upsert(_TABLE, rows.assign(ended_at=ended.where(ended.notna(), rows["ended_at"])), connection)


def _row(channel: str, key: str, kind: str, said: str, now: datetime) -> dict[Hashable, object]:
    row: dict[Hashable, object] = dict.fromkeys(("claimed_at", "not_before", "told_at", "ended_at"))
    return row | {
        "incident": key, "channel": channel, "kind": kind, "said": said, "seen_at": _iso(now), "tries": 0
    }  # fmt: skip


def _incidents(rows: pd.DataFrame) -> list[Incident]:
    return [Incident(row.kind, row.incident, row.said) for row in rows.itertuples()]  # type: ignore[arg-type]


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
