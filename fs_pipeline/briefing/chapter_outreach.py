"""« Qui va vers qui »: stops and actors beside the communes whose people live far; the counts are ``outreach_counts``."""

from __future__ import annotations

from collections.abc import Iterator

from fs_pipeline import french
from fs_pipeline.briefing.evidence import Evidence, Number, Rows, number
from fs_pipeline.briefing.slot import Row, SlotTables, records
from fs_pipeline.briefing.stops import stops
from fs_pipeline.briefing.view import MapClass
from fs_pipeline.briefing.view_line import Line
from fs_pipeline.briefing.view_outreach import Actor, Outreach, Sign
from fs_pipeline.briefing.words import listed
from fs_pipeline.coverage.outreach import UNKNOWN, tally
from fs_pipeline.values.vocabularies import VocabularyName, labels_of
from fs_pipeline.warehouse.declared import declaration

ROUNDS_SHOWN = 14
ACTORS_SHOWN = 12
_NAMED = 12  # communes in the text that stands for the map
_KINDS_SHOWN = 8
_COUNTS = "outreach_counts"
_ACTOR_COLUMNS = (
    "name", "kind", "territory", "publics", "outreach_mode", "capacity", "contact",
    "phone", "email",
)  # fmt: skip
_MODE = ("mode réservé", "mode inconnu")
_PUBLICS = ("publics réservés", "publics inconnus")
_CONTACT = ("contact réservé", "contact inconnu")
_APART = "\u202f; "
_WHERE = frozenset({"stop", "latitude", "longitude"})


def outreach(tables: SlotTables, classes: tuple[MapClass, ...]) -> Outreach:
    """`classes` are those of the map, of which this one draws the same."""
    counted = records(tables.outreach_counts, *declaration(_COUNTS).names)
    rounds = tuple((one.name, one.where, one.when) for one in stops(tables))
    actors = sorted(tables.told("survey_actors", *_ACTOR_COLUMNS), key=lambda row: row["name"] or row["kind"] or "")
    drawn = tuple(Sign(one.code, one.label) for one in classes if one.detail != "aucune commune")
    marks = tuple(_marks(tables))
    return Outreach(
        title="Qui va vers qui",
        lead=_lead(tables, counted[0]) if counted else "",
        alt=_alt(tables, marks),
        classes=drawn,
        marks=marks,
        lines=tuple(_lines(tables, counted[0])) if counted else (),
        rounds=rounds[:ROUNDS_SHOWN],
        rounds_note=_rounds_note(len(rounds)),
        actors=tuple(_actor(row) for row in actors[:ACTORS_SHOWN]),
        actors_trust=f"n\u00a0=\u00a0{_shown(min(len(actors), ACTORS_SHOWN), len(actors))}.",
        trust=_trust(tables),
        left_out=None if rounds or actors else _nothing(tables),
    )


def _nothing(tables: SlotTables) -> str:
    surveyed = bool((tables.places["in_survey"] == True).any())  # noqa: E712
    return "l’enquête ne déclare ni tournée ni acteur" if surveyed else "aucune enquête n’a été déposée"


def _lead(tables: SlotTables, row: Row) -> str:
    near = tables.thresholds.near
    if not row["beyond"]:
        return f"Personne dont le trajet est calculé n’est à plus de {near}\u00a0minutes d’une France services fixe."
    if row["beyond_unreached"] is None:
        alone = french.out_of(row["beyond_without_stop"], row["beyond"])
        return f"{alone} habitants à plus de {near}\u00a0minutes n’ont pas d’arrêt déclaré dans leur commune."
    alone = french.out_of(row["beyond_unreached"], row["beyond"])
    return f"{alone} habitants à plus de {near}\u00a0minutes\u00a0: personne n’est déclaré aller dans leur commune."


