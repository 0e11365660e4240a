"""The parts of a workbook of ours around a sender's sheets: types, relations, the list of sheets.

Part of the child process (child.py): standard library only.
"""

from __future__ import annotations

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def relations_of(kinds: dict[str, str]) -> str:
    """The relations to parts: name -> kind."""
    lines = (
        f'<Relationship Id="r{number}" Type="{_OFFICE}/{kind}" Target="{name}"/>'
        for number, (name, kind) in enumerate(kinds.items(), start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{"".join(lines)}</Relationships>'


def workbook_of(count: int, from_1904: bool) -> str:
    """A workbook of so many sheets, named by their numbers."""
    lines = (f'<sheet name="{number}" sheetId="{number}" r:id="r{number}"/>' for number in range(1, count + 1))
    start = '<workbookPr date1904="1"/>' if from_1904 else ""
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{start}<sheets>{"".join(lines)}</sheets></workbook>'
