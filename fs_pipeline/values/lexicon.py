"""What the reviewed lists and the public lists say of words: which name a person, which a place, which a street.

Lists in ``data/``: ``place_words.csv``, ``common_words.csv``, ``place_names.csv``, ``odonyms.csv.gz``; and what is never a
word by itself: ``given_names.csv``, ``surnames.csv``, ``person_words.csv``. Judging a text is ``public_words.py``'s work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from fs_pipeline import data
from fs_pipeline.territory.names import fold_words
from fs_pipeline.values.streets import expand, kind_of, split_number
from fs_pipeline.values.text import normalise

KNOWN_FIGURE = 3  # communes whose streets bear a name of several words: it is a public figure's or a place's
_KNOWN_WORD = 5  # the same for a single word, which may be anybody's surname
LONGEST = 8  # tokens of a name known as a whole
_LEAST_LEFT = 5  # letters by which a word is known again that has lost its accented ones
ARTICLES = frozenset({"de", "du", "des", "la", "le", "les", "l", "d", "et", "en", "a", "au", "aux"})
# Reviewed vocabularies in which every word is a service's, an organisation's or a public's.
_VOCABULARIES = {
    "place_types": ("label_fr", "aliases"),
    "place_labels": ("label_fr", "aliases"),
    "actor_kinds": ("label_fr", "aliases"),
    "structure_codes": ("label",),
    "annuaire_types": ("label",),
    "operators": ("name", "short_name", "former_names"),
    "outreach_modes": ("label_fr", "aliases"),
    "publics": ("label_fr", "aliases"),
    "departements": ("name", "region_name"),
    "mailbox_words": ("word",),
    "place_words": ("word",),
}


def tokens_of(text: str) -> list[str]:
    """The words of a text as they are compared, abbreviated saints spelled out."""
    return fold_words(normalise(text)).split()


def street_name(address: str) -> str:
    """What a street is called, without number, kind and leading articles: « 12 rue de la Paix » is ``paix``."""
    words = tokens_of(expand(split_number(address)[1]))
    kind = kind_of(" ".join(words))
    words = words[len(kind.split()) :]
    while words and words[0] in ARTICLES:
        words = words[1:]
    return " ".join(words)


@cache
def given_names() -> frozenset[str]:
    """First names."""
    return frozenset(row["name"] for row in data.read_csv("given_names.csv"))


@cache
def surnames() -> frozenset[str]:
    """Common surnames."""
    return frozenset(row["name"] for row in data.read_csv("surnames.csv"))


@cache
def person_words(kind: str) -> frozenset[str]:
    """Words after which, or with which, a person is spoken of: ``title``, ``rank``, ``private``."""
    return frozenset(normalise(row["word"]) for row in data.read_csv("person_words.csv") if row["kind"] == kind)


@cache
def never_a_word() -> frozenset[str]:
    """First names, surnames and what is said of a person alone, but those that are words of places too."""
    names = (*data.read_csv("given_names.csv"), *data.read_csv("surnames.csv"))
    persons = frozenset(row["name"] for row in names if not row["also_a_word"])
    return persons | person_words("title") | person_words("private")


@cache
def place_words() -> frozenset[str]:
    """Words that may stand alone in the name of a place or of an organisation."""
    found = {
        word
        for table, columns in _VOCABULARIES.items()
        for row in data.read_csv(f"{table}.csv")
        for column in columns
        for word in tokens_of(row[column] or "")
    }
    return frozenset(word for word in found if len(word) > 1 and not word.isdigit()) - never_a_word()


@cache
def common_words() -> frozenset[str]:
    """Words of ordinary administrative French."""
    found = {word for row in data.read_csv("common_words.csv") for word in tokens_of(row["word"])}
    return (frozenset(found) | place_words()) - never_a_word()


@cache
def odonyms() -> Mapping[str, int]:
    """Names of streets in public lists of addresses, and in how many communes."""
    return {row["name"]: int(row["communes"]) for row in data.rows("odonyms.csv.gz")}


@cache
def street_words() -> frozenset[str]:
    """Words of those names, and of the reviewed ones; a first name or a surname among them, but no civil title."""
    reviewed = (word for row in data.read_csv("place_names.csv") for word in tokens_of(row["name"]))
    words = {word for name in odonyms() for word in name.split()} | {*reviewed} | place_words()
    return frozenset(words) - person_words("title") - person_words("private")


@cache
def reviewed_streets() -> frozenset[str]:
    """Names that a street alone may bear, those too of a file that has lost its accented letters."""
    names = [row["name"] for row in data.read_csv("place_names.csv") if row["kind"] == "street"]
    return frozenset(" ".join(tokens_of(name)) for name in names) | {
        lost for name in names for lost in without_accented(name)
    }


def _figures() -> list[str]:
    """Names known as a whole: reviewed ones, and those that the streets of several communes bear."""
    reviewed = [" ".join(tokens_of(row["name"])) for row in data.read_csv("place_names.csv") if row["kind"] != "street"]
    # « Caisse primaire d’assurance maladie » is read whole, though one of its words alone speaks of a person.
    reviewed += [
        " ".join(tokens_of(name))
        for table, columns in _VOCABULARIES.items()
        for row in data.read_csv(f"{table}.csv")
        for column in columns
        for name in row[column].strip("=").split("|")
        if " " in name
    ]
    never = never_a_word()
    for name, communes in odonyms().items():
        several = " " in name
        if communes >= (KNOWN_FIGURE if several else _KNOWN_WORD) and (several or name not in never):
            reviewed.append(name)
    return reviewed


Phrases = Mapping[str, Sequence[tuple[str, ...]]]  # first word -> names known as a whole


def indexed(names: Iterable[str]) -> Phrases:
    """Names of several words by the first of them."""
    index: dict[str, list[tuple[str, ...]]] = {}
    for name in dict.fromkeys(names):
        words = tuple(name.split())
        if words and len(words) <= LONGEST:
            index.setdefault(words[0], []).append(words)
    return index


@cache
def known_phrases() -> Phrases:
    """Names known as a whole, those too of a file that has lost its accented letters."""
    return indexed([*_figures(), *_with_lost_letters()])


def _with_lost_letters() -> list[str]:
    """Reviewed words as a file writes them that has lost its accented letters: « m\ufffddiath\ufffdque », « mdiathque »."""
    written = [
        *(row["word"] for row in data.read_csv("place_words.csv") if row["source"] == "review"),
        *(row["name"] for row in data.read_csv("place_names.csv") if row["kind"] != "street"),
    ]
    return [lost for word in written for lost in without_accented(word) if lost not in never_a_word()]


def without_accented(word: str) -> tuple[str, ...]:
    """What is left of a name whose accented letters were lost, as it is compared; nothing of one that has too few others."""
    plain = "".join(letter for letter in word if letter.isascii())
    if plain == word or len(plain) < _LEAST_LEFT:
        return ()
    spaced = "".join(letter if letter.isascii() else " " for letter in word)
    return " ".join(tokens_of(spaced)), " ".join(tokens_of(plain))
