"""One file from one address, whole or not at all: timeouts, retries, redirects, resumed downloads, limits.

A path, ``file://`` and ``http(s)://`` are the same to the operator; an address that an answer names is of the web alone
(``download``). What the bytes mean belongs to national/; keeping them, to ``snapshots.py``.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NameResolutionError, NewConnectionError

from fs_pipeline import french
from fs_pipeline.http.headers import Known, content_length, range_start, retry_after
from fs_pipeline.http.limits import Limits
from fs_pipeline.http.problems import ForbiddenAddress, SourceProblem, TooLarge, Truncated, Unreachable
from fs_pipeline.http.reach import InternalAddress, Misled, Reach, is_remote, led, shown
from fs_pipeline.http.transport import exchange

_CHUNK = 1 << 16
_RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
_REDIRECTED = frozenset({301, 302, 303, 307, 308})
_WHOLE, _PARTIAL, _NOT_MODIFIED, _RANGE_REFUSED = 200, 206, 304, 416
_CUT = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError, HTTPError)
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,99}", re.ASCII)
_ENDINGS = re.compile(r"(\.[A-Za-z0-9]{1,8}){1,2}$")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole file; ``path`` is None where the server says it has not changed."""

    path: Path | None
    url: str  # after redirects
    sha256: str | None = None
    known: Known = Known()  # noqa: RUF009 - frozen
    modified_on: str | None = None  # ISO date


