"""The rehearsal: a fictional département from a seed, in files like the real ones, with its known answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from fs_pipeline.rehearsal.land import DEPARTEMENT, make_land
from fs_pipeline.rehearsal.offer import siret_of
from fs_pipeline.rehearsal.planting import Planted, SheetDraft
from fs_pipeline.rehearsal.sources import CLOSED, HOURS_DIFFER, write_sources
from fs_pipeline.rehearsal.surveys import MAIN, draft_main
from fs_pipeline.rehearsal.surveys_other import (
    ASSOCIATIONS,
    BUS,
    TOWN_HALLS,
    draft_associations,
    draft_bus,
    draft_town_halls,
)
from fs_pipeline.rehearsal.workbooks import csv_bytes, ods_bytes, protected_bytes, xlsx_bytes
from fs_pipeline.territory.model import Territory

CAMPAIGN = "2022-12"


@dataclass(frozen=True)
class Rehearsal:
    """What was written, and what must be found in it."""

    sources_path: Path
    territory: Territory
    campaign: str
    departement: str
    deposits: tuple[Path, ...]
    checked_only: tuple[Path, ...]  # must be refused, so they are given to the checker and not deposited
    planted: pd.DataFrame  # columns of ``planting.COLUMNS``


def generate(out: Path) -> Rehearsal:
    """Write sources, surveys and refused files below `out`; the same bytes every time."""
    planted = Planted()
    contents = {
        MAIN: xlsx_bytes(draft_main(planted)),
        TOWN_HALLS: csv_bytes(draft_town_halls(planted)),
        BUS: ods_bytes(draft_bus(planted)),
        ASSOCIATIONS: xlsx_bytes([draft_associations(planted)], macros=True),
    }
    _plant_between_lists(planted)
    refused = _refused(planted)
    return Rehearsal(
        sources_path=write_sources(out / "sources"),
        territory=make_land().territory,
        campaign=CAMPAIGN,
        departement=DEPARTEMENT,
        deposits=_write(out / "enquetes", contents),
        checked_only=_write(out / "refusees", refused),
        planted=planted.frame(),
    )


def _write(folder: Path, contents: dict[str, bytes]) -> tuple[Path, ...]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return tuple(folder / name for name in contents)


def _plant_between_lists(planted: Planted) -> None:
    """What only the comparison of the survey with the national lists shows."""
    listed = "liste des France services"
    planted.elsewhere("label_missing", "France services absente de l’enquête", "discrepancies", listed,
                      "France services de Lormeau", "label_not_in_survey")  # fmt: skip
    planted.elsewhere("only_in_survey", "France services absente de la liste nationale", "discrepancies", MAIN,
                      "France services de Valsombre", "only_in_survey")  # fmt: skip
    planted.elsewhere("hours_differ", "Horaires différents de la liste nationale", "discrepancies", MAIN,
                      HOURS_DIFFER, "value_differs", "hours")  # fmt: skip
    planted.elsewhere("hosted_by_town_hall", "Mairie qui abrite une France services", "link_pairs", MAIN,
                      "France services de Saint-Martin-d’Ambre", "Mairie de Saint-Martin-d’Ambre")  # fmt: skip
    planted.elsewhere("hosted_by_post_office", "Bureau de poste qui abrite une France services", "link_pairs",
                      f"{MAIN} et points de contact de La Poste", "France services de Roquevive - La Poste",
                      "ROQUEVIVE BP")  # fmt: skip
    assert CLOSED  # planted where its row is written


def _refused(planted: Planted) -> dict[str, bytes]:
    """Files that must be refused, name to bytes."""
    elsewhere = SheetDraft("autre-departement.xlsx", "Lieux", planted)
    columns = {"name": "Nom", "type": "Type", "address": "Adresse", "postcode": "Code postal", "commune": "Commune",
               "insee": "Code INSEE", "siret": "SIRET"}  # fmt: skip
    elsewhere.header(columns)
    for number, name in enumerate(("Brumeval", "Corbessac", "Noirfont"), start=910):
        row = make_land().commune(name)
        elsewhere.line(
            f"Mairie de {name}", "Mairie", "1 place Neuve", row["postcodes"][0], name, row["insee"], siret_of(number)
        )
    letter = SheetDraft("lettre.xlsx", "Feuil1", planted)
    for text in ("Madame, Monsieur,", "Vous trouverez notre réponse par courrier séparé.", "Veuillez agréer…"):
        letter.line(text)
    contents = {
        "protegee.xlsx": (protected_bytes(), "Classeur protégé par un mot de passe", "file_encrypted"),
        "vide.xlsx": (b"", "Fichier vide", "file_empty"),
        "autre-departement.xlsx": (xlsx_bytes([elsewhere]), "Aucun lieu du département", "no_place_of_departement"),
        "lettre.xlsx": (xlsx_bytes([letter]), "Aucun en-tête", "header_not_found"),
    }
    for name, (_, label_fr, rule) in contents.items():
        planted.elsewhere(rule, label_fr, "refused", name, name, rule)
    return {name: content for name, (content, _, _) in contents.items()}
