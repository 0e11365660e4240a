"""The box of the cover: how old what it rests on is, what has no date, what is not drawn, what waits, how sure minutes are."""

from __future__ import annotations

from collections.abc import Iterator

from fs_pipeline import french
from fs_pipeline.access.services import FRANCE_SERVICES
from fs_pipeline.briefing.evidence import Evidence, Number, Rows, number, rows_of
from fs_pipeline.briefing.slot import Row, SlotTables, records
from fs_pipeline.briefing.view_line import Line
from fs_pipeline.briefing.view_trust import Trust
from fs_pipeline.briefing.words import METHOD_NAMES, named
from fs_pipeline.coverage.trust import OLD_DAYS
from fs_pipeline.warehouse.declared import declaration

_TABLE = "brief_trust"
_NAMED = 2  # sources older than a year
_YEAR = "plus d’un an"
_APART = "\u202f; "


def trust(tables: SlotTables) -> Trust:
    """One line each, of those of which something is known."""
    rows = records(tables.brief_trust, *declaration(_TABLE).names)
    lines = [*(_of_row(tables, rows[0]) if rows else ()), *_minutes(tables)]
    return Trust(title="Ce que valent ces chiffres", lines=tuple(lines))


def _of_row(tables: SlotTables, row: Row) -> Iterator[Line]:
    said = _sources(tables, row)
    yield _line(row, "sources", "Sources", said, "sources", "sources_old", "sources_undated", "sources_absent")
    names = ("survey_rows", "survey_rows_old", "survey_rows_undated")
    said = _aged(row, *names, "ligne datée", "lignes datées") if row["survey_rows"] else "aucune ligne d’enquête"
    yield _line(row, "survey_rows", "Enquête", said, *names)
    names = ("places", "places_old", "places_undated")
    said = "aucun lieu n’est recensé"
    if row["places"]:
        said = _APART.join((_aged(row, *names, "lieu daté", "lieux datés"), _undrawn(tables, row)))
    yield _line(row, "places", "Lieux", said, *names, "places_without_point")
    yield _line(row, "pairs", "Doublons", _pairs(row), "pairs", "pairs_waiting")


def _sources(tables: SlotTables, row: Row) -> str:
    known = row["sources"] - row["sources_absent"] - row["sources_undated"]
    said = []
    if known:
        oldest, newest = row["oldest_source_on"], row["newest_source_on"]
        said.append(french.since(oldest) + (f" {french.until(newest)}" if oldest != newest else ""))
        titles = _old_titles(tables)
        which = f" ({', '.join(titles[:_NAMED])}{_others(len(titles) - _NAMED)})" if titles else ""
        said.append(f"{_YEAR}\u00a0: {french.out_of(row['sources_old'], known)}{which}")
    if row["sources_undated"]:
        said.append(f"sans date\u00a0: {french.number(row['sources_undated'])}")
    if row["sources_absent"]:
        said.append(f"absentes\u00a0: {french.out_of(row['sources_absent'], row['sources'])}")
    return _APART.join(said)


def _old_titles(tables: SlotTables) -> list[str]:
    """Of the sources older than a year, the oldest first, without what stands in brackets."""
    rows = [
        row
        for row in records(tables.brief_sources, "source", "title", "age_days", "state")
        if row["state"] != "absent" and row["age_days"] is not None and row["age_days"] > OLD_DAYS
    ]
    rows.sort(key=lambda row: (-row["age_days"], row["title"] or ""))
    return [french.typographic((row["title"] or row["source"]).partition(" (")[0]) for row in rows]


def _others(more: int) -> str:
    return f" et {french.count(more, 'autre')}" if more > 0 else ""


def _aged(row: Row, whole: str, old: str, undated: str, one: str, many: str) -> str:
    """« plus d’un an : 12 sur 32 lignes datées (38 %) ; sans date : 8 sur 40 »: what has no date is in no share."""
    dated = row[whole] - row[undated]
    if not dated:
        return f"aucune date sur {french.number(row[whole])}\u00a0: leur âge est inconnu"
    share = f" ({french.share(row[old] / dated)})" if row[old] else ""
    of_all = f"{_APART}sans date\u00a0: {french.out_of(row[undated], row[whole])}" if row[undated] else ""
    return f"{_YEAR}\u00a0: {french.out_of(row[old], dated)} {many if dated > 1 else one}{share}{of_all}"


def _undrawn(tables: SlotTables, row: Row) -> str:
    said = f"hors de la carte, sans position connue\u00a0: {french.out_of(row['places_without_point'], row['places'])}"
    held = tables.points_withheld + tables.places_withheld
    return f"{said}, position réservée\u00a0: {french.number(held)}" if held else said


def _pairs(row: Row) -> str:
    if row["pairs_waiting"] is None or row["pairs"] is None:
        return "ce qui reste à trancher est réservé à l’édition interne"
    waiting = (
        french.count(row["pairs_waiting"], "paire de lieux", "paires de lieux") if row["pairs_waiting"] else "rien"
    )
    return f"{waiting} à trancher, sur {french.count(row['pairs'], 'paire rapprochée', 'paires rapprochées')}"


def _line(row: Row, key: str, label: str, said: str, *names: str) -> Line:
    figures = tuple(number(row, name, "count", row[names[0]] if name != names[0] else None, names[0]) for name in names)
    return Line(key, label, french.typographic(said), Evidence((("trust", key),), figures, (Rows(_TABLE),)))


def _minutes(tables: SlotTables) -> Iterator[Line]:
    """The band of the share that is near, and who is in no share."""
    columns = (
        "service", "threshold", "share", "share_low", "share_high", "method", "population", "population_not_computed",
    )  # fmt: skip
    rows = [row for row in records(tables.access_shares, *columns) if row["service"] == FRANCE_SERVICES.kind]
    shown = sorted((row for row in rows if row["share"] is not None), key=lambda row: row["threshold"])
    if not shown:
        said = "aucun temps de trajet n’est calculé"
        yield Line("minutes", "Minutes", said, Evidence((("trust", "minutes"),), rows=(Rows("access_shares"),)))
        return
    parts = [_band(row) for row in shown]
    parts.append(named(METHOD_NAMES, shown[0]["method"], "méthode non précisée"))
    lost = shown[0]["population_not_computed"] or 0.0
    parts.append(f"non calculé\u00a0: {french.count(lost, 'habitant')}")
    counted = (shown[0]["population"] or 0.0) - lost
    figures = [
        Number(f"{name}_{row['threshold']}", row[name], "share", counted, "inhabitants")
        for row in shown
        for name in ("share_low", "share_high")
    ]
    figures.append(Number("population_not_computed", lost, "inhabitants", shown[0]["population"], "inhabitants"))
    where = tuple(rows_of("access_shares", row, "service", "threshold") for row in shown)
    yield Line("minutes", "Minutes", _APART.join(parts), Evidence((("trust", "minutes"),), tuple(figures), where))


def _band(row: Row) -> str:
    low, high = (french.share(row[name]) for name in ("share_low", "share_high"))
    about = f"à {row['threshold']}\u00a0min, "
    if row["share_low"] is None or row["share_high"] is None:
        return f"{about}fourchette non calculée"
    return f"{about}de {low} à {high} selon la vitesse" if low != high else f"{about}{low} quelle que soit la vitesse"
