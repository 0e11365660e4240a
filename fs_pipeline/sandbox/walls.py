"""What a process that reads other people's bytes gives up first: memory, time, files, the network, other processes.

All of it is an unprivileged process's own right on Linux, in a container too, and nothing of it can be taken back:
limits (setrlimit), Landlock for files (Linux 5.13), a seccomp filter for sockets and processes (x86-64 and ARM 64).
``docs/adr/0021-a-survey-is-read-behind-walls.md`` says why these. Standard library only.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

DATA_BYTES = 360 * 1024 * 1024  # private memory; code and shared libraries come on top
ADDRESS_BYTES = 1_500 * 1024 * 1024
CPU_SECONDS = 7  # to open and read a file of the size of the largest survey ever seen: twenty times what it takes
CPU_SECONDS_AT_MOST = 60
_CELLS_READ_A_SECOND, _CELLS_WRITTEN_A_SECOND = 100_000, 20_000  # written cells that earn a longer file one second more
_OPEN_FILES = 64

_NO_NEW_PRIVILEGES, _DIE_WITH_PARENT, _SET_SECCOMP, _FILTER = 38, 1, 22, 2
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_FILE_RIGHTS = {
    1: 13,
    2: 14,
    3: 15,
    4: 15,
}  # Landlock's version -> how many rights on files it knows; 16 since the fifth
_TCP, _ABSTRACT_SOCKETS_AND_SIGNALS = 0b11, 0b11  # since the fourth, and the sixth

# Calls of the kernel that open a way out: sockets, new processes and programs, other processes, keys, namespaces.
_FORBIDDEN = {
    "x86_64": (
        0xC000003E,
        (41, 53, 56, 57, 58, 59, 62, 101, 129, 165, 200, 248, 250, 272, 297, 298, 308, 310, 311, 321, 322, 323, 424, 425, 434,
         435, 438),
    ),
    "aarch64": (
        0xC00000B7,
        (40, 97, 117, 129, 130, 138, 198, 199, 217, 219, 220, 221, 240, 241, 268, 270, 271, 280, 281, 282, 424, 425, 434, 435,
         438),
    ),
}  # fmt: skip
_FOREIGN_CALLS = 0x40000000  # x86-64's second table of calls
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_ABOVE, _RETURN = 0x20, 0x15, 0x35, 0x06
_CALL, _ARCHITECTURE = 0, 4  # where a filter finds them
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 1  # EPERM


def offered() -> frozenset[str]:
    """Which walls this system can raise: ``files``, ``network``; limits hold everywhere."""
    if sys.platform != "linux":
        return frozenset()
    filters = _libc().prctl(_SET_SECCOMP, _FILTER, 0, 0, 0) == -1 and ctypes.get_errno() == 14  # EFAULT: it would look
    walls = {"files": _landlock_version() > 0, "network": filters and platform.machine() in _FORBIDDEN}
    return frozenset(name for name, stands in walls.items() if stands)


def raise_walls(readable: Iterable[str]) -> None:
    """Give up all but what is open, and reading under `readable` (folders of code).

    Raises
    ------
    OSError
        When the system refuses a wall that it offers.
    """
    limit()
    if sys.platform != "linux":
        return
    walls, libc = offered(), _libc()
    _done(libc.prctl(_DIE_WITH_PARENT, 9, 0, 0, 0))
    _done(libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    if "files" in walls:
        _see_only(readable)
    if "network" in walls:
        _filter_calls()


def limit() -> None:
    """Memory, processor, files and processes; ``earn`` gives more processor to a file that is long."""
    for name, most in (
        ("RLIMIT_DATA", DATA_BYTES),
        ("RLIMIT_AS", ADDRESS_BYTES),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_NOFILE", _OPEN_FILES),
        ("RLIMIT_NPROC", 0),
    ):
        resource.setrlimit(getattr(resource, name), (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS_AT_MOST))


def earn(cells: int, *, reading: bool) -> None:
    """Processor time in proportion to what is written in the file: to read it, once it is open; then to write of it."""
    seconds = CPU_SECONDS + cells // _CELLS_READ_A_SECOND
    if not reading:
        seconds += cells // _CELLS_WRITTEN_A_SECOND
    resource.setrlimit(resource.RLIMIT_CPU, (min(seconds, CPU_SECONDS_AT_MOST), CPU_SECONDS_AT_MOST))


def _see_only(folders: Iterable[str]) -> None:
    """Landlock: nothing is read but under `folders`, nothing written, no address called."""
    version = _landlock_version()
    handled = (1 << _FILE_RIGHTS.get(version, 16)) - 1
    parts = [handled, _TCP if version >= 4 else 0, _ABSTRACT_SOCKETS_AND_SIGNALS if version >= 6 else 0]
    attributes = struct.pack("QQQ", *parts)[: 8 if version < 4 else 16 if version < 6 else 24]
    libc = _libc()
    ruleset = _done(libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0))
    for folder in folders:
        try:
            opened = os.open(folder, os.O_PATH | os.O_CLOEXEC)
        except OSError:  # not ours to read, wall or no wall
            continue
        rule = struct.pack("=Qi", _READ_FILE | (_READ_FOLDER if Path(folder).is_dir() else 0), opened)
        _done(libc.syscall(_ADD_RULE, ruleset, 1, rule, 0))
        os.close(opened)
    _done(libc.syscall(_RESTRICT_SELF, ruleset, 0))
    os.close(ruleset)


def _filter_calls() -> None:
    """Seccomp: the forbidden calls are answered « not permitted »."""
    architecture, forbidden = _FORBIDDEN[platform.machine()]
    refuse = len(forbidden) + 1  # steps from the first comparison of a call to the last line
    lines = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_JUMP_IF_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, _CALL),
        (_JUMP_IF_ABOVE, refuse, 0, _FOREIGN_CALLS),
        *((_JUMP_IF_EQUAL, refuse - 1 - place, 0, call) for place, call in enumerate(forbidden)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in lines))
    told = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(lines), ctypes.addressof(program)))
    _done(_libc().prctl(_SET_SECCOMP, _FILTER, ctypes.c_void_p(ctypes.addressof(told)), 0, 0))


def _landlock_version() -> int:
    version: int = _libc().syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    return max(version, 0)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _done(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
