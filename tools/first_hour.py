"""The engineer's first hour: plays every command of docs/first-hour.md in its order, in a clean folder, and writes the page.

    python tools/first_hour.py            plays all, installation included, and writes the page
    python tools/first_hour.py --here     the same with this interpreter's environment instead of a new one

What is told and typed is in tools/first_hour.md. There a block « play » holds one command after `$`; a line `says` for each
text that its output must hold; a line `code` where it does not end with 0. On the page stands what was said, but for what
changes from one time to the next: the folder, moments, seconds and digests.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOLD, PAGE = ROOT / "tools" / "first_hour.md", ROOT / "docs" / "first-hour.md"
_SHOWN = 14  # lines of an output; the middle of a longer one is left out
_MASKS = (
    (re.compile(r"┏[━┳]+┓\n┃ Étape.*?└[─┴]+┘\n", re.DOTALL), ""),  # how long each took
    (re.compile(r"\d{4}-\d\d-\d\dT\d{6}\.\d+Z"), "2026-11-30T101500.000000Z"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d"), "2026-11-30 10:15"),
    (re.compile(r"\b\d\d/\d\d/\d{4}\b"), "30/11/2026"),
    (re.compile(r"\b[0-9a-f]{12,64}\b"), "…"),
    (re.compile(r"\d+,\d(?= Mo)"), "…"),
    (re.compile(r"\d+(?= fichiers)"), "…"),
)
_PLAY = re.compile(r"```play\n(.*?)\n```\n", re.DOTALL)
_ANSWER = "```text\n"


@dataclass(frozen=True)
class Command:
    """What is typed, the texts that its output must hold, and how it must end."""

    text: str
    says: tuple[str, ...]
    code: int


def main() -> int:
    """Play all, then write the page; nothing is written where a command does not do what is told of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--here", action="store_true", help="with this interpreter's environment")
    here = parser.parse_args().here
    with tempfile.TemporaryDirectory(prefix="fs-first-hour-") as folder:
        PAGE.write_text(page(play(Path(folder), here=here)), encoding="utf-8")
    return 0


def commands() -> list[Command]:
    """All of them, in their order."""
    return [_command(block) for block in _PLAY.findall(TOLD.read_text(encoding="utf-8"))]


def _command(block: str) -> Command:
    text, *rest = block.splitlines()
    said = [line.partition(" ")[2] for line in rest if line.startswith("says ")]
    codes = [int(line.partition(" ")[2]) for line in rest if line.startswith("code ")]
    assert text.startswith("$ "), block
    assert len(said) + len(codes) == len(rest), block
    return Command(text.removeprefix("$ "), tuple(said), codes[0] if codes else 0)


def play(folder: Path, *, here: bool, tell: Callable[[str], object] = print) -> list[str]:
    """What each command said, as the page shows it.

    Parameters
    ----------
    here
        Whether this interpreter's environment serves instead of one that is installed.

    Raises
    ------
    AssertionError
        When a command ends otherwise or does not say what it must.
    """
    if here:
        _stand_in(folder / "env" / "bin")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("FS_", "DAGSTER_", "PYTHON"))
    }
    environment |= {"DEPOT": str(ROOT), "DAGSTER_DISABLE_TELEMETRY": "1", "COLUMNS": "110"}
    exported: list[str] = []
    said = []
    for command in commands():
        installs = command.text.startswith(("python3 -m venv", "env/bin/pip"))
        tell(f"$ {command.text}")
        done = subprocess.run(
            ["bash", "-c", "\n".join([*exported, ":" if here and installs else command.text])],
            cwd=folder, env=environment, text=True, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        output = done.stdout.replace("\u00a0", " ").replace("\u202f", " ")  # what is typed to look for has plain spaces
        tell(output)
        assert done.returncode == command.code, (command, done.returncode, done.stdout, _progress(folder))
        for fragment in command.says:
            assert fragment in output, (command, output)
        if command.text.startswith("export "):
            exported.append(command.text)
        said.append(shown(output, folder, command.says))
    return said


def shown(output: str, folder: Path, says: Sequence[str] = ()) -> str:
    """An output as it is printed: the same each time, and of a long one its first lines and those that say what they must."""
    text = output.replace(str(folder), "~/essai").replace(str(ROOT), "~/fs_pipeline")
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    lines = [line.rstrip() for line in text.rstrip().splitlines()]
    if len(lines) <= _SHOWN:
        return "\n".join(lines)
    told = {at for at, line in enumerate(lines) if at < 4 or any(fragment in line for fragment in says)}
    kept = sorted(told | {at + 1 for at in told if at >= 4 and at + 1 < len(lines)})
    parts, after = [], 0
    for at in kept:
        parts += ["…"] * (at > after) + [lines[at]]
        after = at + 1
    return "\n".join([*parts, "…"] if after < len(lines) else parts)


def page(said: Sequence[str]) -> str:
    """The page, given what each command said."""
    answers = iter(said)

    def typed(block: re.Match[str]) -> str:
        command, answer = _command(block[1]), next(answers)
        code = f"(code de sortie {command.code})" if command.code else ""
        told = "\n".join(part for part in (answer, code) if part)
        return f"```\n{command.text}\n```\n" + (f"\n{_ANSWER}{told}\n```\n" if told else "")

    return _PLAY.sub(typed, TOLD.read_text(encoding="utf-8"))


def read_back(text: str) -> list[str]:
    """What each command said, of a page that was written."""
    found = []
    for command in commands():
        _, _, text = text.partition(f"```\n{command.text}\n```\n")
        answer = ""
        if text.startswith(f"\n{_ANSWER}"):
            answer, _, text = text.removeprefix(f"\n{_ANSWER}").partition("\n```\n")
        found.append(re.sub(r"\n?\(code de sortie \d+\)$", "", answer))
    return found


def _progress(folder: Path) -> str:
    path = folder / "progres.txt"
    return path.read_text(encoding="utf-8")[-2000:] if path.is_file() else ""


def _stand_in(programs: Path) -> None:
    """`fs-pipeline` of this checkout in this interpreter's environment, where the page installs one."""
    programs.mkdir(parents=True)
    program = programs / "fs-pipeline"
    own = f'PYTHONPATH={shlex.quote(str(ROOT))} exec {shlex.quote(sys.executable)} -m fs_pipeline.cli "$@"'
    program.write_text(f"#!/bin/sh\n{own}\n", encoding="utf-8")
    program.chmod(0o755)


if __name__ == "__main__":
    raise SystemExit(main())
