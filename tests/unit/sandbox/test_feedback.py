"""What a process that read hostile bytes sends back is data of the expected shape, or it is nothing."""

from __future__ import annotations

import io
import json
import os
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fs_pipeline.sandbox.feedback import Feedback, MangledFeedback, receive_feedback, send_line, send_part
from fs_pipeline.survey.opening.reader import UnreadableFile

HEAD = {"verdict": "accepted", "reason": None, "summary": "33.xlsx : accepté.", "answers": {"zorg": ""}, "faults": []}


def sent(*parts: tuple[str, bytes], **head: object) -> bytes:
    out = io.BytesIO()
    for name, content in parts:
        send_part(out, name, content)
    send_line(out, HEAD | head)
    return out.getvalue()


def received(content: bytes) -> Feedback:
    return receive_feedback(io.BytesIO(content))


def test_what_was_sent_arrives() -> None:
    parts = {"report": b"{}\n{}", "records": b'{"problems": [{"row": 1}]}', "csv": b""}
    feedback = received(sent(*parts.items()))
    assert feedback == Feedback(**HEAD, parts=parts)
    assert feedback.records() == {"problems": [{"row": 1}]}


def test_a_refusal_arrives_as_one() -> None:
    with pytest.raises(UnreadableFile, match="C12") as refusal:
        received(b'{"refused": "far_cell", "detail": "C12"}\n')
    assert refusal.value.code == "far_cell"


class Hostile:
    def __reduce__(self):
        return os._exit, (3,)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\n", b"[]\n", b"null\n", b"\xff\xfe\n", b"{" * 50_000, pickle.dumps(Hostile()), b"NaN\n", b"{}\n",
        sent() + b"x", sent()[:-3], sent(("report", b"x"), ("report", b"x")), sent(("../../x", b"x")),
        b'{"part": "report", "size": 99}\nx\n' + sent(), b'{"part": "report", "size": -1}\n' + sent(),
        b'{"part": "report", "size": "1"}\nx' + sent(), b'{"part": "report", "size": 1e30}\nx' + sent(),
        b'{"part": ["report"], "size": 1}\nx' + sent(), b'{"part": "report", "size": 999999999999}\nx' + sent(),
        sent(verdict="other"), sent(verdict=["accepted"]), sent(reason=3), sent(summary=None), sent(answers=[]),
        sent(answers={"a": {}}), b'{"refused": "zorg", "detail": ""}\n', b'{"refused": ["far_cell"], "detail": ""}\n',
        b'{"refused": "far_cell", "detail": {}}\n', b'{"failed": ["KeyError"]}\n',
    ],
)  # fmt: skip
def test_what_is_no_feedback_is_refused_and_never_run(content: bytes) -> None:
    with pytest.raises(MangledFeedback):
        received(content)


@given(st.binary(max_size=200))
def test_no_bytes_whatever_are_taken_for_feedback(content: bytes) -> None:
    with pytest.raises(MangledFeedback):
        received(content)


def test_where_our_code_failed_is_told_and_nothing_else() -> None:
    with pytest.raises(MangledFeedback) as failed:
        received(json.dumps({"failed": ["KeyError", "rows.py:12", "\x1b[31m<script>\n"]}).encode() + b"\n")
    assert str(failed.value) == "KeyError rows.py:12 x1b31mscriptn"


@pytest.mark.parametrize(
    "records", [b"[]", b"3", b'{"a": 3}', b'{"a": [3]}', b'{"a": [{"b": {}}]}', b'{"a": [{"b": [1]}]}']
)
def test_rows_of_anything_but_plain_values_are_refused(records: bytes) -> None:
    with pytest.raises(MangledFeedback):
        Feedback("accepted", None, "", {}, {"records": records}).records()
