"""Where a request may go: what the operator wrote, wherever it is; what an answer names, public servers alone.

An answer is a redirect, or the address of a file inside a page of data.gouv.fr. Whoever controls it must not make this
machine read its own files or the services that only this machine can see.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urljoin, urlsplit

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

_PORTS = {"http": 80, "https": 443}
# Read by some parsers as another address than by others, or never part of one.
_UNCLEAR = re.compile(r"[\x00-\x20\x7f\\]")
_LONGEST = 2_000
# RFC 6052: an IPv4 address at the end of an IPv6 one, which the network turns back.
_TRANSLATED = IPv6Network("64:ff9b::/96")
# Services of a cloud's host for its own machines, at addresses that look public (the second to some Pythons only).
_OF_THE_HOST = (IPv4Network("168.63.129.16/32"), IPv4Network("192.0.0.0/24"))


class Misled(Exception):
    """An answer leads where it may not; the message is French and says where."""


class InternalAddress(Misled):
    """The server is one that only this machine, or its network, can see."""

    def __init__(self, host: str) -> None:
        super().__init__(f"l’adresse obtenue mène à une machine du réseau interne ({shown(host)})")


@dataclass(frozen=True, slots=True)
class Reach:
    """Servers, as ``host:port``, that may be internal because the operator named them."""

    declared: frozenset[str] = frozenset()

    @classmethod
    def of(cls, location: str, internal_hosts: Iterable[str] = ()) -> Reach:
        """What the operator's own address allows, and ``internal_hosts`` of sources.toml (``host`` or ``host:port``)."""
        named = [location] if is_remote(location) else []
        return cls(frozenset().union(*map(servers, [*named, *(f"http://{host}" for host in internal_hosts)])))

    def allows_internal(self, url: str) -> bool:
        """Whether the server of `url` was named by the operator."""
        return bool(servers(url)) and servers(url) <= self.declared


def is_remote(location: str) -> bool:
    """Whether a location is an address on the web rather than a file."""
    return location.lower().startswith(("http://", "https://"))


def servers(url: str) -> frozenset[str]:
    """``host:port`` of a web address, as the client that will connect reads it; both of the web's ports stand for one.

    None where the address cannot be read.
    """
    try:
        parts = parse_url(url)
    except LocationParseError:
        return frozenset()
    host = (parts.host or "").lower().rstrip(".")
    ports = _PORTS.values() if parts.port in {None, *_PORTS.values()} else (parts.port,)
    return frozenset(f"{host}:{port}" for port in ports) if host else frozenset()


def without_userinfo(location: str) -> str:
    """A location without the name and password that an operator wrote into it: for what is kept and shown."""
    return re.sub(r"(?<=://)[^/?#]*@", "", location, count=1) if is_remote(location) else location


def led(origin: str, target: str) -> str:
    """The address to which an answer of `origin` leads by naming `target`.

    Raises
    ------
    Misled
        When it is no web address, hides what it is, or leaves https for http.
    """
    if _UNCLEAR.search(target) or len(target) > _LONGEST:
        raise Misled("l’adresse obtenue est mal formée")
    try:
        found = urljoin(origin, target)
        parts = urlsplit(found)
        userinfo = parse_url(found).auth
    except (ValueError, LocationParseError) as error:
        raise Misled("l’adresse obtenue est mal formée") from error
    if parts.scheme not in _PORTS or not parts.hostname:
        raise Misled(f"l’adresse obtenue n’est pas du web ({shown(parts.scheme) or 'chemin de fichier'})")
    if userinfo is not None:
        raise Misled("l’adresse obtenue contient un nom ou un mot de passe")
    if parts.scheme == "http" and origin.lower().startswith("https:"):
        raise Misled(f"l’adresse obtenue quitte https pour http ({shown(parts.hostname)})")
    return found


def check_is_public(host: str, port: int | None) -> None:
    """Refuse a host that resolves to an internal address; one that does not resolve is for the connection to report.

    Raises
    ------
    InternalAddress
        When any of its addresses is internal.
    """
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return
    if any(is_internal(str(address[0])) for *_, address in found):
        raise InternalAddress(host)


def is_internal(address: str) -> bool:
    """Whether an IP address is of this machine, of its network, of its cloud's host, or of no server at all."""
    ip = ip_address(address)
    if isinstance(ip, IPv6Address) and (inner := _inner(ip)) is not None:
        return is_internal(str(inner))
    odd = ip.is_multicast or ip.is_reserved or ip.is_unspecified or (isinstance(ip, IPv6Address) and ip.is_site_local)
    return odd or not ip.is_global or any(ip in network for network in _OF_THE_HOST)


def _inner(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for."""
    if ip.ipv4_mapped or ip.sixtofour:
        return ip.ipv4_mapped or ip.sixtofour
    return IPv4Address(int(ip) & 0xFFFF_FFFF) if ip in _TRANSLATED else None


def shown(name: str) -> str:
    """A stranger's word as it may stand in a message."""
    return re.sub(r"[^\w.:\[\]-]", "?", name)[:100]
