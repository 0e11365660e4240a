"""The records of one slot put together: which pairs are one place, which house one another, which places there are.

Which value wins is golden.py's work, and which id a place keeps is registry.py's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz

from fs_pipeline.data import read_csv
from fs_pipeline.linkage.label_column import label_in_column, label_in_name, links_by_column
from fs_pipeline.linkage.link import learned_words, link_prepared, link_within_prepared
from fs_pipeline.linkage.local_words import LocalWord
from fs_pipeline.linkage.naming import label_in
from fs_pipeline.linkage.preparation import families, prepare, standing_alone
from fs_pipeline.linkage.word_memory import WordMemory
from fs_pipeline.national.links import SURVEY, compared_lists, source_links
from fs_pipeline.territory.model import Territory
from fs_pipeline.values.phones import own_numbers
from fs_pipeline.values.streets import read_street

LABEL = "france_services"
_PLAIN_DOUBLE = 0.9  # whoever writes a list knows its rows: two of them are two places unless it is plain
_CERTAIN = 1.0  # a person's word
_OTHER_STREET = 60.0  # of 100, how alike two streets are at most
_WORTH_A_QUESTION = 0.1  # below one chance in ten a clerk would say no all day, and stop reading
PAIR_COLUMNS = ("left", "right", "score", "decision", "reason")


@dataclass(frozen=True, slots=True)
class Gathered:
    """Where each record went: ``place`` is -1 for a record that is no place here; ``host`` is a place's host or -1."""

    place: npt.NDArray[np.int64]  # one a record
    host: npt.NDArray[np.int64]  # one a place


def worth_linking(records: pd.DataFrame) -> pd.DataFrame:
    """The records without the listed town halls of communes where nothing is declared nor labelled."""
    core = records["source"].isin([SURVEY, LABEL])
    near = records["insee"].isin(set(records.loc[core, "insee"].dropna()))
    hall = (records["service_type"] == "mairie") & ~core
    return records[~hall | near].reset_index(drop=True)


def match_records(records: pd.DataFrame, territory: Territory) -> pd.DataFrame:
    """The pairs of ``match_with_words`` where nothing is remembered."""
    return match_with_words(records, territory, WordMemory())[0]


def match_with_words(
    records: pd.DataFrame, territory: Territory, memory: WordMemory
) -> tuple[pd.DataFrame, tuple[LocalWord, ...]]:
    """The pairs of a slot's records that are a match, to review or related; and the local words that they taught.

    Parameters
    ----------
    records
        As ``records.gather_records`` gives.
    memory
        The words that the département remembers, which are heard beside those that are learned.

    Returns
    -------
    DataFrame
        ``PAIR_COLUMNS``; ``left`` and ``right`` are positions in `records`.
    """
    learned: tuple[LocalWord, ...] = ()
    prepared = prepare(records.assign(service_type=_services(records)), territory)
    # What a list says of its own entries is sure; what a survey's words say is only heard.
    told = (records["source"] != SURVEY) & prepared["family"].isna()
    prepared["family"] = prepared["family"].where(~told, records["service_type"])
    where = {source: np.flatnonzero(records["source"] == source) for source in records["source"].unique()}
    lists = {source: prepared.iloc[positions].reset_index(drop=True) for source, positions in where.items()}
    found = []
    if SURVEY in lists:
        doubles = _plain_doubles(link_within_prepared(lists[SURVEY]), lists[SURVEY])
        found.append(_placed(doubles, where[SURVEY], where[SURVEY]))
    for left, right in compared_lists():
        if left.source in lists and right.source in lists:
            # Whichever repeats its places is the one whose every row is linked; of two, the survey.
            one, two = (right, left) if right.repeats and not left.repeats else (left, right)
            words = None
            if (one.source, two.source) == (SURVEY, LABEL):
                learned = learned_words(lists[SURVEY], lists[LABEL], memory.refused)
                words = memory.with_learned(learned)
            pairs = link_prepared(
                lists[one.source], lists[two.source], many=one.repeats, least=_WORTH_A_QUESTION, words=words
            )
            placed = _placed(pairs, where[one.source], where[two.source])
            if (one.source, two.source) == (SURVEY, LABEL):
                placed = _with_column(placed, records, lists[LABEL], where[LABEL], territory)
            found.append(placed)
    filled = [pairs for pairs in found if len(pairs)]
    if not filled:
        return pd.DataFrame(columns=list(PAIR_COLUMNS)), learned
    pairs = pd.concat(filled, ignore_index=True)
    idle = (pairs["decision"] == "review") & (pairs["score"] < _WORTH_A_QUESTION)
    return pairs[~idle].reset_index(drop=True), learned


