"""Fit fs_pipeline/data/linkage_model.json on labelled pairs: `python -m tools.fit_linkage [--check] [--show] [RULINGS.csv]`.

Out-of-fold figures are printed first: folds are of whole communes, so that no place is on both sides. The labelled sets
teach what real lists look like, generated places (benchmarks/generated_places.py) what several services at one address
look like, and rulings, exported by `fs-pipeline rulings export`, what people decided. `--check` writes nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from benchmarks.generated_places import generate, places_of_france
from fs_pipeline.linkage.blocking import candidate_pairs
from fs_pipeline.linkage.comparison import compare, vetoed
from fs_pipeline.linkage.decisions import decide
from fs_pipeline.linkage.io import read_list
from fs_pipeline.linkage.model import LinkageModel, evidence, sign
from fs_pipeline.linkage.preparation import prepare
from fs_pipeline.linkage.rulings import as_pairs, read_rulings
from fs_pipeline.territory.shipped import load_territory

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("FS_DATA_DIR", ROOT.parent / "shared" / "data"))
SETS = {"fs-2020-2022": False, "normandie-fs-2022": True}
FOLDS, PENALTY, MATCH, MATCH_UNRIVALLED, REVIEW = 5, 3.0, 0.5, 0.3, 0.03
GENERATED, SEED, WEIGHT_OF_GENERATED = 30_000, 7, 0.3


@dataclass(frozen=True)
class Labelled:
    """Compared pairs with their truth; ``lists`` is None where they are not those of two whole lists."""

    features: pd.DataFrame
    veto: np.ndarray
    truth: np.ndarray
    scored: np.ndarray
    fold: np.ndarray
    weight: float
    digest: str
    lists: TwoLists | None = None

    @property
    def usable(self) -> np.ndarray:
        """Pairs to learn from: labelled, and not refused before any model is asked."""
        return self.scored & ~self.veto


@dataclass(frozen=True)
class TwoLists:
    """What is needed to decide on the pairs of two lists."""

    many: bool
    pairs: tuple[np.ndarray, np.ndarray]
    raw: tuple[pd.DataFrame, pd.DataFrame]
    ids: list[tuple[str, str]]
    true_pairs: set[tuple[str, str]]
    ambiguous: set[tuple[str, str]]


def labelled_set(name: str, many: bool) -> Labelled:
    """Read and compare one set of ../shared/data/linkage's shape."""
    folder, territory = DATA / "linkage" / name, load_territory()
    raw = read_list(folder / "left.csv"), read_list(folder / "right.csv")
    left, right = (prepare(frame, territory) for frame in raw)
    pairs = candidate_pairs(left, right)
    ids = list(zip(raw[0]["id"].to_numpy()[pairs[0]], raw[1]["id"].to_numpy()[pairs[1]], strict=True))
    true_pairs, ambiguous = (
        set(pd.read_csv(folder / file, dtype=str).itertuples(index=False, name=None))
        for file in ("truth.csv", "ambiguous.csv")
    )
    return Labelled(
        features=compare(left, right, pairs),
        veto=vetoed(left, right, pairs),
        truth=np.array([pair in true_pairs for pair in ids]),
        scored=np.array([pair not in ambiguous for pair in ids]),
        fold=_folds(left)[pairs[0]],
        weight=1.0,
        digest=_digest(*((folder / file).read_bytes() for file in ("left.csv", "right.csv", "truth.csv"))),
        lists=TwoLists(many, pairs, raw, ids, true_pairs, ambiguous),
    )


def generated_set() -> Labelled:
    """Doubles inside one generated list."""
    made = generate(places_of_france(DATA), GENERATED, SEED)
    rows = prepare(made.records, load_territory())
    pairs = candidate_pairs(rows)
    place = made.records["id"].map(made.place).to_numpy()
    return Labelled(
        features=compare(rows, rows, pairs),
        veto=vetoed(rows, rows, pairs),
        truth=place[pairs[0]] == place[pairs[1]],
        scored=np.ones(len(pairs[0]), dtype=bool),
        fold=_folds(rows)[pairs[0]],
        weight=WEIGHT_OF_GENERATED,
        digest=_digest(made.records.to_csv(index=False).encode()),
    )


def ruled_set(path: Path) -> Labelled:
    """What people decided, each pair on its own."""
    left, right, same = as_pairs(read_rulings(path))
    one, two = (prepare(frame, load_territory()) for frame in (left, right))
    pairs = (np.arange(len(one)), np.arange(len(two)))
    return Labelled(
        features=compare(one, two, pairs),
        veto=vetoed(one, two, pairs),
        truth=same,
        scored=np.ones(len(same), dtype=bool),
        fold=_folds(one),
        weight=1.0,
        digest=_digest(path.read_bytes()),
    )


def _folds(rows: pd.DataFrame) -> np.ndarray:
    return np.array([zlib.crc32(str(insee).encode()) % FOLDS for insee in rows["insee"]], dtype=np.int64)


def _digest(*contents: bytes) -> str:
    return hashlib.sha256(b"".join(contents)).hexdigest()


