"""A real `addok`, filled with reference addresses, as the national service: for tests and for the benchmark.

It writes into two Redis databases that were empty, and empties them after.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from fs_pipeline.territory.shipped import load_territory
from fs_pipeline.values.geocoding_reference import ReferenceAddress

REDIS_HOST = os.environ.get("FS_TEST_REDIS_HOST", "127.0.0.1")
DATABASES = range(4, 14)  # of Redis, those in which two are looked for: indexes, documents
# As the national service is set up.
CONFIGURATION = """
REDIS = {{"host": "{host}", "port": 6379, "indexes": {{"db": {indexes}}}, "documents": {{"db": {documents}}}}}
QUERY_PROCESSORS_PYPATHS = [
    "addok.helpers.text.check_query_length", "addok_france.extract_address", "addok_france.clean_query",
    "addok_france.remove_leading_zeros",
]
PROCESSORS_PYPATHS = [
    "addok.helpers.text.tokenize", "addok.helpers.text.normalize", "addok_france.glue_ordinal",
    "addok_france.fold_ordinal", "addok_france.flag_housenumber", "addok.helpers.text.synonymize",
    "addok_fr.phonemicize",
]
SEARCH_RESULT_PROCESSORS_PYPATHS = [
    "addok.helpers.results.match_housenumber", "addok_france.make_labels",
    "addok.helpers.results.score_by_importance", "addok.helpers.results.score_by_autocomplete_distance",
    "addok.helpers.results.score_by_ngram_distance", "addok.helpers.results.score_by_geo_distance",
    "addok.helpers.results.adjust_scores",
]
FIELDS = [
    {{"key": "name", "boost": 4, "null": False}}, {{"key": "postcode", "boost": 1.2}}, {{"key": "city"}},
    {{"key": "housenumbers"}}, {{"key": "context"}}, {{"key": "citycode"}},
]
FILTERS = ["type", "postcode", "citycode"]
BATCH_WORKERS = 1
LOG_DIR = "{folder}"

# The CSV plugin (1.1.0) takes each filter for one column's name; the engine, since 1.3, hands it lists.
import addok_csv
addok_csv.BaseCSV.match_row_filters = lambda self, row, filters: {{
    name: [row[column] for column in columns if row.get(column)] for name, columns in filters.items()
}}
"""


class ServiceAbsentError(Exception):
    """No Redis, or no `addok`, to run the service with."""


@contextmanager
def addok_service(addresses: Iterable[ReferenceAddress]) -> Iterator[str]:
    """URL of an `addok` that knows `addresses`; raises ServiceAbsentError."""
    program = Path(sys.executable).with_name("addok")
    if not program.exists():
        raise ServiceAbsentError("addok is not installed (make services)")
    import redis

    stores = _claimed(redis)
    try:
        with tempfile.TemporaryDirectory() as folder:
            yield from _serve(program, Path(folder), addresses, [_number(store) for store in stores])
    finally:
        for store in stores:
            store.flushdb()


def _claimed(redis: Any) -> list[Any]:
    """Two empty databases, marked as taken: another run of the tests may be looking for its own."""
    taken: list[Any] = []
    try:
        for number in DATABASES:
            store = redis.Redis(REDIS_HOST, db=number, socket_connect_timeout=3)
            if store.dbsize() == 0 and store.set("fs_pipeline_tests", 1, nx=True):
                taken.append(store)
            if len(taken) == 2:
                return taken
    except redis.ConnectionError as error:
        raise ServiceAbsentError("no Redis on the loopback address") from error
    for store in taken:
        store.flushdb()
    raise ServiceAbsentError("no two Redis databases are empty")


def _number(store: Any) -> int:
    number: int = store.connection_pool.connection_kwargs["db"]
    return number


def _serve(program: Path, folder: Path, addresses: Iterable[ReferenceAddress], databases: list[int]) -> Iterator[str]:
    configuration = folder / "addok_configuration.py"
    configuration.write_text(
        CONFIGURATION.format(host=REDIS_HOST, indexes=databases[0], documents=databases[1], folder=folder)
    )
    lines = folder / "addresses.json"
    lines.write_text("".join(json.dumps(document) + "\n" for document in documents(addresses)))
    environment = {**os.environ, "ADDOK_CONFIG_MODULE": str(configuration)}
    _import([str(program), "batch", str(lines)], environment)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [program, "serve", "--host", "127.0.0.1", "--port", str(port)],
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGKILL)  # it keeps nothing, and may wait for a busy worker before it ends
        server.wait(60)


def _import(command: list[str], environment: dict[str, str]) -> None:
    """Fill the index; begun again where the engine's forked workers wait for each other, as they do now and then."""
    for _ in range(4):
        # A session of its own, so that workers that hang end with it.
        filling = subprocess.Popen(
            command, env=environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            if code := filling.wait(60):
                raise subprocess.CalledProcessError(code, command)
            return
        except subprocess.TimeoutExpired:
            os.killpg(filling.pid, signal.SIGKILL)
            filling.wait(60)
    raise TimeoutError("addok could not be filled")


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(150):
        if server.poll() is not None:
            raise ServiceAbsentError("addok stopped at its start")
        try:
            requests.get(f"{url}/search/", params={"q": "rue"}, timeout=5)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise ServiceAbsentError("addok does not answer")


def documents(addresses: Iterable[ReferenceAddress]) -> Iterator[dict[str, object]]:
    """What `addok` indexes: one document a street with its numbers, one a commune."""
    territory = load_territory()
    streets: dict[tuple[str, str, str], list[ReferenceAddress]] = defaultdict(list)
    for address in addresses:
        streets[address.street, address.city, address.postcode].append(address)
    communes: dict[str, dict[str, object]] = {}
    for at, ((street, city, postcode), lines) in enumerate(streets.items()):
        insee = lines[0].insee or next(
            (code for code in territory.by_name(city, former=True) if code in territory.by_postcode(postcode)), ""
        )
        where = {"postcode": postcode, "city": city, "citycode": insee}
        point = {"lat": lines[len(lines) // 2].latitude, "lon": lines[len(lines) // 2].longitude}
        numbers = {line.number: {"lat": line.latitude, "lon": line.longitude} for line in lines}
        yield {
            "id": f"street-{at}", "type": "street", "name": street, "importance": 0.3, **where, **point,
            "housenumbers": numbers,
        }  # fmt: skip
        communes.setdefault(
            f"{insee}-{postcode}",
            {"id": f"commune-{at}", "type": "municipality", "name": city, "importance": 0.5, **where, **point},
        )
    yield from communes.values()
