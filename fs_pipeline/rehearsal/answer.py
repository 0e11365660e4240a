"""Whether each planted error was found: looked for in the tables that a run wrote, and by checking the refused files."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from fs_pipeline.rehearsal.generate import Rehearsal
from fs_pipeline.values.text import normalise
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.models import load_project

_REFUSALS = {"file_encrypted": "encrypted", "file_empty": "empty"}  # rule -> code of reader.REFUSALS


def look_for_planted(warehouse: Warehouse, rehearsal: Rehearsal) -> pd.DataFrame:
    """One row a planted error, in order: label_fr, where, found."""
    tables = _Tables(warehouse, rehearsal)
    found = [_LOOKS[str(planted["table"])](tables, planted) for planted in _rows(rehearsal.planted)]
    return rehearsal.planted[["label_fr", "where"]].assign(found=found)


def _rows(frame: pd.DataFrame) -> list[dict[str, object]]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


class _Tables:
    """The slot's tables, each read once."""

    def __init__(self, warehouse: Warehouse, rehearsal: Rehearsal) -> None:
        self._warehouse = warehouse
        self.rehearsal = rehearsal
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, table: str) -> pd.DataFrame:
        if table not in self._read:
            key = {"campaign": self.rehearsal.campaign, "departement": self.rehearsal.departement}
            models = load_project().models
            self._read[table] = self._warehouse.read(models[table].table if table in models else table, key)
        return self._read[table]


Planted = Mapping[str, object]


def _in_problems(tables: _Tables, planted: Planted) -> bool:
    """The same rule, in the same file, at the same cell; of a whole row, at that row."""
    files = tables["deposits"].set_index("deposit_id")["filename"]
    problems = tables["problems"]
    same = (problems["rule"] == planted["rule"]) & (problems["deposit_id"].map(files) == planted["file"])
    if planted["sheet"]:
        same &= problems["sheet"] == planted["sheet"]
    if planted["cell"]:
        same &= problems["cell"] == planted["cell"]
    elif planted["row"]:
        same &= problems["row"] == planted["row"]
    return bool(same.any())


def _in_places(tables: _Tables, planted: Planted) -> bool:
    """The place was read, with the value that had to be understood."""
    places = tables["survey_places"]
    rows = places[places["name"] == planted["name"]]
    if rows.empty or planted["rule"] is None:
        return not rows.empty
    values = rows[str(planted["rule"])]
    return bool((values == planted["value"]).all())


def _in_rounds(tables: _Tables, planted: Planted) -> bool:
    rounds = tables["survey_rounds"]
    return bool(((rounds["round"] == planted["name"]) & (rounds["week_parity"] == planted["rule"])).any())


def _in_actors(tables: _Tables, planted: Planted) -> bool:
    return bool((tables["survey_actors"]["name"] == planted["name"]).any())


def _in_meeting(tables: _Tables, planted: Planted) -> bool:
    return bool((tables["survey_meeting"]["held_on"] == planted["name"]).any())


def _in_discrepancies(tables: _Tables, planted: Planted) -> bool:
    rows = tables["discrepancies"]
    same = (rows["kind"] == planted["rule"]) & (rows["name"].map(_key) == _key(planted["name"]))
    if planted["value"]:
        same &= rows["field"] == planted["value"]
    return bool(same.any())


def _in_pairs(tables: _Tables, planted: Planted) -> bool:
    """A pair « related », of the two places in whatever lists they stand."""
    names: dict[tuple[str, str], str] = {}
    for row in tables["survey_places"].itertuples():
        names["survey", str(row.survey_place_id)] = _key(row.name)
    for row in tables["national_places"].itertuples():
        names[str(row.source), str(row.source_id)] = _key(row.name)
    wanted = {_key(planted["name"]), _key(planted["rule"])}
    pairs = tables["link_pairs"]
    related = pairs[pairs["decision"] == "related"]
    for row in related.itertuples():
        ends = (str(row.left_source), str(row.left_id)), (str(row.right_source), str(row.right_id))
        if {names.get(end) for end in ends} == wanted:
            return True
    return False


def _in_minutes(tables: _Tables, planted: Planted) -> bool:
    """Every answer for the commune says « not computed » and why."""
    minutes = tables["access_minutes"]
    rows = minutes[minutes["insee"] == planted["name"]]
    silent = rows["minutes"].isna() & rows["reason"].notna() & (rows["method"] == planted["rule"])
    return len(rows) > 0 and bool(silent.all())


def _is_refused(tables: _Tables, planted: Planted) -> bool:
    """The file is refused, and for the reason planted."""
    from fs_pipeline.demarches.catalogue import Vocabulary
    from fs_pipeline.survey.check import check_file
    from fs_pipeline.survey.opening.reader import UnreadableFile

    rehearsal = tables.rehearsal
    (path,) = [path for path in rehearsal.checked_only if path.name == planted["name"]]
    try:
        report = check_file(
            path, territory=rehearsal.territory, departement=rehearsal.departement, vocabulary=Vocabulary()
        )
    except UnreadableFile as refusal:
        return refusal.code == _REFUSALS.get(str(planted["rule"]))
    return report.verdict == "refused" and any(problem.rule == planted["rule"] for problem in report.problems)


def _key(name: object) -> str:
    return normalise(str(name))


_LOOKS: dict[str, Callable[[_Tables, Planted], bool]] = {
    "problems": _in_problems,
    "survey_places": _in_places,
    "survey_rounds": _in_rounds,
    "survey_actors": _in_actors,
    "survey_meeting": _in_meeting,
    "discrepancies": _in_discrepancies,
    "link_pairs": _in_pairs,
    "access_minutes": _in_minutes,
    "refused": _is_refused,
}
