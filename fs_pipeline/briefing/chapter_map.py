"""Page 2: who lives too far, and what the map shows in words."""

from __future__ import annotations

import pandas as pd

from fs_pipeline import french
from fs_pipeline.access.services import FRANCE_SERVICES
from fs_pipeline.briefing.evidence import Evidence, Rows, number
from fs_pipeline.briefing.slot import Row, SlotTables, classes_by_code, counts_of, located, records
from fs_pipeline.briefing.view import MapClass, MapRole, MapText
from fs_pipeline.briefing.words import METHOD_NAMES, named
from fs_pipeline.cartography.layers import place_role
from fs_pipeline.cartography.palette import ROLE_LABELS, class_labels

_DRAWN = ("survey", FRANCE_SERVICES.kind, "contours", "roads")


def map_text(tables: SlotTables) -> MapText:
    """Title, legend with inhabitants, alternative text and method."""
    classes = _classes(tables)
    roles = _roles(tables.places)
    by_code = {one.code: one for one in classes}
    near, far = tables.thresholds
    computed = any(one.code != "not_computed" and one.share > 0 for one in classes)
    whole = by_code["not_computed"].share == 0  # who has no journey is said to be near by nobody
    if not computed:
        title, lead = "Où sont les lieux", "Aucun temps de trajet n’est calculé : la carte montre les lieux seuls."
    elif by_code["far"].share > 0:
        title = "Qui vit trop loin d’une France services"
        lead = f"À plus de {far}\u00a0minutes d’une France services fixe : {by_code['far'].detail}."
    elif by_code["between"].share > 0:
        title = f"Personne à plus de {far}\u00a0minutes" if whole else _none_beyond(far)
        lead = f"Entre {near} et {far}\u00a0minutes d’une France services fixe : {by_code['between'].detail}."
    else:
        title = f"Chaque commune est à {near}\u00a0minutes ou moins" if whole else _none_beyond(near)
        lead = (
            f"Aucune commune dont le temps est calculé n’est à plus de {near}\u00a0minutes d’une France services fixe."
        )
    people = max((row["population_in_all"] for row in classes_by_code(tables).values()), default=0)
    return MapText(
        changes=_changes(tables),
        title=title,
        lead=french.typographic(lead),
        alt=french.typographic(_alt(tables, classes, roles)),
        classes=classes,
        roles=roles,
        rounds_note=_rounds_note(len(tables.survey_rounds)),
        method=french.typographic(_method(tables)),
        not_drawn=french.typographic(_not_drawn(tables)),
        sources=_sources(tables),
        bar=f"Part de la population, n\u00a0=\u00a0{french.count(people, 'habitant')}. "
        f"Dans l’ordre de la légende\u202f; le non calculé est compris.{_of_medians(tables)}",
    )


def _of_medians(tables: SlotTables) -> str:
    """How a commune of several points has one colour; nothing where each is one point."""
    if not tables.demand_points["insee"].duplicated().any():
        return ""
    return (
        " Une commune a la couleur de son habitant médian\u202f; les habitants, eux, sont comptés là où ils vivent, et une "
        "classe en a aussi dans des communes d’une autre couleur."
    )


def _not_drawn(tables: SlotTables) -> str:
    """How many places and rows of the list the map lacks, and why; rows are named for who may read it."""
    nowhere = counts_of(tables)["listed_nowhere"]
    lost = int((~located(tables.places)).sum()) - tables.points_withheld
    why = "dont la position est réservée"
    said = [
        french.count(number, one, many)
        for number, one, many in (
            (lost, "lieu sans position connue", "lieux sans position connue"),
            (tables.points_withheld, f"lieu {why}", f"lieux {why}"),
            (tables.places_withheld, "lieu réservé", "lieux réservés"),
        )
        if number
    ]
    if nowhere:
        rows = records(tables.unplaced_rows, "source", "name")
        names = [
            f"« {french.name(row['name'])} »" for row in rows if row["source"] == FRANCE_SERVICES.kind and row["name"]
        ]
        which = f" ({', '.join(names)})" if names else ""
        said.append(f"{french.count(nowhere, 'ligne')} de la liste des France services, sans commune{which}")
    if said:
        return f"Hors de la carte : {' ; '.join(said)}."
    return "Chaque lieu recensé est sur la carte." if len(tables.places) else "Aucun lieu n’est recensé."


def _none_beyond(minutes: int) -> str:
    return f"Aucun trajet calculé au-delà de {minutes}\u00a0minutes"


def _classes(tables: SlotTables) -> tuple[MapClass, ...]:
    counted = classes_by_code(tables)
    return tuple(_class(code, label, counted.get(code)) for code, label in class_labels(tables.thresholds).items())


