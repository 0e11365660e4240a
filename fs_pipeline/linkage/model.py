"""The probability that two records are one place: a logistic regression whose evidence adds up.

Each feature becomes pieces of evidence for and against; a silent feature contributes nothing. Signs are constrained, so
that agreeing more never lowers the probability. Coefficients are in ``data/linkage_model.json`` (tools/fit_linkage.py).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from fs_pipeline.data import path

Values = npt.NDArray[np.float64]
MODEL_FILE = "linkage_model.json"


@dataclass(frozen=True, slots=True)
class LinkageModel:
    """Coefficients a piece of evidence, the intercept, and where a person is asked."""

    coefficients: dict[str, float]
    intercept: float
    match: float
    review: float

    def probability(self, features: pd.DataFrame) -> Values:
        """Calibrated probability of each pair of ``comparison.compare``."""
        pieces = evidence(features)
        total = np.full(len(features), self.intercept)
        for name, values in pieces.items():
            total += self.coefficients.get(name, 0.0) * values
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(total, -40, 40))))


@cache
def load_model() -> LinkageModel:
    """The shipped model."""
    content = json.loads(path(MODEL_FILE).read_text(encoding="utf-8"))
    return LinkageModel(content["coefficients"], content["intercept"], content["match"], content["review"])


def evidence(features: pd.DataFrame) -> dict[str, Values]:
    """Pieces of evidence in 0..1, named ``feature+`` (for) and ``feature-`` (against); 0 where nothing is known."""
    pieces: dict[str, Values] = {}

    def column(name: str) -> Values:
        return features[name].to_numpy(dtype=np.float64)

    def add(name: str, values: Values) -> None:
        pieces[name] = np.nan_to_num(np.clip(values, 0.0, 1.0), nan=0.0)

    for name in ("core", "name", "street"):
        similarity = column(name)
        add(f"{name}+", (similarity - 0.6) / 0.4)
        add(f"{name}++", (similarity - 0.9) / 0.1)
        add(f"{name}-", (0.6 - similarity) / 0.4)
    distance = column("distance")
    for metres in (30, 150, 600):
        add(f"within {metres} m+", np.where(np.isnan(distance), np.nan, 1.0 - distance / metres))
    add("apart-", np.log10(np.maximum(distance, 1.0) / 300.0) / 2.0)
    for name in ("number", "commune", "phone", "email", "domain", "siret"):
        agreement = column(name)
        add(f"{name}+", agreement)
        add(f"{name}-", 1.0 - agreement)
    hours = column("hours")
    add("hours+", (hours - 0.6) / 0.4)
    add("hours-", (0.6 - hours) / 0.6)
    service = column("service")
    add("service+", np.where(service == 1.0, 1.0, 0.0))
    add("one label-", np.where(service == 0.5, 1.0, 0.0))
    add("service-", np.where(service == 0.0, 1.0, 0.0))
    add("itinerant-", 1.0 - column("itinerant"))
    add("antenne-", 1.0 - column("antenne"))
    add("digits-", 1.0 - column("digits"))
    same_street = np.where(column("street") > 0.9, 1.0, 0.0)
    add("street and number+", same_street * np.nan_to_num(column("number")))
    return pieces


def sign(name: str) -> int:
    """1 where the piece may only speak for, -1 only against."""
    return 1 if name.endswith("+") else -1
