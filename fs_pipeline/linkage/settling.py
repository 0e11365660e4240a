"""The questions about places, answered in ``rapprochements.csv``: each filled line a ruling, never in another's place."""

from __future__ import annotations

import csv
import datetime
import hashlib
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from fs_pipeline.linkage.questions import DECISION, SHOWN, SIDES, question_id, referred
from fs_pipeline.linkage.rulings import COLUMNS, DIFFERENT, RELATED, SAME, UnreadableRulings, new_ruling, read_rulings
from fs_pipeline.national.links import source_links
from fs_pipeline.safe_text import safe
from fs_pipeline.tabular.formulas import as_meant
from fs_pipeline.tabular.reading import UnevenRow, read_frame
from fs_pipeline.values.text import normalise

ANSWERS = {"même lieu": SAME, "lieux différents": DIFFERENT, "l’un accueille l’autre": RELATED}
_HEARD = {normalise(answer): decision for answer, decision in ANSWERS.items()} | {
    "oui": SAME, "meme": SAME, "memes": SAME, "identique": SAME, "identiques": SAME, "same": SAME, "match": SAME,
    "non": DIFFERENT, "different": DIFFERENT, "differents": DIFFERENT, "lieu different": DIFFERENT,
    "accueille": RELATED, "accueil": RELATED, "heberge": RELATED, "l un heberge l autre": RELATED, "related": RELATED,
}  # fmt: skip
_NO_ANSWER = frozenset({"", "je ne sais pas", "ne sais pas", "nsp", "a verifier", "review"})
_ASKED = ("question_id", DECISION, *SIDES)
_DECISION_HEADERS = frozenset({normalise(DECISION)})
_SAME_RULING = ["departement", "left_source", "left_key", "right_source", "right_key", "decision", "decided_by"]


def read_decisions(path: Path, *, brought_by: str | None, on: datetime.date) -> pd.DataFrame:
    """Rows of ``rulings`` of a file: of ``rapprochements.csv`` filled in, or of what ``rulings export`` wrote.

    Parameters
    ----------
    brought_by
        Who brings the file: who decided, too, where a line does not say it.
    on
        The day on which it is brought: when it was decided, where a line does not say it.

    Raises
    ------
    UnreadableRulings
        No such file, a column that lacks, a line whose answer, date or records are none. Nothing of the file is then kept.
    """
    try:
        content = path.read_bytes()
        rows = read_frame(content)
    except (OSError, UnevenRow, csv.Error) as error:
        raise UnreadableRulings(f"{path} : ce fichier ne peut pas être lu comme un CSV de décisions.") from error
    rows = rows.rename(columns={name: DECISION for name in rows if normalise(name) in _DECISION_HEADERS})
    rulings = _answered(path, rows, brought_by, on) if "question_id" in rows else read_rulings(path)
    origin = {"file_sha256": hashlib.sha256(content).hexdigest(), "brought_by": brought_by}
    for name, value in origin.items():  # what another installation brought keeps who brought it there
        rulings[name] = rulings[name].where(rulings[name].notna(), value) if name in rulings else value
    return rulings.reindex(columns=list(COLUMNS)).astype(object)


def not_known(decisions: pd.DataFrame, rulings: pd.DataFrame) -> pd.DataFrame:
    """The decisions that nobody has on record: neither their id, nor the same answer of the same person on the pair."""
    known_ids = set(rulings["ruling_id"])
    known = set(rulings[_SAME_RULING].itertuples(index=False, name=None))
    new = [
        ruling_id not in known_ids and said not in known
        for ruling_id, said in zip(
            decisions["ruling_id"], decisions[_SAME_RULING].itertuples(index=False, name=None), strict=True
        )
    ]
    return decisions[pd.Series(new, index=decisions.index, dtype=bool)].drop_duplicates("ruling_id", keep="last")


def _answered(path: Path, rows: pd.DataFrame, brought_by: str | None, on: datetime.date) -> pd.DataFrame:
    missing = [name for name in _ASKED if name not in rows]
    if missing:
        raise UnreadableRulings(f"{path} : la colonne « {missing[0]} » manque.")
    found = []
    for number, cells in enumerate(rows.to_dict("records"), start=2):
        said = {str(name): safe(as_meant(cell)).strip() for name, cell in cells.items()}
        try:
            ruling = _ruling(said, brought_by, on)
        except ValueError as error:
            raise UnreadableRulings(f"{path} : ligne {number}, {error}") from error
        if ruling is not None:
            found.append(ruling)
    return pd.DataFrame(found, columns=list(COLUMNS), dtype=object)


def _ruling(said: Mapping[str, str], brought_by: str | None, on: datetime.date) -> dict[str, object] | None:
    """The ruling of one line; None of a line without an answer. A ValueError says in French what is wrong with it."""
    answer = normalise(said[DECISION])
    if answer in _NO_ANSWER:
        return None
    if answer not in _HEARD:
        raise ValueError(
            f"la colonne « {DECISION} » attend : {', '.join(ANSWERS)} ; ou rien. « {said[DECISION]} » n’en est pas."
        )
    left, right = (referred(said[side]) for side in SIDES)
    departement = said["question_id"].rpartition("-")[0]
    known = source_links()
    if left[0] not in known or right[0] not in known or question_id(departement, (left, right)) != said["question_id"]:
        raise ValueError(
            "les colonnes « question_id », « left » et « right » ne vont plus ensemble : les recopier du fichier d’origine."
        )
    who = said.get("decided_by") or brought_by
    if not who:
        raise ValueError("« decided_by » doit dire qui a tranché (ou l’option --by, pour toutes les lignes).")
    return new_ruling(
        _record(said, "left", left),
        _record(said, "right", right),
        _HEARD[answer],
        departement=departement,
        decided_by=who,
        decided_on=_day(said.get("decided_on", ""), on),
        why=said.get("why") or None,
    )


def _record(said: Mapping[str, str], side: str, who: tuple[str, str]) -> dict[str, str | float | bool | None]:
    """A record as the file shows it: what was read when it was decided."""
    shown = {name: said.get(f"{side}_{name}") or None for name in SHOWN}
    return {"source": who[0], "source_key": who[1], **shown}


def _day(text: str, default: datetime.date) -> str:
    """An ISO day, of AAAA-MM-JJ or as a spreadsheet shows it, JJ/MM/AAAA."""
    if not text:
        return default.isoformat()
    day, _, rest = text.partition("/")
    month, _, year = rest.partition("/")
    try:
        return datetime.date.fromisoformat(f"{year}-{month:0>2}-{day:0>2}" if rest else text).isoformat()
    except ValueError as error:
        raise ValueError(f"« {text} » n’est pas une date (AAAA-MM-JJ).") from error
