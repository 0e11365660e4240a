"""data.gouv.fr's API, version 1, as far as we write to it: one server, no redirect followed, the key sent nowhere else.

What is asked twice changes nothing is asked again until it is answered. What writes is asked once: where no answer comes,
whoever calls looks at what stands before asking again (``Unanswered``).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import requests

from fs_pipeline.http.headers import retry_after
from fs_pipeline.http.reach import InternalAddress, Reach, shown
from fs_pipeline.http.transport import exchange
from fs_pipeline.opendata.plan import Standing, StandingResource
from fs_pipeline.opendata.wanted import DEPARTEMENT, FILE
from fs_pipeline.safe_text import safe

_LONGEST_ANSWER = 20_000_000  # bytes
_PAGE = 100
_LATER = frozenset({429, 502, 503, 504})
_GONE = frozenset({404, 410})
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class PlatformProblem(Exception):
    """The site did not do what was asked; the message is one French line, with what to do."""


class Unanswered(PlatformProblem):
    """Nobody knows whether the site did it."""


@dataclass(frozen=True, slots=True)
class Account:
    """Where, as whom and for whom we publish."""

    url: str
    organization: str
    token: str = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse an address over which the key would be read by others.

        Raises
        ------
        PlatformProblem
            When it is not https, nor this machine.
        """
        parts = urlsplit(self.url)
        if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            raise PlatformProblem(
                f"FS_DATAGOUV_URL\u00a0: «\u00a0{shown(self.url)}\u00a0» doit commencer par https://."
            )


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to insist."""

    connect_seconds: float = 10
    read_seconds: float = 60
    total_seconds: float = 600  # of one exchange
    attempts: int = 5
    pause_seconds: float = 1  # doubled each time
    longest_pause_seconds: float = 120  # a longer Retry-After is told instead


@dataclass
class Platform:
    """The site, for one account."""

    account: Account
    patience: Patience = Patience()
    sleep: Callable[[float], None] = time.sleep

    def dataset(self, identifier: str) -> Standing | None:
        """A dataset by its id; None where it is not there, or was deleted."""
        answer = self._ask("GET", f"datasets/{_id(identifier)}/", missing=True)
        return None if answer is None or answer.get("deleted") else _standing(answer)

    def datasets_of(self, departement: str) -> list[Standing]:
        """Our organisation's datasets that say to be this département's, the oldest first."""
        found = [one for one in self._all() if not one.get("deleted") and _extras(one).get(DEPARTEMENT) == departement]
        whole = [self.dataset(str(one["id"])) for one in found]
        return sorted((one for one in whole if one is not None), key=lambda one: (one.created_at, one.id))

    def create(self, said: Mapping[str, Any]) -> Standing:
        """A new dataset, which nobody but us sees yet."""
        asked = {**said, "private": True, "organization": {"id": self.account.organization}}
        return _standing(self._write("POST", "datasets/", json=asked))

    def say(self, identifier: str, said: Mapping[str, Any]) -> Standing:
        """Describe a dataset anew."""
        return _standing(self._write("PUT", f"datasets/{_id(identifier)}/", json=dict(said)))

    def delete(self, identifier: str) -> None:
        """Take a dataset away."""
        self._write("DELETE", f"datasets/{_id(identifier)}/")

    def add(self, identifier: str, name: str, content: bytes, media_type: str) -> StandingResource:
        """A new file."""
        files = {"file": (name, content, media_type)}
        return _resource(self._write("POST", f"datasets/{_id(identifier)}/upload/", files=files))

    def replace(self, identifier: str, resource: str, name: str, content: bytes, media_type: str) -> StandingResource:
        """Other bytes at the address of a file."""
        path = f"datasets/{_id(identifier)}/resources/{_id(resource)}/upload/"
        return _resource(self._write("POST", path, files={"file": (name, content, media_type)}))

    def describe(self, identifier: str, resource: str, said: Mapping[str, Any]) -> StandingResource:
        """Describe a file anew."""
        path = f"datasets/{_id(identifier)}/resources/{_id(resource)}/"
        return _resource(self._write("PUT", path, json=dict(said)))

    def remove(self, identifier: str, resource: str) -> None:
        """Take a file away; it may be gone already."""
        self._ask("DELETE", f"datasets/{_id(identifier)}/resources/{_id(resource)}/", missing=True, once=True)

    def _all(self) -> Iterator[Mapping[str, Any]]:
        page, seen, total = 1, 0, 1
        while seen < total:
            asked = urlencode({"organization": self.account.organization, "page": page, "page_size": _PAGE})
            answer = self._ask("GET", f"datasets/?{asked}") or {}
            rows, announced = answer.get("data"), answer.get("total")
            if not isinstance(rows, list) or not isinstance(announced, int):
                raise PlatformProblem(_unreadable("datasets"))
            total = announced
            yield from rows
            if not rows:
                return
            page, seen = page + 1, seen + len(rows)

    def _write(self, method: str, path: str, **content: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as requests takes it
        return self._ask(method, path, once=True, **content) or {}

    def _ask(
        self,
        method: str,
        path: str,
        *,
        missing: bool = False,
        once: bool = False,
        **content: Any,  # noqa: ANN401 - as requests takes it
    ) -> Mapping[str, Any] | None:
        """The answer as JSON; None where `missing` and the thing is not there."""
        pause = self.patience.pause_seconds
        for attempt in range(1, self.patience.attempts + 1):
            last = attempt == self.patience.attempts
            try:
                status, headers, body = self._exchange(method, path, content)
            except InternalAddress as error:
                raise PlatformProblem(f"FS_DATAGOUV_URL\u00a0: {error}.") from error
            except requests.RequestException as error:
                if once and not _never_left(error):
                    raise Unanswered(f"pas de réponse du site ({type(error).__name__})\u00a0: relancez.") from error
                if last:
                    raise PlatformProblem("le site ne répond pas\u00a0: réessayez plus tard.") from error
            else:
                if status not in _LATER or (once and status in {502, 504}):
                    return _read(status, body, path, missing=missing, wrote=once)
                wait = retry_after(headers)
                if last or (wait or 0) > self.patience.longest_pause_seconds:
                    raise PlatformProblem(f"le site demande d’attendre (code {status})\u00a0: réessayez plus tard.")
                pause = max(pause, wait or 0)
            self.sleep(pause)
            pause = min(2 * pause, self.patience.longest_pause_seconds)
        raise AssertionError("the last attempt returns or raises")

    def _exchange(self, method: str, path: str, content: Mapping[str, Any]) -> tuple[int, Mapping[str, str], bytes]:
        url = f"{self.account.url.rstrip('/')}/api/1/{path}"
        with exchange(
            method,
            url,
            reach=Reach.of(self.account.url),
            seconds=self.patience.total_seconds,
            timeouts=(self.patience.connect_seconds, self.patience.read_seconds),
            headers={"X-API-KEY": self.account.token, "Accept": "application/json"},
            **content,
        ) as response:
            body = response.raw.read(_LONGEST_ANSWER + 1, decode_content=False)
            announced = response.headers.get("Content-Length", "")
            if len(body) > _LONGEST_ANSWER or (announced.isdigit() and len(body) < int(announced)):
                raise requests.ConnectionError("cut")
            return response.status_code, response.headers, body


def _never_left(error: requests.RequestException) -> bool:
    """Whether no connection was made: the site has heard nothing."""
    return isinstance(error, requests.ConnectTimeout) or "NewConnectionError" in str(error)


def _read(status: int, body: bytes, path: str, *, missing: bool, wrote: bool) -> Mapping[str, Any] | None:
    if missing and status in _GONE:
        return None
    if status >= 500:
        problem = Unanswered if wrote else PlatformProblem
        raise problem(f"le site a eu une panne (code {status})\u00a0: relancez plus tard.")
    if status >= 300:
        raise PlatformProblem(_refusal(status, body))
    if not body.strip():
        return {}
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise (Unanswered if wrote else PlatformProblem)(_unreadable(path)) from error
    if not isinstance(answer, dict):
        raise (Unanswered if wrote else PlatformProblem)(_unreadable(path))
    return answer


_REFUSALS = {
    400: "le site refuse ce qui lui est envoyé",
    401: "le site refuse la clé\u00a0: en demander une autre sur la page de son compte, et la donner par FS_DATAGOUV_TOKEN",
    403: "cette clé n’a pas le droit d’écrire pour l’organisation FS_DATAGOUV_ORGANIZATION\u00a0: le demander à qui l’administre",
    404: "le site ne connaît pas cette adresse, ou le jeu de données n’y est plus",
    410: "le jeu de données a été supprimé sur le site",
    413: "le site refuse un fichier aussi gros",
    415: "le site refuse ce format de fichier",
}


def _refusal(status: int, body: bytes) -> str:
    if status < 400:
        return f"le site renvoie ailleurs (code {status})\u00a0: vérifier FS_DATAGOUV_URL."
    told = _REFUSALS.get(status, "le site refuse")
    return f"{told} (code {status}{_words(body)})."


def _words(body: bytes) -> str:
    """What the site says of its refusal, as far as it may be shown."""
    try:
        said = json.loads(body)
        errors = said.get("errors") or {}
        words = " ; ".join([str(said.get("message") or ""), *(f"{name}: {text}" for name, text in errors.items())])
    except (ValueError, AttributeError, RecursionError):
        return ""
    words = safe(words).strip(" ;")[:200]
    return f"\u00a0: «\u00a0{words}\u00a0»" if words else ""


def _unreadable(path: str) -> str:
    return f"la réponse du site n’est pas lisible ({path.partition('?')[0]})\u00a0: vérifier FS_DATAGOUV_URL, puis relancer."


def _id(identifier: str) -> str:
    """An id as it stands in an address; what the site answered is a stranger's word."""
    return quote(identifier, safe="")


def _extras(said: Mapping[str, Any]) -> Mapping[str, Any]:
    extras = said.get("extras")
    return extras if isinstance(extras, dict) else {}


def _standing(said: Mapping[str, Any]) -> Standing:
    resources = said.get("resources")
    if not isinstance(said.get("id"), str):
        raise Unanswered(_unreadable("datasets"))
    return Standing(
        id=said["id"],
        page=str(said.get("page") or ""),
        private=bool(said.get("private")),
        created_at=str(said.get("created_at") or ""),
        said=said,
        resources=tuple(map(_resource, resources if isinstance(resources, list) else ())),
    )


def _resource(said: Mapping[str, Any]) -> StandingResource:
    if not isinstance(said, dict) or not isinstance(said.get("id"), str):
        raise Unanswered(_unreadable("resources"))
    checksum = said.get("checksum")
    sha1 = checksum.get("value") if isinstance(checksum, dict) and checksum.get("type") == "sha1" else None
    file, size = _extras(said).get(FILE), said.get("filesize")
    return StandingResource(
        id=said["id"],
        file=file if isinstance(file, str) else None,
        checksum=sha1 if isinstance(sha1, str) else None,
        size=size if isinstance(size, int) else None,
        said=said,
    )
