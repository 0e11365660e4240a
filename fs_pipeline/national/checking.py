"""`fs-pipeline sources check`: each source as it is published today against what sources.toml declares; nothing is kept.

A source is asked for as a campaign would ask, into a folder that goes away, so that what refuses it here would refuse it then.
What is only compared, and refuses nothing (columns that came or went, rows, age, licence), is said as drift.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urldefrag

from fs_pipeline import french
from fs_pipeline.http.datagouv import is_dataset
from fs_pipeline.http.fetch import download
from fs_pipeline.http.limits import Limits
from fs_pipeline.http.problems import EmptySource, NoSnapshot, SourceProblem
from fs_pipeline.http.reach import Reach, is_remote
from fs_pipeline.http.shelf import Snapshot, at, kept
from fs_pipeline.http.snapshots import Served, serve
from fs_pipeline.national.columns import rename_columns
from fs_pipeline.national.files import read_table
from fs_pipeline.national.read import PLACE_SOURCES, ask, read_snapshot
from fs_pipeline.national.references import count
from fs_pipeline.national.source_book import SourceBook
from fs_pipeline.national.sources import REFERENCES, SOURCES, Source
from fs_pipeline.territory.model import Territory
from fs_pipeline.warehouse.files import FileStore

GOOD, DRIFTED, REFUSED, ABSENT = "good", "drifted", "refused", "absent"
_ROWS = 0.1  # of the rows before, more or fewer, is said
_MOST = 10  # columns named
_LICENCES = {  # code of data.gouv.fr -> as sources.toml has it
    "lov2": "Licence Ouverte 2.0",
    "fr-lo": "Licence Ouverte 1.0",
    "odc-odbl": "ODbL 1.0",
    "cc-by": "CC BY",
    "cc-by-sa": "CC BY-SA",
    "notspecified": "non précisée",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of one source.

    Attributes
    ----------
    state
        ``good``, ``drifted`` (taken, but something is another than declared or kept), ``refused`` or ``absent``.
    notes
        French sentences: what drifted, or why it is refused.
    licence
        As its publisher gives it; None where that cannot be told.
    """

    source: str
    title: str
    state: str
    notes: tuple[str, ...] = ()
    as_of: str | None = None
    rows: int | None = None
    rows_before: int | None = None
    licence: str | None = None