def _services(records: pd.DataFrame) -> pd.Series:
    """The service of each record: a survey's name that says the label is believed before the type that its row gives."""
    heard = records["name"].map(label_in, na_action="ignore").where(records["source"] == SURVEY)
    return heard.where(heard.notna(), records["service_type"])


def _with_column(
    pairs: pd.DataFrame,
    records: pd.DataFrame,
    listed: pd.DataFrame,
    where: npt.NDArray[np.int64],
    territory: Territory,
) -> pd.DataFrame:
    """The pairs of the survey's rows with the label's own list, and in their stead what its column of labels says."""
    own = pairs[pairs["decision"] == "match"]
    column, said = label_in_column(records), label_in_name(records) & (records["source"] == SURVEY).to_numpy()
    settled = np.isin(np.arange(len(records)), pairs.loc[pairs["decision"] != "related", "left"])
    rows = np.flatnonzero((column | said) & ~settled)
    if not len(rows):
        return pairs
    taken = np.flatnonzero(np.isin(where, own["right"])).tolist()
    told = links_by_column(records.iloc[rows].reset_index(drop=True), column[rows], listed, set(taken), territory)
    both = pd.concat([pairs, _placed(told, rows, where)], ignore_index=True)
    return both.drop_duplicates(["left", "right"], keep="last", ignore_index=True)


def _plain_doubles(pairs: pd.DataFrame, survey: pd.DataFrame) -> pd.DataFrame:
    """Doubles of a survey that are plain; the others are asked about: a row merged wrongly loses what it declares."""
    numbered = np.ones(len(pairs), dtype=bool)  # another number in the name and in the street: numbered on purpose
    for column in ("digits", "number"):
        one, two = (survey[column].to_numpy(dtype=object)[pairs[side]] for side in ("left", "right"))
        numbered &= pd.notna(one) & pd.notna(two) & (one != two)
    doubtful = (pairs["decision"] == "match") & (numbered | (pairs["score"] < _PLAIN_DOUBLE))
    return pairs.assign(decision=pairs["decision"].mask(doubtful, "review"))


