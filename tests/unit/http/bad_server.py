"""A local server that does to a download what the live web does."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

GOOD = "id,name\n" + "".join(f"{number},Lieu {number}\n" for number in range(40))


@dataclass
class BadServer:
    """``answers[path]`` is a list of behaviours, one a request; the last one is repeated."""

    url: str = ""
    answers: dict[str, list[Callable[[BaseHTTPRequestHandler], None]]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def headers_of(self, number: int) -> dict[str, str]:
        return self.requests[number][1]


def body(text: str | bytes = GOOD, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """A good answer, which honours ETag and ranges where it announces an ETag."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        content = text.encode() if isinstance(text, str) else text
        etag = headers.get("ETag")
        if etag and handler.headers.get("If-None-Match") == etag:
            handler.send_response(304)
            handler.end_headers()
            return
        start = 0
        if etag and handler.headers.get("If-Range") == etag:
            start = int(handler.headers["Range"].removeprefix("bytes=").rstrip("-"))
        handler.send_response(206 if start else 200)
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        send(handler, content[start:], len(content) - start, headers)

    return answer


def cut(after: int, text: str = GOOD, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """Announces everything, sends the first `after` bytes, hangs up."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        send(handler, text.encode()[:after], len(text.encode()), headers)
        handler.close_connection = True

    return answer


def short(announced: int, text: str = GOOD, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """Announces less than it has: whoever believes it stops in the middle of a line."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        send(handler, text.encode(), announced, headers)
        handler.close_connection = True

    return answer


def status(code: int, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        send(handler, b"", 0, {name.replace("_", "-"): value for name, value in headers.items()})

    return answer


def slow(seconds: float) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)
        body()(handler)

    return answer


def drip(pause: float) -> Callable[[BaseHTTPRequestHandler], None]:
    """A byte now and then: never silent long enough for a read timeout."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for byte in GOOD.encode():
            try:
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
            except OSError:
                return
            time.sleep(pause)

    return answer


def raw(*parts: bytes, pause: float = 0) -> Callable[[BaseHTTPRequestHandler], None]:
    """Bytes as they are, from the status line on, a pause after each part; then hangs up."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        with suppress(OSError):
            for part in parts:
                handler.wfile.write(part)
                handler.wfile.flush()
                time.sleep(pause)

    return answer


def send(handler: BaseHTTPRequestHandler, content: bytes, announced: int, headers: dict[str, str]) -> None:
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(announced))
    handler.end_headers()
    with suppress(OSError):  # whoever asked may have gone
        handler.wfile.write(content)


@contextmanager
def running(certificate: Path | None = None) -> Iterator[BadServer]:
    """A server on the loopback address; over TLS with the key and certificate of a file."""
    state = BadServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.requests.append((self.path, dict(self.headers)))
            behaviours = state.answers[self.path]
            (behaviours.pop(0) if len(behaviours) > 1 else behaviours[0])(self)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    state.url = f"http{'s' if certificate else ''}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
