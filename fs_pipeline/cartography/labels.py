"""Where the names go: right, left, above or below their mark, never over another name or mark; else not written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_ADVANCE = 0.53  # mean width of a letter, in sizes
_GAP = 1.6  # mm between a mark and its name
_MARK = 1.1


@dataclass(frozen=True, slots=True)
class Label:
    """A name and where it starts, ends or centres (SVG text-anchor)."""

    x: float
    y: float
    name: str
    anchor: str = "start"


_Box = tuple[float, float, float, float]


def place_labels(
    wanted: Iterable[Label], marks: Sequence[tuple[float, float]], size: float, limits: tuple[float, float]
) -> list[Label]:
    """Those of `wanted` that find room, in their order; a name is written once."""
    taken: list[_Box] = [(x - _MARK, y - _MARK, x + _MARK, y + _MARK) for x, y in marks]
    written: list[Label] = []
    names: set[str] = set()
    for label in wanted:
        if label.name in names:
            continue
        for candidate in _candidates(label, size):
            box = _box(candidate, size)
            inside = box[0] >= 0 and box[1] >= 0 and box[2] <= limits[0] and box[3] <= limits[1]
            if inside and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                written.append(candidate)
                names.add(label.name)
                break
    return written


def _candidates(label: Label, size: float) -> Iterable[Label]:
    middle = label.y + 0.34 * size
    yield Label(label.x + _GAP, middle, label.name, "start")
    yield Label(label.x - _GAP, middle, label.name, "end")
    yield Label(label.x, label.y - _GAP, label.name, "middle")
    yield Label(label.x, label.y + _GAP + 0.7 * size, label.name, "middle")


def _box(label: Label, size: float) -> _Box:
    width = _ADVANCE * size * len(label.name)
    left = label.x - {"start": 0.0, "middle": width / 2, "end": width}[label.anchor]
    return left, label.y - 0.75 * size, left + width, label.y + 0.25 * size


def _overlap(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
