"""What the .yml of each table says: grain, columns, who may read what, and the file that carries it.

One declaration a table, in ``dbt_like_sql/``: beside each SQL model, and in ``sources/`` for what Python steps store and
for the reviewed files that models read. What is said of no column stays inside: its readers are ``internal``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Literal, Self, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

if TYPE_CHECKING:
    import pandas as pd

Partition = Literal["slot", "campaign", "none"]
PARTITION_COLUMNS: Mapping[Partition, tuple[str, ...]] = {
    "slot": ("campaign", "departement"),
    "campaign": ("campaign",),
    "none": (),
}
# From the fewest to the most: nobody outside of this program · prefecture and ministry · the département's associations
# and operators too · everyone.
Readers = Literal["nobody", "internal", "partners", "public"]
READERS: tuple[Readers, ...] = get_args(Readers)
# How the door judges a text before it lets it out; see editions/.
Holds = Literal[
    "code",  # of a closed list, or an identifier
    "date",
    "hours",  # OSM opening_hours, or its times alone
    "phone",
    "mailbox",
    "website",
    "commune",  # the name of a current commune
    "name",  # of a place or an organisation
    "street",  # number and street, or where in a building
    "sentence",
    "value",  # of the field that the row's column `field` names
    "ours",  # a sentence or a name that this program writes, in which nothing stands that a survey wrote
]
FOLDERS = ("sources", "staging", "intermediate", "marts")


class _ColumnTests(BaseModel):
    model_config = ConfigDict(extra="forbid")

    accepted_values: list[str]


class ColumnSpec(BaseModel):
    """One declared column.

    Attributes
    ----------
    readers
        The widest circle that may receive it, where its table may be received at all.
    holds
        What a text that leaves is; only numbers, dates apart, and truths leave without it.
    among
        The reviewed file (``data/<among>.csv``) whose codes alone may leave, where the column may hold others.
    """

    model_config = ConfigDict(extra="forbid")

    name: str
    type: Literal["text", "integer", "float", "boolean"]
    description: str
    tests: list[Literal["not_null"] | _ColumnTests] = []
    readers: Readers = "internal"
    holds: Holds | None = None
    among: str | None = None

    @model_validator(mode="after")
    def _a_text_that_leaves_says_what_it_is(self) -> Self:
        leaves = self.type == "text" and READERS.index(self.readers) > READERS.index("internal")
        if leaves != (self.holds is not None):
            raise ValueError(f"{self.name}: `holds` is for the texts that leave, and each of them says it")
        if self.among and self.holds != "code":
            raise ValueError(f"{self.name}: `among` is for codes")
        return self


class TableSpec(BaseModel):
    """What a table's .yml says.

    Attributes
    ----------
    readers
        The widest circle that may receive rows of it.
    file
        The exported file that carries it, .csv or .parquet, where it is released.
    keyed
        Whether two rows of one grain are an error, and not what people wrote.
    stored
        Whether the warehouse keeps it; else it is made when it is asked for.
    """

    model_config = ConfigDict(extra="forbid")

    name: str
    description: str
    partition: Partition
    grain: list[str]
    columns: list[ColumnSpec]
    readers: Readers = "internal"
    file: str | None = None
    keyed: bool = True
    stored: bool = True

    @model_validator(mode="after")
    def _its_grain_is_of_its_columns(self) -> Self:
        if unknown := {*self.grain, *(PARTITION_COLUMNS[self.partition] if self.stored else ())} - {*self.names}:
            raise ValueError(
                f"{self.name}: the grain or the partition names {sorted(unknown)}, which is no column of it"
            )
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Its columns' names, in their order."""
        return tuple(column.name for column in self.columns)

    @property
    def own_names(self) -> tuple[str, ...]:
        """Its columns' names but those of its partition, which whoever writes the partition fills in."""
        return tuple(name for name in self.names if name not in PARTITION_COLUMNS[self.partition])

    def columns_for(self, readers: Readers) -> tuple[ColumnSpec, ...]:
        """The columns that `readers` may receive, in their order; none of a table that is not theirs."""
        circle = READERS.index(readers)
        if READERS.index(self.readers) < circle:
            return ()
        return tuple(column for column in self.columns if READERS.index(column.readers) >= circle)

    def released(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rows of it without what their folder says already and what is nobody's to read."""
        ours = {column.name for column in self.columns if column.readers == "nobody"}
        ours |= {*PARTITION_COLUMNS[self.partition]}
        return frame.drop(columns=[column for column in frame if column in ours])


class ModelSpec(TableSpec):
    """What the .yml beside a SQL model says."""

    owner: str


Spec = TypeVar("Spec", bound=TableSpec)
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster, where PyYAML was built with libyaml


@cache
def declared_tables() -> Mapping[str, TableSpec]:
    """Every declared table by its name."""
    return read_declarations(files("dbt_like_sql"))


def declaration(name: str) -> TableSpec:
    """What is declared of one table.

    Raises
    ------
    ValueError
        When no table has that name.
    """
    try:
        return declared_tables()[name]
    except KeyError:
        raise ValueError(f"no table is declared under the name {name}") from None


@cache
def place_columns() -> tuple[str, ...]:
    """What is said of a place, whoever says it: what ``national_places`` has beside whose it is and of when.

    Raises
    ------
    ValueError
        When a table of places lacks one of them.
    """
    listed = declaration("national_places")
    said = tuple(name for name in listed.names if name not in {*listed.grain, "snapshot_date"})
    for table in ("survey_places", "places"):
        if lacking := set(said) - {*declaration(table).names}:
            raise ValueError(f"{table} lacks {sorted(lacking)}, which national_places has")
    return said


def read_declarations(folder: Traversable) -> Mapping[str, TableSpec]:
    """The declarations below `folder`.

    Raises
    ------
    ValueError
        When a file does not say what it must, declares another name than its own, or one declared before.
    """
    found: dict[str, TableSpec] = {}
    for room in FOLDERS:
        for entry in sorted(folder.joinpath(room).iterdir(), key=lambda entry: entry.name):
            if entry.name.endswith(".yml"):
                spec = read_spec(entry, TableSpec if room == "sources" else ModelSpec)
                if spec.name in found:
                    raise ValueError(f"{spec.name} is declared twice")
                found[spec.name] = spec
    return found


def read_spec(file: Traversable, kind: type[Spec]) -> Spec:
    """One declaration; its file bears its name."""
    spec = kind.model_validate(yaml.load(file.read_text(encoding="utf-8"), _Loader))  # noqa: S506 - a safe loader
    if file.name != f"{spec.name}.yml":
        raise ValueError(f"{file.name} declares {spec.name}")
    return spec
