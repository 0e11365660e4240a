"""The rows of a model: one partition of its table replaced by what its SELECT gives, and counted against its .yml."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, and_, case, delete, false, func, or_, select, text, true

from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.locks import Lock, slot_locks, table_lock
from fs_pipeline.warehouse.models import DIALECTS, Model, Project
from fs_pipeline.warehouse.tables import table as stored_table

if TYPE_CHECKING:
    from sqlglot import exp

_SAMPLE = 1000  # rows of each index


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
    statement = insertion(model, project, warehouse.dialect, departements)
    values: dict[str, str] = {"campaign": campaign} | {f"d{i}": code for i, code in enumerate(departements)}
    values = {key: value for key, value in values.items() if f":{key}" in statement}
    with warehouse.within(connection, *_locks_of(model, campaign, departements)) as held:
        if warehouse.dialect == "sqlite":
            _count_leaves(held, model)
        held.execute(delete(model.table).where(partition_of(model, campaign, departements)))
        written: int = held.execute(text(statement), values).rowcount
    return written


def insertion(model: Model, project: Project, dialect: str, departements: Sequence[str]) -> str:
    """The statement that fills a partition: ``:campaign``, and ``:d0`` and on, are its values."""
    columns = ", ".join(f'"{column}"' for column in model.table.c.keys())  # noqa: SIM118
    query = _restricted(model, project, DIALECTS[dialect], len(departements))
    statement = f'insert into "{model.name}" ({columns}) select {columns} from ({query}) as model'  # noqa: S608
    if conditions := _inside(model, departements):
        statement += f" where {' and '.join(conditions)}"  # tables without a slot's columns are not narrowed above
    return statement


def _count_leaves(connection: Connection, model: Model) -> None:
    """Have SQLite's planner know how many rows a slot has in what a model reads: it supposes a dozen.

    Two lists of that length it joins row by row; those of a nation then take ten minutes instead of two seconds.
    """
    connection.exec_driver_sql(f"PRAGMA analysis_limit={_SAMPLE}")
    for name in (*model.refs, *model.sources):
        connection.exec_driver_sql(f'ANALYZE main."{name}"')


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


@cache
def _restricted(model: Model, project: Project, dialect: str, departements: int) -> str:
    """The model's SQL with every leaf table narrowed to the partition, so that one slot costs one slot.

    It depends on how many `departements` there are, not on which: parsed once for thousands of slots.
    """
    import sqlglot
    from sqlglot import exp

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
    from sqlglot import exp

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


def _locks_of(model: Model, campaign: str, departements: Sequence[str]) -> list[Lock]:
    if model.spec.partition == "slot":
        return slot_locks([campaign], departements)
    return [table_lock(model.name)]
