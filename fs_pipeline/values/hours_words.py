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
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FOLDED = str.maketrans({
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " ", "–": "-", "—": "-", "−": "-", "‐": "-", "’": "'", "‘": "'",
    "º": "°", "œ": "oe", "→": "-", "\r": "\n", "•": ";", "·": ";", "_": " ",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """One word that was understood.

    Kinds: ``time`` (HH:MM), ``bare`` (a number that may be an hour), ``day`` (Mo … Su), ``nth`` (rank in the month, -1
    the last), ``firsts`` (how many ranks from the first), ``everyday``, ``weekend``, ``ofmonth``, ``parity`` (odd,
    even), ``term`` (term, holidays), ``month`` (Jan … Dec), ``summer``, ``public`` (holidays), ``closed``,
    ``appointment``, ``walkin``, ``half`` (am, pm, eve), ``except``, ``until`` (a day and when it closes), ``unsaid``
    (hours not told), ``to``, ``dash``, ``comma``, ``slash``, ``and``, ``colon``, ``hard`` (a full stop, a line break),
    ``open``, ``close`` (parentheses).
    """

    kind: str
    value: str = ""
    plural: bool = False  # « les mardi et jeudi »: what follows is said of each of them


_APPOINTMENT = r"(?:rdvs?|r\.d\.v\.?|rendez[- ]?vous)"
_END = r"(?![a-z])"
# What may head a text and says only whose hours these are; twice in a text, they are two places' hours.
_PLACES = (
    r"(?:maison |espace )?france services?|mairie|mediatheque|bibliotheque|agence|structure|bureau(?: ouvert)?"
    r"|espace(?: ouvert)?"
)
_NAMED_DAY = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?"
_NAMED_MONTH = (
    r"(?:janvier|janv|fevrier|fevr|mars|avril|avr|mai|juin|juillet|juil|aout|septembre|sept|octobre|oct"
    r"|novembre|nov|decembre|dec)"
)
_CLOCK = r"\d{1,2}\s?[h:]\s?(?:[0-5]\d)?"
_LAST_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# Order matters: the first pattern that matches at a place wins.
_TABLE: tuple[tuple[str, str], ...] = (
    ("PHONE", r"(?:(?:tel|telephone|telephoner|appeler|au)\s*(?:au)?\s*:?\s*)?(?<!\d)0\d(?:[ .-]?\d\d){4}(?!\d)"),
    # « 13h30-17h30 (16h30 le vendredi) »: that day closes earlier, or later.
    ("UNTIL", rf"\(\s*(?:jusqu'a\s+)?{_CLOCK}\s+(?:le\s+|les\s+){_NAMED_DAY}\s*\)"
              rf"|\(\s*(?:le\s+|les\s+)?{_NAMED_DAY}\s*:?\s*(?:jusqu'a\s+)?{_CLOCK}\s*\)"),
    ("WHOLEMONTHS", rf"(?:du\s+)?1\s?er\s+{_NAMED_MONTH}\s+au\s+(?:28|29|30|31)\s+{_NAMED_MONTH}{_END}"),
    ("EVERYDAY", r"7\s*j(?:ours?)?\s*(?:/|sur)\s*7j?(?!\w)|tous les jours|chaque jour|7/7"),
    ("ALLDAY", r"24\s*h?\s*(?:/|sur)\s*24\s*h?(?![\d:])"),
    ("SECONDS", r"(?<![\d:])\d{1,2}:[0-5]\d:00(?![\d:])"),
    # Minutes cut from their hour by a dash or a slash (« 12-30 », « 11h-45 »): no hour is above 24.
    ("SPLIT", r"(?<![\d,])\d{1,2}\s?h?\s?[-/]\s?(?:30|45)(?!\s?[\dh:])|(?<=[-\s])\d{1,2}-00(?!\s?[\dh:])"),
    ("TIME", r"(?<![\d,])\d{1,2}\s*:{1,2}\s*[0-5]\d\s?h?(?!\d|[a-z])"
             r"|(?<![\d,])\d{1,2}\s*h\s*[3-5]\dh(?![a-z\d])"
             r"|(?<![\d,])\d{1,2}\s*(?:heures?|hrs?|h)(?![a-z])(?:\s*(?:[0-5][05]|(?<=h)[0-5]\d)(?!\d|\s*h|\s*:))?"
             r"|(?<![\d.,])\d{1,2}\.(?:00|15|30|45)(?![\d.])"),
    ("ORDINAL", r"(?:1\s?ers?|premiers?|1\s?eres?|premieres?|([2-5])\s?(?:eme|e|nde?|de|d|ieme)s?"
                rf"|deuxiemes?|seconde?s?|troisiemes?|quatriemes?|cinquiemes?|dernieres?|derniers?){_END}"),
    ("FIRSTS", rf"(?:[23]|deux|trois) premi(?:er|ere)s{_END}"),
    ("OFMONTH", rf"(?:du|de chaque|de|chaque|par) mois{_END}"),
    ("PARITY", rf"(?:en\s+|les\s+)?(?:semaines?|sem\.?)\s+(?:im)?paires?{_END}"),
    ("OUTOFTERM", rf"(?:hors|en dehors des?)\s+(?:periodes? scolaires?|temps scolaire){_END}"),
    ("TERM", rf"(?:en |pendant (?:la |les )?|durant (?:la |les )?)?(?:periodes? scolaires?|temps scolaire){_END}"),
    ("NOTHOLIDAYS", rf"(?:hors|en dehors des)\s+(?:periodes? de )?(?:vacances|conges)(?: scolaires?)?{_END}"),
    ("HOLIDAYS", r"(?:pendant |durant |en |lors des )?(?:les )?(?:periodes? (?:de "
                 rf"|des ))?(?:vacances|conges) scolaires?{_END}"),
    ("NOTPUBLIC", rf"(?:hors|en dehors des)\s+(?:jours? )?feries?{_END}"),
    ("PUBLIC", rf"(?:jours? )?(?:feries?{_END}|f\ufffdri\ufffds?)"),
    ("WALKIN", rf"(?:sans|hors)\s+{_APPOINTMENT}{_END}|(?:en )?(?:accueil|acces|entree|venue) libre{_END}"),
    # Not asked for, only possible: no kind below reads it, and the text is refused.
    ("OPTIONAL", rf"{_APPOINTMENT}\s+(?:possible|conseille|souhaite|recommande|prefere)"),
    ("APPOINTMENT", r"(?:(?:uniquement|seulement|exclusivement)\s+)?(?:(?:sur|avec|sous|par)\s+(?:prise de\s+)?)?"
                    rf"{_APPOINTMENT}(?:\s+(?:uniquement|seulement|exclusif|obligatoire|exclusivement))?{_END}"),
    ("SAUF", rf"(?:sauf(?: pendant| durant)?|excepte|hormis|a l'exception){_END}"),
    ("CLOSED", r"(?:(?:espace|structure|bureau|accueil) )?"
               rf"(?:ferme(?:e|s|es|ture)?{_END}(?: au public)?|ferm\ufffde?s?|closed{_END})(?: ce jour(?:-la)?{_END})?"),
    ("UNSAID", rf"horaires? (?:non|pas) (?:communique|renseigne|connu|precise)s?{_END}"),
    ("MORNING", rf"matin(?:s|ees?)?{_END}"),
    ("AFTERNOON", rf"apr[e\ufffd]s[- ]?midis?{_END}"),
    ("EVENING", rf"soir(?:s|ees?|\ufffdes?)?{_END}"),
    ("DAY", rf"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?{_END}"
            r"|(?:lun|mar|mer|merc|jeu|ven|vend|sam|dim)(?:\.(?!\d)|(?![a-z]))|(?:lu|ma|me|je|ve|sa|di)(?:\.(?!\d)|(?![a-z]))"),
    ("WEEKEND", rf"week[- ]?ends?{_END}"),
    ("MONTH", rf"{_NAMED_MONTH}{_END}\.?"),
    ("SUMMER", rf"(?:en )?ete{_END}"),
    ("NOON", rf"midi{_END}"),
    ("TO", r"(?:a|au|aux)(?![a-z'])|\ufffd|§"),
    ("AND", rf"(?:et|puis|ou){_END}|[+&]"),
    ("NOISE", r"(?:(?:jours? et )?(?:heures?|horaires?)(?: d'ouvertures?| d'accueil)?"
              r"|ouverte?s?(?: au public)?|ouvertures?(?: au public)?|accueil(?: du)? public|accueil physique"
              r"|accueil|au public|le public|public|journee continue|en journee continue|en continu|sans interruption"
              r"|non[- ]stop|permanences?|uniquement|seulement|egalement|aussi|toute l'annee|toutes les semaines"
              r"|toute la journee|possibles?|chaque semaine|chaque|tous les|toutes les|notre|mois de"
              rf"|du|de|des|les|le|la|en){_END}|[dl]'(?=[a-z])"),
    ("PLACE", rf"(?:{_PLACES}){_END}"),
    ("CUT", r"\d{1,2}\s?:(?!\s?\d)"),
    ("NUMBER", r"(?<![\d,.])\d{1,2}(?![\d])"),
    ("HARD", r"[;|\n]|//+|--+|\.(?=\s|$)"),
    ("DASH", r"-"),
    ("COMMA", r","),
    ("SLASH", r"/"),
    ("COLON", r":"),
    ("OPEN", r"\("),
    ("CLOSE", r"\)"),
    ("SPACE", r"\s+|[.!\"*]"),
    ("UNKNOWN", r"[a-z']{3,}|."),
)  # fmt: skip
_WORDS = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _TABLE), re.DOTALL)
# « un lundi sur deux », « tous les quinze jours », « 2 vendredis par mois »: which ones, nobody says.
_WHICH = re.compile(
    r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|semaine|jour)s? sur (?:deux|2|trois|3)\b"
    r"|tous les (?:15|quinze) jours|en alternance|a la quinzaine|(?:\bun|une|\d|deux|trois) [a-z]+ (?:par|dans le) mois"
)
_DAY_STARTS = ("lu", "ma", "me", "je", "ve", "sa", "di")
_ORDINALS = {"pre": "1", "deu": "2", "sec": "2", "tro": "3", "qua": "4", "cin": "5", "der": "-1"}
_MONTH_STARTS = ("jan", "fev", "mar", "avr", "mai", "juin", "juil", "aou", "sep", "oct", "nov", "dec")
_FIXED: dict[str, tuple[Token, ...]] = {
    "PHONE": (), "NOISE": (), "SPACE": (), "ALLDAY": (Token("time", "00:00"), Token("time", "24:00")),
    "EVERYDAY": (Token("everyday"),), "WEEKEND": (Token("weekend"),), "OFMONTH": (Token("ofmonth"),),
    "TERM": (Token("term", "term"),), "HOLIDAYS": (Token("term", "holidays"),),
    "OUTOFTERM": (Token("term", "holidays"),), "NOTHOLIDAYS": (Token("term", "term"),), "PUBLIC": (Token("public"),),
    "NOTPUBLIC": (Token("except"), Token("public")), "WALKIN": (Token("walkin"),),
    "APPOINTMENT": (Token("appointment"),), "SAUF": (Token("except"),), "CLOSED": (Token("closed"),),
    "MORNING": (Token("half", "am"),), "AFTERNOON": (Token("half", "pm"),), "EVENING": (Token("half", "eve"),),
    "SUMMER": (Token("summer"),), "NOON": (Token("time", "12:00"),), "DASH": (Token("dash"),), "AND": (Token("and"),),
    "HARD": (Token("hard"),), "COMMA": (Token("comma"),), "SLASH": (Token("slash"),), "COLON": (Token("colon"),),
    "OPEN": (Token("open"),), "CLOSE": (Token("close"),), "PLACE": (Token("place"),), "TO": (Token("to"),),
    "UNSAID": (Token("unsaid"),),
}  # fmt: skip


