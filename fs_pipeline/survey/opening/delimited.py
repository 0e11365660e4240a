"""CSV and its cousins: which alphabet, which separator, then the cells. Part of the child process (child.py).

Nobody who hands in a file should have to know what an encoding is.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter

from fs_pipeline.survey.opening.csv_rows import records
from fs_pipeline.survey.opening.raw import RawCell, RawSheet, RawWorkbook, Told
from fs_pipeline.survey.opening.refusal import MAX_CHARACTERS, Refused

MAX_CELLS = 6_000_000
_SAMPLE_LINES = 400
_LONGEST_FIELD = 64 * 1024 * 1024  # no file is longer: where no separator fits, a line is one field
_AS_WINDOWS = "fs_pipeline_as_windows"
_KEPT_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)  # how an export keeps a leading zero from the spreadsheet
_FRENCH = set("éèêëàâäîïôöùûüÿçœæÉÈÊËÀÂÎÏÔÙÛÜŸÇŒ’«»°€–…²")
_MOJIBAKE = re.compile('Ã[\x80-\xbf\u0152-\u2122]|â€[\u2122\u0153\u009d\u0153"“”˜™]')


def read_delimited(content: bytes) -> RawWorkbook:
    """One sheet of text cells.

    Raises
    ------
    Refused
        When it is no text.
    """
    csv.field_size_limit(_LONGEST_FIELD)
    text = decode(content)
    separator, text = _declared_separator(text)
    separator = separator or guess_separator(text)
    if text.count(separator) > MAX_CELLS:
        raise Refused("too_heavy")
    rows, repairs = records(text, separator)
    if sum(map(len, rows)) > MAX_CELLS:
        raise Refused("too_heavy")
    cells: list[list[RawCell]] = [[_written(cell)[:MAX_CHARACTERS] or None for cell in row] for row in rows]
    return RawWorkbook("csv", [RawSheet("", True, cells, Told(repairs=repairs))])


def _written(cell: str) -> str:
    text = cell.strip()
    kept = _KEPT_AS_TEXT.fullmatch(text)
    return kept[1].replace('""', '"').strip() if kept else text


def decode(content: bytes) -> str:
    """Text of a file in UTF-8, UTF-16, Windows-1252, Mac Roman or MS-DOS 850, found without asking."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _unmojibake(content.decode(name, "replace").lstrip("\ufeff"))
    sample = content[:4096]
    if sample.count(0) > len(sample) // 4:
        odd, even = sample[1::2].count(0), sample[::2].count(0)
        if max(odd, even) > len(sample) // 3 and min(odd, even) < len(sample) // 50:
            return content.decode("utf-16-le" if odd > even else "utf-16-be", "replace")
    nuls = content.count(0)
    if nuls > len(content) // 50 or _control_share(sample) > 0.05:
        raise Refused("not_a_table", "un fichier binaire")
    if nuls:
        content = content.replace(b"\0", b"")
    try:
        return _unmojibake(content.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    repaired = content.decode("utf-8", "replace")
    strange = repaired.count("\ufffd")
    if strange < sum(character > "\x7f" for character in repaired) - strange:
        return _unmojibake(content.decode("utf-8", _AS_WINDOWS))  # glued from two sources, or mended by hand
    return max((_try(content, name) for name in ("cp1252", "mac_roman", "cp850")), key=_frenchness)


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """What is no UTF-8 in a text that is: read as Windows writes it."""
    assert isinstance(error, UnicodeDecodeError)
    return _try(error.object[error.start : error.end], "cp1252"), error.end


codecs.register_error(_AS_WINDOWS, _as_windows)


def _try(content: bytes, name: str) -> str:
    try:
        return content.decode(name)
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _frenchness(text: str) -> float:
    foreign = Counter(character for character in text if character > "\x7f")
    return sum(count if character in _FRENCH else -count for character, count in foreign.items())


def _control_share(sample: bytes) -> float:
    controls = sum(byte < 32 and byte not in {0, 9, 10, 11, 12, 13, 27} for byte in sample)
    return controls / max(len(sample), 1)


def _unmojibake(text: str) -> str:
    """« Ã© » was an « é » read twice wrongly; given back where the whole text agrees."""
    if len(_MOJIBAKE.findall(text[:200_000])) < 3:
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def _declared_separator(text: str) -> tuple[str | None, str]:
    """Excel's own first line, ``sep=;``, blanked so that rows keep their numbers."""
    if found := re.match(r"sep=(.)\r?\n", text, re.IGNORECASE):
        return found.group(1), text[found.end() - 1 :]
    return None, text


def guess_separator(text: str) -> str:
    """The one that cuts the first lines into the same number of cells, more than one."""
    lines = text[:400_000].splitlines(keepends=True)[:_SAMPLE_LINES]
    best, best_score = ",", 0.0
    for separator in (";", "\t", ",", "|"):
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=separator) if any(row))
        if not widths:
            continue
        width, count = widths.most_common(1)[0]
        score = 0.0 if width < 2 else count / sum(widths.values()) * min(width, 8)
        if score > best_score:
            best, best_score = separator, score
    return best
