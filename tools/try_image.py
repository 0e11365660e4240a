"""Play the steps of deploy/Containerfile in a clean folder, then start what it starts and ask it what its health check asks.

    python tools/try_image.py FOLDER

Where no container can be built, this shows that its steps are enough: only what COPY names is there, the paths of the
image are below FOLDER, and what starts may write nowhere but in its own home (which only the rights of another account
can hold it to; FROM, USER and the limits of compose.yaml are not tried).
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_PORT = "3117"  # not that of an interface that may run here
_PATIENCE = 240  # seconds until it answers


def steps(text: str) -> Iterator[tuple[str, str]]:
    """Instruction and what follows it, lines that go on joined, comments left out."""
    joined = re.sub(r"\\\n", " ", text)
    for line in joined.splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, rest = line.partition(" ")
            yield name, rest.strip()


def main(folder: Path) -> int:
    """0 where it was built, started and found well."""
    if folder.exists() and any(folder.iterdir()):
        print(f"{folder} is not empty", file=sys.stderr)
        return 2
    where, environment = folder, {"HOME": str(folder), "PATH": os.environ["PATH"]}
    kept = {
        name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_", "SSL_", "HTTP", "NO_"))
    }
    command: list[str] = []
    for name, rest in steps((ROOT / "deploy/Containerfile").read_text(encoding="utf-8")):
        inside = re.sub(r"/(?:opt/fs|srv/fs|sauvegarde)\b", rf"{folder}\g<0>", rest)
        print(name, rest, flush=True)
        if name == "WORKDIR":
            where = Path(inside)
            where.mkdir(parents=True)
        elif name == "COPY":
            *sources, target = rest.split()
            for source in sources:
                _copy(ROOT / source, where / target, into=target.endswith("/"))
        elif name == "RUN":
            subprocess.run(["/bin/sh", "-c", inside], cwd=where, env=environment | kept, check=True)
        elif name == "ENV":
            environment |= dict(one.split("=", 1) for one in shlex.split(inside))
        elif name == "CMD":
            command = json.loads(inside.replace("0.0.0.0 -p 3000", f"127.0.0.1 -p {_PORT}"))
    return _start(command, where, environment)


def _copy(source: Path, target: Path, *, into: bool) -> None:
    """As COPY does: of what is tracked, a file into a folder or a folder's content."""
    if source.is_dir():
        listed = subprocess.run(["git", "ls-files", "-z", "."], cwd=source, capture_output=True, text=True, check=True)
        for name in filter(None, listed.stdout.split("\0")):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, target / name)
    else:
        place = target / source.name if into or target.is_dir() else target
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)


def _start(command: list[str], where: Path, environment: dict[str, str]) -> int:
    server = subprocess.Popen(command, cwd=where, env=environment, start_new_session=True)
    try:
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until and server.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{_PORT}/server_info", timeout=8) as answer:
                    print(answer.read().decode())
                    return 0
            except OSError:
                time.sleep(2)
        print("it did not answer", file=sys.stderr)
        return 1
    finally:
        os.killpg(server.pid, signal.SIGTERM)  # the shell, and what it became
        server.wait(60)


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]).resolve()))
