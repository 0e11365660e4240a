"""Whether a text can be read by anyone: every word of it is known, and none of them alone names a person.

An allow-list, never a search for what is personal: a word that no reviewed list, no public list and no name of a commune
holds keeps the whole text inside. A first name or a surname is no word; it is read only inside a name that is known as a
whole (« Jean Moulin », « Saint-Martin »). The lists are ``lexicon.py``'s.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from fs_pipeline.territory.names import without_article
from fs_pipeline.values.lexicon import (
    ARTICLES,
    KNOWN_FIGURE,
    LONGEST,
    Phrases,
    common_words,
    given_names,
    indexed,
    known_phrases,
    never_a_word,
    odonyms,
    person_words,
    place_words,
    reviewed_streets,
    street_words,
    surnames,
    tokens_of,
    without_accented,
)
from fs_pipeline.values.streets import expand, kind_of, split_number

_ELIDED = frozenset({"l", "d", "n", "j", "c", "qu", "y"})
_ORDINAL = re.compile(r"\d{1,2}(?:er|ere|e|eme|nd|nde)")
# Numbers in letters: a telephone number can be written out.
_NUMBERS = frozenset(
    {"zero", "un", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
     "treize", "quatorze", "quinze", "seize", "vingt", "vingts", "trente", "quarante", "cinquante", "soixante",
     "septante", "octante", "nonante", "cent"}
)  # fmt: skip
_NUMBERS_A_TEXT = 2
_WORDS_OF_A_PERSON = 3
_DIGITS_A_SENTENCE = 5  # a date of birth has more, and so has a telephone number
_NUMBERS_AN_ADDRESS = 4
_TOWN_WORD = 4  # letters of a word of a commune's name that may stand alone
_PARTS = re.compile(r"[,;:()/\n]|\s[-–—]\s")
_HOUSE = re.compile(r"\d{1,4}[a-h]?")
_REPEAT = re.compile(r"bis|ter|quater|[a-h]")
_DESIGNATORS = frozenset(
    {"bat", "batiment", "immeuble", "hall", "entree", "porte", "etage", "lot", "local", "niveau", "bloc", "aile", "zone",
     "za", "zi", "zac", "cs", "bp", "n", "no", "numero", "rn", "rd", "d", "cd", "nationale", "departementale", "route",
     "km", "tour", "ilot", "villa", "salle", "place"}
)  # fmt: skip
_DESIGNATED = re.compile(r"\d{1,5}|\d{0,4}[a-h]\d?|rdc")
_UNREADABLE = re.compile(r"[@\\<>{}\ufffd]|https?:|www\.", re.IGNORECASE)


def names_a_person(text: str) -> bool:
    """Whether the name of an organisation is that of somebody who trades under it, though a public list bears it.

    It has a civil title or the form of a one-person business, or is two or three words, a first name among them, of which none
    is a word of places.
    """
    words = tokens_of(text)
    if {*words} & person_words("trade") or {*words[:1]} & person_words("title"):
        return True
    alone = given_names() & never_a_word()
    organised = any(word in place_words() or word in ARTICLES or word.isdigit() for word in words)
    return 2 <= len(words) <= _WORDS_OF_A_PERSON and bool({*words} & alone) and not organised


@dataclass(frozen=True, eq=False)
class PublicWords:
    """What may be read of one département.

    Attributes
    ----------
    communes
        Names of its communes, of those around it, and of their intercommunalités.
    names, streets
        What public lists bear there: names of places and of their carriers, and addresses.
    counters
        Of these names, those that an operator gives its own counters: « GRENOBLE LIONEL TERRAY » is a post office.
    """

    communes: Collection[str] = ()
    names: Collection[str] = ()
    streets: Collection[str] = ()
    counters: Collection[str] = ()
    _phrases: Phrases = field(init=False, repr=False)
    _town_words: frozenset[str] = field(init=False, repr=False)
    _borne: frozenset[str] = field(init=False, repr=False)
    _counted: frozenset[str] = field(init=False, repr=False)
    _addresses: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Index what is known as a whole."""
        alone = never_a_word()
        towns = {" ".join(tokens_of(name)) for name in self.communes}
        towns |= {lost for name in self.communes for lost in without_accented(name)}
        towns |= {without_article(town) for town in towns}
        object.__setattr__(self, "_phrases", indexed(sorted(town for town in towns if town not in alone)))
        words = {word for town in towns for word in town.split() if len(word) >= _TOWN_WORD}
        object.__setattr__(self, "_town_words", frozenset(words) - alone)
        object.__setattr__(self, "_borne", frozenset(" ".join(tokens_of(name)) for name in self.names))
        object.__setattr__(self, "_counted", frozenset(" ".join(tokens_of(name)) for name in self.counters))
        object.__setattr__(self, "_addresses", frozenset(" ".join(tokens_of(line)) for line in self.streets))

    def name(self, text: str, commune: str | None = None) -> bool:
        """Whether the name of a place or an organisation, in `commune`, may be read by anyone."""
        words = tokens_of(text)
        if not words or _UNREADABLE.search(text):
            return False
        whole = " ".join(words)
        if whole in self._counted or (whole in self._borne and not names_a_person(text)):
            return True
        numbers = [word for word in words if word.isdigit()]
        if len(numbers) > 1 or not _few_numbers(words):
            return False
        return self._covered(words, place_words(), _town(commune))

    def sentence(self, text: str, commune: str | None = None) -> bool:
        """Whether a sentence holds ordinary words only."""
        words = tokens_of(text)
        digits = sum(len(word) for word in words if word.isdigit())
        if not words or _UNREADABLE.search(text) or digits > _DIGITS_A_SENTENCE or not _few_numbers(words):
            return False
        return self._covered(words, common_words(), _town(commune))

    def street(self, text: str, commune: str | None = None, postcode: str | None = None) -> bool:
        """Whether an address, or where in a building, may be read by anyone."""
        if not text.strip() or _UNREADABLE.search(text):
            return False
        if " ".join(tokens_of(text)) in self._addresses:
            return True
        town = _town(commune)
        parts = [words for part in _PARTS.split(text) if (words := _words_of(part))]
        if sum(word.isdigit() for words in parts for word in words) > _NUMBERS_AN_ADDRESS:
            return False
        return bool(parts) and all(self._is_where(words, town, postcode) for words in parts)

    def _covered(self, words: Sequence[str], vocabulary: Collection[str], town: Sequence[tuple[str, ...]]) -> bool:
        """Whether names known as a whole and words of the vocabulary or of a commune cover all of `words`."""
        reached = [True] + [False] * len(words)
        for at, word in enumerate(words):
            if not reached[at]:
                continue
            known = word in vocabulary or word in self._town_words or _is_small(word)
            if (known or _is_joint(words, at)) and not _beside_a_name(words, at):
                reached[at + 1] = True
            for length in self._wholes(words, at, town):
                reached[at + length] = True
        return reached[-1]

    def _wholes(self, words: Sequence[str], at: int, town: Sequence[tuple[str, ...]]) -> set[int]:
        """Lengths of the names known as a whole that begin at a word."""
        names = (*known_phrases().get(words[at], ()), *self._phrases.get(words[at], ()), *town)
        return {len(name) for name in names if tuple(words[at : at + len(name)]) == name}

    def _is_where(self, words: Sequence[str], town: Sequence[tuple[str, ...]], postcode: str | None) -> bool:
        """Whether one part of an address is numbers, a street, a place and a commune, and nothing else."""
        if " ".join(words) in odonyms() and not never_a_word() & {*words}:
            return True
        reached = [True] + [False] * len(words)
        for at, word in enumerate(words):
            if not reached[at]:
                continue
            known = word in place_words() or word in self._town_words or word == postcode
            if (known or _is_joint(words, at)) and not _beside_a_name(words, at):
                reached[at + 1] = True
            for length in (*self._wholes(words, at, town), *_numbered(words, at), *self._streets(words, at)):
                reached[at + length] = True
        return reached[-1]

    def _streets(self, words: Sequence[str], at: int) -> Iterable[int]:
        """Lengths of the streets that begin at a word."""
        kind = kind_of(" ".join(words[at:])).split()
        if kind:
            for end in range(at + len(kind) + 1, min(len(words), at + len(kind) + LONGEST) + 1):
                if self._is_street_name(words[at + len(kind) : end]):
                    yield end - at

    def _is_street_name(self, words: Sequence[str]) -> bool:
        """Whether words name a street: borne by a list, or each known and none put behind a whole name."""
        while words and words[0] in ARTICLES:
            words = words[1:]
        if not words:
            return False
        if (
            " ".join(words) in reviewed_streets()
            or " ".join(words) in odonyms()
            or len(words) in self._wholes(words, 0, ())
        ):
            return True
        known = street_words() | self._town_words
        if not all(word in known or _ORDINAL.fullmatch(word) for word in words):
            return False
        return not any(self._is_added(words, at) for at in range(1, len(words)))

    def _is_added(self, words: Sequence[str], at: int) -> bool:
        """Whether what may be a person stands behind something that is a street's name already."""
        word, before = words[at], [one for one in words[:at] if one not in ARTICLES]
        if not before or word in ARTICLES or word in place_words():
            return False
        leads = given_names() | person_words("rank")
        if all(one in leads for one in before):
            return False  # « général Jean Dupont », « Pierre et Marie Curie »
        if word in given_names():
            return True
        known = odonyms().get(" ".join(words[:at]), 0) >= KNOWN_FIGURE
        return known or all(one in place_words() for one in before)


