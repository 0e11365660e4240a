"""The web map's page: what it lists and what it draws, in one file that opens from disk.

The list says all that the map says, and stands without JavaScript. Every figure is one of the dossier's.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from fs_pipeline import french
from fs_pipeline.briefing.html import render, style
from fs_pipeline.briefing.map_gaps import ListedGap, listed_gaps
from fs_pipeline.briefing.map_help import help_data
from fs_pipeline.briefing.map_hours import hours_data
from fs_pipeline.briefing.map_need import need_data
from fs_pipeline.briefing.map_places import LEVELS, PlaceGroup, help_levels, place_groups
from fs_pipeline.briefing.map_provenance import decisions, sources_of_values
from fs_pipeline.briefing.simulation import Simulation, simulation
from fs_pipeline.briefing.slot import Row, SlotTables, records, silence
from fs_pipeline.briefing.stops import Stop, stops
from fs_pipeline.briefing.view import Brief, MatrixRow
from fs_pipeline.briefing.words import EVIDENCE_CODES, KIND_NAMES, NOT_SAID, named
from fs_pipeline.cartography import palette
from fs_pipeline.cartography.once import Once
from fs_pipeline.cartography.web_geometry import UNITS_A_DEGREE, compact_borders, compact_contours
from fs_pipeline.cartography.web_libraries import vendored
from fs_pipeline.coverage.simulator import class_ends
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.editions.hidden_minutes import KEPT_INSIDE
from fs_pipeline.territory.shipped import load_territory

if TYPE_CHECKING:
    import geopandas as gpd

_NEVER_IN_A_SCRIPT = re.compile("[<>&\u2028\u2029]")
_RESERVABLE = {
    "Adresse": "address", "Horaires": "opening_hours", "Téléphone": "phone", "Courriel": "email", "Site": "website",
    "Porté par": "carrier",
}  # fmt: skip
_FIELDS_OF = {
    "Adresse": ("address", "postcode"), "Horaires": ("opening_hours",), "Téléphone": ("phone",), "Courriel": ("email",),
    "Site": ("website",), "Porté par": ("carrier",), "Format": ("kind",),
}  # fmt: skip
_ROLE_ORDER = ("fixed", "antenne", "itinerant", "other")
_PLACE_COLUMNS = (
    "place_id", "name", "role", "kind", "carrier", "address", "postcode", "commune", "phone", "email", "website",
    "opening_hours", "in_survey", "in_france_services",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListedPlace:
    """A place as the list and its card show it; every text is written."""

    place_id: str
    name: str
    role: str
    role_label: str
    commune: str
    facts: tuple[tuple[str, str, str], ...]  # label, value, whose word it is
    position: tuple[float, float] | None  # latitude, longitude in degrees
    evidence: str  # one letter a démarche, first letters of EVIDENCE_CODES


@dataclass(frozen=True, slots=True)
class ListedCommune:
    """A commune as the table shows it."""

    name: str
    population: str
    minutes: str
    minutes_class: str  # of the web map, web_classes()
    postcodes: str  # apart by a space; empty where nobody says them


@dataclass(frozen=True, slots=True)
class ListedDemarche:
    """A démarche that can be chosen, and the sentence of its shares."""

    demarche_id: str
    label: str
    group: str
    sentence: str


def web_classes(thresholds: Thresholds, *, reserved: bool = False) -> tuple[tuple[str, str, float | None], ...]:
    """Classes of minutes: style, legend, most minutes; each threshold ends one, so that its border follows colours.

    `reserved` says whether minutes of some communes are kept from these readers.
    """
    ends = class_ends(thresholds)
    return (
        *((f"m{n}", f"{low}–{high}", float(high)) for n, (low, high) in enumerate(pairwise((0, *ends)), start=1)),
        ("m5", f"{ends[-1]} et plus", float("inf")),
        ("none", "non calculé, ou réservé" if reserved else "non calculé", None),
    )


@dataclass(frozen=True, eq=False, slots=True)
class MapContent:
    """What a web map lists and says, whatever draws it."""

    brief: Brief
    places: list[ListedPlace]
    communes: list[ListedCommune]
    demarches: list[ListedDemarche]
    groups: list[PlaceGroup]
    stops: tuple[Stop, ...]
    classes: tuple[tuple[str, str, float | None], ...]
    simulation: Simulation | None
    levels: Mapping[str, str]  # place_id to a letter a démarche
    gaps: list[ListedGap]
    need: list[dict[str, object]]
    data: dict[str, object]  # what the scripts read, but where anything is


def map_content(
    brief: Brief, tables: SlotTables, place_layer: gpd.GeoDataFrame, commune_layer: gpd.GeoDataFrame, once: Once
) -> MapContent:
    """What the web maps of one edition say.

    Parameters
    ----------
    brief
        The edition's dossier, from which titles, method and shares are taken.
    tables, place_layer, commune_layer
        What that edition lets out, and the layers drawn from it.
    once
        Makes once what the editions of a slot share.
    """
    demarches = once(_demarches, brief.matrix.rows, brief.near, silence(tables))
    withheld = dict(zip(tables.places["place_id"], tables.reserved("places"), strict=True))
    evidence = once(_evidence, tables.demarche_matrix, demarches)
    places = _places(
        place_layer, evidence, len(demarches), withheld, _Words(sources_of_values(tables), decisions(tables))
    )
    levels = help_levels(tables.demarche_matrix, [one.demarche_id for one in demarches])
    rows = _rows(tables, places)
    declared = stops(tables)
    groups = place_groups(rows, tables.reference_date)
    communes = once(listed_communes, commune_layer, tables.thresholds)
    classes = web_classes(tables.thresholds, reserved=bool(tables.access_minutes["reason"].eq(KEPT_INSIDE).any()))
    insees = once(_insees, commune_layer)
    tried = simulation(
        tables,
        [one.place_id if one.position else "" for one in places],
        insees,
        {one.demarche_id: one.label for one in demarches},
    )
    gaps = listed_gaps(tables, insees)
    need = once(need_data, tables.commune_need, insees)
    data = {
        "zones": [[one.communes, f"{one.names}\u00a0: {one.words}"] for one in gaps],
        "need": need,
        "classes": class_limits(classes),
        "communes": [[one.name, one.population, one.minutes, one.minutes_class, one.postcodes] for one in communes],
        "places": [[one.position, one.evidence, one.commune, levels.get(one.place_id, "")] for one in places],
        "stops": [one.position for one in declared],
        "levels": dict(LEVELS.values()),
        "groups": [one.numbers for one in groups],
        "demarches": {one.demarche_id: [place, one.sentence] for place, one in enumerate(demarches)},
        "hours": hours_data(tables, rows, withheld),
        "help": help_data(tables, insees, [one.demarche_id for one in demarches], once),
    }
    if tried:
        data |= {"simulation": tried.data}
    return MapContent(brief, places, communes, demarches, groups, declared, classes, tried, levels, gaps, need, data)


def class_limits(classes: Sequence[tuple[str, str, float | None]]) -> list[list[object]]:
    """Each class that ends, and the tenths of a minute at which it does, as the scripts read them."""
    return [[code, round(10 * most)] for code, _, most in classes if most is not None and math.isfinite(most)]


def write_map_page(
    brief: Brief, tables: SlotTables, place_layer: gpd.GeoDataFrame, commune_layer: gpd.GeoDataFrame, once: Once
) -> bytes:
    """``carte.html`` of one edition: one file, which draws by Leaflet; see `map_content`."""
    content = once(map_content, brief, tables, place_layer, commune_layer, once)
    shapes = {
        "units": UNITS_A_DEGREE,
        "contours": once(compact_contours, commune_layer),
        "borders": once(compact_borders, commune_layer, tables.thresholds),
    }
    return render(
        "carte.html.jinja",
        **page_values(content),
        web=None,
        css=_vendored("leaflet.css") + map_styles(content),
        scripts=(_vendored("leaflet.js"), *map(style, map_scripts("drawing_leaflet.js", content))),
        data=for_script(content.data | shapes),
    )


def page_values(content: MapContent) -> dict[str, object]:
    """What the page's template reads of it."""
    return {
        "brief": content.brief, "places": content.places, "communes": content.communes, "demarches": content.demarches,
        "groups": content.groups, "stops": content.stops, "classes": content.classes, "simulation": content.simulation,
        "gaps": content.gaps, "need": content.need, "palette": palette.for_templates(),
    }  # fmt: skip


