"""Each figure that is compared: how it is recomputed from the raw files, and where the pack publishes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from tests.recomputed import lists, recompute
from tests.recomputed.published import Pack
from tests.recomputed.raw import Raw

SURVEYS = {
    "13": "provence-alpes-cote-d-azur.csv",
    "33": "33-gironde.xlsx",
    "64": "64-pyrenees-atlantiques.csv",
    "974": "974-la-reunion.xlsx",
}


@dataclass(frozen=True)
class Land:
    """A département, or the six together: what is recomputed, beside what is published."""

    code: str
    raw: Raw
    places: pd.DataFrame  # recompute.houses, of all France
    found: pd.DataFrame  # recompute.answers
    pack: Pack
    moved: set[str]  # ids of the list's rows to which a survey gives a position

    @property
    def declared(self) -> pd.DataFrame:
        """The fixed France services that the survey alone knows: which those are is the linking's to say."""
        alone = {"service_type": "france_services", "in_survey": True, "in_france_services": False}
        rows = self.pack.table("lieux.csv", **alone).rename(columns={"insee": "commune"})
        rows = rows[rows["kind"] != "itinerant"].dropna(subset=["longitude", "latitude"])
        return rows.assign(land=self.raw.land_of(rows))

    @property
    def listed(self) -> pd.DataFrame:
        """Its rows of the list."""
        return self.raw.listed[self.raw.listed["insee_dep"] == self.code]


Figure = Callable[[Land], object]
Pair = tuple[Figure, Figure]  # what is recomputed, and what is published


def _count(kind: str) -> Pair:
    return (
        lambda land: int((land.listed["kind"] == kind).sum()),
        lambda land: len(land.pack.table("lieux.csv", in_france_services=True, kind=kind)),
    )


def _share(threshold: int, column: str, end: str = "") -> Pair:
    return (
        lambda land: recompute.share(land.found, threshold, end),
        lambda land: land.pack.access(column, threshold),
    )


def _class(name: str) -> Pair:
    """« 79 communes, 161 839 habitants », as the page says it of a class of minutes."""

    def phrase(land: Land) -> str:
        communes, people = recompute.classes(land.found)[name]
        words = f"{communes} {'communes' if communes > 1 else 'commune'}, " if communes else ""
        return f"{words}{_number(people)} habitants" if communes or people else "aucune commune"

    return lambda land: True, lambda land: land.pack.says(phrase(land))


def _mean_general(land: Land) -> float:
    helping = lists.helping(land.raw, SURVEYS[land.code], land.code)
    helped = recompute.answers(land.raw, helping, [land.code])
    helped.index = land.found.index
    return recompute.mean_general(land.raw, land.found, helped, 20)


def _open(day: str, weekday: str, hour: int) -> Pair:
    return (
        lambda land: recompute.open_share(land.raw, land.found, land.places, day, hour, 20),
        lambda land: land.pack.column(
            "heures.csv", "share", service="france_services", threshold=20, period="usual", weekday=weekday, hour=hour
        )[0],
    )


def _zones(threshold: int) -> Pair:
    def ranked(land: Land) -> list[object]:
        rows = land.pack.table("zones.csv", service="france_services", threshold=threshold)
        return rows.sort_values("rank")["population"].tolist() if len(rows) else []

    return lambda land: recompute.zones(land.raw, land.found, threshold), ranked


def _new_place(threshold: int) -> Pair:
    asked = {"scope": "departement", "move": "new_place", "threshold": threshold, "rank": 1}
    return (
        lambda land: recompute.best_new_place(land.raw, land.found, land.places, threshold, land.declared),
        lambda land: sum(map(float, land.pack.column("leviers.csv", "inhabitants_gained", **asked))),
    )


def _counters(operator: str, own: Callable[[Raw, str], int]) -> Pair:
    return (
        lambda land: own(land.raw, land.code),
        lambda land: land.pack.figure("operator_counters", f"operator={operator}"),
    )


def _number(count: float) -> str:
    return f"{int(count + 0.5):,}".replace(",", " ")  # a half goes up


