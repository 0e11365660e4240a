"""A local stand-in for data.gouv.fr's API, as far as we write to it, that misbehaves when told to.

Shapes and codes are those of the site: a file that is sent takes its name as its title, HTML is refused, a dataset that
was deleted answers 410, a private one is seen by its organisation alone.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY, ORGANIZATION = "cle-d-essai", "534fff81a3a7292c64a77e5c"
Fault = Callable[["Site", BaseHTTPRequestHandler, Callable[[], tuple[int, Any]]], bool]


@dataclass
class Request:
    method: str
    path: str
    body: bytes
    headers: dict[str, str]

    @property
    def writes(self) -> bool:
        return self.method != "GET"


@dataclass
class Site:
    url: str = ""
    datasets: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    # Method and a pattern of the path -> faults, each for one request.
    faults: list[tuple[str, str, list[Fault]]] = field(default_factory=list)

    def misbehave(self, method: str, pattern: str, *faults: Fault) -> None:
        self.faults.append((method, pattern, list(faults)))

    @property
    def written(self) -> list[Request]:
        return [request for request in self.requests if request.writes]

    @property
    def alone(self) -> dict[str, Any]:
        """The one dataset that there is."""
        (found,) = (one for one in self.datasets.values() if not one["deleted"])
        return found

    def shown(self) -> dict[str, tuple[str, bytes]]:
        """File -> its title and bytes, of the one dataset."""
        return {
            resource["extras"].get("fs-pipeline:fichier", resource["title"]): (resource["title"], resource["_content"])
            for resource in self.alone["resources"]
        }

    def answer(self, request: Request) -> tuple[int, Any]:
        """What the site does when it is well."""
        if request.headers.get("x-api-key") != KEY:
            return 401, {"message": "Invalid API Key"}
        address = urlsplit(request.path)
        parts = address.path.strip("/").split("/")[2:]
        if parts == ["datasets"]:
            if request.method == "POST":
                return self._create(json.loads(request.body))
            return self._page({name: values[0] for name, values in parse_qs(address.query).items()})
        dataset = self.datasets.get(parts[1])
        if dataset is None:
            return 404, {"message": "Not found"}
        if dataset["deleted"] and request.method != "GET":
            return 410, {"message": "Dataset has been deleted"}
        return self._of_dataset(dataset, parts[2:], request)

    def _create(self, said: dict[str, Any]) -> tuple[int, Any]:
        if said.get("organization", {}).get("id") != ORGANIZATION:
            return 403, {"message": "Permission denied for organization"}
        if not said.get("title"):
            return 400, {"errors": {"title": ["This field is required."]}, "message": ""}
        identifier = f"{len(self.datasets):024x}"
        self.datasets[identifier] = {
            "id": identifier, "page": f"{self.url}/datasets/{identifier}/", "deleted": None, "archived": None,
            "created_at": f"2026-01-01T00:00:00.{len(self.datasets):06}", "resources": [], **said,
        }  # fmt: skip
        return 201, self.datasets[identifier]

    def _page(self, asked: dict[str, str]) -> tuple[int, Any]:
        page, size = int(asked["page"]), int(asked["page_size"])
        found = [
            one
            for one in self.datasets.values()
            if one["organization"]["id"] == asked["organization"] and not one["deleted"]
        ]
        return 200, {
            "data": found[(page - 1) * size : page * size],
            "page": page,
            "page_size": size,
            "total": len(found),
        }

    def _of_dataset(self, dataset: dict[str, Any], parts: list[str], request: Request) -> tuple[int, Any]:
        match request.method, parts:
            case "GET", []:
                return 200, dataset
            case "PUT", []:
                said = json.loads(request.body)
                if "tags" in said:
                    said["tags"] = [tag.replace("œ", "oe") for tag in said["tags"]]
                dataset.update(said)
                return 200, dataset
            case "DELETE", []:
                dataset["deleted"] = "2026-01-02T00:00:00"
                return 204, None
            case "POST", ["upload"]:
                resource = {"id": str(uuid.uuid4()), "type": "main", "description": None, "schema": {}, "extras": {}}
                status, answer = self._upload(resource, request)
                if status < 300:
                    dataset["resources"].append(resource)
                return (201 if status < 300 else status), answer
            case method, ["resources", identifier, *rest]:
                resource = next((one for one in dataset["resources"] if one["id"] == identifier), None)
                if resource is None:
                    return 404, {"message": "Resource does not exist"}
                if method == "DELETE":
                    dataset["resources"].remove(resource)
                    return 204, None
                if rest == ["upload"]:
                    return self._upload(resource, request)
                resource.update(json.loads(request.body))
                return 200, resource
        return 405, {"message": "Method not allowed"}

    def _upload(self, resource: dict[str, Any], request: Request) -> tuple[int, Any]:
        head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
        (part,) = BytesParser(policy=HTTP).parsebytes(head + request.body).iter_parts()
        name, content = part.get_filename(), part.get_payload(decode=True)
        if "html" in part.get_content_type():
            return 415, {"message": "Incorrect file content type: HTML"}
        resource |= {
            "title": name, "mime": part.get_content_type(), "format": name.rpartition(".")[2], "filetype": "file",
            "filesize": len(content), "_content": content,
            "checksum": {"type": "sha1", "value": hashlib.sha1(content, usedforsecurity=False).hexdigest()},
            "url": f"https://static.invalid/{uuid.uuid4()}/{name}",
        }  # fmt: skip
        return 200, resource


def refuse(status: int, said: object = None, **headers: str) -> Fault:
    """Answers so, and does nothing."""

    def fault(site: Site, handler: BaseHTTPRequestHandler, do: Callable[[], tuple[int, Any]]) -> bool:
        send(handler, status, json.dumps(said).encode() if said is not None else b"", headers)
        return True

    return fault


def words(status: int, body: bytes) -> Fault:
    """Answers with these bytes; what was asked is done where the status is good."""

    def fault(site: Site, handler: BaseHTTPRequestHandler, do: Callable[[], tuple[int, Any]]) -> bool:
        if status < 300:
            do()
        send(handler, status, body, {})
        return True

    return fault


def cut(site: Site, handler: BaseHTTPRequestHandler, do: Callable[[], tuple[int, Any]]) -> bool:
    """Hangs up without having done anything."""
    handler.close_connection = True
    return True


def done_then_cut(site: Site, handler: BaseHTTPRequestHandler, do: Callable[[], tuple[int, Any]]) -> bool:
    """Does it, and hangs up."""
    do()
    handler.close_connection = True
    return True


def done_then_half(site: Site, handler: BaseHTTPRequestHandler, do: Callable[[], tuple[int, Any]]) -> bool:
    """Does it, announces its answer, and sends half of it."""
    status, answer = do()
    body = encoded(answer)
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body[: len(body) // 2])
    handler.close_connection = True
    return True


def twice(site: Site, handler: BaseHTTPRequestHandler, do: Callable[[], tuple[int, Any]]) -> bool:
    """Does it twice, as where a proxy asked again."""
    do()
    return False


def slow(seconds: float) -> Fault:
    def fault(site: Site, handler: BaseHTTPRequestHandler, do: Callable[[], tuple[int, Any]]) -> bool:
        do()
        time.sleep(seconds)
        handler.close_connection = True
        return True

    return fault


def encoded(answer: object) -> bytes:
    return json.dumps(answer, default=lambda value: None).encode()


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str]) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def site() -> Iterator[Site]:
    """A site on this machine, empty."""
    stand_in = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, self.path, self.rfile.read(length), headers)
            stand_in.requests.append(request)
            for method, pattern, faults in stand_in.faults:
                if faults and method == self.command and re.search(pattern, self.path):
                    if faults.pop(0)(stand_in, self, lambda: stand_in.answer(request)):
                        return
                    break
            status, answer = stand_in.answer(request)
            send(self, status, b"" if answer is None else encoded(_public(answer)), {})

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - as http.server names them

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stand_in.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()


def _public(answer: Any) -> Any:
    """Without the bytes that the stand-in keeps beside."""
    if isinstance(answer, dict):
        return {name: _public(value) for name, value in answer.items() if name != "_content"}
    return [_public(one) for one in answer] if isinstance(answer, list) else answer
