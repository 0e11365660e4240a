"""What a dropped file's name says: noise of a system, a copy still under way, or a survey; and the name it goes by here.

Nothing is opened here. Whether a survey can be read is check.py's work.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from fs_pipeline.safe_text import NAMELESS, safe_name
from fs_pipeline.survey.opening.reader import MAX_BYTES, UnreadableFile
from fs_pipeline.warehouse.dropped import Entry, age

MAX_NAME_BYTES = 150  # a file system takes 255, and what goes back bears this name and an ending
_ARRIVING_FOR = 15 * 60  # seconds after which a copy is said to be stuck
_NOISE = re.compile(
    r"\..*"  # hidden: .DS_Store, ._enquete.xlsx, .~lock.enquete.ods#
    r"|~\$.*|.*~"  # lock of Office; copy an editor keeps
    r"|thumbs\.db(:encryptable)?|ehthumbs(_vista)?\.db|desktop\.ini|icon"
    r"|@ea_?dir|__macosx|\$recycle\.bin|system volume information|lost\+found|#recycle",
    re.IGNORECASE,
)
_ARRIVING = re.compile(
    r".*\.(part|partial|filepart|crdownload|opdownload|download|downloading|tmp|temp|upload|!ut|swp)", re.IGNORECASE
)
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_NOT_IN_NAMES = re.compile(r"[<>:\"/\\|?*]")
_OF_KIND = {"link": "link", "folder": "folder", "other": "no_file", "unreadable": "unreadable_now"}


@dataclass
class Incoming:
    """What lies in one slot's folder, sorted out; names are those it goes by here."""

    surveys: dict[str, Entry] = field(default_factory=dict)  # in the order in which they were written
    refused: dict[str, UnreadableFile] = field(default_factory=dict)  # at sight, none of it was read
    twins: list[str] = field(default_factory=list)  # names that several files bear: the newest of them is taken


def sort_out(entries: Iterable[Entry]) -> Incoming:
    """What is to be read, and what is refused without being read; noise is left out."""
    found = Incoming()
    for entry in sorted(entries, key=lambda entry: (entry.modified, entry.path)):
        name = file_name(entry.name)
        if is_noise(name):
            continue
        if is_arriving(name):
            found.refused[name] = UnreadableFile("arriving")
        elif entry.kind in _OF_KIND:
            found.refused[name] = UnreadableFile(_OF_KIND[entry.kind])
        elif entry.size > MAX_BYTES:
            found.refused[name] = UnreadableFile("too_large")
        else:
            if found.surveys.pop(name, None):
                found.twins.append(name)
            found.surveys[name] = entry
    return found


def concerns(entry: Entry) -> bool:
    """Whether a slot is run for it: no noise, and a copy under way only once it seems stuck."""
    name = file_name(entry.name)
    return not is_noise(name) and not (is_arriving(name) and age(entry) < _ARRIVING_FOR)


def is_noise(name: str) -> bool:
    """Whether a system or a program left it there."""
    return bool(_NOISE.fullmatch(name))


def is_arriving(name: str) -> bool:
    """Whether it bears the name of a copy or a download that is not finished."""
    return bool(_ARRIVING.fullmatch(name))


def file_name(raw: str) -> str:
    """The name by which a file goes here: the same for all ways of writing it, and one that every system takes.

    What a system forbids is replaced; `MAX_NAME_BYTES` at most, the ending kept.
    """
    name = " ".join(_NOT_IN_NAMES.sub("_", safe_name(raw)).split()).rstrip(" .") or NAMELESS
    if _RESERVED.fullmatch(name.partition(".")[0].strip()):
        name = f"_{name}"
    if len(name.encode()) <= MAX_NAME_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending.encode()) > 10:
        stem, ending = name, ""
    ending = f"~{hashlib.sha256(name.encode()).hexdigest()[:8]}{dot if ending else ''}{ending}"
    return stem.encode()[: MAX_NAME_BYTES - len(ending.encode())].decode(errors="ignore") + ending
