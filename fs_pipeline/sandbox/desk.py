"""What is done behind the walls: a file's bytes to its feedback."""

from __future__ import annotations

import io
import json
from collections.abc import Collection
from typing import Any

from fs_pipeline.demarches.catalogue import Vocabulary
from fs_pipeline.sandbox.feedback import ANNOTATED, CSV, RECORDS, REPORT, Feedback
from fs_pipeline.sandbox.walls import earn
from fs_pipeline.survey.check import check_workbook
from fs_pipeline.survey.reader import open_bytes
from fs_pipeline.survey.report import CheckReport
from fs_pipeline.territory.model import load_territory
from fs_pipeline.territory.told import ToldTerritory


class Desk:
    """What reading a survey takes, loaded once for all that follow."""

    def __init__(self, territory: dict[str, Any] | None) -> None:
        """`territory` is what ``territory.told`` says of one; None is the shipped one."""
        self._vocabulary = Vocabulary()
        self._territory = load_territory() if territory is None else ToldTerritory(territory)
        self._territory.prepare()

    def read(self, content: bytes, job: dict[str, Any]) -> bytes:
        """The feedback of one file, as bytes.

        Raises
        ------
        UnreadableFile
            When no table can be read in it.
        """
        workbook = open_bytes(content, job["filename"])
        del content
        earn(workbook.written)
        report = check_workbook(
            workbook,
            territory=self._territory,
            departement=job["departement"],
            vocabulary=self._vocabulary,
            remembered=job["remembered"],
        )
        return feedback_of(report, job["wanted"]).to_bytes()


def feedback_of(report: CheckReport, wanted: Collection[str]) -> Feedback:
    """The parts of `report` that are `wanted`."""
    parts = {}
    if REPORT in wanted:
        parts[REPORT] = report.written().encode()
    if RECORDS in wanted:
        parts[RECORDS] = json.dumps(report.records(), ensure_ascii=False).encode()
    if CSV in wanted:
        from fs_pipeline.survey.feedback_sheets import problems_csv

        parts[CSV] = problems_csv(report.problems).encode("utf-8-sig")
    if ANNOTATED in wanted and report.workbook.sheets:
        from fs_pipeline.survey.annotate import write_annotated

        copy = io.BytesIO()
        write_annotated(report, copy)
        parts[ANNOTATED] = copy.getvalue()
    return Feedback(report.verdict, report.reason, report.summary(), report.answers, parts)
