"""The lines of an address that stand in columns of their own: « Adresse 1 » and « Adresse 2 », « Adresse (suite) »."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fs_pipeline.values.text import normalise

# Which of its lines a header means, and not what it is the address of: « Adresse du siège » is another place's.
_OF_A_LINE = frozenset(
    {"suite", "ligne", "lignes", "bis", "ter", "complement", "complementaire", "compl", "supplementaire", "fin", "debut",
     "premiere", "deuxieme", "seconde", "troisieme", "1ere", "2e", "2eme", "3e", "3eme", "no", "numero", "num", "n", "d", "l",
     "de", "et", "partie"}
)  # fmt: skip
_ADDRESS = {"adr": "adresse", "adresses": "adresse", "address": "adresse", "line": "ligne"}
_LETTERS = 0.3  # share of the cells that are words


def with_more_lines(
    columns: Mapping[str, tuple[int, ...]], headers: Mapping[int, str], looks: Mapping[int, Mapping[str, float]]
) -> dict[str, tuple[int, ...]]:
    """The fields with the other lines of the address, from left to right, among its complements.

    A column is another line where its header says the same as the address's but for which line it is, and its cells are
    words; only where one of the two says a line is it told from a second address.
    """
    columns = dict(columns)
    main = columns.get("address", ())
    if len(main) != 1 or main[0] not in headers:
        return columns
    own, ordinal = _parts(headers[main[0]])
    taken = {column for group in columns.values() for column in group}
    lines = [
        column
        for column, header in headers.items()
        if column not in taken
        and (said := _parts(header))[0] in (own, ())
        and (said[1] or (said[0] and ordinal))
        and looks[column].get("words", 0.0) > _LETTERS
        and looks[column].get("email", 0.0) == looks[column].get("website", 0.0) == 0.0
    ]
    if lines:
        columns["address_extra"] = tuple(sorted((*columns.get("address_extra", ()), *lines)))
    return columns


def _parts(header: str) -> tuple[tuple[str, ...], bool]:
    """The words of a header that say what it is about, and whether others say which of its lines it holds."""
    words = [
        _ADDRESS.get(word, word)
        for word in re.sub(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])", " ", normalise(header)).split()
    ]
    about = tuple(word for word in words if not (word.isdigit() or word in _OF_A_LINE))
    return about, any(word.isdigit() or len(word) > 2 for word in words if word not in about)
