"""The stored tables brought from any earlier version to today's, each row kept; the steps are in ``migrations/``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Connection, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

Standing = Literal["empty", "behind", "current", "ahead"]
_STEPS = Path(__file__).parent / "migrations"


def standing(connection: Connection) -> Standing:
    """How the tables of a database stand to those of this version; to ask keeps nobody waiting."""
    from alembic.script import ScriptDirectory

    inspector = inspect(connection)
    if not inspector.has_table("alembic_version"):
        return "behind" if inspector.has_table("campaigns") else "empty"
    steps = ScriptDirectory.from_config(_config())
    found = connection.execute(text("select version_num from alembic_version")).scalars().all()
    if found == [steps.get_current_head()]:
        return "current"
    return "behind" if {*found} <= {step.revision for step in steps.walk_revisions()} else "ahead"


def upgrade(connection: Connection) -> list[str]:
    """Take the steps that lack, in the transaction of `connection`; French sentences of what rows this changed."""
    from alembic import command

    config = _config()
    told: list[str] = []
    config.attributes.update(connection=connection, told=told)
    command.upgrade(config, "head")
    return told


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_STEPS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