def _words_of(part: str) -> list[str]:
    """The words of a part of an address, the kind of street spelled out."""
    number, street = split_number(part.strip())
    return tokens_of(f"{number or ''} {expand(street)}")


def _town(commune: str | None) -> list[tuple[str, ...]]:
    """The row's own commune, known as a whole even where its name is a person's too."""
    return [tuple(tokens_of(commune))] if commune else []


def _beside_a_name(words: Sequence[str], at: int) -> bool:
    """Whether a word is a first name beside a surname, words though both may be (« France Petit »), or the reverse."""
    word, around = words[at], {*words[max(at - 1, 0) : at], *words[at + 1 : at + 2]}
    return bool((word in given_names() and around & surnames()) or (word in surnames() and around & given_names()))


def _is_small(word: str) -> bool:
    return word in {"a", "e"} or (word.isdigit() and word.isascii() and len(word) <= 4)


def _is_joint(words: Sequence[str], at: int) -> bool:
    """Whether a token is an ordinal, or an article before a word: a letter before another is an initial."""
    return bool(_ORDINAL.fullmatch(words[at])) or (words[at] in _ELIDED and len("".join(words[at + 1 : at + 2])) > 1)


def _few_numbers(words: Sequence[str]) -> bool:
    """Whether no telephone number is written out in words."""
    return sum(word in _NUMBERS for word in words) <= _NUMBERS_A_TEXT


def _numbered(words: Sequence[str], at: int) -> Iterable[int]:
    """Lengths of the numbers that stand where an address has them: before a street, or behind what they number."""
    word, rest = words[at], words[at + 1 :]
    if word in _DESIGNATORS and rest and _DESIGNATED.fullmatch(rest[0]):
        yield 2
    if _HOUSE.fullmatch(word) and rest and not (rest[0].isdigit() and len(rest) == 1):
        yield 1
        if _REPEAT.fullmatch(rest[0]) and len(rest) > 1:
            yield 2
