"""Servers of this machine that take what is told: mail by SMTP, and a webhook; each keeps what it was sent, and may refuse."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar

Kept = TypeVar("Kept")


class Mailbox:
    """What an SMTP server took."""

    def __init__(self) -> None:
        self.url = ""
        self.mails: list[EmailMessage] = []
        self.refuses = False


class Hook:
    """What a webhook was posted; `answers` are the status and headers of the next ones, then 200."""

    def __init__(self) -> None:
        self.url = ""
        self.posted: list[dict[str, object]] = []
        self.answers: list[tuple[int, dict[str, str]]] = []


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """An SMTP server (RFC 5321, as far as one sender goes) for as long as the block lasts."""
    box = Mailbox()

    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say("220 stand-in")
            while line := self.rfile.readline():
                word = line.split()[0].upper().decode() if line.split() else ""
                if word in {"EHLO", "HELO"}:
                    self.say("250 stand-in")
                elif word == "RCPT" and box.refuses:
                    self.say("451 4.3.0 not now")
                elif word == "DATA":
                    self.say("354 go on")
                    content = bytearray()
                    while (part := self.rfile.readline()) != b".\r\n":
                        content += part.removeprefix(b".") if part.startswith(b"..") else part
                    mail = message_from_bytes(bytes(content), policy=policy.default)
                    assert isinstance(mail, EmailMessage)
                    box.mails.append(mail)
                    self.say("250 taken")
                elif word == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 fine")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        box.url = f"smtp://127.0.0.1:{server.server_address[1]}"
        yield from _serving(server, box)


@contextmanager
def hook() -> Iterator[Hook]:
    """A webhook for as long as the block lasts."""
    kept = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, headers = kept.answers.pop(0) if kept.answers else (200, {})
            if status == 200:
                kept.posted.append(body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        kept.url = f"http://127.0.0.1:{server.server_address[1]}/hooks/token"
        yield from _serving(server, kept)


def _serving(server: socketserver.BaseServer, kept: Kept) -> Iterator[Kept]:
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield kept
    finally:
        server.shutdown()
