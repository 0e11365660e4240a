"""Dated snapshots of a source, kept with their hash as tidying.py says; the last good one serves when the newest cannot.

How they are kept is ``shelf.py``'s; whether the bytes make sense, the caller's ``inspect``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from fs_pipeline import french
from fs_pipeline.http.datagouv import is_dataset, newest_resource
from fs_pipeline.http.dates import believable
from fs_pipeline.http.fetch import Fetched, download, fetch
from fs_pipeline.http.headers import Known
from fs_pipeline.http.limits import Limits
from fs_pipeline.http.problems import EmptySource, HalvedSource, NoSnapshot, SourceProblem, UnreadableSource
from fs_pipeline.http.reach import Reach, is_remote, without_userinfo
from fs_pipeline.http.shelf import Snapshot, Store, at, is_sound, put_away, shelf

UNUSABLE_CARDS = "Fiches d’instantané inutilisables, laissées de côté, à supprimer : "
RESTORE = "le restaurer depuis une sauvegarde, ou prendre une autre liste (fs-pipeline campaign advance)"
_PAGE = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script")
_SNIFFED = 1_000  # bytes
_HALF = 0.5


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
    internal_hosts: tuple[str, ...] = ()  # of the network, to which an answer may lead (``host`` or ``host:port``)


@dataclass(frozen=True, slots=True)
class Served:
    """The snapshot in service, and why the newest is not it."""

    title: str
    snapshot: Snapshot
    is_new: bool
    age_days: int
    is_stale: bool
    problem: SourceProblem | None = None
    unusable_cards: tuple[str, ...] = ()  # paths in the store

    @property
    def message(self) -> str | None:
        """French, for a person; None where there is nothing to say."""
        said = []
        age = f"liste du {french.short_date(self.snapshot.as_of)}, âgée de {self.age_days} jours"
        if self.problem is not None:
            said.append(f"{self.problem} En service\u00a0: la dernière bonne, {age}.")
        elif self.is_stale:
            said.append(f"{self.title}\u00a0: {age}, plus que la limite déclarée.")
        if self.unusable_cards:
            said.append(f"{UNUSABLE_CARDS}{', '.join(self.unusable_cards)}.")
        return " ".join(said) or None


def serve(
    ask: Ask,
    store: Store,
    inspect: Callable[[Path], int],
    *,
    reference_date: date,
    today: date,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    reads: Callable[[Path, str], object] = lambda _path, _as_of: None,
) -> Served:
    """Fetch the newest, keep it if it is good, and give the latest good one not after `reference_date`.

    Parameters
    ----------
    inspect
        Counts the rows of a file and raises a ``SourceProblem`` when it is not what it should be.
    reference_date
        A campaign never sees a later list.
    reads
        Reads a file that was kept before (its path, its ISO date) and raises a ``SourceProblem`` when it no longer can:
        the one before it then serves.

    Raises
    ------
    NoSnapshot
        When nothing good was ever kept that is old enough; its cause is why the newest could not be used.
    """
    stood = shelf(store, ask.source)
    before = stood.snapshots
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
        if (fault := None if snapshot not in before else _fault(ask, store, snapshot, reads)) is None:
            found = snapshot
            break
        problem = problem or fault
    if found is None:
        problem = problem or _nothing_old_enough(ask, current, reference_date)
        raise NoSnapshot(ask.title, problem.what, problem.to_do) from problem
    age = (reference_date - date.fromisoformat(found.as_of)).days
    is_stale = age > ask.max_age_days
    return Served(ask.title, found, found not in before, age, is_stale, problem, tuple(stood.unusable))


def serve_again(
    ask: Ask, store: Store, *, path: str | None, reference_date: date, reads: Callable[[Path, str], object]
) -> Served:
    """The very snapshot that is kept at `path`, whatever was kept since; nobody is asked.

    Raises
    ------
    UnreadableSource
        When it is there no more, has changed, or can no longer be read.
    """
    stood = shelf(store, ask.source)
    found = next((snapshot for snapshot in stood.snapshots if snapshot.path == path), None)
    if found is None:
        what = f"l’instantané que la campagne a pris n’est plus là ({path})"
        raise UnreadableSource(ask.title, what, RESTORE)
    if (fault := _fault(ask, store, found, reads)) is not None:
        raise fault
    age = (reference_date - date.fromisoformat(found.as_of)).days
    return Served(ask.title, found, False, age, age > ask.max_age_days, None, tuple(stood.unusable))


def _best_first(ask: Ask, before: Sequence[Snapshot], current: Snapshot | None, reference_date: str) -> list[Snapshot]:
    """What may serve: a file given by hand above whatever was kept; else the latest, today's above its twins."""
    by_hand = bool(ask.location) and not is_remote(ask.location)
    known = {snapshot.path: snapshot for snapshot in [*before, *([current] if current else [])]}

    def rank(snapshot: Snapshot) -> tuple[bool, str, bool, str]:
        is_current = snapshot == current
        return by_hand and is_current, snapshot.as_of, is_current, snapshot.fetched_at

    old_enough = [snapshot for snapshot in known.values() if snapshot.as_of <= reference_date]
    return sorted(old_enough, key=rank, reverse=True)


