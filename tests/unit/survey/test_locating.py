"""Places without a point, located by their address where the settings name something to ask."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest

from fs_pipeline.http.problems import Unreachable
from fs_pipeline.settings import Settings
from fs_pipeline.survey.tables.locating import locate_places
from fs_pipeline.territory.model import Territory
from fs_pipeline.territory.shipped import load_territory
from fs_pipeline.values.geocoding import Located, Wanted
from fs_pipeline.values.geocoding_reference import AddressIndex, ReferenceAddress
from fs_pipeline.values.geocoding_service import AddressService

PAU = "64445"


class _Absent:
    """A service that nobody reaches."""

    def locate(self, wanted: Sequence[Wanted]) -> list[Located | None]:
        """Say so."""
        raise Unreachable("Service", "pas de réponse", "réessayer")


@pytest.fixture
def territory() -> Territory:
    return load_territory()


@pytest.fixture
def index(territory: Territory) -> AddressIndex:
    return AddressIndex([ReferenceAddress("4", "Rue Gambetta", "64000", "Pau", PAU, 43.31, -0.37)], territory)


@pytest.fixture
def places() -> pd.DataFrame:
    rows = [
        {"name": "with its point", "address": "4 rue Gambetta", "latitude": 43.3, "longitude": -0.3},
        {"name": "by number", "address": "4, r. Gambetta", "latitude": None, "longitude": None},
        {"name": "unknown street", "address": "9 rue Inconnue", "latitude": None, "longitude": None},
        {"name": "no address", "address": None, "latitude": None, "longitude": None},
    ]
    return pd.DataFrame([{**row, "postcode": "64000", "commune": "Pau", "insee": PAU} for row in rows])


def test_only_what_has_no_point_gets_one_and_says_how_precisely(places, index, territory):
    located = locate_places(places, [index], territory)
    assert located["latitude"].tolist()[:2] == [43.3, 43.31]
    assert located["point_precision"].tolist() == [None, "housenumber", None, None]


def test_a_communes_point_is_no_places(places, index, territory):
    assert locate_places(places, [index], territory)["latitude"].isna().tolist() == [False, False, True, True]


def test_a_service_that_cannot_be_reached_takes_nothing_from_the_reference(places, index, territory, caplog):
    located = locate_places(places, [index, _Absent()], territory)
    assert located["point_precision"].tolist()[1] == "housenumber"
    assert "pas de réponse" in caplog.text
    assert locate_places(places, [_Absent()], territory)["latitude"].isna().sum() == 3


def test_nobody_is_asked_unless_the_settings_say_so(places, territory, tmp_path):
    assert locate_places(places, [], territory) is places
    assert Settings.from_environment({"FS_HOME": str(tmp_path)}).geocoder_url is None
    named = Settings.from_environment({"FS_HOME": str(tmp_path), "FS_GEOCODER_URL": "http://localhost:7878"})
    assert named.geocoder_url == "http://localhost:7878"


class _Overheard:
    """A service that remembers what left this machine."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def search(self, queries: Sequence[tuple[str, str | None]]) -> list[None]:
        """Hear the questions that hold one."""
        self.asked += [query for query, _ in queries if query]
        return [None] * len(queries)

    locate = AddressService.locate


def test_no_address_of_a_home_or_with_an_unknown_name_leaves_the_machine(places, territory):
    rows = [
        ("Mairie", "4 rue Gambetta", None),
        ("Permanence", "12 rue Gambetta", "chez l’habitant"),
        ("Chez Mme Zqavo", "14 rue Gambetta", None),
        ("Mairie", "16 rue Gambetta Zqavo LEFEVRE", None),
        ("Mairie", "18 impasse Zqavo", None),
        ("Mairie", "20 rue Gambetta, appt 3, code 45B12", None),
    ]
    frame = pd.DataFrame(
        [
            {"name": name, "address": line, "address_extra": extra, "latitude": None, "longitude": None}
            | {"postcode": "64000", "commune": "Pau", "insee": PAU}
            for name, line, extra in rows
        ]
    )
    service = _Overheard()
    locate_places(frame, [service], territory)
    assert service.asked == ["4 rue Gambetta 64000 Pau"]
