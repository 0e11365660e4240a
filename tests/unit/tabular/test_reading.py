"""A CSV opens whatever saved it: its letters, its separator, its short and its empty rows."""

from __future__ import annotations

import pytest

from fs_pipeline.tabular.reading import UnevenRow, read_frame


@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.parametrize("letters", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_file_is_read_with_its_own_separator_and_letters(between: str, letters: str) -> None:
    lines = (between.join(cells) for cells in (["nom", "note"], ["Pré-d’Ambès", "à voir"], [], ["Léognan"]))
    frame = read_frame("\r\n".join(lines).replace("’", "'").encode(letters))
    assert frame.to_dict("list") == {"nom": ["Pré-d'Ambès", "Léognan"], "note": ["à voir", ""]}


def test_a_row_longer_than_the_header_is_said_by_its_number() -> None:
    with pytest.raises(UnevenRow) as refusal:
        read_frame(b"a,b\n1,2\n1,2,3\n")
    assert refusal.value.number == 3


def test_a_name_that_two_columns_bear_is_the_first_ones() -> None:
    assert read_frame(b"a,b,a\n1,2,3\n").to_dict("list") == {"a": ["1"], "b": ["2"]}


def test_an_empty_file_has_no_column() -> None:
    assert read_frame(b"").columns.empty
