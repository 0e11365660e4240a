"""What is done behind the walls: a file's bytes to its feedback."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from typing import Any, BinaryIO

from fs_pipeline.demarches.catalogue import Vocabulary
from fs_pipeline.sandbox.feedback import ANNOTATED, CSV, RECORDS, REPORT, Feedback, send_line, send_part
from fs_pipeline.sandbox.walls import earn
from fs_pipeline.survey.check import check_workbook, is_too_long
from fs_pipeline.survey.nets import fault
from fs_pipeline.survey.opening.reader import open_bytes
from fs_pipeline.survey.report import CheckReport, written_json
from fs_pipeline.territory.shipped import load_territory
from fs_pipeline.territory.told import ToldTerritory
from fs_pipeline.values.hours import read_hours


class Desk:
    """What reading a survey takes, loaded once for all that follow."""

    def __init__(self, territory: dict[str, Any] | None) -> None:
        """`territory` is what ``territory.told`` says of one; None is the shipped one."""
        Vocabulary()  # its files are read here, once for all days
        self._territory = load_territory() if territory is None else ToldTerritory(territory)
        self._territory.prepare()
        read_hours("lundi 9h-12h")  # its grammar waits for the first text

    def read(self, content: bytes, job: dict[str, Any], out: BinaryIO) -> None:
        """Send the feedback of one file.

        Raises
        ------
        UnreadableFile
            When no table can be read in it.
        """
        workbook = open_bytes(content, job["filename"])
        del content
        earn(workbook.written, reading=True)
        report = check_workbook(
            workbook,
            territory=self._territory,
            departement=job["departement"],
            vocabulary=Vocabulary(job["on"]),
            remembered=job["remembered"],
            verified=frozenset(job["verified"]),
            heeded=job["heeded"],
        )
        earn(workbook.written, reading=False)
        for name, part in parts_of(report, job["wanted"]):
            send_part(out, name, part)
        send_line(out, head_of(report))


def feedback_of(report: CheckReport, wanted: Collection[str]) -> Feedback:
    """The feedback of a report made in this very process."""
    return Feedback(**head_of(report), parts=dict(parts_of(report, wanted)))


def head_of(report: CheckReport) -> dict[str, Any]:
    """What there is beside the parts."""
    return {
        "verdict": report.verdict,
        "reason": report.reason,
        "summary": report.summary(),
        "answers": report.answers,
        "faults": report.faults,
        "verified": report.verified,
    }


def parts_of(report: CheckReport, wanted: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """The parts of `report` that are `wanted`, one after the other: each may be as large as the survey."""
    if REPORT in wanted:
        yield REPORT, report.written()
    if RECORDS in wanted:
        yield RECORDS, written_json(report.records())
    if CSV in wanted:
        from fs_pipeline.survey.feedback.sheets import problems_csv

        yield CSV, problems_csv(report.problems).encode("utf-8-sig")
    if ANNOTATED in wanted and report.workbook.sheets and not is_too_long(report.workbook):
        from fs_pipeline.survey.feedback.annotate import write_annotated

        copy = io.BytesIO()
        try:
            write_annotated(report, copy)
        except Exception as error:  # the report and the list are worth having without it
            report.faults.append(fault("copy", error))
        else:
            yield ANNOTATED, copy.getvalue()