def _class(code: str, label: str, row: Row | None) -> MapClass:
    if row is None or not (row["communes"] or row["population"]):
        return MapClass(code, label, "aucune commune", 0.0, Evidence(rows=(Rows("access_minutes"),)))
    said = [french.count(row["communes"], "commune")] if row["communes"] else []
    said.append(french.count(row["population"], "habitant"))
    if row["share"] is not None:
        said[-1] += f" ({french.share(row['share'], 1)})"
    if not row["communes"]:
        said.append("moins de la moitié de leur commune")
    if code == "not_computed" and row["population"]:
        said.append("hors de ces parts")
    detail = ", ".join(said)
    figures = (
        number(row, "population", "inhabitants"),
        number(row, "share", "share", row["population_asked"], "inhabitants"),
    )
    evidence = Evidence(figures=(number(row, "communes", "communes"), *figures), rows=(Rows("access_minutes"),))
    return MapClass(code, label, detail, row["population"] / (row["population_in_all"] or 1.0), evidence)


def _roles(places: pd.DataFrame) -> tuple[MapRole, ...]:
    rows = records(places, "service_type", "kind", "in_france_services")
    found = [
        place_role(row["service_type"], row["kind"], in_france_services=bool(row["in_france_services"])) for row in rows
    ]
    return tuple(
        MapRole(role, label, found.count(role), french.number(found.count(role))) for role, label in ROLE_LABELS.items()
    )


def _alt(tables: SlotTables, classes: tuple[MapClass, ...], roles: tuple[MapRole, ...]) -> str:
    parts = [f"{one.label} : {one.detail}" for one in classes if one.detail != "aucune commune"]
    shown = [f"{one.label} : {one.text}" for one in roles if one.count]
    about = f"Carte du département {tables.departement_name} ({tables.departement})."
    areas = (
        f" Communes par temps de trajet jusqu’à la France services fixe la plus proche. {' ; '.join(parts)}."
        if parts
        else " Aucune commune n’est colorée."
    )
    marks = f" Lieux. {' ; '.join(shown)}." if shown else " Aucun lieu n’est recensé."
    return about + areas + marks + " Le tableau des écarts et la liste des lieux disent la même chose en mots."


def _rounds_note(total: int) -> str:
    if not total:
        return "Aucune tournée ni permanence n’a été déclarée."
    return f"{french.count(total, 'arrêt')} d’après l’enquête. Les bus ne sont pas comptés dans les temps de trajet."


def _changes(tables: SlotTables) -> tuple[str, ...]:
    """What became of the shares since the campaign before; nothing where it is not known."""
    rows = records(
        tables.access_changes, "service", "threshold", "share", "previous_campaign", "previous_share", "change"
    )
    labelled = [row for row in rows if row["service"] == FRANCE_SERVICES.kind]
    labelled.sort(key=lambda row: row["threshold"])
    return tuple(
        f"À {french.number(row['threshold'])}\u00a0minutes ou moins\u00a0: {french.share(row['share'], 1)}, contre "
        f"{french.share(row['previous_share'], 1)} ({french.campaign(row['previous_campaign'])})."
        for row in labelled
    )


def _sources(tables: SlotTables) -> str:
    """Of what is drawn, each once, with its date; and the day for which the map is made."""
    rows = records(tables.brief_sources, "source", "title", "as_of", "state")
    said = dict.fromkeys(
        f"{french.typographic(row['title'])} ({french.date(row['as_of'])})"
        for source in _DRAWN
        for row in rows
        if row["source"] == source and row["state"] != "absent" and row["title"]
    )
    made = f"données au {french.date(tables.reference_date)}"
    return f"Sources\u00a0: {', '.join(said)}\u202f; {made}." if said else french.start(f"{made}.")


def _method(tables: SlotTables) -> str:
    near = tables.thresholds.near
    rows = records(tables.access_shares, "service", "threshold", "method", "share_low", "share_high")
    row = next((one for one in rows if one["service"] == FRANCE_SERVICES.kind and one["threshold"] == near), None)
    if row is None or row["method"] in {None, "not_computed"}:
        return "Temps de trajet non calculés."
    said = f"Temps de trajet : {named(METHOD_NAMES, row['method'], 'méthode non précisée')}."
    if row["share_low"] is not None and row["share_high"] is not None:
        said += (
            f" Selon la vitesse, la part à {near}\u00a0minutes va de {french.share(row['share_low'])}"
            f" à {french.share(row['share_high'])}."
        )
    return f"{said} Lieux fixes seuls.{_roads(tables)}"


def _roads(tables: SlotTables) -> str:
    """What the brown lines are, and whose; nothing where the campaign took no roads."""
    sources = tables.brief_sources
    if not ((sources["source"] == "roads") & (sources["state"] != "absent")).any():
        return ""
    whose = "" if tables.fictional else ", © les contributeurs d’OpenStreetMap"
    return f" Traits bruns\u00a0: routes principales{whose}."
