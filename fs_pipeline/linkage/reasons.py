"""Why two records were put together, as a person says it."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from fs_pipeline.data import read_csv
from fs_pipeline.french import NARROW, NO_BREAK, number
from fs_pipeline.linkage.local_words import LocalWord
from fs_pipeline.linkage.preparation import Positions

MOST_WORDS = 25
# Of what agrees, what is left out first where a sentence would be too long to be read.
_LEAST = ("hours", "distance", "commune", "siret", "domain", "email", "phone", "name", "address", "id", "label")
Said = dict[str, str]  # what it speaks of, and how it is said, in the order in which it is read


def reasons(
    left: pd.DataFrame,
    right: pd.DataFrame,
    pairs: tuple[Positions, Positions],
    features: pd.DataFrame,
    decision: npt.NDArray[np.object_],
    same_id: npt.NDArray[np.bool_],
    words: Iterable[LocalWord] = (),
    *,
    first: str = "",
) -> list[str]:
    """One French sentence a pair, of ``MOST_WORDS`` at most: what agrees, then what does not; and the local word by which
    the label was heard.

    Parameters
    ----------
    first
        What agrees on every pair, said before the rest.
    """
    services = (left["service"].to_numpy(object)[pairs[0]], right["service"].to_numpy(object)[pairs[1]])
    rows = features.to_dict("records")
    heard = [_local(frame, side, words) for frame, side in ((left, pairs[0]), (right, pairs[1]))]
    return [
        _sentence(row, word, bool(known), (one, two), first, here or there)
        for row, word, known, one, two, here, there in zip(rows, decision, same_id, *services, *heard, strict=True)
    ]


def words_in(text: str) -> int:
    """How many words a reader counts: what holds a letter or a figure, between any spaces."""
    return sum(any(letter.isalnum() for letter in word) for word in text.split())


def _local(frame: pd.DataFrame, side: Positions, words: Iterable[LocalWord]) -> list[str]:
    """For each record, by which local word it says the label, and on what ground; empty where it says it itself."""
    told = {(word.departement, word.phrase): _on_what_ground(word) for word in words}
    if not told:
        return [""] * len(side)
    keys = zip(*(frame[name].to_numpy(dtype=object)[side] for name in ("departement", "local")), strict=True)
    return [told.get(key, "") for key in keys]


def _on_what_ground(word: LocalWord) -> str:
    if not word.at_houses:
        return f"«{NO_BREAK}{word.phrase}{NO_BREAK}»{NO_BREAK}: France services, par décision"
    rows = f"{number(word.at_houses)} ligne{'s' if word.at_houses > 1 else ''}"
    verb = "sont des" if word.at_houses > 1 else "est une"
    return f"«{NO_BREAK}{word.phrase}{NO_BREAK}»{NO_BREAK}: {rows} de ce nom {verb} France services"


def _sentence(
    row: Mapping[Hashable, float],
    decision: object,
    same_id: bool,
    services: tuple[object, object],
    first: str,
    local: str,
) -> str:
    good: Said = ({"label": first} if first else {}) | ({"id": "même identifiant officiel"} if same_id else {})
    bad: Said = {}
    _name(row, good, bad)
    _address(row, good, bad)
    for field, words in (("phone", "téléphone"), ("siret", "SIRET")):
        if row[field] == 1:
            good[field] = f"même {words}"
        elif row[field] == 0:
            bad[field] = f"{words} différent"
    if row["email"] == 1:
        good["email"] = "même courriel"
    elif row["domain"] == 1:
        good["domain"] = "même domaine internet"
    if row["hours"] >= 0.95:
        good["hours"] = "mêmes horaires"
    if decision == "related":
        one, two = (_label(service) for service in services)
        named = "" if local else f" ({one} et {two})"
        bad = {"services": f"services distincts{named}{NO_BREAK}: l’un peut accueillir l’autre"}
    if decision == "review":
        bad["asked"] = "à vérifier"
    for least in _LEAST:
        if words_in(_joined(good, bad, local)) <= MOST_WORDS:
            break
        good.pop(least, None)
    return _joined(good, bad, local)


def _joined(good: Said, bad: Said, local: str) -> str:
    parts = [", ".join(good.values()) or "lieux voisins", ", ".join(bad.values()), local]
    return f"{NARROW}; ".join(filter(None, parts))


def _name(row: Mapping[Hashable, float], good: Said, bad: Said) -> None:
    own = row["core"] if not math.isnan(row["core"]) else row["name"]
    if own >= 0.97:
        good["name"] = "même nom"
    elif own >= 0.75:
        good["name"] = "noms proches"
    elif own < 0.6:
        bad["name"] = "noms différents"


def _address(row: Mapping[Hashable, float], good: Said, bad: Said) -> None:
    if row["street"] >= 0.9 and row["number"] == 1:
        good["address"] = "même adresse"
    elif row["street"] >= 0.9:
        good["address"] = "même rue"
    elif row["street"] < 0.5:
        bad["address"] = "rues différentes"
    if row["commune"] == 1:
        good["commune"] = "même commune"
    elif row["commune"] == 0:
        bad["commune"] = "communes différentes"
    if not math.isnan(row["distance"]):
        (good if row["distance"] < 1_000 else bad)["distance"] = _metres(row["distance"])


def _metres(metres: float) -> str:
    if metres < 1_000:
        return f"{int(round(metres, -1)) if metres >= 10 else int(metres)}{NO_BREAK}m"
    return f"{number(metres / 1_000, 1)}{NO_BREAK}km"


def _label(service: object) -> str:
    labels = {row["code"]: row["label_fr"] for row in read_csv("place_types.csv")}
    return labels.get(str(service), "autre lieu")
