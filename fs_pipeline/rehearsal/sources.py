"""The fictional land written as real sources are: contours, points, roads, national lists, and their sources.toml."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from fs_pipeline.rehearsal.land import (
    DEPARTEMENT,
    FORMER_HALLS,
    ISLAND,
    NEIGHBOUR,
    SQUARED,
    SQUARES,
    Land,
    make_land,
)
from fs_pipeline.rehearsal.offer import WEEK, Spot, make_offer

REFERENCE_DATE = "2022-12-01"
NEIGHBOUR_LABEL = "France services de Corbessac"  # of 0A: a border cuts nothing
CLOSED = "France services de Tressange"  # the survey says that it has closed
HOURS_DIFFER = "France services de Belle-Fontaine"  # the list says other hours than the survey
LISTED_WEEK = {**dict.fromkeys(WEEK[:4], "08:30 - 12:00 / 13:00 - 16:30"), "samedi": "09:00 - 12:00"}  # these
_FS_COLUMNS = (
    "id_fs", "insee_dep", "lib_fs", "adresse", "complement_adresse", "insee_com", "code_postal", "lib_com", "latitude",
    "longitude", "mail", "telephone", "h_lundi", "h_mardi", "h_mercredi", "h_jeudi", "h_vendredi", "h_samedi",
    "commentaire", "itinerance", "format_fs", "groupe", "labellisation",
)  # fmt: skip
_POSTE_COLUMNS = (
    "#Identifiant_du_site", "Libellé_du_site", "Caractéristique_du_site", "Site_Acores_de_rattachement", "Adresse",
    "Complément_d_adresse", "Lieu_dit", "Code_postal", "Localité", "Code_INSEE", "Pays", "Latitude", "Longitude",
    "Précision_du_géocodage", "Numéro_de_téléphone", "latlong",
)  # fmt: skip
_TRAVAIL_COLUMNS = (
    "code_safir", "name", "address_line_1", "address_line_2", "post_code", "city", "department", "longitude",
    "latitude",
)  # fmt: skip
_FILES = {
    "france_services": "france-services-2022-12-01.csv",
    "la_poste": "la-poste-points-de-contact-2022-11.csv",
    "france_travail": "france-travail-agences-2022-11-02.csv",
    "annuaire": "annuaire-administration-2022-11-15.json.gz",
    "communes": "communes-val-d-ambre.csv",
    "contours": "contours-val-d-ambre.parquet",
    "roads": "routes-val-d-ambre.graphml",
    "town_halls": "chefs-lieux-val-d-ambre.csv",
    "population_squares": "carreaux-1km-val-d-ambre.csv",
}


def write_sources(folder: Path) -> Path:
    """Write every source below `folder`; the path of its sources.toml."""
    land, spots = make_land(), tuple(make_offer().values())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _FILES["france_services"]).write_bytes(_france_services(land, spots))
    (folder / _FILES["la_poste"]).write_bytes(_la_poste(land, spots))
    (folder / _FILES["france_travail"]).write_bytes(_france_travail(land))
    (folder / _FILES["annuaire"]).write_bytes(gzip.compress(_annuaire(land, spots), mtime=0))
    columns = ("insee", "name", "departement", "population", "longitude", "latitude")
    communes = land.territory.communes[list(columns)].itertuples(index=False, name=None)
    (folder / _FILES["communes"]).write_bytes(_table(columns, communes, ","))
    _write_contours(land, folder / _FILES["contours"])
    (folder / _FILES["roads"]).write_bytes(_graphml(land))
    (folder / _FILES["town_halls"]).write_bytes(_town_halls(land))
    (folder / _FILES["population_squares"]).write_bytes(_squares(land))
    lines = [f"campaign_reference_date = {REFERENCE_DATE}", "", "[sources]"]
    lines += [f'{key} = "{name}"' for key, name in _FILES.items()]
    path = folder / "sources.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]], separator: str, *, quoted: bool = False) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(
        text, delimiter=separator, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC if quoted else csv.QUOTE_MINIMAL
    )
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode()


def _france_services(land: Land, spots: Sequence[Spot]) -> bytes:
    rows = [_label_row(land, spot, DEPARTEMENT) for spot in spots if spot.id_fs]
    beyond = land.commune("Corbessac")
    rows.append(
        (
            "9101", NEIGHBOUR, NEIGHBOUR_LABEL, "2 rue du Pont", "", beyond["insee"], beyond["postcodes"][0],
            "Corbessac", float(beyond["latitude"]), float(beyond["longitude"]), "", "04 65 71 90 01",
            *("09:00 - 12:00 / 14:00 - 17:00" for _ in WEEK[:5]), "", "", "Non", "Site principal", "",
            "Espace labellisé 01/09/2021",
        )
    )  # fmt: skip
    return _table(_FS_COLUMNS, rows, ",", quoted=True)


def _label_row(land: Land, spot: Spot, departement: str) -> tuple[object, ...]:
    commune, week = land.commune(spot.commune), dict(spot.week)
    if spot.name == HOURS_DIFFER:
        week = dict(LISTED_WEEK)
    bus = spot.kind == "itinerant"
    return (
        spot.id_fs, departement, spot.name, spot.address, "", commune["insee"], commune["postcodes"][0], spot.commune,
        spot.latitude, spot.longitude, spot.email or "", spot.phone, *(week.get(day, "") for day in WEEK), "",
        "Oui" if bus else "Non", "Antenne" if spot.kind == "antenne" else "Site principal", "",
        "Espace labellisé 01/01/2021",
    )  # fmt: skip


def _la_poste(land: Land, spots: Sequence[Spot]) -> bytes:
    rows = []
    counters = [spot for spot in spots if spot.type in {"Bureau de poste", "Agence postale communale"}]
    for number, spot in enumerate(counters, start=1):
        commune, agency = land.commune(spot.commune), spot.type != "Bureau de poste"
        name = f"{spot.commune.upper()} {'AP' if agency else 'BP'}"
        characteristic = "Agence Postale Communale" if agency else "Bureau de Poste"
        rows.append(
            (
                f"{90000 + number}A", name, characteristic, "", spot.address.upper(), "", "", commune["postcodes"][0],
                spot.commune.upper(), commune["insee"], "FRANCE", spot.latitude, spot.longitude,
                "Géocodé au centre de la commune" if agency else "Géocodé au numéro", "3631",
                f"{spot.latitude}, {spot.longitude}",
            )
        )  # fmt: skip
    return _table(_POSTE_COLUMNS, rows, ";")


def _france_travail(land: Land) -> bytes:
    rows = []
    for code, commune in (("90001", "Ambre-la-Ville"), ("90002", "Montbrume")):
        row = land.commune(commune)
        point = (float(row["longitude"]) + 0.003, float(row["latitude"]) - 0.002)
        rows.append(
            (code, f"France Travail - {commune.upper()}", "25 RUE DE L INDUSTRIE", "", row["postcodes"][0],
             commune.upper(), DEPARTEMENT, round(point[0], 6), round(point[1], 6))
        )  # fmt: skip
    row = land.commune("Ambre-la-Ville")
    direction = (
        "90009",
        "France Travail - DT 00 VAL D AMBRE",
        "1 RUE HAUTE",
        "",
        row["postcodes"][0],
        "AMBRE-LA-VILLE",
    )
    rows.append((*direction, DEPARTEMENT, float(row["longitude"]), float(row["latitude"])))
    return _table(_TRAVAIL_COLUMNS, rows, ",")


def _annuaire(land: Land, spots: Sequence[Spot]) -> bytes:
    tags = {"Mairie": "mairie", "Sous-préfecture": "sous_pref", "Mission locale": "mission_locale", "CCAS": "ccas"}
    services = []
    for number, spot in enumerate((spot for spot in spots if spot.type in tags), start=1):
        commune = land.commune(spot.commune)
        services.append(
            {
                "id": f"{number:08d}-0000-4000-8000-{number:012d}",
                "ancien_code_pivot": f"{tags[spot.type]}-{commune['insee']}-01",
                "nom": f"Mairie - {spot.commune}" if spot.type == "Mairie" else spot.name,
                "pivot": [{"type_service_local": tags[spot.type], "code_insee_commune": [commune["insee"]]}],
                "adresse": [
                    {
                        "type_adresse": "Adresse",
                        "numero_voie": spot.address,
                        "complement1": "",
                        "code_postal": commune["postcodes"][0],
                        "nom_commune": spot.commune,
                        "latitude": str(spot.latitude),
                        "longitude": str(spot.longitude),
                    }
                ],
                "telephone": [{"valeur": spot.phone, "description": ""}],
                "adresse_courriel": [spot.email] if spot.email else [],
                "site_internet": [{"valeur": spot.website, "libelle": ""}] if spot.website else [],
                "plage_ouverture": [_opening(day, slots) for day, slots in spot.week],
                "code_insee_commune": commune["insee"],
                "siret": spot.siret,
                "date_modification": "15/11/2022 09:00:00",
            }
        )
    return json.dumps({"service": services}, ensure_ascii=False, indent=1).encode()


def _opening(day: str, slots: str) -> dict[str, str]:
    record = {"nom_jour_debut": day.capitalize(), "nom_jour_fin": day.capitalize()}
    for number, slot in enumerate(slots.split(" / "), start=1):
        start, _, end = slot.partition(" - ")
        record |= {f"valeur_heure_debut_{number}": f"{start}:00", f"valeur_heure_fin_{number}": f"{end}:00"}
    return record


def _write_contours(land: Land, path: Path) -> None:
    """Voronoi cells around the communes' points; the island is a disc in its lake."""
    import geopandas as gpd
    from shapely import MultiPoint, Point, Polygon, get_parts, voronoi_polygons

    communes = land.territory.communes
    mainland = communes[communes["name"] != ISLAND]
    points = [Point(x, y) for x, y in zip(mainland["longitude"], mainland["latitude"], strict=True)]
    outline: Polygon = MultiPoint(points).convex_hull.buffer(0.045)
    cells = [cell.intersection(outline) for cell in get_parts(voronoi_polygons(MultiPoint(points), extend_to=outline))]
    shapes = {
        insee: next(cell for cell in cells if cell.contains(point))
        for insee, point in zip(mainland["insee"], points, strict=True)
    }
    island = land.commune(ISLAND)
    shapes[str(island["insee"])] = Point(island["longitude"], island["latitude"]).buffer(0.025, quad_segs=6)
    frame = gpd.GeoDataFrame(
        {"insee": list(communes["insee"]), "name": list(communes["name"])},
        geometry=[shapes[insee] for insee in communes["insee"]],
        crs=4326,
    )
    frame.to_parquet(path, index=False)


