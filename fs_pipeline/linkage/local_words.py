"""The words by which a département calls the label's houses (« Point Info 14 »), learned from the lists themselves.

A phrase is learned where rows that bear it, and say nothing else of what they are, stand again and again at the address
of listed houses; at fewer addresses where the official list itself holds the phrase beside the label. Addresses and not
phones: a carrier's phone is shared. No labelled pair is needed, and people may refuse a word.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from fs_pipeline.linkage.naming import LABEL, LABELS, services_in, stock_words
from fs_pipeline.linkage.preparation import Positions, families, own_parts, says_digits

SHARE = (
    0.5  # of the rows with an address that stand at a house; from 0.4 to 0.8 the words of eight surveys are the same
)
_HOUSES, _HOUSES_OFFICIAL = 3, 2  # addresses of different houses, alone and with the official list's word
_OFFICIAL, _OWN = 3, 0.8  # records of one département, and the share of the phrase's records that are there
_ALMOST = 0.8  # of the houses of the phrase that stands at most of them
_SAME_POINT_M = 50.0
_SHORTEST = 3  # letters of initials
_LONGEST = 4  # words of a phrase


@dataclass(frozen=True, slots=True)
class LocalWord:
    """A phrase that means the label in one département.

    Attributes
    ----------
    rows, at_houses
        Survey rows that bear it and give an address, and those of them at the address of a listed house.
    official
        Records of the official list that hold it beside the label.
    """

    departement: str
    phrase: str
    rows: int
    at_houses: int
    official: int


def learn_local_words(
    survey: pd.DataFrame,
    listed: pd.DataFrame,
    pairs: tuple[Positions, Positions],
    features: pd.DataFrame,
    refused: Collection[tuple[str, str]] = (),
) -> tuple[LocalWord, ...]:
    """The words that two prepared lists teach, by département; none unless the second is mostly the label's own.

    Parameters
    ----------
    pairs, features
        As ``blocking.candidate_pairs`` and ``comparison.compare`` give.
    refused
        Département and phrase of the words that people refused; with a phrase go its parts.
    """
    if not teaches(survey, listed):
        return ()
    house = _house_of_each(survey, listed, pairs, features)
    silent = survey["service"].isna() & survey["body"].isna() & survey["name"].notna() & survey["departement"].notna()
    told = silent & survey["street"].notna()
    official = _official_phrases(listed)
    towns = set(listed["town"].dropna()) | set(survey["town"].dropna())
    words: list[LocalWord] = []
    for departement, rows in survey[told].groupby("departement", sort=True):
        bearing: dict[str, list[int]] = {}
        for position, name, communes in zip(rows.index, rows["name"], rows["communes"], strict=True):
            for phrase in _phrases(name, communes or ""):
                bearing.setdefault(phrase, []).append(int(position))
        known = {phrase for phrase in bearing.keys() - towns if not is_refused(str(departement), phrase, refused)}
        words += _chosen(str(departement), {phrase: bearing[phrase] for phrase in sorted(known)}, house, official)
    return tuple(words)


def teaches(survey: pd.DataFrame, listed: pd.DataFrame) -> bool:
    """Whether two prepared lists may teach words: the second is mostly the label's own."""
    return len(survey) > 0 and len(listed) > 0 and bool(listed["service"].isin(LABELS).mean() > 0.5)


def is_refused(departement: str, phrase: str, refused: Collection[tuple[str, str]]) -> bool:
    """Whether people refused a phrase in a département, or a longer one of which it is a part."""
    return any(place == departement and f" {phrase} " in f" {said} " for place, said in refused)


def hear_local_words(rows: pd.DataFrame, words: Iterable[LocalWord]) -> pd.DataFrame:
    """Prepared rows in which a local word says the label; ``local`` names the word that was heard, None elsewhere.

    A row that says of itself that it is something else (a town hall, a youth desk) stays what it is.
    """
    heard = rows.assign(local=pd.Series([None] * len(rows), index=rows.index, dtype=object))
    label = LABEL.replace("_", " ")
    for word in words:
        form = re.compile(rf"\b(?:{'|'.join(map(re.escape, forms_of(word.phrase)))})\b")
        held = rows["departement"].eq(word.departement) & rows["name"].map(lambda name, it=form: _says(it, name))
        labelled = heard["service"].isin(LABELS)
        free = heard["family"].isna() & heard["body"].isna()
        where = np.flatnonzero(held & (labelled | free))
        if not len(where):
            continue
        names = [form.sub(label, name).replace(f"{label} {label}", label) for name in heard["name"].iloc[where]]
        heard.loc[heard.index[where], "name"] = names
        heard.loc[heard.index[np.flatnonzero(held & free)], ["local", "service", "family"]] = [
            word.phrase, LABEL, families()[LABEL],
        ]  # fmt: skip
        part = heard.iloc[where]
        for column, values in own_parts(part["name"], part["communes"]).items():
            heard.loc[part.index, column] = pd.Series(values, index=part.index, dtype=object)
        heard.loc[part.index, "digits"] = pd.Series(map(says_digits, part["name"]), index=part.index, dtype=object)
        said = [services_in(service, name) for service, name in zip(part["service"], part["name"], strict=True)]
        heard.loc[part.index, "services"] = pd.Series(said, index=part.index, dtype=object)
    return heard


