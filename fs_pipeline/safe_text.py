"""Text made safe once, at the door where it comes in: what is stored, compared, shown and printed has passed here.

Nothing heavy is imported: the survey's child process imports it. What nothing is (« néant », « #N/D ») is ``values/text.py``'s
question, how names are compared ``territory/names.py``'s, what our fonts can draw ``cartography/glyphs.py``'s.
"""

from __future__ import annotations

import codecs
import io
import re
import unicodedata
from functools import cache, lru_cache
from typing import Any, TextIO

from fs_pipeline.tabular.reading import decoded

NAMELESS = "sans-nom"
LOST = "\ufffd"  # what a program writes where it could not read a letter

# Ordinary French text, as it is in nearly every cell: it passes as it is.
_ODD = re.compile(
    r"[^\t\n -~\u00a1-\u00ac\u00ae-\u00be\u00c0-\u02ff\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026"
    r"\u2039\u203a\u20ac\u2122]"
)
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\u2028\u2029]")  # PowerPoint breaks a line with a vertical tab
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_MAYBE_LOST = re.compile(r"[\x80-\x9f\ud800-\uf8ff\ufdd0-\ufdef\ufffd-\uffff\U0001fffe-\U0010ffff]")
_TWICE_LOST = "ï¿½"  # U+FFFD itself, read as Windows-1252
_BLANK = frozenset(map(chr, (0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0)))  # drawn as nothing, and as wide as a letter
_INVISIBLE = frozenset(map(chr, (0x034F, 0x17B4, 0x17B5, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10), 0xFFFC)))
_HYPHENS = frozenset("\u2010\u2011")
_VARIATION = range(0xE0100, 0xE01F0)
_SHORT = 200  # characters up to which a text is worth remembering

# Where a lost letter stands says what it was, most often: « l�école », « n� 3 », « 9h � 12h », « Biblioth�que ».
_LOST_RUN = re.compile(r"\ufffd+")
_LOST_APOSTROPHE = re.compile(  # not of « Léon », « Léopold », « Léa »
    r"(?<=\b[ld])\ufffd(?!(?:on|op|o\b|a\b))(?=[aeiouyh\ufffd])|(?<=\bqu)\ufffd(?=[aeiou\ufffd])|(?<=\b[cns])\ufffd(?=est|i)",
    re.IGNORECASE,
)
_LOST_DEGREE = re.compile(r"\b(n)\ufffd+(?=\s?\d)", re.IGNORECASE)
_LOST_TO = re.compile(
    r"(?<=[\w.]) \ufffd+ (?=\w)|(?:(?<=\dh)|(?<=h\d\d)|(?<=:\d\d))\s?\ufffd+\s?(?=\d)"
    r"|(?<=\d)\s?\ufffd+\s?(?=\d\d?\s?[h:])",
    re.IGNORECASE,
)
_LOST_SPACE = re.compile(r"(?<=\d)\ufffd+(?=\d)")
_LOST_LETTER = re.compile(r"(?<=[^\W\d_])\ufffd++|(?<!\ufffd)\ufffd++(?=[^\W\d_])")
_PIECE = re.compile(r"\S+")
_OF_ADDRESS = ("@", "//", "www.")  # of a mailbox or a site
_UNKNOWN = "*"  # of an address: a letter guessed there would write to somebody else


def safe(text: str) -> str:
    """`text` composed (NFC), without what cannot be seen or is no character; the same text where all is ordinary.

    C1 controls are read as Windows-1252, a symbol font's private codes as their signs; every space is a plain one, every
    line end ``\\n``. A lost letter is replaced by the likeliest one, most often « e »: ``lost_in`` says where.
    """
    return text if is_ordinary(text) else _read_odd(text)[0]


def lost_in(text: str) -> str | None:
    """The text with « � » wherever a letter is lost, to show to the person who wrote it; None where none is."""
    return None if is_ordinary(text) else _read_odd(text)[1]


def is_ordinary(text: str) -> bool:
    """Whether nothing of it is to be made safe, and nothing is lost."""
    return (text.isascii() and text.isprintable()) or _ODD.search(text) is None


def _read_odd(text: str) -> tuple[str, str | None]:
    return _read_short(text) if len(text) <= _SHORT else _read(text)


def _read(text: str) -> tuple[str, str | None]:
    whole = _LINE_END.sub("\n", _whole(text))
    marked = _MAYBE_LOST.sub(lambda found: LOST if _is_lost(found[0]) else found[0], whole)
    shown = unicodedata.normalize("NFC", marked.translate(_SIGNS)) if LOST in marked else None
    return _without_lost(unicodedata.normalize("NFC", whole.translate(_SIGNS))), shown


