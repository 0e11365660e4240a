"""The truth about the fictional département's places; national lists and surveys then tell it, well or badly."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from functools import cache

from fs_pipeline import french
from fs_pipeline.rehearsal.land import CHEF_LIEU, DEPARTEMENT, ISLAND, SEED, Land, make_land

WEEK = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi")
_USUAL = dict.fromkeys(WEEK[:5], "09:00 - 12:00 / 13:30 - 17:00")
_SHORT = dict.fromkeys(WEEK[:4], "09:00 - 12:30 / 14:00 - 17:30")
_USUAL_FR = "du lundi au vendredi 9h-12h et 13h30-17h"
_SHORT_FR = "du lundi au jeudi 9h-12h30 et 14h-17h30"


@dataclass(frozen=True, slots=True)
class Spot:
    """One real place of the fiction."""

    name: str
    type: str
    commune: str
    address: str
    phone: str
    email: str | None
    website: str | None
    carrier: str | None
    siret: str | None
    hours_fr: str
    week: tuple[tuple[str, str], ...]
    latitude: float
    longitude: float
    id_fs: str | None = None  # in the official list
    kind: str = "fixed"
    in_survey: bool = True


# name, commune, carrier, address, short week, kind, in the official list, in the survey
_LABELLED = (
    ("France services d’Ambre-la-Ville", CHEF_LIEU, "CCAS d’Ambre-la-Ville",
     "3 place de la République", 0, "fixed", 1, 1),
    ("France services de Montbrume", "Montbrume", "CC des Hauts d’Ambre", "14 rue des Tanneurs", 0, "fixed", 1, 1),
    ("France services de Saint-Martin-d’Ambre", "Saint-Martin-d’Ambre", "Commune de Saint-Martin-d’Ambre",
     "1 place de la Mairie", 1, "fixed", 1, 1),
    ("France services de Roquevive - La Poste", "Roquevive", "La Poste", "8 avenue de la Gare", 0, "fixed", 1, 1),
    ("France services de Belle-Fontaine", "Belle-Fontaine", "MSA des Terres d’Ambre",
     "22 rue du Lavoir", 1, "fixed", 1, 1),
    ("France services de Lormeau", "Lormeau", "CC des Trois Rivières", "5 rue de la Mine", 0, "fixed", 1, 0),
    ("France services de Tressange", "Tressange", "Familles rurales de Tressange",
     "2 chemin du Moulin", 1, "fixed", 1, 1),
    ("Antenne France services de Pierrelongue", "Pierrelongue", "CC des Hauts d’Ambre",
     "6 Grande Rue", 1, "antenne", 1, 1),
    ("Bus France services du Haut-Ambre", "Sombreval", "CC Brumes et Vallons",
     "1 place du Foirail", 0, "itinerant", 1, 1),
    ("France services de Valsombre", "Valsombre", "Commune de Valsombre", "9 rue du Four", 1, "fixed", 0, 1),
)  # fmt: skip
_OTHERS = (
    ("Centre communal d’action sociale d’Ambre-la-Ville", "CCAS", CHEF_LIEU, "17 rue Voltaire"),
    ("PIMMS Médiation d’Ambre", "PIMMS", CHEF_LIEU, "40 boulevard des Alliés"),
    ("Maison de la justice et du droit d’Ambre-la-Ville", "Point-justice", CHEF_LIEU, "2 rue du Palais"),
    ("Mission locale du Val-d’Ambre", "Mission locale", CHEF_LIEU, "11 rue des Écoles"),
    ("Maison des solidarités de Montbrume", "Maison des solidarités", "Montbrume", "33 rue des Tanneurs"),
    ("Médiathèque des Trois-Moulins", "Médiathèque", "Les Trois-Moulins", "4 rue du Moulin-Neuf"),
    ("Centre social Les Genêts", "Centre social", "Neuvy-les-Genêts", "7 route de Malaval"),
    ("Familles rurales de Chantemerle", "Association", "Chantemerle", "12 rue de l’Église"),
    ("Espace public numérique de Castelnoir", "Espace public numérique", "Castelnoir", "5 rue Basse"),
    ("Sous-préfecture de Montbrume", "Sous-préfecture", "Montbrume", "1 cours de la Préfecture"),
)
TOWN_HALLS_SURVEYED = (
    "Saint-Martin-d’Ambre", "Saint-Martin-d’Ambrais", "Arbresec", "Boisgelé", "Combe-Rousse", "Épineuse", "Gourdeval",
    "Haute-Rive", "La Ferrandière", "Le Moustier", "Malaval", "Montfroid", "Orgeval-le-Sec", "Puy-Clair", "Queyrelle",
    "Sainte-Aurore", "Sauveplane", "Verneuil-la-Forêt", "Ville-aux-Sources", ISLAND,
)  # fmt: skip
POST_OFFICES = (CHEF_LIEU, "Montbrume", "Roquevive", "Belle-Fontaine", "Lormeau")
POSTAL_AGENCIES = ("Tressange", "Castelnoir", "Chantemerle", "Sombreval")


@cache
def make_offer() -> dict[str, Spot]:
    """Name to place, in order: labelled, others, town halls, postal counters."""
    land, draw = make_land(), random.Random(SEED + 1)  # noqa: S311 - a fiction, not a secret
    spots: list[Spot] = []

    def add(name: str, kind_of_place: str, commune: str, address: str, carrier: str | None, short: bool) -> Spot:
        row, number = land.commune(commune), len(spots) + 1
        shift = (0.0, 0.0) if kind_of_place == "Mairie" else (draw.uniform(-0.004, 0.004), draw.uniform(-0.004, 0.004))
        slug = f"accueil{number}"
        spot = Spot(
            name=name,
            type=kind_of_place,
            commune=commune,
            address=address,
            phone=f"04 65 71 {number // 100:02d} {number % 100:02d}",
            email=f"{slug}@val-d-ambre.example.org" if number % 5 else None,
            website=f"https://www.val-d-ambre.example.org/{slug}" if number % 4 else None,
            carrier=carrier,
            siret=siret_of(number),
            hours_fr=_SHORT_FR if short else _USUAL_FR,
            week=tuple((_SHORT if short else _USUAL).items()),
            latitude=round(float(row["latitude"]) + shift[0], 6),
            longitude=round(float(row["longitude"]) + shift[1], 6),
        )
        spots.append(spot)
        return spot

    for number, (name, commune, carrier, address, short, kind, listed, surveyed) in enumerate(_LABELLED, start=1):
        spot = add(name, "France services", commune, address, carrier, bool(short))
        id_fs = str(9000 + number) if listed else None
        spots[-1] = replace(spot, id_fs=id_fs, kind=kind, in_survey=bool(surveyed))
    for name, kind_of_place, commune, address in _OTHERS:
        add(name, kind_of_place, commune, address, None, short=False)
    for commune in _communes(land):
        surveyed = commune in TOWN_HALLS_SURVEYED
        add(town_hall(commune), "Mairie", commune, "1 place de la Mairie", f"Commune de {commune}", short=True)
        spots[-1] = replace(spots[-1], in_survey=surveyed)
    for commune in (*POST_OFFICES, *POSTAL_AGENCIES):
        agency = commune in POSTAL_AGENCIES
        name = f"La Poste - Agence communale de {commune}" if agency else f"Bureau de poste de {commune}"
        address = "8 avenue de la Gare" if commune == "Roquevive" else "10 rue de la Poste"
        add(
            name, "Agence postale communale" if agency else "Bureau de poste", commune, address, "La Poste", short=False
        )
        host = next(
            (spot for spot in spots if spot.commune == commune and "La Poste" in spot.name and spot.id_fs), None
        )
        if host:
            spots[-1] = replace(spots[-1], latitude=host.latitude, longitude=host.longitude)
        spots[-1] = replace(spots[-1], in_survey=False)
    return {spot.name: _beside_town_hall(spot, land) for spot in spots}


def _beside_town_hall(spot: Spot, land: Land) -> Spot:
    """A France services inside the town hall stands where the town hall stands."""
    if spot.type != "France services" or spot.address != "1 place de la Mairie":
        return spot
    row = land.commune(spot.commune)
    return replace(spot, latitude=float(row["latitude"]), longitude=float(row["longitude"]))


def _communes(land: Land) -> list[str]:
    communes = land.territory.communes
    return list(communes.loc[communes["departement"] == DEPARTEMENT, "name"])


def town_hall(commune: str) -> str:
    """« Mairie d’Arbresec », « Mairie du Moustier », « Mairie des Aubrais-Neuves »."""
    for article, contracted in (("Le ", "du "), ("Les ", "des ")):
        if commune.startswith(article):
            return f"Mairie {contracted}{commune.removeprefix(article)}"
    return f"Mairie {french.of(commune)}"


def siret_of(number: int) -> str:
    """A SIRET with a right key, of the invented establishment `number`."""
    siren = _with_luhn_key(f"2199{number:04d}")
    return _with_luhn_key(f"{siren}0001")


def _with_luhn_key(digits: str) -> str:
    total = 0
    for position, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 if position % 2 else 2)
        total += doubled - 9 if doubled > 9 else doubled
    return f"{digits}{-total % 10}"
