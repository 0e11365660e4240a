"""Whether a file that was read holds what a survey is for."""

from __future__ import annotations

from fs_pipeline.survey.problems import problem_of
from fs_pipeline.survey.report import CheckReport
from fs_pipeline.survey.tables.elsewhere import ELSEWHERE
from fs_pipeline.survey.tables.open_places import NOT_OPEN
from fs_pipeline.territory.model import Territory
from fs_pipeline.values.reading import Note


def judge(report: CheckReport, territory: Territory) -> None:
    """Refuse it where it holds nothing, or nothing of its département."""
    departement = report.departement
    places = [block for block in report.blocks if block.table == "places"]
    if not report.blocks:
        report.reason = (
            "Aucune ligne d’en-têtes n’a été reconnue. Mettez au-dessus du tableau une ligne avec les noms des "
            "colonnes : Nom, Adresse, Commune, Téléphone…"
        )
        report.problems = [problem_of(Note("header_not_found"))]
        return
    refused = sum(problem.rule == ELSEWHERE for problem in report.problems)
    if refused and refused == len(places) and report.holds_nothing:
        report.reason = (
            "Moins d’une ligne sur cinq de ce fichier est en France : presque aucune commune ni aucun code postal n’y "
            "est connu. Déposez l’enquête d’un département, ou corrigez les communes et les codes postaux."
        )
        return
    if any(problem.rule in NOT_OPEN for problem in report.problems):
        return  # its places are written, and none of another département
    if report.holds_nothing and not report.set_aside:
        report.reason = (
            "Aucun lieu n’est écrit dans ce fichier. Remplissez une ligne par lieu sous les intitulés, puis déposez-le."
        )
        report.problems.insert(0, problem_of(Note("no_place_written")))
    elif places and not report.places and departement:
        report.reason = (
            f"Aucune ligne de ce fichier n’est dans le département {territory.departement_label(departement)}. "
            "Déposez l’enquête de ce département, ou corrigez les codes postaux et les communes."
        )
        report.problems.insert(0, problem_of(Note("no_place_of_departement"), sheet=places[0].sheet.name or None))
