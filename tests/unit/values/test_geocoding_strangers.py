"""Whoever answers at the address of the address service is a stranger, held to the rules of every other server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fs_pipeline.http.limits import Limits
from fs_pipeline.http.problems import TooLarge, Unreachable
from fs_pipeline.values.geocoding_service import AddressService
from tests.unit.http.bad_server import BadServer, body, raw, running, status

LIMITS = Limits(connect_seconds=2, read_seconds=2, total_seconds=10, attempts=2, backoff_seconds=0, max_bytes=100_000)
QUERY = ("1 rue A", "64445")
HEADER = "id,q,latitude,longitude,result_score,result_type,result_label,result_citycode"
FOUND = "0,1 rue A,43.3,-0.37,0.9,housenumber,1 Rue A,64445"
PATH = "/search/csv/"


@pytest.fixture
def server() -> Iterator[BadServer]:
    with running() as state:
        yield state


def ask(server: BadServer, answer: object, cache: Path | None = None, limits: Limits = LIMITS):
    server.answers[PATH] = [answer]  # type: ignore[list-item]
    return AddressService(server.url, cache, limits).search([QUERY])[0]


def test_a_good_answer_is_taken(server):
    answer = ask(server, body(f"{HEADER}\n{FOUND}\n"))
    assert (answer.latitude, answer.insee) == (43.3, "64445")


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_addresses_are_sent_to_the_service_and_nowhere_else(server, tmp_path, code):
    with running() as other:
        other.answers["/"] = [body(f"{HEADER}\n{FOUND}\n")]
        with pytest.raises(Unreachable, match="renvoie ailleurs"):
            ask(server, status(code, Location=f"{other.url}/"), tmp_path / "answers.sqlite")
        assert other.requests == []


@pytest.mark.parametrize("page", ["<!doctype html><title>Portail</title>", "", "{}", HEADER, f"{HEADER}\n²,,,,,,,\n"])
def test_an_answer_that_is_not_the_table_sent_is_told_and_not_kept(server, tmp_path, page):
    cache = tmp_path / "answers.sqlite"
    with pytest.raises(Unreachable, match="n’est pas celle du service"):
        ask(server, body(page), cache)
    assert ask(server, body(f"{HEADER}\n{FOUND}\n"), cache) is not None


def test_a_line_that_did_not_come_back_is_asked_again(server, tmp_path):
    service = AddressService(server.url, tmp_path / "answers.sqlite", LIMITS)
    server.answers[PATH] = [body(f"{HEADER}\n{FOUND}\n")]
    assert service.search([QUERY, ("2 rue B", None)])[1] is None
    server.answers[PATH] = [body(f"{HEADER}\n{FOUND.replace('1 rue A', '2 rue B')}\n")]
    assert service.search([QUERY, ("2 rue B", None)])[1] is not None


@pytest.mark.parametrize(
    "line", ["nan,-0.37,0.9", "43.3,inf,0.9", "43.3,-0.37,nan", "95,0,0.9", "x,0,0.9", "43.3,-0.37,"]
)
def test_a_point_that_is_none_is_not_taken(server, line):
    assert ask(server, body(f"{HEADER}\n0,1 rue A,{line},housenumber,1 Rue A,64445\n")) is None


def test_a_commune_is_a_code_and_a_label_is_short(server):
    answer = ask(server, body(f"{HEADER}\n0,q,43.3,-0.37,0.9,housenumber,{'x' * 9_000},<b>\n"))
    assert (answer.insee, len(answer.label)) == (None, 300)


def test_an_answer_without_end_is_cut(server):
    with pytest.raises(TooLarge, match="démesurée"):
        ask(server, body("x" * 200_000))


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 200 OK\r\n\r\n" + f"{HEADER}\n{FOUND}\n".encode()])
def test_a_service_that_drips_is_left_after_the_total_time(server, tmp_path, head):
    began = time.monotonic()
    with pytest.raises(Unreachable):
        ask(server, raw(head, *[b"x"] * 200, pause=0.05), tmp_path / "a.sqlite", Limits(total_seconds=0.5, attempts=1))
    assert time.monotonic() - began < 4
    assert not (tmp_path / "a.sqlite").exists()


def test_a_service_that_asks_to_come_back_tomorrow_is_not_waited_for(server):
    began = time.monotonic()
    with pytest.raises(Unreachable, match="503"):
        ask(
            server,
            status(503, Retry_After="86400"),
            limits=Limits(attempts=2, backoff_seconds=0, longest_wait_seconds=1),
        )
    assert time.monotonic() - began < 4
