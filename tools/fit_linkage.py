"""Fit fs_pipeline/data/linkage_model.json on labelled pairs: `python -m tools.fit_linkage [--check] [--show] [RULINGS.csv]`.

Two stages: two records alone (``linkage/model.py``), then their pair in context (``linkage/context.py``), the latter taught
by first probabilities out of fold. Figures come first, each set scored by a model that never saw any of it; then the model
of all sets is written, with these figures. The labelled sets teach what real lists look like, generated places
(benchmarks/generated_places.py) what several services at one address look like, and rulings, exported by `fs-pipeline
rulings export`, what people decided. `--check` writes nothing, `--show` prints what is missed or false.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from benchmarks.generated_places import generate, places_of_france
from fs_pipeline.linkage.blocking import candidate_pairs
from fs_pipeline.linkage.comparison import compare, other_body, vetoed
from fs_pipeline.linkage.context import context
from fs_pipeline.linkage.decisions import decide
from fs_pipeline.linkage.io import read_list
from fs_pipeline.linkage.local_words import hear_local_words, learn_local_words
from fs_pipeline.linkage.model import LinkageModel, Logistic, evidence, load_costs, sign
from fs_pipeline.linkage.preparation import prepare
from fs_pipeline.linkage.rulings import as_pairs, read_rulings
from fs_pipeline.territory.shipped import load_territory

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("FS_DATA_DIR", ROOT.parent / "shared" / "data"))
SETS = {"fs-2020-2022": False, "normandie-fs-2022": True, "calvados-fs-2022": True}  # whether left rows repeat a place
FOLDS, PENALTY, PENALTY_IN_CONTEXT, MATCH, POSSIBLE = 5, 3.0, 0.3, 0.5, 0.01
GENERATED, TWO_LISTS, SEED, WEIGHT_OF_GENERATED = 30_000, 12_000, 7, 0.3


@dataclass(frozen=True)
class Labelled:
    """Compared pairs with their truth; ``lists`` is None where they are not those of two whole lists."""

    right: pd.DataFrame
    pairs: tuple[np.ndarray, np.ndarray]
    features: pd.DataFrame
    refused: np.ndarray  # pairs that a rule refuses before any model is asked
    truth: np.ndarray
    scored: np.ndarray
    fold: np.ndarray
    weight: float
    digest: str
    lists: TwoLists | None = None
    alone: bool = True  # whether it teaches the first stage too

    @property
    def usable(self) -> np.ndarray:
        """Pairs to learn from."""
        return self.scored & ~self.refused


@dataclass(frozen=True)
class TwoLists:
    """What is needed to decide on the pairs of two lists."""

    many: bool
    raw: tuple[pd.DataFrame, pd.DataFrame]
    ids: list[tuple[str, str]]
    true_pairs: set[tuple[str, str]]
    ambiguous: set[tuple[str, str]]


def labelled_set(name: str, many: bool) -> Labelled:
    """Read and compare one set of ../shared/data/linkage's shape."""
    folder = DATA / "linkage" / name
    raw = read_list(folder / "left.csv"), read_list(folder / "right.csv")
    true_pairs, ambiguous = (
        set(pd.read_csv(folder / file, dtype=str).itertuples(index=False, name=None))
        for file in ("truth.csv", "ambiguous.csv")
    )
    digest = _digest(*((folder / file).read_bytes() for file in ("left.csv", "right.csv", "truth.csv")))
    return _of_two_lists(raw, true_pairs, ambiguous, many=many, weight=1.0, digest=digest)


def _of_two_lists(
    raw: tuple[pd.DataFrame, pd.DataFrame],
    true_pairs: set[tuple[str, str]],
    ambiguous: set[tuple[str, str]],
    *,
    many: bool,
    weight: float,
    digest: str,
    alone: bool = True,
) -> Labelled:
    left, right = (prepare(frame, load_territory()) for frame in raw)
    pairs = candidate_pairs(left, right)
    words = learn_local_words(left, right, pairs, compare(left, right, pairs))
    left, right = (hear_local_words(frame, words) for frame in (left, right))
    ids = list(zip(raw[0]["id"].to_numpy()[pairs[0]], raw[1]["id"].to_numpy()[pairs[1]], strict=True))
    return Labelled(
        right=right,
        pairs=pairs,
        features=compare(left, right, pairs),
        refused=vetoed(left, right, pairs) | other_body(left, right, pairs),
        truth=np.array([pair in true_pairs for pair in ids], dtype=bool),
        scored=np.array([pair not in ambiguous for pair in ids], dtype=bool),
        fold=_folds(left)[pairs[0]],
        weight=weight,
        digest=digest,
        lists=TwoLists(many, raw, ids, true_pairs, ambiguous),
        alone=alone,
    )


