"""Two lists linked, or the doubles of one: who is whom, how sure, and why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from fs_pipeline.linkage.blocking import candidate_pairs
from fs_pipeline.linkage.clusters import average_link
from fs_pipeline.linkage.columns import Column
from fs_pipeline.linkage.comparison import compare, compare_in_parts, other_body, vetoed
from fs_pipeline.linkage.context import context
from fs_pipeline.linkage.crowding import doubted, other_addresses
from fs_pipeline.linkage.decisions import decide, elsewhere, one_door, same_spot, worth_a_question
from fs_pipeline.linkage.local_words import LocalWord, hear_local_words, learn_local_words, teaches
from fs_pipeline.linkage.model import LinkageModel, load_costs, load_model
from fs_pipeline.linkage.official import official_links, same_name_alone
from fs_pipeline.linkage.preparation import Positions, prepare
from fs_pipeline.linkage.reasons import reasons
from fs_pipeline.territory.model import Territory
from fs_pipeline.territory.shipped import load_territory

Values = npt.NDArray[np.float64]
_LABEL = "france_services"
_SCORE_OF_ID = 0.999
_MOST = 0.9999  # certainty is for people


def link(
    left: pd.DataFrame, right: pd.DataFrame, *, many: bool = False, territory: Territory | None = None
) -> pd.DataFrame:
    """The pairs of two lists that are one place, may be, or house one another.

    Parameters
    ----------
    left, right
        As ``io.read_list`` gives; also heard, where present: local_id (a list's own id) and service_type.
    many
        Several rows of `left` may be one place of `right`; else each is linked once at most.

    Returns
    -------
    DataFrame
        left_id, right_id, score (calibrated probability), decision (``match``, ``review``, ``related``), reason
        (French), sorted by ids.
    """
    known = territory or load_territory()
    found = link_prepared(prepare(left, known), prepare(right, known), many=many)
    found.insert(0, "left_id", left["id"].to_numpy(dtype=object)[found.pop("left")])
    found.insert(1, "right_id", right["id"].to_numpy(dtype=object)[found.pop("right")])
    return found.sort_values(["left_id", "right_id"], kind="stable").reset_index(drop=True)


def link_prepared(
    one: pd.DataFrame,
    two: pd.DataFrame,
    *,
    many: bool,
    least: float = 0.0,
    words: tuple[LocalWord, ...] | None = None,
) -> pd.DataFrame:
    """As ``link``, of records that ``prepare`` gave: positions ``left`` and ``right``, score, decision, reason.

    Parameters
    ----------
    least
        A pair that is less likely is not asked about.
    words
        The label's local words that a département remembers; learned from the two lists where none are given.
    """
    seen = judge(one, two, many=many, words=words)
    pairs, score, belief, features = seen.pairs, seen.score, seen.belief, seen.features
    same_id, doubtful_id = official_links(seen.left, seen.right, pairs, features)
    sure = (same_id | same_name_alone(seen.left, seen.right, pairs)) & ~seen.veto
    score, belief = (np.where(sure, np.maximum(values, _SCORE_OF_ID), values) for values in (score, belief))
    decision = decide(pairs, score, belief, seen.possible | sure, features, load_costs(), many=many)
    decision[sure & (decision == "review")] = "match"
    decision[seen.veto & same_spot(features)] = "related"
    ask = doubtful_id & (decision != "match") & (decision != "related")
    decision = np.where(ask, "review", decision)
    decision = np.where((decision == "review") & (belief < least), "", decision)
    # Nothing says that they are one place; but who asks for the labelled house there is told of the other.
    guests = (decision == "") & _one_is_labelled(seen.left, seen.right, pairs) & one_door(features)
    decision = np.where(guests, "related", decision)
    kept = np.flatnonzero(decision != "")
    a, b = pairs[0][kept], pairs[1][kept]
    known = same_id[kept] | doubtful_id[kept]
    said = reasons(seen.left, seen.right, (a, b), features.iloc[kept], decision[kept], known, seen.words)
    return _pairs((a, b), belief[kept], decision[kept], said)


@dataclass(frozen=True, slots=True)
class Judged:
    """The compared pairs of two lists in which local words are heard, with both probabilities."""

    left: pd.DataFrame
    right: pd.DataFrame
    words: tuple[LocalWord, ...]
    pairs: tuple[Positions, Positions]
    features: pd.DataFrame
    score: Values
    belief: Values
    veto: npt.NDArray[np.bool_]
    possible: npt.NDArray[np.bool_]


def judge(
    one: pd.DataFrame,
    two: pd.DataFrame,
    *,
    many: bool,
    words: tuple[LocalWord, ...] | None = None,
    model: LinkageModel | None = None,
) -> Judged:
    """Compare two prepared lists: the first probability of each pair, then the one in context."""
    model = model or load_model()
    pairs = candidate_pairs(one, two)
    features = compare(one, two, pairs)
    heard = learn_local_words(one, two, pairs, features) if words is None else words
    left, right = (hear_local_words(frame, heard) for frame in (one, two))
    if heard:
        features = compare(left, right, pairs)
    score = model.probability(features)
    veto = vetoed(left, right, pairs)
    possible = ~veto & ~other_body(left, right, pairs) & (score >= model.possible)
    belief = model.context.probability(context(right, pairs, score, possible, features, many=many))
    return Judged(left, right, heard, pairs, features, score, np.where(possible, belief, score), veto, possible)


def learned_words(
    one: pd.DataFrame, two: pd.DataFrame, refused: Collection[tuple[str, str]] = ()
) -> tuple[LocalWord, ...]:
    """The label's local words that two prepared lists teach, but for those (département, phrase) that people refused."""
    if not teaches(one, two):
        return ()
    pairs = candidate_pairs(one, two)
    return learn_local_words(one, two, pairs, compare(one, two, pairs), refused)


def pairs_told(
    seen: Judged, which: Positions, score: Values, decision: npt.NDArray[np.object_], first: str
) -> pd.DataFrame:
    """As ``link_prepared`` gives: judged pairs that somebody else decided; their reasons begin with `first`."""
    pairs = (seen.pairs[0][which], seen.pairs[1][which])
    nobody = np.zeros(len(which), dtype=bool)
    said = reasons(seen.left, seen.right, pairs, seen.features.iloc[which], decision, nobody, seen.words, first=first)
    return _pairs(pairs, score[which], decision, said)


def _one_is_labelled(one: pd.DataFrame, two: pd.DataFrame, pairs: tuple[Positions, Positions]) -> npt.NDArray[np.bool_]:
    labelled = [(frame["service"] == _LABEL).to_numpy()[side] for frame, side in zip((one, two), pairs, strict=True)]
    return np.asarray(labelled[0] != labelled[1], dtype=bool)


def _pairs(
    pairs: tuple[Positions, Positions], score: Values, decision: npt.NDArray[np.object_], said: list[str]
) -> pd.DataFrame:
    rounded = np.minimum(np.round(score, 4), _MOST)
    return pd.DataFrame({"left": pairs[0], "right": pairs[1], "score": rounded, "decision": decision, "reason": said})


def link_within(frame: pd.DataFrame, *, territory: Territory | None = None) -> pd.DataFrame:
    """The doubles of one list: id, cluster_id (the first id of its cluster), score.

    The score is the mean probability between a record and the others of its cluster; for a record alone, that it is
    nobody else's double.
    """
    rows = prepare(frame, territory or load_territory())
    pairs = candidate_pairs(rows, sparing=True)
    possible = ~other_body(rows, rows, pairs)
    pairs = (pairs[0][possible], pairs[1][possible])
    others, phone = other_addresses(rows), Column.of(rows, rows, "phone")
    score = np.empty(0)
    for features in compare_in_parts(rows, rows, pairs):
        part = slice(len(score), len(score) + len(features))
        alone = load_model().probability(features)
        score = np.concatenate([score, doubted(alone, features, others, phone, (pairs[0][part], pairs[1][part]))])
    return _clusters(frame, pairs, score, _clusters_of(len(rows), pairs, score))


def link_within_prepared(rows: pd.DataFrame) -> pd.DataFrame:
    """The pairs of one prepared list, as ``link_prepared`` gives them, ``left`` before ``right``."""
    model = load_model()
    pairs = candidate_pairs(rows)
    features = compare(rows, rows, pairs)
    veto = vetoed(rows, rows, pairs)
    score = np.where(veto | other_body(rows, rows, pairs), 0.0, model.probability(features))
    cluster = _clusters_of(len(rows), pairs, score)
    together = cluster[pairs[0]] == cluster[pairs[1]]
    asked = (score >= load_costs().worth_asking) & worth_a_question(features)
    away, sure = elsewhere(features)
    decision = np.where(together & ~away, "match", np.where((together | asked) & ~(away & sure), "review", ""))
    decision = decision.astype(object)
    decision[veto & same_spot(features)] = "related"
    kept = np.flatnonzero(decision != "")
    a, b = pairs[0][kept], pairs[1][kept]
    nobody = np.zeros(len(kept), dtype=bool)
    said = reasons(rows, rows, (a, b), features.iloc[kept], decision[kept], nobody, ())
    return _pairs((a, b), score[kept], decision[kept], said)


def _clusters_of(size: int, pairs: tuple[Positions, Positions], score: Values) -> npt.NDArray[np.int64]:
    model = load_model()
    likely = score >= model.possible
    return average_link(size, (pairs[0][likely], pairs[1][likely]), score[likely], model.match)


def _clusters(
    frame: pd.DataFrame, pairs: tuple[Positions, Positions], score: Values, cluster: npt.NDArray[np.int64]
) -> pd.DataFrame:
    ids = frame["id"].to_numpy(dtype=object)
    _, first, inverse, counts = np.unique(cluster, return_index=True, return_inverse=True, return_counts=True)
    inside = cluster[pairs[0]] == cluster[pairs[1]]
    total, best = np.zeros(len(ids)), np.zeros(len(ids))
    for side in pairs:
        np.add.at(total, side[inside], score[inside])
        np.maximum.at(best, side, score)
    alone = counts[inverse] == 1
    others = np.maximum(counts[inverse] - 1, 1)
    return pd.DataFrame(
        {"id": ids, "cluster_id": ids[first[inverse]], "score": np.round(np.where(alone, 1 - best, total / others), 4)}
    )