def plain(text: str) -> str:
    """Lower case without accents, one kind of dash, apostrophe and space; line breaks and commas stay."""
    if text.isascii():
        return text.lower().translate(_FOLDED)
    letters = unicodedata.normalize("NFKD", text.translate(_FOLDED).lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).replace("œ", "oe")


def tokens(text: str) -> list[Token] | None:
    """The tokens of a `plain` text, in order; None where one word is not understood."""
    if _WHICH.search(text):
        return None
    found: list[Token] = []
    plural = False
    for match in _WORDS.finditer(text):
        kind, word = match.lastgroup or "UNKNOWN", match.group()
        if kind == "DAY":
            found.append(_day(word, plural))
            continue
        plural = word == "les" or (plural and kind == "SPACE")
        fixed = _FIXED.get(kind)
        if fixed is not None:
            found += fixed
            continue
        if kind == "WHOLEMONTHS":
            months = _whole_months(word)
            if months is None:
                return None
            found += months
            continue
        token = _READERS[kind](word) if kind in _READERS else None
        if token is None:
            return None
        found.append(token)
    return _without_heading(found)


def _without_heading(found: list[Token]) -> list[Token] | None:
    """A place named once, before all days and times, heads the text; elsewhere it could be another place."""
    if not any(token.kind == "place" for token in found):
        return found
    told = next((at for at, token in enumerate(found) if token.kind in {"day", "time", "bare", "everyday"}), len(found))
    if any(token.kind == "place" for token in found[told:]) or sum(token.kind == "place" for token in found) > 1:
        return None
    return [token for token in found if token.kind != "place"]


