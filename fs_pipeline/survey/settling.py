"""What a clerk has answered, taken out of what is asked, and told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from fs_pipeline.survey.fields import french_name
from fs_pipeline.survey.problems import problem_of, rules
from fs_pipeline.survey.report import CheckReport
from fs_pipeline.survey.verified import answers_told, settled
from fs_pipeline.values.reading import Note


def settle(report: CheckReport, known: Collection[str], said: Collection[str]) -> None:
    """Ask nothing twice; what the file answers that is new to the memory is told, line by line."""
    report.problems, new, before = settled(report.problems, known, said)
    report.verified = answers_told(new)
    if before:
        detail = f"{before} remarque{'s' if before > 1 else ''}."
        report.problems.append(problem_of(Note("verified_before", detail=detail)))
    for problem in new.values():
        note = Note("verified_now", detail=f"La remarque était : {problem.message}")
        severity, suggestion = rules()["verified_now"]["severity"], rules()["verified_now"]["what_to_type_fr"]
        told = problem_of(note).message
        report.problems.append(
            replace(problem, rule=note.rule, severity=severity, message=told, suggestion=suggestion, proposal=None)
        )
    for header, name in report.answers.items():
        meaning = f"« {french_name('places', name)} »" if name else "rien de ce que l’enquête demande"
        report.problems.append(problem_of(Note("column_answered", detail=f"« {header} » : {meaning}."), value=header))
