"""The keeper's program: everything a survey needs is loaded once, then each file is read in a fork that has walls.

``keeper.py`` starts it, hands it one file at a time (an open file, a pipe for the answer, what is wanted), and is told how
each fork ended. The keeper itself never reads a byte of them.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import struct
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

from fs_pipeline.sandbox.walls import offered, raise_walls

if TYPE_CHECKING:
    from fs_pipeline.sandbox.desk import Desk

CLOCK_SECONDS = 60.0
_UNTOLD_CLOCK_SECONDS = 600.0  # where the system does not tell a process at work from one that waits for the processor
_TICK_SECONDS = 1.0
_LENGTH = struct.Struct("!Q")


def send(control: socket.socket, message: dict[str, Any], files: list[int] | None = None) -> None:
    """One message: its length, which carries the open files, then JSON."""
    body = json.dumps(message).encode()
    socket.send_fds(control, [_LENGTH.pack(len(body))], files or [])
    control.sendall(body)


def receive(control: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """The next message and the open files it carries; None when the other side is gone."""
    head, files, _, _ = socket.recv_fds(control, _LENGTH.size, 2)
    if len(head) < _LENGTH.size:
        return None
    left, parts = _LENGTH.unpack(head)[0], []
    while left:
        part = control.recv(min(left, 1 << 20))
        if not part:
            return None
        parts.append(part)
        left -= len(part)
    message: dict[str, Any] = json.loads(b"".join(parts))
    return message, files


def keep(descriptor: int) -> None:
    """Load, say so, then answer until nobody asks any more."""
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # who asked is gone
        _keep(socket.socket(fileno=descriptor))


def _keep(control: socket.socket) -> None:
    begun = receive(control)
    if begun is None:
        return
    from fs_pipeline.sandbox.desk import Desk  # only here: this takes half a second

    desk = Desk(begun[0]["territory"])
    folders = _code()
    gc.collect()
    gc.freeze()  # what is loaded stays shared with the forks
    send(control, {"walls": sorted(offered())})
    while (asked := receive(control)) is not None:
        job, (survey, answer) = asked
        ending, ours = os.pipe()
        child = os.fork()
        if child == 0:
            control.close()
            os.close(ending)
            _work(desk, job, survey, answer, folders)
        for number in (ours, survey, answer):
            os.close(number)
        ended = _watch(child, ending, control.fileno())
        os.close(ending)
        send(control, ended)


def _work(desk: Desk, job: dict[str, Any], survey: int, answer: int, folders: list[str]) -> NoReturn:
    """In the fork: walls first, then the file. It ends here, whatever happens."""
    silent = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(silent, standard)
    gc.disable()  # one file, then the end
    try:
        with open(answer, "wb") as out:
            _answer(desk, job, survey, out, folders)
    finally:  # an answer cut short is none
        os._exit(0)


def _answer(desk: Desk, job: dict[str, Any], survey: int, out: BinaryIO, folders: list[str]) -> None:
    from fs_pipeline.sandbox.feedback import send_line
    from fs_pipeline.survey.opening.reader import UnreadableFile

    try:
        raise_walls(folders)
        with open(survey, "rb") as file:
            content = file.read()
        desk.read(content, job, out)
    except UnreadableFile as refusal:
        send_line(out, {"refused": refusal.code, "detail": refusal.detail})
    except (MemoryError, RecursionError):
        send_line(out, {"refused": "too_heavy", "detail": ""})
    except BaseException as error:  # ours to mend: where in our code is told, and not what was being read
        frames = traceback.extract_tb(error.__traceback__)[-12:]
        where = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
        send_line(out, {"failed": [type(error).__name__, *where]})


def _watch(child: int, ending: int, control: int) -> dict[str, Any]:
    """How the fork ended, stopped where its clock ran out; stopped too where nobody waits for it any more."""
    clock = _Clock(child)
    while not (ready := select.select([ending, control], [], [], _TICK_SECONDS)[0]):
        if clock.is_over():
            os.kill(child, signal.SIGKILL)
    if ending not in ready:
        os.kill(child, signal.SIGKILL)
    _, status, used = os.wait4(child, 0)
    scale = 1024 if sys.platform == "linux" else 1
    return {
        "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
        "code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0,
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 3),
        "peak_bytes": used.ru_maxrss * scale,
    }


class _Clock:
    """Seconds since a process began, but for those in which it waited for a processor that others were using."""

    def __init__(self, process: int) -> None:
        self._began = time.monotonic()
        self._told = Path(f"/proc/{process}/schedstat")

    def is_over(self) -> bool:
        passed = time.monotonic() - self._began
        try:
            waited = int(self._told.read_text().split()[1]) / 1e9
        except (OSError, ValueError, IndexError):
            return passed > _UNTOLD_CLOCK_SECONDS
        return passed - waited > CLOCK_SECONDS


def _code() -> list[str]:
    """Where our modules came from, which a fork may still open; of the folder that holds this package, the package alone."""
    ours = Path(__file__).resolve().parents[1]
    roots = {Path(entry).resolve() for entry in sys.path} - set(ours.parents)
    files = (Path(file).resolve() for module in [*sys.modules.values()] if (file := getattr(module, "__file__", None)))
    used = {root for file in files for root in file.parents if root in roots}
    system = {Path(name) for name in ("/usr/lib", "/lib", "/lib64", "/etc/ld.so.cache")}
    return sorted(str(path) for path in {ours, Path(os.__file__).resolve().parent, *used, *system} if path.exists())
