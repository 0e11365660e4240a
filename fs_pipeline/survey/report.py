"""What one survey holds: its places and other tables, its problems, its verdict, and how they are written."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from fs_pipeline.survey.causes import causes_of
from fs_pipeline.survey.columns.block import Block, columns_of
from fs_pipeline.survey.fields import place_fields
from fs_pipeline.survey.opening.cells import Workbook
from fs_pipeline.survey.problems import Problem
from fs_pipeline.survey.tables.records import (
    Actor,
    Meeting,
    Place,
    PlaceDemarche,
    Record,
    Stop,
    Value,
    as_rows,
    column_names,
)

_SHOWN_PROBLEMS = 15
_TOLD = tuple(name for name in column_names(Problem) if name not in {"proposal", "place"})
_REFUSALS = {  # said by `reason`
    "header_not_found", "no_place_written", "no_place_of_departement", "file_unreadable", "table_elsewhere",
}  # fmt: skip


@dataclass
class CheckReport:
    """What one file holds. `workbook` and `blocks` are what the annotated copy is drawn from."""

    file: str
    departement: str | None
    workbook: Workbook
    blocks: list[Block] = field(default_factory=list)
    main: Block | None = None  # the table of places that has most rows
    places: list[Place] = field(default_factory=list)
    demarches: list[PlaceDemarche] = field(default_factory=list)
    actors: list[Actor] = field(default_factory=list)
    rounds: list[Stop] = field(default_factory=list)
    meeting: list[Meeting] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    reason: str | None = None  # French, why the file is refused
    set_aside: Counter[str] = field(default_factory=Counter)  # rows of each other département
    answers: dict[str, str] = field(default_factory=dict)  # what the file itself answers about its headers
    verified: dict[str, str] = field(default_factory=dict)  # what the file itself says is right: key -> what
    ours: frozenset[str] = frozenset()  # names of sheets that this project put into the file
    faults: list[str] = field(default_factory=list)  # where our own code failed, for those who mend it
    accepted: int = 0  # proposals of an annotated copy that were taken over

    @property
    def verdict(self) -> str:
        """``accepted``, ``warnings`` (something is worth correcting) or ``refused``."""
        if self.reason:
            return "refused"
        return "warnings" if any(problem.severity != "info" for problem in self.problems) else "accepted"

    @property
    def holds_nothing(self) -> bool:
        """Whether no row of any table was read in it."""
        return not (self.places or self.demarches or self.actors or self.rounds or self.meeting)

    def records(self) -> dict[str, Iterator[dict[str, Value]]]:
        """The rows of the stored tables of a deposit, without its slot: survey_places, …, problems."""
        return {
            "survey_places": map(_stored, self.places, as_rows(self.places, column_names(Place))),
            **{f"survey_{table}": as_rows(rows, column_names(kind)) for table, kind, rows in self._others()},
            "problems": as_rows(self.problems, _TOLD),
        }

    def written(self) -> bytes:
        """As ``fs-pipeline check --json`` writes it, one line a place and a problem."""
        main = self.main
        names = place_fields()
        return written_json(
            {
                "file": self.file,
                "verdict": self.verdict,
                "sheet": main.sheet.name if main else None,
                "header_row": (main.header_row + 1 or None) if main else None,
                "rows": _rows_of(main) if main else 0,
                "columns": columns_of(main, names) if main else dict.fromkeys(names),
                "places": as_rows(self.places, ("row", *names)),
                "tables": {
                    table: as_rows(rows, [name for name in column_names(kind) if name != "sheet"])
                    for table, kind, rows in self._others()
                },
                "problems": self._problems_with_groups(),
                "reason": self.reason,
            }
        )

    def _problems_with_groups(self) -> Iterator[dict[str, Value]]:
        """Each problem with its place, and the number of the cause that it shares with many; None where it stands alone."""
        shared = (cause for cause in causes_of(self.problems) if len(cause.problems) > 1)
        group = {id(problem): number for number, cause in enumerate(shared, start=1) for problem in cause.problems}
        rows = as_rows(self.problems, (*_TOLD, "place"))
        for problem, row in zip(self.problems, rows, strict=True):
            yield row | {"group": group.get(id(problem))}

    def _others(self) -> Iterator[tuple[str, type, Sequence[Record]]]:
        yield "demarches", PlaceDemarche, self.demarches
        yield "actors", Actor, self.actors
        yield "rounds", Stop, self.rounds
        yield "meeting", Meeting, self.meeting

    def counted(self) -> str:
        """How many places were read, and how many problems of each severity stand, in one sentence."""
        counts = Counter(problem.severity for problem in self.problems)
        read = f"{len(self.places)} lieu{'x lus' if len(self.places) > 1 else ' lu'}"
        return (
            f"{read} ; {counts['error']} à corriger, {counts['warning']} à vérifier, {counts['info']} pour information."
        )

    def summary(self) -> str:
        """What a person reads in the terminal: verdict, counts, the first problems."""
        words = {"accepted": "accepté", "warnings": "accepté, avec des remarques", "refused": "refusé"}
        lines = [f"{self.file} : {words[self.verdict]}."]
        if self.reason:
            lines.append(self.reason)
        lines.append(self.counted())
        if self.accepted:
            lines.append(f"Propositions acceptées et reprises : {self.accepted}.")
        lines += [
            f"Lignes mises de côté : {count}. Département : {where}." for where, count in self.set_aside.most_common()
        ]
        worth = causes_of(
            problem for problem in self.problems if problem.severity != "info" and problem.rule not in _REFUSALS
        )
        for cause in worth[:_SHOWN_PROBLEMS]:
            place = f" {cause.place}" if cause.place and cause.place != cause.value else ""
            value = f" « {cause.value} »" if cause.value else ""
            what = f" À écrire : {cause.suggestion}" if cause.suggestion else ""
            lines.append(f"  {cause.first.cell or 'fichier'}{place}{value} : {cause.message}{what}")
        if len(worth) > _SHOWN_PROBLEMS:
            lines.append(
                f"  … et {len(worth) - _SHOWN_PROBLEMS} autres : voir le rapport (--json, --annotated, --csv)."
            )
        return "\n".join(lines)


def written_json(content: Mapping[str, object]) -> bytes:
    """JSON that people can read too, a line for each item of a list; no item lives longer than its line.

    ``json``'s own indents take ten times as long.
    """
    out = io.BytesIO()
    _write(content, out)
    return out.getvalue()


_encoded = json.JSONEncoder(ensure_ascii=False).encode  # ``json.dumps`` makes one a call


def _write(value: object, out: io.BytesIO) -> None:
    if isinstance(value, Mapping) and any(isinstance(item, list | dict | Iterator) for item in value.values()):
        before = b"{\n "
        for key, item in value.items():
            out.write(before + _encoded(key).encode() + b": ")
            _write(item, out)
            before = b",\n "
        out.write(b"\n}")
    elif isinstance(value, list | Iterator):
        before = b"[\n  "
        for item in value:
            out.write(before + _encoded(item).encode())
            before = b",\n  "
        out.write(b"[]" if before.startswith(b"[") else b"\n ]")
    else:
        out.write(_encoded(value).encode())


def _rows_of(block: Block) -> int:
    positions = range(block.first, block.last)
    return sum(any(cell is not None for cell in block.cells(position)) for position in positions)


def _stored(place: Place, row: dict[str, Value]) -> dict[str, Value]:
    """A place's row, completed with what the table has beside what the survey says."""
    return row | {
        "survey_place_id": place.key,
        "kind": "itinerant" if place.itinerant else "fixed",
        "operator": None,
        "labelled_on": None,
        "point_precision": None,
    }
