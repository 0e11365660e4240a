"""A workbook that this project once gave back: proposals accepted in it, answers about its columns, sheets of ours.

``annotate.py`` writes what is read here. A proposal stands beside its cell, so that sorting or adding rows does not part
them; it is accepted by leaving it there, refused by emptying its cell. One that begins with « ? » waits for its « ? » to
be taken away.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from fs_pipeline.survey.fields import fields_of
from fs_pipeline.survey.opening.cells import Cell, DateText, Sheet, Workbook, as_text
from fs_pipeline.survey.verified import says_verified
from fs_pipeline.values.text import clean, normalise

PROPOSAL = "Proposition pour « "  # beginning of the header over a column of proposals
DOUBTFUL = "? "
FEEDBACK_SHEET, COLUMNS_SHEET, TOLD_SHEET = "À corriger", "Colonnes", "Pour information"
GUIDE_SHEET, EXAMPLE_SHEET, LISTS_SHEET = "Mode d’emploi", "Exemple", "Listes"
ANSWER, KEYS = "Votre réponse", "Remarques"  # headers of the last two columns of « À corriger »
MARKER = "Enquête sur l’aide aux démarches"  # first cell of every sheet of ours that holds no data
NOTHING = "(rien de tout cela)"
_HEADERS_WITHIN = 80  # rows


@dataclass(frozen=True)
class Accepted:
    """The workbook as its sender now means it."""

    workbook: Workbook
    count: int = 0  # proposals taken over
    answers: dict[str, str] = field(default_factory=dict)  # normalised header -> field, empty for none
    verified: frozenset[str] = frozenset()  # keys of the doubts that it says are right (verified.py)
    ours: frozenset[str] = frozenset()  # names of sheets that hold nothing of the sender's


def accept(workbook: Workbook) -> Accepted:
    """The same workbook with the accepted proposals in their cells, and the columns of proposals emptied."""
    answers: dict[str, str] = {}
    verified: set[str] = set()
    ours, sheets, count = set(), [], 0
    for sheet in workbook.sheets:
        if _is_ours(sheet):
            ours.add(sheet.name)
            if sheet.name == COLUMNS_SHEET:
                answers |= _answers(sheet)
            if sheet.name == FEEDBACK_SHEET:
                verified |= _verified(sheet)
            sheets.append(sheet)
            continue
        taken, number = _with_proposals(sheet)
        sheets.append(taken)
        count += number
    return Accepted(replace(workbook, sheets=tuple(sheets)), count, answers, frozenset(verified), frozenset(ours))


def _is_ours(sheet: Sheet) -> bool:
    first = as_text(sheet.rows[0][0]) if sheet.rows and sheet.rows[0] else None
    return first is not None and first.startswith(MARKER)


def _with_proposals(sheet: Sheet) -> tuple[Sheet, int]:
    heads = [
        (position, column)
        for position, row in enumerate(sheet.rows[:_HEADERS_WITHIN])
        for column, cell in enumerate(row)
        if column and cell.__class__ is str and str(cell).startswith(PROPOSAL)
    ]
    if not heads:
        return sheet, 0
    rows = [list(row) for row in sheet.rows]
    lost = dict(sheet.lost)
    count = 0
    for position, column in heads:
        rows[position][column] = None
        for number, row in enumerate(rows[position + 1 :], start=position + 1):
            proposed = row[column]
            text = clean(as_text(proposed))
            if text is not None and text.startswith(PROPOSAL):
                break  # another table begins below
            row[column] = None
            if text is not None and not text.startswith(DOUBTFUL.strip()):
                row[column - 1] = _kind_kept(row[column - 1], text)
                lost.pop((number, column - 1), None)
                count += 1
    return replace(sheet, rows=rows, lost=lost, proposals=frozenset(column for _, column in heads)), count


def _kind_kept(before: Cell, text: str) -> Cell:
    """A date stays a date; all else is text, as a proposal is."""
    return DateText(text) if isinstance(before, DateText) else text


def _answers(sheet: Sheet) -> dict[str, str]:
    """What the sheet « Colonnes » says: in its third column the header, in its fifth the answer."""
    by_name = {normalise(field.header): field.name for field in fields_of("places")}
    answers = {}
    for row in sheet.rows[2:]:
        if len(row) < 5 or row[2] is None or row[4] is None:
            continue
        header, answer = normalise(str(row[2])), normalise(str(row[4]))
        if answer == normalise(NOTHING):
            answers[header] = ""
        elif answer in by_name:
            answers[header] = by_name[answer]
    return answers


def _verified(sheet: Sheet) -> set[str]:
    """The keys of the lines beside which « vérifié » is written, wherever its two columns stand now."""
    head = next((number for number, row in enumerate(sheet.rows) if {ANSWER, KEYS} <= set(row)), None)
    if head is None:
        return set()
    answer, keys = sheet.rows[head].index(ANSWER), sheet.rows[head].index(KEYS)
    said = (row for row in sheet.rows[head + 1 :] if row[answer] is not None and says_verified(str(row[answer])))
    return {key for row in said for key in str(row[keys] or "").split()}
