"""The files a caller names: written aside then renamed, and never over what was read.

An interruption or a full disk leaves what stood before. What stands at a name but is no regular file (`/dev/stdout`, a
pipe) is written to as it is. Nothing here knows what a file holds.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

_NO_FILES = ("/dev/", "/proc/")


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A name to write to; what is there at the end takes the place of `path`, and of the file it links to.

    Raises
    ------
    OSError
        Where `path` cannot be written; it bears the name that the caller gave.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    if str(path).startswith(_NO_FILES) or (path.exists() and not path.is_file()):
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / path.name
            yield copy
            with copy.open("rb") as written, path.open("wb") as stream:
                shutil.copyfileobj(written, stream)
        return
    target = path.resolve()
    aside = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        yield aside
        if target.exists():
            shutil.copymode(target, aside)
        aside.replace(target)
    except OSError as error:
        if error.filename in {None, str(aside)}:
            error.filename, error.filename2 = str(path), None
        raise
    finally:
        aside.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Put `content` at `path`, whole."""
    with written_whole(path) as aside:
        aside.write_bytes(content)


def first_read(outputs: Iterable[Path], inputs: Iterable[Path]) -> Path | None:
    """The first output that is also an input, by whatever name, or that was named before; None where each is apart."""
    taken = list(inputs)
    for output in outputs:
        if any(_is_same(output, one) for one in taken):
            return output
        taken.append(output)
    return None


def _is_same(one: Path, other: Path) -> bool:
    """Links and twice-named files included; what does not exist yet is compared by where it would be."""
    try:
        if one.exists() and other.exists():
            return one.samefile(other) and (one.is_file() or one.is_dir())
        return one.resolve() == other.resolve()
    except (OSError, RuntimeError):  # a link in a circle, a folder without rights: writing or reading will say it
        return False


def write_workbook(path: Path, write: Callable[[Path], None]) -> None:
    """Have `write` make a workbook at `path`, whole or not at all; what the system says is raised in its own words."""
    from xlsxwriter.exceptions import FileCreateError

    with written_whole(path) as aside:
        try:
            write(aside)
        except FileCreateError as error:  # the system's error, in the library's words
            if error.args and isinstance(error.args[0], OSError):
                raise error.args[0] from error
            raise
