"""What the prefecture lets the public read of what the door withheld: ``a-liberer.csv`` filled in and read back.

A line whose column ``release`` says « oui » is a decision, kept by département, commune, field and value, so that it
holds for every run to come and for every deposit that writes the same. No other line is kept: what stays inside needs none.
"""

from __future__ import annotations

import csv
import datetime
from pathlib import Path

import pandas as pd

from fs_pipeline.editions.places import RELEASABLE
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
        with path.open(encoding="utf-8-sig", newline="") as stream:
            text = stream.read()
        rows = list(csv.DictReader(text.splitlines(keepends=True), delimiter=_between(text)))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableReleases(f"{path} : ce fichier ne peut pas être lu comme un CSV de décisions.") from error
    missing = [name for name in _READ if not rows or name not in rows[0]]
    if missing:
        raise UnreadableReleases(f"{path} : la colonne « {missing[0]} » manque.")
    found = []
    for number, row in enumerate(rows, start=2):
        said = {name: (row[name] or "").strip() for name in _READ}
        answer = said["release"].casefold()
        if answer in _NO:
            continue
        departement = territory.departement_of(said["insee"])
        if answer not in _YES:
            raise UnreadableReleases(f"{path} : ligne {number}, la colonne « release » attend oui, ou rien.")
        if departement is None or said["field"] not in RELEASABLE or not said["value"]:
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


def _between(text: str) -> str:
    """The separator of the head: spreadsheets of this country write a semicolon back."""
    head = text.partition("\n")[0]
    return ";" if head.count(";") > head.count(",") else ","
