"""A few processes that take the chunks of a run one after the other, and end with the command that started them.

Each keeps what is costly to come by (libraries, territory, contours) from one chunk to the next. They share nothing but the
installation: what must be alone is held in the database.
"""

from __future__ import annotations

import multiprocessing as mp
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, ForkServerProcess
from types import TracebackType

from fs_pipeline.chunks import Chunk, Runner, instance_for
from fs_pipeline.interruption import Interrupted, noted, stopping
from fs_pipeline.partitions import ACCESS, PLACES, PUBLICATION
from fs_pipeline.progress import Progress, quieten, silent_logger
from fs_pipeline.report import RunReport
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings

_SECONDS_TO_END = 30  # that those at work are given once the command is interrupted
_GONE = "le processus qui y travaillait s’est arrêté deux fois (mémoire ?)"
_WORDS = {PLACES: "lieux", ACCESS: "temps de trajet", PUBLICATION: "publication", None: "en entier"}
# What every worker would import for itself, seconds each.
_IMPORTED = ["fs_pipeline.crew", "great_expectations", "typst", "pyogrio"]


@dataclass
class _Worker:
    process: ForkServerProcess
    pipe: Connection
    chunk: Chunk | None = None
    since: float = 0.0


class Crew:
    """The workers over one installation and campaign; as a context, they end with it, at once where it is interrupted."""

    def __init__(self, settings: Settings, campaign: str, size: int, progress: Progress) -> None:
        self._settings, self._campaign, self._size, self._progress = settings, campaign, size, progress
        self._workers: list[_Worker] = []
        # Forked from a process that has imported and done nothing: one with threads could not be forked.
        self._context: ForkServerContext = mp.get_context("forkserver")
        self._context.set_forkserver_preload(_IMPORTED)

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        for worker in self._workers:
            if kind is None:
                with suppress(OSError):
                    worker.pipe.send(None)
            else:
                worker.process.terminate()
        until = time.monotonic() + _SECONDS_TO_END
        for worker in self._workers:
            worker.process.join(max(0.0, until - time.monotonic()))
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()

    def take(self, chunks: Sequence[Chunk]) -> Mapping[Chunk, RunReport]:
        """Run all of these, in no order; what each said. One whose worker dies is given to another one, once."""
        waiting, died, told = deque(chunks), set[Chunk](), dict[Chunk, RunReport]()
        while len(told) < len(chunks):
            self._hand_out(waiting)
            ready = wait([worker.pipe for worker in self._workers if worker.chunk is not None])
            for worker in [worker for worker in self._workers if worker.pipe in ready]:
                chunk = worker.chunk
                assert chunk is not None
                try:
                    told[chunk] = worker.pipe.recv()
                except (EOFError, ConnectionError):
                    self._workers.remove(worker)
                    worker.process.join()
                    if chunk not in died:
                        died.add(chunk)
                        waiting.append(chunk)
                        continue
                    told[chunk] = self._report()
                    told[chunk].broken_steps.append(f"{self._named(chunk)} : {_GONE}")
                worker.chunk = None
                said = f"{self._named(chunk)} [{len(told)}/{len(chunks)}]"
                broken = told[chunk].broken_steps
                self._progress.chunk_ended(said, time.monotonic() - worker.since, broken[0] if broken else None)
        return told

    def _hand_out(self, waiting: deque[Chunk]) -> None:
        idle = [worker for worker in self._workers if worker.chunk is None]
        while waiting and (idle or len(self._workers) < self._size):
            worker = idle.pop() if idle else self._start()
            chunk = waiting.popleft()
            try:
                worker.pipe.send(chunk)
            except OSError:  # it died while it had nothing to do
                self._workers.remove(worker)
                waiting.appendleft(chunk)
                continue
            worker.chunk, worker.since = chunk, time.monotonic()

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_work, args=(self._settings, self._campaign, theirs))
        process.start()
        theirs.close()  # or nobody would hear that it died
        worker = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _report(self) -> RunReport:
        return RunReport(campaign=self._campaign, departements=())

    @staticmethod
    def _named(chunk: Chunk) -> str:
        return f"{chunk.named}, {_WORDS[chunk.part]}"


def _work(settings: Settings, campaign: str, pipe: Connection) -> None:
    """What a worker does until it is told that there is no more, or whoever started it is gone."""
    quieten()
    with suppress(Interrupted, EOFError), stopping(), noted() as stop_if_asked, instance_for(settings) as instance:
        runner = Runner(Pipeline(settings), instance, campaign, {"console": silent_logger()})
        while (chunk := pipe.recv()) is not None:
            report = RunReport(campaign=campaign, departements=())
            runner.take(report, chunk)
            stop_if_asked()
            pipe.send(report)
