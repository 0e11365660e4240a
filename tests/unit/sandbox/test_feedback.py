"""What a process that read hostile bytes sends back is data of the expected shape, or it is nothing."""

from __future__ import annotations

import json
import os
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fs_pipeline.sandbox.feedback import Feedback, MangledFeedback

SENT = Feedback(
    "warnings", None, "33.xlsx : accepté.", {"zorg": ""}, {"report": b"{}", "records": b'{"problems": [{"row": 1}]}'}
)


def test_what_was_sent_arrives() -> None:
    assert Feedback.from_bytes(SENT.to_bytes()) == SENT
    assert SENT.records() == {"problems": [{"row": 1}]}


HEAD = {"verdict": "accepted", "reason": None, "summary": "", "answers": {}, "parts": {}}


class Hostile:
    def __reduce__(self):
        return os._exit, (3,)


@pytest.mark.parametrize(
    "sent",
    [
        b"", b"\n", b"[]\n", b"null\n", b"\xff\xfe\n", b"{" * 50_000, pickle.dumps(Hostile()), b"NaN\n",
        SENT.to_bytes() + b"x", SENT.to_bytes()[:-1],
        *(
            json.dumps(HEAD | wrong).encode() + b"\n"
            for wrong in (
                {"verdict": "other"}, {"verdict": ["accepted"]}, {"reason": 3}, {"summary": None}, {"answers": []},
                {"answers": {"a": {}}}, {"parts": {"report": -1}}, {"parts": {"report": "1"}}, {"parts": {"report": 9e99}},
                {"parts": {"../../x": 0}}, {"parts": [1]}, {"parts": 3}, {"parts": {"report": 10**30}},
            )
        ),
    ],
)  # fmt: skip
def test_what_is_no_feedback_is_refused_and_never_run(sent: bytes) -> None:
    with pytest.raises(MangledFeedback):
        Feedback.from_bytes(sent)


@given(st.binary(max_size=200))
def test_no_bytes_whatever_are_taken_for_feedback(sent: bytes) -> None:
    with pytest.raises(MangledFeedback):
        Feedback.from_bytes(sent)


@pytest.mark.parametrize(
    "records", [b"[]", b"3", b'{"a": 3}', b'{"a": [3]}', b'{"a": [{"b": {}}]}', b'{"a": [{"b": [1]}]}']
)
def test_rows_of_anything_but_plain_values_are_refused(records: bytes) -> None:
    with pytest.raises(MangledFeedback):
        Feedback("accepted", None, "", {}, {"records": records}).records()
