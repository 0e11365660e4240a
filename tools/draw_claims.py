"""Draw claims of published tables, each with the rows it rests on: `python -m tools.draw_claims KIND SEED N OUT.md`.

KIND is differences, gaps or levers; SEED any text (the hash of the last commit), from which alone the draw follows; the
installation is FS_HOME's, and every département that it holds is drawn from alike. A reader judges a claim by the rows
below it, and by nothing else. What is written holds what surveys hold: it stays out of the repository; verdicts may be
kept by the claim's id (see tests/unit/claims).
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from fs_pipeline import french, partitions
from fs_pipeline.access.reach import minutes_between
from fs_pipeline.access.services import FRANCE_SERVICES
from fs_pipeline.access.spread import homes_of
from fs_pipeline.assets.access import declared_alone, services_around
from fs_pipeline.briefing.acts import COLUMNS, DEPARTEMENT, ActWords, hours
from fs_pipeline.briefing.chapter_differences import told
from fs_pipeline.briefing.slot import records
from fs_pipeline.briefing.words import COUNTED_AT
from fs_pipeline.coverage.levers import Sites
from fs_pipeline.coverage.longer_hours import would_come
from fs_pipeline.demarches.catalogue import demarches
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings
from fs_pipeline.sphere import great_circle_m
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.models import load_project

_SHOWN = (
    "name", "type", "service_type", "labels", "address", "address_extra", "postcode", "commune", "insee", "phone", "email",
    "opening_hours", "week_parity", "kind", "itinerant", "latitude", "longitude", "updated_on", "labelled_on",
)  # fmt: skip
_GRAIN = {
    "differences": ("kind", "place_id", "field"),
    "gaps": ("insee",),
    "levers": ("scope", "move", "service", "demarche_id", "threshold", "rank", "insee"),
}
_TABLES = {"differences": "discrepancies", "gaps": "gaps", "levers": "levers"}
_METHOD = {"estimated": "estimé à vol d’oiseau", "road": "par la route"}
_NEAREST = 8
_COUNTED = 25
_POINT = ["longitude", "latitude"]
Slot = Mapping[str, str]
Rows = pd.DataFrame


def main(arguments: list[str]) -> int:
    """Write the drawn claims; the ids are printed."""
    kind, seed, many, out = arguments
    pipeline = Pipeline(Settings.from_environment())
    text = []
    for number, (claim_id, claim, rows) in enumerate(drawn(pipeline, kind, seed, int(many)), 1):
        print(claim_id)
        text.append(f"## {number}. {claim_id}\n\n**{claim}**\n\n{rows}\n")
    Path(out).write_text("\n".join(text), encoding="utf-8")
    return 0


def in_order(ids: list[str], seed: str) -> list[str]:
    """The ids in the order of a digest of seed and id, which nobody chooses."""
    return sorted(ids, key=lambda claim_id: hashlib.sha256(f"{seed}|{claim_id}".encode()).hexdigest())


def drawn(pipeline: Pipeline, kind: str, seed: str, many: int) -> Iterator[tuple[str, str, str]]:
    """Id, sentence and raw rows of `many` claims, in the order of a digest of seed and id."""
    models, warehouse = load_project().models, pipeline.warehouse
    claims = warehouse.read(models[_TABLES[kind]].table if _TABLES[kind] in models else _TABLES[kind])
    if (
        kind == "levers"
    ):  # a bus stop is read with the house of which it is the other form, and no brief prints a farther reach
        claims = claims[(claims["move"] != "bus_stop") & (claims["threshold"] == min(claims["threshold"]))]
    keys = ["campaign", "departement", *_GRAIN[kind]]
    ids = ["/".join("" if pd.isna(row[key]) else str(row[key]) for key in keys) for row in claims.to_dict("records")]
    at_id = {claim_id: at for at, claim_id in enumerate(ids)}
    for claim_id in in_order(ids, seed)[:many]:
        at = at_id[claim_id]
        row = claims.iloc[at].astype(object).where(claims.iloc[at].notna(), None).to_dict()
        slot = {"campaign": row["campaign"], "departement": row["departement"]}
        sentence, rows = _TELL[kind](pipeline, slot, row)
        yield claim_id, sentence, rows


def _difference(pipeline: Pipeline, slot: Slot, row: Mapping[str, object]) -> tuple[str, str]:
    """The members of the place on both sides; of an absence, what the other side holds there or under its phone."""
    warehouse = pipeline.warehouse
    sides = {"survey": _survey(warehouse, slot), "list": _listed(warehouse, slot)}
    members = warehouse.read("place_members", {**slot, "place_id": row["place_id"]})
    own = {name: rows[rows["source_id"].isin(members["source_id"])] for name, rows in sides.items()}
    parts = [f"Fiches du lieu, {name} :\n{_lines(rows)}" for name, rows in own.items() if len(rows)]
    for name, rows in sides.items():
        if own[name].empty:
            known = pd.concat(own.values())
            there = rows["insee"].isin(known["insee"])
            called = rows["phone"].notna() & rows["phone"].isin(known["phone"])
            parts.append(
                f"Ce que dit l’autre côté ({name}) dans la commune ou à ce téléphone :\n{_lines(rows[there | called])}"
            )
    communes = warehouse.read("communes", {"departement": slot["departement"]}, ["insee", "name"])
    return told(row, dict(communes.itertuples(index=False, name=None))), "\n".join(parts)


def _gap(pipeline: Pipeline, slot: Slot, row: Mapping[str, object]) -> tuple[str, str]:
    warehouse = pipeline.warehouse
    how = COUNTED_AT.get(str(row["counted_at"]))
    communes = warehouse.read("communes", {"insee": row["insee"]}, ["population"])
    far, whole = float(str(row["population"] or 0)), float(communes["population"].iloc[0] or 0)
    many = french.count(far, "habitant") if round(far) >= round(whole) else french.out_of(far, whole) + " habitants"
    people = f"{row['commune']}{f' ({how})' if how else ''}, {many}"
    if row["minutes"] is None:
        sentence = f"{people} dont le temps de trajet n’est pas calculé, ou que rien n’atteint. {row['reason'] or ''}"
    else:
        sentence = (
            f"{people} {'' if row['certain'] else 'peut-être '}trop loin d’une France services fixe de la liste nationale : la "
            f"plus proche est à "
            f"{french.number(row['minutes'])} min ({_METHOD[str(row['method'])]}, "
            f"{french.minutes_band(row['minutes_low'], row['minutes_high'], [20])}). {row['reason'] or ''}"
        )
    return sentence, _around(warehouse, slot, str(row["insee"]))


def _lever(pipeline: Pipeline, slot: Slot, row: Mapping[str, object]) -> tuple[str, str]:
    """The act as the brief says it; of a place, what every source says of it, its hours among it."""
    warehouse = pipeline.warehouse
    own = {"departement": slot["departement"]}
    words = ActWords(
        warehouse.read("communes", own),
        warehouse.read("places", slot),
        demarches(str(warehouse.read("campaigns", {"campaign": slot["campaign"]})["reference_date"].iloc[0])),
        warehouse.read(load_project()["demarche_matrix"].table, slot),
        warehouse.read("demand_points", slot),
    )
    stops = warehouse.read(
        "levers", {**slot, **{key: row[key] for key in ("scope", "threshold", "insee")}, "move": "bus_stop"}
    )
    stop = (
        f" ; ou un arrêt de bus, 3 h : au moins {french.number(stops['inhabitants_gained_alone'].iloc[0])}"
        if len(stops)
        else ""
    )
    scope = "le département" if row["scope"] == DEPARTEMENT else "la zone de trop longs trajets dont elle est"
    moves = records(warehouse.read("levers", {**slot, "scope": row["scope"], "threshold": row["threshold"]}), *COLUMNS)
    told = (words.counted(row), words.bus(row), words.elsewhere(row), words.after(row, moves), words.set_aside(row))
    notes = " ; ".join(filter(None, told))
    gaps = warehouse.read(load_project()["gaps"].table, {**slot, "insee": row["insee"]}, ["reason"])["reason"].dropna()
    own_place = f" ({gaps.iloc[0]})" if row["move"] == "new_place" and len(gaps) else ""
    sentence = (
        f"{words.act(row)}, {words.where(row)}{own_place} : au moins "
        f"{french.number(row['inhabitants_gained_alone'])} habitants de plus à {row['threshold']} minutes ou moins, "
        f"{hours(row)} par semaine{stop} (dans {scope})"
        f"{f' ; {notes}' if notes else ''}. Au moins : loin aujourd’hui même au plus court de la fourchette, près ensuite même "
        "au plus long, où qu’ils vivent dans leur commune."
    )
    parts = [_around(warehouse, slot, str(row["insee"]))]
    if row["move"] == "longer_hours":
        parts.insert(0, f"Qui y viendrait, point par point :\n{_who_would_come(pipeline, slot, row)}")
    if row["place_id"]:
        members = warehouse.read("place_members", {**slot, "place_id": row["place_id"]})["source_id"]
        said = pd.concat([_survey(warehouse, slot), _listed(warehouse, slot)])
        parts.insert(0, f"Fiches du lieu :\n{_lines(said[said['source_id'].isin(members)])}")
    else:
        parts.insert(0, f"Qui serait plus près, point par point :\n{_who_is_nearer(warehouse, slot, row)}")
    return sentence, "\n".join(parts)


def _who_is_nearer(warehouse: Warehouse, slot: Slot, row: Mapping[str, object]) -> str:
    """The points counted: surely near the site, and surely far from every France services; of a gap, its communes' alone."""
    label = FRANCE_SERVICES.columns["service"]
    minutes = warehouse.read("access_minutes", {**slot, "service": label}, ["point_id", "minutes", "method"])
    points = warehouse.read("demand_points", slot).merge(minutes, on="point_id")
    communes = warehouse.read("communes", {"departement": slot["departement"]}, ["insee", "name", *_POINT])
    site = communes[communes["insee"] == row["insee"]]
    to_site = minutes_between(site, points, roads=None)[:, 0]
    points = points.merge(communes[["insee", "name"]], on="insee").assign(minutes_to_the_new_one=to_site)
    threshold = float(str(row["threshold"]))
    declared = minutes_between(declared_alone(warehouse, slot), points, roads=None).min(axis=1, initial=np.inf)
    homes = homes_of(points, by_road=False)
    sooner = homes.soonest(np.fmin(points["minutes"].to_numpy(dtype=np.float64), declared))
    computed = points["method"] != "not_computed"
    counted = computed & (homes.latest(to_site) <= threshold) & ~(sooner <= threshold)
    if row["scope"] != DEPARTEMENT:
        gap = warehouse.read("gap_areas", {**slot, "gap_id": row["scope"]})["insees"].iloc[0].split()
        counted &= points["insee"].isin(gap)
    shown = points[counted].sort_values("population", ascending=False)
    rest = f"\n- et {len(shown) - _COUNTED} autres points" if len(shown) > _COUNTED else ""
    return _lines(shown.head(_COUNTED).round(1), ("name", "population", "minutes", "minutes_to_the_new_one")) + rest