def _time(word: str) -> Token | None:
    """HH:MM; a time that is none, or whose minutes nobody writes, is not understood."""
    numbers = [int(number) for number in re.findall(r"\d+", word)]
    hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 0
    if hour > 24 or minute % 5 or (hour == 24 and minute):
        return None
    return Token("time", f"{hour:02d}:{minute:02d}")


def _number(word: str) -> Token | None:
    return Token("bare", f"{int(word):02d}:00") if int(word) <= 24 else None


def _day(word: str, plural: bool = False) -> Token:
    return Token("day", DAYS[_DAY_STARTS.index(word[:2])], plural)


def _month(word: str) -> Token:
    return Token("month", MONTHS[next(at for at, start in enumerate(_MONTH_STARTS) if word.startswith(start))])


def _whole_months(word: str) -> tuple[Token, ...] | None:
    """« du 1er septembre au 30 juin » is whole months; « au 28 juin » is not."""
    first, last = re.findall(_NAMED_MONTH, word)
    opens, closes = _month(first), _month(last)
    ends = int(re.findall(r"\d+", word)[-1])
    february = closes.value == "Feb" and ends == 28
    if ends != _LAST_DAYS[MONTHS.index(closes.value)] and not february:
        return None
    return opens, Token("dash"), closes


def _until(word: str) -> Token | None:
    """A day and the time at which it closes: ``Fr 16:30``."""
    day = re.search(_NAMED_DAY, word)
    clock = re.search(_CLOCK, word)
    assert day
    assert clock
    time = _time(clock.group())
    return Token("until", f"{_day(day.group()).value} {time.value}") if time else None


def _ordinal(word: str) -> Token:
    return Token("nth", word[0] if word[0].isdigit() else _ORDINALS[word[:3]])


def _firsts(word: str) -> Token:
    return Token("firsts", "3" if word.startswith(("3", "trois")) else "2")


def _parity(word: str) -> Token:
    return Token("parity", "odd" if "impair" in word else "even")


@cache
def _misspelled(word: str) -> Token | None:
    """The day that a word is one letter away from: « verdredi »."""
    if len(word) < 4:
        return None
    near = [index for index, day in enumerate(DAY_NAMES) if Levenshtein.distance(word, day, score_cutoff=1) == 1]
    return Token("day", DAYS[near[0]]) if len(near) == 1 else None


_READERS: dict[str, Callable[[str], Token | None]] = {
    "TIME": _time, "SECONDS": _time, "SPLIT": _time, "NUMBER": _number, "DAY": _day, "UNKNOWN": _misspelled,
    "UNTIL": _until, "ORDINAL": _ordinal, "FIRSTS": _firsts, "PARITY": _parity, "MONTH": _month,
}  # fmt: skip
