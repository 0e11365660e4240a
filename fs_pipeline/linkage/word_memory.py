"""What a département remembers of its local words, and what people decided of them.

A decision on a word is a ruling as others are: its one side is a word (source ``local_word``, key the phrase), its other the
label's list; ``same`` confirms it, ``different`` refuses it for ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from fs_pipeline.linkage.local_words import LocalWord, is_refused
from fs_pipeline.linkage.naming import folded
from fs_pipeline.linkage.rulings import SAME, in_force
from fs_pipeline.warehouse.frames import table_frame

SOURCE = "local_word"
_SIDES = (("left_source", "left_key"), ("right_source", "right_key"))


@dataclass(frozen=True, slots=True)
class WordMemory:
    """Words to hear though these lists teach them not, and départements and phrases of those never to hear, nor parts of them."""

    known: tuple[LocalWord, ...] = ()
    refused: frozenset[tuple[str, str]] = frozenset()

    def with_learned(self, learned: Iterable[LocalWord]) -> tuple[LocalWord, ...]:
        """The words to hear, each once: as it was just learned, else as it is remembered."""
        known = {(word.departement, word.phrase): word for word in (*self.known, *learned)}
        return tuple(word for key, word in sorted(known.items()) if not is_refused(*key, self.refused))


def remember(local_words: pd.DataFrame, rulings: pd.DataFrame, campaign: str) -> WordMemory:
    """What rows of ``local_words`` and of ``rulings`` say; of a word on which people contradict one another, nothing.

    A word of a later campaign than `campaign` is not heard in it, so that making an earlier one again changes nothing.
    """
    words = {
        (row["departement"], row["phrase"]): LocalWord(
            row["departement"], row["phrase"], int(row["bearing"]), int(row["at_houses"]), int(row["official"])
        )
        for row in local_words.to_dict("records")
        if row["first_campaign"] <= campaign
    }
    refused: set[tuple[str, str]] = set()
    for source, key in _SIDES:
        about = rulings[(rulings[source] == SOURCE).to_numpy(dtype=bool)]
        for row in in_force(about)[0].to_dict("records") if len(about) else ():
            word = row["departement"], folded(row[key])
            if row["decision"] == SAME:
                words.setdefault(word, LocalWord(*word, 0, 0, 0))
            else:
                refused.add(word)
    return WordMemory(tuple(words.values()), frozenset(refused))


def remembered(words: Iterable[LocalWord], before: pd.DataFrame, campaign: str) -> pd.DataFrame:
    """Rows of ``local_words`` of the words that a campaign's lists taught, beside the rows `before`."""
    first = dict(zip(zip(before["departement"], before["phrase"], strict=True), before["first_campaign"], strict=True))
    last = dict(zip(zip(before["departement"], before["phrase"], strict=True), before["last_campaign"], strict=True))
    rows = []
    for word in words:
        key = word.departement, word.phrase
        rows.append(
            {
                "departement": word.departement,
                "phrase": word.phrase,
                "bearing": word.rows,
                "at_houses": word.at_houses,
                "official": word.official,
                "first_campaign": min(campaign, first.get(key, campaign)),
                "last_campaign": max(campaign, last.get(key, campaign)),
            }
        )
    return table_frame("local_words", rows)
