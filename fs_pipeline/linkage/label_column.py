"""Rows of a survey that bear the label in a column, under the body's own name (« Point d’accès au droit »).

Such a row is the listed house at its door that no other row is. The column alone is never enough: a carrier's seat bears it
too, and so does the library beside the house.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from fs_pipeline.linkage.comparison import other_body
from fs_pipeline.linkage.context import kinds_of_evidence
from fs_pipeline.linkage.decisions import at_the_door
from fs_pipeline.linkage.link import judge, pairs_told
from fs_pipeline.linkage.model import load_costs
from fs_pipeline.linkage.naming import LABEL, LABELS, label_in
from fs_pipeline.linkage.preparation import prepare
from fs_pipeline.national.links import SURVEY
from fs_pipeline.territory.model import Territory

_BETWEEN = "|"
_WORD = "label déclaré"


def label_in_column(records: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Whether each of ``records.gather_records`` bears the label in the survey's column, and neither by name nor by type."""
    told = records["labels"].map(lambda labels: LABEL in labels.split(_BETWEEN), na_action="ignore") == True  # noqa: E712
    return np.asarray(told, dtype=bool) & (records["source"] == SURVEY).to_numpy() & ~label_in_name(records)


def label_in_name(records: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Whether each record bears the label by its name or its type."""
    named = records["name"].map(label_in, na_action="ignore").notna()
    return np.asarray(named | records["service_type"].isin(LABELS), dtype=bool)


def links_by_column(
    records: pd.DataFrame,
    column: npt.NDArray[np.bool_],
    listed: pd.DataFrame,
    taken: set[int],
    territory: Territory,
) -> pd.DataFrame:
    """Pairs of a row that says the label and of the listed house at its door, which nobody else is.

    Parameters
    ----------
    records
        Rows that say the label and are no listed house yet.
    column
        Whether each says it in the column alone; of the others, that name it, a person is asked: a bus and its seat.
    listed
        The label's list, as ``prepare`` gives.
    taken
        Positions in `listed` of the houses that another row is.

    Returns
    -------
    DataFrame
        As ``link.link_prepared`` gives: ``match`` where the street agrees with its number or point or the pair is sure, and no
        other row says the same of the house; else ``review`` where it is worth a question.
    """
    rows = prepare(records.assign(service_type=LABEL), territory)
    seen = judge(rows, listed, many=True, words=())
    costs, house = load_costs(), listed["service"].isin(LABELS).to_numpy()
    door, plain = at_the_door(seen.features)
    possible = door & ~seen.veto & ~other_body(seen.left, seen.right, seen.pairs)
    possible &= house[seen.pairs[1]] & ~np.isin(seen.pairs[1], list(taken))
    sure = possible & column[seen.pairs[0]] & (plain | (seen.belief >= costs.sure))
    known = plain | kinds_of_evidence(seen.features)["contact"]
    asked = possible & (sure | (seen.belief >= costs.worth_asking) | (known & ~column[seen.pairs[0]]))
    order = np.lexsort((seen.pairs[1], -seen.belief, ~sure))
    best = order[asked[order]]
    best = best[np.unique(seen.pairs[0][best], return_index=True)[1]]
    claims = np.bincount(seen.pairs[1][best[sure[best]]], minlength=len(listed))[seen.pairs[1]]
    best = best[sure[best] | (claims[best] != 1)]
    alone = sure[best] & (claims[best] == 1)
    decision = np.where(alone, "match", "review").astype(object)
    score = np.maximum(seen.belief, np.where(sure, costs.sure, costs.worth_asking))
    return pairs_told(seen, best, score, decision, _WORD)
