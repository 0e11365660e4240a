"""Names of sheets as a spreadsheet accepts them."""

from __future__ import annotations

import re

_LONGEST = 31


class SheetNames:
    """Gives out each name once: at most 31 characters, without ``[]:*?/\\``, no two alike but for case."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, wanted: str) -> str:
        """`wanted`, or what is nearest to it and free."""
        plain = re.sub(r"[^\x20-\ud7ff\ue000-\ufffd]|[\[\]:*?/\\]", " ", wanted)  # astral letters count twice in XLSX
        plain = plain.strip().strip("'")[:_LONGEST].rstrip(" '") or "Feuille"
        name, number = plain, 1
        while name.casefold() in self._taken or name.casefold() == "history":  # a name that Excel keeps for itself
            number += 1
            name = f"{plain[: _LONGEST - 4]} ({number})"
        self._taken.add(name.casefold())
        return name
