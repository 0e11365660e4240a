"""Page 5: where the survey and the national lists disagree, and one act for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from fs_pipeline import french
from fs_pipeline.briefing.evidence import of_difference, of_kind
from fs_pipeline.briefing.slot import Row, SlotTables, counts_of, records
from fs_pipeline.briefing.view import Difference, DifferenceGroup, Differences
from fs_pipeline.briefing.words import FIELD_NAMES, KINDS_OF_DIFFERENCE, NO_SURVEY, NOT_SAID, PRECISION_NAMES, named
from fs_pipeline.editions.edition import Edition

SHOWN, NAMED = 16, 60  # values, and places of one sort
_LONGEST = 110  # signs of a value
# What misleads the public first: a house said open that is closed, then when to come and whom to call.
_VALUES = ("hours", "phone", "address", "position", "insee", None)
_ONE_SIDED = ("perhaps_in_survey", "host_in_survey", "label_not_in_survey", "only_in_survey")
_COLUMNS = (
    "kind", "place_id", "name", "survey_name", "host", "commune", "insee", "field", "survey_value", "national_value",
    "survey_date", "source_date", "metres", "survey_precision", "national_precision", "phone", "email", "action",
)  # fmt: skip


def differences(tables: SlotTables, edition: Edition) -> Differences:
    """Counted by kind; each with its act, but for the public, who reads the counts."""
    rows = records(tables.discrepancies, *_COLUMNS)
    public = edition == "public"
    counts = Counter(row["kind"] for row in rows)
    known = counts_of(tables)
    counts["to_review"] += known["to_review"]
    kinds = tuple(
        (words.label, french.number(counts[kind]), french.typographic(words.action))
        for kind, words in KINDS_OF_DIFFERENCE.items()
        if edition == "internal" or kind != "to_review"  # who settles what is the prefecture's; its pairs are held back
    )
    told = [] if public else rows
    values = [row for row in told if row["kind"] in {"value_differs", "finer_detail"}]
    communes = dict(zip(tables.communes["insee"], tables.communes["name"], strict=True))
    more = None
    if public and rows:
        more = "Le détail, lieu par lieu, est réservé aux éditions interne et partenaires."
    elif len(values) > SHOWN:
        more = (
            f"{french.out_of(SHOWN, len(values))} valeurs sont montrées ici\u202f; toutes sont remises à la préfecture."
        )
    return Differences(
        title="Ce que l’enquête et les listes nationales disent autrement",
        lead=(
            f"{french.count(known['surveyed'], 'lieu', 'lieux')} dans l’enquête, "
            f"{french.count(known['listed'], 'lieu', 'lieux')}{_rows_of_the_list(known)} dans la liste des France services, "
            f"{french.number(known['in_both'])} dans les deux."
        ),
        kinds=kinds,
        closed=_groups(told, ("closed_or_moved",)),
        rows=tuple(_difference(row, communes) for row in _shown(values)),
        rows_action=french.sentence(next((row["action"] for row in values if row["action"]), "Appeler le lieu.")),
        groups=_groups(told, _ONE_SIDED),
        more=more,
        empty=None if rows else "Aucune différence n’a été trouvée entre l’enquête et les listes nationales.",
        left_out=None if rows or known["surveyed"] else f"{NO_SURVEY[:1].lower()}{NO_SURVEY[1:]}",
        trust=f"n\u00a0=\u00a0{french.count(len(rows), 'différence')}{_but_pairs(counts)} sur "
        f"{french.count(known['places'], 'lieu', 'lieux')} recensés · enquête et listes nationales, état\u00a0: {_dates(rows)}.",
    )


def told(row: Row, communes: Mapping[str, str]) -> str:
    """One row of ``discrepancies`` as the dossier says it, on one line, for whoever reads it beside its raw rows."""
    if row["kind"] not in {"value_differs", "finer_detail"}:
        return f"{_place_alone(row)}\u00a0: {KINDS_OF_DIFFERENCE[row['kind']].finding}"
    one = _difference(row, communes)
    return f"{one.place}, {one.commune}. {one.field}. Enquête\u00a0: {one.survey}. Liste\u00a0: {one.listed}."


def _groups(rows: list[Row], kinds: tuple[str, ...]) -> tuple[DifferenceGroup, ...]:
    """One a kind, its places in the order of their communes."""
    found = []
    for kind in kinds:
        own = sorted((row for row in rows if row["kind"] == kind), key=_by_place)
        if not own:
            continue
        words = KINDS_OF_DIFFERENCE[kind]
        finding = words.finding_many if len(own) > 1 else words.finding
        places = [_place_alone(row) for row in own[:NAMED]]
        if len(own) > NAMED:
            places.append(f"et {french.number(len(own) - NAMED)} autres, remis à la préfecture")
        found.append(
            DifferenceGroup(
                finding=f"{french.count(len(own), 'lieu', 'lieux')}\u00a0: {french.typographic(finding)}",
                action=french.sentence(own[0]["action"] or words.action),
                places=tuple(places),
                evidence=of_kind(kind, len(own)),
            )
        )
    return tuple(found)


def _place_alone(row: Row) -> str:
    """``France services Talence, à Talence (05 56…), à la Médiathèque de Thouars``."""
    ask = _ask(row)
    host = f"; dans l’enquête\u00a0: {row['host']}" if row["host"] else ""
    return french.typographic(
        f"{row['name'] or 'lieu sans nom'}, {_commune(row)}{f' ({ask})' if ask != NOT_SAID else ''}{host}"
    )


def _shown(rows: list[Row]) -> list[Row]:
    """At most ``SHOWN`` rows, in the order of the page: some of every sort, so that one with many hides no other."""
    ordered = sorted(rows, key=lambda row: (_rank(row), *_by_place(row)))
    before = Counter[int]()
    turns: list[tuple[int, int]] = []
    for row in ordered:
        turns.append((before[_rank(row)], len(turns)))
        before[_rank(row)] += 1
    return [ordered[place] for place in sorted(place for _, place in sorted(turns)[:SHOWN])]


def _rank(row: Row) -> int:
    if row["kind"] == "finer_detail":  # nobody is sent elsewhere by it
        return len(_VALUES) + 1
    return _VALUES.index(row["field"]) if row["field"] in _VALUES else len(_VALUES)


def _by_place(row: Row) -> tuple[str, str]:
    return row["commune"] or "", row["name"] or ""


def _difference(row: Row, communes: Mapping[str, str]) -> Difference:
    name = row["name"] or "lieu sans nom"
    other = f" (dans l’enquête\u00a0: {row['survey_name']})" if row["survey_name"] else ""
    field = named(FIELD_NAMES, row["field"], "valeur")
    if row["kind"] == "finer_detail":
        field = f"{field}, mêmes heures\u00a0; un côté en dit plus"
    if row["metres"] is not None:
        field = f"{field}\u00a0; points à {_metres(row['metres'])} l’un de l’autre"
    return Difference(
        place=french.typographic(f"{name}{other}"),
        commune=_commune(row),
        field=field,
        survey=french.typographic(_side(row, "survey", row["survey_date"], communes)),
        listed=french.typographic(_side(row, "national", row["source_date"], communes)),
        ask=_ask(row),
        evidence=of_difference(row),
    )


def _side(row: Row, side: str, date: str | None, communes: Mapping[str, str]) -> str:
    """What one side says, how precise its point is, and when it said so."""
    value = row[f"{side}_value"]
    if value is None:  # a value that differs stands on both sides: this one is withheld from these readers
        return "valeur réservée"
    text = str(value)
    if row["field"] in {"hours", "opening_hours"}:
        text = french.hours(text)
    elif row["field"] == "phone":
        text = french.phone(text)
    elif row["field"] == "insee":
        text = communes.get(text, text)
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
    precision = PRECISION_NAMES.get(row[f"{side}_precision"] or "")
    return ", ".join(filter(None, (text, precision))) + f" ({french.short_date(date)})"


def _metres(metres: float) -> str:
    return f"{french.number(metres)}\u00a0m" if metres < 1_000 else f"{french.number(metres / 1_000, 1)}\u00a0km"


def _commune(row: Row) -> str:
    return french.name(row["commune"] or row["insee"] or "commune inconnue")


def _ask(row: Row) -> str:
    """The place's phone, else its mailbox, as far as the edition has them."""
    return french.phone(row["phone"]) if row["phone"] else row["email"] or NOT_SAID


def _rows_of_the_list(known: dict[str, int]) -> str:
    """Where the list has more rows than places: two of one house, or one without a commune."""
    return f" ({french.count(known['listed_rows'], 'ligne')})" if known["listed_rows"] != known["listed"] else ""


def _but_pairs(counts: Counter[str]) -> str:
    return ", hors rapprochements à trancher," if counts["to_review"] else ""


def _dates(rows: list[Row]) -> str:
    dates = sorted({row["source_date"] for row in rows if row["source_date"] is not None})
    return ", ".join(french.date(one) for one in dates[-3:]) if dates else "date inconnue"
