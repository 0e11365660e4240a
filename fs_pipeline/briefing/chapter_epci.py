"""The appendix by intercommunalité, for a département of many communes; the annexes have it for all."""

from __future__ import annotations

from fs_pipeline import french
from fs_pipeline.briefing.evidence import Evidence, named, number, rows_of
from fs_pipeline.briefing.slot import Row, SlotTables, records
from fs_pipeline.briefing.view_epci import Epci, Epcis

MANY_COMMUNES = 100
_COLUMNS = (
    "epci", "epci_name", "communes", "population", "population_not_computed", "share_near", "share_far", "communes_beyond",
    "communes_not_computed", "houses", "buses", "others",
)  # fmt: skip


def epcis(tables: SlotTables) -> Epcis:
    """In the order of their inhabitants; no row where the département has `MANY_COMMUNES` communes or fewer."""
    rows = records(tables.epci_access, *_COLUMNS) if len(tables.communes) > MANY_COMMUNES else []
    lost = sum(row["population_not_computed"] for row in rows)
    return Epcis(
        title="Par intercommunalité",
        lead=f"{french.count(len(rows), 'intercommunalité')}, la plus peuplée d’abord\u00a0: ses seules communes du département.",
        rows=tuple(_epci(row) for row in rows),
        trust=f"n\u00a0=\u00a0{french.count(sum(row['communes'] for row in rows), 'commune')} · non calculé, hors des "
        f"parts\u00a0: {french.count(lost, 'habitant')} · lieux\u00a0: France services fixes de la liste, bus, autres · par "
        "arrondissement\u00a0: non calculé, aucune source lue ne dit l’arrondissement d’une commune.",
    )


def _epci(row: Row) -> Epci:
    beyond = french.out_of(row["communes_beyond"], row["communes"])
    if row["communes_not_computed"]:
        beyond += f"\u202f; non calculées\u00a0: {french.number(row['communes_not_computed'])}"
    return Epci(
        name=french.typographic(row["epci_name"]),
        communes=french.number(row["communes"]),
        population=french.number(row["population"]),
        near=french.share(row["share_near"]),
        far=french.share(row["share_far"]),
        beyond=beyond,
        places=", ".join(french.number(row[name]) for name in ("houses", "buses", "others")),
        evidence=Evidence(
            named(row, "epci"),
            (
                number(row, "share_near", "share", row["population"], "inhabitants"),
                number(row, "share_far", "share", row["population"], "inhabitants"),
                number(row, "communes_beyond", "communes", row["communes"], "communes"),
                *(number(row, name, "places") for name in ("houses", "buses", "others")),
            ),
            (rows_of("epci_access", row, "epci"),),
        ),
    )
