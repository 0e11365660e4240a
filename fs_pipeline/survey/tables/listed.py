"""What a row says in a field that names things of a reviewed list."""

from __future__ import annotations

from fs_pipeline.survey.tables.rows import Row
from fs_pipeline.values.reading import Note
from fs_pipeline.values.text import normalise
from fs_pipeline.values.vocabularies import VocabularyName, Words, read_words

_LONGEST_WORD, _WORDS_SHOWN = 60, 5  # of what a cell's reader is told


def read_listed(row: Row, name: str, vocabulary: VocabularyName, said: set[tuple[str, str]]) -> Words:
    """What the field's columns hold; a word that the list lacks is noted, once a table.

    Parameters
    ----------
    said
        (field, word) of what was noted in the rows above; added to.
    """
    codes: dict[str, None] = {}
    unmapped: dict[str, None] = {}
    for column in row.block.columns.get(name, ()):
        words = _heard(row, column, name, vocabulary)
        codes |= dict.fromkeys(words.codes)
        unmapped |= dict.fromkeys(words.unmapped)
        note_unmapped(row, column, name, words.unmapped, said)
    return Words(tuple(codes), tuple(unmapped))


def _heard(row: Row, column: int, name: str, vocabulary: VocabularyName) -> Words:
    text = row.texts.get(column)
    return row.guarded(name, lambda: read_words(text, vocabulary), Words())


def note_unmapped(row: Row, column: int, name: str, unmapped: tuple[str, ...], said: set[tuple[str, str]]) -> None:
    """Tell of a cell's words that the field's list lacks, those that no cell above held; `said` as ``read_listed`` has it."""
    new = [word for word in unmapped if (name, normalise(word)) not in said]
    said.update((name, normalise(word)) for word in new)
    if new:
        shown = ", ".join(f"«\u00a0{word[:_LONGEST_WORD]}\u00a0»" for word in new[:_WORDS_SHOWN])
        row.note_cell(column, Note("word_outside_list", detail=f"Pas dans la liste : {shown}."), name)
