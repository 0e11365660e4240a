"""One file from one address, whole or not at all: timeouts, retries, resumed downloads, limits.

A path, ``file://`` and ``http(s)://`` are the same to the caller. What the bytes mean belongs to national/; keeping
them, to ``snapshots.py``.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NameResolutionError, NewConnectionError

from fs_pipeline.http.problems import SourceProblem, TooLarge, Truncated, Unreachable

_CHUNK = 1 << 16
_RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
_PARTIAL, _NOT_MODIFIED, _RANGE_REFUSED, _FIRST_ERROR = 206, 304, 416, 400
_LONGEST_NAME = 100
_CUT = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError, HTTPError)
_HEADERS = {"User-Agent": "fs-pipeline", "Accept-Encoding": "identity"}  # identity: lengths and ranges are of the file


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to insist and how much to take."""

    connect_seconds: float = 10
    read_seconds: float = 60  # without a byte
    total_seconds: float = 1_800
    attempts: int = 5
    unanswered_attempts: int = 2  # of them, those in which no server was reached: offline, minutes would be lost
    backoff_seconds: float = 1  # doubled at each attempt
    longest_wait_seconds: float = 120  # a longer Retry-After is not waited for
    max_bytes: int = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Known:
    """What a server said of bytes we have, to ask next time whether they changed."""

    etag: str | None = None
    last_modified: str | None = None  # HTTP date


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole file; ``path`` is None where the server says it has not changed."""

    path: Path | None
    url: str  # after redirects
    sha256: str | None = None
    known: Known = Known()
    modified_on: str | None = None  # ISO date


def fetch(
    location: str,
    folder: Path,
    *,
    title: str,
    known: Known = Known(),
    limits: Limits = Limits(),
    sleep: Callable[[float], None] = time.sleep,
) -> Fetched:
    """Bring `location` to a file of `folder`.

    Parameters
    ----------
    location
        A path, ``file://``, ``http://`` or ``https://``.
    title
        The source's name, for messages.
    known
        ETag of the bytes we have; the server may answer that nothing changed.

    Raises
    ------
    Unreachable, Truncated, TooLarge
        After the last attempt, in French, with what to do.
    """
    parts = urlsplit(location)
    if is_remote(location):
        return _Download(location, folder, title, known, limits, sleep).run()
    path = Path(unquote(parts.path)) if parts.scheme == "file" else Path(location)
    return _local(path, folder, title, limits)


def sha256_of(path: Path) -> str:
    """Hexadecimal digest of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def is_remote(location: str) -> bool:
    """Whether a location is an address on the web rather than a file."""
    return urlsplit(location).scheme in {"http", "https"}


def _local(path: Path, folder: Path, title: str, limits: Limits) -> Fetched:
    if not path.is_file():
        raise Unreachable(title, f"le fichier {path.name} n’existe pas", "corriger le chemin dans sources.toml")
    if path.stat().st_size > limits.max_bytes:
        raise TooLarge(title, f"plus de {limits.max_bytes:_} octets".replace("_", "\u202f"), _RAISE_LIMIT)
    copy = folder / path.name
    shutil.copyfile(path, copy)
    return Fetched(copy, str(path), sha256_of(copy))


_RAISE_LIMIT = "vérifier l’adresse, ou relever max_bytes si le fichier a vraiment grandi"
_TRY_LATER = "réessayer plus tard\u00a0; si cela dure, vérifier l’adresse dans sources.toml"
_NO_NETWORK = "vérifier que cette machine a accès au réseau, puis l’adresse dans sources.toml"


class _Retry(Exception):
    """This attempt failed in a way that another may not."""

    def __init__(self, problem: SourceProblem, wait_seconds: float | None = None, *, unanswered: bool = False) -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.wait_seconds = wait_seconds
        self.unanswered = unanswered