def _fault(ask: Ask, store: Store, snapshot: Snapshot, reads: Callable[[Path, str], object]) -> SourceProblem | None:
    """Why a snapshot that was kept can serve no longer."""
    if not is_sound(store, snapshot):
        what = f"l’instantané du {french.short_date(snapshot.as_of)} ne répond plus à son empreinte ({snapshot.path})"
        return UnreadableSource(ask.title, what, RESTORE)
    try:
        with store.local(snapshot.path) as path:
            reads(path, snapshot.as_of)
    except SourceProblem as error:
        return error
    return None


def _nothing_old_enough(ask: Ask, current: Snapshot | None, reference_date: date) -> SourceProblem:
    day = french.short_date(reference_date.isoformat())
    if current is None:
        what = f"aucune liste gardée au {day} ou avant"
        return NoSnapshot(ask.title, what, "indiquer un fichier de cette date dans sources.toml")
    what = (
        f"la liste trouvée est du {french.short_date(current.as_of)}, après la date de référence de la campagne ({day})"
    )
    to_do = "avancer la campagne (fs-pipeline campaign advance), ou indiquer une liste plus ancienne dans sources.toml"
    return NoSnapshot(ask.title, what, to_do)


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
    reach = Reach.of(ask.location, ask.internal_hosts)
    with TemporaryDirectory() as name:
        folder = Path(name)
        location, dated = ask.location, ask.as_of
        if is_dataset(location):
            resource = newest_resource(location, folder, ask.title, reference_date.isoformat(), limits, reach)
            location, dated = resource.url, dated or resource.as_of
        url = without_userinfo(location)
        last = next((one for one in reversed(before) if one.url == url and is_sound(store, one)), None)
        known = last.known if last else Known()
        if is_remote(location):
            fetched = download(location, folder, reach, title=ask.title, known=known, limits=limits)
            dated = believable(dated, today) or believable(fetched.modified_on, today)
        else:
            fetched = fetch(location, folder, title=ask.title, limits=limits)
        if last and fetched.path is None:
            return last
        assert fetched.path is not None
        as_of = dated or today.isoformat()
        same = [snapshot for snapshot in before if (snapshot.sha256, snapshot.as_of) == (fetched.sha256, as_of)]
        if same and is_sound(store, same[-1]):
            return same[-1]
        rows = inspect(fetched.path)
        _refuse_page(ask, fetched.path)  # after the reader, which says more: some sources are only counted
        _judge(ask, rows, at(before, as_of))
        return _keep(ask, store, replace(fetched, url=url), fetched.path, as_of, rows)


def _refuse_page(ask: Ask, file: Path) -> None:
    """No source is a web page, whatever the server calls it: it is a refusal, or a portal that wants a password."""
    with file.open("rb") as stream:
        start = stream.read(_SNIFFED).lower()
    if re.sub(rb"^(\xef\xbb\xbf|\s|<!--.*?-->)+", b"", start, flags=re.DOTALL).startswith(_PAGE):
        raise UnreadableSource(ask.title, "une page web au lieu d’un fichier", "vérifier l’adresse déclarée")


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
            f"{rows} lignes, {previous.rows} dans la liste du {french.short_date(previous.as_of)}",
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
    put_away(store, snapshot, file)
    return snapshot
