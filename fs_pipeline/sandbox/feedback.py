"""What comes back of one file: the verdict, and each thing to hand on. Data only, and checked as such.

A process that has read hostile bytes may send anything: nothing here is unpickled, run or believed beyond its type.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Self

REPORT, CSV, ANNOTATED, RECORDS = "report", "csv", "annotated", "records"
_PARTS = (REPORT, CSV, ANNOTATED, RECORDS)
_VERDICTS = ("accepted", "warnings", "refused")
_PLAIN = (str, int, float, bool, type(None))
Records = dict[str, list[dict[str, Any]]]


class MangledFeedback(Exception):
    """What was sent is no feedback."""


@dataclass(frozen=True)
class Feedback:
    """One file's report; of its `parts`, those that were asked for.

    ``report`` is JSON, ``csv`` the list of problems, ``annotated`` a workbook (absent where no sheet was read), ``records``
    the stored tables' rows as JSON.
    """

    verdict: str
    reason: str | None
    summary: str
    answers: dict[str, str]  # normalised header -> field, empty for none: what the file itself answers
    parts: dict[str, bytes] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """A line of JSON, then the parts one after the other."""
        head = {
            "verdict": self.verdict,
            "reason": self.reason,
            "summary": self.summary,
            "answers": self.answers,
            "parts": {name: len(part) for name, part in self.parts.items()},
        }
        return b"".join((json.dumps(head, ensure_ascii=False).encode(), b"\n", *self.parts.values()))

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """What ``to_bytes`` wrote.

        Raises
        ------
        MangledFeedback
            When it is anything else.
        """
        line, _, rest = content.partition(b"\n")
        head = _json(line)
        _require(isinstance(head, dict))
        verdict, reason, summary = head.get("verdict"), head.get("reason"), head.get("summary")
        answers, sizes = head.get("answers"), head.get("parts")
        _require(verdict in _VERDICTS and isinstance(reason, str | None) and isinstance(summary, str))
        _require(isinstance(answers, dict) and all(isinstance(answer, str) for answer in answers.values()))
        _require(isinstance(sizes, dict) and all(name in _PARTS for name in sizes))
        _require(all(type(size) is int and size >= 0 for size in sizes.values()) and sum(sizes.values()) == len(rest))
        parts, at = {}, 0
        for name, size in sizes.items():
            parts[name] = rest[at : at + size]
            at += size
        return cls(verdict, reason, summary, answers, parts)

    def records(self) -> Records:
        """Stored table -> its rows.

        Raises
        ------
        MangledFeedback
            When they are no rows of plain values.
        """
        tables = _json(self.parts[RECORDS])
        _require(isinstance(tables, dict))
        for rows in tables.values():
            _require(isinstance(rows, list) and all(isinstance(row, dict) for row in rows))
            _require(all(isinstance(value, _PLAIN) for row in rows for value in row.values()))
        found: Records = tables
        return found


def _json(content: bytes) -> Any:  # noqa: ANN401 - whatever was sent
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise MangledFeedback from error


def _require(held: bool) -> None:
    if not held:
        raise MangledFeedback
