"""The form in which a column writes telephone numbers: with or without +33, and what stands between the pairs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from fs_pipeline.survey.opening.cells import Cell, as_text
from fs_pipeline.values.reading import Reading

_FORMS = (
    (False, re.compile(r"0\d([ .\-/]?)\d\d\1\d\d\1\d\d\1\d\d")),
    (True, re.compile(r"\+33 ?\d([ .\-]?)\d\d\1\d\d\1\d\d\1\d\d")),
)


@dataclass(frozen=True, slots=True)
class PhoneForm:
    """How numbers are written: ``+33`` first or not, and the sign between pairs of figures, which may be none."""

    international: bool = False
    between: str = " "  # as people dial

    def write(self, digits: str) -> str:
        """The nine figures of a number after its 0, in this form."""
        if not self.international:
            return self.between.join(re.findall("..", f"0{digits}"))
        pairs = self.between.join((digits[0], *re.findall("..", digits[1:])))
        return f"+33 {pairs}" if self.between else f"+33{pairs}"

    def typed(self, reading: Reading[str]) -> Reading[str]:
        """The same reading, what to type instead of a number of metropolitan France being in this form."""
        return Reading(
            reading.value,
            tuple(
                replace(note, suggestion=self.write(note.suggestion[3:]))
                if note.suggestion and re.fullmatch(r"\+33\d{9}", note.suggestion)
                else note
                for note in reading.notes
            ),
        )


def phone_form(cells: Iterable[Cell]) -> PhoneForm:
    """The form of most of the cells; pairs parted by a space where none has one: typed bare, its zero would be lost again."""
    seen: Counter[PhoneForm] = Counter()
    for cell in cells:
        text = (as_text(cell) or "").strip()
        for international, form in _FORMS:
            if found := form.fullmatch(text):
                seen[PhoneForm(international, found.group(1))] += 1
                break
    return seen.most_common(1)[0][0] if seen else PhoneForm()