class _Download:
    """The attempts at one URL: each goes on where the one before stopped."""

    def __init__(
        self,
        url: str,
        folder: Path,
        title: str,
        known: Known,
        limits: Limits,
        sleep: Callable[[float], None],
    ) -> None:
        self.url, self.title, self.known, self.limits, self.sleep = url, title, known, limits, sleep
        self.path = folder / _file_name(url)
        self.validator: str | None = None  # of the bytes of a partial file: a resumed part must be of the same file
        self.deadline = time.monotonic() + limits.total_seconds

    def run(self) -> Fetched:
        unanswered = 0
        for attempt in range(self.limits.attempts):
            try:
                return self._attempt()
            except _Retry as retry:
                wait = retry.wait_seconds or self.limits.backoff_seconds * 2**attempt
                unanswered += retry.unanswered
                last = attempt == self.limits.attempts - 1 or unanswered == self.limits.unanswered_attempts
                too_long = wait > self.limits.longest_wait_seconds or time.monotonic() + wait > self.deadline
                if last or too_long:
                    raise retry.problem from retry
                self.sleep(wait)
        raise AssertionError("limits.attempts is at least 1")

    def _attempt(self) -> Fetched:
        have = self.path.stat().st_size if self.path.exists() and self.validator else 0
        timeouts = (self.limits.connect_seconds, self.limits.read_seconds)
        try:
            with requests.get(self.url, headers=self._headers(have), stream=True, timeout=timeouts) as response:
                return self._receive(response, have)
        except requests.TooManyRedirects as error:
            raise Unreachable(self.title, "redirections sans fin", "vérifier l’adresse dans sources.toml") from error
        except _CUT as error:
            reason = getattr(error.args[0] if error.args else None, "reason", None)
            if isinstance(reason, NameResolutionError):  # no such server, or no network: asking again changes nothing
                server = urlsplit(self.url).hostname
                raise Unreachable(self.title, f"serveur introuvable\u00a0: {server}", _NO_NETWORK) from error
            unanswered = isinstance(reason, ConnectTimeoutError | NewConnectionError)
            raise _Retry(self._cut(error, have), unanswered=unanswered) from error
        except requests.RequestException as error:
            what = f"adresse inutilisable ({type(error).__name__})"
            raise Unreachable(self.title, what, "vérifier l’adresse dans sources.toml") from error

    def _cut(self, error: Exception, have: int) -> SourceProblem:
        got = self.path.stat().st_size if self.path.exists() else 0
        if got > have:
            return Truncated(self.title, f"envoi coupé après {got} octets", _TRY_LATER)
        why = "pas de réponse à temps" if isinstance(error, requests.Timeout) else "connexion refusée ou coupée"
        return Unreachable(self.title, f"{why} ({type(error).__name__})", _TRY_LATER)

    def _headers(self, have: int) -> dict[str, str]:
        headers = dict(_HEADERS)
        if have and self.validator:
            headers |= {"Range": f"bytes={have}-", "If-Range": self.validator}
            return headers
        if self.known.etag:
            headers["If-None-Match"] = self.known.etag
        if self.known.last_modified:
            headers["If-Modified-Since"] = self.known.last_modified
        return headers

    def _receive(self, response: requests.Response, have: int) -> Fetched:
        status = response.status_code
        if status == _NOT_MODIFIED:
            return Fetched(None, response.url, known=self.known)
        if status == _RANGE_REFUSED:
            self.validator = None
            raise _Retry(Truncated(self.title, "le serveur refuse de reprendre l’envoi", _TRY_LATER))
        if status in _RETRIED:
            problem = Unreachable(self.title, f"le serveur répond {status}", _TRY_LATER)
            raise _Retry(problem, _retry_after(response.headers.get("Retry-After")))
        if status >= _FIRST_ERROR:
            raise Unreachable(self.title, f"le serveur répond {status}", "vérifier l’adresse dans sources.toml")
        resumed = status == _PARTIAL and have > 0
        self.validator = response.headers.get("ETag") or response.headers.get("Last-Modified")
        announced = _length(response.headers.get("Content-Length"))
        expected = None if announced is None else announced + (have if resumed else 0)
        self._check_size(expected or 0)
        received = self._write(response, resumed=resumed, have=have)
        if expected is not None and received < expected:
            what = f"{received} octets reçus sur {expected} annoncés"
            raise _Retry(Truncated(self.title, what, "relancer le téléchargement; sinon prévenir l’éditeur"))
        known = Known(response.headers.get("ETag"), response.headers.get("Last-Modified"))
        return Fetched(self.path, response.url, sha256_of(self.path), known, _iso_date(known.last_modified))

    def _write(self, response: requests.Response, *, resumed: bool, have: int) -> int:
        received = have if resumed else 0
        with self.path.open("ab" if resumed else "wb") as stream:
            while chunk := response.raw.read1(_CHUNK):  # what has come, so that a cut loses nothing
                stream.write(chunk)
                received += len(chunk)
                self._check_size(received)
                if time.monotonic() > self.deadline:
                    raise Unreachable(self.title, f"serveur trop lent\u00a0: {received} octets reçus", _TRY_LATER)
        return received

    def _check_size(self, size: int) -> None:
        if size > self.limits.max_bytes:
            raise TooLarge(self.title, f"plus de {self.limits.max_bytes:_} octets".replace("_", "\u202f"), _RAISE_LIMIT)


def _file_name(url: str) -> str:
    """A name that stays inside its folder, with the ending that tells what the bytes are."""
    name = Path(unquote(urlsplit(url).path)).name
    return name[-_LONGEST_NAME:] if name.strip(".") else "download"


def _length(header: str | None) -> int | None:
    return int(header) if header and header.isdigit() else None


def _retry_after(header: str | None) -> float | None:
    """Seconds, from a number of seconds or a date."""
    if not header:
        return None
    if header.strip().isdigit():
        return float(header)
    moment = _http_date(header)
    return None if moment is None else max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _http_date(header: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _iso_date(header: str | None) -> str | None:
    moment = _http_date(header) if header else None
    return moment.date().isoformat() if moment else None
