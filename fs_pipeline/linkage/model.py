"""The probability that two records are one place: a logistic regression whose evidence adds up.

Each feature becomes pieces of evidence for and against; a silent feature contributes nothing. Signs are constrained, so
that agreeing more never lowers the probability. Coefficients are in ``data/linkage_model.json`` (tools/fit_linkage.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from fs_pipeline.data import path, read_csv

Values = npt.NDArray[np.float64]
MODEL_FILE = "linkage_model.json"


@dataclass(frozen=True, slots=True)
class Logistic:
    """Coefficients a piece of evidence, and the intercept."""

    coefficients: Mapping[str, float]
    intercept: float

    def probability(self, pieces: Mapping[str, Values]) -> Values:
        """Of each pair, from its pieces of evidence in 0..1."""
        size = len(next(iter(pieces.values()), np.empty(0)))
        total = np.full(size, self.intercept)
        for name, values in pieces.items():
            total += self.coefficients.get(name, 0.0) * values
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(total, -40, 40))))


@dataclass(frozen=True, slots=True)
class LinkageModel:
    """The probability of two records alone, then in context; ``match`` and ``possible`` are limits of the first."""

    alone: Logistic
    context: Logistic
    match: float
    possible: float

    def probability(self, features: pd.DataFrame) -> Values:
        """Probability of each pair of ``comparison.compare`` that it is one place, by its two records alone."""
        return self.alone.probability(evidence(features))


@dataclass(frozen=True, slots=True)
class Costs:
    """What an error and a question cost (``linkage_costs.csv``), and the probabilities from which each is worth it."""

    wrong_merge: float
    question: float
    miss: float

    @property
    def sure(self) -> float:
        """Above it merging costs less than asking, and asking less than leaving apart."""
        return max(1.0 - self.question / self.wrong_merge, self.wrong_merge / (self.wrong_merge + self.miss))

    @property
    def worth_asking(self) -> float:
        """Above it a miss would cost more than a clerk's minute."""
        return self.question / self.miss


@cache
def load_model() -> LinkageModel:
    """The shipped model."""
    content = json.loads(path(MODEL_FILE).read_text(encoding="utf-8"))
    stages = [Logistic(content[stage]["coefficients"], content[stage]["intercept"]) for stage in ("alone", "context")]
    return LinkageModel(stages[0], stages[1], content["match"], content["possible"])


@cache
def load_costs() -> Costs:
    """The shipped costs."""
    return Costs(**{row["name"]: float(row["cost"]) for row in read_csv("linkage_costs.csv")})


def evidence(features: pd.DataFrame) -> dict[str, Values]:
    """Pieces of evidence in 0..1, named ``feature+`` (for) and ``feature-`` (against); 0 where nothing is known."""
    column = {name: features[name].to_numpy(dtype=np.float64) for name in features.columns}
    pieces = _plain_evidence(column) | _combined_evidence(column)
    return {name: np.nan_to_num(np.clip(values, 0.0, 1.0), nan=0.0) for name, values in pieces.items()}


def _plain_evidence(column: Mapping[str, Values]) -> dict[str, Values]:
    """What each feature says by itself."""
    pieces: dict[str, Values] = {}
    for name in ("core", "own", "name", "street"):
        similarity = column[name]
        pieces[f"{name}+"] = (similarity - 0.6) / 0.4
        pieces[f"{name}++"] = (similarity - 0.9) / 0.1
        pieces[f"{name}-"] = (0.6 - similarity) / 0.4
    distance = column["distance"]
    for metres in (30, 150, 600):
        pieces[f"within {metres} m+"] = 1.0 - distance / metres
    pieces["apart-"] = np.log10(np.maximum(distance, 1.0) / 300.0) / 2.0
    for name in ("number", "commune", "phone", "email", "siret", "body"):
        pieces[f"{name}+"] = column[name]
        pieces[f"{name}-"] = 1.0 - column[name]
    pieces["domain+"] = column["domain"]  # a carrier has one site and a place another: no contradiction
    pieces["hours+"] = (column["hours"] - 0.6) / 0.4
    pieces["hours-"] = (0.6 - column["hours"]) / 0.6
    service = column["service"]
    pieces["family+"] = _where(service == 1.0)
    pieces["service+"] = _where(service == 0.75)
    pieces["one label-"] = _where(service == 0.5)
    pieces["service-"] = _where(service == 0.0)
    pieces["single+"] = column["single"]
    pieces["itinerant-"] = 1.0 - column["itinerant"]
    pieces["digits-"] = 1.0 - column["digits"]
    return pieces


def _combined_evidence(column: Mapping[str, Values]) -> dict[str, Values]:
    """What features say together."""
    pieces: dict[str, Values] = {}
    service, core = column["service"], column["core"]
    # Being the only one of its kind in a commune proves nothing against two contradictions: one closed, one opened.
    against = _where(core < 0.6) + _where(column["street"] < 0.6) + _where(column["phone"] < 0.6)
    here = _where(column["commune"] == 1.0) * (1.0 - against / 2.0)
    half = _where(column["plain"] == 0.5)
    family = _where(service == 1.0)
    pieces["plain+"] = _where(column["plain"] == 1.0) * here
    pieces["half plain-"] = half
    pieces["family, half plain-"] = half * family
    pieces["alone+"] = column["alone"] * (1.0 - against / 2.0)
    same_street = _where((column["street"] > 0.9) & (column["commune"] != 0.0))
    address = same_street * np.where(np.isnan(column["number"]), 0.5, column["number"])
    pieces["address+"] = address
    pieces["antenne-"] = (1.0 - column["antenne"]) * (1.0 - address)
    pieces["street, other number-"] = same_street * (1.0 - column["number"])
    # Two records of one family of services are told apart by where they are, unless their own names differ.
    kind = np.where(core < 0.75, 0.0, family)
    name = _where(np.fmax(core, 0.0) > 0.85)
    pieces["family, address+"] = family * address
    for word, which in (("kind", kind), ("name", name)):
        pieces[f"{word}, address+"] = which * address
        pieces[f"{word}, phone+"] = which * column["phone"]
        pieces[f"{word}, commune+"] = which * column["commune"]
    pieces["kind, point+"] = kind * (1.0 - column["distance"] / 150.0)
    return pieces


def _where(true: npt.NDArray[np.bool_]) -> Values:
    return np.where(true, 1.0, 0.0)


def sign(name: str) -> int:
    """1 where the piece may only speak for, -1 only against."""
    return 1 if name.endswith("+") else -1
