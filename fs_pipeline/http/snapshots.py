"""Dated snapshots of a source, kept for ever with their hash; the last good one serves when the newest cannot.

A snapshot is two files below ``snapshots/<source>/``: the bytes as published, and a card (JSON) that describes them,
so that the folder explains itself without a database. Whether the bytes make sense is the caller's ``inspect``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from fs_pipeline.http.datagouv import is_dataset, newest_resource
from fs_pipeline.http.fetch import Fetched, Known, Limits, fetch, is_remote, sha256_of
from fs_pipeline.http.problems import EmptySource, HalvedSource, NoSnapshot, SourceProblem, UnreadableSource

_HALF = 0.5


class Store(Protocol):
    """What is asked of ``warehouse.files.FileStore``."""

    def write(self, path: str, content: bytes) -> str:
        """Put bytes at a path."""

    def put(self, path: str, file: Path) -> None:
        """Put a local file at a path."""

    def read(self, path: str) -> bytes:
        """Get them back."""

    def list(self, path: str) -> list[str]:
        """Paths below a folder."""

    def local(self, path: str) -> AbstractContextManager[Path]:
        """The file as a local path."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One kept file: a row of the warehouse's ``snapshots``, and what the server said."""

    source: str
    as_of: str  # ISO date that the publisher gives it
    sha256: str
    path: str  # inside the store
    rows: int
    fetched_at: str
    url: str = ""
    known: Known = field(default_factory=Known)

    def row(self) -> dict[str, str | int]:
        """The columns of ``warehouse.tables.snapshots``."""
        names = ("source", "as_of", "sha256", "path", "rows", "fetched_at")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Ask:
    """What to fetch and what would be believed."""

    source: str  # key
    title: str
    location: str  # path, URL or data.gouv.fr dataset; empty where only what was kept can serve
    as_of: str | None = None  # ISO date of the file; else what the server says, else today
    expected_rows: int = 1  # fewer are refused
    max_age_days: int = 365
    max_bytes: int = 1_000_000_000
    accepts_halved: bool = False  # somebody checked that the list was really reduced


@dataclass(frozen=True, slots=True)
class Served:
    """The snapshot in service, and why the newest is not it."""

    title: str
    snapshot: Snapshot
    is_new: bool
    age_days: int
    is_stale: bool
    problem: SourceProblem | None = None

    @property
    def message(self) -> str | None:
        """French, for a person; None where there is nothing to say."""
        age = f"liste du {_day(self.snapshot.as_of)}, âgée de {self.age_days} jours"
        if self.problem is not None:
            return f"{self.problem} En service\u00a0: la dernière bonne, {age}."
        return f"{self.title}\u00a0: {age}, plus que la limite déclarée." if self.is_stale else None


