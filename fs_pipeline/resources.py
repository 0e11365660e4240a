"""What assets are handed: one Pipeline, opened when first used and not at import.

Rooms are imported by what needs them: `tell` asks every minute, and wants the warehouse alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from fs_pipeline.http.limits import Limits
from fs_pipeline.reading_progress import ReadingProgress
from fs_pipeline.settings import Settings
from fs_pipeline.territory.model import Territory
from fs_pipeline.territory.shipped import load_territory
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.home import keep_private

if TYPE_CHECKING:
    from fs_pipeline.campaigns.taken import Taken
    from fs_pipeline.deposits.erasures import Ledger
    from fs_pipeline.national.source_book import SourceBook
    from fs_pipeline.roads.reading import RoadGraph
    from fs_pipeline.sandbox.readers import Readers
    from fs_pipeline.values.geocoding import Geocoder
    from fs_pipeline.warehouse.files import FileStore
    from fs_pipeline.warehouse.models import Project


@dataclass(frozen=True, eq=False)
class Pipeline:
    """The rooms' outside: where rows and bytes are kept, which territory, which sources."""

    settings: Settings
    load_territory: Callable[[], Territory] = load_territory
    fictional: bool = False  # the rehearsal says so on every page
    may_upgrade: bool | None = None  # whether the warehouse is brought up to date; see Warehouse
    limits: Limits = Limits()  # noqa: RUF009 - frozen; how long a source is waited for

    @cached_property
    def at_home(self) -> Settings:
        """The settings, once the home they name is there and closed to others."""
        keep_private(self.settings.home)
        return self.settings

    @cached_property
    def warehouse(self) -> Warehouse:
        """The open warehouse, with every SQL model's table in place."""
        from fs_pipeline.warehouse.prepare import prepare

        warehouse = Warehouse(self.at_home.database_url, self.may_upgrade)
        prepare(warehouse, self.project)
        return warehouse

    @cached_property
    def project(self) -> Project:
        """The SQL models."""
        from fs_pipeline.warehouse.models import load_project

        return load_project()

    @cached_property
    def files(self) -> FileStore:
        """Deposits as received, snapshots, layers, briefs."""
        from fs_pipeline.warehouse.files import FileStore

        return FileStore(self.at_home.files_url)

    @cached_property
    def deposits(self) -> FileStore:
        """The folder into which surveys are dropped."""
        from fs_pipeline.warehouse.files import FileStore

        return FileStore(self.at_home.deposits_url)

    @cached_property
    def sources(self) -> SourceBook:
        """Where each national or reference source is."""
        from fs_pipeline.national.source_book import read_source_book

        return read_source_book(self.settings.sources_path)

    @cached_property
    def territory(self) -> Territory:
        """The territory, with commune points once ``reference/communes`` has been materialised."""
        territory = self.load_territory()
        points = self.warehouse.read("communes", columns=["insee", "longitude", "latitude"]).dropna()
        return territory.with_points(points) if len(points) else territory

    @cached_property
    def readers(self) -> Readers:
        """Those who read handed-in files, in processes of their own."""
        from fs_pipeline.sandbox.readers import readers_of

        return readers_of(self.load_territory())

    def forget_territory(self) -> None:
        """Have the territory read again, after its points changed."""
        self.__dict__.pop("territory", None)

    def follow_communes(self) -> None:
        """Forget the territory where another process has put other communes in place since this was last asked."""
        stands = self.warehouse.read("reference_sources", {"source": "communes"}, ["sha256"])["sha256"].to_list()
        if self.__dict__.get("_communes_stand") != stands:
            self.forget_territory()
            self.__dict__["_communes_stand"] = stands

    def reference_date(self, campaign: str) -> str:
        """The campaign's day (ISO), at which sources are taken and reviewed lists read."""
        known = self.warehouse.read("campaigns", {"campaign": campaign})["reference_date"]
        return str(known.iloc[0]) if len(known) else f"{campaign}-01"

    def roads(self, campaign: str) -> RoadGraph | None:
        """The road network that a campaign took, read once for all that took it; None where the source is absent."""
        from fs_pipeline.campaigns.taken import read_taken

        taken = read_taken(self.warehouse, campaign).get("roads")
        network = campaign if taken is None else taken.sha256
        if network not in self._roads:
            with self.reference("roads", campaign) as path:
                self._roads[network] = self._read_roads(path) if path else None
        return self._roads[network]

    def _read_roads(self, path: Path) -> RoadGraph:
        from fs_pipeline.roads.reading import read_roads

        if not sys.stderr.isatty():
            return read_roads(path, cache_dir=self.cache)
        return read_roads(path, cache_dir=self.cache, tell=ReadingProgress(sys.stderr, path.name))

    @cached_property
    def _roads(self) -> dict[str | None, RoadGraph | None]:
        return {}

    @cached_property
    def roads_inside(self) -> Callable[[RoadGraph, tuple[float, float, float, float]], RoadGraph]:
        """``RoadGraph.clip``, which keeps its last answer, and so its contraction."""
        from fs_pipeline.roads.reading import RoadGraph

        return lru_cache(maxsize=1)(RoadGraph.clip)

    @contextmanager
    def reference(self, key: str, campaign: str) -> Iterator[Path | None]:
        """A reference source as a local file, as the campaign took it, nobody asked for it; None where it is not here.

        A campaign that has taken nothing of it yet reads what sources.toml gives.
        """
        from fs_pipeline.campaigns.taken import read_taken
        from fs_pipeline.national.references import reference_file

        taken = read_taken(self.warehouse, campaign).get(key)
        if taken is None:
            with reference_file(key, self.sources.location(key), self.files) as path:
                yield path
        else:
            with self.found(taken) as path:
                yield path

    @contextmanager
    def found(self, taken: Taken) -> Iterator[Path | None]:
        """What was taken of a reference source, as a local file; None where it is not on this machine."""
        from fs_pipeline.national.references import taken_file

        if taken.sha256 is None:
            yield None
        else:
            with taken_file(taken.source, self.sources.location(taken.source), self.files, taken.sha256) as path:
                yield path

    @cached_property
    def digests(self) -> dict[str, str]:
        """Digests of rows, under what tells whether they may have changed since."""
        return {}

    @cached_property
    def geocoders(self) -> list[Geocoder]:
        """What locates places without a point: the reference addresses, then the service; none by default."""
        from fs_pipeline.values.geocoding_reference import AddressIndex
        from fs_pipeline.values.geocoding_service import AddressService

        asked: list[Geocoder] = []
        if self.settings.addresses_path:
            asked.append(AddressIndex.from_file(self.settings.addresses_path, self.territory))
        if self.settings.geocoder_url:
            asked.append(AddressService(self.settings.geocoder_url, self.geocoder_answers))
        return asked

    @property
    def geocoder_answers(self) -> Path:
        """The file of the address service's answers, which hold the addresses that were asked."""
        return self.cache / "geocoder.sqlite"

    @property
    def ledger(self) -> Ledger:
        """What was deleted for good, in the installation and beside its backups."""
        from fs_pipeline.deposits.erasures import LEDGER, Ledger

        folders = [self.at_home.home, *([self.settings.backups] if self.settings.backups else [])]
        return Ledger(tuple(folder / LEDGER for folder in folders))

    @property
    def cache(self) -> Path:
        """Folder of what can be computed or asked again: contracted road networks, answers of the address service."""
        return self.at_home.home / "cache"