def far_communes(land: Land, certain: bool = False) -> set[object]:
    """Communes that the pack says are beyond the near threshold, or those that surely are."""
    rows = land.pack.table("ecarts.csv")
    kept = rows[rows["certain"].astype(bool)] if certain and len(rows) else rows
    return {*kept.loc[kept["method"] != "not_computed", "insee"]} if len(kept) else set()


FIGURES: dict[str, Pair] = {
    "list-rows": (lambda land: len(land.listed), lambda land: land.pack.figure("france_services")),
    "list-buses": (
        lambda land: int((land.listed["kind"] == "bus").sum()),
        lambda land: land.pack.figure("france_services", "kind=itinerant"),
    ),
    "list-fixed": _count("fixed"),
    "list-antennas": _count("antenne"),
    "list-in-no-place": (
        lambda land: lists.nowhere(land.raw, land.code),
        lambda land: {*map(str, land.pack.column("non-places.csv", "source_id", source="france_services"))},
    ),
    "list-without-position": (
        lambda land: lists.without_position(land.raw, land.code, land.moved),
        lambda land: land.pack.figure("france_services", column="missing"),
    ),
    "population": (
        lambda land: land.raw.communes.loc[land.raw.communes["departement"] == land.code, "population"].sum(),
        lambda land: land.pack.access("population", 20),
    ),
    "points": (lambda land: float(len(land.found)), lambda land: land.pack.access("points", 20)),
    "points-a-commune": (
        lambda land: land.found["commune"].value_counts().to_dict(),
        lambda land: land.pack.table("points-depart.csv")["insee"].value_counts().to_dict(),
    ),
    "share-20": _share(20, "share"),
    "share-20-low": _share(20, "share_low", "slow"),
    "share-20-high": _share(20, "share_high", "fast"),
    "share-30": _share(30, "share"),
    "share-30-low": _share(30, "share_low", "slow"),
    "share-30-high": _share(30, "share_high", "fast"),
    "key-figure-20": (
        lambda land: recompute.share(land.found, 20),
        lambda land: land.pack.figure("population_within", "threshold=20"),
    ),
    "key-figure-30": (
        lambda land: recompute.share(land.found, 30),
        lambda land: land.pack.figure("population_within", "threshold=30"),
    ),
    "base": (
        lambda land: recompute.people(land.found, "reached", "unreached"),
        lambda land: land.pack.figure("population_within", "threshold=20", "n"),
    ),
    "inhabitants-20": (
        lambda land: recompute.within(land.found, 20),
        lambda land: land.pack.access("population_within", 20),
    ),
    "inhabitants-30": (
        lambda land: recompute.within(land.found, 30),
        lambda land: land.pack.access("population_within", 30),
    ),
    "unreached": (
        lambda land: recompute.people(land.found, "unreached"),
        lambda land: land.pack.access("population_unreached", 20),
    ),
    "not-computed": (
        lambda land: recompute.people(land.found, "not_computed"),
        lambda land: land.pack.access("population_not_computed", 20),
    ),
    "not-computed-communes": (
        lambda land: recompute.not_computed(land.found),
        lambda land: {*land.pack.column("ecarts.csv", "insee", method="not_computed")},
    ),
    "far-communes": (lambda land: recompute.beyond(land.found, 20), far_communes),
    "far-communes-surely": (
        lambda land: recompute.surely_beyond(land.found, 20),
        lambda land: far_communes(land, certain=True),
    ),
    "class-near": _class("near"),
    "class-between": _class("between"),
    "class-far": _class("far"),
    "class-not-computed": _class("not_computed"),
    "zones-20": _zones(20),
    "zones-30": _zones(30),
    "new-place-20": _new_place(20),
    "new-place-30": _new_place(30),
    "label-demarches": (
        lambda land: float(len(recompute.by_label(land.raw))),
        lambda land: land.pack.figure("demarches_by_label"),
    ),
    "label-mean": (
        lambda land: recompute.mean_by_label(land.raw, land.found, 20),
        lambda land: land.pack.figure("demarche_coverage", "threshold=20;verdict=by_label"),
    ),
    "counters-la_poste": _counters("la_poste", lists.post_offices),
    "counters-france_travail": _counters("france_travail", lists.agencies),
    "open-tuesday-10": _open("mardi", "Tu", 10),
    "open-tuesday-12": _open("mardi", "Tu", 12),
    "open-wednesday-17": _open("mercredi", "We", 17),
    "open-saturday-10": _open("samedi", "Sa", 10),
}  # fmt: skip
# Only where no survey gives a France services other hours than the list's.
LIST_HOURS = ("33", "75", "973", "974")

