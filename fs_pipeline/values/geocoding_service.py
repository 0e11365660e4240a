"""The national address service's batch search: a CSV sent, the same CSV back with a point a line.

The protocol is that of the Géoplateforme and of BAN, `addok` with its CSV plugin (``POST /search/csv/``, multipart:
``data``, ``columns``, ``citycode``). Off unless the settings name an address. What was asked once is kept, so that a
run repeated asks nothing. Only addresses that anyone may read are sent: of no home, and with no word that may be a person.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import requests
from urllib3.util import Retry

from fs_pipeline.http.limits import Limits
from fs_pipeline.http.problems import TooLarge, Unreachable
from fs_pipeline.http.reach import Reach
from fs_pipeline.http.transport import exchange
from fs_pipeline.safe_text import safe
from fs_pipeline.values.addresses import Address
from fs_pipeline.values.geocoding import PRECISIONS, Located, Wanted

TITLE = "Service national d’adresses"
MIN_SCORE = 0.5  # below, the service's own documentation takes no result; `addok` leaves it out itself
LIMITS = Limits(read_seconds=300)
_ROWS_A_REQUEST = 2_000  # the service takes many more; a lost answer then costs little
_LONGEST_QUERY = 200  # characters, the engine's own limit
_MARKS = re.compile(r"[\",;|\x00-\x1f\x7f]")
_RETRIED = (408, 429, 500, 502, 503, 504)
_ANSWERED = 200
_LONGEST_LABEL = 300
_INSEE = re.compile(r"[0-9][0-9AB][0-9]{3}")
Query = tuple[str, str | None]  # what to look for, and the INSEE code to look in


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service says of one address."""

    latitude: float
    longitude: float
    score: float
    kind: str  # housenumber, street, locality, municipality
    label: str
    insee: str | None


class AddressService:
    """The service at one address, and what it has answered already.

    Parameters
    ----------
    url
        Where ``/search/csv/`` is, for instance ``https://data.geopf.fr/geocodage``.
    cache
        SQLite file of the answers; None keeps none.
    """

    def __init__(self, url: str, cache: Path | None, limits: Limits = LIMITS) -> None:
        self._url = f"{url.rstrip('/')}/search/csv/"
        self._cache = cache
        self._limits = limits

    def locate(self, wanted: Sequence[Wanted]) -> list[Located | None]:
        """One answer an address that names a street or a place; the commune is checked by ``geocoding.locate``.

        What is private is not asked about.
        """
        answers = self.search([("" if one.private else _query(one.address), one.insee) for one in wanted])
        return [_located(answer) for answer in answers]

    def search(self, queries: Sequence[Query]) -> list[Answer | None]:
        """One answer a query, in order.

        Raises
        ------
        Unreachable, TooLarge
            When the service gives none after the last attempt, in French, with what to do.
        """
        distinct = list(dict.fromkeys(query for query in queries if query[0]))
        known = dict(self._remembered(distinct))
        asked = [query for query in distinct if query not in known]
        for start in range(0, len(asked), _ROWS_A_REQUEST):
            answers = self._ask(asked[start : start + _ROWS_A_REQUEST])
            self._remember(answers)
            known |= answers
        return [known.get(query) for query in queries]

    def _ask(self, queries: Sequence[Query]) -> dict[Query, Answer | None]:
        """What came back; a question whose line did not is not in it, and is asked again another time."""
        limits = self._limits
        retries = Retry(
            total=limits.attempts - 1,
            backoff_factor=limits.backoff_seconds,
            backoff_max=limits.longest_wait_seconds,
            retry_after_max=int(limits.longest_wait_seconds),
            status_forcelist=_RETRIED,
            allowed_methods=["POST"],
            raise_on_status=False,
        )
        deadline = time.monotonic() + limits.total_seconds
        try:
            with exchange(
                "POST",
                self._url,
                reach=Reach.of(self._url),
                seconds=limits.total_seconds,
                timeouts=(limits.connect_seconds, limits.read_seconds),
                retries=retries,
                data=[("columns", "q"), ("citycode", "citycode"), ("delimiter", ",")],
                files={"data": ("places.csv", _written(queries), "text/csv")},
            ) as response:
                if response.is_redirect:
                    raise Unreachable(TITLE, "le service renvoie ailleurs", "corriger l’adresse FS_GEOCODER_URL")
                if response.status_code != _ANSWERED:
                    to_do = "réessayer plus tard ; les adresses restent au point de la commune en attendant"
                    raise Unreachable(TITLE, f"le service répond {response.status_code}", to_do)
                return _read(self._received(response, deadline), queries)
        except (requests.RequestException, csv.Error, UnicodeDecodeError) as error:
            what = f"pas de réponse utilisable ({type(error).__name__})"
            raise Unreachable(TITLE, what, "vérifier le réseau et l’adresse FS_GEOCODER_URL") from error

    def _received(self, response: requests.Response, deadline: float) -> bytes:
        content = bytearray()
        for chunk in response.iter_content(1 << 16):
            content += chunk
            if len(content) > self._limits.max_bytes:
                raise TooLarge(TITLE, "réponse démesurée", "vérifier l’adresse FS_GEOCODER_URL")
        if time.monotonic() >= deadline:  # a connection cut by the clock may look like an end
            raise Unreachable(TITLE, "service trop lent", "réessayer plus tard")
        return bytes(content)

    # The answers kept: one row a question, an empty answer for what the service did not find.

    def _remembered(self, queries: Iterable[Query]) -> Iterator[tuple[Query, Answer | None]]:
        if self._cache is None or not self._cache.exists():
            return
        with closing(sqlite3.connect(self._cache)) as store:
            for query in queries:
                row = store.execute("select answer from answers where question = ?", (self._key(query),)).fetchone()
                if row:
                    yield query, Answer(**json.loads(row[0])) if row[0] else None

    def _remember(self, answers: Mapping[Query, Answer | None]) -> None:
        if self._cache is None:
            return
        self._cache.parent.mkdir(parents=True, exist_ok=True)
        rows = [(self._key(query), json.dumps(asdict(answer)) if answer else None) for query, answer in answers.items()]
        with closing(sqlite3.connect(self._cache)) as store, store:
            store.execute("create table if not exists answers (question text primary key, answer text)")
            store.executemany("insert or replace into answers values (?, ?)", rows)

    def _key(self, query: Query) -> str:
        return hashlib.sha256(f"{self._url}\n{query[0]}\n{query[1] or ''}".encode()).hexdigest()


