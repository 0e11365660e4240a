"""« vérifié »: a doubt that its clerk has settled, known again by what it was about, and asked again when that changes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping

from fs_pipeline.survey.problems import Problem, rules
from fs_pipeline.values.text import normalise

VERIFIED = "vérifié"
_SAID = frozenset({"verifie", "verifiee", "verifies", "verifiees", "c est verifie", "ok", "exact", "juste", "correct"})
_OF_OTHER_ROWS = re.compile(r"(?:Voir la )?[Ll]ignes? [\d ,àet]+\.?")  # which change when a row is added above
_KEY_LENGTH = 16


def says_verified(answer: str) -> bool:
    """Whether an answer says that what was told doubtful is right."""
    return normalise(answer) in _SAID


def may_be_verified(problem: Problem) -> bool:
    """Whether a clerk may settle it: a doubt about a cell is, what is surely wrong is not."""
    return problem.severity == "warning" and problem.cell is not None


def key_of(problem: Problem) -> str:
    """What a doubt is about: rule, column, place, value, and what the message says of the rest of the row.

    Not where it stands: a row moves when the file is sorted. A digest, since what is remembered outlives its deposit.
    """
    detail = problem.message.removeprefix(rules()[problem.rule]["message_fr"])
    place = problem.place or problem.cell
    parts = (problem.rule, problem.column, place, problem.value, _OF_OTHER_ROWS.sub("", detail))
    text = "\n".join(normalise(part or "") for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:_KEY_LENGTH]


def settled(
    problems: Iterable[Problem], known: Collection[str], said: Collection[str]
) -> tuple[list[Problem], dict[str, Problem], int]:
    """What is still to be asked, what the file itself says is verified, by key, and how many are known from before."""
    left: list[Problem] = []
    new: dict[str, Problem] = {}
    before = 0
    for problem in problems:
        key = key_of(problem) if may_be_verified(problem) and (known or said) else ""
        if key and key in said:
            new[key] = problem
        elif key and key in known:
            before += 1
        else:
            left.append(problem)
    return left, new, before


def told(problem: Problem) -> str:
    """What was verified, in a few words, for whom the memory is shown."""
    about = ", ".join(filter(None, (problem.place, problem.column)))
    return f"{about} : {rules()[problem.rule]['message_fr']}" if about else rules()[problem.rule]["message_fr"]


def answers_told(verified: Mapping[str, Problem]) -> dict[str, str]:
    """Key -> what was verified."""
    return {key: told(problem) for key, problem in verified.items()}
