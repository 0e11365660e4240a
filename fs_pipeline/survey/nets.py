"""A net and a time limit under each reader of a cell: one that fails, or does not end, costs that cell and no other.

The house's readers take a bounded text (``tables/rows.py``) and linear patterns, so that none is slow; this is for the one
that is not as it should be. A timer ticks a few times a second and notes which cell is being read: one that takes a second of
processor is left, so that nobody's cell is because others are at work, and one that sleeps after ten of wall. Between ticks it
costs nothing, where a timer set for each cell would cost two calls of the system. CPython's ``re`` looks for signals as it goes;
compiled code that does not is left to the limits of the whole file (``sandbox/walls.py``), as all is where the caller is no
main thread or has a timer of its own. ``docs/adr/0027-a-cell-has-its-own-net.md`` says why these.
"""

from __future__ import annotations

import signal
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
U = TypeVar("U")
_TICK_SECONDS = 0.25
_SECONDS, _SECONDS_ASLEEP = 1.0, 10.0  # of processor, where the slowest text ever read takes a twentieth; of wall
_SLOW_AT_MOST = 3  # cells of one reader after which it is asked no more, so that the file itself ends in time
_FAULTS_KEPT = 20


class SlowReader(Exception):
    """A cell has been read for too long."""


class _Watch:
    """Which cell is being read, how long, and what went wrong since the file was begun."""

    def __init__(self) -> None:
        self.at_work = False
        self.forget()

    def forget(self) -> None:
        self.number = self.seen = 0
        self.since = 0.0, 0.0  # of processor and of wall, when a tick first met the cell
        self.slow: Counter[str] = Counter()
        self.faults: list[str] = []

    def tick(self, *_: object) -> None:
        """What the timer does."""
        if not self.at_work:
            return
        now = time.process_time(), time.monotonic()
        if self.number != self.seen:
            self.seen, self.since = self.number, now
        elif now[0] - self.since[0] >= _SECONDS or now[1] - self.since[1] >= _SECONDS_ASLEEP:
            raise SlowReader

    def note(self, part: str, error: BaseException) -> None:
        if len(self.faults) < _FAULTS_KEPT:
            self.faults.append(fault(part, error))


_watch = _Watch()


def fault(part: str, error: BaseException) -> str:
    """Where in our code it was, for those who mend it; nothing of what was being read."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return " ".join((part, type(error).__name__, *(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)))


@contextmanager
def watched() -> Iterator[list[str]]:
    """Limit the time of each cell read meanwhile, where this can be done; gives the list of what goes wrong."""
    _watch.forget()
    if not _may_tick():
        yield _watch.faults
        return
    before = signal.signal(signal.SIGALRM, _watch.tick)
    signal.setitimer(signal.ITIMER_REAL, _TICK_SECONDS, _TICK_SECONDS)
    try:
        yield _watch.faults
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _may_tick() -> bool:
    return (
        threading.current_thread() is threading.main_thread()
        and hasattr(signal, "setitimer")
        and signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    )


def tried(reader: str, read: Callable[[], T], otherwise: U, failed: Callable[[], None] | None = None) -> T | U:
    """What `read` gives, or `otherwise` where it fails or does not end; `failed` then says so.

    Parameters
    ----------
    reader
        What is read (a field): one that is slow again and again is asked no more.

    Raises
    ------
    MemoryError
        As it comes: it is the whole file's.
    """
    if _watch.at_work:  # inside another's net: that one's clock is running
        return read()
    if _watch.slow[reader] < _SLOW_AT_MOST:
        _watch.number += 1
        _watch.at_work = True
        try:
            return read()
        except (KeyboardInterrupt, SystemExit, MemoryError):
            raise
        except BaseException as error:  # a library's panic is no Exception
            _watch.at_work = False
            _watch.slow[reader] += isinstance(error, SlowReader)
            _watch.note(reader, error)
        finally:
            _watch.at_work = False
    if failed is not None:
        failed()
    return otherwise


def caught(part: str, work: Callable[[], T], otherwise: T, failed: Callable[[], None]) -> T:
    """The same of a whole sheet or table, whose time is the file's."""
    try:
        return work()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a library's panic is no Exception
        _watch.note(part, error)
    failed()
    return otherwise
