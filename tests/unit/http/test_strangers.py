"""What a server may try on who asks it for a list, and does not get."""

from __future__ import annotations

import base64
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from fs_pipeline.http import reach, transport
from fs_pipeline.http.fetch import Fetched, download, fetch
from fs_pipeline.http.headers import Known
from fs_pipeline.http.limits import Limits
from fs_pipeline.http.problems import ForbiddenAddress, SourceProblem, Truncated, Unreachable
from fs_pipeline.http.reach import Reach
from tests.unit.http.bad_server import GOOD, BadServer, body, cut, raw, running, status

LIMITS = Limits(connect_seconds=2, read_seconds=2, total_seconds=15, attempts=2, backoff_seconds=0.01)


@pytest.fixture
def server() -> Iterator[BadServer]:
    with running() as state:
        yield state


@pytest.fixture
def inside() -> Iterator[BadServer]:
    """A server of the same machine that nobody declared."""
    with running() as state:
        state.answers["/"] = [body("secret")]
        yield state


def get(server: BadServer, folder: Path, limits: Limits = LIMITS, **options) -> Fetched:
    return fetch(f"{server.url}/list.csv", folder, title="Liste", limits=limits, sleep=lambda _: None, **options)


def moved(target: str):
    return status(302, Location=target)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.01", "127.1", "[::ffff:127.0.0.1]", "0.0.0.0"]
)
def test_a_redirect_does_not_reach_an_internal_server(server, inside, tmp_path, host):
    port = inside.url.rpartition(":")[2]
    server.answers["/list.csv"] = [moved(f"http://{host}:{port}/")]
    with pytest.raises(ForbiddenAddress, match=r"réseau interne.*internal_hosts"):
        get(server, tmp_path)
    assert inside.requests == []
    assert list(tmp_path.iterdir()) == []


def test_an_internal_server_that_the_operator_declared_may_be_redirected_to(server, inside, tmp_path):
    server.answers["/list.csv"] = [moved(f"{inside.url}/")]
    allowed = Reach.of(server.url, [inside.url.removeprefix("http://")])
    fetched = download(f"{server.url}/list.csv", tmp_path, allowed, title="Liste", limits=LIMITS)
    assert fetched.path.read_text() == "secret"


def test_a_name_that_changes_its_address_after_the_check_gets_no_request(server, tmp_path, monkeypatch):
    """DNS rebinding: the check sees a public address, the connection an internal one."""
    monkeypatch.setattr(transport, "check_is_public", lambda host, port: None)
    with pytest.raises(ForbiddenAddress, match="réseau interne"):
        download(f"{server.url}/list.csv", tmp_path, Reach(), title="Liste", limits=LIMITS)
    assert server.requests == []


def test_a_name_that_resolves_to_an_internal_address_is_not_even_connected_to(server, tmp_path, monkeypatch):
    port = int(server.url.rpartition(":")[2])
    resolved = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr(reach.socket, "getaddrinfo", lambda *_args, **_options: resolved)
    monkeypatch.setattr(transport.HTTPConnection, "_new_conn", lambda _: pytest.fail("connected"))
    with pytest.raises(ForbiddenAddress, match=r"liste\.example"):
        download(f"http://liste.example:{port}/list.csv", tmp_path, Reach(), title="Liste", limits=LIMITS)