def generated_set() -> Labelled:
    """Doubles inside one generated list."""
    made = generate(places_of_france(DATA), GENERATED, SEED)
    rows = prepare(made.records, load_territory())
    pairs = candidate_pairs(rows)
    place = made.records["id"].map(made.place).to_numpy()
    return Labelled(
        right=rows,
        pairs=pairs,
        features=compare(rows, rows, pairs),
        refused=vetoed(rows, rows, pairs) | other_body(rows, rows, pairs),
        truth=place[pairs[0]] == place[pairs[1]],
        scored=np.ones(len(pairs[0]), dtype=bool),
        fold=_folds(rows)[pairs[0]],
        weight=WEIGHT_OF_GENERATED,
        digest=_digest(made.records.to_csv(index=False).encode()),
    )


def generated_lists() -> Labelled:
    """Two generated lists of the same places: what rivals look like, for the second stage."""
    made = generate(places_of_france(DATA), TWO_LISTS, SEED + 1)
    raw = made.records.iloc[::2].reset_index(drop=True), made.records.iloc[1::2].reset_index(drop=True)
    held: dict[int, list[str]] = {}
    for one in raw[1]["id"]:
        held.setdefault(made.place[one], []).append(one)
    true_pairs = {(one, other) for one in raw[0]["id"] for other in held.get(made.place[one], [])}
    digest = _digest(made.records.to_csv(index=False).encode())
    return _of_two_lists(raw, true_pairs, set(), many=True, weight=WEIGHT_OF_GENERATED / 3, digest=digest, alone=False)


def ruled_set(path: Path) -> Labelled:
    """What people decided, each pair on its own."""
    left, right, same = as_pairs(read_rulings(path))
    one, two = (prepare(frame, load_territory()) for frame in (left, right))
    pairs = (np.arange(len(one)), np.arange(len(two)))
    return Labelled(
        right=two,
        pairs=pairs,
        features=compare(one, two, pairs),
        refused=vetoed(one, two, pairs) | other_body(one, two, pairs),
        truth=same,
        scored=np.ones(len(same), dtype=bool),
        fold=_folds(one),
        weight=1.0,
        digest=_digest(path.read_bytes()),
    )


def _folds(rows: pd.DataFrame) -> np.ndarray:
    """Folds of whole communes, so that no place is on both sides."""
    return np.array([zlib.crc32(str(insee).encode()) % FOLDS for insee in rows["insee"]], dtype=np.int64)


def _digest(*contents: bytes) -> str:
    return hashlib.sha256(b"".join(contents)).hexdigest()


def fit(sets: Sequence[Labelled]) -> LinkageModel:
    """Both stages on the given sets."""
    teachers = [one for one in sets if one.alone]
    alone = _fit_alone(teachers, np.inf)
    held = [_fit_alone(teachers, fold) for fold in range(FOLDS)]
    parts = []
    for one in sets:
        if one.lists is None:
            continue
        score = np.zeros(len(one.truth))
        for fold, without in enumerate(held):
            inside = one.fold == fold
            score[inside] = without.probability(evidence(one.features[inside]))
        pieces, possible = _in_context(one, score)
        parts.append((_chosen(pieces, possible & one.scored), one.truth[possible & one.scored], one.weight))
    return LinkageModel(alone, _logistic(parts, PENALTY_IN_CONTEXT), MATCH, POSSIBLE)


def _fit_alone(sets: Iterable[Labelled], without: float) -> Logistic:
    parts = []
    for one in sets:
        kept = one.usable & (one.fold != without)
        parts.append((evidence(one.features[kept]), one.truth[kept], one.weight))
    return _logistic(parts, PENALTY)


def _in_context(one: Labelled, score: np.ndarray) -> tuple[dict[str, np.ndarray], np.ndarray]:
    possible = ~one.refused & (score >= POSSIBLE)
    return context(one.right, one.pairs, score, possible, one.features, many=one.lists.many), possible


def _chosen(pieces: Mapping[str, np.ndarray], kept: np.ndarray) -> dict[str, np.ndarray]:
    return {name: values[kept] for name, values in pieces.items()}


def _logistic(parts: Sequence[tuple[Mapping[str, np.ndarray], np.ndarray, float]], penalty: float) -> Logistic:
    """Penalised logistic regression with constrained signs; each part has its weight."""
    names = list(parts[0][0])
    matrix = np.concatenate([np.column_stack([pieces[name] for name in names]) for pieces, _, _ in parts])
    truth = np.concatenate([labels for _, labels, _ in parts]).astype(float)
    weight = np.concatenate([np.full(len(labels), each) for _, labels, each in parts])

    def loss(beta: np.ndarray) -> tuple[float, np.ndarray]:
        total = matrix @ beta[:-1] + beta[-1]
        cost = np.sum(weight * (np.logaddexp(0, total) - truth * total)) + penalty / 2 * beta[:-1] @ beta[:-1]
        error = weight * (1 / (1 + np.exp(-np.clip(total, -40, 40))) - truth)
        return float(cost), np.append(matrix.T @ error + penalty * beta[:-1], error.sum())

    bounds = [(0, None) if sign(name) > 0 else (None, 0) for name in names] + [(None, None)]
    best = minimize(
        loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 3000}
    )
    coefficients = {name: round(float(value), 4) for name, value in zip(names, best.x, strict=False)}
    return Logistic(coefficients, round(float(best.x[-1]), 4))