def _town_halls(land: Land) -> bytes:
    """Those of every commune, and of three that were merged."""
    halls = [*land.territory.communes[["insee", "longitude", "latitude"]].itertuples(index=False, name=None)]
    halls += [(code, *point) for code, point in FORMER_HALLS.items()]
    return _table(("insee", "longitude", "latitude"), halls, ",")


def _squares(land: Land) -> bytes:
    """As INSEE publishes them, of one commune; households and ages are those of nobody."""
    insee = land.commune(SQUARED)["insee"]
    households = [
        (f"CRS3035RES1000mN{north}000E{east}000", insee, 0, people, people // 2, people // 20, *[people // 40] * 4,
         people // 5, people // 10)
        for north, east, people in SQUARES
    ]  # fmt: skip
    ages = ("Ind_0_3", "Ind_4_5", "Ind_6_10", "Ind_11_17", "Ind_65_79", "Ind_80p")
    return _table(("Idcar_1km", "lcog_geo", "i_est_1km", "Ind", "Men", "Men_pauv", *ages), households, ",")


def _graphml(land: Land) -> bytes:
    """A directed GraphML as OSMnx writes it: both directions of each road."""
    keys = (
        ("d0", "graph", "created_date", "string"), ("d1", "graph", "crs", "string"), ("d2", "node", "y", "string"),
        ("d3", "node", "x", "string"), ("d4", "edge", "length", "string"), ("d5", "edge", "highway", "string"),
        ("d6", "edge", "maxspeed", "string"), ("d7", "edge", "oneway", "string"),
    )  # fmt: skip
    lines = ["<?xml version='1.0' encoding='utf-8'?>", '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">']
    lines += [f'  <key id="{key}" for="{of}" attr.name="{name}" attr.type="{kind}"/>' for key, of, name, kind in keys]
    lines.append('  <graph edgedefault="directed">')
    lines.append('    <data key="d0">2022-11-20 08:00:00</data><data key="d1">epsg:4326</data>')
    for number, (longitude, latitude) in enumerate(land.nodes):
        data = f'<data key="d2">{latitude}</data><data key="d3">{longitude}</data>'
        lines.append(f'    <node id="{number}">{data}</node>')
    for edge in land.edges:
        data = f'<data key="d4">{edge.length_m}</data><data key="d5">{edge.highway}</data>'
        data += f'<data key="d6">{edge.maxspeed}</data><data key="d7">False</data>'
        for source, target in ((edge.first, edge.second), (edge.second, edge.first)):
            lines.append(f'    <edge source="{source}" target="{target}">{data}</edge>')
    lines += ["  </graph>", "</graphml>", ""]
    return "\n".join(lines).encode()
