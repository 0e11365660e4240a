"""The published lists, in every shape, as canonical places."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from fs_pipeline.http.problems import ChangedSource, EmptySource, SourceProblem, UnreadableSource
from fs_pipeline.national.places import COLUMNS
from fs_pipeline.national.read import read_snapshot
from fs_pipeline.territory.model import Territory
from fs_pipeline.territory.shipped import load_territory


@pytest.fixture(scope="module")
def territory() -> Territory:
    return load_territory()


def france_services(folder: Path, *rows: dict[str, str], name: str = "france-services-2022-12-01.csv") -> Path:
    plain = {"id_fs": "1", "insee_dep": "01", "lib_fs": "France services", "adresse": "1 rue A", "insee_com": "01053"}
    plain |= {"code_postal": "01000", "lib_com": "Bourg-en-Bresse", "latitude": "46.2", "longitude": "5.2"}
    path = folder / name
    pd.DataFrame([plain | row for row in rows]).to_csv(path, index=False)
    return path


def the_place(path: Path, territory: Territory, key: str = "france_services") -> pd.Series:
    places = read_snapshot(key, path, territory).places
    assert list(places.columns) == list(COLUMNS)
    assert len(places) == 1
    return places.iloc[0]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ({"format_fs": "Site principal", "itinerance": "Non"}, "fixed"),
        ({"format_fs": "Antenne", "itinerance": "Non"}, "antenne"),
        ({"format_fs": "Site principal", "itinerance": "Oui"}, "fixed"),
        ({"format_fs": "Site principal", "itinerance": "Oui", "adresse": ""}, "itinerant"),
        ({"format_fs": "Site principal", "itinerance": "Non", "lib_fs": "Bus France services"}, "itinerant"),
        ({"FORMAT_FS": "Espace labellisé", "categorie": "FS itinerante"}, "itinerant"),
        ({"format_fs": "Fixe"}, "fixed"),
        ({"format_fs": "Multisites"}, "multi_site"),
        ({"format_fs": "Bus_équivalent"}, "itinerant"),
        ({"format_fs": "Fixe_antenne(s)"}, "fixed"),
        ({"format_fs": "Itinérante"}, "itinerant"),
        ({}, "fixed"),
    ],
)
def test_a_kind_is_read_in_the_codes_of_2020_2022_and_2024(tmp_path, territory, cells, kind):
    place = the_place(france_services(tmp_path, cells), territory)
    assert place["kind"] == kind
    assert place["itinerant"] is (kind == "itinerant")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Espace labellisé 01/02/2020", "2020-02-01"),
        ("Espace labellisé 01/2020", "2020-01-01"),
        (None, None),
    ],
)
def test_the_label_s_date_is_no_date_of_update(tmp_path, territory, written, day):
    place = the_place(france_services(tmp_path, {"labellisation": written}), territory)
    assert place["labelled_on"] == day
    assert place["updated_on"] is None


def test_a_provisional_id_is_no_id(tmp_path, territory):
    path = france_services(tmp_path, {"id_fs": "temp_1"}, {"id_fs": "temp_2"})
    places = read_snapshot("france_services", path, territory).places
    assert places["local_id"].tolist() == [None, None]
    assert places["source_id"].is_unique
    assert not places["source_id"].str.contains("temp").any()


def test_an_old_commune_or_an_arrondissement_becomes_the_commune_of_today(tmp_path, territory):
    place = the_place(
        france_services(
            tmp_path, {"insee_com": "75112", "insee_dep": "75", "code_postal": "75012", "lib_com": "Paris 12e"}
        ),
        territory,
    )
    assert (place["insee"], place["commune"], place["departement"]) == ("75056", "Paris", "75")


def test_a_code_that_lost_its_zero_is_not_believed_against_name_and_postcode(tmp_path, territory):
    cells = {"insee_com": "60029", "insee_dep": None, "code_postal": "6400", "lib_com": "Cannes"}
    place = the_place(france_services(tmp_path, cells), territory)
    assert (place["insee"], place["postcode"], place["departement"]) == ("06029", "06400", "06")


def test_a_code_across_the_border_of_its_postcode_is_believed(tmp_path, territory):
    cells = {"insee_com": "39102", "insee_dep": "39", "code_postal": "01590", "lib_com": "Chancia"}
    assert the_place(france_services(tmp_path, cells), territory)["insee"] == "39102"


def test_an_antenne_without_address_keeps_its_departement_and_takes_the_commune_of_its_name(tmp_path, territory):
    nothing = dict.fromkeys(("insee_com", "code_postal", "lib_com", "adresse", "latitude", "longitude"))
    path = france_services(
        tmp_path,
        {**nothing, "insee_dep": "44", "lib_fs": "Antenne de Rouans"},
        {**nothing, "id_fs": "2", "insee_dep": "33", "lib_fs": "Bus Mairie Mobile"},
    )
    places = read_snapshot("france_services", path, territory).places
    assert places["departement"].tolist() == ["44", "33"]
    assert places["insee"].tolist() == ["44145", None]
    assert places["latitude"].isna().all()


def test_hours_a_day_become_osm_hours(tmp_path, territory):
    path = france_services(
        tmp_path, {"h_lundi": "9:00 - 12:00 / 13:30 - 17:00", "h_mardi": "-", "h_mercredi": "14h-18h"}
    )
    assert the_place(path, territory)["opening_hours"] == "Mo 09:00-12:00,13:30-17:00; We 14:00-18:00"


def test_slots_that_the_export_repeats_are_read_once(tmp_path, territory):
    cells = {"h_lundi": "00:00 - 00:00 / 09:00 - 12:00 / 09:00 - 12:00 / 14:00 - 17:00", "h_samedi": "00:00 - 00:00"}
    assert the_place(france_services(tmp_path, cells), territory)["opening_hours"] == "Mo 09:00-12:00,14:00-17:00"


@pytest.mark.parametrize(("latitude", "longitude"), [("46,2", "5,2"), ("46.2", "5.2")])
def test_degrees_are_read_with_a_decimal_comma_as_with_a_point(tmp_path, territory, latitude, longitude):
    place = the_place(france_services(tmp_path, {"latitude": latitude, "longitude": longitude}), territory)
    assert (place["latitude"], place["longitude"]) == (46.2, 5.2)


def test_a_name_encoded_twice_is_repaired(tmp_path, territory):
    assert the_place(france_services(tmp_path, {"lib_fs": "Trie-ChÃ¢teau"}), territory)["name"] == "Trie-Château"


def test_zero_rows_are_an_error_never_an_empty_table(tmp_path, territory):
    path = france_services(tmp_path, {})
    path.write_text(path.read_text().splitlines()[0] + "\n")
    with pytest.raises(EmptySource, match=r"aucune ligne.*À faire"):
        read_snapshot("france_services", path, territory)


def test_a_missing_column_is_an_error_that_names_it(tmp_path, territory):
    path = france_services(tmp_path, {})
    path.write_text(path.read_text().replace("lib_com", "ville"))
    with pytest.raises(ChangedSource, match=r"lib_com.*ville"):
        read_snapshot("france_services", path, territory)


def test_a_file_without_a_date_is_not_given_one(tmp_path, territory):
    path = france_services(tmp_path, {}, name="liste.csv")
    with pytest.raises(ValueError, match="date inconnue"):
        read_snapshot("france_services", path, territory)
    assert read_snapshot("france_services", path, territory, as_of="2022-12-01").snapshot_date == "2022-12-01"


@pytest.mark.parametrize(
    ("name", "is_kept"),
    [
        ("France Travail - APE LONS", True),
        ("France Travail - DT 06", False),
        ("France Travail - DR PE POITOU-CHARENTES", False),
        ("France Travail - SIÈGE RÉGIONAL LIMOUSIN", False),
        ("France Travail - DIRECTION REGIONALE GUADELOUPE", False),
        ("France Travail - MANOSQUE APE ET DR", True),
        ("France Travail - SAINT BRIEUC OUEST (APE/DT/A2S22)", True),
        ("France Travail - DT 45 LOIRET / PE ORLEANS OUEST", True),
        ("France Travail - DT 56 / AGENCE SPECIALISEE 56", True),
        ("France Travail - SAINT DREZERY", True),
    ],
)
def test_a_direction_is_not_a_counter(tmp_path, territory, name, is_kept):
    agencies = [("France Travail - BORDEAUX", "1 rue A"), (name, "2 rue B")]
    path = tmp_path / "agences-2023-01-01.csv"
    pd.DataFrame(
        [
            {"name": name, "address_line_1": street, "post_code": "33000", "city": "BORDEAUX", "department": "33"}
            for name, street in agencies
        ]
    ).to_csv(path, index=False)
    assert len(read_snapshot("france_travail", path, territory).places) == 1 + is_kept


def la_poste(folder: Path, **cells: str) -> Path:
    plain = {"#Identifiant_du_site": "1A", "Libellé_du_site": "VENTEROL AP", "Adresse": "1 RUE A"}
    plain |= {"Caractéristique_du_site": "Agence postale communale", "Code_postal": "26110", "Localité": "VENTEROL"}
    plain |= {"Code_INSEE": "26367", "Latitude": "44.38", "Longitude": "5.09", "Numéro_de_téléphone": "3631"}
    path = folder / "la-poste-2016-08.csv"
    pd.DataFrame([plain | cells]).to_csv(path, index=False, sep=";")
    return path


@pytest.mark.parametrize(
    ("written", "service_type"),
    [
        ("Bureau de Poste", "bureau_de_poste"),
        ("Agence postale intercommunale", "agence_postale"),
        ("Relais poste commerçant", "relais_poste"),
    ],
)
def test_la_poste_has_three_kinds_of_counters(tmp_path, territory, written, service_type):
    place = the_place(la_poste(tmp_path, Caractéristique_du_site=written), territory, "la_poste")
    assert (place["service_type"], place["operator"]) == (service_type, "la_poste")


def test_a_point_at_the_centre_of_the_commune_is_not_the_counter_s(tmp_path, territory):
    coarse = la_poste(tmp_path, Précision_du_géocodage="Géocodé au centre de la commune")
    assert pd.isna(the_place(coarse, territory, "la_poste")["latitude"])
    exact = la_poste(tmp_path, Précision_du_géocodage="Géocodé au numéro")
    assert the_place(exact, territory, "la_poste")["latitude"] == 44.38


def annuaire_2019(folder: Path, identifier: str, notes: str, tag: str = "mairie") -> Path:
    path = folder / "annuaire-2019.csv"
    row = {
        "#id": identifier,
        "name": f"Mairie - Ici {identifier[-8:]}",
        "notes": notes,
        "home_page": "",
        "tag_string": tag,
    }
    pd.DataFrame([row]).to_csv(path, index=False)
    return path


def test_the_address_and_phone_are_inside_the_notes_of_2019(tmp_path, territory):
    notes = (
        "Adresse : Immeuble A - 5,  rue B - BP 3, 1012, Bourg-en-Bresse Cedex | Tél : 04 74 32 30 00 / gris | Fax : "
    )
    place = the_place(annuaire_2019(tmp_path, "mairie-01053-01", notes), territory, "annuaire")
    assert place["name"] == "Mairie - Ici"
    assert (place["address"], place["address_extra"]) == ("5 rue B", "Immeuble A - BP 3")
    assert (place["postcode"], place["insee"], place["phone"]) == ("01012", "01053", "+33474323000")


def test_the_dash_form_of_the_notes_is_read_too(tmp_path, territory):
    notes = "Adresse : Préfecture de l'Aude, 52 rue Jean Bringer,11000, Carcassonne- Tél : 04 68 10 27 00- Fax : "
    place = the_place(annuaire_2019(tmp_path, "mairie-11069-01", notes), territory, "annuaire")
    assert (place["postcode"], place["phone"]) == ("11000", "+33468102700")


def test_a_gendarmerie_is_set_aside_and_counted(tmp_path, territory):
    path = annuaire_2019(tmp_path, "gendarmerie-01053-01", "", "gendarmerie")
    reading = read_snapshot("annuaire", path, territory)
    assert reading.places.empty
    assert sum(reading.set_aside.values()) == 1


SERVICE = {
    "id": "00007e4d-264c-43a0-b0b7-000000000000",
    "ancien_code_pivot": "mairie-77188-01",
    "nom": "Mairie - Fontaine-le-Port",
    "pivot": [{"type_service_local": "mairie", "code_insee_commune": ["77188"]}],
    "code_insee_commune": "77188",
    "adresse": [
        {
            "type_adresse": "Adresse postale",
            "numero_voie": "BP 1",
            "code_postal": "77591",
            "nom_commune": "Ailleurs Cedex",
        },
        {
            "type_adresse": "Adresse",
            "complement1": "Bâtiment A",
            "complement2": "",
            "service_distribution": "",
            "numero_voie": "1 rue du Port",
            "code_postal": "77590",
            "nom_commune": "Fontaine-le-Port",
            "longitude": "2.76",
            "latitude": "48.48",
        },
    ],
    "telephone": [{"valeur": "01 64 38 30 52", "description": ""}],
    "site_internet": [{"libelle": "", "valeur": "https://www.exemple.fr"}],
    "adresse_courriel": ["mairie@exemple.fr"],
    "plage_ouverture": [
        {
            "nom_jour_debut": "Lundi",
            "nom_jour_fin": "Mardi",
            "valeur_heure_debut_1": "09:00:00",
            "valeur_heure_fin_1": "12:00:00",
            "valeur_heure_debut_2": "14:00:00",
            "valeur_heure_fin_2": "17:00:00",
        },
        {
            "nom_jour_debut": "Samedi",
            "nom_jour_fin": "",
            "valeur_heure_debut_1": "10:00:00",
            "valeur_heure_fin_1": "12:00:00",
        },
    ],
    "date_modification": "09/08/2023 13:30:19",
}


@pytest.mark.parametrize("nested", [True, False], ids=["file", "api"])
def test_today_s_directory_is_read_from_its_file_and_from_its_api(tmp_path, territory, nested):
    as_text = {name: value if isinstance(value, str) else json.dumps(value) for name, value in SERVICE.items()}
    document = {"service": [SERVICE]} if nested else [as_text]
    path = tmp_path / "2023-08-10_053120-data.gouv_local.json"
    path.write_text(json.dumps(document))
    place = the_place(path, territory, "annuaire")
    assert place["snapshot_date"] == "2023-08-10"
    assert place["source_id"] == "mairie-77188-01"
    assert (place["address"], place["address_extra"]) == ("1 rue du Port", "Bâtiment A")
    assert (place["insee"], place["latitude"], place["longitude"]) == ("77188", 48.48, 2.76)
    assert (place["phone"], place["updated_on"]) == ("+33164383052", "2023-08-09")
    assert (place["email"], place["website"]) == ("mairie@exemple.fr", "https://www.exemple.fr")
    assert place["opening_hours"] == "Mo-Tu 09:00-12:00,14:00-17:00; Sa 10:00-12:00"


MEDNUM = {
    "id": "Coop-numerique_1",
    "nom": "Médiathèque du Lac",
    "pivot": "13003013300016",
    "typologie": "BIB|MUNI",
    "commune": "Bourg-en-Bresse",
    "code_postal": "01000",
    "code_insee": "01053",
    "adresse": "1 place de la Lecture",
    "latitude": "46.2",
    "longitude": "5.2",
    "telephone": "0474323000",
    "courriels": "mediatheque@exemple.fr|autre@exemple.fr",
    "site_web": "https://exemple.fr|https://autre.exemple.fr",
    "horaires": "Mo-Fr 09:00-12:00,14:00-18:00",
    "date_maj": "2024-03-05",
    "dispositif_programmes_nationaux": "Aidants Connect",
    "itinerance": "Fixe",
    "services": "Aide aux démarches administratives",
}


def mednum(folder: Path, **cells: str) -> Path:
    path = folder / "mediation-numerique-2024-04-01.csv"
    pd.DataFrame([MEDNUM | cells]).to_csv(path, index=False)
    return path


def test_a_place_of_digital_mediation_keeps_what_its_schema_says(tmp_path, territory):
    place = the_place(mednum(tmp_path), territory, "mediation_numerique")
    assert (place["source_id"], place["name"], place["insee"]) == ("Coop-numerique_1", "Médiathèque du Lac", "01053")
    assert (place["type"], place["service_type"]) == ("Bibliothèque ou médiathèque", "mediatheque")
    assert (place["phone"], place["email"]) == ("+33474323000", "mediatheque@exemple.fr")
    assert place["website"] == "https://exemple.fr"
    assert place["opening_hours"] == "Mo-Fr 09:00-12:00,14:00-18:00"
    assert (place["updated_on"], place["siret"], place["kind"]) == ("2024-03-05", "13003013300016", "fixed")


@pytest.mark.parametrize(
    ("cells", "service_type", "kind"),
    [
        ({"dispositif_programmes_nationaux": "Conseillers numériques|France Services"}, "france_services", "fixed"),
        ({"dispositif_programmes_nationaux": "", "typologie": "ASSO|RFS"}, "france_services", "fixed"),
        ({"typologie": "", "nom": "Mairie d’Ici"}, "mairie", "fixed"),
        ({"typologie": "ENM", "itinerance": "Itinérant"}, "epn", "itinerant"),
        ({"typologie": "CSC", "itinerance": "Itinérant|Fixe"}, "centre_social", "fixed"),
        ({"typologie": "PENSION", "nom": "Le Refuge"}, "other", "fixed"),
    ],
)
def test_its_codes_say_what_it_is_and_whether_it_moves(tmp_path, territory, cells, service_type, kind):
    place = the_place(mednum(tmp_path, **cells), territory, "mediation_numerique")
    assert (place["service_type"], place["kind"]) == (service_type, kind)
    assert place["itinerant"] is ("Itinérant" in cells.get("itinerance", ""))


def test_the_schema_s_old_names_are_read_too(tmp_path, territory):
    old = {"courriel": "a@exemple.fr", "labels_nationaux": "France Services"}
    path = tmp_path / "mednum-2022-06-01.csv"
    kept = {name: cell for name, cell in MEDNUM.items() if name not in {"courriels", "dispositif_programmes_nationaux"}}
    pd.DataFrame([kept | old]).to_csv(path, index=False)
    place = the_place(path, territory, "mediation_numerique")
    assert (place["email"], place["service_type"]) == ("a@exemple.fr", "france_services")


STRUCTURE = {
    "source": "dora",
    "id": "dora--1",
    "nom": "CCAS d’Ici",
    "siret": "13003013300016",
    "code_insee": "01053",
    "code_postal": "01000",
    "commune": "Bourg-en-Bresse",
    "adresse": "2 rue B",
    "horaires_accueil": "Mo 09:00-12:00",
    "reseaux_porteurs": '["ccas-cias", "france-service"]',
    "date_maj": "2025-02-14",
}


def structures(folder: Path, *rows: dict[str, object], as_json: bool) -> Path:
    path = folder / f"structures-inclusion-2025-03-01.{'json' if as_json else 'csv'}"
    if as_json:
        path.write_text(json.dumps(rows))
    else:
        pd.DataFrame(rows).to_csv(path, index=False)
    return path


@pytest.mark.parametrize("networks", ['["ccas-cias", "france-service"]', "{ccas-cias,france-service}"])
def test_a_structure_of_data_inclusion_is_a_place(tmp_path, territory, networks):
    path = structures(tmp_path, STRUCTURE | {"reseaux_porteurs": networks}, as_json=False)
    place = the_place(path, territory, "data_inclusion")
    assert (place["source_id"], place["service_type"], place["insee"]) == ("dora--1", "france_services", "01053")
    assert (place["opening_hours"], place["updated_on"]) == ("Mo 09:00-12:00", "2025-02-14")


def test_the_schema_before_1_0_is_read_and_its_ids_made_unique(tmp_path, territory):
    old = {name: cell for name, cell in STRUCTURE.items() if name not in {"reseaux_porteurs", "horaires_accueil"}}
    old |= {"id": "1", "typologie": "CCAS", "labels_nationaux": [], "horaires_ouverture": "Tu 09:00-12:00"}
    path = structures(tmp_path, old, old | {"source": "soliguide"}, as_json=True)
    places = read_snapshot("data_inclusion", path, territory).places
    assert places["source_id"].tolist() == ["dora--1", "soliguide--1"]
    assert places["service_type"].tolist() == ["ccas", "ccas"]
    assert places["opening_hours"].tolist() == ["Tu 09:00-12:00"] * 2


def test_a_structure_without_an_address_receives_nobody(tmp_path, territory):
    nowhere = STRUCTURE | dict.fromkeys(("adresse", "code_insee", "code_postal", "commune"))
    path = structures(tmp_path, STRUCTURE, nowhere | {"id": "dora--2"}, as_json=True)
    reading = read_snapshot("data_inclusion", path, territory)
    assert len(reading.places) == 1
    assert reading.set_aside == {"structures sans adresse": 1}


def test_columns_whose_contents_were_swapped_are_found_out(tmp_path, territory):
    swapped = [
        {"insee_dep": "Bâtiment A", "code_postal": "Bourg-en-Bresse", "lib_com": "01000", "insee_com": "rue"}
        for _ in range(3)
    ]
    with pytest.raises(ChangedSource, match=r"3 lignes sur 3 sans commune.*À faire"):
        read_snapshot("france_services", france_services(tmp_path, *swapped), territory)


def test_a_list_of_places_without_names_is_a_changed_list(tmp_path, territory):
    rows = [{"id_fs": str(number), "lib_fs": ""} for number in range(30)]
    with pytest.raises(ChangedSource, match=r"lib_fs"):
        read_snapshot("france_services", france_services(tmp_path, *rows), territory)


def test_a_content_that_no_reader_foresaw_is_refused_and_the_module_named(tmp_path, territory):
    path = tmp_path / "annuaire-2023-08-10.json"
    path.write_text(json.dumps({"service": [SERVICE | {"adresse": [{"type_adresse": 3}]}]}))
    with pytest.raises(UnreadableSource, match=r"national/annuaire\.py"):
        read_snapshot("annuaire", path, territory)


REAL = {
    "france-services-2020-01-02.geojson": ("france_services", 456, 0),
    "france-services-2020-03-31.geojson": ("france_services", 580, 0),
    "france-services-2020-10-12.geojson": ("france_services", 908, 0),
    "france-services-2022-12-01.csv": ("france_services", 2_683, 0),
    "la-poste-points-de-contact-2016-08.csv": ("la_poste", 17_200, 12),
    "france-travail-agences.csv": ("france_travail", 860, 99),
    "annuaire-administration-2019.csv.gz": ("annuaire", 42_365, 7_894),
}


@pytest.mark.data
@pytest.mark.parametrize("file", REAL)
def test_every_row_of_the_real_lists_is_a_place_or_is_counted_as_set_aside(real_data, territory, file):
    key, rows, set_aside = REAL[file]
    reading = read_snapshot(key, real_data / "national" / file, territory, as_of="2022-12-01")
    places = reading.places
    assert (len(places), sum(reading.set_aside.values())) == (rows, set_aside)
    assert rows + set_aside == reading.rows
    assert reading.unknown_columns == ()
    assert places["source_id"].is_unique
    assert places["departement"].notna().all()
    assert set(places["departement"]) <= set(territory.departements["code"])
    assert set(places["insee"].dropna()) <= set(territory.communes["insee"])
    assert places["insee"].isna().mean() < 0.01
    text = places.drop(columns=["latitude", "longitude", "itinerant"]).to_numpy().ravel().tolist()
    assert all(value is None or (isinstance(value, str) and value) for value in text)


@pytest.mark.data
def test_ids_of_the_official_list_are_the_same_in_2020_and_2022(real_data, territory):
    lists = [
        read_snapshot("france_services", real_data / "national" / name, territory).places
        for name in ("france-services-2020-10-12.geojson", "france-services-2022-12-01.csv")
    ]
    both = lists[0].merge(lists[1], on="source_id")
    assert len(both) > 850
    assert (both["departement_x"] == both["departement_y"]).mean() > 0.99


@pytest.mark.parametrize(
    "content",
    [
        "[" * 100_000,
        '{"features": [{"type": "Feature"}]}',
        "[1, 2]",
        '[null, {"a": 1}]',
        '[{"a": ' + "9" * 5_000 + "}]",
    ],
)
def test_a_document_of_a_shape_that_nobody_foresaw_is_refused_like_any_other(tmp_path, territory, content):
    path = tmp_path / "annuaire-2022-12-01.json"
    path.write_text(content)
    with pytest.raises(SourceProblem, match="À faire"):
        read_snapshot("annuaire", path, territory)
