"""One keeper: a warm process that reads one file at a time behind walls (worker.py), and this side of it."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Self

from fs_pipeline.sandbox.feedback import Feedback, MangledFeedback, printable, receive_feedback
from fs_pipeline.sandbox.worker import receive, send
from fs_pipeline.survey.opening.reader import UnreadableFile, open_file

_PROGRAM = (
    "import sys; sys.path[:0] = sys.argv[2:]; from fs_pipeline.sandbox.worker import keep; keep(int(sys.argv[1]))"
)
_OURS = Path(__file__).resolve().parents[2]
_log = logging.getLogger(__name__)
_said: set[str] = set()  # missing walls that this process has told of


class KeeperLost(UnreadableFile):
    """The keeper ended, or never began: the file is not to blame, and another keeper may do better."""

    def __init__(self) -> None:
        super().__init__("unexpected")


class Keeper:
    """A process that loads while its caller does something else, then reads files. A context: it ends with it."""

    def __init__(self, territory: Mapping[str, Any] | None = None) -> None:
        """`territory` is what ``territory.told`` says of one; None is the shipped one."""
        self._control, theirs = socket.socketpair()
        number = str(theirs.fileno())
        command = [sys.executable, "-I", "-S", "-X", "utf8", "-c", _PROGRAM, number, *_import_paths()]
        with theirs:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={"OPENBLAS_NUM_THREADS": "1"},  # behind the walls no thread may be started, and OpenBLAS dies of it
                start_new_session=True,  # a Ctrl-C is for the caller, who ends us
            )
        self._is_ready = False
        self.ended: Mapping[str, Any] = {}  # of the last file: signal, code, cpu_seconds, peak_bytes
        send(self._control, {"territory": territory})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process, and the fork in which it reads: nobody waits for them any more."""
        self._control.close()
        self._process.kill()
        self._process.wait()

    def read(
        self,
        path: Path,
        *,
        departement: str | None,
        wanted: Collection[str],
        on: str | None = None,
        remembered: Mapping[str, str] | None = None,
        verified: Collection[str] = (),
        heeded: bool = True,
    ) -> Feedback:
        """The feedback of one file.

        Parameters
        ----------
        wanted
            Names of the parts to give back (feedback.py).
        on
            The day (ISO) whose démarches are known; None is every démarche of the catalogue, whatever its dates.
        remembered
            Normalised header -> the field that the département once said it holds, empty where it holds none.
        verified, heeded
            Keys of the doubts that it once said are right; whether what the file itself answers is heard.

        Raises
        ------
        UnreadableFile
            When no table can be read in it, or it takes more than any survey may.
        KeeperLost
            When it was not the file.
        """
        with open_file(path) as survey:
            job = {
                "filename": path.name,
                "departement": departement,
                "wanted": sorted(wanted),
                "on": on,
                "remembered": dict(remembered or {}),
                "verified": sorted(verified),
                "heeded": heeded,
            }
            try:
                self._wait_until_ready()
                return self._ask(job, survey.fileno())
            except OSError as error:
                raise KeeperLost from error

    def _wait_until_ready(self) -> None:
        if self._is_ready:
            return
        begun = receive(self._control)
        if begun is None:
            raise KeeperLost
        self._is_ready = True
        _tell_of_missing(frozenset(begun[0]["walls"]))

    def _ask(self, job: dict[str, Any], survey: int) -> Feedback:
        reading, writing = os.pipe()
        with os.fdopen(reading, "rb") as answer:
            try:
                send(self._control, job, [survey, writing])
            finally:
                os.close(writing)
            try:
                feedback: Feedback | UnreadableFile | MangledFeedback = receive_feedback(answer)
            except (UnreadableFile, MangledFeedback) as refusal:
                feedback = refusal
        ended = receive(self._control)
        if ended is None:
            raise KeeperLost
        self.ended = ended[0]
        if self.ended["signal"]:  # stopped, whatever it may have said
            raise UnreadableFile("too_heavy")
        if isinstance(feedback, MangledFeedback):
            _log.error("A survey was not read to its end: %s", feedback or f"code {self.ended['code']}")
            raise UnreadableFile("unexpected") from feedback
        if isinstance(feedback, UnreadableFile):
            if feedback.code == "unexpected":
                _log.error("Nothing of a survey was read: %s", printable(feedback.detail))
            raise feedback
        for fault in feedback.faults:
            _log.error("Part of a survey was not read: %s", fault)
        return feedback


def _tell_of_missing(walls: frozenset[str]) -> None:
    """Once a process: an operator wants to know, and can do something about it."""
    missing = {"files", "network"} - walls - _said
    _said.update(missing)
    for wall in sorted(missing):
        _log.warning("This system offers no wall for %s: surveys are read within limits of memory and time only.", wall)


def _import_paths() -> list[str]:
    """Where this process finds its modules: the keeper starts without `site`, whatever way this one was started."""
    return list(dict.fromkeys((str(_OURS), *(entry for entry in sys.path if entry and Path(entry).is_dir()))))
