"""What can go wrong with a source, said so that an engineer can act: what, where, what to do."""

from __future__ import annotations

import re

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")
_LONGEST = 600  # characters: a stranger's words are in it


class SourceProblem(Exception):
    """A source cannot be used as it came; the last good snapshot stays in service.

    The message is in French and holds no row of the file.
    """

    def __init__(self, source: str, what: str, to_do: str) -> None:
        what = _CONTROLS.sub(" ", what)
        what = what if len(what) <= _LONGEST else f"{what[:_LONGEST]}…"
        super().__init__(f"{source}\u00a0: {what}. À faire\u00a0: {to_do}.")
        self.source = source
        self.what = what
        self.to_do = to_do


class Unreachable(SourceProblem):
    """No answer, or an answer that is an error, after the last attempt."""


class ForbiddenAddress(SourceProblem):
    """An answer leads where it may not: inside the network, out of https, or to no web address."""


class Truncated(SourceProblem):
    """Fewer bytes than announced, or a compressed file that ends early."""


class TooLarge(SourceProblem):
    """More bytes than the declared limit."""


class UnreadableSource(SourceProblem):
    """Bytes that are not a table in any declared form."""


class EmptySource(SourceProblem):
    """A well-formed file without a row."""


class ChangedSource(SourceProblem):
    """A column that is needed is there under none of its declared names."""


class HalvedSource(SourceProblem):
    """Far fewer rows than declared or than in the last good snapshot."""


class NoSnapshot(SourceProblem):
    """Nothing could be fetched and nothing was kept."""
