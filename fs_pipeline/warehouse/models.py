"""The loader of ``dbt_like_sql/``: a strict subset of dbt's syntax (``ref``, ``source``), on SQLite and PostgreSQL.

A model is a SELECT in a .sql file beside a .yml that declares its partition, grain and columns. materialising.py replaces
one partition of it. Values are bound, never written into SQL; names come from ``ref()`` and ``source()`` alone. What
several models say in the same words is a macro of ``macros.sql``.
"""

from __future__ import annotations

import graphlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

import jinja2
import jinja2.runtime
import yaml
from pydantic import BaseModel, ConfigDict
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    MetaData,
    Table,
)
from sqlalchemy.types import TypeEngine

from fs_pipeline.warehouse.declared import ModelSpec, read_spec
from fs_pipeline.warehouse.tables import TEXT, index_by_slot, metadata

if TYPE_CHECKING:
    from sqlglot import exp

LAYERS = ("staging", "intermediate", "marts")
_TYPES: dict[str, TypeEngine[Any] | type[TypeEngine[Any]]] = {
    "text": TEXT,
    "integer": BigInteger,
    "float": Float,
    "boolean": Boolean,
}
# Jinja2 renders SQL here, never HTML: autoescape would break it, and no outside value is ever rendered.
_TEMPLATES = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701
DIALECTS = {"sqlite": "sqlite", "postgresql": "postgres"}


class ModelError(ValueError):
    """A model that does not say what it must, or whose SQL is not what it says."""


class _Sources(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sources: list[str]
    seeds: dict[str, str] = {}  # table -> packaged CSV


@dataclass(frozen=True, eq=False)
class Model:
    """A loaded model: its declaration, its rendered SQL and what it reads."""

    spec: ModelSpec
    layer: str
    sql: str
    refs: tuple[str, ...]
    sources: tuple[str, ...]
    table: Table

    @property
    def name(self) -> str:
        """The model's name, which is its table's."""
        return self.spec.name

    @property
    def group(self) -> str:
        """What it belongs with: the synthesis where it has a row set a campaign, else its layer."""
        return "synthesis" if self.spec.partition == "campaign" else self.layer

    @property
    def stage(self) -> str:
        """Its name in ``slot_status``."""
        return f"{self.group}/{self.name}"


@dataclass(frozen=True, eq=False)
class Project:
    """All models, in an order in which each comes after what it reads."""

    models: Mapping[str, Model]
    seeds: Mapping[str, str]

    def __iter__(self) -> Iterator[Model]:
        return iter(self.models.values())

    def __getitem__(self, name: str) -> Model:
        return self.models[name]


@cache
def load_project() -> Project:
    """The packaged models, which a test has read with `read_project`: their SQL is not parsed again in each process.

    Raises
    ------
    ModelError
        When a name is unknown, or models depend on each other in a circle.
    """
    return _project(files("dbt_like_sql"))


def read_project(folder: Traversable) -> Project:
    """The models below `folder`, which holds ``sources.yml`` and the three layers.

    Raises
    ------
    ModelError
        As `load_project`, and when a .yml and its .sql disagree in either dialect.
    """
    import sqlglot

    project = _project(folder)
    for model in project:
        for dialect in DIALECTS.values():
            _check_projection(model.spec, sqlglot.parse_one(model.sql, read=dialect))
    return project


def _project(folder: Traversable) -> Project:
    declared = _Sources.model_validate(yaml.safe_load(folder.joinpath("sources.yml").read_text(encoding="utf-8")))
    unknown = set(declared.sources) - set(metadata().tables)
    if unknown:
        raise ModelError(f"sources.yml names tables that do not exist: {sorted(unknown)}")
    leaves = {*declared.sources, *declared.seeds}
    macros = _macros(folder)
    tables = MetaData()
    models = {}
    for layer in LAYERS:
        entries = sorted(folder.joinpath(layer).iterdir(), key=lambda entry: entry.name)
        for entry in entries:
            if entry.name.endswith(".sql"):
                spec_file = folder.joinpath(layer, entry.name.removesuffix(".sql") + ".yml")
                model = _load(layer, entry, spec_file, leaves, macros, tables)
                models[model.name] = model
    for model in models.values():
        missing = set(model.refs) - set(models)
        if missing:
            raise ModelError(f"{model.name} refers to models that do not exist: {sorted(missing)}")
    try:
        order = graphlib.TopologicalSorter({m.name: m.refs for m in models.values()}).static_order()
    except graphlib.CycleError as error:
        raise ModelError(f"models in a circle: {error.args[1]}") from error
    return Project({name: models[name] for name in order}, declared.seeds)


def _macros(folder: Traversable) -> dict[str, jinja2.runtime.Macro]:
    """What every model may call, by name; nothing where `folder` has no ``macros.sql``."""
    file = folder.joinpath("macros.sql")
    if not file.is_file():
        return {}
    module = _TEMPLATES.from_string(file.read_text(encoding="utf-8")).module
    return {name: said for name, said in vars(module).items() if isinstance(said, jinja2.runtime.Macro)}


def _load(
    layer: str,
    sql_file: Traversable,
    spec_file: Traversable,
    leaves: set[str],
    macros: Mapping[str, jinja2.runtime.Macro],
    tables: MetaData,
) -> Model:
    name = sql_file.name.removesuffix(".sql")
    try:
        spec = read_spec(spec_file, ModelSpec)
    except ValueError as error:
        raise ModelError(f"{spec_file.name}: {error}") from error
    refs: list[str] = []
    sources: list[str] = []

    def ref(model: str) -> str:
        refs.append(model)
        return model

    def source(table: str) -> str:
        if table not in leaves:
            raise ModelError(f"{name}: {table} is not declared in sources.yml")
        sources.append(table)
        return table

    sql = _TEMPLATES.from_string(sql_file.read_text(encoding="utf-8")).render(macros, ref=ref, source=source)
    columns: list[Column[Any]] = [Column(column.name, _TYPES[column.type]) for column in spec.columns]
    table = Table(name, tables, *columns)
    index_by_slot(table)
    return Model(spec, layer, sql, tuple(dict.fromkeys(refs)), tuple(dict.fromkeys(sources)), table)


def _check_projection(spec: ModelSpec, tree: exp.Expr) -> None:
    """The last SELECT names the declared columns in the declared order (``select * from final`` is looked through)."""
    from sqlglot import exp

    query = tree
    if isinstance(query, exp.Select) and query.is_star:
        source = query.args["from_"].this if query.args.get("from_") else None
        ctes = {cte.alias: cte.this for cte in tree.find_all(exp.CTE)}
        if source is None or source.name not in ctes:
            raise ModelError(f"{spec.name}: the last select has a star that is not over a CTE")
        query = ctes[source.name]
    if not isinstance(query, exp.Query):
        raise ModelError(f"{spec.name}: not a SELECT")
    found = query.named_selects
    declared = [column.name for column in spec.columns]
    if found != declared:
        raise ModelError(f"{spec.name}: selects {found}, declares {declared}")
