"""A plausible slot: tiny and made up, or real communes of a département with made-up figures."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from fs_pipeline.access.reach import minutes_between
from fs_pipeline.access.services import CONFIRMED, FRANCE_SERVICES, Service
from fs_pipeline.briefing.figures import SlotTables
from fs_pipeline.coverage.beside import Earlier, beside
from fs_pipeline.coverage.by_area import access_by
from fs_pipeline.coverage.charter import charter
from fs_pipeline.coverage.commitments import commitments
from fs_pipeline.coverage.hours import hour_states
from fs_pipeline.coverage.levers import Sites
from fs_pipeline.coverage.longer_hours import Timetable
from fs_pipeline.coverage.outreach import outreach
from fs_pipeline.coverage.simulator import simulator_rows
from fs_pipeline.coverage.slot_inputs import SlotInputs
from fs_pipeline.coverage.slot_inputs import town_halls as halls_of
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.coverage.trust import brief_trust
from fs_pipeline.coverage.weeks import reference_weeks
from fs_pipeline.national.ages import told_sources, told_surveys
from fs_pipeline.warehouse.declared import declaration
from tests.rows import town_halls

THRESHOLDS = Thresholds(20, 30)
REFERENCE_DATE = "2022-11-15"
OPERATORS = ("cnaf", "cnam", "cnav", "msa", "france_travail", "la_poste", "dgfip", "justice", "interieur")
EVIDENCE = ("confirmed", "by_label", "orientation", "none", "unknown")
TITLES = ("Demander une aide", "Déclarer sa situation", "Télécharger une attestation")


def tiny_communes() -> pd.DataFrame:
    """Twelve communes on a grid near the middle of France."""
    rows = []
    for number in range(12):
        x, y = number % 4, number // 4
        rows.append(
            {
                "insee": f"99{number + 1:03d}",
                "name": ("Valbrume", "L’Épine", "Saint-Aulyn", "Mirevent", "Rochemaille", "Œuvres")[number % 6]
                + ("" if number < 6 else "-le-Haut"),
                "departement": "99",
                "population": 400.0 + 731 * number,
                "longitude": 2.0 + 0.12 * x,
                "latitude": 46.0 + 0.1 * y,
            }
        )
    return pd.DataFrame(rows)


def tiny_contours() -> object:
    """A square around each of the twelve."""
    import geopandas as gpd
    import shapely

    communes = tiny_communes()
    squares = [
        shapely.box(x - 0.06, y - 0.05, x + 0.06, y + 0.05)
        for x, y in zip(communes["longitude"], communes["latitude"], strict=True)
    ]
    return gpd.GeoDataFrame({"insee": communes["insee"]}, geometry=gpd.GeoSeries(squares, crs=4326)).rename_geometry(
        "geometry_4326"
    )


def tiny_tables(**changes: object) -> SlotTables:
    """A whole made-up slot."""
    return build(tiny_communes(), "00", "Val-d’Ambre", every=4, fictional=True, **changes)


def empty_tables() -> SlotTables:
    """A slot for which nothing was handed in and nothing computed."""
    return SlotTables(
        campaign="2022-11",
        departement="00",
        departement_name="Val-d’Ambre",
        region_name="Région d’exercice",
        reference_date="2022-11-15",
        thresholds=THRESHOLDS,
        fingerprint="0" * 64,
        fictional=True,
        tables={
            "communes": tiny_communes(),
            "access_classes": access_classes(tiny_communes(), [None] * len(tiny_communes())),
        },
    )


def real_tables(folder: Path, departement: str, name: str, region: str) -> SlotTables:
    """Real communes and the real list of France services, with made-up verdicts."""
    from fs_pipeline.territory.shipped import load_territory

    communes = load_territory().in_departement(departement)
    return build(communes, departement, name, every=max(4, len(communes) // 30), region=region)


def build(
    communes: pd.DataFrame,
    departement: str,
    name: str,
    *,
    every: int,
    fictional: bool = False,
    region: str = "Région d’exercice",
    **changes: object,
) -> SlotTables:
    """Places in one commune out of `every`, straight-line minutes, verdicts that turn in a circle."""
    communes = communes.reset_index(drop=True)
    located = communes.dropna(subset=["longitude", "latitude"])
    seats = located.iloc[::every]
    places = pd.DataFrame([_place(number, row) for number, row in enumerate(seats.to_dict("records"))])
    demarches = pd.DataFrame(
        [
            {
                "demarche_id": f"R{100 + 3 * o + t}",
                "label": f"{title} ({operator.upper().replace('_', ' ')})",
                "theme": "Social",
                "operator": operator,
            }
            for o, operator in enumerate(OPERATORS)
            for t, title in enumerate(TITLES)
        ]
    )
    matrix = pd.DataFrame(
        [
            {
                "place_id": place["place_id"],
                "name": place["name"],
                "commune": place["commune"],
                "insee": place["insee"],
                "demarche_id": demarche["demarche_id"],
                "operator": demarche["operator"],
                "level": None,
                "evidence": EVIDENCE[(3 * p + 2 * d + p * d) % 5],
            }
            for p, place in enumerate(places.to_dict("records"))
            for d, demarche in enumerate(demarches.to_dict("records"))
        ]
    )
    minutes = [_nearest(row, seats) for row in communes.to_dict("records")]
    access = pd.DataFrame(
        {
            "point_id": communes["insee"],
            "insee": communes["insee"],
            **FRANCE_SERVICES.columns,
            "minutes": minutes,
            "minutes_low": [None if m is None else m / 1.2 for m in minutes],
            "minutes_high": [None if m is None else m * 1.2 for m in minutes],
            "place_id": None,
            "method": ["not_computed" if m is None else "estimated" for m in minutes],
            "reason": [None if m is not None else "la commune n’a pas de point" for m in minutes],
        }
    )
    access = pd.concat([access, _confirmed_minutes(communes, seats, matrix, access)], ignore_index=True)
    population = float(communes["population"].sum())

    def within(limit: float) -> float:
        return float(sum(p for p, m in zip(communes["population"], minutes, strict=True) if m and m <= limit))

    access_shares = pd.DataFrame(
        [
            {
                "service": FRANCE_SERVICES.kind,
                "threshold": t,
                "population": population,
                "population_within": within(t),
                "population_not_computed": 0.0,
                "share": within(t) / population,
                "share_low": within(t / 1.2) / population,
                "share_high": within(t * 1.2) / population,
                "method": "estimated",
                "points": len(communes),
                "points_not_computed": sum(m is None for m in minutes),
            }
            for t in (20, 30)
        ]
    )
    shares = []
    for d, row in enumerate(demarches.to_dict("records")):
        parts = [0.1 + 0.03 * (d % 9), 0.25, 0.1, 0.05 + 0.01 * (d % 7), 0.0, 0.05]
        parts.append(max(0.0, 1 - sum(parts)))
        for verdict, part in zip(
            ("confirmed", "by_label", "orientation", "uncovered", "not_computed", "general", "unknown"),
            parts,
            strict=True,
        ):
            for threshold in THRESHOLDS:
                shares.append(
                    {
                        "demarche_id": row["demarche_id"],
                        "operator": row["operator"],
                        "threshold": threshold,
                        "verdict": verdict,
                        "points": int(part * len(communes)),
                        "population": part * population,
                        "share": part,
                    }
                )
    far = sorted(
        ((m, c) for m, c in zip(minutes, communes.to_dict("records"), strict=True) if m is not None and m > 20),
        key=lambda pair: -(pair[1]["population"] or 0),
    )
    gaps = pd.DataFrame(
        [
            {
                "insee": c["insee"],
                "commune": c["name"],
                "population": c["population"],
                "minutes": m,
                "minutes_low": m / 1.2,
                "minutes_high": m / 0.8,
                "method": "estimated",
                "reason": None,
                "certain": m / 1.2 > 20,
                "confirmed_far": 3,
                "by_label_far": 9,
                "general_far": 4,
                "orientation_far": 2,
                "uncovered_far": 5,
                "unknown_far": 8,
                "rank": rank,
            }
            for rank, (m, c) in enumerate(far, start=1)
        ]
    )
    coverage = pd.DataFrame(
        [
            {
                "point_id": insee,
                "insee": insee,
                "demarche_id": demarche,
                "minutes": m,
                "method": "estimated",
                "verdict_near": "confirmed" if m and m <= 20 else "uncovered",
                "verdict_far": "confirmed" if m and m <= 30 else "uncovered",
                "population": p,
            }
            for insee, m, p in zip(communes["insee"], minutes, communes["population"], strict=True)
            for demarche in demarches["demarche_id"]
        ]
    )
    first, last = places.iloc[0], places.iloc[-1]
    discrepancies = pd.DataFrame(
        [
            _difference("only_in_survey", first, None, None, None, "Demander l’inscription à la liste nationale."),
            _difference("label_not_in_survey", last, None, None, None, "Appeler le porteur, puis compléter l’enquête."),
            _difference(
                "value_differs",
                first,
                "hours",
                "Mo-Fr 09:00-12:00",
                "Mo-Fr 09:00-17:00",
                "Appeler le lieu pour confirmer.",
            ),
        ]
    )
    tables = {
        "places": places,
        "place_members": pd.DataFrame(
            {"place_id": places["place_id"], "source": "france_services", "source_id": places["place_id"]}
        ),
        "indicators": _indicators(access_shares, len(places)),
        "slot_counts": slot_counts(places),
        "unplaced_rows": pd.DataFrame([{"source": "la_poste", "source_id": "P9", "name": "Relais de nulle part"}]),
        "access_shares": access_shares,
        "access_classes": access_classes(communes, minutes),
        "demarche_shares": pd.DataFrame(shares),
        "demarche_matrix": matrix,
        "coverage": coverage,
        "gaps": gaps,
        "discrepancies": discrepancies,
        "survey_actors": pd.DataFrame(
            [
                {
                    "name": "Familles du Plateau",
                    "kind": "association",
                    "contact": "Mme Camille Exemple",
                    "phone": "+33639980001",
                    "email": "camille.exemple1@example.org",
                    "territory": "Nord du département",
                    "publics": "parents isolés",
                    "outreach_mode": "permanence",
                    "capacity": "12 rendez-vous par mois",
                    "commitment": "Tenir une permanence le samedi",
                    "due_on": "2022-12-31",
                    "status": "en cours",
                },
                {"name": "Mission locale", "kind": "mission_locale", "outreach_mode": "maraude"},
            ]
        ),
        "survey_meeting": pd.DataFrame(
            [
                {
                    "held_on": "2022-12-06",
                    "venue": "Préfecture, salle Jean-Moulin",
                    "present": "Mme Camille Exemple ; M. Dominique Modèle",
                    "decisions": "Ouvrir une permanence le samedi.",
                    "remarks": "Ne pas diffuser : désaccord entre deux associations.",
                }
            ]
        ),
        "survey_rounds": pd.DataFrame(
            [
                {
                    "round": "Bus des Plateaux",
                    "stop": "Place de la mairie",
                    "insee": last["insee"],
                    "commune": last["commune"],
                    "latitude": last["latitude"],
                    "longitude": last["longitude"],
                    "weekday": "Th",
                    "week_parity": "odd",
                    "opening_hours": "09:00-12:00",
                }
            ]
        ),
        "communes": communes,
        "demand_points": town_halls(communes),
        "access_minutes": access,
        "simulator": simulator(communes, places, matrix),
        "int_commune_minutes": commune_minutes(access, communes),
        "brief_sources": pd.concat(
            [
                told_surveys(pd.DataFrame(), pd.DataFrame(), on=REFERENCE_DATE),
                told_sources(campaign_sources(len(places)), on=REFERENCE_DATE, vintage="2022", catalogued="2020-11"),
            ],
            ignore_index=True,
        ),
        "demarches": demarches,
    }
    tables.update(changes)  # type: ignore[arg-type]
    went = ("communes", "int_commune_minutes", "survey_rounds", "survey_actors", "places")
    told = outreach(*(tables[one].reindex(columns=declaration(one).names) for one in went), name)
    tables = dict(zip(("outreach", "outreach_counts"), told, strict=True)) | tables
    actors = tables["survey_actors"].reindex(columns=declaration("survey_actors").names)
    kept = tables["places"].reindex(columns=declaration("places").names)
    named = tables["communes"].reindex(columns=declaration("communes").names)
    reached = tables["int_commune_minutes"].reindex(columns=declaration("int_commune_minutes").names)
    halves = named.assign(arrondissement="331", arrondissement_name="Exercice")
    tables.setdefault("arrondissement_access", access_by("arrondissement", halves, reached, kept))
    tables.setdefault("epci_access", access_by("epci", named, reached, kept))
    tables.setdefault("commitments", commitments(actors, on=REFERENCE_DATE))
    tables.setdefault("charter", charter(kept, matrix, tables["outreach_counts"], actors, on=REFERENCE_DATE))
    tables.setdefault(
        "brief_trust",
        brief_trust(
            tables["brief_sources"],
            places.loc[places["in_survey"], "updated_on"],
            tables["places"],
            pd.DataFrame(index=range(9)),
            tables["slot_counts"],
            on=REFERENCE_DATE,
        ),
    )
    return SlotTables(
        campaign="2022-11",
        departement=departement,
        departement_name=name,
        region_name=region,
        reference_date=REFERENCE_DATE,
        thresholds=THRESHOLDS,
        fingerprint="7c41e09d52ab1f86b3d094ee07aac215" * 2,
        fictional=fictional,
        tables=tables,
    )


def comparisons(indicators: pd.DataFrame, departement: str = "00") -> pd.DataFrame:
    """Its figures beside those of five others of its région, of ten of fourteen départements, and of the campaign before."""
    codes = [departement, *(f"{number:02d}" for number in range(80, 93))]
    departements = pd.DataFrame(
        {
            "code": codes,
            "name": ["Val-d’Ambre", *(f"Haut-d'Essai {code}" for code in codes[1:])],
            "region": ["75" if place < 6 else "76" for place in range(len(codes))],
            "region_name": "Région d’exercice",
        }
    )
    own = indicators.assign(departement=departement)
    around = [
        own.assign(departement=code, value=(own["value"] * (0.35 + 0.06 * place)), n=1000.0 * place)
        for place, code in enumerate(codes[1:10], start=1)
    ]
    changes = [
        {
            "service": FRANCE_SERVICES.kind, "threshold": threshold, "previous_campaign": "2021-11",
            "previous_share": 0.41 + threshold / 1000,
        }
        for threshold in THRESHOLDS
    ]  # fmt: skip
    return beside(
        pd.concat([own, *around], ignore_index=True),
        campaign="2022-11",
        departement=departement,
        departements=departements,
        thresholds=THRESHOLDS,
        earlier=Earlier("2021-11", own),
        changes=pd.DataFrame(changes),
    )


def campaign_sources(listed: int = 6) -> pd.DataFrame:
    """A list that was taken, and one that was not found."""
    rows = [
        {
            "source": "france_services",
            "title": "Liste des France services",
            "publisher": "ANCT",
            "licence": "Licence Ouverte 2.0",
            "as_of": "2022-10-31",
            "rows": listed,
            "state": "taken",
            "message": None,
        },
        {
            "source": "la_poste",
            "title": "Points de contact de La Poste",
            "publisher": "La Poste",
            "licence": "Licence Ouverte 2.0",
            "as_of": None,
            "state": "absent",
            "message": "le fichier n’a pas été trouvé",
        },
    ]
    return pd.DataFrame(rows)


def commune_minutes(access: pd.DataFrame, communes: pd.DataFrame) -> pd.DataFrame:
    """The same of whole communes, each being one point."""
    people, minutes = communes["population"].astype(float).fillna(0.0), access["minutes"].astype(float)
    return access.assign(
        population=people,
        population_near=people.where(minutes <= THRESHOLDS.near, 0.0),
        population_far=people.where(minutes <= THRESHOLDS.far, 0.0),
        population_not_computed=people.where(minutes.isna(), 0.0),
    )


def slot_counts(places: pd.DataFrame, to_review: int = 0) -> pd.DataFrame:
    """How many of the places are where, and how many pairs wait."""
    surveyed, listed = places["in_survey"].astype(bool), places["in_france_services"].astype(bool)
    counts = {
        "places": len(places),
        "surveyed": surveyed.sum(),
        "listed": listed.sum(),
        "in_both": (surveyed & listed).sum(),
        "listed_rows": listed.sum(),
        "listed_nowhere": 0,
    }
    return pd.DataFrame([counts | {"to_review": to_review}])


def access_classes(communes: pd.DataFrame, minutes: Sequence[float | None]) -> pd.DataFrame:
    """How many communes and inhabitants are near and far, `minutes` being those of the communes in their order."""
    near, far = THRESHOLDS
    times, people = pd.Series(minutes, dtype=float), communes["population"].astype(float).fillna(0.0)
    chosen = {"far": times > far, "between": (times > near) & (times <= far), "near": times <= near}
    chosen["not_computed"] = times.isna()
    rows = pd.DataFrame(
        {"minutes_class": code, "communes": int(which.sum()), "population": people[which].sum()}
        for code, which in chosen.items()
    )
    asked = people[~chosen["not_computed"]].sum()
    return rows.assign(
        share=(rows["population"] / (asked or math.nan)).where(rows["minutes_class"] != "not_computed"),
        population_asked=asked,
        communes_or_farther=rows["communes"].cumsum(),
        population_or_farther=rows["population"].cumsum(),
        population_in_all=people.sum(),
    )


def _place(number: int, row: dict[str, object]) -> dict[str, object]:
    kind = "antenne" if number % 7 == 3 else "itinerant" if number % 7 == 5 else "fixed"
    other = number % 9 == 8
    return {
        "place_id": f"P{number:04d}",
        "name": f"Mairie de {row['name']}" if other else f"France services de {row['name']}",
        "service_type": "mairie" if other else "france_services",
        "operator": None,
        "kind": "fixed" if other else kind,
        "carrier": "Communauté de communes",
        "address": "12 rue des Tilleuls",
        "postcode": "00340",
        "insee": row["insee"],
        "commune": row["name"],
        "latitude": row["latitude"],
        "longitude": row["longitude"],
        "phone": "+33639980002" if number % 2 else "+33549001122",
        "email": "camille.exemple2@example.org" if number % 2 else "accueil@example.org",
        "website": None,
        "opening_hours": "Mo-Fr 09:00-12:00,13:30-17:00",
        "week_parity": None,
        "itinerant": kind == "itinerant",
        "updated_on": "2022-10-31",
        "labelled_on": "2021-01-01",
        "in_survey": number % 5 != 4,
        "in_france_services": not other,
        "host_place_id": None,
    }


def simulator(communes: pd.DataFrame, places: pd.DataFrame, matrix: pd.DataFrame) -> pd.DataFrame:
    """The columns by which the web map tries moves, from the fixed houses among `places` and what they confirm."""
    fixed = places[places["in_france_services"] & (places["kind"] != "itinerant")].dropna(subset=["longitude"])
    fixed = fixed.assign(own=True, bus=False).reset_index(drop=True)
    said = matrix.loc[matrix["evidence"] == "confirmed", ["place_id", "demarche_id"]].assign(service=CONFIRMED)
    offered = pd.concat([fixed.assign(**FRANCE_SERVICES.columns), fixed.merge(said, on="place_id")], ignore_index=True)
    inputs = SlotInputs(
        communes=communes,
        points=town_halls(communes),
        minutes=pd.DataFrame(),
        commune_minutes=pd.DataFrame(),
        services=offered,
        rounds=pd.DataFrame(),
        statements=pd.DataFrame(),
        operators={},
        reference_date=dt.date.fromisoformat(REFERENCE_DATE),
        thresholds=THRESHOLDS,
    )
    minutes = minutes_between(offered, inputs.points, roads=None)
    weeks = reference_weeks(inputs.reference_date)
    states = [
        np.stack([hour_states(text, None, weeks, minute) for text in fixed["opening_hours"]]) for minute in (0, 30)
    ]
    ids = fixed["place_id"].tolist()
    unknown = np.full(len(ids), np.nan)
    sites = Sites(fixed["insee"].tolist(), ids, minutes[:, : len(ids)], unknown, unknown, inputs.homes)
    timetable = Timetable(sites, states[0], states[1], communes["insee"].tolist(), set(ids), None)
    return simulator_rows(inputs, offered, minutes, halls_of(inputs), timetable)


def _confirmed_minutes(
    communes: pd.DataFrame, seats: pd.DataFrame, matrix: pd.DataFrame, access: pd.DataFrame
) -> pd.DataFrame:
    """Rows of ``access_minutes`` to the places that confirm each démarche."""
    confirmed = matrix[matrix["evidence"] == "confirmed"]
    rows = []
    for demarche, places in confirmed.groupby("demarche_id"):
        there = seats[seats["insee"].isin(places["insee"])]
        minutes = pd.Series([_nearest(row, there) for row in communes.to_dict("records")], dtype=float)
        rows.append(
            access.assign(
                service=CONFIRMED,
                demarche_id=demarche,
                minutes=minutes,
                minutes_low=minutes / 1.2,
                minutes_high=minutes * 1.2,
            )
        )
    return pd.concat(rows, ignore_index=True)


def _nearest(row: dict[str, object], seats: pd.DataFrame) -> float | None:
    x, y = row["longitude"], row["latitude"]
    if not isinstance(x, float) or math.isnan(x) or not isinstance(y, float):
        return None
    kilometres = min(
        math.hypot((x - a) * 78.0, (y - b) * 111.0) for a, b in zip(seats["longitude"], seats["latitude"], strict=True)
    )
    return round(3 + 2.0 * kilometres, 1)


def _difference(
    kind: str, place: pd.Series, field: str | None, survey: str | None, national: str | None, action: str
) -> dict[str, object]:
    return {
        "kind": kind,
        "place_id": place["place_id"],
        "name": place["name"],
        "insee": place["insee"],
        "commune": place["commune"],
        "field": field,
        "survey_value": survey,
        "national_value": national,
        "source": "france_services",
        "source_date": "2022-10-31",
        "action": action,
    }


def _indicators(access: pd.DataFrame, places: int) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for row in access.to_dict("records"):
        rows.append(
            {
                "key": "population_within",
                "dimension": f"threshold={row['threshold']}",
                "label": f"de la population à {row['threshold']} minutes ou moins d’une France services fixe",
                "value": row["share"],
                "unit": "share",
                "n": row["population"],
                "missing": 0.002,
                "method": "temps de trajet estimés à vol d’oiseau",
                "sources": "Liste des France services (31 octobre 2022)",
            }
        )
    rows.append(
        {
            "key": "places",
            "dimension": "",
            "label": "France services recensées",
            "value": float(places),
            "unit": "places",
            "n": float(places),
            "missing": None,
            "method": "lieux dédoublonnés",
            "sources": "Enquête ; Liste des France services (31 octobre 2022)",
        }
    )
    rows.append(
        {
            "key": "trained_agents",
            "dimension": "",
            "label": "Agents formés",
            "value": None,
            "unit": "people",
            "reason": "aucune source ouverte ne les compte",
            "n": None,
            "missing": None,
            "method": None,
            "sources": None,
        }
    )
    frame = pd.DataFrame(rows)
    frame["rank"] = range(1, len(frame) + 1)
    return frame


def lever(
    move: str,
    service: Service,
    insee: str,
    gained: float,
    place_id: str | None = None,
    window: str | None = None,
    hours: float | None = None,
) -> dict[str, object]:
    """A move over the whole département, at the near threshold, the only one of its kind to have been tried."""
    return {
        "scope": "departement",
        "move": move,
        **service.columns,
        "threshold": 20,
        "rank": 1,
        "insee": insee,
        "place_id": place_id,
        "window": window,
        "alternatives": None,
        "set_aside": None,
        "inhabitants_gained_alone": gained,
        "inhabitants_gained_together": gained,
        "hours_a_week": hours,
        "inhabitant_hours": None if hours is None else gained * hours,
        "simulated": 7,
        "guarantee": 1.0,
    }


def hour(parity: str, day: str, at: int, share: float, with_buses: float, unknown: float) -> dict[str, object]:
    """An hour of an ordinary week."""
    return {
        **FRANCE_SERVICES.columns,
        "operator": "",
        "threshold": 20,
        "period": "usual",
        "week_parity": parity,
        "weekday": day,
        "hour": at,
        "share": share,
        "share_with_buses": with_buses,
        "share_unknown": unknown,
        "population": 1000.0,
        "places": 3,
        "buses": 1,
        "without_hours": 1,
        "method": "road",
    }
