"""The loader of ``dbt_like_sql/``: a strict subset of dbt's syntax (``ref``, ``source``), on SQLite and PostgreSQL.

A model is a SELECT in a .sql file beside a .yml that declares its partition, grain and columns. `materialise` replaces
one partition of it. Values are bound, never written into SQL; names come from ``ref()`` and ``source()`` alone. What several
models say in the same words is a macro of ``macros.sql``.
"""

from __future__ import annotations

import graphlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import jinja2
import jinja2.runtime
import sqlglot
import yaml
from pydantic import BaseModel, ConfigDict
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Float,
    MetaData,
    Table,
    and_,
    case,
    delete,
    false,
    func,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.types import TypeEngine
from sqlglot import exp

from fs_pipeline.warehouse.declared import ModelSpec, read_spec
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.locks import Lock, slot_locks, table_lock
from fs_pipeline.warehouse.tables import TEXT, index_by_slot, metadata
from fs_pipeline.warehouse.tables import table as stored_table

LAYERS = ("staging", "intermediate", "marts")
_TYPES: dict[str, TypeEngine[Any] | type[TypeEngine[Any]]] = {
    "text": TEXT,
    "integer": BigInteger,
    "float": Float,
    "boolean": Boolean,
}
# Jinja2 renders SQL here, never HTML: autoescape would break it, and no outside value is ever rendered.
_TEMPLATES = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701
_DIALECTS = {"sqlite": "sqlite", "postgresql": "postgres"}


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
    """The packaged models.

    Raises
    ------
    ModelError
        When a .yml and its .sql disagree, a name is unknown, or models depend on each other in a circle.
    """
    return read_project(files("dbt_like_sql"))


def read_project(folder: Traversable) -> Project:
    """The models below `folder`, which holds ``sources.yml`` and the three layers."""
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
    for dialect in _DIALECTS.values():
        _check_projection(spec, sqlglot.parse_one(sql, read=dialect))
    columns: list[Column[Any]] = [Column(column.name, _TYPES[column.type]) for column in spec.columns]
    table = Table(name, tables, *columns)
    index_by_slot(table)
    return Model(spec, layer, sql, tuple(dict.fromkeys(refs)), tuple(dict.fromkeys(sources)), table)


def _check_projection(spec: ModelSpec, tree: exp.Expr) -> None:
    """The last SELECT names the declared columns in the declared order (``select * from final`` is looked through)."""
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


@cache
def _restricted(model: Model, project: Project, dialect: str, departements: int) -> str:
    """The model's SQL with every leaf table narrowed to the partition, so that one slot costs one slot.

    It depends on how many `departements` there are, not on which: parsed once for thousands of slots.
    """
    tree = sqlglot.parse_one(model.sql, read=dialect)
    ctes = {cte.alias for cte in tree.find_all(exp.CTE)}

    def narrow(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Literal) and node.is_string:
            # text() would take « :word » inside a literal for a bound value.
            return exp.Literal.string(node.this.replace(":", "\\:"))
        if not isinstance(node, exp.Table) or (node.name in ctes and not _imports_itself(node)):
            return node
        columns = _columns_of(node.name, project)
        # SQLite takes « with t as (select * from t) » for a circle unless the table says its schema.
        query = exp.select("*").from_(exp.table_(node.name, db="main" if dialect == "sqlite" else None))
        if model.spec.partition != "none" and "campaign" in columns:
            query = query.where(exp.EQ(this=exp.column("campaign"), expression=exp.Var(this=":campaign")))
        if model.spec.partition == "slot" and {"campaign", "departement"} <= columns:
            codes = [exp.Var(this=f":d{i}") for i in range(departements)]
            query = query.where(exp.In(this=exp.column("departement"), expressions=codes))
        return query.subquery(node.alias_or_name)

    return tree.transform(narrow).sql(dialect=dialect)


def _imports_itself(table: exp.Table) -> bool:
    """Whether the table stands in the CTE of its own name, which is then the table itself."""
    cte = table.find_ancestor(exp.CTE)
    return cte is not None and cte.alias == table.name


