"""What a server says beside the bytes, believed only where it is well formed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_NUMBER = re.compile(r"[0-9]{1,18}")
_RANGE = re.compile(r"bytes ([0-9]{1,18})-[0-9*].*")
_ETAG = re.compile(r'(W/)?"[\x21\x23-\x7e]{0,200}"')
_DATE = re.compile(r"[A-Za-z]{3}, [0-9]{1,2} [A-Za-z]{3} [0-9]{4} [0-9:]{8} [A-Z0-9+-]{3,5}")


@dataclass(frozen=True, slots=True)
class Known:
    """What a server said of bytes we have, to ask next time whether they changed."""

    etag: str | None = None
    last_modified: str | None = None  # HTTP date

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> Known:
        """What can be sent back: a header that is not what it should be would have every later request refused."""
        etag, last_modified = headers.get("ETag") or "", headers.get("Last-Modified") or ""
        return cls(
            etag if _ETAG.fullmatch(etag) else None,
            last_modified if _DATE.fullmatch(last_modified) and _moment(last_modified) else None,
        )

    @property
    def modified_on(self) -> str | None:
        """ISO date of the last change."""
        moment = _moment(self.last_modified) if self.last_modified else None
        return moment.date().isoformat() if moment else None


def content_length(headers: Mapping[str, str]) -> int | None:
    """Bytes announced."""
    said = headers.get("Content-Length") or ""
    return int(said) if _NUMBER.fullmatch(said) else None


def range_start(headers: Mapping[str, str]) -> int | None:
    """First byte of a partial answer."""
    found = _RANGE.fullmatch(headers.get("Content-Range") or "")
    return int(found[1]) if found else None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, from a number of seconds or a date."""
    said = (headers.get("Retry-After") or "").strip()
    if _NUMBER.fullmatch(said):
        return float(said)
    moment = _moment(said) if said else None
    return None if moment is None else max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _moment(said: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(said)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
