"""Problems as a clerk reads them: one cause, one line, with all its rows. Each problem stays marked in its own cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fs_pipeline.survey.problems import Problem, rules

SEVERITIES = {"error": "À corriger", "warning": "À vérifier", "info": "Pour information"}
MANY = 10  # times that a rule and a column are hit, beyond which they are one cause
_RUNS = 25  # runs of rows that a line names
_EXAMPLES = 3
_NAMED = 12  # columns that a line names


@dataclass(frozen=True)
class Cause:
    """Problems of one rule in one column, or under one header row, or one problem alone."""

    problems: Sequence[Problem]

    @property
    def first(self) -> Problem:
        """The first of them, to which a reader is led."""
        return self.problems[0]

    @property
    def place(self) -> str | None:
        """The place that the line speaks of, where it speaks of one."""
        places = {problem.place for problem in self.problems}
        return places.pop() if len(places) == 1 else None

    @property
    def column(self) -> str | None:
        """The header; of several columns, the first ones."""
        names = list(dict.fromkeys(problem.column for problem in self.problems if problem.column))
        more = f"… et {len(names) - _NAMED} autres" if len(names) > _NAMED else ""
        return ", ".join(names[:_NAMED]) + more or None

    @property
    def value(self) -> str | None:
        """What is written; of several, some."""
        values = list(dict.fromkeys(problem.value for problem in self.problems if problem.value))
        if len(self.problems) == 1 or len(values) == 1:
            return values[0] if values else None
        if len({problem.column for problem in self.problems}) > 1:
            return None  # under a header row the values are the headers
        return " ; ".join(values[:_EXAMPLES]) + ("…" if len(values) > _EXAMPLES else "") or None

    @property
    def message(self) -> str:
        """What is wrong, how often and in which rows."""
        if len(self.problems) == 1:
            return self.first.message
        rows = sorted({problem.row for problem in self.problems if problem.row is not None})
        messages = {problem.message for problem in self.problems}
        said = messages.pop() if len(messages) == 1 else rules()[self.first.rule]["message_fr"]
        if len(rows) < 2:
            return f"{said} {len(self.problems)} colonnes."
        return f"{said} {len(self.problems)} cases : {written_rows(rows)}."

    @property
    def suggestion(self) -> str | None:
        """What to write; where it is another thing in each cell, its beginnings."""
        told = list(dict.fromkeys(problem.suggestion for problem in self.problems if problem.suggestion))
        if len(told) <= 1:
            return told[0] if told else None
        shown = " ; ".join(told[:_EXAMPLES])
        return f"{shown}… : dans chaque case, ce qui est proposé pour elle"


def causes_of(problems: Iterable[Problem]) -> list[Cause]:
    """The causes, the worst first, then as they stand in the file; problems of a cause stand where its first does."""
    found: dict[tuple[object, ...], list[Problem]] = {}
    for problem in problems:
        found.setdefault(_key(problem), []).append(problem)
    causes = []
    for alike in found.values():
        causes += [Cause(alike)] if len(alike) > MANY else [Cause([problem]) for problem in alike]
    return sorted(causes, key=lambda cause: _weight(cause.first))


def ordered(problems: Iterable[Problem]) -> list[Problem]:
    """The worst first, then as they stand in the file."""
    return sorted(problems, key=_weight)


def _weight(problem: Problem) -> tuple[int, str, int]:
    return list(SEVERITIES).index(problem.severity), problem.sheet or "", problem.row or 0


def _key(problem: Problem) -> tuple[object, ...]:
    under_header = problem.column is not None and problem.value == problem.column[: len(problem.value or "")]
    return (
        problem.severity,
        problem.sheet,
        problem.rule,
        *((problem.row, "") if under_header else (None, problem.column)),
    )


def written_rows(rows: Sequence[int]) -> str:
    """« lignes 3, 5 à 12 et 20 » of sorted numbers, without repeats; the first ones where there are very many runs."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    shown = [
        str(run[0]) if len(run) == 1 else f"{run[0]} {'et' if len(run) == 2 else 'à'} {run[-1]}" for run in runs[:_RUNS]
    ]
    left = sum(len(run) for run in runs[_RUNS:])
    if left:
        return f"lignes {', '.join(shown)}… et {left} autres"
    if len(rows) == 1:
        return f"ligne {shown[0]}"
    return f"lignes {', '.join(shown[:-1])} et {shown[-1]}" if len(shown) > 1 else f"lignes {shown[0]}"