@pytest.mark.parametrize("target", ["file:///etc/hostname", "ftp://example/x", "data:,x", "http://nom:mot@example/"])
def test_a_redirect_to_what_is_no_web_address_is_refused(server, tmp_path, target):
    server.answers["/list.csv"] = [moved(target)]
    with pytest.raises(ForbiddenAddress, match=r"Liste.*À faire"):
        get(server, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_redirect_s_own_body_is_not_read(server, tmp_path):
    endless = raw(b"HTTP/1.1 302 Found\r\nLocation: /list2.csv\r\n\r\n", *[b"x" * 65_536] * 10_000, pause=0.001)
    server.answers |= {"/list.csv": [endless], "/list2.csv": [body()]}
    began = time.monotonic()
    assert get(server, tmp_path).path.read_text() == GOOD
    assert time.monotonic() - began < 5


def test_redirects_are_counted(server, tmp_path):
    for number in range(20):
        server.answers[f"/{number}"] = [moved(f"/{number + 1}")]
    server.answers["/list.csv"] = [moved("/0")]
    with pytest.raises(Unreachable, match="sans fin"):
        get(server, tmp_path)
    assert len(server.requests) == LIMITS.redirects + 1


@pytest.mark.parametrize("answer", [status(302), status(204), status(203), status(304), status(206)])
def test_an_answer_that_is_no_file_makes_no_file(server, tmp_path, answer):
    server.answers["/list.csv"] = [answer]
    with pytest.raises(SourceProblem, match=r"Liste.*À faire"):
        get(server, tmp_path)


def test_a_part_of_a_file_that_is_not_the_part_asked_for_is_not_glued_on(server, tmp_path):
    other = raw(b"HTTP/1.1 206 Partial\r\nContent-Range: bytes 7-9/400\r\nContent-Length: 3\r\n\r\nabc")
    server.answers["/list.csv"] = [cut(100, ETag='"1"'), other, body(ETag='"1"')]
    assert get(server, tmp_path, Limits(attempts=3, backoff_seconds=0)).path.read_text() == GOOD


@pytest.mark.parametrize("length", ["²", "-1", "+5", "1e3", "9" * 5_000, "0x10", "10, 10", ""])
def test_a_length_that_is_no_number_breaks_nothing(server, tmp_path, length):
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n".encode("latin-1")
    server.answers["/list.csv"] = [raw(head + GOOD.encode())]
    with suppress(SourceProblem):
        assert get(server, tmp_path).path.read_text() in GOOD


@pytest.mark.parametrize("wait", ["²", "9" * 5_000, "-1", "demain", "Thu, 01 Dec 99999999999999 10:00:00 GMT"])
def test_a_wait_that_is_no_time_breaks_nothing(server, tmp_path, wait):
    head = f"HTTP/1.1 503 Busy\r\nRetry-After: {wait}\r\nContent-Length: 0\r\n\r\n".encode("latin-1")
    server.answers["/list.csv"] = [raw(head), body()]
    assert get(server, tmp_path).path.read_text() == GOOD


@pytest.mark.parametrize(
    "headers",
    [
        b"ETag: abc", b'ETag: "a\r\n b"', b'ETag: "\xff"', b'ETag: "' + b"x" * 900 + b'"', b"Last-Modified: demain",
        b"Last-Modified: Thu, 01 Dec 2022 10:00:00 GMT\r\n X-Other: 1", b"Last-Modified: 99999999999999999999",
        b"Last-Modified: Thu, 01 Dec 99999999999999 10:00:00 GMT", b"Last-Modified: Thu, 31 Nov 2022 10:00:00 GMT",
    ],
)  # fmt: skip
def test_what_a_server_says_of_its_file_is_sent_back_only_if_it_is_what_it_should_be(server, tmp_path, headers):
    """Else the answer of one day would have the request of every other day refused."""
    server.answers["/list.csv"] = [raw(b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n\r\n" + GOOD.encode())]
    fetched = get(server, tmp_path)
    assert fetched.path.read_text() == GOOD
    assert fetched.known == Known()
    assert get(server, tmp_path, known=fetched.known).path is not None


def test_a_server_that_drips_its_headers_is_left_after_the_total_time(server, tmp_path):
    server.answers["/list.csv"] = [raw(b"HTTP/1.1 200 OK\r\n", *[b"x"] * 200, pause=0.05)]
    began = time.monotonic()
    with pytest.raises(SourceProblem):
        get(server, tmp_path, Limits(read_seconds=1, total_seconds=0.5, attempts=2, backoff_seconds=0.01))
    assert time.monotonic() - began < 4


def test_a_server_that_drips_the_size_of_a_chunk_is_left_after_the_total_time(server, tmp_path):
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    server.answers["/list.csv"] = [raw(head, *[b"0"] * 200, pause=0.05)]
    began = time.monotonic()
    with pytest.raises(Unreachable, match=r"trop lent|pas de réponse|coupée"):
        get(server, tmp_path, Limits(read_seconds=1, total_seconds=0.5, attempts=2, backoff_seconds=0.01))
    assert time.monotonic() - began < 4


def test_a_download_that_the_clock_cuts_is_not_taken_for_a_whole_one(server, tmp_path):
    server.answers["/list.csv"] = [raw(b"HTTP/1.0 200 OK\r\n\r\n", GOOD.encode(), *[b""] * 30, pause=0.05)]
    with pytest.raises(Unreachable, match="trop lent"):
        get(server, tmp_path, Limits(read_seconds=2, total_seconds=0.5, attempts=1))


def test_a_cookie_is_not_given_back(server, tmp_path):
    server.answers["/list.csv"] = [status(302, Set_Cookie="a=1", Location="/list2.csv")]
    server.answers["/list2.csv"] = [status(503, Set_Cookie="b=2"), body()]
    get(server, tmp_path)
    assert all("Cookie" not in headers for _, headers in server.requests)


def test_the_operator_s_password_goes_to_his_server_and_no_further(server, inside, tmp_path):
    url = f"{server.url.replace('//', '//nom:mot@')}/list.csv"
    server.answers["/list.csv"] = [moved(f"{inside.url}/")]
    allowed = Reach.of(server.url, [inside.url.removeprefix("http://")])
    download(url, tmp_path, allowed, title="Liste", limits=LIMITS)
    assert server.headers_of(0)["Authorization"] == f"Basic {base64.b64encode(b'nom:mot').decode()}"
    assert "Authorization" not in inside.headers_of(0)


def test_passwords_of_this_machine_s_own_files_are_sent_to_nobody(server, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("default login nom password mot\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server.answers["/list.csv"] = [body()]
    get(server, tmp_path)
    assert "Authorization" not in server.headers_of(0)


def test_a_name_that_the_server_suggests_is_not_used(server, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    server.answers["/list.csv"] = [body(Content_Disposition='attachment; filename="../../x.csv"')]
    assert get(server, folder).path == folder / "list.csv"
    assert [path.name for path in tmp_path.rglob("*.csv")] == ["list.csv"]


@pytest.mark.parametrize(
    "name",
    ["a%00b.csv", "..%2Fx.csv", "..%5C..%5Cx.csv", "%C3%A9" * 100 + ".csv", "x." + "y" * 300, "%0A%1B.csv", ".csv"],
)
def test_the_name_in_an_address_is_a_plain_name_or_is_not_used(server, tmp_path, name):
    folder = tmp_path / "in"
    folder.mkdir()
    server.answers[f"/{name}"] = [body()]
    fetched = fetch(f"{server.url}/{name}", folder, title="Liste", limits=LIMITS)
    assert fetched.path.parent == folder
    assert fetched.path.name in {"download", "download.csv", "x.csv"}


def test_a_list_packed_by_the_server_comes_as_it_was_sent_and_is_not_unpacked_on_the_way(server, tmp_path):
    bomb = b"\x1f\x8b" + b"x" * 100
    server.answers["/list.csv"] = [body(bomb, Content_Encoding="gzip")]
    assert get(server, tmp_path).path.read_bytes() == bomb
    assert server.headers_of(0)["Accept-Encoding"] == "identity"


@pytest.mark.parametrize(
    "location", ["http://[::1", "http://", "https:///x", "http://" + "a" * 80 + ".example/", "http://x..y/"]
)
def test_an_address_that_cannot_be_one_is_told(tmp_path, location):
    with pytest.raises(SourceProblem, match=r"Liste.*À faire"):
        fetch(location, tmp_path, title="Liste", limits=LIMITS, sleep=lambda _: None)


def test_nothing_is_kept_of_a_download_cut_for_good(server, tmp_path):
    server.answers["/list.csv"] = [cut(100)]
    with pytest.raises(Truncated):
        get(server, tmp_path)
