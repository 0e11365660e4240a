"""What each source of places is compared with, whose word goes first, and who may read it (``data/source_links.csv``).

The survey is a source as the lists are. What a list is, and under which licence, is said in ``sources.toml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from fs_pipeline.data import read_csv

SURVEY = "survey"
_BETWEEN = "|"


class UnlinkedSource(ValueError):
    """A source whose places would stand beside those of the others, counted twice; its text is French."""


@dataclass(frozen=True, slots=True)
class SourceLink:
    """One line: a source among the others.

    Attributes
    ----------
    compared_with
        The sources above it whose places may be its own.
    repeats
        Whether several of its rows may be one place of another source.
    authority_rank, freshness_rank
        Its turn to speak of a field, 1 first: where authority decides, and between equal dates where dates do.
    weight
        Of its records, when a place is split and one part keeps the id.
    public
        Whether the public may receive its rows.
    lists_its_own
        Whether it is one operator's list of its own counters.
    """

    source: str
    compared_with: tuple[str, ...]
    repeats: bool
    authority_rank: int
    freshness_rank: int
    weight: int
    public: bool
    lists_its_own: bool


@cache
def source_links() -> Mapping[str, SourceLink]:
    """Source to its line, in the order of the file."""
    return {
        row["source"]: SourceLink(
            row["source"],
            tuple(filter(None, row["compared_with"].split(_BETWEEN))),
            row["repeats"] == "yes",
            int(row["authority_rank"]),
            int(row["freshness_rank"]),
            int(row["weight"]),
            row["public"] == "yes",
            row["counters_of"] not in {"", "*"},
        )
        for row in read_csv("source_links.csv")
    }


def compared_lists() -> Iterator[tuple[SourceLink, SourceLink]]:
    """The pairs of sources that are compared, the first one's with each below it in turn."""
    links = source_links()
    for left in links.values():
        yield from ((left, right) for right in links.values() if left.source in right.compared_with)


def require_links(sources: Iterable[str]) -> None:
    """Refuse to start with a source that would double the places of the others.

    Raises
    ------
    UnlinkedSource
        When one of `sources` has no line, or is compared with nothing.
    """
    links = source_links()
    lone = [one for one in sources if one not in links or not links[one].compared_with]
    if lone:
        raise UnlinkedSource(
            f"Source de lieux que rien ne rapproche des autres\u00a0: {', '.join(lone)}. Chacun de ses lieux compterait "
            "deux fois. Dire à quelles listes la comparer dans fs_pipeline/data/source_links.csv."
        )
