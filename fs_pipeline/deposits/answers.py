"""``fs-pipeline answers``: what a département's returned workbooks answered, and one deposit's answers undone.

Where its memory is kept, too; what it is, is memory.py's.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from fs_pipeline.deposits.memory import (
    COLUMN,
    Answer,
    Memory,
    journal_path,
    path_of,
    read_answers,
    read_journal,
    read_memory,
    write_answers,
    write_journal,
    write_memory,
)
from fs_pipeline.outputs import write_bytes

if TYPE_CHECKING:
    from fs_pipeline.warehouse.files import FileStore

_ID_LENGTH = 16


class Answering(Protocol):
    """What a file answers about itself, whatever else is said of it."""

    @property
    def answers(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def verified(self) -> Mapping[str, str]: ...  # noqa: D102


Heard = TypeVar("Heard", bound=Answering)
_KINDS = {COLUMN: "colonne"}


class UnusableAnswers(ValueError):
    """What was asked of the answers cannot be done; the message is one French line."""


def memory_of(files: FileStore, departement: str) -> Memory:
    """What an installation remembers of a département."""
    columns, journal = (
        files.read(path) if files.exists(path) else None for path in (path_of(departement), journal_path(departement))
    )
    return Memory(read_answers(columns), read_journal(journal))


def keep_memory(files: FileStore, departement: str, *, before: Memory, after: Memory) -> None:
    """Write what has changed of it."""
    if after.journal != before.journal:
        files.write(journal_path(departement), write_journal(after.journal))
    if after.columns != before.columns:
        files.write(path_of(departement), write_answers(after.columns, {}))


def memory_in(path: Path | None) -> Memory:
    """What a file of the command line remembers; nothing where there is none yet.

    Raises
    ------
    UnusableAnswers
        When it is no file of answers.
    """
    try:
        return read_memory(path.read_bytes() if path is not None and path.exists() else None)
    except (OSError, ValueError) as error:
        raise UnusableAnswers(f"« {path} » n’est pas un fichier de réponses de cette commande.") from error


def read_heeding(
    kept: Path | None, read: Callable[..., Heard], path: Path, departement: str | None, wanted: Sequence[str]
) -> Heard:
    """What `read` says of one file beside what was answered before in the file `kept`, which is brought up to date.

    Raises
    ------
    UnusableAnswers
        When `kept` is no file of answers.
    """
    memory = memory_in(kept)
    if kept is None:
        return read(path, departement=departement, wanted=wanted)
    file_id = hashlib.sha256(path.read_bytes()).hexdigest()[:_ID_LENGTH] if path.is_file() else ""
    feedback = read(
        path,
        departement=departement,
        wanted=wanted,
        remembered=memory.columns,
        verified=memory.journal.verified,
        heeded=memory.heeds(file_id),
    )
    write_bytes(kept, write_memory(memory.with_file(file_id, path.name, feedback.answers, feedback.verified)))
    return feedback


def answer(options: argparse.Namespace, files: FileStore | None) -> str:
    """Show or undo answers of a département's memory in `files`, or of the file that is named; what is to be said.

    Raises
    ------
    UnusableAnswers
        When nothing is named, or no deposit of that name answered anything.
    """
    if files is None:
        memory = memory_in(options.memory)
    elif options.department is None:
        raise UnusableAnswers(
            "dites de quel département (--department 33), ou de quel fichier (--memory REPONSES.json)."
        )
    else:
        memory = memory_of(files, options.department)
    if options.way == "show":
        return "\n".join((*_lines(memory.journal.answers), f"Réponses retenues : {len(memory.journal.answers)}."))
    after, undone = memory.without(options.deposit)
    if not undone:
        raise UnusableAnswers(
            f"aucune réponse retenue ne vient de « {options.deposit} » ; voir fs-pipeline answers show."
        )
    if files is None:
        write_bytes(options.memory, write_memory(after))
    else:
        keep_memory(files, options.department, before=memory, after=after)
    said = "Elles ne seront plus reprises de ce dépôt ; les remarques seront posées de nouveau."
    return "\n".join((*_lines(undone), f"Réponses défaites : {len(undone)}. {said}"))


def _lines(answers: tuple[Answer, ...] | list[Answer]) -> Iterator[str]:
    for one in answers:
        kind = _KINDS.get(one.kind, "vérifié")
        yield f"{kind} · {one.said} · dépôt {one.deposit_id} ({one.filename})"
