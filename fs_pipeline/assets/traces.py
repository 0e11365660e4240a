"""The trace of an unexpected error, kept for the engineers under a reference, without a word of what the data said.

A trace names files, functions and lines of code. What an exception says may quote a cell: of it stay the words of this
program and of Python; every other letter is written x, every other digit 0.
"""

from __future__ import annotations

import builtins
import datetime
import inspect
import re
import traceback
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import dagster as dg
from sqlalchemy.exc import DBAPIError

from fs_pipeline import __version__
from fs_pipeline.http.problems import SourceProblem
from fs_pipeline.national.source_book import UnreadableSourceBook
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import UnusableSettings
from fs_pipeline.warehouse.declared import declared_tables

Work = TypeVar("Work", bound=Callable[..., Any])

OF_THE_MACHINE = (OSError, MemoryError, DBAPIError)  # what another run may not meet again on the same data
BY_MACHINE = "fs_pipeline/by_machine"  # metadata of a step that failed of it
_FOLDER = "traces"
_WORD = re.compile(r"\w+")
_PATH = re.compile(r'(?<=File ")[^"]*?/(?=(?:fs_pipeline|dbt_like_sql|site-packages|lib/python[\d.]+)/)')
# Words in which libraries say what went wrong; none of them could tell who.
_PLAIN = frozenset(
    """
    a an and any are argument array as at attribute axis base be bytes call cannot codec column columns compare connection
    constraint convert could datetime decode dict directory does dtype duplicate empty encode error expected failed field
    file float for format found frame from function geometry got has have in index input instance invalid is it iterable
    key keys length line list literal local match method missing module multiple must name names no not null object of on
    only operation or out parameter permission position range read required row rows sequence series shape size string
    subscriptable such supported table takes than the time timeout to too type types unable unexpected unhashable unique
    unknown unsupported value values violates when while with without write wrong
    """.split()  # noqa: SIM905 - read as a text
)


def unquoted(work: Work) -> Work:
    """Have an error that nobody foresaw end an asset, an op or a sensor with the reference of its trace and none of its words.

    They may quote a cell, and Dagster keeps what an error says, and what it came from. A sentence of ours passes alone.

    Parameters
    ----------
    work
        A function of a Dagster context and a pipeline.
    """

    @wraps(work)
    def step(context: Any, pipeline: Pipeline) -> Any:  # noqa: ANN401 - what the work returns
        with _unquoted(context, pipeline, work.__name__):
            return work(context, pipeline)

    @wraps(work)
    def steps(context: Any, pipeline: Pipeline) -> Iterator[Any]:  # noqa: ANN401 - what the work yields
        with _unquoted(context, pipeline, work.__name__):
            yield from work(context, pipeline)

    return cast(Work, steps if inspect.isgeneratorfunction(work) else step)


@contextmanager
def _unquoted(context: object, pipeline: Pipeline, name: str) -> Iterator[None]:
    try:
        yield
    except dg.Failure as failure:
        raise failure from None
    except (SourceProblem, UnreadableSourceBook, UnusableSettings) as problem:
        away = isinstance(problem, UnusableSettings) and isinstance(problem.__cause__, OF_THE_MACHINE)
        raise dg.Failure(
            description=str(problem), metadata={BY_MACHINE: True} if away else None, allow_retries=False
        ) from None
    except Exception as error:
        about = context.op_execution_context.op.name if isinstance(context, dg.AssetExecutionContext) else name
        told = told_to_the_clerk(type(error).__name__, keep_trace(pipeline.settings.home, error, about))
        of_machine = {BY_MACHINE: True} if isinstance(error, OF_THE_MACHINE) else None
        raise dg.Failure(description=told, metadata=of_machine, allow_retries=False) from None


def keep_trace(home: Path, error: BaseException, about: str) -> str | None:
    """Write where `error` came from below `home`; the reference under which it is found, None where it cannot be kept.

    Parameters
    ----------
    about
        What was being done: a stage, a slot.
    """
    return _keep(home, about, "\n".join(_told(error)))


def keep_step_trace(home: Path, failure: dg.DagsterEvent) -> str | None:
    """The same of a step that failed outside of any slot, from what Dagster kept of it."""
    parts, error = [], failure.step_failure_data.error
    while error is not None:
        stack = _PATH.sub("", "".join(error.stack))
        parts.append(f"{stack}{error.cls_name}: {masked(error.message)}")
        error = error.cause
    return _keep(home, f"{failure.job_name} {failure.step_key}", "\ncaused by\n".join(parts))


def told_to_the_clerk(error_name: str, reference: str | None) -> str:
    """What a person reads instead of the error; nobody was told of it, so it doesn't say so."""
    if reference is None:
        return f"Erreur imprévue ({error_name})\u00a0; sa trace n’a pas pu être gardée."
    return f"Erreur imprévue ({error_name}). Pour qu’elle soit corrigée, donnez à l’équipe technique la référence {reference}."


def masked(text: str) -> str:
    """`text` with every word that is not this program's or Python's written in x and 0."""

    def mask(found: re.Match[str]) -> str:
        word = found[0]
        if word in _PLAIN or word in _own_words():
            return word
        return "".join("0" if letter.isdigit() else "x" for letter in word)

    return _WORD.sub(mask, text)


@cache
def _own_words() -> frozenset[str]:
    """Names of tables and columns, of types and of errors."""
    tables = declared_tables()
    columns = {column.name for table in tables.values() for column in table.columns}
    types = {name for name, value in vars(builtins).items() if isinstance(value, type)}
    return frozenset({*tables, *columns, *types, "DataFrame", "NoneType", "None", "ndarray"})


def _told(error: BaseException) -> Iterator[str]:
    """The frames and the masked words of an error and of what it came from, the first cause last."""
    current: BaseException | None = error
    while current is not None:
        for frame in traceback.extract_tb(current.__traceback__):
            where = _PATH.sub("", f'File "{frame.filename}", line {frame.lineno}, in {frame.name}')
            yield f"  {where}\n    {frame.line}"
        yield f"{type(current).__name__}: {masked(str(current))}"
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
        if current is not None:
            yield "caused by"


def _keep(home: Path, about: str, trace: str) -> str | None:
    reference = uuid.uuid4().hex[:8]
    when = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    try:
        folder = home / _FOLDER
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / f"{reference}.txt").write_text(
            f"{when} · fs_pipeline {__version__} · {about}\n\n{trace}\n", encoding="utf-8"
        )
    except OSError:  # a full disk must not hide what went wrong first
        return None
    return reference
