"""The words of opening hours, French and OSM alike, as tokens: each letter of the text is in one of them.

What a word is worth is reviewed data (``data/hours_words.csv``); what is written by rule (days, clocks, ranks) is here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from fs_pipeline.french import DAYS
from fs_pipeline.values.hours_text import NotUnderstoodError, Plain
from fs_pipeline.values.hours_words import MONTHS, misspelled_day, nearly_said, worth


@dataclass(frozen=True, slots=True)
class Token:
    """One thing that was understood, and where it stands in the plain text.

    Kinds, beyond signs (``dash``, ``comma``, ``slash``, ``colon``, ``hard``, ``open``, ``close``) and joining words
    (``to``, ``and``, ``or``, ``also``, ``between``): ``time`` and ``bare`` (HH:MM), ``day`` (Mo … Su, or several as
    ``Mo-Fr``), ``rank`` (1 … 5, -1), ``firsts``, ``ofmonth``, ``parity``, ``school`` (term, holidays, never), ``public``,
    ``month``, ``summer``, ``closed``, ``except``, ``appointment``, ``walkin``, ``half`` (am, pm, eve),
    ``until``, ``from``, ``pause``, ``telephone``, ``counter``, ``contact``, ``place``, ``remark``, ``harmless``.
    """

    kind: str
    value: str
    begin: int
    end: int
    plural: bool = False  # « les mardi et jeudi »: what follows is said of each of them
    opens: bool = False  # « du lundi »: a range is to follow
    article: bool = False  # « le lundi », « tous les lundis »


_E = r"(?![a-z])"
_RDV = r"(?:rdvs?|r\.d\.v\.?|r\.v\.|rendez[- ]?-?vous|rendezvous)"
_ONLY = r"(?:uniquement|seulement|exclusivement|exclusif|obligatoires?|imperatif|imperativement|prealable|necessaire)"
_DAY = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
_MONTH = (
    r"(?:janvier|janv|fevrier|fevr|mars|avril|avr|mai|juin|juillet|juil|aout|septembre|sept|octobre|oct"
    r"|novembre|nov|decembre|dec)"
)
_NUMBER = r"(?:un|une|deux|trois|quatre|\d{1,2})"
_HOLIDAYS = r"(?:periodes? de |periodes? des )?(?:les |petites |des )*(?:vacances|conges)(?: scolaires?)?"
_FREE = r"(?:(?<!\d)|(?<=h[0-5][05]))"  # « 9h3012h30 »: a clock may follow another
_PART = r"(?:\s+(?:et\s+(?:quart|demie?)|moins (?:le |un )?quart|quinze|trente|quarante[- ]cinq)(?![a-z]))"
_SEASON = r"(?:hiver|ete|printemps|automne|(?:basse|haute) saison|saison (?:estivale|hivernale))"
_SERVICE = r"(?:ateliers?|ludotheque|bibliotheque|mediatheque|animations?|retraits?|retours?|prets?|jeux)"
_TERM = r"(?:periodes?|per\.?|temps) scolaires?"
# Order matters: the first pattern that matches at a place wins.
_TABLE: tuple[tuple[str, str], ...] = (
    ("contact", r"(?:(?:telephone|tel|telephoner|appeler|contact)\.?\s*(?:au)?\s*:?\s*|au\s+)?"
                r"(?<!\d)(?:\+33|0)\s?[1-9](?:[ .-]?\d\d){4}(?!\d)|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)[^\s,;]+"),
    ("date", r"(?<!\d)\d{4}-\d\d-\d\d(?:[ t]\d\d:\d\d:\d\d)?|(?<!\d)\d{1,2}/\d{1,2}/(?:20)?\d\d(?!\d|h)"
             rf"|(?<!\d)(?:0[1-9]|[12]\d|3[01])/(?:0\d|1[0-2])(?![\dh/])|(?:\d{{1,2}}|1er) {_MONTH} (?:19|20)\d\d"),
    # « un lundi sur deux », « tous les quinze jours », « 2 vendredis par mois »: which ones, nobody says.
    ("which", rf"{_NUMBER} \w+ sur (?:deux|2|trois|3)|(?:{_DAY}|semaine|jour)s? sur (?:deux|2|trois|3){_E}"
              rf"|tou(?:te)?s les (?:[2-9]|1[0-9]|deux|trois|quatre|quinze) (?:jours|semaines|mois|{_DAY}s)"
              rf"|{_NUMBER} (?:\w+ ){{1,2}}?(?:par|dans le|/) ?(?:mois|trimestre|an){_E}|{_NUMBER} fois (?:par|/)"
              rf"|pas (?:ouvert\w* )?tou(?:te)?s les|(?:en|par) alternance|alternativement"
             rf"|(?:a la|par) quinzaine|{_NUMBER} semaine sur"
              rf"|semaines? [ab12]{_E}"),
    ("dates", rf"(?:du\s+)?(?:1\s?er|\d{{1,2}})(?:\s+{_MONTH})?\s+(?:au|-)\s+(?:1\s?er|\d{{1,2}})\s+{_MONTH}{_E}"),
    ("suspended", r"jusqu'a nouvel ordre"),
    ("dayofmonth", rf"(?:\d{{1,2}}|1\s?er|premier|fin|debut|mi|des|depuis|avant|apres|courant|a compter d[eu]|jusqu'(?:a|en|au)"
                   rf"|semaines?|quinzaine)[ -](?:le |(?:du )?mois d(?:e |')|de |d')?{_MONTH}{_E}"),
    ("seasonname", rf"(?:horaires d')?{_SEASON}\s*(?=\((?:de |d'|du )?(?:\d|{_MONTH}))"),
    ("workdays", r"(?<!\w)l\s?(?:-|a|au)\s?v(?![a-z'])"),
    ("everyweekday", rf"(?:tous les jours|chaque jour) de (?:la )?semaine{_E}"),
    ("everyday", r"7\s*j(?:ours?)?\s*(?:/|sur)\s*7j?(?!\w)|tous les jours|chaque jour|7/7"),
    ("allday", r"24\s*h?\s*(?:/|sur)\s*24\s*h?(?![\d:])"),
    ("time", r"(?:(?<![\d:])\d{1,2}:[0-5]\d:00(?![\d:])"
             # Minutes cut from their hour by a dash or a slash (« 12-30 », « 11h-45 »): no hour is above 24.
             r"|(?<![\d,])\d{1,2}\s?h?\s?[-/]\s?(?:30|45)(?!\s?[\dh:])|(?<=[-\s])\d{1,2}-00(?!\s?[\dh:])"
             r"|(?<!\d)\d{1,2}\s*:{1,2}[0-5]\d\s?h?(?!\d|[b-z])|(?<!\d)\d{1,2}\s?:\s[0-5]\d\s?h?(?!\d|[b-z]|\s?:)"
             r"|(?<!\d)\d{1,2}\s?h\s?(?:00|[3-5]\d)h(?![a-z\d])"
             rf"|{_FREE}\d{{1,2}}h[0-5][05](?=\d{{1,2}}h)"
             r"|(?<=[h\d]-)(?:0\d|1\d)(?:00|15|30|45)(?!\d)"
             rf"|{_FREE}\d{{1,2}}\s*(?:heures?|hrs?|h)(?:(?![b-z]|a[a-z])|(?={_DAY}))"
             r"(?:(?<=h)[0-5]\d(?!\d|\s?h(?![a-z])|:\d)|\s*[0-5][05](?!\d|\s*h(?![a-z])|\s?:\s?\d))?"
             r"|(?<![\d.,:])(?:[6-9]|0[6-9]|1\d)(?:00|15|30|45)(?=\s?(?:-\s?\d|a\s?\d))"
             r"|(?<![\d.,])\d{1,2}\.(?:00|15|30|45)(?![\d.])|midi(?!\s+et\s+deux)(?![a-z])"
             rf"(?:\s+[0-5][05](?!\s*[h:\d]))?){_PART}?"),
    ("rank", r"(?:1\s?ers?|premiers?|1\s?eres?|premieres?|([2-5])\s?(?:eme|e|nde?|de|d|ieme)s?"
             rf"|deuxiemes?|seconde?s?|troisiemes?|quatriemes?|cinquiemes?|dernieres?|derniers?){_E}"),
    ("firsts", rf"(?:[23]|deux|trois) premi(?:er|ere)s{_E}"),
    ("ofmonth", rf"(?:du|de chaque|de|chaque|par|dans le) mois{_E}"),
    ("parity", rf"(?:(?:en|les|des|de|la|le)\s+)?(?:semaines?|sem\.?)\s+(?:im)?paires?{_E}(?:\s+(?:uniquement|seulement))?"
               rf"|(?<=\()\s*(?:im)?paires?\s*(?=\))"),
    ("school", rf"(?:hors|en dehors d[eu]s?|sauf(?: pendant)?|excepte) (?:les? |la )?(?:{_TERM}|{_HOLIDAYS}){_E}"
               rf"|(?:en |pendant |durant |lors des )?(?:la |les |le )?(?:{_TERM}|{_HOLIDAYS}){_E}"),
    ("public", rf"(?:hors |en dehors des |sauf )?(?:les )?(?:jours? )?(?:feries?{_E}|f\ufffdri\ufffds?)(?: et ponts?)?"),
    ("walkin", rf"(?:avec ou sans|sans ou avec|sans|hors)\s+{_RDV}{_E}|(?:en )?(?:accueil|acces|entree|venue|flux) libre{_E}"
               rf"|{_RDV} (?:est |sont )?(?:possibles?|conseilles?|souhaites?|recommandes?|preferes?|facultatifs?){_E}"
               rf"|(?:avec |en )?priorite (?:aux|a|sur) (?:les )?{_RDV}"),
    ("appointment", rf"(?:{_ONLY}\s+)?(?:prendre |(?:sur|avec|sous|par|a)\s+(?:la )?(?:prise de\s+)?|prises? de )?"
                    rf"{_RDV}(?:\s+{_ONLY})?{_E}"),
    ("until", rf"(?:jusqu'a|jusque|(?:fermeture|ferme|fermant|fin)(?: des portes)? (?:a|des)|fermeture)(?= ?\d){_E}"),
    ("from", rf"(?:a partir de|des|(?:ouverture|ouvre|ouvert|debut)(?: des portes)? (?:a|des))(?= ?\d){_E}"),
    ("pause", rf"(?:avec )?(?:une |la )?(?:pause|coupure|interruption)(?: meridienne| dejeuner| de midi| du midi)?{_E}"),
    ("except", rf"(?:sauf(?: pendant| durant)?|excepte|hormis|a l'exception|hors|mais pas){_E}"),
    ("closed", rf"(?:pas|aucune?|ni|sans) (?:d'|de |d )?(?:accueil|ouverture|permanences?|reception|public){_E}"
               rf"|pas ouverte?s?{_E}"
               r"|(?:(?:espace|structure|bureau|accueil|est|sont) )?"
               rf"(?:ferme(?:e|s|es|ture|tures)?{_E}(?: au public| annuelle)?|ferm\ufffde?s?|closed?{_E}|off{_E})"
               rf"(?: ce jour(?:-la)?{_E})?"),
    ("lesson", rf"{_SERVICE} (?:uniquement|seulement){_E}"
               rf"|(?:uniquement|seulement) (?:pour )?(?:le |la |les )?{_SERVICE}{_E}"),
    ("telephone", rf"(?:(?:accueil|permanences?|standard)\s+)?(?:telephoni\w+|telephones?|standard|par telephone|tel){_E}"),
    ("harmless", rf"(?:accueil )?physique et telephonique{_E}|toutes? l[ae'] ?(?:journee|annee|semaine){_E}"
                 rf"|(?:en |de )?(?:journee )?continu?e?{_E}|sans interruption|non[- ]stop|(?:tous?|toutes|chaque)(?: les)?{_E}"),
    ("counter", rf"(?:accueil )?physique{_E}|guichets?{_E}|(?:au|du) comptoir{_E}"),
    ("usual", rf"(?:le |pendant le )?reste (?:de l'annee|du temps){_E}"),
    ("same", rf"idem{_E}"),
    ("morning", rf"matin(?:s|ees?)?{_E}"),
    ("afternoon", rf"apr[e\ufffd]s[- ]?midis?{_E}|aprem{_E}"),
    ("evening", rf"soir(?:s|ees?|\ufffdes?)?{_E}"),
    ("insemaine", rf"(?:en |toute la |la )semaine{_E}(?! (?:pro|der|du))|jours? ouvres{_E}"),
    ("weekend", rf"week[- ]?ends?{_E}"),
    ("fromday", rf"du(?= {_DAY})"),
    ("day", rf"{_DAY}s?{_E}|(?:lun|mar|mer|merc|jeu|ven|vend|sam|dim)(?:\.(?!\d)|(?![a-z]))"
            r"|(?:lu|ma|me|je|ve|sa|di|mo|tu|we|th|fr|su)(?:\.(?!\d)|(?![a-z]))"),
    ("month", rf"{_MONTH}(?:\.|{_E})|(?:jan|feb|apr|may|jun|jul|aug|sep|nov|dec){_E}"),
    ("summer", rf"(?:en |l'|d')?ete{_E}"),
    ("also", rf"(?:egalement|aussi|ainsi que|puis){_E}"),
    ("between", rf"entre{_E}"),
    ("to", r"(?:a|au|aux)(?![a-z'])|\ufffd(?![a-z])|§"),
    ("or", rf"ou{_E}"),
    ("and", rf"et{_E}|[+&]"),
    ("plural", rf"les{_E}"),
    ("cut", r"(?<!\d)\d{1,2}\s?:(?=\s*(?:$|[^\d\s]|\d{1,2}\s?[:h]))"),
    ("number", r"(?<![\d,.])\d{1,2}(?!\d)"),
    ("hard", r"[;|\n]|//+|--+|\.(?=\s|$|[a-z])"),
    ("dash", r"[-~]"),
    ("comma", r","),
    ("slash", r"/"),
    ("colon", r":"),
    ("open", r"\("),
    ("close", r"\)"),
    ("space", r"\s+|[^\w\ufffd]"),
    ("word", r"(?:[ldnscjm]|qu|jusqu)'|[a-z\ufffd]+(?:'[a-z]+)?|\w+|."),
)  # fmt: skip
_TOKENS = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _TABLE), re.DOTALL)
_DAY_STARTS = ("lu", "ma", "me", "je", "ve", "sa", "di")
_OSM_DAYS = {"mo": "Mo", "tu": "Tu", "we": "We", "th": "Th", "fr": "Fr", "su": "Su"}
_RANKS = {"pre": "1", "deu": "2", "sec": "2", "tro": "3", "qua": "4", "cin": "5", "der": "-1"}
_MONTH_STARTS = ("jan", "fev", "mar", "avr", "mai", "juin", "juil", "aou", "sep", "oct", "nov", "dec")
_LAST_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_REFUSED = {"which": "hours_which_weeks", "date": "hours_are_dates", "dayofmonth": "hours_with_exceptions",
            "lesson": "hours_of_an_activity", "suspended": "hours_suspended"}  # fmt: skip
_LETTERS = frozenset("lmjvsd")  # « L M V 9h-12h »: days, maybe
_MINUTES = {"quar": "15", "quin": "15", "demi": "30", "tren": "30", "cinq": "45"}
_HALVES = {"morning": "am", "afternoon": "pm", "evening": "eve"}


def tokens(plain: Plain) -> list[Token]:
    """The tokens of a plain text, in order, white space apart; raises NotUnderstoodError at a word that forbids reading."""
    found: list[Token] = []
    plural = opens = article = False
    for match in _TOKENS.finditer(plain.text):
        kind, word = match.lastgroup or "word", match.group()
        if kind == "space":
            continue
        if kind in _REFUSED:
            raise NotUnderstoodError(_REFUSED[kind], plain.quote(match.start(), match.end()))
        for one, value in _values(kind, word, plain, match):
            if one == "others":  # « (hors coworking) »: the hours of everybody else
                found[-1] = replace(found[-1], kind="harmless")
            found.append(
                Token(one.replace("others", "harmless"), value, match.start(), match.end(), plural, opens, article)
            )
        plural, opens = kind == "plural", kind == "fromday"
        article = kind == "plural" or word == "le" or word.startswith(("tous", "chaque"))
    return found


def _values(kind: str, word: str, plain: Plain, match: re.Match[str]) -> list[tuple[str, str]]:
    """Kind and value of what a pattern found."""
    if kind == "time":
        return [("time", _clock(word, plain.quote(match.start(), match.end())))]
    if kind in _HALVES:
        return [("half", _HALVES[kind])]
    if kind == "word":
        return [_word(word, plain, match)]
    if kind == "contact":
        return [("contact", "au" if word.startswith(("au", "appeler", "telephoner")) else "")]
    if kind == "cut":  # « 9: - 12: » is a way to write hours, but not of somebody who writes « 9:00 »
        if ":00" in plain.text:
            raise NotUnderstoodError("hours_cut", plain.quote(match.start(), match.end()))
        return [("time", _clock(word, word))]
    reader = _READERS.get(kind)
    return reader(word) if reader else [(kind, "")]


def _clock(word: str, written: str) -> str:
    """HH:MM; a clock that is none is not understood."""
    part = re.search(_PART, word)
    if part:  # « midi et demi », « 9 heures moins le quart »
        whole = _clock(word[: part.start()], written)
        if not whole.endswith(":00") or whole[:2] in {"00", "24"}:
            raise NotUnderstoodError("hours_not_understood", written)
        minutes = _MINUTES[re.split(r"[-\s]", part[0])[-1][:4]]
        return f"{int(whole[:2]) - 1:02d}:45" if "moins" in part[0] else whole[:3] + minutes
    parts = [word[:-2], word[-2:]] if word.isdecimal() else re.findall(r"\d+", word.replace("midi", "12h"))  # « 830 »
    hour, minute = [*map(int, parts), 0][:2]
    if hour > 24 or (hour == 24 and minute):
        raise NotUnderstoodError("hours_not_understood", written)
    return f"{hour:02d}:{minute:02d}"


def _day(word: str) -> str:
    short = word[:2]
    osm = len(word.rstrip(".")) == 2 and short in _OSM_DAYS
    return _OSM_DAYS[short] if osm else DAYS[_DAY_STARTS.index(short)]


def _month(word: str) -> str:
    starts = [name.lower() for name in MONTHS]
    french = next((at for at, start in enumerate(_MONTH_STARTS) if word.startswith(start)), None)
    return MONTHS[starts.index(word[:3]) if french is None else french]


def _school(word: str) -> list[tuple[str, str]]:
    out = bool(re.match(r"hors|en dehors|sauf|excepte", word))
    holidays = not word.endswith(("scolaire", "scolaires")) or "vacances" in word or "conges" in word
    return [("school", "term" if out == holidays else "holidays")]


def _dates(word: str) -> list[tuple[str, str]]:
    """« du 1er septembre au 30 juin » is whole months, « du 15 juin au 15 septembre » and « du 1er au 15 août » are days."""
    names = [_month(name) for name in re.findall(_MONTH, word)]
    begin, end = (int(number) for number in re.findall(r"\d+", word))
    first, last = names[0], names[-1]
    held = 1 <= begin <= _LAST_DAYS[MONTHS.index(first)] and 1 <= end <= _LAST_DAYS[MONTHS.index(last)]
    if not held or (first == last and begin >= end):
        raise NotUnderstoodError("hours_not_understood", word)
    if begin == 1 and (end == _LAST_DAYS[MONTHS.index(last)] or (last == "Feb" and end == 28)):
        return [("month", first)] if first == last else [("month", f"{first}-{last}")]
    if first == last:
        return [("month", f"{first} {begin:02d}-{end:02d}")]
    return [("month", f"{first} {begin:02d}-{last} {end:02d}")]


def _public(word: str) -> list[tuple[str, str]]:
    return [("except", ""), ("public", "")] if word.startswith(("hors", "en dehors", "sauf")) else [("public", "")]


_READERS: dict[str, Callable[[str], list[tuple[str, str]]]] = {
    "number": lambda word: [("bare", f"{int(word):02d}:00") if int(word) <= 24 else ("remark", word)],
    "day": lambda word: [("day", _day(word))],
    "hard": lambda word: [("hard", word[0])],
    "month": lambda word: [("month", _month(word))],
    "rank": lambda word: [("rank", word[0] if word[0].isdigit() else _RANKS[word[:3]])],
    "firsts": lambda word: [("firsts", "3" if word.startswith(("3", "trois")) else "2")],
    "parity": lambda word: [("parity", "odd" if "impair" in word else "even")],
    "school": _school,
    "public": _public,
    "everyday": lambda _: [("day", "Mo-Su")],
    "weekend": lambda _: [("day", "Sa-Su")],
    "workdays": lambda _: [("day", "Mo-Fr")],
    "everyweekday": lambda _: [("day", "Mo-Fr")],
    "insemaine": lambda _: [("day", "Mo-Fr")],
    "seasonname": lambda _: [("harmless", "")],
    "dates": _dates,
    "allday": lambda _: [("time", "00:00"), ("to", ""), ("time", "24:00")],
    "plural": lambda _: [("harmless", "")],
    "fromday": lambda _: [("harmless", "")],
}

_OTHERS = re.compile(r"(?<!ferme )(?:hors|hormis|excepte) $")
_RULES = {"closes": "hours_suspended", "doubt": "hours_uncertain", "public": "hours_for_some",
          "elsewhere": "hours_elsewhere", "lesson": "hours_of_an_activity"}  # fmt: skip


def _word(word: str, plain: Plain, match: re.Match[str]) -> tuple[str, str]:
    """What an ordinary word is worth; raises where it forbids reading."""
    if word in _LETTERS:
        raise NotUnderstoodError("hours_not_understood", plain.quote(match.start(), match.end()))
    said = worth(word.strip("'").split("'")[-1])
    before, after = plain.text[: match.start()], plain.text[match.end() :]
    if said == "public" and _OTHERS.search(before) and re.match(r"\s*(?:[).;\n]|$)", after):
        return "others", word
    if said in _RULES and not (said == "lesson" and re.search(r"\d", before)):
        raise NotUnderstoodError(_RULES[said], plain.quote(match.start(), match.end()))
    if said == "remark":
        day = misspelled_day(word)
        if day:
            return "day", day
        if nearly_said(word):
            raise NotUnderstoodError("hours_not_understood", plain.quote(match.start(), match.end()))
    return ("remark" if said == "lesson" else said), word
