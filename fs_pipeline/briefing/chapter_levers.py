"""What one act would change: moves simulated one at a time, ranked by inhabitants x hours a week."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from fs_pipeline import french
from fs_pipeline.briefing.acts import DEPARTEMENT, KEYS, Acts, ActWords, hours, of_house_and_stop, unit
from fs_pipeline.briefing.evidence import Evidence, named, number, rows_of
from fs_pipeline.briefing.slot import Row, SlotTables
from fs_pipeline.briefing.view import Lever, Levers
from fs_pipeline.briefing.words import METHOD_NAMES, WITHHELD
from fs_pipeline.briefing.words import named as in_french
from fs_pipeline.coverage.levers import acts
from fs_pipeline.coverage.longer_hours import HARDLY_FARTHER_MIN

SHOWN = 8
_OF_A_KIND = 3
_TOGETHER = 3  # new places of which the common gain is told
Move = tuple[Row, Row | None]  # and its other form


def levers(tables: SlotTables, told: Acts) -> Levers:
    """At most three moves of a kind and one a démarche, so that eight lines don't say the same thing."""
    rows, words = told.moves, told.words
    chosen = sorted(_chosen(rows), key=lambda move: _in_order(move[0]))
    shown = chosen[:SHOWN]
    most = max((row["inhabitant_hours"] or 0.0 for row, _ in shown), default=0.0) or 1.0
    reached = tables.gaps[tables.gaps["minutes"].notna()]
    reasons = dict(zip(reached["insee"], reached["reason"], strict=True))
    methods = sorted(
        {
            in_french(METHOD_NAMES, method, "méthode non précisée")
            for method in tables.access_minutes["method"].dropna().unique()
            if method != "not_computed"
        }
    )
    how = ", ".join(methods) or "non calculés"
    near = tables.thresholds.near
    together = _together(rows, words, near)
    withheld = tables.withholds("levers")
    return Levers(
        title="Ce qu’un seul geste changerait",
        lead=f"Un geste à la fois, tout le reste égal\u00a0: habitants ramenés au moins à {near}\u00a0minutes ou moins, puis "
        f"multipliés par les heures de présence que le geste apporte chaque semaine. Ce produit donne l’ordre.{together}",
        rows=tuple(_lever(place, move, rows, words, reasons, most) for place, move in enumerate(shown, start=1)),
        empty=None if shown or withheld else f"Aucun geste\u00a0: {_NONE}.",
        left_out=WITHHELD if withheld else None if shown else _NONE,
        trust=""
        if withheld
        else f"n\u00a0=\u00a0{french.out_of(len(shown), len(chosen), 'geste retenu', 'gestes retenus')}, parmi "
        f"{french.number(_simulated(rows))} simulés · au moins\u00a0: qui est loin aujourd’hui même au plus "
        f"court de la fourchette des vitesses, et près ensuite même au plus long, où qu’il vive dans sa commune · temps {how} · "
        f"les gains ne s’additionnent "
        f"pas · un lieu ouvert l’est "
        f"{french.number(acts()['new_place'].hours)}\u00a0h par semaine, minimum de la charte nationale\u202f; un arrêt de bus, "
        f"une demi-journée ({french.number(acts()['bus_stop'].hours)}\u00a0h) · une plage horaire compte les habitants qui "
        f"trouveraient alors un lieu ouvert, en moyenne de ses heures, et qui n’en ont pas d’autre plus proche de plus de "
        f"{french.number(HARDLY_FARTHER_MIN)}\u00a0minutes · {_costs()}.",
    )


_NONE = "aucun temps de trajet n’est calculé, ou aucun geste ne rapprocherait quelqu’un à coup sûr"


def _in_order(row: Row) -> tuple[bool, float, float, str, str]:
    known = row["inhabitant_hours"]
    return (known is None, -(known or 0.0), -row["inhabitants_gained_alone"], row["move"], row["insee"])


def _chosen(rows: list[Row]) -> Iterator[Move]:
    whole = of_house_and_stop([row for row in rows if row["scope"] == DEPARTEMENT])
    whole.sort(key=lambda move: (move[0]["move"], move[0]["demarche_id"], _in_order(move[0])))
    for (kind, _), group in groupby(whole, lambda move: (move[0]["move"], move[0]["demarche_id"])):
        yield from list(group)[: 1 if kind == "open_demarche" else _OF_A_KIND]


def _simulated(rows: list[Row]) -> int:
    """Moves tried over the whole département, those of the bus being another form of the same ones."""
    tried = {
        (row["move"], row["demarche_id"]): int(row["simulated"] or 0)
        for row in rows
        if row["scope"] == DEPARTEMENT and row["move"] != "bus_stop"
    }
    return sum(tried.values())


def _together(rows: list[Row], words: ActWords, near: int) -> str:
    new = sorted(
        (row for row in rows if row["scope"] == DEPARTEMENT and row["move"] == "new_place"), key=lambda row: row["rank"]
    )
    if len(new) < _TOGETHER:
        return ""
    chosen = new[:_TOGETHER]
    names = [words.at(row["insee"]) for row in chosen]
    last = chosen[-1]
    people = french.count(last["inhabitants_gained_together"], "habitant")
    proven = french.share(last["guarantee"])
    return (
        f" Trois France services ouvertes {names[0]}, {names[1]} et {names[2]} en rapprocheraient ensemble au moins {people}, "
        f"soit {proven} ou plus du mieux que trois puissent faire."
    )


def _costs() -> str:
    said = [
        f"{name}\u00a0: {french.typographic(', '.join(filter(None, (act.cost, act.delay))))}"
        for name, act in acts().items()
        if act.cost or act.delay
    ]
    return "coût et délai\u00a0: " + (", ".join(said) if said else "non chiffrés, faute de source")


def _lever(
    place: int, move: Move, moves: Sequence[Row], words: ActWords, reasons: Mapping[str, str | None], most: float
) -> Lever:
    """`reasons` say of communes how far their own place is: nobody is told to open what stands there without it."""
    row, stop = move
    own = reasons.get(row["insee"]) if row["move"] == "new_place" else None
    notes = [
        french.typographic(own) if isinstance(own, str) else "",
        words.counted(row),
        words.bus(row),
        words.elsewhere(row),
        words.after(row, moves),
        words.set_aside(row),
        f"ou un arrêt de bus, {hours(stop)}\u00a0: {unit(stop)}" if stop else "",
    ]
    return Lever(
        rank=french.number(place),
        act=words.act(row),
        where=words.where(row),
        note="\u202f; ".join(filter(None, notes)),
        gained=french.number(row["inhabitants_gained_alone"]),
        hours=hours(row),
        unit=unit(row),
        bar=(row["inhabitant_hours"] or 0.0) / most,
        evidence=Evidence(
            keys=named(row, *KEYS),
            figures=tuple(
                number(one, column, what, name=f"{form}{column}")
                for form, one in (("", row), ("bus_stop_", stop))
                if one is not None
                for column, what in (
                    ("inhabitants_gained_alone", "inhabitants"),
                    ("hours_a_week", "hours"),
                    ("inhabitant_hours", "inhabitant hours a week"),
                )
            ),
            rows=tuple(rows_of("levers", one, *KEYS) for one in (row, stop) if one is not None),
        ),
    )