def _who_would_come(pipeline: Pipeline, slot: Slot, row: Mapping[str, object]) -> str:
    """The points from which one would come to a place that opens longer, whether or not another is open then."""
    warehouse = pipeline.warehouse
    listed = services_around(pipeline, partitions.Slot(**slot))
    listed = listed[listed["service"] == FRANCE_SERVICES.kind].drop_duplicates("place_id").dropna(subset=_POINT)
    points = warehouse.read("demand_points", slot)
    minutes = minutes_between(listed, points, roads=None)
    unasked = np.zeros(len(listed))
    sites = Sites([*listed["insee"]], [*listed["place_id"]], minutes, unasked, unasked, homes_of(points, by_road=False))
    here = sites.place_id.index(str(row["place_id"]))
    communes = warehouse.read("communes", {"departement": slot["departement"]}, ["insee", "name"])
    points = points.merge(communes, on="insee", how="left").assign(
        minutes_to_it=minutes[:, here], minutes_to_the_nearest=minutes.min(axis=1)
    )
    people = points["population"].fillna(0.0).to_numpy(dtype=float)
    comes = would_come(sites, points["insee"].tolist(), people, int(float(str(row["threshold"]))))
    shown = points[comes[:, here]].sort_values("population", ascending=False)
    said = _lines(shown.head(_COUNTED).round(1), ("name", "population", "minutes_to_it", "minutes_to_the_nearest"))
    rest = f"\n- et {len(shown) - _COUNTED} autres points" if len(shown) > _COUNTED else ""
    return f"{said}{rest}\n- ensemble : {french.number(shown['population'].sum())} habitants"


