"""« Les engagements et la charte »: what was promised and where it stands, then the charter item by item."""

from __future__ import annotations

from fs_pipeline import french
from fs_pipeline.briefing.evidence import Evidence, Number, Rows, named, number, rows_of
from fs_pipeline.briefing.slot import Row, SlotTables, records
from fs_pipeline.briefing.view_charter import Charter, Item, Promise
from fs_pipeline.coverage.commitments import STATES

SHOWN = 14
_STATES = {
    "kept": ("tenu", "tenus"),
    "under_way": ("en cours", "en cours"),
    "late": ("en retard", "en retard"),
    "undated": ("sans échéance", "sans échéance"),
}
_ITEMS = (
    "position",
    "code",
    "title_fr",
    "indicator_fr",
    "unit",
    "draft",
    "state",
    "value",
    "n",
    "missing",
    "source_fr",
)
_PROMISES = ("position", "name", "kind", "commitment", "due_on", "status", "state", "days_late")


def charter(tables: SlotTables) -> Charter:
    """Readers who may not receive commitments are told so; the chapter is left out where nothing is known of either."""
    rows = tables.told("commitments", *_PROMISES) if not tables.withholds("commitments") else []
    items = sorted(records(tables.charter, *_ITEMS), key=lambda row: row["position"])
    withheld = tables.withholds("commitments") and bool(len(tables.survey_actors))
    known = rows or withheld or any(row["value"] is not None for row in items)
    counts = {state: sum(row["state"] == state for row in rows) for state in STATES}
    none = "Ce que les acteurs ont promis est réservé à la préfecture et à ses partenaires." if withheld else _NONE
    figures = tuple(Number(state, many, "commitments", len(rows), "commitments") for state, many in counts.items())
    return Charter(
        title="Les engagements et la charte",
        lead=_lead(counts) if rows else none,
        promises=tuple(_promise(row) for row in rows[:SHOWN]),
        promises_empty=None if rows else none,
        promises_trust=f"n\u00a0=\u00a0{french.out_of(min(len(rows), SHOWN), len(rows), 'engagement')}, au "
        f"{french.date(tables.reference_date)} · en retard\u00a0: échéance passée, et rien "
        "ne le dit tenu · source\u00a0: enquête, non vérifiée."
        if rows
        else "",
        items=tuple(_item(row) for row in items),
        items_trust="Projets d’article\u00a0: personne n’a validé leur texte. «\u00a0Non renseigné\u00a0» n’est pas zéro. "
        "Sans autre mention, la valeur vient des tables de ce dossier.",
        left_out=None if known else "ni engagement déclaré, ni article renseigné",
        evidence=Evidence(figures=figures, rows=(Rows("commitments" if rows else "charter"),)),
    )


_NONE = "Aucun engagement n’a été déclaré."


def _lead(counts: dict[str, int]) -> str:
    said = [f"{french.number(many)} {_STATES[state][many > 1]}" for state, many in counts.items() if many]
    many = sum(counts.values())
    return f"{french.count(many, 'engagement')}\u00a0: {', '.join(said)}."


def _promise(row: Row) -> Promise:
    who = row["name"] or ("acteur réservé" if "name" in row["reserved"] else "acteur sans nom")
    what = row["commitment"] or "engagement réservé"
    status = row["status"] or ("avancement réservé" if "status" in row["reserved"] else "")
    late = f"{french.age(int(row['days_late']))} de retard" if row["days_late"] is not None else ""
    said = "\u202f; ".join(filter(None, (late, french.typographic(status) if status else "aucun avancement écrit")))
    return Promise(
        code=row["state"],
        state=_STATES[row["state"]][0],
        what=french.typographic(what),
        who=french.typographic(who),
        due=french.date(row["due_on"]) if row["due_on"] else "sans échéance",
        proof=said,
        evidence=Evidence(
            (("position", row["position"]),),
            figures=(number(row, "days_late", "days"),),
            rows=(rows_of("commitments", row, "position"),),
        ),
    )


def _item(row: Row) -> Item:
    computed = row["value"] is not None
    value, trust = "non renseigné", ""
    if computed:
        share = f" ({french.share(row['value'] / row['n'])})" if row["n"] else ""
        value = f"{french.out_of(row['value'], row['n'])}{share}"
        lost = f"\u202f; inconnus\u00a0: {french.number(row['missing'])}" if row["missing"] else ""
        trust = f"source\u00a0: {row['source_fr']}{lost}"
    return Item(
        title=french.typographic(row["title_fr"]),
        draft="projet d’article" if row["draft"] else "",
        indicator=french.typographic(row["indicator_fr"]),
        value=value,
        trust=french.typographic(trust),
        evidence=Evidence(
            named(row, "code"),
            (number(row, "value", row["unit"], row["n"], row["unit"]),),
            (rows_of("charter", row, "code"),),
        ),
    )
