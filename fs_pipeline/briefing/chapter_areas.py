"""The appendix by arrondissement and by intercommunalité, for a département of many communes; the annexes have it for all."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from fs_pipeline import french
from fs_pipeline.briefing.evidence import Evidence, named, number, rows_of
from fs_pipeline.briefing.slot import Row, SlotTables, records
from fs_pipeline.briefing.view_areas import Area, Areas
from fs_pipeline.coverage.by_area import AreaKind

MANY_COMMUNES = 100
_COUNTED = (
    "communes", "population", "population_not_computed", "share_near", "share_far", "communes_beyond",
    "communes_not_computed", "houses", "buses", "others",
)  # fmt: skip


def arrondissements(tables: SlotTables) -> Areas:
    """In the order of their inhabitants; no row where the département is one arrondissement, or small."""
    told = _areas(tables, "arrondissement", "Arrondissement", "le plus peuplé d’abord")
    return told if len(told.rows) > 1 else replace(told, rows=())


def epcis(tables: SlotTables) -> Areas:
    """In the order of their inhabitants; no row where the département has `MANY_COMMUNES` communes or fewer."""
    order = "la plus peuplée d’abord\u00a0: ses seules communes du département"
    return _areas(tables, "epci", "Intercommunalité", order)


def _areas(tables: SlotTables, kind: AreaKind, title: str, order: str) -> Areas:
    table: pd.DataFrame = getattr(tables, f"{kind}_access")
    rows = records(table, kind, f"{kind}_name", *_COUNTED) if len(tables.communes) > MANY_COMMUNES else []
    lost = sum(row["population_not_computed"] for row in rows)
    return Areas(
        title=f"Par {title.lower()}",
        kind=title,
        lead=f"{french.count(len(rows), title.lower())}, {order}.",
        rows=tuple(_area(row, kind) for row in rows),
        trust=f"n\u00a0=\u00a0{french.count(sum(row['communes'] for row in rows), 'commune')} · non calculé, hors des "
        f"parts\u00a0: {french.count(lost, 'habitant')} · lieux\u00a0: France services fixes de la liste, bus, autres.",
    )


def _area(row: Row, kind: AreaKind) -> Area:
    beyond = french.out_of(row["communes_beyond"], row["communes"])
    if row["communes_not_computed"]:
        beyond += f"\u202f; non calculées\u00a0: {french.number(row['communes_not_computed'])}"
    return Area(
        name=french.typographic(row[f"{kind}_name"]),
        communes=french.number(row["communes"]),
        population=french.number(row["population"]),
        near=french.share(row["share_near"]),
        far=french.share(row["share_far"]),
        beyond=beyond,
        places=", ".join(french.number(row[name]) for name in ("houses", "buses", "others")),
        evidence=Evidence(
            named(row, kind),
            (
                number(row, "share_near", "share", row["population"], "inhabitants"),
                number(row, "share_far", "share", row["population"], "inhabitants"),
                number(row, "communes_beyond", "communes", row["communes"], "communes"),
                *(number(row, name, "places") for name in ("houses", "buses", "others")),
            ),
            (rows_of(f"{kind}_access", row, kind),),
        ),
    )
