"""Which column is which field: header words and cells weighed for every pair, then the best choice for all at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from fs_pipeline.survey.columns.contents import classifies
from fs_pipeline.survey.columns.headers import field_scores

Look = dict[str, float]
ENOUGH = 1.5  # what a pair must be worth before the column is taken for the field
ASK_BELOW = 0.5  # confidence below which the sender is asked
SURE = 0.8
# Fields whose cells have a look of their own: a column with none of it is not theirs, whatever its header.
_TYPED = {
    "phone", "email", "website", "postcode", "insee", "commune", "siret", "siren", "updated_on", "address",
    "address_number", "week_parity",
}  # fmt: skip
# Fields that their cells alone may give away, under a header that says nothing: the share of cells it takes.
_BY_LOOK = {
    "email": 0.8, "website": 0.8, "siret": 0.9, "phone": 0.85, "commune": 0.8, "postcode": 0.9, "insee": 0.97,
    "address": 0.75, "opening_hours": 0.75, "updated_on": 0.7,
}  # fmt: skip
_BY_LOOK_AT_MOST = {
    "name": 0.4,
    "type": 0.45,
    "local_id": 0.3,
    "updated_on": 0.45,
}  # confidence in what no word of the header says
_IN_FULL = 3.0  # score of a header that is the very name of a field
_SURELY_PLACES = 3  # fields of places that a table holds when it must be one
_WRITTEN_ENOUGH = 0.2  # share of cells written from which a look alone says something


@dataclass(frozen=True, slots=True)
class Choice:
    """One column taken for one field; `confidence` goes from 0 to 1."""

    field: str
    column: int
    score: float
    confidence: float


def choose_columns(
    headers: Mapping[int, str],
    looks: Mapping[int, Look],
    table: str,
    *,
    answers: Mapping[int, str] | None = None,
    without: str | None = None,
) -> list[Choice]:
    """The fields of `table` that the columns hold, each column and field once.

    Parameters
    ----------
    answers
        Column -> the field that a person said it holds, or an empty string where it holds none of them.
    without
        A file whose own words are left out of the vocabulary.
    """
    answers = answers or {}
    free = {column: text for column, text in headers.items() if column not in answers}
    scores = {column: _scores(text, looks[column], table, without) for column, text in free.items()}
    traps = {
        column: max((score for name, score in found.items() if name.startswith("-")), default=0.0)
        for column, found in scores.items()
    }
    told = set(answers.values())
    fields = sorted({name for found in scores.values() for name in found if not name.startswith("-")} - told)
    columns = sorted(free)
    gains = [
        [max(0.0, scores[column].get(name, 0.0) - max(ENOUGH, traps[column])) for column in columns] for name in fields
    ]
    chosen = {
        fields[row]: columns[place] for row, place in enumerate(assign(gains)) if place >= 0 and gains[row][place] > 0
    }
    said = [Choice(name, column, 2 * ENOUGH, 1.0) for column, name in answers.items() if name and column in headers]
    return said + [
        Choice(
            name,
            column,
            scores[column][name],
            max(
                ASK_BELOW if _says_out(name, field_scores(headers[column], table, without), looks[column]) else 0.0,
                min(
                    _confidence(name, column, scores, chosen),
                    1.0 if name in field_scores(headers[column], table, without) else _BY_LOOK_AT_MOST.get(name, 0.75),
                ),
            ),
        )
        for name, column in chosen.items()
    ]


def _says_out(name: str, named: Mapping[str, float], look: Look) -> bool:
    """Whether a header names the field and nothing else, and its cells do not say otherwise: « siret » over few cells."""
    others = max((score for field, score in named.items() if field != name), default=0.0)
    silent = name not in _TYPED or look["filled"] < _WRITTEN_ENOUGH
    return silent and named.get(name, 0.0) >= max(_IN_FULL, others + 1.0)


def with_a_name(choices: list[Choice], looks: Mapping[int, Look], places: frozenset[str]) -> list[Choice]:
    """A table that says where and how places are reached names them: its most telling column of words, to be asked."""
    found = {choice.field for choice in choices}
    if "name" in found or len(found & places) < _SURELY_PLACES:
        return choices
    taken = {choice.column for choice in choices}
    scores = {
        column: look["distinct"] + look["organisation"]
        for column, look in looks.items()
        if column not in taken
        and look["filled"] > 0.8
        and look["words"] > 0.8
        and look["long"] < 0.2
        and look["distinct"] > 0.6
        and look.get("boolean", 0.0) < 0.5
    }
    if not scores:  # a list of communes' town halls: the commune is all the name that it gives
        commune = next((choice.column for choice in choices if choice.field == "commune"), None)
        return choices if commune is None else [*choices, Choice("name", commune, ENOUGH, 0.3)]
    best = max(scores, key=lambda column: (scores[column], -column))
    return [*choices, Choice("name", best, ENOUGH, 0.3)]


def _scores(header: str, look: Look, table: str, without: str | None) -> dict[str, float]:
    named = field_scores(header, table, without)
    scores = {
        name: score if name.startswith("-") else score + _worth(name, look, score) for name, score in named.items()
    }
    if table == "places" and look["filled"] >= _WRITTEN_ENOUGH:
        for name in _given_away(look):
            if name not in named and (name != "updated_on" or not named):  # « Ouverture » may be a date of anything
                scores[name] = _worth(name, look, 0.0)
    return scores


def _given_away(look: Look) -> list[str]:
    found = [name for name, share in _BY_LOOK.items() if look.get(name, 0.0) >= share]
    if look.get("long", 0.0) > 0.4:
        return [name for name in found if name == "opening_hours"]
    if look.get("organisation", 0.0) >= 0.6 and look.get("distinct", 0.0) >= 0.6 and not found:
        found.append("name")
    if look.get("type", 0.0) >= 0.6 and classifies(look):
        found.append("type")
    for name, other in (("latitude", "longitude"), ("longitude", "latitude")):
        if look.get(name, 0.0) >= 0.95 and look.get(other, 0.0) < look[name] and look["distinct"] > 0.3:
            found.append(name)
    if look.get("both_degrees", 0.0) >= _BY_LOOK["phone"]:
        found.append("latitude")  # which a point in one cell stands under
    if look["distinct"] == 1.0 and look.get("whole_number", 0.0) == 1.0 and not found and look["filled"] == 1.0:
        found.append("local_id")
    return found


def _worth(name: str, look: Look, named: float) -> float:
    """What the cells add to, or take from, the header's score."""
    if look["filled"] == 0:
        return -0.4
    fill = 0.5 * look["filled"]
    if name in _TYPED:
        if name == "address_number" and look.get("counted"):
            return fill - 4.0
        share = look.get(name, 0.0)
        if share >= 0.4:
            return fill + 1.6 * share + (0.0 if named else 0.2) + 0.6 * look.get("fits", 0.0) * (name == "commune")
        # An address may be a place name, a commune one of another vintage: only the wholly foreign is refused.
        kept = 0.8 if share >= 0.12 or name == "address" or look.get(f"{name}_like", 0.0) > 0.5 else 1.9
        return fill - kept
    special = _SPECIAL.get(name)
    return fill + (special(look, named) if special else 0.0)