def map_styles(content: MapContent) -> Markup:
    """The page's own style sheets."""
    return style("page.css", "carte.css", *(["simulateur.css"] if content.simulation else ()))


def map_scripts(drawing: str, content: MapContent | None) -> tuple[str, ...]:
    """The page's scripts, in order; `drawing` is the one that knows the library which draws."""
    tried = ("simulation.js", "simulateur.js") if content and content.simulation else ()
    return ("search.js", "limits.js", "help.js", "hours.js", drawing, "communes.js", "carte.js", *tried)


def _demarches(rows: tuple[MatrixRow, ...], near: int, why: str | None) -> list[ListedDemarche]:
    return [
        ListedDemarche(
            row.demarche_id,
            row.demarche,
            row.group,
            f"{f'{why}. ' if why else ''}Population à {near}\u00a0minutes ou moins\u00a0: {_confirmed(row)}{row.by_label_text} "
            f"d’une aide par le label seul{_general(row)}.",
        )
        for row in rows
    ]


def _confirmed(row: MatrixRow) -> str:
    return "" if row.confirmed_text == NOT_SAID else f"{row.confirmed_text} d’une aide confirmée, "


def _general(row: MatrixRow) -> str:
    return "" if row.general_text == NOT_SAID else f", {row.general_text} d’une aide déclarée en général seule"


