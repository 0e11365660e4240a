"""The probability that two records are one place: a logistic regression whose evidence adds up.

Each feature becomes pieces of evidence for and against; a silent feature contributes nothing. Signs are constrained, so
that agreeing more never lowers the probability. Coefficients are in ``data/linkage_model.json`` (tools/fit_linkage.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
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
    match_unrivalled: float
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
    return LinkageModel(**{field.name: content[field.name] for field in fields(LinkageModel)})


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
    for name in ("number", "commune", "phone", "email", "domain", "siret"):
        pieces[f"{name}+"] = column[name]
        pieces[f"{name}-"] = 1.0 - column[name]
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
    pieces["type antenne-"] = (1.0 - column["type_antenne"]) * (1.0 - address)
    pieces["type itinerant-"] = (1.0 - column["type_itinerant"]) * (1.0 - address)
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