def check_source(
    key: str,
    book: SourceBook,
    store: FileStore,
    territory: Territory,
    *,
    today: datetime.date,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Checked:
    """Ask for one source and compare it; the last one kept in `store` is what it is compared with."""
    source, location = (SOURCES | REFERENCES)[key], book.location(key)
    if location is None:
        return Checked(
            key, source.title_fr, ABSENT, ("aucune adresse : elle se donne à la main, ou n’est pas demandée.",)
        )
    if not is_remote(location) and not Path(location).is_file():
        return Checked(key, source.title_fr, REFUSED, (f"le fichier {Path(location).name} n’existe pas.",))
    before = at(kept(store, key), today.isoformat())
    with TemporaryDirectory() as name:
        folder = Path(name)
        aside = FileStore(str(folder / "kept"))
        try:
            served, unknown = _served(key, location, aside, book, territory, today, limits)
            licence = _licence(location, folder, source, book, limits)
        except SourceProblem as problem:
            why = problem.__cause__ if isinstance(problem, NoSnapshot) and problem.__cause__ else problem
            return Checked(key, source.title_fr, REFUSED, (str(why),), rows_before=before.rows if before else None)
        notes = [*_aged(served), *_drifted(key, source, aside, served.snapshot, store, before)]
    if unknown:
        notes.append(f"colonnes que sources.toml ne connaît pas : {_named(unknown)}.")
    if licence is not None and licence != source.licence:
        notes.append(f"licence publiée : {licence} ; déclarée : {source.licence}.")
    return Checked(
        key,
        source.title_fr,
        DRIFTED if notes else GOOD,
        tuple(notes),
        served.snapshot.as_of,
        served.snapshot.rows,
        before.rows if before else None,
        licence,
    )


def told(found: list[Checked]) -> str:
    """For a person: a line a source, and what is to be looked at below it."""
    words = {GOOD: "conforme", DRIFTED: "à regarder", REFUSED: "refusée", ABSENT: "absente"}
    lines = []
    for one in found:
        facts = [words[one.state]]
        if one.rows is not None:
            since = f" (avant : {french.number(one.rows_before)})" if one.rows_before not in {None, one.rows} else ""
            facts.append(f"{french.count(one.rows, 'ligne')}{since}")
        if one.as_of:
            facts.append(f"du {french.short_date(one.as_of)}")
        if one.state in {GOOD, DRIFTED}:
            facts.append(f"licence {one.licence or 'non vérifiable ici'}")
        lines += [f"{one.title} : {', '.join(facts)}", *(f"  {note}" for note in one.notes)]
    return "\n".join(lines)


def _served(
    key: str,
    location: str,
    aside: FileStore,
    book: SourceBook,
    territory: Territory,
    today: datetime.date,
    limits: Limits,
) -> tuple[Served, tuple[str, ...]]:
    """What a campaign of today would take, and the columns that no declaration knows."""
    unknown: list[str] = []

    def inspect(path: Path) -> int:
        if key not in PLACE_SOURCES:
            return count(key, path)
        reading = read_snapshot(key, path, territory, as_of=today.isoformat())
        if reading.places.empty:
            raise EmptySource(SOURCES[key].title_fr, f"aucun lieu dans {reading.rows} lignes", "ouvrir le fichier")
        unknown[:] = reading.unknown_columns
        return reading.rows

    wanted = replace(ask(key, location), internal_hosts=book.internal_hosts)
    return serve(wanted, aside, inspect, reference_date=today, today=today, limits=limits), tuple(unknown)


def _aged(served: Served) -> list[str]:
    if not served.is_stale:
        return []
    return [f"âgée de {served.age_days} jours, plus que la limite déclarée (max_age_days)."]


def _drifted(
    key: str, source: Source, aside: FileStore, now: Snapshot, store: FileStore, before: Snapshot | None
) -> list[str]:
    """Rows and columns against the last list that was kept; that one serves as it is, whatever is said here."""
    if before is None:
        return []
    notes = []
    if before.rows and abs(now.rows - before.rows) > before.rows * _ROWS:
        change = (
            f"{'+' if now.rows > before.rows else '−'}\u00a0{french.share(abs(now.rows - before.rows) / before.rows)}"
        )
        notes.append(f"lignes : {change} depuis la liste du {french.short_date(before.as_of)}.")
    if key in PLACE_SOURCES:
        then, today = _declared(source, store, before), _declared(source, aside, now)
        if gone := sorted(then - today):
            notes.append(f"colonnes disparues depuis la liste du {french.short_date(before.as_of)} : {_named(gone)}.")
    return notes


def _declared(source: Source, store: FileStore, snapshot: Snapshot) -> set[str]:
    """Our names of the declared columns in which something stands."""
    try:
        with store.local(snapshot.path) as path:
            table = rename_columns(read_table(path, source.title_fr, source.max_bytes), source).table
    except (SourceProblem, FileNotFoundError):  # what was kept is verify's to tell
        return set()
    return {str(name) for name in table.columns[table.notna().any()]}


def _licence(location: str, folder: Path, source: Source, book: SourceBook, limits: Limits) -> str | None:
    """As the dataset's page on data.gouv.fr has it; no other address says."""
    if not is_dataset(location):
        return None
    address, _ = urldefrag(location)
    (folder / "page").mkdir()
    reach = Reach.of(address, book.internal_hosts)
    fetched = download(address, folder / "page", reach, title=source.title_fr, limits=limits)
    assert fetched.path is not None
    try:
        page = json.loads(fetched.path.read_bytes())
        said = page.get("license") if isinstance(page, Mapping) else None
    except ValueError:
        return None
    return _LICENCES.get(said, said[:100]) if isinstance(said, str) else None


def _named(columns: list[str] | tuple[str, ...]) -> str:
    return ", ".join([*columns[:_MOST], *(["…"] if len(columns) > _MOST else [])])
