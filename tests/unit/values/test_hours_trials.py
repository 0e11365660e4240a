"""Any text gives hours, or none with the reason: no exception, no letter dropped in silence, no long wait."""

from __future__ import annotations

import time

import pytest
from opening_hours import OpeningHours

from fs_pipeline.safe_text import safe
from fs_pipeline.values.hours import read_hours, read_week
from fs_pipeline.values.hours_lexer import tokens
from fs_pipeline.values.hours_remarks import covered
from fs_pipeline.values.hours_text import NotUnderstoodError, plain_text
from fs_pipeline.values.hours_words import worth

from .hours_trials import PIECES, longest, trial

HANGS = 1  # second of one core: what is asked of a text is 0.05, in `benchmarks/values_hours.py`
_FIRST = read_hours("lundi 9h-12h")  # the grammar is built once


def _try(text: str) -> float:
    """Seconds that the text takes; what comes out is checked."""
    begin = time.thread_time()
    reading = read_hours(text)
    seconds = time.thread_time() - begin
    if reading.value is None:
        assert all(note.rule.startswith("hours_") for note in reading.notes)
        return seconds
    OpeningHours(reading.value)
    assert _tells_each_word(text, reading.value, " ".join(note.detail or "" for note in reading.notes)), text
    return seconds


def _tells_each_word(text: str, value: str, told: str) -> bool:
    """Whether each letter is in a token, and each unknown word in a note."""
    if " ".join(text.split()).strip("; ") == value or '"' in text or text[0] in "[{":
        return True  # OSM's own, kept as it is; or a week of texts
    plain = plain_text(safe(text))
    try:
        found = tokens(plain)
    except NotUnderstoodError:  # in what stands elsewhere, which is quoted
        return "«" in told
    unknown = [plain.quote(token.begin, token.end) for token in found if token.kind == "remark"]
    whole = " ".join(told.split())
    return covered(found, plain) and all(" ".join(word.split()) in whole or "…" in whole for word in unknown)


def test_any_text_is_answered_soon_and_no_word_is_dropped_in_silence():
    slow = [seed for seed in range(1_500) if _try(trial(seed)) > HANGS and _try(trial(seed)) > HANGS]
    assert slow == []


@pytest.mark.soak
def test_a_hundred_thousand_texts_are_answered_soon_and_no_word_is_dropped_in_silence():
    slow = [seed for seed in range(100_000) if _try(trial(seed)) > HANGS and _try(trial(seed)) > HANGS]
    assert slow == []


@pytest.mark.parametrize("piece", PIECES)
def test_the_longest_text_of_one_piece_is_answered_soon(piece):
    text = longest(piece)
    assert min(_try(text), _try(text + " ")) < HANGS
    assert read_hours(text).value is None


def test_a_cell_that_is_no_text_gives_nothing():
    assert read_hours(None).value is None
    assert read_hours(float("nan")).value is None
    assert read_hours(0.375).value is None
    assert read_hours("=A1+B2").value is None


def test_a_date_that_a_spreadsheet_made_is_told_with_what_was_meant():
    reading = read_week({"Mo": "2022-12-09", "Tu": "9h-12h"})
    assert reading.value is None
    assert (reading.notes[0].rule, reading.notes[0].suggestion) == ("hours_are_dates", "9h-12h")


def test_words_that_change_the_hours_are_known_in_broken_letters_too():
    assert worth("adh\ufffdrents") == "public"
    assert worth("v\ufffdrifier") == "doubt"
    assert worth("num\ufffdrique") == "harmless"
    assert worth("xylophone") == "remark"
