"""Great Expectations over a table of several slots at once, and one verdict a check and slot.

Each suite runs once over all slots (GX costs far more a call than a row) and its failing rows are counted by
département. GX's raw results hold the failing values: only counts leave this module.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict

_NAMED = 5  # rows that fail are told by their code, no more than these
Severity = Literal["error", "warning"]


class Check(BaseModel):
    """One declared check of ``suites.yml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: str
    name: str
    expectation: str
    arguments: dict[str, Any]
    severity: Severity
    message: str
    names: str | None = None  # the column of codes by which the rows that fail are told

    @property
    def counts_rows(self) -> bool:
        """Whether it judges how many rows a slot has rather than each row."""
        return self.arguments.get("column") == "rows"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one check says of one slot: `failing` of `judged` rows, the first of them by their codes."""

    check: Check
    departement: str
    judged: int
    failing: int
    named: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """True when no row fails."""
        return self.failing == 0

    @property
    def stops(self) -> bool:
        """Whether the slot must not be published."""
        return not self.passed and self.check.severity == "error"

    def sentence(self) -> str:
        """What a person reads, in French, without any value but codes."""
        if self.passed:
            return self.check.message
        which = f"\u00a0: {', '.join(self.named)}{'…' if len(self.named) < self.failing else ''}" if self.named else ""
        return f"{self.check.message} Ce n’est pas le cas de {self.failing} sur {self.judged}{which}."


@cache
def suites() -> dict[str, tuple[Check, ...]]:
    """The declared checks, by table."""
    declared = yaml.safe_load(files(__package__).joinpath("suites.yml").read_text(encoding="utf-8"))
    return {
        table: tuple(Check.model_validate({"table": table, **check}) for check in checks)
        for table, checks in declared.items()
    }


def declared_rows(table: str) -> Check:
    """The check that a SQL model's rows keep to its .yml: grain, columns never empty, known values."""
    return Check(
        table=table,
        name="rows_are_as_declared",
        expectation="declared tests",
        arguments={},
        severity="error",
        message="Chaque ligne est unique à son grain et porte les valeurs déclarées.",
    )


def judge(table: str, frame: pd.DataFrame, departements: Sequence[str]) -> list[Verdict]:
    """One verdict a check of `table` and département, in that order.

    Parameters
    ----------
    frame
        The rows of all `departements`, with their ``departement`` column.

    Raises
    ------
    ValueError
        When a check names a column that `frame` lacks.
    """
    if not departements:
        return []
    checks = suites().get(table, ())
    verdicts: list[Verdict] = []
    for by_count in (False, True):
        chosen = [check for check in checks if check.counts_rows is by_count]
        if chosen:
            counts = frame["departement"].value_counts()
            judged = (
                pd.DataFrame({"departement": departements, "rows": [int(counts.get(d, 0)) for d in departements]})
                if by_count
                else frame.reset_index(drop=True)
            )
            verdicts += _validate(chosen, judged, departements)
    return verdicts


def _validate(checks: Sequence[Check], frame: pd.DataFrame, departements: Sequence[str]) -> list[Verdict]:
    sizes = frame["departement"].value_counts()
    failing_rows = _failing_rows(checks, frame)
    verdicts = []
    for check in checks:
        failing = frame.iloc[failing_rows[check.name]]
        counts = failing["departement"].value_counts()
        for code in departements:
            named = failing.loc[failing["departement"] == code, check.names].head(_NAMED) if check.names else ()
            verdicts.append(
                Verdict(check, code, int(sizes.get(code, 0)), int(counts.get(code, 0)), tuple(map(str, named)))
            )
    return verdicts


def _failing_rows(checks: Sequence[Check], frame: pd.DataFrame) -> dict[str, list[int]]:
    """Positions of the rows each check refuses."""
    if frame.empty:
        return {check.name: [] for check in checks}
    columns = {value for check in checks for key, value in check.arguments.items() if key.startswith("column")}
    missing = columns - set(frame.columns)
    if missing:
        raise ValueError(f"checks name columns that the table lacks: {sorted(missing)}")

    import great_expectations as gx  # 4 to 7 s

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    batch = (
        context.data_sources.add_pandas("warehouse")
        .add_dataframe_asset("rows")
        .add_batch_definition_whole_dataframe("all")
        .get_batch({"dataframe": frame[sorted(columns)].assign(position=range(len(frame)))})
    )
    suite = gx.ExpectationSuite(
        "suite",
        expectations=[
            getattr(gx.expectations, check.expectation)(**check.arguments, meta={"check": check.name})
            for check in checks
        ],
    )
    outcome = batch.validate(
        suite, result_format={"result_format": "COMPLETE", "unexpected_index_column_names": ["position"]}
    )
    failing: dict[str, list[int]] = {}
    for result in outcome.results:
        assert result.expectation_config is not None
        name = result.expectation_config.meta["check"]
        if result.exception_info and result.exception_info.get("raised_exception"):
            raise ValueError(f"check {name} cannot be evaluated: {result.exception_info.get('exception_message')}")
        failing[name] = [entry["position"] for entry in result.result.get("unexpected_index_list") or ()]
    return failing
