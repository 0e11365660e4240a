"""Columns of real surveys: the share put on the right field, and the same with each file's own words left out.

    .venv/bin/python benchmarks/survey_columns.py [FOLDER of surveys]

Three figures: with the whole vocabulary; without the words that stand in it because of the file that is read
(``only_from`` in ``column_words.csv``); and, harder, without any phrase that is word for word a header of the file that
is read, common French or not. No peer maps columns: they ask for their own template.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fs_pipeline.demarches.catalogue import Vocabulary
from fs_pipeline.survey.columns import headers
from fs_pipeline.survey.columns.block import Block, Reading, columns_of
from fs_pipeline.survey.columns.choosing import SURE
from fs_pipeline.survey.columns.layout import find_blocks
from fs_pipeline.survey.fields import place_fields
from fs_pipeline.survey.opening.cells import Workbook, as_text
from fs_pipeline.survey.opening.reader import read_workbook
from fs_pipeline.territory.shipped import load_territory

SURVEYS = Path(__file__).resolve().parents[2] / "shared" / "data" / "surveys"
HARDEST = "every header"


def main(folder: Path) -> int:
    """Print the three figures, and each field that is wrong."""
    truth = json.loads((folder / "column-truth.json").read_text(encoding="utf-8"))
    workbooks = {name: read_workbook(folder / name) for name in truth}
    full = _run("all words", truth, workbooks, dict.fromkeys(truth))
    out = _run("own words left out", truth, workbooks, {name: name for name in truth})
    _leave_out_headers(workbooks)
    _run("every header left out", truth, workbooks, {name: f"{HARDEST} of {name}" for name in truth})
    return 0 if full >= 0.97 and out >= 0.85 else 1


def _run(title: str, truth: dict[str, Any], workbooks: dict[str, Workbook], without: dict[str, str | None]) -> float:
    right = fields = sure_and_wrong = asked = 0
    print(f"\n{title}")
    for name, wanted in truth.items():
        block = _main_block(workbooks[name], without[name])
        found = columns_of(block, place_fields()) if block else {}
        wrong = []
        for field, headers_wanted, header in _pairs(wanted, found):
            fields += 1
            if header == headers_wanted:
                right += 1
                continue
            confidence = _confidence(block, field)
            wrong.append(f"{field}: {header!r} (confidence {confidence}), truth {headers_wanted!r}")
            sure_and_wrong += header is not None and confidence >= SURE
        if block and block.header_row + 1 != wanted["header_row"]:
            wrong.append(f"header row {block.header_row + 1}, truth {wanted['header_row']}")
        asked += sum(choice.confidence < 0.5 for choice in block.choices.values()) if block else 0
        print(f"  {name}: {'; '.join(wrong) or 'all right'}")
    print(f"  {right} of {fields} fields right: {right / fields:.1%}; wrong and sure: {sure_and_wrong}; asked: {asked}")
    return right / fields


def _pairs(wanted: dict[str, Any], found: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Each field of the truth with what was found; hours a day are compared by their headers."""
    for field, header in wanted.items():
        if field == "header_row":
            continue
        got = found.get(field)
        if isinstance(got, dict):
            got = [text for texts in got.values() for text in ([texts] if isinstance(texts, str) else texts)]
        if isinstance(header, list) and header[-1].startswith("..."):
            kept = header[:-1]
            yield field, kept, got[: len(kept)] if isinstance(got, list) else got
        else:
            yield field, header, got


def _main_block(workbook: Workbook, without: str | None) -> Block | None:
    reading = Reading(load_territory(), Vocabulary(), without=without)
    blocks = [block for sheet in workbook.sheets for block in find_blocks(sheet, reading) if block.table == "places"]
    return max(blocks, key=lambda block: block.last - block.first, default=None)


def _confidence(block: Block | None, field: str) -> float:
    return next((c.confidence for c in block.choices.values() if c.field == field), 0.0) if block else 0.0


def _leave_out_headers(workbooks: dict[str, Workbook]) -> None:
    """Teach ``headers`` to leave out, for one file, every phrase that is one of its headers."""
    whole: dict[str, set[str]] = {}
    for name, workbook in workbooks.items():
        block = _main_block(workbook, None)
        cells = block.sheet.rows[block.header_row] if block else []
        whole[name] = {" ".join(headers._words(text, None)) for cell in cells if (text := as_text(cell))}
    kept = headers._rows

    def rows(without: str | None) -> tuple[dict[str, str], ...]:
        if without is None or not without.startswith(HARDEST):
            return kept(without)
        name = without.removeprefix(f"{HARDEST} of ")
        singular = headers._singular
        return tuple(row for row in kept(name) if " ".join(map(singular, row["words"].split())) not in whole[name])

    headers._rows = rows  # type: ignore[assignment]


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else SURVEYS))
