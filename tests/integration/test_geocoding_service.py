"""The national service's protocol against its real engine, filled with the addresses of three communes."""

from __future__ import annotations

from pathlib import Path

import pytest

from fs_pipeline.territory.shipped import load_territory
from fs_pipeline.values.addresses import Address, read_address
from fs_pipeline.values.geocoding import Wanted, locate
from fs_pipeline.values.geocoding_reference import read_reference
from fs_pipeline.values.geocoding_service import AddressService
from tests.conftest import skip_or_fail

from .addok_service import ServiceAbsentError, addok_service

ARGENTAT, ALLASSAC, POMPADOUR = "19010", "19005", "19011"


@pytest.fixture(scope="module")
def service_url(real_data: Path):
    try:
        with addok_service(read_reference(real_data / "addresses" / "limousin.bano.csv")) as url:
            yield url
    except ServiceAbsentError as absent:
        skip_or_fail("FS_REQUIRE_SERVICES", str(absent))


def _wanted(line: str, insee: str | None) -> Wanted:
    return Wanted(read_address(line).value or Address(), insee)


def test_the_engine_of_the_national_service_locates_a_batch(service_url: str, tmp_path: Path):
    service = AddressService(service_url, tmp_path / "answers.sqlite")
    wanted = [
        _wanted("12 place Allègre, 19240 Allassac", ALLASSAC),
        _wanted("13 avenue Foch\n19400 ARGENTAT CEDEX", ARGENTAT),
        _wanted("avenue du Midi 19240 Allassac", None),
        _wanted("999 chemin de nulle part 19240 Allassac", ALLASSAC),
    ]
    found = service.locate(wanted)
    first, second, third, fourth = found
    assert first is not None
    assert (first.latitude, first.longitude) == pytest.approx((45.257819, 1.475792))
    assert (first.precision, first.insee, first.source) == ("housenumber", ALLASSAC, "service")
    assert second is not None
    assert second.label == "13 Avenue Foch 19400 Argentat"
    assert third is not None
    assert third.precision == "street"
    assert fourth is None


def test_what_was_answered_is_not_asked_again(service_url: str, tmp_path: Path):
    cache = tmp_path / "answers.sqlite"
    asked = [_wanted("12 place Allègre 19240 Allassac", ALLASSAC), _wanted("1 rue Inconnue 19240 Allassac", ALLASSAC)]
    before = AddressService(service_url, cache).locate(asked)
    offline = AddressService(service_url, cache)
    offline._ask = lambda _: pytest.fail("the network was used")  # type: ignore[method-assign]
    assert offline.locate(asked) == before


def test_a_point_in_another_commune_is_not_taken(service_url: str):
    territory = load_territory()
    service = AddressService(service_url, None)
    here = locate([_wanted("12 place Allègre", ALLASSAC)], [service], territory)
    elsewhere = locate([_wanted("12 place Allègre", ARGENTAT)], [service], territory)
    assert here[0] is not None
    assert here[0].insee == ALLASSAC
    assert elsewhere[0] is None or elsewhere[0].precision == "municipality"