@dataclass(frozen=True, eq=False, slots=True)
class _Words:
    """Whose word each value is, and what persons decided, by place."""

    sources: Mapping[str, Mapping[str, str]]
    decided: Mapping[str, tuple[str, ...]]

    def with_sources(self, place_id: str, facts: Sequence[tuple[str, str]]) -> tuple[tuple[str, str, str], ...]:
        """Each fact with its source; once for all of them, at the end, where they share it."""
        of_field = self.sources.get(place_id, {})
        told = [(label, value, _source_of(label, of_field)) for label, value in facts]
        known = {source for label, _, source in told if label in _FIELDS_OF}
        if len(known) == 1 and "" not in known:
            told = [*((label, value, "") for label, value in facts), ("Source", known.pop(), "")]
        return (*told, *(("Décision", reason, "") for reason in self.decided.get(place_id, ())))


def _source_of(label: str, of_field: Mapping[str, str]) -> str:
    return next((of_field[field] for field in _FIELDS_OF.get(label, ()) if field in of_field), "")


def _places(
    layer: gpd.GeoDataFrame,
    evidence: dict[str, str],
    demarches: int,
    withheld: Mapping[str, frozenset[str]],
    words: _Words,
) -> list[ListedPlace]:
    nothing = "u" * demarches
    xs, ys = layer.geometry.x, layer.geometry.y
    rows = zip(records(layer.drop(columns="geometry"), *_PLACE_COLUMNS), xs, ys, strict=True)
    found = [
        ListedPlace(
            place_id=row["place_id"],
            name=french.typographic(row["name"] or "lieu sans nom"),
            role=row["role"],
            role_label=palette.ROLE_SINGULAR[row["role"]],
            commune=french.name(row["commune"] or "commune inconnue"),
            facts=words.with_sources(row["place_id"], facts_of(row, withheld.get(row["place_id"], frozenset()))),
            position=None if pd.isna(x) or pd.isna(y) else (round(y, 5), round(x, 5)),
            evidence=evidence.get(row["place_id"], nothing),
        )
        for row, x, y in rows
    ]
    return sorted(found, key=lambda one: (_ROLE_ORDER.index(one.role), one.commune, one.name, one.place_id))


def _rows(tables: SlotTables, places: Sequence[ListedPlace]) -> list[Row]:
    """What says when the places of the page are open and who runs them, in its order."""
    columns = ("place_id", "opening_hours", "week_parity", "itinerant", "in_survey", "operator", "service_type")
    rows = {row["place_id"]: row for row in records(tables.places, *columns)}
    return [rows[one.place_id] for one in places]


