"""What the operator wrote may be internal; what an answer names may not."""

from __future__ import annotations

import pytest

from fs_pipeline.http.reach import InternalAddress, Misled, Reach, check_is_public, is_internal, led, without_userinfo

INTERNAL = {
    "this machine": "127.0.0.1 127.255.0.1 0.0.0.0 ::1 ::",
    "a private network": "10.0.0.1 172.16.5.4 172.31.255.1 192.168.1.1 fc00::1 fd12:3456::1 fec0::1",
    "a link": "169.254.0.1 fe80::1 fe80::1%eth0",
    "a cloud's host": "169.254.169.254 168.63.129.16 192.0.0.192 100.100.100.200 fd00:ec2::254",
    "a carrier's network": "100.64.0.1 100.127.255.254",
    "a benchmark or an example": "198.18.0.1 192.0.2.1 203.0.113.9 2001:db8::1",
    "many or nobody": "224.0.0.1 239.1.2.3 240.0.0.1 255.255.255.255 ff02::1",
    "an IPv4 address in an IPv6 one": (
        "::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 2002:7f00:1:: ::7f00:1"
    ),
    "a tunnel": "2001:0:1::1 64:ff9b:1::1",
}


@pytest.mark.parametrize("addresses", INTERNAL.values(), ids=INTERNAL)
def test_addresses_that_only_this_machine_or_its_network_can_see_are_internal(addresses):
    assert [address for address in addresses.split() if not is_internal(address)] == []


def test_public_addresses_are_public_also_through_a_translator():
    public = "8.8.8.8 1.1.1.1 91.198.174.192 2606:4700::1111 ::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::1"
    assert [address for address in public.split() if is_internal(address)] == []


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "[::1]", "[::ffff:7f00:1]", "localhost"],
)
def test_an_internal_host_is_found_out_however_it_is_written(host):
    with pytest.raises(InternalAddress):
        check_is_public(host, 80)


@pytest.mark.parametrize("host", ["nulle-part.invalid", "", "a" * 300, "x..y", "é" * 80])
def test_a_host_that_does_not_resolve_is_left_to_the_connection_to_report(host):
    check_is_public(host, 80)


def test_of_a_name_with_a_public_and_an_internal_address_neither_is_reached(monkeypatch):
    both = [(0, 0, 0, "", ("8.8.8.8", 80)), (0, 0, 0, "", ("10.0.0.1", 80))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_options: both)
    with pytest.raises(InternalAddress, match=r"liste\.example"):
        check_is_public("liste.example", 80)


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/hostname", "FILE:///etc/hostname", "ftp://example/x", "gopher://127.0.0.1:6379/_x", "data:text/csv,a",
        "javascript:x", "jar:http://example/x", "http://nom:mot@example/x", "https://nom@example/",
        "http://example/\r\nX-Other: 1", "http://exa mple/", "http://example\\@127.0.0.1/", "http://[::1", "http://h:99999/",
        "C:\\liste.csv", "\\\\serveur\\liste.csv", "http://example/" + "x" * 3_000, "http://example/\x00",
    ],
)  # fmt: skip
def test_an_answer_leads_to_the_web_or_nowhere(target):
    with pytest.raises(Misled, match="l’adresse obtenue"):
        led("http://example/liste.csv", target)


def test_an_answer_may_be_relative_and_may_go_to_https_but_not_back():
    assert led("http://example/a/liste.csv", "../b.csv") == "http://example/b.csv"
    assert led("http://example/", "https://autre.example/b.csv") == "https://autre.example/b.csv"
    assert led("https://example/", "//autre.example/b.csv") == "https://autre.example/b.csv"
    with pytest.raises(Misled, match="quitte https"):
        led("https://example/", "http://example/b.csv")


def test_a_message_holds_nothing_that_a_terminal_or_a_page_would_run():
    with pytest.raises(Misled) as told:
        led("https://example/", "http://a\x1b]0;b<script>.example/")
    assert str(told.value).isprintable()
    assert str(InternalAddress("<b>\x1b" + "x" * 500)).startswith(
        "l’adresse obtenue mène à une machine du réseau interne (?b??x"
    )


def test_the_operator_s_server_may_be_internal_on_its_own_port_and_no_other():
    reach = Reach.of("http://127.0.0.1:8080/liste.csv")
    assert reach.allows_internal("http://127.0.0.1:8080/autre.csv")
    assert not reach.allows_internal("http://127.0.0.1:6379/")
    assert not reach.allows_internal("http://localhost:8080/")
    assert not reach.allows_internal("http://127.0.0.1:8080@10.0.0.1/")


def test_the_web_s_two_ports_are_one_server():
    reach = Reach.of("http://intranet.example/liste.csv")
    assert reach.allows_internal("https://intranet.example/liste.csv")
    assert reach.allows_internal("https://INTRANET.example.:443/liste.csv")
    assert not reach.allows_internal("https://intranet.example:8443/liste.csv")


def test_internal_hosts_are_named_with_or_without_a_port():
    reach = Reach.of("/chemin/liste.csv", ["fichiers.example", "10.1.2.3:8080", "[fd00::1]", "à l’envers ["])
    allowed = (
        "http://fichiers.example/x",
        "https://fichiers.example/x",
        "http://10.1.2.3:8080/x",
        "https://[fd00::1]/x",
    )
    assert all(map(reach.allows_internal, allowed))
    assert not any(map(reach.allows_internal, ("http://10.1.2.3/x", "http://fichiers.example:81/x", "http://[/x")))


def test_a_password_in_an_address_is_not_kept():
    assert without_userinfo("https://nom:mot@example/a@b") == "https://example/a@b"
    assert without_userinfo("https://example/a@b") == "https://example/a@b"
    assert without_userinfo("/chez/nom:mot@x") == "/chez/nom:mot@x"