def figures(one: Labelled, model: LinkageModel, show: bool = False) -> dict[str, float]:
    """Precision, recall, F1 of the decided matches, ambiguous pairs left out; and what a review adds and costs."""
    score = model.probability(one.features)
    if one.lists is None:
        found = (score >= MATCH) & ~one.refused
        return _rates(int((found & one.truth).sum()), int(found.sum()), int(one.truth.sum()))
    lists, (pieces, possible) = one.lists, _in_context(one, score)
    belief = model.context.probability(pieces)
    decision = decide(one.pairs, score, belief, possible, one.features, load_costs(), many=lists.many)
    matched, asked = (
        {pair for pair, word in zip(lists.ids, decision, strict=True) if word == wanted} - lists.ambiguous
        for wanted in ("match", "review")
    )
    if show:
        _show(lists, belief, score, matched, asked)
    rates = _rates(len(matched & lists.true_pairs), len(matched), len(lists.true_pairs))
    reviewed = len((matched | asked) & lists.true_pairs) / len(lists.true_pairs)
    rows = len({a for a, _ in asked}) / len(lists.raw[0])
    return rates | {"R with review": reviewed, "rows asked": rows, "asked and true": _share(asked, lists.true_pairs)}


def _share(part: set[tuple[str, str]], whole: set[tuple[str, str]]) -> float:
    return len(part & whole) / max(len(part), 1)


def _rates(right: int, found: int, true: int) -> dict[str, float]:
    precision, recall = right / max(found, 1), right / true
    return {"P": precision, "R": recall, "F1": 2 * precision * recall / max(precision + recall, 1e-9)}


def _show(
    lists: TwoLists, belief: np.ndarray, score: np.ndarray, found: set[tuple[str, str]], asked: set[tuple[str, str]]
) -> None:
    left, right = (frame.set_index("id") for frame in lists.raw)
    said = dict(zip(lists.ids, zip(belief.round(3), score.round(3), strict=True), strict=True))
    columns = ["name", "address", "commune", "phone", "email", "latitude", "longitude"]
    missed = lists.true_pairs - found
    for word, wrong in (("missed", missed - asked), ("false", found - lists.true_pairs), ("asked", asked)):
        for a, b in sorted(wrong):
            sides = list(left.loc[a, columns]), list(right.loc[b, columns])
            print(word, (a, b) in lists.true_pairs, a, b, said.get((a, b), "no candidate"), *sides, sep=" | ")


def every_set() -> dict[str, Labelled]:
    """The labelled sets, and the generated places that teach beside them."""
    sets = {name: labelled_set(name, many) for name, many in SETS.items()}
    return sets | {"generated": generated_set(), "generated lists": generated_lists()}


def left_out(sets: Mapping[str, Labelled], *, show: bool = False) -> dict[str, dict[str, float]]:
    """Figures of each labelled set by the model of all others, thresholds being those of the costs."""
    scores = {}
    for name in SETS:
        model = fit([one for other, one in sets.items() if other != name])
        scores[name] = figures(sets[name], model, show)
    return scores


def main() -> None:
    """Figures with each set left out, then the model."""
    sets = every_set()
    sets |= {Path(path).name: ruled_set(Path(path)) for path in sys.argv[1:] if not path.startswith("--")}
    scores = left_out(sets, show="--show" in sys.argv)
    for name, found in scores.items():
        print(name, "left out:", *(f"{key} {value:.4f}" for key, value in found.items()))
    model = fit(list(sets.values()))
    print("generated, itself learned from:", figures(sets["generated"], model))
    content = {
        "kind": "two logistic regressions, signs constrained, silent evidence counts 0",
        "trained_on": {name: one.digest for name, one in sets.items()},
        "scores_left_out": {
            name: {key: round(value, 4) for key, value in found.items()} for name, found in scores.items()
        },
        "penalty": PENALTY,
        "penalty_in_context": PENALTY_IN_CONTEXT,
        "match": MATCH,
        "possible": POSSIBLE,
        "alone": {"intercept": model.alone.intercept, "coefficients": model.alone.coefficients},
        "context": {"intercept": model.context.intercept, "coefficients": model.context.coefficients},
    }
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    if "--check" in sys.argv:
        print(text)
    else:
        (ROOT / "fs_pipeline" / "data" / "linkage_model.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