def fit(parts: list[tuple[pd.DataFrame, np.ndarray, float]]) -> LinkageModel:
    """Penalised logistic regression with constrained signs; each part has its weight."""
    frames = [evidence(features) for features, _, _ in parts]
    names = list(frames[0])
    matrix = np.concatenate([np.column_stack([frame[name] for name in names]) for frame in frames])
    truth = np.concatenate([labels for _, labels, _ in parts]).astype(float)
    weight = np.concatenate([np.full(len(labels), each) for _, labels, each in parts])

    def loss(beta: np.ndarray) -> tuple[float, np.ndarray]:
        total = matrix @ beta[:-1] + beta[-1]
        cost = np.sum(weight * (np.logaddexp(0, total) - truth * total)) + PENALTY / 2 * beta[:-1] @ beta[:-1]
        error = weight * (1 / (1 + np.exp(-np.clip(total, -40, 40))) - truth)
        return float(cost), np.append(matrix.T @ error + PENALTY * beta[:-1], error.sum())

    bounds = [(0, None) if sign(name) > 0 else (None, 0) for name in names] + [(None, None)]
    best = minimize(
        loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 3000}
    )
    coefficients = {name: round(float(value), 4) for name, value in zip(names, best.x, strict=False)}
    return LinkageModel(coefficients, round(float(best.x[-1]), 4), MATCH, MATCH_UNRIVALLED, REVIEW)


def fit_without(name: str, sets: Mapping[str, Labelled]) -> LinkageModel:
    """The model of all sets but one, whose figures on that one are then of a set it never saw."""
    return fit(
        [(one.features[one.usable], one.truth[one.usable], one.weight) for other, one in sets.items() if other != name]
    )


def figures(one: Labelled, probability: np.ndarray, show: bool = False) -> dict[str, float]:
    """Precision, recall, F1 of the decided matches, ambiguous pairs left out; and what a review adds and costs."""
    if one.lists is None:
        found = (probability >= MATCH) & ~one.veto
        right, all_found, all_true = int((found & one.truth).sum()), int(found.sum()), int(one.truth.sum())
        return _rates(right, all_found, all_true)
    lists = one.lists
    model = LinkageModel({}, 0.0, MATCH, MATCH_UNRIVALLED, REVIEW)
    decision = decide(lists.pairs, probability, one.veto, one.features, model, many=lists.many)
    matched, asked = (
        {pair for pair, word in zip(lists.ids, decision, strict=True) if word == wanted} - lists.ambiguous
        for wanted in ("match", "review")
    )
    if show:
        _show(lists, probability, matched)
    rates = _rates(len(matched & lists.true_pairs), len(matched), len(lists.true_pairs))
    reviewed = len((matched | asked) & lists.true_pairs) / len(lists.true_pairs)
    return rates | {"R with review": reviewed, "left rows to review": len({a for a, _ in asked}) / len(lists.raw[0])}


def _rates(right: int, found: int, true: int) -> dict[str, float]:
    precision, recall = right / max(found, 1), right / true
    return {"P": precision, "R": recall, "F1": 2 * precision * recall / (precision + recall)}


def _show(lists: TwoLists, probability: np.ndarray, found: set[tuple[str, str]]) -> None:
    left, right = (frame.set_index("id") for frame in lists.raw)
    score = dict(zip(lists.ids, probability, strict=True))
    columns = ["name", "address", "commune", "phone", "email", "latitude", "longitude"]
    for word, wrong in (("missed", lists.true_pairs - found), ("false", found - lists.true_pairs)):
        for a, b in sorted(wrong):
            sides = list(left.loc[a, columns]), list(right.loc[b, columns])
            print(word, a, b, round(score.get((a, b), -1), 3), *sides, sep=" | ")


def main() -> None:
    """Out-of-fold figures, then the model."""
    sets = {name: labelled_set(name, many) for name, many in SETS.items()} | {"generated": generated_set()}
    sets |= {Path(path).name: ruled_set(Path(path)) for path in sys.argv[1:] if not path.startswith("--")}
    out = {name: np.zeros(len(one.truth)) for name, one in sets.items()}
    for fold in range(FOLDS):
        kept = {name: one.usable & (one.fold != fold) for name, one in sets.items()}
        model = fit([(one.features[kept[name]], one.truth[kept[name]], one.weight) for name, one in sets.items()])
        for name, one in sets.items():
            held = one.fold == fold
            out[name][held] = model.probability(one.features[held])
    scores = {name: figures(one, out[name], "--show" in sys.argv) for name, one in sets.items() if one.truth.any()}
    for name, found in scores.items():
        print(name, "out of fold:", *(f"{key} {value:.4f}" for key, value in found.items()))
    _calibration(sets, out)
    model = fit([(one.features[one.usable], one.truth[one.usable], one.weight) for one in sets.values()])
    content = {
        "kind": "logistic regression, signs constrained, silent features count 0",
        "trained_on": {name: one.digest for name, one in sets.items()},
        "scores_out_of_fold": {name: _rounded(found) for name, found in scores.items()},
        "penalty": PENALTY,
        "match": MATCH,
        "match_unrivalled": MATCH_UNRIVALLED,
        "review": REVIEW,
        "intercept": model.intercept,
        "coefficients": model.coefficients,
    }
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    print(text)
    if "--check" not in sys.argv:
        (ROOT / "fs_pipeline" / "data" / "linkage_model.json").write_text(text, encoding="utf-8")


def _rounded(found: Mapping[str, float]) -> dict[str, float]:
    return {key: round(value, 4) for key, value in found.items()}


def _calibration(sets: dict[str, Labelled], out: dict[str, np.ndarray]) -> None:
    for name, one in sets.items():
        truth, score = one.truth[one.usable], out[name][one.usable]
        for low, high in ((0, 0.1), (0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01)):
            inside = (score >= low) & (score < high)
            if inside.any():
                said, true = score[inside].mean(), truth[inside].mean()
                print(f"{name}: said {said:.3f}, true {true:.3f}, pairs {inside.sum()}")


if __name__ == "__main__":
    main()
