"""What names or reaches a person: mailboxes, mobile numbers, names with a title. When in doubt, it is personal."""

from __future__ import annotations

import re
import unicodedata

from fs_pipeline.data import read_csv

# Words of a mailbox that belongs to a service, whoever reads it.
SERVICE_WORDS = frozenset(row["word"] for row in read_csv("mailbox_words.csv"))
_LOCAL_SPLIT = re.compile(r"[^a-z]+")
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_GAP = r"[\s\u00a0\u202f.\-/]*"
_MOBILE = re.compile(
    rf"(?:(?:\+|00){_GAP}(?:33|262|590|594|596){_GAP}(?:\(0\){_GAP})?|\b0)"
    rf"(?:[67]{_GAP}(?:\d{_GAP}){{7}}\d)(?!\d)"
)
_TITLED = re.compile(
    r"\b(?:M\.|Mme|Mlle|Monsieur|Madame|Mesdames|Messieurs|Mr|Dr)[\s\u00a0\u202f]+"
    r"(?:[A-ZÀ-Ý][\w’'-]*(?:[\s\u00a0\u202f]+(?=[A-ZÀ-Ý])|\b))+"
)
REMOVED = "[retiré]"


def is_service_mailbox(email: str, *context: str | None) -> bool:
    """Whether the part before the @ names a service, or the place or commune given as `context`."""
    tokens = [word for word in _LOCAL_SPLIT.split(_plain(email.partition("@")[0])) if word]
    if any(word in SERVICE_WORDS for word in tokens):
        return True
    joined = "".join(tokens)
    if any(joined.startswith(word) for word in SERVICE_WORDS if len(word) >= 6):
        return True
    words = {word for text in context if text for word in _LOCAL_SPLIT.split(_plain(text)) if len(word) >= 4}
    return bool(tokens) and all(word in words for word in tokens)


def is_mobile(phone: str) -> bool:
    """Whether a number, E.164 or as written, is a mobile one."""
    return bool(_MOBILE.search(phone))


def without_personal(text: str) -> str:
    """`text` with what names or reaches a person taken out."""
    cleaned = _EMAIL.sub(lambda found: found[0] if is_service_mailbox(found[0]) else REMOVED, text)
    cleaned = _MOBILE.sub(REMOVED, cleaned)
    return _TITLED.sub(REMOVED, cleaned)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(character for character in decomposed if not unicodedata.combining(character))
