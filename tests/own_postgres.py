"""A PostgreSQL cluster of a test's own, which may be killed while the machine's stays up."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import skip_or_fail


class Cluster:
    """One server on a free port of the loopback, trusting whoever asks, with its data in a folder."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        with socket.socket() as asking:
            asking.bind(("127.0.0.1", 0))
            self.port: int = asking.getsockname()[1]
        _say("initdb", "--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8", "-D", str(self.data))
        own = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=60"
        self._options = own

    def start(self) -> None:
        """Start, and wait until it answers."""
        log = str(self.data / "log")
        _say("pg_ctl", "start", "--wait", "--timeout=120", "-D", str(self.data), "-l", log, "-o", self._options)

    def kill(self) -> None:
        """End at once, without a checkpoint, whoever is connected: as a power cut does."""
        _say("pg_ctl", "stop", "--mode=immediate", "-D", str(self.data))

    def database(self, name: str) -> str:
        """SQLAlchemy URL, without a driver, of a new database."""
        _say("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", name)
        return f"://postgres@127.0.0.1:{self.port}/{name}"


@contextmanager
def own_cluster() -> Iterator[Cluster]:
    """A started cluster, gone afterwards; its folder is outside of pytest's, which another account may not enter."""
    if not all(map(shutil.which, ("initdb", "pg_ctl", "createdb"))):
        skip_or_fail("FS_REQUIRE_SERVICES", "PostgreSQL's own commands are not here")
    folder = Path(tempfile.mkdtemp(prefix="fs-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    cluster = Cluster(folder)
    try:
        cluster.start()
        yield cluster
    finally:
        subprocess.run(
            _as_postgres("pg_ctl", "stop", "--mode=immediate", "-D", str(cluster.data)),
            capture_output=True,
            check=False,
        )
        shutil.rmtree(folder)


def _say(*words: str) -> None:
    done = subprocess.run(_as_postgres(*words), capture_output=True, text=True, cwd="/", check=False)
    assert done.returncode == 0, (words, done.stdout, done.stderr)


def _as_postgres(*words: str) -> list[str]:
    """Root may not run a server: it does so under the account that PostgreSQL's packages make."""
    return ["runuser", "-u", "postgres", "--", *words] if os.geteuid() == 0 else list(words)