def _placed(pairs: pd.DataFrame, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> pd.DataFrame:
    return pairs.assign(left=left[pairs["left"]], right=right[pairs["right"]])


def gather_places(records: pd.DataFrame, pairs: pd.DataFrame) -> Gathered:
    """Records that are one place under one number, and who houses whom.

    The surest matches are followed first; none is followed that would put two families of services, or two entries of
    a list that names each place once, in one place. A place is what the survey declares, a labelled house, a counter of a service
    that stands alone (``linkage_families.csv``), or what houses one of these.
    """
    cluster = _follow(records, pairs)
    core = records["source"].isin([SURVEY, LABEL]).to_numpy()
    service = records["service_type"].to_numpy(dtype=object)
    wanted = core | np.isin(service.astype(str), list(standing_alone()))
    kept = set(cluster[wanted].tolist())
    hosts = _hosts(records, pairs, cluster)
    kept |= set(hosts.values())
    numbers = {label: number for number, label in enumerate(sorted(kept))}
    place = np.array([numbers.get(int(label), -1) for label in cluster], dtype=np.int64)
    host = np.full(len(numbers), -1, dtype=np.int64)
    for guest, other in hosts.items():
        host[numbers[guest]] = numbers[other]
    return Gathered(place, host)


def _hosts(records: pd.DataFrame, pairs: pd.DataFrame, cluster: npt.NDArray[np.int64]) -> dict[int, int]:
    """The surest host of each labelled house, by cluster.

    A house is spoken for by its rows of the survey and of the label's list, where it has any, and a host by the list that
    speaks first of it: the copies that another list holds of both change nothing.
    """
    hosting = {row["service_type"] for row in read_csv("linkage_families.csv") if row["hosts"]}
    links, source = source_links(), records["source"].to_numpy(dtype=object)
    core, service = np.isin(source, [SURVEY, LABEL]), records["service_type"].to_numpy(dtype=object)
    labelled, told = set(cluster[service == LABEL].tolist()), set(cluster[core].tolist())
    found: list[tuple[int, int, int, float]] = []
    related = pairs[pairs["decision"] == "related"]
    for one, two, score in zip(related["left"], related["right"], related["score"], strict=True):
        for guest, host in ((one, two), (two, one)):
            mine, other = int(cluster[guest]), int(cluster[host])
            speaks = core[guest] or mine not in told
            if mine in labelled and other not in labelled and service[host] in hosting and speaks:
                found.append((mine, other, links[source[host]].authority_rank, -float(score)))
    first: dict[tuple[int, int], float] = {}
    for mine, other, _, against in sorted(found, key=lambda row: row[2:]):
        first.setdefault((mine, other), against)
    hosts: dict[int, int] = {}
    for (mine, other), _ in sorted(first.items(), key=lambda row: (row[1], row[0])):
        hosts.setdefault(mine, other)
    return hosts


def _follow(records: pd.DataFrame, pairs: pd.DataFrame) -> npt.NDArray[np.int64]:
    """The first member of its place, a record. A score of 1 is a person's word, which only another's may stop.

    No third record joins two that nothing else joins, where both have another phone in another street: an old entry may
    hold the address of one and the number of the other. The label's own list comes first, for a row that says the label:
    what are two entries there are two houses, though a third list may hold one. Doubles of one list come last, for the
    same reason.
    """
    root = np.arange(len(records), dtype=np.int64)
    family = families()
    declared = label_in_column(records)
    services = _services(records).where(~declared, None)  # what houses the label may be it, too
    members = [{position} for position in range(len(records))]
    foes: list[set[int]] = [set() for _ in range(len(records))]
    kinds = [{family[code]} if code in family else set() for code in services]
    repeating = {link.source for link in source_links().values() if link.repeats}
    lists = [{source} - repeating for source in records["source"]]
    ruled = pairs["score"] == _CERTAIN
    apart = pairs[(pairs["decision"] == "different") | (ruled & (pairs["decision"] == "related"))]
    for one, two in zip(apart["left"], apart["right"], strict=True):
        foes[one].add(int(two))
        foes[two].add(int(one))
    order = pairs[pairs["decision"] == "match"]
    doors, linked = _Doors(records), set(zip(order["left"], order["right"], strict=True))
    order = order.assign(turn=_turns(records["source"], kinds, declared, order)).sort_values(
        ["turn", "score", "left", "right"], ascending=[True, False, True, True], kind="stable"
    )
    for one, two, score in zip(order["left"], order["right"], order["score"], strict=True):
        first, second = sorted((int(root[one]), int(root[two])))
        if first == second or foes[first] & members[second]:
            continue
        if score < _CERTAIN and (
            len(kinds[first] | kinds[second]) > 1
            or lists[first] & lists[second]
            or any(doors.apart(a, b) for a in members[first] for b in members[second] if not {(a, b), (b, a)} & linked)
        ):
            continue
        root[list(members[second])] = first
        members[first] |= members[second]
        foes[first] |= foes[second]
        kinds[first] |= kinds[second]
        lists[first] |= lists[second]
    return root


class _Doors:
    """Street and phones of the survey's rows and of the label's houses, read where they are asked for."""

    def __init__(self, records: pd.DataFrame) -> None:
        self._source = records["source"].to_numpy(dtype=object)
        self._cells = records.reindex(columns=["address", "phone"]).to_numpy(dtype=object)
        self._read: dict[int, tuple[str | None, frozenset[str]]] = {}

    def apart(self, one: int, two: int) -> bool:
        """Whether a row of the survey and a labelled house have neither a street nor a phone in common, and have both."""
        if {self._source[one], self._source[two]} != {SURVEY, LABEL}:
            return False
        (street, phones), (other, others) = self._of(one), self._of(two)
        if street is None or other is None or not phones or not others or phones & others:
            return False
        return fuzz.token_sort_ratio(street, other) < _OTHER_STREET

    def _of(self, record: int) -> tuple[str | None, frozenset[str]]:
        if record not in self._read:
            address, phone = (cell if isinstance(cell, str) else "" for cell in self._cells[record])
            self._read[record] = read_street(address)[1], frozenset(own_numbers(phone))
        return self._read[record]


def _turns(
    source: pd.Series, kinds: Sequence[set[str]], declared: npt.NDArray[np.bool_], pairs: pd.DataFrame
) -> npt.NDArray[np.int64]:
    """When each pair is followed, 0 first."""
    lists = source.to_numpy(dtype=object)
    one, two = (lists[pairs[side].to_numpy(dtype=np.int64)] for side in ("left", "right"))
    labelled = declared | np.array([families()[LABEL] in kind for kind in kinds], dtype=bool)
    both = labelled[pairs["left"].to_numpy(dtype=np.int64)] & labelled[pairs["right"].to_numpy(dtype=np.int64)]
    own = both & (np.minimum(one, two) == LABEL) & (np.maximum(one, two) == SURVEY)
    return np.where(own | (pairs["score"] == _CERTAIN), 0, np.where(one == two, 2, 1))
