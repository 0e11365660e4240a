"""One exchange with one server: with a server that may be reached, for a bounded time, and nothing is remembered of it.

No redirect is followed, no cookie kept, no password read from this machine's files; the machine's proxies and
certificates are used. What an answer means is the caller's.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util import Retry, parse_url

from fs_pipeline.http.reach import InternalAddress, Reach, check_is_public, is_internal

# identity: lengths and ranges are of the file, and nothing unpacks to more than was sent
HEADERS = {"User-Agent": "fs-pipeline", "Accept-Encoding": "identity"}


@contextmanager
def exchange(
    method: str,
    url: str,
    *,
    reach: Reach,
    seconds: float,
    timeouts: tuple[float, float],
    headers: Mapping[str, str] | None = None,
    retries: Retry | int = 0,
    **content: Any,  # noqa: ANN401 - ``data``, ``files``: what requests takes
) -> Iterator[requests.Response]:
    """The answer of one server, its body not yet read.

    Parameters
    ----------
    seconds
        After which the connection is cut, whatever is being sent: a server that drips is never silent.
    timeouts
        Seconds to connect, and seconds without a byte.

    Raises
    ------
    InternalAddress
        When the server is internal and the operator did not name it; nothing was sent to it.
    requests.RequestException
        As requests raises them.
    """
    request = requests.Request(method, url, headers={**HEADERS, **(headers or {})}, **content).prepare()
    assert request.url is not None
    # A session is asked what this machine's settings are, and is not used: it would keep, follow and remember.
    settings = requests.Session().merge_environment_settings(request.url, {}, stream=True, verify=None, cert=None)
    line = _Line(public_only=not reach.allows_internal(request.url), max_retries=retries)
    clock = threading.Timer(max(seconds, 0), line.hang_up)
    clock.daemon = True
    clock.start()
    try:
        with line.send(request, timeout=timeouts, **settings) as response:
            yield response
    finally:
        clock.cancel()
        line.close()


class _Line(HTTPAdapter):
    """The connections of one exchange."""

    def __init__(self, *, public_only: bool, max_retries: Retry | int) -> None:
        self.public_only = public_only
        self.sockets: list[socket.socket] = []
        self.is_over = False
        super().__init__(max_retries=max_retries)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - as in requests
        super().init_poolmanager(*args, **options)
        self._watch(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **options: Any) -> PoolManager:  # noqa: ANN401 - as in requests
        manager: PoolManager = super().proxy_manager_for(proxy, **options)
        self._watch(manager)
        return manager

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:  # noqa: ANN401
        if self.public_only:
            parts = parse_url(request.url or "")
            check_is_public(parts.host or "", parts.port)
        return super().send(request, *args, **options)

    def hang_up(self) -> None:
        """Cut the connections under whoever reads from them, and those that are still to come."""
        self.is_over = True
        for one in self.sockets:
            with suppress(OSError):
                socket.socket.shutdown(one, socket.SHUT_RDWR)  # a TLS socket's own would wait for the other side

    def _watch(self, manager: PoolManager) -> None:
        pools: Any = {  # called as the classes would be
            "http": partial(self._pool, HTTPConnectionPool, _Connection),
            "https": partial(self._pool, HTTPSConnectionPool, _TLSConnection),
        }
        manager.pool_classes_by_scheme = pools

    def _pool(
        self,
        kind: type[HTTPConnectionPool],
        connection: type[_Connection],
        *args: Any,  # noqa: ANN401 - as in urllib3
        **options: Any,  # noqa: ANN401 - as in urllib3
    ) -> HTTPConnectionPool:
        pool = kind(*args, **options)
        pool.ConnectionCls = partial(connection, line=self)  # type: ignore[assignment]  # it is only called
        return pool


class _Connection(HTTPConnection):
    """A connection that looks at who answered before it says anything: a name may lead elsewhere than a moment ago."""

    def __init__(self, *args: Any, line: _Line, **options: Any) -> None:  # noqa: ANN401 - as in urllib3
        super().__init__(*args, **options)
        self._line = line

    def _new_conn(self) -> socket.socket:
        found = super()._new_conn()
        if self._line.public_only and self.proxy is None and is_internal(str(found.getpeername()[0])):
            found.close()
            raise InternalAddress(self.host)
        return found

    def connect(self) -> None:
        super().connect()
        self._line.sockets.append(self.sock)
        if self._line.is_over:
            self._line.hang_up()


class _TLSConnection(_Connection, HTTPSConnection):
    """The same, encrypted."""