def serve(
    ask: Ask,
    store: Store,
    inspect: Callable[[Path], int],
    *,
    reference_date: date,
    today: date,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Served:
    """Fetch the newest, keep it if it is good, and give the latest good one not after `reference_date`.

    Parameters
    ----------
    inspect
        Counts the rows of a file and raises a ``SourceProblem`` when it is not what it should be.
    reference_date
        A campaign never sees a later list.

    Raises
    ------
    NoSnapshot
        When nothing good was ever kept that is old enough; its cause is why the newest could not be used.
    """
    before = kept(store, ask.source)
    problem: SourceProblem | None = None
    current: Snapshot | None = None
    if ask.location:
        try:
            strict = replace(limits, max_bytes=min(limits.max_bytes, ask.max_bytes))
            current = _take(ask, store, inspect, before, reference_date, today, strict)
        except SourceProblem as error:
            problem = error
    found = None
    for snapshot in _best_first(ask, before, current, reference_date.isoformat()):
        if _is_sound(store, snapshot):
            found = snapshot
            break
        problem = problem or _damaged(ask, snapshot)
    if found is None:
        problem = problem or _nothing_old_enough(ask, current, reference_date)
        raise NoSnapshot(ask.title, problem.what, problem.to_do) from problem
    age = (reference_date - date.fromisoformat(found.as_of)).days
    return Served(ask.title, found, found not in before, age, age > ask.max_age_days, problem)


def _best_first(ask: Ask, before: Sequence[Snapshot], current: Snapshot | None, reference_date: str) -> list[Snapshot]:
    """What may serve: a file given by hand above whatever was kept; else the latest, today's above its twins."""
    by_hand = bool(ask.location) and not is_remote(ask.location)
    known = {snapshot.path: snapshot for snapshot in [*before, *([current] if current else [])]}

    def rank(snapshot: Snapshot) -> tuple[bool, str, bool, str]:
        is_current = snapshot == current
        return by_hand and is_current, snapshot.as_of, is_current, snapshot.fetched_at

    old_enough = [snapshot for snapshot in known.values() if snapshot.as_of <= reference_date]
    return sorted(old_enough, key=rank, reverse=True)


def _is_sound(store: Store, snapshot: Snapshot) -> bool:
    """Whether the bytes are still those that were kept."""
    try:
        with store.local(snapshot.path) as path:
            return sha256_of(path) == snapshot.sha256
    except FileNotFoundError:
        return False


def _damaged(ask: Ask, snapshot: Snapshot) -> SourceProblem:
    what = f"l’instantané du {_day(snapshot.as_of)} ne répond plus à son empreinte ({snapshot.path})"
    return UnreadableSource(ask.title, what, "le restaurer depuis une sauvegarde, ou relancer le téléchargement")


def _nothing_old_enough(ask: Ask, current: Snapshot | None, reference_date: date) -> SourceProblem:
    day = reference_date.strftime("%d/%m/%Y")
    if current is None:
        what = f"aucune liste gardée au {day} ou avant"
        return NoSnapshot(ask.title, what, "indiquer un fichier de cette date dans sources.toml")
    what = f"la liste trouvée est du {_day(current.as_of)}, après la date de référence de la campagne ({day})"
    to_do = "avancer campaign_reference_date dans sources.toml, ou y indiquer une liste plus ancienne"
    return NoSnapshot(ask.title, what, to_do)


def _day(iso_date: str) -> str:
    return date.fromisoformat(iso_date).strftime("%d/%m/%Y")


def kept(store: Store, source: str) -> list[Snapshot]:
    """All snapshots of a source, oldest first."""
    cards = [path for path in store.list(f"snapshots/{source}") if path.endswith(".card.json")]
    snapshots = [_from_card(store.read(path)) for path in cards]
    return sorted(snapshots, key=lambda snapshot: (snapshot.as_of, snapshot.fetched_at))


def at(snapshots: Iterable[Snapshot], reference_date: str) -> Snapshot | None:
    """The latest snapshot not after an ISO date; of two of the same day, the one fetched last."""
    old_enough = [snapshot for snapshot in snapshots if snapshot.as_of <= reference_date]
    return max(old_enough, key=lambda snapshot: (snapshot.as_of, snapshot.fetched_at), default=None)


def _take(
    ask: Ask,
    store: Store,
    inspect: Callable[[Path], int],
    before: Sequence[Snapshot],
    reference_date: date,
    today: date,
    limits: Limits,
) -> Snapshot:
    """Fetch, judge and keep; the snapshot kept before, where what is published is what we have."""
    with TemporaryDirectory() as folder:
        location, dated = ask.location, ask.as_of
        if is_dataset(location):
            resource = newest_resource(location, Path(folder), ask.title, reference_date.isoformat(), limits)
            location, dated = resource.url, dated or resource.as_of
        last = next((one for one in reversed(before) if one.url == location and _is_sound(store, one)), None)
        fetched = fetch(location, Path(folder), title=ask.title, known=last.known if last else Known(), limits=limits)
        if last and fetched.path is None:
            return last
        assert fetched.path is not None
        as_of = dated or fetched.modified_on or today.isoformat()
        same = [snapshot for snapshot in before if (snapshot.sha256, snapshot.as_of) == (fetched.sha256, as_of)]
        if same and _is_sound(store, same[-1]):
            return same[-1]
        rows = inspect(fetched.path)
        _judge(ask, rows, at(before, as_of))
        return _keep(ask, store, replace(fetched, url=location), fetched.path, as_of, rows)


def _judge(ask: Ask, rows: int, previous: Snapshot | None) -> None:
    if rows == 0:
        raise EmptySource(ask.title, "aucune ligne", "prévenir l’éditeur\u00a0; rien n’a été remplacé")
    if rows < ask.expected_rows:
        raise HalvedSource(
            ask.title,
            f"{rows} lignes, au moins {ask.expected_rows} attendues",
            "vérifier que le fichier est entier\u00a0; sinon changer expected_rows dans sources.toml",
        )
    if previous and rows < previous.rows * _HALF and not ask.accepts_halved:
        raise HalvedSource(
            ask.title,
            f"{rows} lignes, {previous.rows} dans la liste du {_day(previous.as_of)}",
            "vérifier auprès de l’éditeur que la liste a vraiment été réduite\u00a0; "
            f'si oui, ajouter accept_halved = ["{ask.source}"] en tête de sources.toml',
        )


def _keep(ask: Ask, store: Store, fetched: Fetched, file: Path, as_of: str, rows: int) -> Snapshot:
    assert fetched.sha256 is not None
    path = f"snapshots/{ask.source}/{as_of}-{fetched.sha256[:12]}{''.join(file.suffixes[-2:])}"
    snapshot = Snapshot(
        source=ask.source,
        as_of=as_of,
        sha256=fetched.sha256,
        path=path,
        rows=rows,
        fetched_at=datetime.now(UTC).isoformat(timespec="seconds"),
        url=fetched.url,
        known=fetched.known,
    )
    store.put(path, file)
    card = json.dumps(asdict(snapshot), ensure_ascii=False, indent=1)
    store.write(f"{path}.card.json", card.encode())  # last: a snapshot without a card does not exist
    return snapshot


def _from_card(content: bytes) -> Snapshot:
    card = json.loads(content)
    return replace(Snapshot(**{**card, "known": Known()}), known=Known(**card["known"]))