def _evidence(matrix: pd.DataFrame, demarches: list[ListedDemarche]) -> dict[str, str]:
    """place_id to one letter a démarche."""
    column = {one.demarche_id: place for place, one in enumerate(demarches)}
    letters: dict[str, list[str]] = {}
    table = matrix[["place_id", "demarche_id", "evidence"]]
    for place_id, demarche, said in table.itertuples(index=False, name=None):
        if demarche in column:
            row = letters.setdefault(place_id, ["u"] * len(demarches))
            row[column[demarche]] = said[0] if said in EVIDENCE_CODES else "u"
    return {place_id: "".join(row) for place_id, row in letters.items()}


def facts_of(row: dict[str, object], withheld: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Label and value of what is known of a place; what is withheld, and what nobody knows, is said at the end."""
    address = ", ".join(
        str(part) for part in (row["address"], " ".join(str(p) for p in (row["postcode"], row["commune"]) if p)) if part
    )
    listed = {"enquête": row["in_survey"], "liste nationale des France services": row["in_france_services"]}
    known = {
        "Adresse": address or None,
        "Horaires": french.hours(str(row["opening_hours"])) if row["opening_hours"] else None,
        "Téléphone": french.phone(str(row["phone"])) if row["phone"] else None,
        "Courriel": row["email"],
        "Site": row["website"],
        "Porté par": row["carrier"],
        "Format": named(KIND_NAMES, str(row["kind"]) if row["kind"] else None, "") or None,
        "Vu dans": ", ".join(name for name, seen in listed.items() if seen) or None,
    }
    facts = [(label, french.typographic(str(value))) for label, value in known.items() if value]
    reserved = [label.lower() for label, column in _RESERVABLE.items() if column in withheld]
    unknown = [
        label.lower() for label in ("Horaires", "Téléphone") if not known[label] and label.lower() not in reserved
    ]
    facts += [(word, ", ".join(labels)) for word, labels in (("Réservé", reserved), ("Inconnu", unknown)) if labels]
    return tuple(facts)


def _insees(layer: gpd.GeoDataFrame) -> list[str]:
    insees: list[str] = layer["insee"].tolist()
    return insees


def listed_communes(layer: pd.DataFrame, thresholds: Thresholds) -> list[ListedCommune]:
    """The communes of a layer as they are told, in its order."""
    classes = web_classes(thresholds)
    rows = records(
        pd.DataFrame(layer.drop(columns="geometry", errors="ignore")),
        "insee",
        "name",
        "population",
        "minutes",
        "reason",
    )
    territory = load_territory()
    return [
        ListedCommune(
            name=french.name(row["name"] or "commune sans nom"),
            population="inconnue" if row["population"] is None else french.number(row["population"]),
            minutes=_minutes(row["minutes"], row["reason"], thresholds),
            minutes_class=_web_class(row["minutes"], classes),
            postcodes=" ".join(known.postcodes if (known := territory.commune(row["insee"])) else ()),
        )
        for row in rows
    ]


def _minutes(minutes: float | None, reason: str | None, thresholds: Thresholds) -> str:
    """How far a commune is, on the side on which the class of its colour is; what is reserved was computed."""
    if minutes is not None:
        return french.minutes(minutes, class_ends(thresholds))
    if reason == KEPT_INSIDE:
        return KEPT_INSIDE
    return "non calculé" + (f"\u00a0: {french.typographic(reason)}" if reason else "")


def _web_class(minutes: float | None, classes: Sequence[tuple[str, str, float | None]]) -> str:
    if minutes is None:
        return "none"
    return next(code for code, _, most in classes if most is not None and minutes <= most)


def for_script(data: object) -> Markup:
    """JSON that cannot end the script element it stands in, nor a line of it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(_NEVER_IN_A_SCRIPT.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text))  # noqa: S704  # no "<" is left


def _vendored(name: str) -> Markup:
    # A browser hashes what it reads, and it reads every line end as one sign.
    return Markup(vendored(name).decode().replace("\r\n", "\n"))  # noqa: S704  # a vendored file