def fetch(
    location: str,
    folder: Path,
    *,
    title: str,
    known: Known = Known(),  # noqa: B008 - frozen
    limits: Limits = Limits(),  # noqa: B008 - frozen
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
    if is_remote(location):
        return download(location, folder, Reach.of(location), title=title, known=known, limits=limits, sleep=sleep)
    path = Path(unquote(location.removeprefix("file://"))) if location.startswith("file://") else Path(location)
    return _local(path, folder, title, limits)


def download(
    url: str,
    folder: Path,
    reach: Reach,
    *,
    title: str,
    known: Known = Known(),  # noqa: B008 - frozen
    limits: Limits = Limits(),  # noqa: B008 - frozen
    sleep: Callable[[float], None] = time.sleep,
) -> Fetched:
    """The same, of the web alone: what `fetch` does with an operator's address, and what an answer's address is worth.

    Raises
    ------
    ForbiddenAddress
        When the address, or one to which it redirects, is internal and not in `reach`, or is no web address.
    Unreachable, Truncated, TooLarge
        After the last attempt, in French, with what to do.
    """
    return _Download(url, folder, reach, title, known, limits, sleep).run()


def sha256_of(path: Path) -> str:
    """Hexadecimal digest of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _local(path: Path, folder: Path, title: str, limits: Limits) -> Fetched:
    if not path.is_file():
        raise Unreachable(title, f"le fichier {path.name} n’existe pas", "corriger le chemin dans sources.toml")
    if path.stat().st_size > limits.max_bytes:
        raise TooLarge(title, f"plus de {french.number(limits.max_bytes)} octets", _RAISE_LIMIT)
    copy = folder / path.name
    shutil.copyfile(path, copy)
    return Fetched(copy, str(path), sha256_of(copy))


_RAISE_LIMIT = "vérifier l’adresse, ou relever max_bytes si le fichier a vraiment grandi"
_TRY_LATER = "réessayer plus tard\u00a0; si cela dure, vérifier l’adresse dans sources.toml"
_DECLARE = (
    'si c’est voulu, ajouter internal_hosts = ["machine:port"] en tête de sources.toml\u00a0; sinon prévenir l’éditeur'
)
_WARN_PUBLISHER = "prévenir l’éditeur, ou indiquer dans sources.toml l’adresse https du fichier lui-même"
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
        reach: Reach,
        title: str,
        known: Known,
        limits: Limits,
        sleep: Callable[[float], None],
    ) -> None:
        self.url, self.reach, self.title, self.known, self.limits, self.sleep = url, reach, title, known, limits, sleep
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
        try:
            return self._follow(have)
        except Misled as error:
            to_do = _DECLARE if isinstance(error, InternalAddress) else _WARN_PUBLISHER
            raise ForbiddenAddress(self.title, str(error), to_do) from error
        except _CUT as error:
            reason = getattr(error.args[0] if error.args else None, "reason", None)
            if isinstance(reason, NameResolutionError):  # no such server, or no network: asking again changes nothing
                server = shown(urlsplit(self.url).hostname or "")
                raise Unreachable(self.title, f"serveur introuvable\u00a0: {server}", _NO_NETWORK) from error
            unanswered = isinstance(reason, ConnectTimeoutError | NewConnectionError)
            raise _Retry(self._cut(error, have), unanswered=unanswered) from error
        except (requests.RequestException, ValueError) as error:
            what = f"adresse inutilisable ({type(error).__name__})"
            raise Unreachable(self.title, what, "vérifier l’adresse dans sources.toml") from error

    def _follow(self, have: int) -> Fetched:
        """The answer at the end of the redirects, each a new exchange that knows nothing of the one before."""
        url = self.url
        timeouts = (self.limits.connect_seconds, self.limits.read_seconds)
        for _ in range(self.limits.redirects + 1):
            left = self.deadline - time.monotonic()
            with exchange(
                "GET", url, reach=self.reach, seconds=left, timeouts=timeouts, headers=self._headers(have)
            ) as response:
                target = response.headers.get("Location")
                if response.status_code not in _REDIRECTED or not target:
                    return self._receive(response, have)
                url = led(url, target)
        raise Unreachable(self.title, "redirections sans fin", "vérifier l’adresse dans sources.toml")

    def _cut(self, error: Exception, have: int) -> SourceProblem:
        got = self.path.stat().st_size if self.path.exists() else 0
        if got > have:
            return Truncated(self.title, f"envoi coupé après {got} octets", _TRY_LATER)
        why = "pas de réponse à temps" if isinstance(error, requests.Timeout) else "connexion refusée ou coupée"
        return Unreachable(self.title, f"{why} ({type(error).__name__})", _TRY_LATER)

    def _headers(self, have: int) -> dict[str, str]:
        if have and self.validator:
            return {"Range": f"bytes={have}-", "If-Range": self.validator}
        headers = {"If-None-Match": self.known.etag, "If-Modified-Since": self.known.last_modified}
        return {name: value for name, value in headers.items() if value}

    def _receive(self, response: requests.Response, have: int) -> Fetched:
        status = response.status_code
        if status == _NOT_MODIFIED and self.known != Known():
            return Fetched(None, response.url, known=self.known)
        if status == _RANGE_REFUSED or (status == _PARTIAL and range_start(response.headers) != have):
            self.validator = None
            raise _Retry(Truncated(self.title, "le serveur refuse de reprendre l’envoi", _TRY_LATER))
        if status in _RETRIED:
            problem = Unreachable(self.title, f"le serveur répond {status}", _TRY_LATER)
            raise _Retry(problem, retry_after(response.headers))
        if status not in {_WHOLE, _PARTIAL}:
            raise Unreachable(self.title, f"le serveur répond {status}", "vérifier l’adresse dans sources.toml")
        known = Known.of(response.headers)
        self.validator = known.etag or known.last_modified
        start = have if status == _PARTIAL else 0
        announced = content_length(response.headers)
        expected = None if announced is None else announced + start
        self._check_size(expected or 0)
        received = self._write(response, start)
        if expected is not None and received < expected:
            what = f"{received} octets reçus sur {expected} annoncés"
            raise _Retry(Truncated(self.title, what, "relancer le téléchargement; sinon prévenir l’éditeur"))
        return Fetched(self.path, response.url, sha256_of(self.path), known, known.modified_on)

    def _write(self, response: requests.Response, start: int) -> int:
        received = start
        with self.path.open("ab" if start else "wb") as stream:
            while chunk := response.raw.read1(_CHUNK):  # what has come, so that a cut loses nothing
                stream.write(chunk)
                received += len(chunk)
                self._check_size(received)
                self._check_clock(received)
        self._check_clock(received)  # a connection cut by the clock may look like an end
        return received

    def _check_clock(self, received: int) -> None:
        if time.monotonic() >= self.deadline:
            raise Unreachable(self.title, f"serveur trop lent\u00a0: {received} octets reçus", _TRY_LATER)

    def _check_size(self, size: int) -> None:
        if size > self.limits.max_bytes:
            raise TooLarge(self.title, f"plus de {french.number(self.limits.max_bytes)} octets", _RAISE_LIMIT)


def _file_name(url: str) -> str:
    """A name that stays inside its folder, with the endings that tell what the bytes are."""
    name = Path(unquote(url.partition("?")[0].partition("#")[0])).name
    if _PLAIN_NAME.fullmatch(name):
        return name
    endings = _ENDINGS.search(name)
    return f"download{endings[0] if endings else ''}"
