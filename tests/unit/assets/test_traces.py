"""An engineer finds where an error came from; nobody finds in it what a survey said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fs_pipeline.assets.traces import keep_trace, masked, told_to_the_clerk

CELLS = ("Mme Rose Durand", "06 39 98 12 34", "rose.durand@mairie.example", "12 rue du Moulin")


def fail(cell: str) -> None:
    try:
        int(cell)
    except ValueError as error:
        raise KeyError(cell) from error


@pytest.mark.parametrize("cell", CELLS)
def test_a_trace_says_where_and_of_what_kind_and_quotes_no_cell(tmp_path: Path, cell: str) -> None:
    with pytest.raises(KeyError) as caught:
        fail(cell)
    reference = keep_trace(tmp_path / "var", caught.value, "survey 2022-12|33")
    (file,) = (tmp_path / "var" / "traces").iterdir()
    assert file.name == f"{reference}.txt"
    text = file.read_text()
    assert "survey 2022-12|33" in text
    assert "in fail" in text
    assert "ValueError: invalid literal for int() with base 00: " in text
    assert text.index("KeyError: ") < text.index("ValueError: ")
    assert not [word for word in re.findall(r"[^\W\d]{2,}", cell) if word in text]
    assert cell not in text
    assert str(tmp_path) not in text


def test_words_of_the_program_stay_and_others_are_masked() -> None:
    said = masked("column opening_hours of survey_places: could not convert « Mo 9h–12h Durand » to float")
    assert said == "column opening_hours of survey_places: could not convert « xx 0x–00x xxxxxx » to float"


def test_a_trace_that_cannot_be_kept_is_said_to_be_lost(tmp_path: Path) -> None:
    (tmp_path / "traces").write_text("a file where the folder should be")
    reference = keep_trace(tmp_path, ValueError("x"), "survey")
    assert reference is None
    assert "n’a pas pu être gardée" in told_to_the_clerk("ValueError", reference)


def test_nobody_is_said_to_have_been_told(tmp_path: Path) -> None:
    said = told_to_the_clerk("ValueError", keep_trace(tmp_path, ValueError("x"), "survey"))
    assert "prévenue" not in said
    assert said.startswith("Erreur imprévue (ValueError).")
