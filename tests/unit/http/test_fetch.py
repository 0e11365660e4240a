"""Whole files out of a bad server."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path

import pytest

from fs_pipeline.http.fetch import Fetched, Known, fetch
from fs_pipeline.http.limits import Limits
from fs_pipeline.http.problems import TooLarge, Truncated, Unreachable
from tests.unit.http.bad_server import GOOD, BadServer, body, cut, drip, running, slow, status

LIMITS = Limits(connect_seconds=1, read_seconds=1.5, total_seconds=15, attempts=3, backoff_seconds=0.01)


@pytest.fixture
def server() -> Iterator[BadServer]:
    with running() as state:
        yield state


def get(server: BadServer, folder: Path, path: str = "/list.csv", **options) -> tuple[Fetched, list[float]]:
    waits: list[float] = []
    limits = options.pop("limits", LIMITS)
    return fetch(server.url + path, folder, title="Liste", limits=limits, sleep=waits.append, **options), waits


def test_a_good_file_comes_whole_with_its_hash_and_dates(server, tmp_path):
    server.answers["/list.csv"] = [body(ETag='"1"', Last_Modified="Thu, 01 Dec 2022 10:00:00 GMT")]
    fetched, waits = get(server, tmp_path)
    assert fetched.path.read_text() == GOOD
    assert fetched.path.name == "list.csv"
    assert fetched.known == Known('"1"', "Thu, 01 Dec 2022 10:00:00 GMT")
    assert fetched.modified_on == "2022-12-01"
    assert len(fetched.sha256) == 64
    assert waits == []


def test_an_unchanged_file_is_not_sent_again(server, tmp_path):
    server.answers["/list.csv"] = [body(ETag='"1"')]
    fetched, _ = get(server, tmp_path, known=Known('"1"', None))
    assert fetched.path is None


@pytest.mark.parametrize("code", [429, 500, 503])
def test_a_busy_server_is_asked_again_later_and_later(server, tmp_path, code):
    server.answers["/list.csv"] = [status(code), status(code), body()]
    fetched, waits = get(server, tmp_path)
    assert fetched.path.read_text() == GOOD
    assert waits == [0.01, 0.02]


def test_retry_after_in_seconds_is_obeyed(server, tmp_path):
    server.answers["/list.csv"] = [status(503, Retry_After="3"), body()]
    assert get(server, tmp_path)[1] == [3]


def test_retry_after_as_a_date_is_obeyed(server, tmp_path):
    import time

    server.answers["/list.csv"] = [status(429, Retry_After=formatdate(time.time() + 4, usegmt=True)), body()]
    (wait,) = get(server, tmp_path)[1]
    assert 2 < wait <= 4


def test_a_server_that_asks_to_come_back_tomorrow_is_given_up_at_once(server, tmp_path):
    server.answers["/list.csv"] = [status(429, Retry_After="86400"), body()]
    with pytest.raises(Unreachable, match=r"Liste.*429.*À faire"):
        get(server, tmp_path)
    assert len(server.requests) == 1


def test_a_server_that_stays_down_is_reported_after_the_last_attempt(server, tmp_path):
    server.answers["/list.csv"] = [status(503)]
    with pytest.raises(Unreachable, match="503"):
        get(server, tmp_path)
    assert len(server.requests) == 3


def test_a_missing_page_is_not_asked_for_twice(server, tmp_path):
    server.answers["/list.csv"] = [status(404)]
    with pytest.raises(Unreachable, match=r"404.*sources\.toml"):
        get(server, tmp_path)
    assert len(server.requests) == 1


def test_a_cut_download_goes_on_where_it_stopped(server, tmp_path):
    server.answers["/list.csv"] = [cut(100, ETag='"1"'), body(ETag='"1"')]
    fetched, _ = get(server, tmp_path)
    assert fetched.path.read_text() == GOOD
    assert server.headers_of(1)["Range"] == "bytes=100-"
    assert server.headers_of(1)["If-Range"] == '"1"'


def test_a_file_that_changed_meanwhile_is_taken_from_its_beginning(server, tmp_path):
    server.answers["/list.csv"] = [cut(100, ETag='"1"'), body("id,name\n1,Autre\n", ETag='"2"')]
    assert get(server, tmp_path)[0].path.read_text() == "id,name\n1,Autre\n"


def test_a_cut_download_without_a_validator_begins_again(server, tmp_path):
    server.answers["/list.csv"] = [cut(100), body()]
    assert get(server, tmp_path)[0].path.read_text() == GOOD
    assert "Range" not in server.headers_of(1)


def test_a_server_that_lies_about_the_length_is_found_out(server, tmp_path):
    server.answers["/list.csv"] = [cut(len(GOOD) - 10)]
    with pytest.raises(Truncated, match=r"octets.*À faire"):
        get(server, tmp_path)
    assert len(server.requests) == 3


def test_a_silent_server_is_left_after_the_read_timeout(server, tmp_path):
    server.answers["/list.csv"] = [slow(2.5), body()]
    assert get(server, tmp_path)[0].path.read_text() == GOOD


def test_a_dripping_server_is_left_after_the_total_time(server, tmp_path):
    server.answers["/list.csv"] = [drip(0.05)]
    limits = Limits(read_seconds=1, total_seconds=0.5, attempts=2, backoff_seconds=0.01)
    with pytest.raises(Unreachable, match="trop lent"):
        get(server, tmp_path, limits=limits)


def test_redirects_are_followed(server, tmp_path):
    server.answers["/old.csv"] = [status(302, Location="/list.csv")]
    server.answers["/list.csv"] = [body()]
    fetched, _ = get(server, tmp_path, "/old.csv")
    assert fetched.path.read_text() == GOOD
    assert fetched.url.endswith("/list.csv")


def test_redirects_without_end_are_reported(server, tmp_path):
    server.answers["/list.csv"] = [status(302, Location="/list.csv")]
    with pytest.raises(Unreachable, match="sans fin"):
        get(server, tmp_path)


def test_too_large_a_file_is_refused_before_and_while_it_comes(server, tmp_path):
    server.answers["/list.csv"] = [body()]
    server.answers["/endless.csv"] = [drip(0)]
    for path in ("/list.csv", "/endless.csv"):
        with pytest.raises(TooLarge, match="octets"):
            get(server, tmp_path, path, limits=Limits(max_bytes=50))


def test_nobody_at_the_address(tmp_path):
    with pytest.raises(Unreachable, match="connexion"):
        fetch("http://127.0.0.1:9/list.csv", tmp_path, title="Liste", limits=LIMITS, sleep=lambda _: None)


def test_nobody_at_the_address_is_not_insisted_upon(tmp_path):
    waits: list[float] = []
    with pytest.raises(Unreachable):
        fetch("http://127.0.0.1:9/list.csv", tmp_path, title="Liste", limits=Limits(attempts=5), sleep=waits.append)
    assert waits == [1]


def test_a_server_that_does_not_exist_is_said_at_once_with_its_name(tmp_path):
    waits: list[float] = []
    with pytest.raises(Unreachable, match=r"nulle-part\.invalid.*accès au réseau"):
        fetch("http://nulle-part.invalid/list.csv", tmp_path, title="Liste", limits=LIMITS, sleep=waits.append)
    assert waits == []


def test_an_address_cannot_name_a_file_outside_of_the_folder(server, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for path in ("/a%2F..%2F..%2Fx.csv", "/a%2F..", "/" + "x" * 300 + ".csv"):
        server.answers[path] = [body()]
        assert get(server, folder, path)[0].path.resolve().parent == folder


def test_an_unusable_address_is_reported(tmp_path):
    with pytest.raises(Unreachable, match="adresse inutilisable"):
        fetch("http://", tmp_path, title="Liste", limits=LIMITS)


def test_a_path_and_a_file_address_are_files_too(tmp_path):
    source = tmp_path / "liste été.csv"
    source.write_text(GOOD)
    (tmp_path / "out").mkdir()
    for location in (str(source), source.as_uri()):
        assert fetch(location, tmp_path / "out", title="Liste").path.read_text() == GOOD


def test_an_absent_file_is_reported(tmp_path):
    with pytest.raises(Unreachable, match=r"absent\.csv n’existe pas"):
        fetch(str(tmp_path / "absent.csv"), tmp_path, title="Liste")