def forms_of(phrase: str) -> list[str]:
    """How a phrase is said: whole, without the stock words round it, in initials (« PI 14 »); the longest first."""
    words = phrase.split()
    own = [place for place, word in enumerate(words) if word not in stock_words()]
    letters = "".join(word[0] for word in words if not word.isdigit())
    figures = [word for word in words if word.isdigit()]
    initials = [letters + "".join(figures), " ".join([letters, *figures])]
    found = {phrase, " ".join(words[own[0] : own[-1] + 1])} if own else {phrase}
    found |= {each for each in initials if len(letters) > 1 and len(each) >= _SHORTEST}
    return sorted(found, key=lambda form: (-len(form), form))


def _house_of_each(
    survey: pd.DataFrame, listed: pd.DataFrame, pairs: tuple[Positions, Positions], features: pd.DataFrame
) -> npt.NDArray[np.int64]:
    """Position of a listed house at whose very address each row stands; -1 where there is none."""
    street, number = features["street"], features["number"]
    address = (street >= 0.9) & (number != 0)
    point = (features["distance"] <= _SAME_POINT_M) & (number != 0) & ~(street < 0.5)
    same = (features["commune"] == 1) & (address | point)
    labelled = listed["service"].isin(LABELS).to_numpy()[pairs[1]]
    found = np.full(len(survey), -1, dtype=np.int64)
    at = np.flatnonzero(same.to_numpy() & labelled)
    found[pairs[0][at]] = pairs[1][at]
    return found


def _chosen(
    departement: str,
    bearing: dict[str, list[int]],
    house: npt.NDArray[np.int64],
    official: dict[tuple[str, str], int],
) -> list[LocalWord]:
    """The phrases that stand at houses, the one that says most first, each judged on what the others leave."""
    words: list[LocalWord] = []
    left = {position for positions in bearing.values() for position in positions}
    while True:
        judged: list[tuple[int, LocalWord]] = []
        for phrase, positions in bearing.items():
            rows = [position for position in positions if position in left]
            houses = [int(house[position]) for position in rows if house[position] >= 0]
            word = LocalWord(departement, phrase, len(rows), len(houses), official.get((departement, phrase), 0))
            least = _HOUSES_OFFICIAL if word.official else _HOUSES
            if len(set(houses)) >= least and len(houses) >= SHARE * len(rows):
                judged.append((len(houses), word))
        if not judged:
            return words
        most = max(houses for houses, _ in judged)
        chosen = max((word for houses, word in judged if houses >= _ALMOST * most), key=_says_most)
        words.append(chosen)
        left -= set(bearing.pop(chosen.phrase))


def _says_most(word: LocalWord) -> tuple[bool, int, int, str]:
    """Of phrases that stand at almost the same houses: what the official list says too, then what is most its own."""
    words = word.phrase.split()
    return word.official > 0, sum(part not in stock_words() for part in words), len(words), word.phrase


def _official_phrases(listed: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Département and phrase -> labelled records that hold it, where it is that département's own."""
    rows = listed[listed["service"].isin(LABELS) & listed["name"].notna() & listed["departement"].notna()]
    counts: dict[str, dict[str, int]] = {}
    for name, communes, departement in zip(rows["name"], rows["communes"], rows["departement"], strict=True):
        for phrase in _phrases(name, communes or ""):
            here = counts.setdefault(phrase, {})
            here[departement] = here.get(departement, 0) + 1
    return {
        (departement, phrase): count
        for phrase, here in counts.items()
        for departement, count in here.items()
        if count >= _OFFICIAL and count >= _OWN * sum(here.values())
    }


def _phrases(name: str, communes: str) -> set[str]:
    """Runs of words of a name that may be a word for the label: no word of its commune, one at least that is its own."""
    town, words = set(communes.replace("|", " ").split()), name.split()
    found: set[str] = set()
    for start in range(len(words)):
        for end in range(start + 1, min(start + _LONGEST, len(words)) + 1):
            part = words[start:end]
            own = [word for word in part if word not in stock_words() and not word.isdigit()]
            short = len(part) == 1 and len(part[0]) < 4
            if own and not short and not town & set(part) and part[0] not in LITTLE and part[-1] not in LITTLE:
                found.add(" ".join(part))
    return found


LITTLE = frozenset(["de", "du", "des", "d", "la", "le", "les", "l", "a", "au", "aux", "en", "et", "sur", "pour"])


def _says(form: re.Pattern[str], name: object) -> bool:
    return isinstance(name, str) and bool(form.search(name))