SURVEY_FIGURES: dict[str, Pair] = {
    "64-in-survey-and-list": (
        lambda land: len(lists.declared(land.raw, SURVEYS["64"], "64")),
        lambda land: len(land.pack.table("lieux.csv", in_survey=True, in_france_services=True)),
    ),
    "974-in-survey-and-list": (
        lambda land: len(lists.declared(land.raw, SURVEYS["974"], "974")),
        lambda land: len(land.pack.table("lieux.csv", in_survey=True, in_france_services=True)),
    ),
    "13-rows-of-others": (
        lambda land: lists.rows_of_others(land.raw, SURVEYS["13"], "13"),
        lambda land: len(land.pack.table("anomalies.csv", rule="row_of_another_departement")),
    ),
    **{
        f"{code}-help-in-general": (
            _mean_general,
            lambda land: land.pack.figure("demarche_coverage", "threshold=20;verdict=general"),
        )
        for code in ("33", "64")
    },
    **{
        f"{code}-positions": (
            lambda land: set(),
            lambda land: lists.strange_positions(
                land.raw, SURVEYS[land.code], land.listed, land.pack.table("lieux.csv", in_france_services=True)
            ),
        )
        for code in SURVEYS
    },
    **{
        f"{code}-no-survey": (
            lambda land: (None, None),
            lambda land: (land.pack.figure("survey_places"), land.pack.figure("survey_and_list")),
        )
        for code in ("75", "973")
    },
}
NATION: dict[str, Pair] = {
    "list-rows": (lambda land: len(land.raw.listed), lambda land: land.pack.figure("france_services")),
    "announced": (
        lambda land: recompute.per_territory(land.raw).sum(),
        lambda land: land.pack.figure("announced_france_services"),
    ),
    "announced-undated": (
        lambda land: land.raw.listed["labelled"].isna().mean(),
        lambda land: land.pack.figure("announced_france_services", column="missing"),
    ),
    "territories": (
        lambda land: len(recompute.per_territory(land.raw)),
        lambda land: land.pack.figure("territories_over_twenty", column="n"),
    ),
    "announced-per-territory": (
        lambda land: recompute.per_territory(land.raw).mean(),
        lambda land: land.pack.figure("announced_per_departement"),
    ),
    "territories-over-twenty": (
        lambda land: (recompute.per_territory(land.raw) > 20).sum(),
        lambda land: land.pack.figure("territories_over_twenty"),
    ),
    "rows-by-territory": (
        lambda land: land.raw.listed["insee_dep"].value_counts().to_dict(),
        lambda land: dict(land.pack.table("departements.csv")[["territory", "france_services"]].to_numpy()),
    ),
    "operators": (
        lambda land: land.raw.in_force("bundles.csv")["operator"].nunique(),
        lambda land: land.pack.figure("bundle_operators"),
    ),
    "agents": (lambda land: None, lambda land: land.pack.figure("announced_agents")),
    "surveys": (lambda land: len(SURVEYS), lambda land: land.pack.figure("surveys_handed_in")),
    "share-20": (
        lambda land: recompute.share(land.found, 20),
        lambda land: land.pack.figure("population_within", "threshold=20"),
    ),
    "share-30": (
        lambda land: recompute.share(land.found, 30),
        lambda land: land.pack.figure("population_within", "threshold=30"),
    ),
    "base": (
        lambda land: recompute.people(land.found, "reached", "unreached"),
        lambda land: land.pack.figure("population_within", "threshold=20", "n"),
    ),
    "not-computed": (
        lambda land: recompute.people(land.found, "not_computed") / recompute.people(land.found),
        lambda land: land.pack.figure("population_within", "threshold=20", "missing"),
    ),
}