def _inside(model: Model, departements: Sequence[str]) -> list[str]:
    """Conditions, with bound values, that keep what a model gives inside its partition."""
    conditions = []
    if model.spec.partition != "none":
        conditions.append("model.campaign = :campaign")
    if model.spec.partition == "slot":
        conditions.append(f"model.departement in ({', '.join(f':d{i}' for i in range(len(departements)))})")
    return conditions


def _columns_of(name: str, project: Project) -> set[str]:
    if name in project.models:
        return set(project[name].table.c.keys())
    if name in project.seeds:
        return set()
    return set(stored_table(name).c.keys())


def materialise(
    warehouse: Warehouse,
    project: Project,
    name: str,
    campaign: str = "",
    departements: Sequence[str] = (),
    connection: Connection | None = None,
) -> int:
    """Replace one partition of a model by what its SELECT gives, in one transaction.

    Parameters
    ----------
    campaign, departements
        The partition: both for a slot model, the campaign alone for a campaign model, neither for the rest.
    connection
        A transaction of ``Warehouse.writing`` to take part in.

    Returns
    -------
    int
        Number of rows written.
    """
    model = project[name]
    if model.spec.partition == "slot" and not departements:
        return 0
    dialect = _DIALECTS[warehouse.dialect]
    columns = ", ".join(f'"{column}"' for column in model.table.c.keys())  # noqa: SIM118
    query = _restricted(model, project, dialect, len(departements))
    statement = f'insert into "{model.name}" ({columns}) select {columns} from ({query}) as model'  # noqa: S608
    if conditions := _inside(model, departements):
        statement += f" where {' and '.join(conditions)}"  # tables without a slot's columns are not narrowed above
    values: dict[str, str] = {"campaign": campaign} | {f"d{i}": code for i, code in enumerate(departements)}
    values = {key: value for key, value in values.items() if f":{key}" in statement}
    with warehouse.within(connection, *_locks_of(model, campaign, departements)) as held:
        held.execute(delete(model.table).where(partition_of(model, campaign, departements)))
        written: int = held.execute(text(statement), values).rowcount
    return written


def _locks_of(model: Model, campaign: str, departements: Sequence[str]) -> list[Lock]:
    if model.spec.partition == "slot":
        return slot_locks([campaign], departements)
    return [table_lock(model.name)]


def partition_of(model: Model, campaign: str, departements: Sequence[str]) -> ColumnElement[bool]:
    """The condition that selects one partition of a model's table."""
    conditions: list[ColumnElement[bool]] = []
    if model.spec.partition != "none":
        conditions.append(model.table.c.campaign == campaign)
    if model.spec.partition == "slot":
        conditions.append(model.table.c.departement.in_(list(departements)))
    return and_(true(), *conditions)


def undeclared_rows(
    connection: Connection, model: Model, campaign: str, departements: Sequence[str]
) -> dict[str, tuple[int, int]]:
    """Rows of a slot model and rows that break its .yml, by département: (rows, breaking).

    A row breaks it where a column declared not_null is null, a value is outside of accepted_values, or another row
    has the same grain (each row beyond the first counts).
    """
    table = model.table
    broken: list[ColumnElement[bool]] = []
    for column in model.spec.columns:
        for test in column.tests:
            if test == "not_null":
                broken.append(table.c[column.name].is_(None))
            else:
                broken.append(table.c[column.name].not_in(test.accepted_values))
    inside = partition_of(model, campaign, departements)
    faulty = func.sum(case((or_(false(), *broken), 1), else_=0))
    rows = connection.execute(
        select(table.c.departement, func.count(), faulty).where(inside).group_by(table.c.departement)
    ).all()
    grain = [table.c[name] for name in model.spec.grain]
    distinct = select(table.c.departement, *grain).where(inside).distinct().subquery()
    unique = {row[0]: row[1] for row in connection.execute(select(distinct.c[0], func.count()).group_by(distinct.c[0]))}
    return {code: (count, int(bad) + count - unique.get(code, 0)) for code, count, bad in rows}