def _lines(tables: SlotTables, row: Row) -> Iterator[Line]:
    near, far = tables.thresholds
    where = french.out_of(row["communes_with_stop"], row["communes"])
    said = f"{french.number(row['stops'])}, dans {where} communes"
    if row["stops_elsewhere"]:
        said += f"{_APART}commune inconnue ou d’ailleurs\u00a0: {french.number(row['stops_elsewhere'])}"
    yield _line("stops", "Arrêts déclarés", said, row, "stops", "stops_elsewhere", "communes_with_stop")
    reached = french.out_of(row["beyond_with_stop"], row["beyond"])
    towns = french.out_of(row["communes_beyond_with_stop"], row["communes_beyond"])
    lost = f"{_APART}trajet non calculé\u00a0: {french.count(row['communes_not_computed'], 'commune')}"
    said = f"{reached} habitants ({towns} communes) ont un arrêt dans leur commune"
    names = ("beyond_with_stop", "beyond", "communes_beyond_with_stop", "communes_beyond")
    yield _line(
        "with_stop", f"À plus de {near}\u00a0min", said + (lost if row["communes_not_computed"] else ""), row, *names
    )
    yield _nobody(row, far)
    yield _line("actors", "Acteurs déclarés", _actors_said(row), row, "actors", "actors_everywhere", "actors_in_some")
    yield from (_tallied(tables, *about) for about in _TALLIES if row["actors"])
    if row["buses"]:
        many = french.count(row["buses"], "bus ou itinérance", "bus ou itinérances")
        said = f"{many} au dossier\u00a0: leurs arrêts ne sont connus que s’ils sont déclarés"
        yield _line("buses", "Bus des listes", said, row, "buses")


def _nobody(row: Row, far: int) -> Line:
    """Who lives far where nobody is said to go; of stops alone for whom where actors go is withheld."""
    told = row["beyond_unreached"] is not None
    names = ("beyond_unreached", "communes_beyond_unreached")
    if not told:
        names = ("beyond_without_stop", "communes_beyond_without_stop")
    people, towns = french.count(row[names[0]], "habitant"), french.count(row[names[1]], "commune")
    if told:
        said = f"{people} de {towns}\u00a0: ni arrêt, ni acteur dont le territoire nomme la commune"
        return _line("nobody", "Ni arrêt ni acteur", said, row, *names)
    said = (
        f"{people} de {towns} n’ont pas d’arrêt, dont {french.number(row['far_without_stop'])} à plus de {far}\u00a0min"
    )
    return _line(
        "nobody", "Sans arrêt", f"{said}{_APART}où vont les acteurs est réservé", row, *names, "far_without_stop"
    )


_TALLIES: tuple[tuple[VocabularyName, str, str, str], ...] = (
    ("publics", "publics", "Publics", "non dits"),
    ("outreach_modes", "outreach_mode", "Modes", "non dits"),
)


def _actors_said(row: Row) -> str:
    if row["actors_everywhere"] is None:
        return f"{french.number(row['actors'])}{_APART}leur territoire est réservé"
    said = [french.number(row["actors"])]
    for name, what in (
        ("actors_everywhere", "tout le département"),
        ("actors_in_some", "des communes ou intercommunalités"),
        ("actors_not_understood", "territoire qui ne se place pas sur la carte"),
        ("actors_without_territory", "territoire non dit"),
    ):
        if row[name]:
            said.append(f"{what}\u00a0: {french.number(row[name])}")
    return _APART.join(said)


def _tallied(tables: SlotTables, vocabulary: VocabularyName, column: str, label: str, none: str) -> Line:
    """« Seniors (3), Jeunes (1) ; non dits : 2 »; an actor may name several."""
    names, found = labels_of(vocabulary), tally(tables.survey_actors, column)
    told = [(names.get(code, code), many) for code, many in found if code != UNKNOWN]
    said = ", ".join(f"{french.typographic(name)}\u00a0({french.number(many)})" for name, many in told[:_KINDS_SHOWN])
    said += f" et {french.count(len(told) - _KINDS_SHOWN, 'autre')}" if len(told) > _KINDS_SHOWN else ""
    unsaid = dict(found).get(UNKNOWN, 0)
    parts = [said] if said else []
    parts += [f"{none}\u00a0: {french.number(unsaid)}"] if unsaid else []
    figures = tuple(
        Number(code or "not_said", many, "actors", len(tables.survey_actors), "actors") for code, many in found
    )
    return Line(column, label, _APART.join(parts), Evidence((("outreach", column),), figures, (Rows("survey_actors"),)))


