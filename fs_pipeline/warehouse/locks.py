"""Who waits for whom when several processes write: a slot, a table, the schema; each until a transaction ends.

On PostgreSQL these are advisory locks, so that a transaction that deletes and inserts sees what the one before it
inserted. On SQLite a write transaction is alone in the database anyway.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import product

from sqlalchemy import BigInteger, Connection, TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY


@dataclass(frozen=True, slots=True, order=True)
class Lock:
    """Something that one transaction at a time may hold; shared, any number of those that share it."""

    name: str
    shared: bool = False

    @property
    def number(self) -> int:
        """What PostgreSQL knows it by: 64 signed bits."""
        digest = hashlib.sha256(f"fs_pipeline|{self.name}".encode()).digest()
        return int.from_bytes(digest[:8], signed=True)


SCHEMA = Lock("schema")


def slot_locks(campaigns: Iterable[str], departements: Iterable[str]) -> list[Lock]:
    """One lock a slot: whatever of it is written, one transaction writes at a time."""
    return [Lock(f"slot|{campaign}|{departement}") for campaign, departement in product(campaigns, departements)]


def table_lock(table: str, *, shared: bool = False) -> Lock:
    """A whole table; shared by those who hold a slot of it."""
    return Lock(f"table|{table}", shared)


def hold(connection: Connection, locks: Collection[Lock]) -> None:
    """Wait for `locks` and hold them until the transaction ends.

    In the order of their names, so that two transactions that take theirs at once never wait for each other.
    """
    if connection.dialect.name != "postgresql":
        return
    for shared in (True, False):
        numbers = [lock.number for lock in sorted(locks) if lock.shared == shared]
        if numbers:
            connection.execute(_SHARED if shared else _ALONE, {"numbers": numbers})


def _statement(function: str) -> TextClause:
    return text(f"select {function}(number) from unnest(:numbers) as number").bindparams(  # noqa: S608 - a name of ours
        bindparam("numbers", type_=ARRAY(BigInteger))
    )


_ALONE = _statement("pg_advisory_xact_lock")
_SHARED = _statement("pg_advisory_xact_lock_shared")