def _degrees(name: str, other: str, look: Look, named: float) -> float:
    share, opposite = look.get(name, 0.0), look.get(other, 0.0)
    if look.get("both_degrees", 0.0) > 0.5:
        return 0.0 if named else 1.5 if name == "latitude" else -4.0
    if look.get("metres", 0.0) > 0.5:
        return 0.0 if named else -4.0
    if share > max(0.5, opposite):
        return 2.5 if named else 1.8
    return 0.5 if share > 0.5 and share == opposite else -4.0


def _hours(look: Look, named: float) -> float:
    share = look.get("opening_hours", 0.0)
    if share > 0.2:
        return 1.8 * share
    return -0.6 if share == 0 and look.get("boolean", 0.0) < 0.5 and named else -3.0


def _unlike_words(look: Look) -> float:
    """What no name looks like: addresses of machines, ticks, bare numbers."""
    foreign = max(look.get(kind, 0.0) for kind in ("email", "website", "boolean", "phone", "updated_on"))
    return 3.0 * (foreign > 0.7) + 1.5 * (look.get("words", 1.0) < 0.3)


def _name(look: Look, named: float) -> float:
    repeated = 1.0 if classifies(look) else 0.0
    return (
        (0.0 if named else 0.5)
        + 0.8 * look.get("organisation", 0.0)
        + 0.3 * (look["distinct"] > 0.6)
        - _unlike_words(look)
        - 1.5 * (look.get("very_long", 0.0) > 0.4)
        - 1.2 * (look.get("commune", 0.0) > 0.8)
        - repeated
    )


