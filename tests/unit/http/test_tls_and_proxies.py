"""The same rules over TLS, and through the machine's own proxy."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from fs_pipeline.http.fetch import download, fetch
from fs_pipeline.http.limits import Limits
from fs_pipeline.http.problems import ForbiddenAddress, SourceProblem, Unreachable
from fs_pipeline.http.reach import Reach
from tests.unit.http.bad_server import GOOD, BadServer, body, raw, running, status

LIMITS = Limits(connect_seconds=2, read_seconds=2, total_seconds=10, attempts=1)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for the loopback address, signed by themselves."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "essai")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def secure(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BadServer]:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with running(certificate) as state:
        yield state


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[BadServer]:
    with running() as state:
        monkeypatch.setenv("http_proxy", state.url)
        monkeypatch.setenv("no_proxy", "")
        yield state


def test_a_list_comes_over_tls_from_a_server_with_a_certificate_of_the_machine_s(secure, tmp_path):
    secure.answers["/list.csv"] = [body()]
    assert fetch(f"{secure.url}/list.csv", tmp_path, title="Liste", limits=LIMITS).path.read_text() == GOOD


def test_a_server_whose_certificate_nobody_knows_is_not_believed(secure, tmp_path, monkeypatch):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    secure.answers["/list.csv"] = [body()]
    with pytest.raises(Unreachable):
        fetch(f"{secure.url}/list.csv", tmp_path, title="Liste", limits=LIMITS)
    assert secure.requests == []


def test_a_redirect_out_of_tls_is_refused_even_to_a_declared_server(secure, tmp_path):
    with running() as plain:
        plain.answers["/list.csv"] = [body()]
        secure.answers["/list.csv"] = [status(302, Location=f"{plain.url}/list.csv")]
        reach = Reach.of(secure.url, [plain.url.removeprefix("http://")])
        with pytest.raises(ForbiddenAddress, match="quitte https"):
            download(f"{secure.url}/list.csv", tmp_path, reach, title="Liste", limits=LIMITS)
        assert plain.requests == []


def test_a_server_that_drips_is_left_over_tls_too(secure, tmp_path):
    secure.answers["/list.csv"] = [raw(b"HTTP/1.1 200 OK\r\n", *[b"x"] * 200, pause=0.05)]
    began = time.monotonic()
    with pytest.raises(SourceProblem):
        fetch(f"{secure.url}/list.csv", tmp_path, title="Liste", limits=Limits(total_seconds=0.5, attempts=1))
    assert time.monotonic() - began < 4


def test_an_internal_server_gets_no_tls_request_either(secure, tmp_path):
    with pytest.raises(ForbiddenAddress, match="réseau interne"):
        download(f"{secure.url}/list.csv", tmp_path, Reach(), title="Liste", limits=LIMITS)
    assert secure.requests == []


def test_the_machine_s_proxy_is_used_and_may_be_internal(proxy, tmp_path):
    url = "http://liste.invalid/list.csv"  # known to the proxy alone
    proxy.answers[url] = [body()]
    assert download(url, tmp_path, Reach(), title="Liste", limits=LIMITS).path.read_text() == GOOD


@pytest.mark.parametrize("host", ["169.254.169.254", "127.0.0.1", "2130706433", "[::1]", "localhost"])
def test_the_proxy_is_not_asked_for_an_internal_server(proxy, tmp_path, host):
    with pytest.raises(ForbiddenAddress, match="réseau interne"):
        download(f"http://{host}/list.csv", tmp_path, Reach(), title="Liste", limits=LIMITS)
    assert proxy.requests == []
