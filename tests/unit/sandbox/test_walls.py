"""Behind the walls a process keeps what it holds open, and reaches nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fs_pipeline.sandbox import walls

# A fork of its own, as the keeper's is; what it tries is told through a pipe: it may write no file.
PROGRAM = """
import ctypes, json, os, resource, signal, socket, sys, threading
from fs_pipeline.sandbox.walls import earn, raise_walls
code, secret, outside = sys.argv[1:]
held = open(secret)
def memory(): return len(bytearray(1_000_000_000))
def write(): open(outside, "w").write("x")
def thread(): threading.Thread(target=print).start()
def kill(): os.kill(os.getppid(), signal.SIGTERM)
def ptrace(): return ctypes.CDLL(None, use_errno=True).ptrace(16, os.getppid(), 0, 0) and 1 / 0
def uring(): return ctypes.CDLL(None, use_errno=True).syscall(425, 1, 0) and 1 / 0
TRIED = {
    "socket": socket.socket,
    "datagrams": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
    "local socket": lambda: socket.socket(socket.AF_UNIX),
    "another file": lambda: open(secret).read(),
    "a folder": lambda: os.listdir(os.path.dirname(secret)),
    "its environment": lambda: open("/proc/self/environ").read(),
    "another process": lambda: open(f"/proc/{os.getppid()}/maps").read(),
    "writing": write, "renaming": lambda: os.rename(secret, outside), "removing": lambda: os.unlink(secret),
    "writing code": lambda: open(code + "/zzz.py", "w"),
    "forking": os.fork, "a program": lambda: os.execv(sys.executable, ["python"]), "a thread": thread,
    "a signal": kill, "tracing": ptrace, "io_uring": uring, "memory": memory,
    "no more limits": lambda: resource.setrlimit(resource.RLIMIT_DATA, (10**12, 10**12)),
}
MAY = {
    "what it holds": lambda: held.read() == "secret" or 1 / 0,
    "code": lambda: open(code + "/__init__.py").read(),
    "a library": lambda: __import__("decimal"),
    "time earned": lambda: earn(250_000, reading=True),
}
reading, writing = os.pipe()
if os.fork() == 0:
    raise_walls([code, os.path.dirname(os.__file__)])
    told = {}
    for name, act in {**TRIED, **MAY}.items():
        try:
            act()
            told[name] = "done"
        except BaseException as error:
            told[name] = type(error).__name__
    told["processor"] = resource.getrlimit(resource.RLIMIT_CPU)
    os.write(writing, json.dumps(told).encode())
    os._exit(0)
os.close(writing)
sys.stdout.write(os.fdopen(reading).read())
"""
ALLOWED = {"what it holds", "code", "a library", "time earned"}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    if walls.offered() != {"files", "network"}:
        pytest.skip(f"this system offers {sorted(walls.offered())} only")
    folder = tmp_path_factory.mktemp("walls")
    (folder / "secret.txt").write_text("secret")
    code = Path(walls.__file__).parents[1]
    command = [sys.executable, "-c", PROGRAM, code, folder / "secret.txt", folder / "out.txt"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    told: dict[str, object] = json.loads(done.stdout)
    return told


def test_no_way_leads_out(told: dict[str, object]) -> None:
    assert {name for name, what in told.items() if what == "done"} == ALLOWED
    refused = {name: what for name, what in told.items() if name not in ALLOWED | {"processor"}}
    assert set(refused.values()) <= {
        "PermissionError",
        "RuntimeError",
        "MemoryError",
        "ValueError",
        "ZeroDivisionError",
    }


def test_a_long_file_earns_processor_time(told: dict[str, object]) -> None:
    assert told["processor"] == [walls.CPU_SECONDS + 2, walls.CPU_SECONDS_AT_MOST]


def test_no_wall_is_asked_of_a_system_that_offers_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walls.platform, "machine", lambda: "riscv64")
    assert "network" not in walls.offered()
    monkeypatch.setattr(walls.sys, "platform", "darwin")
    assert walls.offered() == frozenset()


def test_the_limits_leave_room_for_the_keeper_and_its_caller() -> None:
    assert walls.DATA_BYTES + 130_000_000 < 510_000_000
    assert os.sysconf("SC_PAGE_SIZE") > 0
