"""What comes back of one file: the verdict, and each thing to hand on. Data only, and checked as such.

A process that has read hostile bytes may send anything: nothing here is unpickled, run or believed beyond its type.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from fs_pipeline.survey.opening.reader import REFUSALS, UnreadableFile

REPORT, CSV, ANNOTATED, RECORDS = "report", "csv", "annotated", "records"
_PARTS = (REPORT, CSV, ANNOTATED, RECORDS)
_VERDICTS = ("accepted", "warnings", "refused")
_PLAIN = (str, int, float, bool, type(None))
ANSWER_BYTES = 256 * 1024 * 1024
_LINE_BYTES = 8 * 1024 * 1024
Records = dict[str, list[dict[str, str | int | float | bool | None]]]


class MangledFeedback(Exception):
    """What was sent is no feedback; the message says where our own code failed, if it does."""


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
    faults: list[str] = field(default_factory=list)  # where our own code failed, which the report says too
    verified: dict[str, str] = field(default_factory=dict)  # key of a doubt that the file itself says is right -> which

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


def send_part(out: BinaryIO, name: str, content: bytes) -> None:
    """One part: a line that says which and how long, then its bytes."""
    send_line(out, {"part": name, "size": len(content)})
    out.write(content)


def send_line(out: BinaryIO, told: dict[str, Any]) -> None:
    """A line of JSON; the last one of an answer holds no part: it is its head, or says why there is none."""
    out.write(json.dumps(told, ensure_ascii=False).encode() + b"\n")


def receive_feedback(answer: BinaryIO) -> Feedback:
    """What ``send_part`` and ``send_line`` sent.

    Raises
    ------
    UnreadableFile
        When the last line says that the file was refused.
    MangledFeedback
        When it is anything else.
    """
    parts: dict[str, bytes] = {}
    room = ANSWER_BYTES
    while True:
        line = answer.readline(_LINE_BYTES)
        told = _json(line)
        _require(isinstance(told, dict))
        if "part" not in told:
            break
        name, size = told["part"], told.get("size")
        _require(name in _PARTS and name not in parts and type(size) is int and 0 <= size <= room)
        parts[name] = answer.read(size)
        _require(len(parts[name]) == size)
        room -= size
    _require(not answer.read(1))
    if told.keys() == {"refused", "detail"}:
        _require(told["refused"] in list(REFUSALS) and isinstance(told["detail"], str))
        raise UnreadableFile(told["refused"], told["detail"])
    if "failed" in told:
        raise MangledFeedback(printable(str(told["failed"])))
    verdict, reason, summary, faults = (told.get(name) for name in ("verdict", "reason", "summary", "faults"))
    answers, verified = told.get("answers"), told.get("verified", {})
    _require(verdict in _VERDICTS and isinstance(reason, str | None) and isinstance(summary, str))
    for said in (answers, verified):
        _require(isinstance(said, dict) and all(isinstance(answer, str) for answer in said.values()))
    _require(isinstance(faults, list) and all(isinstance(one, str) for one in faults))
    return Feedback(verdict, reason, summary, answers, parts, [printable(one) for one in faults], verified)


def printable(fault: str) -> str:
    """What a fork says of our own code, as a log may show it."""
    return re.sub(r"[^\w.: ]", "", fault)[:1_000]


def _json(content: bytes) -> Any:  # noqa: ANN401 - whatever was sent
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise MangledFeedback from error


def _require(held: bool) -> None:
    if not held:
        raise MangledFeedback
