"""The words of opening hours in French prose: days, times, parities, appointments, and what may be passed over.

One word that is not here and the whole string is refused: what is not understood could be an exception.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from rapidfuzz.distance import Levenshtein

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
DAY_NAMES = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_FOLDED = str.maketrans({
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " ", "–": "-", "—": "-", "−": "-", "‐": "-", "’": "'", "‘": "'",
    "º": "°", "œ": "oe", "→": "-", "\r": "\n", "•": ";", "·": ";", "_": " ",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """One word that was understood.

    Kinds: ``time`` (HH:MM), ``bare`` (a number that may be an hour), ``day`` (Mo … Su), ``nth`` (rank in the month, -1
    the last), ``everyday``, ``weekend``, ``parity`` (odd, even), ``closed``, ``appointment``, ``half`` (of a day),
    ``to``, ``except``, ``holiday``, ``school``, ``glue`` and ``nothing``.
    """

    kind: str
    value: str = ""


_APPOINTMENT = r"(?:rdvs?|r\.d\.v\.?|rendez[- ]?vous)"
# Order matters: the first pattern that matches at a place wins.
_TABLE: tuple[tuple[str, str], ...] = (
    ("PHONE", r"(?:(?:tel|telephone|telephoner|appeler|au)\s*(?:au)?\s*:?\s*)?(?<!\d)0\d(?:[ .-]?\d\d){4}(?!\d)"),
    ("EVERYDAY", r"7\s*j(?:ours?)?\s*(?:/|sur)\s*7j?(?!\w)|tous les jours|chaque jour|7/7"),
    ("ALLDAY", r"24\s*h?\s*(?:/|sur)\s*24\s*h?(?![\d:])"),
    ("SECONDS", r"(?<![\d:])\d{1,2}:[0-5]\d:00(?![\d:])"),
    ("TIME", r"(?<![\d,])\d{1,2}\s*:{1,2}\s*[0-5]\d\s?h?(?!\d|[a-z])"
             r"|(?<![\d,])\d{1,2}\s*(?:heures?|hrs?|h)(?![a-z])\s*(?:[0-5]\d(?!\d|\s*h|\s*:))?"
             r"|(?<![\d,])\d{1,2}\s*h\s*[3-5]\dh(?![a-z\d])"
             r"|(?<![\d.,])\d{1,2}\.(?:00|15|30|45)(?![\d.])"),
    ("ORDINAL", r"(?:1\s?ers?|premiers?|1\s?eres?|premieres?|([2-5])\s?(?:eme|e|nde?|de|d|ieme)s?"
                r"|deuxiemes?|seconde?s?|troisiemes?|quatriemes?|cinquiemes?|dernieres?|derniers?)(?![a-z])"),
    ("FIRSTS", r"(?:[23]|deux|trois) premi(?:er|ere)s"),
    ("EVERYOTHER", r"(?:(?:un|une|1)\s+)?(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|semaine"
                   r"|jour)s?\s+sur\s+"
                   r"(?:deux|2|trois|3)|tous les (?:15|quinze) jours|en alternance|(?:un|une|1|2"
                   r"|deux)\s+[a-z]+\s+par\s+mois"),
    ("OFMONTH", r"(?:du|de chaque|de|chaque|par) mois"),
    ("PARITY", r"(?:en\s+|les\s+)?(?:semaines?|sem\.?)\s+(?:im)?paires?(?![a-z])"),
    ("TERM", r"(?:en |pendant (?:la |les )?|durant (?:la |les )?|hors |sauf (?:pendant )?(?:les )?|en dehors des )?"
             r"(?:periodes? scolaires?|temps scolaire)(?![a-z])|(?:hors|sauf(?: pendant)?(?: les)?"
             r"|en dehors des) vacances"
             r"(?: scolaires?)?(?![a-z])"),
    ("HOLIDAYS", r"(?:pendant |durant |en |lors des )?(?:les )?(?:periodes? (?:de "
                 r"|des ))?vacances scolaires?(?![a-z])"),
    ("PUBLIC", r"jours? feries?(?![a-z])|feries?(?![a-z])"),
    ("NOAPPOINTMENT", rf"(?:sans|hors)\s+{_APPOINTMENT}(?![a-z])|(?:en )?(?:accueil|acces|entree) libre(?![a-z])"),
    ("APPOINTMENT", rf"(?:(?:uniquement|seulement|exclusivement)\s+)?(?:sur|avec|sous|par)\s+{_APPOINTMENT}"
                    r"(?:\s+(?:uniquement|seulement|exclusif|obligatoire|exclusivement))?(?![a-z])"),
    ("BARE_APPOINTMENT", rf"{_APPOINTMENT}(?![a-z])"),
    ("SAUF", r"(?:sauf|excepte|hormis|a l'exception)(?![a-z])"),
    ("CLOSED", r"fermee?s?(?![a-z])(?: au public)?|fermeture(?![a-z])"),
    ("MORNING", r"matin(?:s|ees?)?(?![a-z])"),
    ("AFTERNOON", r"apres[- ]?midis?(?![a-z])"),
    ("DAY", r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?(?![a-z])"
            r"|(?:lun|mar|mer|jeu|ven|sam|dim)(?:\.(?!\d)|(?![a-z]))|(?:lu|ma|me|je|ve|sa|di)(?:\.(?!\d)|(?![a-z]))"),
    ("WEEKEND", r"week[- ]?ends?(?![a-z])"),
    ("MONTH", r"(?:janvier|janv|fevrier|fevr|mars|avril|mai|juin|juillet|juil|aout|septembre|sept|octobre|oct"
              r"|novembre|nov"
              r"|decembre|dec)(?![a-z])\.?"),
    ("NOON", r"midi(?![a-z])"),
    ("UNTIL", r"(?:jusqu'?\s?a|jusqu'au|jusque)(?![a-z])"),
    ("FROM", r"a partir (?:de|du)|des(?=\s+\d)|apres(?=\s+\d)|avant(?=\s+\d)|vers(?=\s+\d)|environ"),
    ("TO", r"(?:a|au|aux)(?![a-z'])|\ufffd|§"),
    ("AND", r"(?:et|puis|ou)(?![a-z])|[+&]"),
    ("NOISE", r"(?:horaires? d'ouverture|(?:jours? et )?(?:heures?|horaires?) d'ouvertures?|horaires?|heures d'accueil"
              r"|ouverte?s?(?: au public)?|ouvertures?(?: au public)?|accueil(?: du)? public|accueil physique"
              r"|accueil|au public"
              r"|permanences?|journee continue|en journee continue|en continu|sans interruption|non[- ]stop"
              r"|bureau ouvert"
              r"|espace ouvert|uniquement|seulement|toute l'annee|toutes les semaines|chaque semaine|chaque"
              r"|tous les|toutes les"
              r"|du|de|des|d'|les|le|la|l'|en)(?![a-z])"),
    ("CUT", r"\d{1,2}\s?:(?!\s?\d)"),
    ("NUMBER", r"(?<![\d,.])\d{1,2}(?![\d])"),
    ("HARD", r"[;|\n]|//+|\.(?=\s|$)"),
    ("DASH", r"-+"),
    ("COMMA", r","),
    ("SLASH", r"/"),
    ("COLON", r":"),
    ("OPEN", r"\("),
    ("CLOSE", r"\)"),
    ("SPACE", r"\s+|[.!\"*]"),
    ("UNKNOWN", r"[a-z']{3,}|."),
)  # fmt: skip
_WORDS = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _TABLE), re.DOTALL)
_DAY_STARTS = ("lu", "ma", "me", "je", "ve", "sa", "di")
_ORDINALS = {"pre": "1", "deu": "2", "sec": "2", "tro": "3", "qua": "4", "cin": "5", "der": "-1"}
# Kinds whose word says no more than its kind; a kind that is nowhere here is not understood.
_PLAIN_KINDS = {
    "EVERYDAY": "everyday", "WEEKEND": "weekend", "OFMONTH": "nothing", "TERM": "school", "HOLIDAYS": "school",
    "PUBLIC": "holiday", "NOAPPOINTMENT": "nothing", "APPOINTMENT": "appointment", "BARE_APPOINTMENT": "appointment",
    "SAUF": "except", "CLOSED": "closed", "MORNING": "half", "AFTERNOON": "half", "TO": "to", "DASH": "to",
    "AND": "glue", "NOISE": "nothing", "HARD": "glue", "COMMA": "glue", "SLASH": "glue", "COLON": "nothing",
    "OPEN": "glue",
    "CLOSE": "glue", "SPACE": "nothing", "PHONE": "nothing",
}  # fmt: skip


def plain(text: str) -> str:
    """Lower case without accents, one kind of dash, apostrophe and space; line breaks and commas stay."""
    if text.isascii():
        return text.lower().translate(_FOLDED)
    letters = unicodedata.normalize("NFKD", text.translate(_FOLDED).lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).replace("œ", "oe")


def tokens(text: str) -> list[Token] | None:
    """The tokens of a `plain` text, in order; None where one word is not understood."""
    found: list[Token] = []
    for match in _WORDS.finditer(text):
        kind, word = match.lastgroup or "UNKNOWN", match.group()
        if kind == "ALLDAY":
            found += [Token("time", "00:00"), Token("time", "24:00")]
            continue
        token = Token(_PLAIN_KINDS[kind], word) if kind in _PLAIN_KINDS else _valued(kind, word)
        if token is None:
            return None
        found.append(token)
    return found


def _valued(kind: str, word: str) -> Token | None:
    readers: dict[str, Callable[[str], Token | None]] = {
        "TIME": _time, "SECONDS": _time, "NUMBER": _number, "NOON": _noon, "DAY": _day, "UNKNOWN": _misspelled,
        "ORDINAL": _ordinal, "PARITY": _parity,
    }  # fmt: skip
    return readers[kind](word) if kind in readers else None


def _time(word: str) -> Token | None:
    """HH:MM; a time that is none, or whose minutes nobody writes, is not understood."""
    numbers = [int(number) for number in re.findall(r"\d+", word)]
    hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 0
    if hour > 24 or minute % 5 or (hour == 24 and minute):
        return None
    return Token("time", f"{hour:02d}:{minute:02d}")


def _number(word: str) -> Token | None:
    return Token("bare", f"{int(word):02d}:00") if int(word) <= 24 else None


def _noon(_: str) -> Token:
    return Token("time", "12:00")


def _day(word: str) -> Token:
    return Token("day", DAYS[_DAY_STARTS.index(word[:2])])


def _ordinal(word: str) -> Token:
    return Token("nth", word[0] if word[0].isdigit() else _ORDINALS[word[:3]])


def _parity(word: str) -> Token:
    return Token("parity", "odd" if "impair" in word else "even")


@cache
def _misspelled(word: str) -> Token | None:
    """The day that a word is one letter away from: « verdredi »."""
    if len(word) < 4:
        return None
    near = [index for index, day in enumerate(DAY_NAMES) if Levenshtein.distance(word, day, score_cutoff=1) == 1]
    return Token("day", DAYS[near[0]]) if len(near) == 1 else None
