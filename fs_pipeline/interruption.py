"""Ctrl-C, a service that is stopped, a terminal that is closed: the whole command ends, nothing half published.

Dagster takes signals over while a run goes on: it ends the step, hands back an ordinary failed result, and forgets what
came after the last step. So what arrives is noted beside it, and asked for between two runs.
"""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(KeyboardInterrupt):
    """Somebody asked this process to end; no `except Exception` holds it up."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.exit_code = 128 + number  # 130 for Ctrl-C, 143 for a service that is stopped


@contextmanager
def stopping() -> Iterator[None]:
    """Have every such signal raise `Interrupted`, as Ctrl-C alone would; one that is ignored stays so, SIGTERM apart."""

    def stop(number: int, _frame: FrameType | None) -> None:
        raise Interrupted(number)

    with _handled_by(stop):
        yield


@contextmanager
def noted() -> Iterator[Callable[[], None]]:
    """A function to call between two runs: it raises `Interrupted` where a signal came, whoever handled it.

    Python's own C handler writes each signal's number to a socket, whatever handler is in place.
    """
    if not _in_main_thread():
        yield lambda: None
        return
    received, arriving = socket.socketpair()
    received.setblocking(False)
    arriving.setblocking(False)

    def raise_if_any() -> None:
        try:
            numbers = set(received.recv(4096))
        except BlockingIOError:
            return
        if asked := numbers & set(STOPPING):
            raise Interrupted(min(asked))

    with received, arriving:
        before = signal.set_wakeup_fd(arriving.fileno(), warn_on_full_buffer=False)
        try:
            yield raise_if_any
        finally:
            signal.set_wakeup_fd(before)


@contextmanager
def deferred() -> Iterator[None]:
    """Hold signals back during a few renames that belong together, then let the first one act."""
    waiting: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        waiting.append(number)

    with _handled_by(note):
        yield
    if waiting:
        raise Interrupted(waiting[0])


@contextmanager
def given_back() -> Iterator[None]:
    """Let somebody else take signals over, and have them handled afterwards as they were.

    Dagster leaves SIGTERM with what it found for SIGINT, which a shell has the commands of its background ignore: such a
    command could not be stopped any more after its first run.
    """
    if not _in_main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in STOPPING}
    try:
        yield
    finally:
        for number, standing in before.items():
            if standing is not None:
                signal.signal(number, standing)


@contextmanager
def _handled_by(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    if not _in_main_thread():  # only there may Python take signals
        yield
        return
    with given_back():
        for number in STOPPING:
            # No shell ignores SIGTERM: who inherits that was started by a process in which Dagster had left it so.
            if number == signal.SIGTERM or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, handler)
        yield


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
