"""What people decided about two records: kept for ever, replayed on every run, set aside where they contradict.

A ruling holds both records as they stood, so that it is found again when one side has changed its wording, can be
carried to another installation as a CSV file, and teaches the model (`python -m tools.fit_linkage RULINGS.csv`).
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from fs_pipeline.linkage.io import COLUMNS as LIST_COLUMNS
from fs_pipeline.linkage.link import link_prepared
from fs_pipeline.linkage.preparation import prepare
from fs_pipeline.national.links import SURVEY
from fs_pipeline.safe_text import safe, safe_tree
from fs_pipeline.tabular.delimited import frame_csv
from fs_pipeline.tabular.formulas import as_meant
from fs_pipeline.tabular.reading import UnevenRow, read_frame
from fs_pipeline.territory.model import Territory
from fs_pipeline.warehouse.declared import declaration

COLUMNS = declaration("rulings").names
SAME, DIFFERENT, RELATED = "same", "different", "related"
_KEPT = ("local_id", "service_type", *(name for name in LIST_COLUMNS if name != "id"))
_SAID = {SAME: "match", DIFFERENT: "different", RELATED: "related"}
_WORDS = {SAME: "même lieu", DIFFERENT: "lieux différents", RELATED: "l’un accueille l’autre"}
_MAY_LACK = frozenset({"why", "left_record", "right_record", "brought_by", "file_sha256"})
_CERTAIN = 1.0  # a person's word; the model's probabilities stay below


class UnreadableRulings(ValueError):
    """A file that holds no rulings; the message is one French line."""


def new_ruling(
    left: Mapping[str, str | float | bool | None],
    right: Mapping[str, str | float | bool | None],
    decision: str,
    *,
    departement: str,
    decided_by: str,
    decided_on: str,
    why: str | None = None,
) -> dict[str, object]:
    """A row of ``rulings`` about two rows of ``records.gather_records``."""
    sides = sorted((left, right), key=lambda record: (str(record["source"]), str(record["source_key"])))
    row: dict[str, object] = {
        "departement": departement,
        "decision": decision,
        "decided_by": decided_by,
        "decided_on": decided_on,
        "why": why,
    }
    for name, record in zip(("left", "right"), sides, strict=True):
        known = {column: record[column] for column in _KEPT if column in record and pd.notna(record[column])}
        row[f"{name}_source"], row[f"{name}_key"] = record["source"], record["source_key"]
        row[f"{name}_record"] = json.dumps(known, ensure_ascii=False, sort_keys=True)
    identity = "|".join(str(row[name]) for name in (*_PAIR, "decision", "decided_on"))
    return {"ruling_id": hashlib.sha256(identity.encode()).hexdigest()[:16], **row}


_PAIR = ("departement", "left_source", "left_key", "right_source", "right_key")


def in_force(rulings: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The last ruling on each pair; and apart, those that contradict one another, none of which is followed.

    Two rulings of one day on one pair contradict, and so do « same » from A to B to C and « different » from A to C.
    """
    last = rulings.groupby(list(_PAIR))["decided_on"].transform("max") if len(rulings) else rulings["decided_on"]
    latest = rulings[rulings["decided_on"] == last]
    torn = latest.groupby(list(_PAIR))["decision"].transform("nunique") > 1 if len(latest) else latest["decision"] == ""
    group = _joined_by_same(latest)
    apart = latest["decision"] != SAME
    inside = [one == two for one, two in zip(*group, strict=True)]
    broken = {one for one, same, other in zip(group[0], inside, apart, strict=True) if same and other}
    contrary = torn.to_numpy(dtype=bool) | np.array(
        [one in broken and same for one, same in zip(group[0], inside, strict=True)], dtype=bool
    )
    return latest[~contrary].reset_index(drop=True), latest[contrary].reset_index(drop=True)


def _joined_by_same(rulings: pd.DataFrame) -> tuple[list[str], list[str]]:
    """For each side of each ruling, the first of the records that « same » joins it to."""
    root: dict[str, str] = {}

    def find(key: str) -> str:
        while root.setdefault(key, key) != key:
            key = root[key]
        return key

    sides = [
        [f"{place}|{source}|{key}" for place, source, key in zip(rulings["departement"], sources, keys, strict=True)]
        for sources, keys in (
            (rulings["left_source"], rulings["left_key"]),
            (rulings["right_source"], rulings["right_key"]),
        )
    ]
    for one, two, decision in zip(*sides, rulings["decision"], strict=True):
        if decision == SAME:
            first, second = sorted((find(one), find(two)))
            root[second] = first
    return [find(key) for key in sides[0]], [find(key) for key in sides[1]]


