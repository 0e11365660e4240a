"""Words that nobody knows in a text of opening hours: told where they are harmless company, refused where they may not be.

The rule of the house: no letter is dropped without being in the value, in the reviewed words or in a note.
"""

from __future__ import annotations

from collections.abc import Sequence

from fs_pipeline.values.hours_lexer import Token
from fs_pipeline.values.hours_text import NotUnderstoodError, Plain

_CONTENT = frozenset({"day", "time", "bare", "appointment", "closed", "rank", "month", "parity", "except", "half"})
_COMPANY = frozenset({"harmless", "comma", "dash", "slash", "and", "to", "or", "place"})
_MOST = 2  # groups of unknown words; more tell of places, people or services, each with its hours


def remarks(found: Sequence[Token], plain: Plain) -> list[str]:
    """The unknown words as they are written, a group a remark; raises NotUnderstoodError where they may matter."""
    groups = _groups(found)
    if not groups:
        return []
    content = [at for at, token in enumerate(found) if token.kind in _CONTENT]
    said = [plain.quote(found[first].begin, found[last].end) for first, last in groups]
    between = [one for one in groups if content and content[0] < one[0] < content[-1]]
    if len(groups) > _MOST or len(between) > 1:
        raise NotUnderstoodError("hours_not_understood", said[0])
    for (first, last), words in zip(groups, said, strict=True):
        unknown = [token for token in found[first : last + 1] if token.kind == "remark"]
        if any(token.value.isdecimal() or any(sign.isdigit() for sign in token.value) for token in unknown):
            raise NotUnderstoodError("hours_not_understood", words)
        if _among_days(found, first, last):
            raise NotUnderstoodError("hours_not_understood", words)
        heads = bool(content) and last < content[0]
        if any(_is_name(token, plain, heads) for token in unknown):
            raise NotUnderstoodError("hours_elsewhere", words)
    return said


def _groups(found: Sequence[Token]) -> list[tuple[int, int]]:
    """First and last place of each run of unknown words, harmless company between them."""
    groups: list[tuple[int, int]] = []
    for at, token in enumerate(found):
        if token.kind != "remark":
            continue
        if groups and all(one.kind in _COMPANY for one in found[groups[-1][1] + 1 : at]):
            groups[-1] = (groups[-1][0], at)
        else:
            groups.append((at, at))
    return groups


def _among_days(found: Sequence[Token], first: int, last: int) -> bool:
    """« lundi, mardi et x de 9h à 12h », « du x au samedi »: an unknown word where a day should be."""
    before = [token.kind for token in found[:first] if token.kind != "harmless"]
    after = [token.kind for token in found[last + 1 :] if token.kind != "harmless"]
    ends = len(before) > 1 and before[-1] in {"and", "comma", "to", "dash", "or"} and before[-2] == "day"
    return ends or (after[1:2] == ["day"] and after[0] in {"and", "to", "or"})


def _is_name(token: Token, plain: Plain, heads: bool) -> bool:
    """A capital inside a sentence: a place's or a person's name; « Maison … de Verny » may head the text."""
    written = plain.quote(token.begin, token.end)
    before = plain.text[: token.begin].rstrip(" \"'*")
    if heads and before.endswith((" de", " d", " du")):
        return False
    opens = not before or before[-1] in ".\n;:|!?-+("
    return written[:1].isupper() and not opens and not plain.written.isupper()


def covered(found: Sequence[Token], plain: Plain) -> bool:
    """Whether each letter and figure of the text is in a token: known, of the reviewed words, or told as a remark."""
    at = 0
    for token in found:
        if any(letter.isalnum() for letter in plain.text[at : max(at, token.begin)]):
            return False
        at = max(at, token.end)
    return not any(letter.isalnum() for letter in plain.text[at:])
