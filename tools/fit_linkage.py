"""Fit fs_pipeline/data/linkage_model.json on the labelled sets: `python tools/fit_linkage.py [--check]`.

Out-of-fold figures are printed first: folds are of whole communes, so that no place is on both sides. `--check` writes
nothing.
"""

from __future__ import annotations

import json
import os
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from fs_pipeline.linkage.blocking import candidate_pairs
from fs_pipeline.linkage.comparison import compare, vetoed
from fs_pipeline.linkage.decisions import decide
from fs_pipeline.linkage.io import read_list
from fs_pipeline.linkage.model import LinkageModel, evidence, sign
from fs_pipeline.linkage.preparation import prepare
from fs_pipeline.territory.model import load_territory

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("FS_DATA_DIR", ROOT.parent / "shared" / "data")) / "linkage"
SETS = {"fs-2020-2022": False, "normandie-fs-2022": True}
FOLDS, PENALTY, MATCH, REVIEW = 5, 0.3, 0.5, 0.1


@dataclass(frozen=True)
class Labelled:
    """One labelled set, compared."""

    many: bool
    left: pd.DataFrame
    right: pd.DataFrame
    raw: tuple[pd.DataFrame, pd.DataFrame]
    pairs: tuple[np.ndarray, np.ndarray]
    features: pd.DataFrame
    veto: np.ndarray
    truth: np.ndarray
    scored: np.ndarray
    fold: np.ndarray
    true_pairs: set[tuple[str, str]]
    ambiguous: set[tuple[str, str]]


def load(name: str, many: bool) -> Labelled:
    """Read and compare one set."""
    folder, territory = DATA / name, load_territory()
    raw = read_list(folder / "left.csv"), read_list(folder / "right.csv")
    left, right = (prepare(frame, territory) for frame in raw)
    pairs = candidate_pairs(left, right)
    ids = list(zip(raw[0]["id"].to_numpy()[pairs[0]], raw[1]["id"].to_numpy()[pairs[1]], strict=True))
    labels = [
        set(pd.read_csv(folder / file, dtype=str).itertuples(index=False, name=None))
        for file in ("truth.csv", "ambiguous.csv")
    ]
    fold = np.array([zlib.crc32(str(insee).encode()) % FOLDS for insee in left["insee"]])[pairs[0]]
    return Labelled(
        many, left, right, raw, pairs, compare(left, right, pairs), vetoed(left, right, pairs),
        np.array([pair in labels[0] for pair in ids]), np.array([pair not in labels[1] for pair in ids]), fold, *labels,
    )  # fmt: skip


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
        loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2000}
    )
    coefficients = {name: round(float(value), 4) for name, value in zip(names, best.x, strict=False)}
    return LinkageModel(coefficients, round(float(best.x[-1]), 4), MATCH, REVIEW)


def figures(one: Labelled, probability: np.ndarray, show: bool = False) -> tuple[float, float, float]:
    """Precision, recall, F1 of the decided matches, ambiguous pairs left out."""
    model = LinkageModel({}, 0.0, MATCH, REVIEW)
    decision = decide(one.pairs, probability, one.veto, one.features, model, many=one.many)
    ids = zip(one.raw[0]["id"].to_numpy()[one.pairs[0]], one.raw[1]["id"].to_numpy()[one.pairs[1]], strict=True)
    found = {pair for pair, word in zip(ids, decision, strict=True) if word == "match"} - one.ambiguous
    right = len(found & one.true_pairs)
    if show:
        _show(one, probability, found)
    precision, recall = right / max(len(found), 1), right / len(one.true_pairs)
    return precision, recall, 2 * precision * recall / (precision + recall)


def _show(one: Labelled, probability: np.ndarray, found: set[tuple[str, str]]) -> None:
    left, right = (frame.set_index("id") for frame in one.raw)
    ids = zip(one.raw[0]["id"].to_numpy()[one.pairs[0]], one.raw[1]["id"].to_numpy()[one.pairs[1]], strict=True)
    score = dict(zip(ids, probability, strict=True))
    columns = ["name", "address", "commune", "phone", "email", "latitude", "longitude"]
    for word, wrong in (("missed", one.true_pairs - found), ("false", found - one.true_pairs)):
        for a, b in sorted(wrong):
            print(
                word,
                a,
                b,
                round(score.get((a, b), -1), 3),
                list(left.loc[a, columns]),
                list(right.loc[b, columns]),
                sep=" | ",
            )


def _print_figures(name: str, how: str, figures: tuple[float, float, float]) -> None:
    precision, recall, f1 = figures
    print(f"{name} {how:<12} P {precision:.4f} R {recall:.4f} F1 {f1:.4f}")


def main() -> None:
    """Out-of-fold figures, then the model."""
    sets = {name: load(name, many) for name, many in SETS.items()}
    weights = dict.fromkeys(SETS, 1.0)
    usable = {name: one.scored & ~one.veto for name, one in sets.items()}
    out = {name: np.zeros(len(one.truth)) for name, one in sets.items()}
    for fold in range(FOLDS):
        parts = [
            (one.features[keep], one.truth[keep], weights[name])
            for name, one in sets.items()
            for keep in [usable[name] & (one.fold != fold)]
        ]
        model = fit(parts)
        for name, one in sets.items():
            held = one.fold == fold
            out[name][held] = model.probability(one.features[held])
    for name, one in sets.items():
        _print_figures(name, "out of fold", figures(one, out[name], "--show" in sys.argv))
    _calibration(sets, out)
    model = fit([(one.features[usable[name]], one.truth[usable[name]], weights[name]) for name, one in sets.items()])
    for name, one in sets.items():
        _print_figures(name, "in sample", figures(one, model.probability(one.features)))
    content = {
        "kind": "logistic regression, signs constrained, silent features count 0",
        "fitted_on": sorted(SETS),
        "penalty": PENALTY,
        "match": MATCH,
        "review": REVIEW,
        "intercept": model.intercept,
        "coefficients": model.coefficients,
    }
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    print(text)
    if "--check" not in sys.argv:
        (ROOT / "fs_pipeline" / "data" / "linkage_model.json").write_text(text, encoding="utf-8")


def _calibration(sets: dict[str, Labelled], out: dict[str, np.ndarray]) -> None:
    truth = np.concatenate([one.truth[one.scored & ~one.veto] for one in sets.values()])
    score = np.concatenate([out[name][one.scored & ~one.veto] for name, one in sets.items()])
    for low, high in ((0, 0.1), (0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01)):
        inside = (score >= low) & (score < high)
        if inside.any():
            print(f"said {score[inside].mean():.3f} true {truth[inside].mean():.3f} pairs {inside.sum()}")


if __name__ == "__main__":
    main()
