"""The README's two commands where the README says they work: `python tools/bare_system.py [--weak]`.

A Debian 12 with python3, python3-venv, make and git alone is built in a temporary folder (debootstrap, as root), the last
commit of this repository is cloned into it, and `make demo` and `make test` are run there by an ordinary user. ``--weak``,
and a machine that cannot build one, try them on this system instead, without compilers on the `PATH` and with an empty
cache. How this machine's pip reaches its index is handed on and written nowhere.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = ("demo", "test")
SUITE, PACKAGES = "bookworm", "python3,python3-venv,make,git,ca-certificates"
USER, HOME = "clerk", "home/clerk"
# What would compile, or stand in for pip.
_COMPILERS = re.compile(r"(.*-)?(cc|gcc|c\+\+|g\+\+|cpp|clang|clang\+\+|c89|c99|tcc|rustc|cargo)(-[\d.]+)?|uvx?")
# How pip reaches its index, as `pip config list` names it.
_PIP = frozenset(
    {"index-url", "extra-index-url", "no-index", "find-links", "cert", "client-cert", "proxy", "trusted-host"}
)
_CERTIFICATES_AND_PROXIES = re.compile(r"(SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|(https?|no|all)_proxy)", re.IGNORECASE)
# Nobody answers there: the servers on this machine's loopback address are not those of a bare one.
_NO_SERVER = {"FS_TEST_POSTGRES_URL": "postgresql+psycopg://nobody@127.0.0.1:9/none"}


def main() -> int:
    """Run both commands; the exit code is that of the first that fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weak", action="store_true", help="this system without compilers, rather than a bare one")
    weak = parser.parse_args().weak or not can_build()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the folder goes then too
    with tempfile.TemporaryDirectory(prefix="fs-bare-") as name:
        make, environment = (this_system if weak else bare_system)(Path(name))
        for command in COMMANDS:
            print(f"== make {command}, {'this system without compilers' if weak else 'bare Debian'}", flush=True)
            began = time.monotonic()
            code = subprocess.run([*make, command], env=environment, check=False).returncode
            print(f"== make {command}: exit code {code}, {time.monotonic() - began:.0f} s", flush=True)
            if code:
                return code
    return 0


def can_build() -> bool:
    """Whether a bare system can be built here."""
    return os.geteuid() == 0 and all(map(shutil.which, ("debootstrap", "unshare", "chroot")))


def bare_system(folder: Path) -> tuple[list[str], dict[str, str]]:
    """`make` inside a new Debian, and its environment."""
    system = folder / "system"
    subprocess.run(
        ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, system],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    subprocess.run(["chroot", system, "useradd", "--create-home", USER], check=True)
    _clone(system / HOME / "fs_pipeline")
    subprocess.run(["chroot", system, "chown", "--recursive", f"{USER}:", f"/{HOME}"], check=True)
    settings = pip_settings()
    mounts = [
        f"mount -t proc proc {shlex.quote(f'{system}/proc')}",
        f"mount --rbind /dev {shlex.quote(f'{system}/dev')}",
    ]
    for path in local_paths(settings):
        inside = system / path.relative_to("/")
        inside.parent.mkdir(parents=True, exist_ok=True)
        inside.mkdir(exist_ok=True) if path.is_dir() else inside.touch()
        mounts.append(shlex.join(["mount", "-o", "bind,ro", str(path), str(inside)]))
    for name in ("resolv.conf", "hosts"):
        shutil.copy(f"/etc/{name}", system / "etc" / name)
    # The mounts live in a namespace of their own and end with it: whoever removes the folder removes nothing else.
    inner = shlex.join(["chroot", f"--userspec={USER}:{USER}", str(system), "make", "-C", f"/{HOME}/fs_pipeline"])
    script = " && ".join([*mounts, f'exec {inner} "$@"'])
    started = [
        "unshare",
        "--mount",
        "--propagation",
        "private",
        "--pid",
        "--fork",
        "--kill-child",
        "sh",
        "-c",
        script,
        "sh",
    ]
    path = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
    return started, {"PATH": path, "HOME": f"/{HOME}", "USER": USER, **settings, **_NO_SERVER}


def this_system(folder: Path) -> tuple[list[str], dict[str, str]]:
    """`make` here, on a `PATH` of links to all that is no compiler, and its environment."""
    links = folder / "bin"
    links.mkdir()
    for place in os.environ["PATH"].split(os.pathsep):
        for program in Path(place).iterdir() if Path(place).is_dir() else ():
            link = links / program.name
            if not _COMPILERS.fullmatch(program.name) and not link.is_symlink():
                link.symlink_to(program)
    _clone(folder / "fs_pipeline")
    kept = {name: value for name, value in os.environ.items() if name in {"HOME", "USER", "LANG", "TMPDIR"}}
    environment = {**kept, **pip_settings(), "PATH": str(links), "PIP_CACHE_DIR": str(folder / "cache"), **_NO_SERVER}
    python = Path(sys.base_prefix) / "bin" / "python3"
    return ["make", "-C", str(folder / "fs_pipeline"), f"PYTHON={python}"], environment


def pip_settings() -> dict[str, str]:
    """How this machine's pip reaches its index, as variables of the environment."""
    listed = subprocess.run([sys.executable, "-m", "pip", "config", "list"], check=True, capture_output=True, text=True)
    settings = {name: value for name, value in os.environ.items() if _CERTIFICATES_AND_PROXIES.fullmatch(name)}
    for line in sorted(listed.stdout.splitlines(), key=lambda line: line.startswith(":env:")):  # the environment wins
        key, _, value = line.partition("=")
        name = key.rpartition(".")[2]
        if name in _PIP:
            settings[f"PIP_{name.replace('-', '_').upper()}"] = str(ast.literal_eval(value))
    return settings


def local_paths(settings: Mapping[str, str]) -> Iterator[Path]:
    """Files and folders of this machine that the settings name, outer ones first."""
    words = {word.removeprefix("file://") for value in settings.values() for word in value.split()}
    found = {Path(word) for word in words if word.startswith("/") and Path(word).exists()}
    # A PEP 503 folder may lead to files beside it.
    yield from sorted(found | {path.parent for path in found if path.name == "simple"})


def _clone(folder: Path) -> None:
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", ROOT, folder], check=True)


if __name__ == "__main__":
    sys.exit(main())