_read_short = lru_cache(maxsize=16_384)(_read)  # surveys repeat their words


def safe_tree(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """The texts of a JSON value, keys too, made safe: an escape (``\\ud83d``) hides from whoever reads the file's text."""
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, list):
        return [safe_tree(item) for item in value]
    if isinstance(value, dict):
        return {safe(str(name)): safe_tree(item) for name, item in value.items()}
    return value


def safe_name(name: str) -> str:
    """A file's name as it is stored and shown: on one line, whatever bytes the system keeps it in, « _ » for what is lost."""
    try:
        written = decoded(name.encode("utf-8", "surrogateescape"))  # Python's way of writing bytes that are no UTF-8
    except UnicodeEncodeError:  # halves that are no bytes, as a remote store may give
        written = name
    shown = " ".join(safe(re.sub(rf"[{LOST}\ud800-\udfff]", "_", written)).split())
    return "".join(filter(str.isprintable, shown)) or NAMELESS


def show_anywhere(*streams: TextIO) -> None:
    """Let nothing that is written to a terminal fail: one without accents shows « accepte », or « ? »."""
    codecs.register_error("without_accents", _without_accents)
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="without_accents")


def _without_accents(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    plain = error.object[error.start : error.end].replace("’", "'").replace("«", '"').replace("»", '"')
    return unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode() or "?", error.end


def _whole(text: str) -> str:
    """Surrogates by two are the character they stand for; U+FFFD read twice wrongly is U+FFFD again."""
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return text.replace(_TWICE_LOST, LOST)


class _Signs(dict[int, str]):
    """Code of a character -> what is kept of it, found the first time it is met."""

    def __missing__(self, code: int) -> str:
        self[code] = kept = _kept(chr(code))
        return kept


_SIGNS = _Signs()


def _kept(character: str) -> str:
    code, category = ord(character), unicodedata.category(character)
    if character in "\t\n" or character == LOST:
        return character
    if category == "Cc":
        return _of_windows(code) or ""
    if category == "Co":
        return pasted_signs().get(code, "")
    if category == "Zs" or character in _BLANK:
        return " "
    if character in _HYPHENS:
        return "-"
    gone = category in {"Cf", "Cs"} or character in _INVISIBLE or code in _VARIATION or _is_no_character(code)
    return "" if gone else character


@lru_cache(maxsize=1_024)
def _is_lost(character: str) -> bool:
    """Whether something stood here that nobody can read any more."""
    code = ord(character)
    if code < 0xA0:
        return code > 0x7F and _of_windows(code) is None
    category = unicodedata.category(character)
    return (
        character == LOST
        or category == "Cs"
        or (category == "Co" and code not in pasted_signs())
        or _is_no_character(code)
    )


def _of_windows(code: int) -> str | None:
    """The Windows-1252 letter of a C1 control; None where there is none."""
    if code <= 0x7F:
        return None
    try:
        return bytes((code,)).decode("cp1252")
    except UnicodeDecodeError:
        return None


def _is_no_character(code: int) -> bool:
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


@cache
def pasted_signs() -> dict[int, str]:
    """Private code -> the sign of Symbol or Wingdings that it stood for."""
    from fs_pipeline.data import read_csv  # late: few files hold one

    return {int(row["code"], 16): row["sign"] for row in read_csv("pasted_signs.csv")}


def _without_lost(text: str) -> str:
    if LOST not in text:
        return text
    text = _PIECE.sub(_with_unknown_in_address, text)
    if all(len(run) % 2 == 0 for run in _LOST_RUN.findall(text)):
        text = text.replace(LOST * 2, LOST)  # saved as ASCII from UTF-8, where an accent takes two bytes
    text = _LOST_APOSTROPHE.sub("’", text)
    text = _LOST_DEGREE.sub(r"\1°", text)
    text = _LOST_TO.sub(" à ", text)
    text = _LOST_SPACE.sub(" ", text)
    return _LOST_LETTER.sub(_likeliest, text).replace(LOST, "")


def _with_unknown_in_address(found: re.Match[str]) -> str:
    piece = found[0]
    return piece.replace(LOST, _UNKNOWN) if any(mark in piece for mark in _OF_ADDRESS) else piece


def _likeliest(found: re.Match[str]) -> str:
    """« é » loses its accent with the rest: « e », in capitals among capitals."""
    start, end = found.span()
    before, after = found.string[start - 1 : start], found.string[end : end + 1]  # "" at either end of the text
    capital = before.isupper() if before.isalpha() else after.isupper()
    followed = not after.isalpha() or after.isupper()
    return "E" if capital and followed else "e"