def apply_rulings(
    pairs: pd.DataFrame, rulings: pd.DataFrame, records: pd.DataFrame, territory: Territory
) -> pd.DataFrame:
    """Pairs of ``reconcile.match_records`` as people settled them.

    A settled pair has the score 1 and the decision ``match``, ``related`` or ``different``; a contradiction between
    people has the decision ``contradiction`` beside what the model says, which it leaves as it is.
    """
    if rulings.empty:
        return pairs
    followed, contrary = in_force(rulings)
    settled = _placed(followed, records, territory)
    disputed = _placed(contrary, records, territory).assign(decision="contradiction", score=0.0)
    ruled = set(zip(settled["left"], settled["right"], strict=True))
    free = [pair not in ruled for pair in zip(pairs["left"], pairs["right"], strict=True)]
    parts = [part for part in (pairs[np.array(free, dtype=bool)], settled, disputed) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else pairs


def _placed(rulings: pd.DataFrame, records: pd.DataFrame, territory: Territory) -> pd.DataFrame:
    """Rulings as pairs of positions in `records`, ``left`` before ``right`` as matching writes them."""
    held: dict[tuple[str, str], list[int]] = {}
    for position, key in enumerate(zip(records["source"], records["source_key"], strict=True)):
        held.setdefault(key, []).append(position)
    sides = [_found(rulings, side, held, records, territory) for side in ("left", "right")]
    rows = []
    for number, (lefts, rights) in enumerate(zip(*sides, strict=True)):
        ruling = rulings.iloc[number]
        reason = f"{_WORDS[ruling['decision']]}, décidé par {ruling['decided_by']} le {ruling['decided_on']}"
        for one in lefts:
            rows += [(min(one, two), max(one, two), _CERTAIN, _SAID[ruling["decision"]], reason) for two in rights]
    found = pd.DataFrame(rows, columns=["left", "right", "score", "decision", "reason"])
    return found[found["left"] != found["right"]].drop_duplicates(["left", "right"]).reset_index(drop=True)


def _found(
    rulings: pd.DataFrame,
    side: str,
    held: Mapping[tuple[str, str], list[int]],
    records: pd.DataFrame,
    territory: Territory,
) -> list[list[int]]:
    """Where the records of one side are now: by their key, else by what they were.

    A record is looked for in its own source first; that of a list, then, in the lists that may have taken it over.
    """
    keys = list(zip(rulings[f"{side}_source"], rulings[f"{side}_key"], strict=True))
    found = [list(held.get(key, ())) for key in keys]
    contents = rulings[f"{side}_record"].tolist()
    source_of = records["source"].to_numpy(dtype=object)
    for source in sorted({source for (source, _), at in zip(keys, found, strict=True) if not at}):
        here = source_of == source
        for pool in (here,) if source == SURVEY else (here, ~here & (source_of != SURVEY)):
            lost = {
                key: content
                for key, at, content in zip(keys, found, contents, strict=True)
                if not at and key[0] == source and content
            }
            again = _known_again(lost, records.iloc[np.flatnonzero(pool)], territory)
            found = [at or ([again[key]] if key in again else []) for key, at in zip(keys, found, strict=True)]
    return found


def _known_again(
    lost: Mapping[tuple[str, str], str], pool: pd.DataFrame, territory: Territory
) -> dict[tuple[str, str], int]:
    """The label in `pool` of each lost record, given as JSON, that is one of it now."""
    if not lost or pool.empty:
        return {}
    old = prepare(_frame(list(lost.values())), territory)
    links = link_prepared(old, prepare(pool.reset_index(drop=True), territory), many=False)
    links = links[links["decision"] == "match"]
    labels = pool.index.to_numpy()
    again = dict(zip(links["left"], links["right"], strict=True))
    return {key: int(labels[again[row]]) for row, key in enumerate(lost) if row in again}


def _frame(contents: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame([json.loads(content) for content in contents], columns=list(_KEPT), dtype=object)
    return frame.where(frame.notna(), None)


def as_pairs(rulings: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, npt.NDArray[np.bool_]]:
    """Both sides of each ruling in force as they stood, and whether they are one place: pairs to learn from."""
    kept = in_force(rulings)[0]
    kept = kept[kept["left_record"].notna() & kept["right_record"].notna()]
    same = (kept["decision"] == SAME).to_numpy(dtype=bool)
    return _frame(kept["left_record"].tolist()), _frame(kept["right_record"].tolist()), same


def write_rulings(rulings: pd.DataFrame, path: Path) -> None:
    """Write rulings, in the order of their ids, as a CSV file that ``read_rulings`` reads back."""
    path.write_bytes(frame_csv(rulings.reindex(columns=list(COLUMNS)).sort_values("ruling_id")).encode())


def read_rulings(path: Path) -> pd.DataFrame:
    """Rulings of a CSV file, as they were before they were written.

    Raises
    ------
    UnreadableRulings
        No such file, a column that lacks, a decision or a date that is none.
    """
    try:
        rows = read_frame(path.read_bytes())
    except (OSError, UnevenRow, csv.Error) as error:
        raise UnreadableRulings(f"{path} : ce fichier ne peut pas être lu comme un CSV de décisions.") from error
    missing = [name for name in COLUMNS if name not in rows and name not in _MAY_LACK]
    if missing:
        raise UnreadableRulings(f"{path} : la colonne « {missing[0]} » manque.")
    rows = rows.reindex(columns=list(COLUMNS)).astype(object)
    rows = rows.where(rows.notna() & (rows != ""), None).map(lambda text: safe(as_meant(text)), na_action="ignore")
    for side in ("left_record", "right_record"):
        rows[side] = [_record(path, number, text) for number, text in enumerate(rows[side], start=2)]
    for number, (decision, day) in enumerate(zip(rows["decision"], rows["decided_on"], strict=True), start=2):
        if decision not in _SAID:
            raise UnreadableRulings(f"{path} : ligne {number}, « {decision} » n’est ni same, ni different, ni related.")
        try:
            datetime.date.fromisoformat(day or "")
        except ValueError as error:
            raise UnreadableRulings(f"{path} : ligne {number}, « {day} » n’est pas une date (AAAA-MM-JJ).") from error
    return rows


def _record(path: Path, number: int, text: str | None) -> str | None:
    """What a place was when people ruled on it: JSON, whose escapes hide letters from whoever reads the file's text."""
    if text is None:
        return None
    try:
        return json.dumps(safe_tree(json.loads(text)), ensure_ascii=False, sort_keys=True)
    except (ValueError, RecursionError) as error:
        raise UnreadableRulings(f"{path} : ligne {number}, la description d’un lieu n’est pas du JSON.") from error
