"""What the prefecture lets the public read of what the door withheld: ``a-liberer.csv`` filled in and read back.

A line whose column ``release`` says « oui » is a decision, kept by département, commune, field and value, so that it
holds for every run to come and for every deposit that writes the same. No other line is kept: what stays inside needs none.
A whole chapter is let out in the same way; its département stands for a commune.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from fs_pipeline.editions.places import RELEASABLE
from fs_pipeline.editions.whole_chapters import CHAPTERS, FIELD
from fs_pipeline.safe_text import safe
from fs_pipeline.tabular.formulas import as_meant
from fs_pipeline.tabular.reading import UnevenRow, read_frame
from fs_pipeline.territory.model import Territory

COLUMNS = ("departement", "insee", "field", "value", "decided_by", "decided_on")
_READ = ("insee", "field", "value", "release", "decided_by", "decided_on")
_YES, _NO = frozenset({"oui", "o", "x", "yes"}), frozenset({"", "non", "n", "no"})


class UnreadableReleases(ValueError):
    """A file that holds no decisions; the message is one French line, without any value of a place."""


def read_releases(path: Path, territory: Territory) -> pd.DataFrame:
    """The decisions of a file filled in: ``COLUMNS``.

    Raises
    ------
    UnreadableReleases
        No such file, a column that lacks, or a line that says « oui » and not by whom, when, or of what.
    """
    try:
        rows = read_frame(path.read_bytes())
    except (OSError, UnevenRow, csv.Error) as error:
        raise UnreadableReleases(f"{path} : ce fichier ne peut pas être lu comme un CSV de décisions.") from error
    missing = [name for name in _READ if name not in rows]
    if missing:
        raise UnreadableReleases(f"{path} : la colonne « {missing[0]} » manque.")
    found = []
    for number, cells in enumerate(rows[list(_READ)].itertuples(index=False, name=None), start=2):
        said = {name: safe(as_meant(cell)).strip() for name, cell in zip(_READ, cells, strict=True)}
        answer = said["release"].casefold()
        if answer in _NO:
            continue
        departement = _departement(said, territory)
        if answer not in _YES:
            raise UnreadableReleases(f"{path} : ligne {number}, la colonne « release » attend oui, ou rien.")
        if departement is None or not said["value"]:
            raise UnreadableReleases(f"{path} : ligne {number}, la commune, le champ ou la valeur n’est pas lisible.")
        if not said["decided_by"]:
            raise UnreadableReleases(f"{path} : ligne {number}, « decided_by » doit dire qui a tranché.")
        try:
            datetime.date.fromisoformat(said["decided_on"])
        except ValueError as error:
            raise UnreadableReleases(
                f"{path} : ligne {number}, « decided_on » attend une date (AAAA-MM-JJ)."
            ) from error
        found.append({"departement": departement} | {name: said[name] for name in COLUMNS if name in said})
    return pd.DataFrame(found, columns=list(COLUMNS), dtype=object).drop_duplicates(list(COLUMNS[:4]), keep="last")


def _departement(said: Mapping[str, str], territory: Territory) -> str | None:
    """Where a line decides; None where it decides of nothing that can be let out."""
    if said["field"] == FIELD:
        known = said["value"] in CHAPTERS and said["insee"] in territory.departement_names
        return said["insee"] if known else None
    return territory.departement_of(said["insee"]) if said["field"] in RELEASABLE else None