def _local_id(look: Look, named: float) -> float:
    foreign = max(look.get(kind, 0.0) for kind in ("email", "website", "phone", "latitude", "longitude", "prose"))
    serial = 1.2 if not named and look.get("whole_number", 0.0) == 1.0 else 0.0
    if look.get("counted") and 0.0 < named < ENOUGH:
        return -4.0  # « N° » over 1, 2, 3 says the rows, not the places
    return serial + 0.3 * (look["distinct"] > 0.98) - 3.0 * (foreign > 0.7) - 1.2 * (look["distinct"] < 0.8)


def _itinerant(look: Look, _: float) -> float:
    return 0.6 if look.get("boolean", 0.0) > 0.6 else (-3.0 if not classifies(look) or look["long"] > 0.2 else 0.0)


_SPECIAL: dict[str, Callable[[Look, float], float]] = {
    "latitude": lambda look, named: _degrees("latitude", "longitude", look, named),
    "longitude": lambda look, named: _degrees("longitude", "latitude", look, named),
    "opening_hours": _hours,
    "name": _name,
    "place": _name,
    "local_id": _local_id,
    "itinerant": _itinerant,
    "type": lambda look, named: (
        (0.9 if named else 1.4) * look.get("type", 0.0) - _unlike_words(look) - 1.5 * (look.get("long", 0.0) > 0.5)
    ),
    "carrier": lambda look, _: 0.4 * look.get("organisation", 0.0) - _unlike_words(look),
    "description": lambda look, _: 0.6 * look.get("long", 0.0) - _unlike_words(look),
    "address_extra": lambda look, _: -_unlike_words(look) if look.get("boolean", 0.0) > 0.7 else 0.0,
}


def _confidence(name: str, column: int, scores: Mapping[int, dict[str, float]], chosen: Mapping[str, int]) -> float:
    """How strong the pair is, and how far ahead of what else the column, or the field, could have been."""
    score = scores[column][name]
    rivals = [other for field, other in scores[column].items() if field != name and chosen.get(field, column) == column]
    taken = set(chosen.values())
    rivals += [found[name] for place, found in scores.items() if place not in taken and name in found]
    ahead = score - max(rivals, default=0.0)
    return round((0.55 + 0.45 * max(0.0, min(1.0, ahead))) / (1.0 + math.exp(-1.3 * (score - 2.1))), 3)


def assign(gains: Sequence[Sequence[float]]) -> list[int]:
    """For each row the column that makes the sum of gains the greatest; -1 where there are too few columns.

    The Hungarian method by shortest augmenting paths: scipy has it, and takes half a second to import, a quarter of
    what a whole report may take.
    """
    rows, width = len(gains), max((len(row) for row in gains), default=0)
    columns = max(rows, width)
    costs = [[-gain for gain in row] + [0.0] * (columns - width) for row in gains]
    of_row, of_column = [0.0] * (rows + 1), [0.0] * (columns + 1)
    owner = [0] * (columns + 1)  # column -> its row, both counted from 1
    for row in range(1, rows + 1):
        owner[0] = row
        place, way = _cheapest_way(costs, owner, of_row, of_column)
        while place:
            owner[place], place = owner[way[place]], way[place]
    found = [-1] * rows
    for column in range(1, width + 1):
        if owner[column]:
            found[owner[column] - 1] = column - 1
    return found


def _cheapest_way(
    costs: Sequence[Sequence[float]], owner: Sequence[int], of_row: list[float], of_column: list[float]
) -> tuple[int, list[int]]:
    """A free column and, for each column on the way to it, the one before; prices are brought up to date."""
    size = len(owner)
    reached, way, best, place = [False] * size, [0] * size, [math.inf] * size, 0
    while owner[place]:
        reached[place] = True
        current, least, following = owner[place], math.inf, 0
        for column in range(1, size):
            if reached[column]:
                continue
            cost = costs[current - 1][column - 1] - of_row[current] - of_column[column]
            if cost < best[column]:
                best[column], way[column] = cost, place
            if best[column] < least:
                least, following = best[column], column
        for column in range(size):
            if reached[column]:
                of_row[owner[column]] += least
                of_column[column] -= least
            else:
                best[column] -= least
        place = following
    return place, way
