"""The readers of handed-in files: as many at once as there are processors, the next in a queue.

One pool a process and territory, for the orchestrator as for the portal: who comes while all are busy waits, and is not
refused.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
from collections.abc import Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from fs_pipeline.sandbox.feedback import Feedback
from fs_pipeline.sandbox.keeper import Keeper, KeeperLost
from fs_pipeline.territory.model import Territory
from fs_pipeline.territory.told import told

_pools: dict[str, Readers] = {}
_opening = threading.Lock()


def readers_of(territory: Territory) -> Readers:
    """This process's readers of files about `territory`: the same ones for the same territory."""
    content = told(territory)
    key = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest() if content else ""
    with _opening:
        if key not in _pools:
            _pools[key] = Readers(content)
        return _pools[key]


class Readers:
    """A pool of keepers, each started when a file first waits for it."""

    def __init__(self, territory: Mapping[str, Any] | None = None, at_once: int | None = None) -> None:
        """`at_once` files are read at the same time, by default as many as this process may use processors."""
        self._territory = territory
        processors = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count()
        self._queue = ThreadPoolExecutor(at_once or processors, "readers")
        self._own = threading.local()  # a keeper a thread

    def read(self, path: Path, **job: Any) -> Feedback:  # noqa: ANN401 - as ``submit``
        """``submit``, and its result.

        Raises
        ------
        UnreadableFile
            When no table can be read in the file, or it takes more than any survey may.
        """
        return self.submit(path, **job).result()

    def submit(
        self,
        path: Path,
        *,
        departement: str | None,
        wanted: Collection[str],
        on: str | None = None,
        remembered: Mapping[str, str] | None = None,
        verified: Collection[str] = (),
        heeded: bool = True,
    ) -> Future[Feedback]:
        """Have `path` read as soon as a keeper is free, as ``Keeper.read`` does; a keeper that is lost is replaced."""
        job = {
            "departement": departement,
            "wanted": wanted,
            "on": on,
            "remembered": remembered,
            "verified": verified,
            "heeded": heeded,
        }
        return self._queue.submit(self._read, path, **job)

    def _read(self, path: Path, **job: Any) -> Feedback:  # noqa: ANN401 - as above
        try:
            return self._keeper().read(path, **job)
        except KeeperLost:
            self._own.__dict__.pop("keeper").close()
            return self._keeper().read(path, **job)

    def _keeper(self) -> Keeper:
        if "keeper" not in self._own.__dict__:
            self._own.keeper = Keeper(self._territory)
        keeper: Keeper = self._own.keeper
        return keeper
