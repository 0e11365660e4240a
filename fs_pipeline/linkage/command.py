"""What ``fs-pipeline rulings`` answers: decisions on places carried out of the warehouse, or brought into it."""

from __future__ import annotations

import argparse
import datetime

from fs_pipeline import french
from fs_pipeline.linkage.rulings import write_rulings
from fs_pipeline.linkage.settling import not_known, read_decisions
from fs_pipeline.outputs import written_whole
from fs_pipeline.settings import Settings
from fs_pipeline.warehouse.engine import Warehouse


def answer(options: argparse.Namespace) -> str:
    """What was done, in French.

    Raises
    ------
    UnreadableRulings
        When a file to be brought in cannot be read whole; nothing of it is then kept.
    """
    # Who takes decisions away changes nothing.
    warehouse = Warehouse(Settings.from_environment().database_url, False if options.way == "export" else None)
    try:
        return _export(warehouse, options) if options.way == "export" else _import(warehouse, options)
    finally:
        warehouse.dispose()


def _export(warehouse: Warehouse, options: argparse.Namespace) -> str:
    rulings = warehouse.read("rulings")
    with written_whole(options.file) as aside:
        write_rulings(rulings, aside)
    return f"{french.count(len(rulings), 'décision')}."


def _import(warehouse: Warehouse, options: argparse.Namespace) -> str:
    decisions = read_decisions(options.file, brought_by=options.by, on=datetime.date.today())
    with warehouse.writing() as connection:
        new = not_known(decisions, warehouse.read("rulings", connection=connection))
        warehouse.upsert("rulings", new, connection)
    added = french.count(len(new), "décision ajoutée", "décisions ajoutées")
    known = french.count(len(decisions) - len(new), "déjà connue", "déjà connues")
    return f"{added}, {known}. La prochaine exécution en tient compte."
