"""The history of the stored tables: one step a change of their declarations, none ever changed once it is in the field.

A step says the tables as they were then, in words of its own: what is declared today is none of its business.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.types import TypeEngine

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_KINDS: dict[str, TypeEngine[Any] | type[TypeEngine[Any]]] = {
    "": TEXT,
    "local": sa.String,  # text that compares as the server's locale does, which was a fault
    "integer": sa.Integer,
    "float": sa.Float,
    "boolean": sa.Boolean,
}


def column(word: str) -> sa.Column[Any]:
    """``row:integer`` as a column: text unless it says otherwise, ``!`` where never null, ``*`` where of the key."""
    said, _, kind = word.partition(":")
    name = said.rstrip("!*")
    return sa.Column(name, _KINDS[kind], primary_key=said.endswith("*"), nullable=said == name)


def create_table(name: str, words: str, index_slot: bool = True) -> None:
    """Create a table where it is not there, with the index by which slots are read where it has one."""
    if sa.inspect(op.get_bind()).has_table(name):
        return
    columns = [column(word) for word in words.split()]
    op.create_table(name, *columns)
    if index_slot and {"campaign", "departement"} <= {one.name for one in columns}:
        op.create_index(f"ix_{name}_slot", name, ["campaign", "departement"])


def add_column(table: str, word: str) -> None:
    """Add a column where it is not there."""
    added = column(word)
    if added.name not in {one["name"] for one in sa.inspect(op.get_bind()).get_columns(table)}:
        op.add_column(table, added)


def tell(sentence: str) -> None:
    """Have a French sentence said to whoever has the database brought up to date."""
    context.config.attributes["told"].append(sentence)
