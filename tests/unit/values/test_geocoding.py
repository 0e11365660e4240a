"""Where an address stands, by reference addresses, the national service's protocol, and the commune."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fs_pipeline.http.limits import Limits
from fs_pipeline.http.problems import Unreachable
from fs_pipeline.territory.model import Territory
from fs_pipeline.territory.shipped import load_territory
from fs_pipeline.values.addresses import Address, read_address
from fs_pipeline.values.geocoding import PRECISIONS, Wanted, locate
from fs_pipeline.values.geocoding_reference import AddressIndex, ReferenceAddress, read_reference, street_key
from fs_pipeline.values.geocoding_service import AddressService

PAU = "64445"


def line(number: str, street: str, latitude: float) -> ReferenceAddress:
    return ReferenceAddress(number, street, "64000", "Pau", PAU, latitude, -0.37)


@pytest.fixture(scope="module")
def territory() -> Territory:
    return load_territory()


@pytest.fixture(scope="module")
def index(territory: Territory) -> AddressIndex:
    streets = [
        line("1", "Avenue du Général Leclerc", 43.30), line("12", "Avenue du Général Leclerc", 43.301),
        line("12BIS", "Avenue du Général Leclerc", 43.3011), line("4", "Rue Gambetta", 43.31),
        line("4", "Place Gambetta", 43.32), line("7", "Rue des Frères Camors", 43.33), line("", "Le Hameau du Bois", 43.34),
    ]  # fmt: skip
    return AddressIndex(streets, territory)


def one(index: AddressIndex, text: str, insee: str | None = PAU):
    return index.locate([Wanted(read_address(text).value or Address(), insee)])[0]


@pytest.mark.parametrize(
    ("written", "latitude", "precision"),
    [
        ("12 avenue du Général Leclerc", 43.301, "housenumber"),
        ("12, av. du Gal Leclerc", 43.301, "housenumber"),
        ("12 bis AVENUE GENERAL LECLERC", 43.3011, "housenumber"),
        ("12 ter avenue du Général Leclerc", 43.301, "housenumber"),
        ("12-14 avenue Leclerc", 43.301, "housenumber"),
        ("12 aveneu du General Leclrec", 43.301, "housenumber"),
        ("16 avenue du Général Leclerc", 43.301, "street"),  # the nearest number of its side: not the place itself
        ("avenue du Général Leclerc", 43.301, "street"),
        ("Mairie, 7 rue Camors", 43.33, "housenumber"),
        ("Le Hameau du Bois", 43.34, "locality"),
    ],
)
def test_a_street_is_found_however_it_is_written_and_says_how_precisely(index, written, latitude, precision):
    found = one(index, written)
    assert found is not None
    assert (found.latitude, found.precision, found.insee) == (latitude, precision, PAU)


@pytest.mark.parametrize("written", ["4 boulevard Gambetta", "4 rue Inconnue", "12", "BP 12"])
def test_a_street_that_may_be_two_or_is_none_is_not_located(index, written):
    assert one(index, written) is None


def test_a_street_is_only_looked_for_in_its_commune(index):
    assert one(index, "12 avenue du Général Leclerc", "33063") is None
    assert one(index, "12 avenue du Général Leclerc, 64000 Pau", None) is not None
    assert one(index, "12 avenue du Général Leclerc, 33000 Bordeaux", None) is None


def test_kinds_titles_and_little_words_do_not_tell_streets_apart():
    assert street_key("av. du Gal Leclerc") == street_key("AVENUE GENERAL LECLERC") == ("avenue", "general leclerc")
    assert street_key("Grande Rue") == ("", "grande rue")


def test_both_kinds_of_reference_files_are_read(tmp_path: Path):
    bano = tmp_path / "bano.csv"
    bano.write_text("644450001A-2,2,Rue X,64000,Pau,C+O,43.3,-0.37\n644450001A-3,3,Rue X,64000,Pau,C+O,,\n")
    ban = tmp_path / "ban.csv"
    ban.write_text(
        "id;numero;rep;nom_voie;code_postal;code_insee;nom_commune;lon;lat\nx;2;bis;Rue X;64000;64445;Pau;-0.37;43.3\n"
    )
    assert [(a.number, a.insee, a.latitude) for a in read_reference(bano)] == [("2", PAU, 43.3)]
    assert [(a.number, a.insee, a.latitude) for a in read_reference(ban)] == [("2bis", PAU, 43.3)]


def test_what_no_geocoder_finds_is_at_the_communes_point_and_says_so(index, territory):
    wanted = [Wanted(Address(street="rue Inconnue"), PAU), Wanted(Address("4", "rue Gambetta"), PAU), Wanted(Address())]
    unknown, known, nowhere = locate(wanted, [index], territory)
    assert unknown is not None
    assert (unknown.precision, unknown.source, unknown.latitude) == ("municipality", "commune", 43.29481)
    assert known is not None
    assert known.precision == "housenumber"
    assert nowhere is None


class _Service(BaseHTTPRequestHandler):
    """The protocol's other end, as scripted by a test: statuses to answer first, then a point a line."""

    statuses: ClassVar[list[int]] = []
    requests_seen: ClassVar[list[bytes]] = []
    insee = PAU
    reverse = False

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).requests_seen.append(body)
        status = type(self).statuses.pop(0) if type(self).statuses else 200
        self.send_response(status)
        if status != 200:
            self.send_header("Retry-After", "0")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        answer = self._answer(body).encode()
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _answer(self, body: bytes) -> str:
        part = body.split(b'filename="places.csv"')[1].split(b"\r\n\r\n", 1)[1].split(b"\r\n--")[0]
        rows = list(csv.DictReader(io.StringIO(part.decode())))
        text = io.StringIO()
        names = ["id", "q", "latitude", "longitude", "result_score", "result_type", "result_label", "result_citycode"]
        writer = csv.DictWriter(text, names, extrasaction="ignore")
        writer.writeheader()
        for row in reversed(rows) if type(self).reverse else rows:
            score = "0.2" if "vague" in row["q"] else "0.9"
            point = {"latitude": "43.3", "longitude": "-0.37", "result_score": score, "result_type": "housenumber"}
            lost = "perdue" in row["q"]
            writer.writerow(
                row | ({} if lost else {**point, "result_label": row["q"], "result_citycode": type(self).insee})
            )
        return text.getvalue()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[tuple[str, type[_Service]]]:
    handler = type("Handler", (_Service,), {"statuses": [], "requests_seen": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", handler
    server.shutdown()
    server.server_close()


QUICK = Limits(connect_seconds=2, read_seconds=5, attempts=3, backoff_seconds=0)


def test_answers_go_to_their_address_whatever_their_order(service):
    url, handler = service
    handler.reverse = True
    found = AddressService(url, None, QUICK).search(
        [("1 rue A", PAU), ("rue perdue", None), ("rue vague", None), ("2 rue B", PAU)]
    )
    assert [answer and answer.label for answer in found] == ["1 rue A", None, None, "2 rue B"]
    assert b'name="columns"\r\n\r\nq' in handler.requests_seen[0]
    assert b'name="citycode"\r\n\r\ncitycode' in handler.requests_seen[0]


def test_an_overloaded_service_is_asked_again_and_an_absent_one_is_told(service):
    url, handler = service
    handler.statuses[:] = [503, 429]
    assert AddressService(url, None, QUICK).search([("1 rue A", None)])[0] is not None
    assert len(handler.requests_seen) == 3
    handler.statuses[:] = [500] * 9
    with pytest.raises(Unreachable, match="répond 500"):
        AddressService(url, None, QUICK).search([("1 rue A", None)])
    with pytest.raises(Unreachable, match="FS_GEOCODER_URL"):
        AddressService("http://127.0.0.1:9", None, QUICK).search([("1 rue A", None)])


def test_a_question_is_asked_once_even_if_it_had_no_answer(service, tmp_path: Path):
    url, handler = service
    cache = tmp_path / "kept" / "answers.sqlite"
    first = AddressService(url, cache, QUICK).search([("1 rue A", PAU), ("rue perdue", PAU), ("1 rue A", PAU)])
    again = AddressService(url, cache, QUICK).search([("rue perdue", PAU), ("1 rue A", PAU)])
    assert first == [again[1], None, again[1]]
    assert len(handler.requests_seen) == 1


def test_a_point_of_another_commune_is_left_for_the_commune_itself(service, territory):
    url, handler = service
    handler.insee = "33063"
    wanted = [Wanted(Address("1", "rue A"), PAU)]
    (elsewhere,) = locate(wanted, [AddressService(url, None, QUICK)], territory)
    assert elsewhere is not None
    assert (elsewhere.source, elsewhere.precision, elsewhere.insee) == ("commune", "municipality", PAU)
    handler.insee = PAU
    (found,) = locate(wanted, [AddressService(url, None, QUICK)], territory)
    assert found is not None
    assert (found.source, found.insee) == ("service", PAU)


@given(st.lists(st.builds(Address, *[st.one_of(st.none(), st.text(max_size=20))] * 5), max_size=5))
@settings(max_examples=150, deadline=None)
def test_any_address_is_located_in_its_commune_or_not_at_all(addresses):
    territory = load_territory()
    index = AddressIndex([line("4", "Rue Gambetta", 43.31), line("7", "Place du Bois", 43.33)], territory)
    for found in locate([Wanted(address, PAU) for address in addresses], [index], territory):
        assert found is None or (found.insee == PAU and found.precision in PRECISIONS and 0 <= found.score <= 1)
