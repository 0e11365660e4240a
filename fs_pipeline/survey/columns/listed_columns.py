"""Which columns of a table of places name things of a reviewed list: labels, publics, help in general."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from fs_pipeline.survey.columns.headers import field_scores
from fs_pipeline.survey.fields import GENERAL_HELP, LISTS_OF_PLACES
from fs_pipeline.survey.nets import tried
from fs_pipeline.survey.opening.cells import Cell, as_text
from fs_pipeline.values.vocabularies import Words, read_words

_HEARD = 0.5  # share of the cells that say something (« non » does not) in which the list must be heard
_MAY_SAY_ELSE = frozenset({GENERAL_HELP})  # a list of services names many that are no help


def listed_columns(
    headers: Mapping[int, str], below: Sequence[Sequence[Cell]], without: str | None = None
) -> dict[str, tuple[int, ...]]:
    """Each list -> the columns left over whose header names it and whose cells bear it out."""
    found: dict[str, tuple[int, ...]] = {}
    for column, header in headers.items():
        name = next((one for one in LISTS_OF_PLACES if names_list(header, one, without)), None)
        if name is None:
            continue
        written = [text for row in below if (text := as_text(row[column]))]
        heard = (tried(name, partial(read_words, text, LISTS_OF_PLACES[name]), Words()) for text in written)
        telling = [words for words in heard if words.joined]
        named = sum(bool(words.codes) for words in telling)
        enough = 0.0 if name in _MAY_SAY_ELSE else _HEARD * len(telling)
        if not written or (named and named >= enough):
            found[name] = (*found.get(name, ()), column)
    return found


def names_list(header: str, name: str, without: str | None = None) -> bool:
    """Whether a header of a table of places names that list rather than anything else."""
    scores = field_scores(header, "places", without)
    return max(scores, key=lambda key: scores[key], default="").removeprefix("-") == name