def _line(key: str, label: str, said: str, row: Row, *names: str) -> Line:
    figures = tuple(
        number(row, name, "inhabitants" if name.startswith(("beyond", "far")) else "count") for name in names
    )
    return Line(key, label, said, Evidence((("outreach", key),), figures, (Rows(_COUNTS),)))


def _marks(tables: SlotTables) -> Iterator[Sign]:
    if tables.outreach["stops"].fillna(0).gt(0).any():
        yield Sign("stop", "arrêt ou permanence")
    if tables.outreach["actors"].fillna(0).gt(0).any():
        yield Sign("territory", "communes nommées par le territoire d’un acteur")


def _alt(tables: SlotTables, marks: tuple[Sign, ...]) -> str:
    rows = records(tables.outreach, "commune", "stops", "actors")
    said = [
        f"Carte du département {tables.departement_name}\u00a0: communes par temps de trajet, comme sur la grande carte."
    ]
    columns = {"stop": "stops", "territory": "actors"}
    for mark in marks:
        names = sorted(french.name(row["commune"]) for row in rows if row[columns[mark.code]])
        others = f" et {french.count(len(names) - _NAMED, 'autre')}" if len(names) > _NAMED else ""
        said.append(f"{french.start(mark.label)}\u00a0: {', '.join(names[:_NAMED])}{others}.")
    return french.typographic(" ".join(said))


def _trust(tables: SlotTables) -> str:
    said = [
        "Source\u00a0: enquête départementale, non vérifiée. Un arrêt ne dit pas qui s’y rend, et une commune sans arrêt déclaré "
        "peut en avoir un que l’enquête tait. Les bus ne sont pas comptés dans les temps de trajet."
    ]
    if any(gone & _WHERE for gone in tables.reserved("survey_rounds")):
        said.append(
            "Le nom ou le point d’arrêts est réservé\u00a0: la carte les met au milieu de leur commune, ou près d’eux."
        )
    return " ".join(said)


def _rounds_note(total: int) -> str:
    if not total:
        return "Aucune tournée ni permanence n’a été déclarée."
    shown = min(total, ROUNDS_SHOWN)
    all_in = "\u202f; tous sont dans les annexes" if shown < total else ""
    said = french.count(shown, "arrêt") if shown == total else f"{french.out_of(shown, total, 'arrêt')}"
    return f"{said} d’après l’enquête{all_in}."


def _actor(row: Row) -> Actor:
    modes = [listed("outreach_modes", row["outreach_mode"], _lacking(row, ("outreach_mode",), *_MODE))]
    if row["capacity"] is not None:
        modes.append(french.typographic(str(row["capacity"])))
    whom = [str(text) for text in (listed("publics", row["publics"], ""), row["territory"]) if text]
    reach = [french.phone(str(row["phone"])) if row["phone"] else None, row["email"], row["contact"]]
    return Actor(
        name=french.typographic(row["name"] or _lacking(row, ("name",), "nom réservé", "acteur sans nom")),
        kind=listed("actor_kinds", row["kind"], _lacking(row, ("kind",), "nature réservée", "nature inconnue")),
        publics=french.typographic(" · ".join(whom)) or _lacking(row, ("publics", "territory"), *_PUBLICS),
        outreach=", ".join(modes),
        contact=" · ".join(str(one) for one in reach if one) or _lacking(row, ("phone", "email", "contact"), *_CONTACT),
    )


def _lacking(row: Row, columns: tuple[str, ...], withheld: str, unknown: str) -> str:
    """What is said where nothing can be: that it is withheld, or that nobody knows it."""
    return withheld if row["reserved"] & {*columns} else unknown


def _shown(shown: int, declared: int) -> str:
    return french.out_of(shown, declared, "acteur déclaré", "acteurs déclarés")
