"""What reaches a service, and nobody in particular: mailboxes, telephone numbers, web pages; by allow-list.

Whether a name or a street may be read is ``values/public_words.py``'s work.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from urllib.parse import urlsplit

from fs_pipeline.data import read_csv
from fs_pipeline.values.lexicon import ARTICLES, never_a_word, place_words, tokens_of
from fs_pipeline.values.text import normalise

_MAILBOX = re.compile(r"([A-Za-z0-9._%+'-]+)@((?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})")
# Fixed lines, also overseas, and numbers of services; a mobile line overseas begins like the others (0692, 0690…).
_FIXED = re.compile(
    r"\+33[1-589]\d{8}|\+262(?:262|263|269|976)\d{6}|\+590590\d{6}|\+594594\d{6}|\+596596\d{6}|\+50841\d{4}",
    re.ASCII,
)
_SHORT = re.compile(r"1\d|1[01]\d{1,2}|3\d{3}|118\d{3}|116\d{3}", re.ASCII)
_PATH = re.compile(r"/(?:[A-Za-z0-9._~-]++/?)*+")  # possessive: a path that does not fit is refused in linear time
_LETTERS_OR_DIGITS = re.compile(r"[a-z]+|\d+")
_DIGITS = 4  # a département's or a year's; a person's number has more
_HOST_WORDS = frozenset({"www", "fr", "com", "org", "net", "eu", "info", "asso", "gouv", "bzh", "corsica", "alsace", "re",
                         "coop", "paris", "cc", "cdc", "mairie", "ville"})  # fmt: skip
_PAGE_WORDS = frozenset(
    {"index", "html", "htm", "php", "asp", "aspx", "home", "page", "pages", "fr", "wp", "content", "node"}
)


@cache
def service_words() -> frozenset[str]:
    """Words of a mailbox that belongs to a service, whoever reads it."""
    return frozenset(row["word"] for row in read_csv("mailbox_words.csv")) - never_a_word()


@cache
def _shared_hosts() -> dict[str, str]:
    return {row["host"]: row["why"] for row in read_csv("mail_hosts.csv")}


def is_service_mailbox(email: str, *context: str | None, hosts: Collection[str] = ()) -> bool:
    """Whether every word of a mailbox names a service, or the place or commune given as `context`; so must its host.

    Parameters
    ----------
    context
        Public names: of the place as it is let out, of its commune.
    hosts
        Hosts that public lists bear.
    """
    found = _MAILBOX.fullmatch(email.strip())
    if found is None:
        return False
    local, host = found.groups()
    return _is_made_of(local, service_words(), context) and _is_public_host(host, context, hosts)


def is_public_phone(phone: str) -> bool:
    """Whether a number, E.164 or short, is a fixed line or a service's number."""
    return bool(_FIXED.fullmatch(phone) or _SHORT.fullmatch(phone))


def public_website(address: str, *context: str | None, hosts: Collection[str] = ()) -> str | None:
    """What of a web address may be read by anyone: host and path, the host alone, or nothing.

    Queries and fragments never are; nor is a page of a host that many share, unless its path is public.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").lower()
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc or port is not None:
        return None
    if not _is_public_host(host, context, hosts):
        return None
    words = service_words() | place_words() | _PAGE_WORDS
    path = parts.path.rstrip("/")
    known = not path or bool(_PATH.fullmatch(path) and _is_made_of(path, words, context))
    whole = not (parts.query or parts.fragment)
    if known and path and whole:
        return f"{parts.scheme}://{host}{parts.path}"
    return None if _shared(host).startswith("pages") else f"{parts.scheme}://{host}"


def _shared(host: str) -> str:
    """Why a host, or one above it, is known to be shared; empty where it is not."""
    labels = host.lower().split(".")
    above = (".".join(labels[at:]) for at in range(len(labels) - 1))
    return next((why for name in above if (why := _shared_hosts().get(name))), "")


def _is_public_host(host: str, context: Collection[str | None], hosts: Collection[str]) -> bool:
    if host.lower().removeprefix("www.") in hosts or _shared(host):
        return True
    return _is_made_of(host, service_words() | place_words() | _HOST_WORDS, context)


def _is_made_of(text: str, words: Collection[str], context: Collection[str | None]) -> bool:
    """Whether all of a text is words known or of the context; a person's name only within the whole name it stands in."""
    tokens = _LETTERS_OR_DIGITS.findall(normalise(text))
    if not any(token.isalpha() for token in tokens) or sum(len(t) for t in tokens if t.isdigit()) > _DIGITS:
        return False
    names = [tokens_of(said) for said in context if said]
    own = {word for name in names for word in name if len(word) > 1} - never_a_word()
    wholes = {tuple(name[at:]) for name in names for at in range(len(name))}
    wholes |= {
        (*("st" if word == "saint" else "ste" if word == "sainte" else word for word in name),) for name in wholes
    }
    bare = [[word for word in name if word not in ARTICLES] for name in names]
    glued = {
        "".join(name[at:end])
        for name in names + bare
        for at in range(len(name))
        for end in range(at + 2, len(name) + 1)
    }
    reached = [True] + [False] * len(tokens)
    for at, token in enumerate(tokens):
        if not reached[at]:
            continue
        if token.isdigit() or token in words or token in own or token in glued:
            reached[at + 1] = True
        for whole in wholes:
            if len(whole) > 1 and tuple(tokens[at : at + len(whole)]) == whole:
                reached[at + len(whole)] = True
    return reached[-1]
