"""What a person sees while a run goes on: one line a step on stderr, in French, and nothing of Dagster's own log."""

from __future__ import annotations

import logging
import time
from typing import TextIO

import dagster as dg

_INTERRUPTIONS = {"DagsterExecutionInterruptedError", "KeyboardInterrupt", "Interrupted"}


class Progress:
    """Prints each step when it ends, with its seconds; errors with their first line."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.started: dict[str, float] = {}
        self.live = stream.isatty()

    def step_started(self, step: str) -> None:
        """Show the step that is under way, where the terminal can be written over."""
        self.started[step] = time.perf_counter()
        if self.live:
            self.stream.write(f"\r\033[K… {step}")
            self.stream.flush()

    def step_ended(self, step: str, *, failed: str | None = None) -> None:
        """One line a step: mark, name, seconds."""
        seconds = time.perf_counter() - self.started.pop(step, time.perf_counter())
        start = "\r\033[K" if self.live else ""
        mark = "✗" if failed else "✓"
        reason = f" : {failed}" if failed else ""
        self.stream.write(f"{start}{mark} {step} ({seconds:.1f} s){reason}\n".replace(".", ",", 1))
        self.stream.flush()

    def chunk_ended(self, chunk: str, seconds: float, failed: str | None) -> None:
        """One line a chunk that another process has run."""
        self.started[chunk] = time.perf_counter() - seconds
        self.step_ended(chunk, failed=failed)

    def close(self) -> None:
        """End the line."""
        if self.live:
            self.stream.write("\r\033[K")


class _Handler(logging.Handler):
    def __init__(self, progress: Progress) -> None:
        super().__init__(logging.DEBUG)
        self.progress = progress

    def emit(self, record: logging.LogRecord) -> None:
        event: dg.DagsterEvent | None = getattr(record, "dagster_meta", {}).get("dagster_event")
        if event is None:
            return  # Dagster keeps its own words; a person reads the steps
        step = event.step_key
        if step is None:
            return
        if event.is_step_start:
            self.progress.step_started(step)
        elif event.is_step_success:
            self.progress.step_ended(step)
        elif event.is_step_failure:
            self.progress.step_ended(step, failed=reason_of(event))


def reason_of(failure: dg.DagsterEvent) -> str:
    """What a failed step says itself, else the name of what went wrong at the bottom: its words may quote a cell."""
    said = failure.step_failure_data.user_failure_data
    if said and said.description:
        return said.description
    name = error_name(failure)
    return "interrompu" if name in _INTERRUPTIONS else f"erreur imprévue ({name})"


def is_unexpected(failure: dg.DagsterEvent) -> bool:
    """Whether a step failed without a sentence of its own, and not because a person stopped it."""
    said = failure.step_failure_data.user_failure_data
    return not (said and said.description) and error_name(failure) not in _INTERRUPTIONS


def error_name(failure: dg.DagsterEvent) -> str:
    """The kind of the error at the bottom, without Dagster's wrapping."""
    error = failure.step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    return (error.cls_name if error else None) or "échec"


def quieten() -> None:
    """Have Dagster keep to itself, of a run that a later one took over, that nobody judged the steps it left.

    The report says in French what became of them.
    """
    logging.getLogger("dagster._core.execution.plan.active").setLevel(logging.ERROR)


def progress_logger(progress: Progress) -> dg.LoggerDefinition:
    """A Dagster logger that feeds `progress`."""

    def console(_context: dg.InitLoggerContext) -> logging.Logger:
        logger = logging.Logger("fs_pipeline", logging.DEBUG)
        logger.addHandler(_Handler(progress))
        return logger

    return dg.LoggerDefinition(console, description="One line a step.")


def silent_logger() -> dg.LoggerDefinition:
    """A Dagster logger that says nothing: somebody else tells what comes of the run."""
    return dg.LoggerDefinition(lambda _: logging.Logger("fs_pipeline", logging.CRITICAL + 1), description="Nothing.")