def _written(queries: Sequence[Query]) -> bytes:
    """The CSV sent. Nothing in it needs quotes: the engine guesses them, and guesses wrong on short files."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("id", "q", "citycode"))
    for at, (query, insee) in enumerate(queries):
        writer.writerow((at, " ".join(_MARKS.sub(" ", query).split())[:_LONGEST_QUERY], insee or ""))
    return text.getvalue().encode()


def _read(content: bytes, queries: Sequence[Query]) -> dict[Query, Answer | None]:
    """The answers by their id: lines may come back in another order, or not at all.

    Raises
    ------
    Unreachable
        When what came back is not the table that was sent.
    """
    asked = {str(at): query for at, query in enumerate(queries)}
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    found = {asked[at]: _answer(row) for row in rows if (at := row.get("id") or "") in asked}
    if not found:
        raise Unreachable(TITLE, "réponse qui n’est pas celle du service", "vérifier l’adresse FS_GEOCODER_URL")
    return found


def _answer(row: Mapping[str, str | None]) -> Answer | None:
    kind = row.get("result_type") or ""
    try:
        latitude, longitude = float(row.get("latitude") or ""), float(row.get("longitude") or "")
        score = float(row.get("result_score") or "")
    except ValueError:
        return None
    on_earth = -90 <= latitude <= 90 and -180 <= longitude <= 180
    if kind not in PRECISIONS or not score >= MIN_SCORE or not on_earth:  # no comparison holds of a NaN
        return None
    label, insee = safe(row.get("result_label") or "")[:_LONGEST_LABEL], row.get("result_citycode") or ""
    return Answer(latitude, longitude, score, kind, label, insee if _INSEE.fullmatch(insee) else None)


def _query(address: Address) -> str:
    """The parts that say where; a name in front or a box would only mislead the engine."""
    street = address.street or address.extra
    return " ".join(part for part in (address.number, street, address.postcode, address.commune) if part and street)


def _located(answer: Answer | None) -> Located | None:
    if answer is None or answer.kind == "municipality":
        return None
    return Located(answer.latitude, answer.longitude, answer.kind, answer.score, answer.insee, answer.label, "service")
