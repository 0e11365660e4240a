"""Which columns of a table of places name things of a reviewed list: labels, publics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fs_pipeline.survey.columns.headers import field_scores
from fs_pipeline.survey.fields import LISTS_OF_PLACES
from fs_pipeline.survey.opening.cells import Cell, as_text
from fs_pipeline.values.vocabularies import read_words

_HEARD = 0.5  # share of the cells that say something (« non » does not) in which the list must be heard


def listed_columns(
    headers: Mapping[int, str], below: Sequence[Sequence[Cell]], without: str | None = None
) -> dict[str, tuple[int, ...]]:
    """Labels and publics -> the columns left over whose header names them and whose cells bear it out."""
    found: dict[str, tuple[int, ...]] = {}
    for column, header in headers.items():
        scores = field_scores(header, "places", without)
        name = max(scores, key=lambda key: scores[key], default="").removeprefix("-")
        if name not in LISTS_OF_PLACES:
            continue
        written = [text for row in below if (text := as_text(row[column]))]
        telling = [words for text in written if (words := read_words(text, LISTS_OF_PLACES[name])).joined]
        heard = sum(bool(words.codes) for words in telling)
        if not written or (heard and heard >= _HEARD * len(telling)):
            found[name] = (*found.get(name, ()), column)
    return found
