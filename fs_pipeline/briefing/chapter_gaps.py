"""Page 4: communes that live too far, ranked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from fs_pipeline import french
from fs_pipeline.access.services import FRANCE_SERVICES
from fs_pipeline.briefing.acts import DEPARTEMENT, Acts, ActWords, of_house_and_stop
from fs_pipeline.briefing.evidence import Evidence, named, number, rows_of
from fs_pipeline.briefing.slot import Row, SlotTables, classes_by_code, not_said, records, silence
from fs_pipeline.briefing.view import Area, Gap, Gaps
from fs_pipeline.briefing.words import COUNTED_AT, METHOD_NAMES, NOT_SAID, UNSAID, WITHHELD_CHAPTER
from fs_pipeline.briefing.words import named as in_french
from fs_pipeline.coverage.levers import acts
from fs_pipeline.coverage.thresholds import Thresholds

SHOWN = 14
AREAS_SHOWN = 6
_SOURCES = {"unknown_poverty": "pauvreté", "unknown_age": "âge", "unknown_quarters": "quartiers prioritaires"}
_PROFILE = (
    "gap_id", "minutes_low", "minutes_high", "households", "poor_households", "aged_65", "aged_80", "quarters", *_SOURCES,
)  # fmt: skip
_NOT_READ = "75\u00a0ans et plus, ménages sans voiture\u00a0: non calculés, aucune source lue ne les compte"
_NO_ACT = (
    f"Aucun geste dont le gain soit certain pour {french.count(acts()['new_place'].least_gain, 'habitant')} au moins"
)
_NAMED = 3  # communes of an area
_REASONS_SHOWN = 8
_HEADS = (
    ("confirmed", "confirmées"),
    ("by_label", "par le label"),
    ("general", "en général"),
    ("orientation", "orientation"),
    ("none", "non couvertes"),
    ("unknown", "inconnues"),
)
_COUNTS = ("confirmed_far", "by_label_far", "general_far", "orientation_far", "uncovered_far", "unknown_far")


def gaps(tables: SlotTables, known_acts: Acts) -> Gaps:
    """Communes beyond the near threshold, in the order of their rank, and those that could not be computed."""
    rows = records(
        tables.gaps,
        "insee",
        "commune",
        "population",
        "minutes",
        "minutes_low",
        "minutes_high",
        "method",
        "reason",
        "counted_at",
        "certain",
        "rank",
        *_COUNTS,
    )
    near = tables.thresholds.near
    far = sorted((row for row in rows if row["minutes"] is not None and row["minutes"] > near), key=_by_rank)
    lost = sorted((row for row in rows if row["minutes"] is None), key=lambda row: row["commune"] or "")
    shown = far[:SHOWN]
    scale = max((row["population"] or 0.0 for row in shown), default=0.0) or 1.0
    methods = sorted({in_french(METHOD_NAMES, row["method"], "méthode non précisée") for row in far})
    trust = f"n\u00a0=\u00a0{french.out_of(len(shown), len(far), 'commune')} à plus de {near}\u00a0minutes · "
    trust += f"non calculées\u00a0: {french.number(len(lost))} · temps {', '.join(methods)} · " if far else ""
    certain = sum(bool(row["certain"]) for row in far)
    surely = f"{french.number(certain)} le sont même au plus court de la fourchette, où qu’on y habite, rangées d’abord"
    trust += f"{surely}, les autres à vérifier sur la carte · " if far else ""
    why = silence(tables)
    unsaid = UNSAID.get(why or "", ())
    trust += f"{not_said(why).removeprefix(' · ')} · " if far and unsaid else ""
    areas, best, profiles = _areas(tables), _best_acts(tables, known_acts), _profiles(tables)
    nothing = "" if tables.withholds("levers") else _NO_ACT
    withheld = tables.withholds("gaps")
    whole = {row["insee"]: row["population"] for row in records(tables.communes, "insee", "population")}
    told = tuple(_gap(place, row, scale, tables, whole, unsaid) for place, row in enumerate(shown, start=1))
    alike = len(told) > 1 and len({row.counts for row in told}) == 1
    if alike:
        said = (
            f"{label} {count}" for (_, label), count in zip(_HEADS, told[0].counts, strict=True) if count != NOT_SAID
        )
        trust += f"dans chacune, démarches à {tables.thresholds.far}\u00a0minutes ou moins\u00a0: {', '.join(said)} · "
    return Gaps(
        areas=tuple(
            _area(row, areas, tables.thresholds, best.get(row["gap_id"], nothing), profiles.get(row["gap_id"]))
            for row in areas[:AREAS_SHOWN]
        ),
        areas_trust=_areas_trust(
            areas, near, [row for gap, row in profiles.items() if gap in {one["gap_id"] for one in areas}]
        ),
        title="Les communes les plus éloignées",
        lead=_lead(tables, near),
        rows=tuple(replace(row, counts=()) for row in told) if alike else told,
        heads=() if alike else _HEADS,
        not_computed=tuple(
            (
                french.name(row["commune"] or row["insee"] or "commune inconnue"),
                french.typographic(row["reason"] or "raison inconnue"),
            )
            for row in lost[:_REASONS_SHOWN]
        ),
        not_computed_more=(
            f"{french.out_of(_REASONS_SHOWN, len(lost))} communes sans temps de trajet sont montrées."
            if len(lost) > _REASONS_SHOWN
            else None
        ),
        empty=WITHHELD_CHAPTER if withheld else None if far else _why_empty(tables, len(lost)),
        trust=""
        if tables.withholds("gaps")
        else trust + "sources\u00a0: population des communes (INSEE), liste des France services, enquête.",
    )


def _lead(tables: SlotTables, near: int) -> str:
    beyond = classes_by_code(tables).get("between")
    if beyond is None or not beyond["communes_or_farther"]:
        return "Aucune commune ne ressort."
    communes = french.count(beyond["communes_or_farther"], "commune")
    people = french.count(beyond["population_or_farther"], "habitant")
    return f"{communes} et {people} à plus de {near}\u00a0minutes d’une France services fixe, par rang."


def _areas(tables: SlotTables) -> list[Row]:
    columns = (
        "gap_id", "service", "threshold", "rank", "communes", "names", "epci_name", "population", "minutes_mean", "minutes_worst",
    )  # fmt: skip
    rows = [
        row
        for row in records(tables.gap_areas, *columns)
        if row["service"] == FRANCE_SERVICES.kind and row["threshold"] == tables.thresholds.near
    ]
    return sorted(rows, key=lambda row: row["rank"])


def _best_acts(tables: SlotTables, told: Acts) -> dict[str, str]:
    """Gap to its best act in words: its two forms, what they would bring, and where else it would bring nearly as much."""
    words = told.words
    moves = of_house_and_stop([row for row in told.moves if row["move"] in {"new_place", "bus_stop"}])
    chosen = [row["insee"] for row, _ in moves if row["scope"] == DEPARTEMENT]
    inside = {row["gap_id"]: str(row["insees"]).split() for row in records(tables.gap_areas, "gap_id", "insees")}
    return {
        row["scope"]: "\u202f; ".join(
            filter(None, (_best_act(row, stop, words), _otherwise(row, chosen, inside.get(row["scope"], []), words)))
        )
        for row, stop in moves
        if row["scope"] != DEPARTEMENT
    }


def _otherwise(row: Row, chosen: Sequence[str], inside: Collection[str], words: ActWords) -> str:
    """Why the act of a gap is not one of those `chosen` for the département, where one of them is near."""
    if row["insee"] in chosen:
        return ""
    near = [insee for insee in chosen if insee in str(row["alternatives"] or "").split() and insee not in inside]
    if near:
        return f"{words.at(near[0])}, hors de la zone, c’est le geste retenu pour le département"
    elsewhere = [insee for insee in chosen if insee in inside]
    return (
        f"{words.at(elsewhere[0])}, le geste retenu pour le département sert surtout hors de la zone"
        if elsewhere
        else ""
    )


def _best_act(row: Row, stop: Row | None, words: ActWords) -> str:
    gained = french.count(row["inhabitants_gained_alone"], "habitant")
    stops = french.number(stop["inhabitants_gained_alone"]) if stop else None
    form = ", ou un arrêt de bus" if stop else ""
    less = f", le bus {stops}" if stops not in {None, french.number(row["inhabitants_gained_alone"])} else ""
    beside = "\u202f; ".join(filter(None, (words.counted(row), words.bus(row), words.elsewhere(row))))
    act = f"Une France services {words.at(row['insee'])}{form}\u00a0: au moins {gained}{less}"
    return f"{act}\u202f; {beside}" if beside else act


def _area(row: Row, rows: list[Row], thresholds: Thresholds, act: str, profile: Row | None) -> Area:
    """`act` is the best one in words, `profile` who lives there and the band of its minutes, where they are known."""
    names = str(row["names"]).split(", ")
    others = len(names) - _NAMED
    said = ", ".join(names[:_NAMED]) + (f" et {french.count(others, 'autre')}" if others > 0 else "")
    minutes, about = "non calculé", [french.typographic(row["epci_name"] or "")]
    if row["minutes_mean"] is not None:
        mean, worst = (french.minutes(row[name], thresholds) for name in ("minutes_mean", "minutes_worst"))
        minutes = f"{mean}{_around(profile, thresholds)}, {worst} au plus"
    if profile is not None:
        about += _need(profile)
    figures = [
        number(row, "population", "inhabitants"),
        number(row, "minutes_mean", "minutes", row["population"], "inhabitants"),
        number(row, "minutes_worst", "minutes", row["communes"], "communes"),
    ]
    where = [rows_of("gap_areas", row, "service", "threshold", "rank")]
    if profile is not None:
        figures += [number(profile, name, "share" if name in _SOURCES else "count") for name in _PROFILE[3:]]
        figures += [number(profile, name, "minutes") for name in _PROFILE[1:3]]
        where.append(rows_of("gap_profiles", profile, "gap_id"))
    return Area(
        rank=french.number(row["rank"]),
        names=french.typographic(said),
        about=" · ".join(about).strip(" ·"),
        act=french.typographic(act),
        population=french.number(row["population"]),
        minutes=minutes,
        bar=row["population"] / (max(one["population"] for one in rows) or 1.0),
        evidence=Evidence(
            keys=named(row, "service", "threshold", "rank"),
            figures=tuple(figures),
            rows=tuple(where),
        ),
    )


def _around(profile: Row | None, thresholds: Thresholds) -> str:
    if profile is None or profile["minutes_low"] is None:
        return ""
    return f" ({french.minutes_band(profile['minutes_low'], profile['minutes_high'], thresholds)})"


def _profiles(tables: SlotTables) -> dict[str, Row]:
    return {row["gap_id"]: row for row in records(tables.gap_profiles, *_PROFILE)}


def _need(row: Row) -> Iterator[str]:
    """Who lives in the communes of a gap, of those of which a source speaks, and of what part of the gap none does."""
    if row["poor_households"] is not None:
        poor = french.count(row["poor_households"], "ménage pauvre", "ménages pauvres")
        whole = row["households"]
        yield f"{poor} sur {french.number(whole)} ({french.share(row['poor_households'] / whole)})" if whole else poor
    if row["aged_65"] is not None:
        old = french.count(row["aged_65"], "habitant de 65\u00a0ans ou plus", "habitants de 65\u00a0ans ou plus")
        yield f"{old}, dont {french.number(row['aged_80'])} de 80\u00a0ou plus" if row["aged_80"] is not None else old
    if row["quarters"] is not None:
        none = "aucun quartier prioritaire"
        yield (
            french.count(row["quarters"], "quartier prioritaire", "quartiers prioritaires") if row["quarters"] else none
        )
    parts = [f"{what}, {french.share(row[name])}" for name, what in _SOURCES.items() if 0 < row[name] < 1]
    if parts:
        yield "part inconnue\u00a0: " + "\u202f; ".join(parts)


def _areas_trust(rows: list[Row], near: int, profiles: Collection[Row]) -> str:
    shown = min(len(rows), AREAS_SHOWN)
    silent = [what for name, what in _SOURCES.items() if all(row[name] == 1 for row in profiles)]
    absent = f" · non calculés, sans source déclarée\u00a0: {', '.join(silent)}" if silent else ""
    return (
        f"n\u00a0=\u00a0{french.out_of(shown, len(rows), 'zone')} de communes voisines d’une même intercommunalité, à plus de "
        f"{near}\u00a0minutes d’une France services fixe · entre parenthèses, la fourchette d’un trajet · ménages et âges\u00a0: "
        f"ceux des communes entières{absent} · {_NOT_READ}."
    )


def _gap(
    place: int, row: Row, scale: float, tables: SlotTables, whole: Mapping[str, float | None], unsaid: Collection[str]
) -> Gap:
    """`whole` are all the inhabitants of each commune, not all of whom are far."""
    thresholds = tables.thresholds
    counts = ["?" if row[name] is None else french.number(row[name]) for name in _COUNTS]
    for column, (code, _) in enumerate(_HEADS):
        if code in unsaid and code != "none":  # that nobody is near is the minutes' to say
            counts[column] = NOT_SAID
    commune = french.name(row["commune"] or row["insee"] or "commune inconnue")
    told = "\u202f; ".join(filter(None, (row["reason"], COUNTED_AT.get(row["counted_at"] or ""))))
    return Gap(
        rank=french.number(row["rank"] if row["rank"] is not None else place),
        commune=french.typographic(f"{commune} ({told})") if told and row["minutes"] is not None else commune,
        population=_people(row["population"], whole.get(row["insee"])),
        minutes=french.minutes(row["minutes"], thresholds),
        minutes_band="" if row["minutes"] is None else _band(row, thresholds),
        bar=(row["population"] or 0.0) / scale,
        counts=tuple(counts),
        evidence=Evidence(
            keys=named(row, "insee"),
            figures=(
                number(row, "population", "inhabitants"),
                number(row, "minutes", "minutes"),
                *(number(row, name, "demarches") for name in _COUNTS),
            ),
            rows=(rows_of("gaps", row, "insee"),),
        ),
    )


def _people(far: float | None, whole: float | None) -> str:
    """« 992 sur 1 175 »; « 479 » where all of the commune's are."""
    if far is None:
        return "inconnue"
    return french.number(far) if whole is None or round(far) >= round(whole) else french.out_of(far, whole)


def _band(row: Row, thresholds: Thresholds) -> str:
    """« (de 26 à 40) » ; « (de 18 à 27, à vérifier) » where some of it may be within the threshold at the fast end."""
    band = french.minutes_band(row["minutes_low"], row["minutes_high"], thresholds)
    return f"({band})" if row["certain"] else f"({band}, à vérifier)"


def _why_empty(tables: SlotTables, lost: int) -> str:
    if not classes_by_code(tables):
        return "Aucun écart n’est calculé pour ce département."
    if lost == len(tables.communes):
        return "Aucun temps de trajet n’est calculé\u00a0: les communes ne peuvent pas être classées."
    near = tables.thresholds.near
    return f"Aucune commune dont le temps est calculé n’est à plus de {near}\u00a0minutes d’une France services fixe."


def _by_rank(row: Row) -> tuple[float, float, str]:
    rank = row["rank"] if row["rank"] is not None else 1e9
    return (float(rank), -(row["population"] or 0.0), row["insee"] or "")
