"""What a département answered about its files, kept for its next deposit, with who said it: the deposit it stood in.

Two files a département: the meaning of its headers, and the journal of its answers, by which one deposit's are undone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace

from fs_pipeline.safe_text import safe_tree
from fs_pipeline.survey.fields import fields_of, french_name

COLUMN, VERIFIED = "column", "verified"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: `key` is a normalised header, or the digest of a doubt that was said to be right."""

    kind: str
    key: str
    said: str  # French, for whom the memory is shown
    deposit_id: str
    filename: str
    value: str = ""  # the field that a header holds, empty for none
    before: str | None = None  # what was remembered of the header until then


@dataclass(frozen=True)
class Journal:
    """The answers of a département, and the deposits whose answers somebody has undone: they are not heard again."""

    answers: tuple[Answer, ...] = ()
    undone: frozenset[str] = field(default_factory=frozenset)

    @property
    def verified(self) -> frozenset[str]:
        """The keys of the doubts that are not asked again."""
        return frozenset(answer.key for answer in self.answers if answer.kind == VERIFIED)


def path_of(departement: str) -> str:
    """Where a département's answers about headers are kept in the file store."""
    return f"memory/columns/{departement}.json"


def journal_path(departement: str) -> str:
    """Where the journal of a département's answers is kept in the file store."""
    return f"memory/answers/{departement}.json"


def read_answers(content: bytes | None) -> dict[str, str]:
    """Normalised header -> field, empty for none; fields that are no more are forgotten."""
    kept = safe_tree(json.loads(content)) if content else {}
    known = {"", *(field.name for field in fields_of("places"))}
    return {header: name for header, name in kept.items() if name in known}


def write_answers(known: Mapping[str, str], new: Mapping[str, str]) -> bytes:
    """The answers known and new, the new winning; same answers, same bytes."""
    return json.dumps({**known, **new}, ensure_ascii=False, indent=1, sort_keys=True).encode()


def read_journal(content: bytes | None) -> Journal:
    """The journal that ``write_journal`` wrote; an empty one of nothing."""
    kept = safe_tree(json.loads(content)) if content else {"answers": [], "undone": []}
    return Journal(tuple(Answer(**answer) for answer in kept["answers"]), frozenset(kept["undone"]))


def write_journal(journal: Journal) -> bytes:
    """Same journal, same bytes."""
    kept = {"answers": [asdict(answer) for answer in journal.answers], "undone": sorted(journal.undone)}
    return json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True).encode()


def with_answers(
    journal: Journal,
    columns: Mapping[str, str],
    *,
    deposit_id: str,
    filename: str,
    answered: Mapping[str, str],
    verified: Mapping[str, str],
) -> Journal:
    """The journal with what a deposit answers that is not in it yet; `columns` is what was remembered of headers."""
    known = {(answer.kind, answer.key) for answer in journal.answers if answer.kind == VERIFIED}
    new = [
        Answer(VERIFIED, key, said, deposit_id, filename)
        for key, said in verified.items()
        if (VERIFIED, key) not in known
    ]
    for header, name in answered.items():
        if columns.get(header) != name:
            meaning = french_name("places", name) if name else "rien de tout cela"
            said = f"« {header} » : {meaning}"
            new.append(Answer(COLUMN, header, said, deposit_id, filename, name, columns.get(header)))
    return replace(journal, answers=(*journal.answers, *new))


def without_deposits(
    journal: Journal, columns: Mapping[str, str], deposits: Iterable[str]
) -> tuple[Journal, dict[str, str], list[Answer]]:
    """The journal and the headers' meanings as if these deposits had answered nothing, and the answers undone."""
    gone = set(deposits)
    left = dict(columns)
    undone = [answer for answer in journal.answers if answer.deposit_id in gone]
    for answer in reversed(undone):
        if answer.kind == COLUMN and left.get(answer.key) == answer.value:
            left.pop(answer.key)
            if answer.before is not None:
                left[answer.key] = answer.before
    kept = tuple(answer for answer in journal.answers if answer.deposit_id not in gone)
    return Journal(kept, journal.undone | {answer.deposit_id for answer in undone}), left, undone


@dataclass(frozen=True)
class Memory:
    """All that is remembered of a département: headers' meanings and the journal of its answers."""

    columns: Mapping[str, str]
    journal: Journal

    def heeds(self, deposit_id: str) -> bool:
        """Whether a deposit's answers are heard: until somebody undoes them."""
        return deposit_id not in self.journal.undone

    def with_file(
        self, deposit_id: str, filename: str, answered: Mapping[str, str], verified: Mapping[str, str]
    ) -> Memory:
        """The same with what one file answers."""
        journal = with_answers(
            self.journal,
            self.columns,
            deposit_id=deposit_id,
            filename=filename,
            answered=answered,
            verified=verified,
        )
        return Memory({**self.columns, **answered}, journal)

    def without(self, wanted: str) -> tuple[Memory, list[Answer]]:
        """The same as if the deposits of this name or id had answered nothing, and the answers undone."""
        deposits = {
            answer.deposit_id for answer in self.journal.answers if wanted in (answer.deposit_id, answer.filename)
        }
        journal, columns, undone = without_deposits(self.journal, self.columns, deposits)
        return Memory(columns, journal), undone


def read_memory(content: bytes | None) -> Memory:
    """A memory in one file, as the command line keeps it.

    Raises
    ------
    ValueError
        When the file is no memory.
    """
    if content is None:
        return Memory({}, Journal())
    try:
        kept = json.loads(content)
        columns = read_answers(json.dumps(kept["columns"]).encode())
        return Memory(columns, read_journal(json.dumps(kept["journal"]).encode()))
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError from error


def write_memory(memory: Memory) -> bytes:
    """Same memory, same bytes."""
    kept = {"columns": dict(memory.columns), "journal": json.loads(write_journal(memory.journal))}
    return json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True).encode()