def _around(warehouse: Warehouse, slot: Slot, insee: str) -> str:
    """The commune, its minutes, and the nearest France services of the list and of the survey, in a straight line."""
    communes = warehouse.read("communes", {"insee": insee})
    minutes = warehouse.read("access_minutes", {**slot, "insee": insee, "service": FRANCE_SERVICES.columns["service"]})
    listed = warehouse.read("national_places", {"campaign": slot["campaign"], "source": "france_services"})
    declared = warehouse.read("survey_places", {**slot, "service_type": "france_services"})
    point = communes[["longitude", "latitude"]].to_numpy(dtype=float)
    parts = [f"Commune :\n{_lines(communes)}", f"Minutes :\n{_lines(minutes, tuple(minutes))}"]
    for name, rows in (("liste", listed), ("enquête", declared)):
        own = [np.full(len(rows), at) for at in point[0]] if len(point) else [np.full(len(rows), np.nan)] * 2
        metres = great_circle_m(*own, *(rows[column].to_numpy(dtype=float) for column in ("longitude", "latitude")))
        near = rows.assign(metres=np.round(metres)).sort_values("metres").head(_NEAREST)
        here = rows[rows["insee"] == insee].assign(metres=np.nan)
        both = pd.concat([here, near]).drop_duplicates(["name", "address"])
        parts.append(f"France services, {name} :\n{_lines(both, ('metres', *_SHOWN))}")
    return "\n".join(parts)


def _survey(warehouse: Warehouse, slot: Slot) -> Rows:
    rows = warehouse.read("survey_places", slot)
    return rows.assign(source_id=rows["survey_place_id"])


def _listed(warehouse: Warehouse, slot: Slot) -> Rows:
    return warehouse.read("national_places", {**slot, "source": "france_services"})


def _lines(rows: Rows, columns: tuple[str, ...] = _SHOWN) -> str:
    """One bullet a row, what is empty left out."""
    told_rows = [
        " | ".join(f"{name}={row[name]}" for name in columns if name in row and pd.notna(row[name]))
        for row in rows.to_dict("records")
    ]
    return "\n".join(f"- {line}" for line in told_rows) or "- (aucune)"


_TELL: Mapping[str, Callable[[Pipeline, Slot, Mapping[str, object]], tuple[str, str]]] = {
    "differences": _difference,
    "gaps": _gap,
    "levers": _lever,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
