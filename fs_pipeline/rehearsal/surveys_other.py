"""The other files handed in: town halls as an old CSV, a bus as an ODS, associations in a workbook with macros."""

from __future__ import annotations

from collections.abc import Mapping

from fs_pipeline.rehearsal.land import CHEF_LIEU, ISLAND, make_land
from fs_pipeline.rehearsal.offer import TOWN_HALLS_SURVEYED, make_offer, siret_of, town_hall
from fs_pipeline.rehearsal.planting import Planted, SheetDraft
from fs_pipeline.rehearsal.surveys import values_of
from fs_pipeline.territory.projection import to_projected

TOWN_HALLS = "mairies-val-d-ambre.csv"
BUS = "bus-du-haut-ambre.ods"
ASSOCIATIONS = "associations.xlsm"
BUS_STOPS = (
    ("Place du Foirail", "Sombreval", "mardi", "paire", "9h-12h"),
    ("Parking de l’école", "Haute-Rive", "mardi", "impaire", "9h-12h"),
    ("Mairie", "Champ-Dolent", "jeudi", "paire", "14h-17h"),
    ("Salle polyvalente", "Malaval", "vendredi", "toutes", "9h30-12h30"),
)
_COLUMNS = {
    "name": "nom", "type": "type_lieu", "carrier": "structure_porteuse", "siret": "siret", "address": "adresse",
    "postcode": "code_postal", "insee": "code_insee", "commune": "commune", "latitude": "latitude",
    "longitude": "longitude", "phone": "telephone", "email": "courriel", "website": "site_web", "hours": "horaires",
    "updated": "date_maj", "remarks": "remarques", "help": "aide_aux_demarches",
}  # fmt: skip
# What town halls say of help with démarches, without saying which.
HELP_IN_GENERAL = {
    "Saint-Martin-d’Ambrais": "Souvent", "Queyrelle": "De temps en temps", "La Ferrandière": "Exceptionnellement",
    "Gourdeval": "Pas du tout",
}  # fmt: skip


def draft_town_halls(planted: Planted) -> SheetDraft:
    """cp1252, semicolons, decimal commas; a spreadsheet ate the zeros."""
    sheet = SheetDraft(TOWN_HALLS, "", planted)
    sheet.header(_COLUMNS)
    rows = {}
    for commune in TOWN_HALLS_SURVEYED[1:]:
        cells = values_of(make_offer()[town_hall(commune)]) | {"updated": "14/11/2022"}
        for key in ("latitude", "longitude"):
            cells[key] = str(cells[key]).replace(".", ",")
        rows[commune] = sheet.record(cells | {"help": HELP_IN_GENERAL.get(commune)})
    _plant_values(sheet, rows)
    _plant_points(sheet, rows)
    _plant_rows(sheet, rows)
    return sheet


def _plant_values(sheet: SheetDraft, rows: Mapping[str, int]) -> None:
    def plant(commune: str, key: str, value: object, kind: str, label_fr: str, rule: str) -> None:
        sheet.plant(rows[commune], key, value, kind, label_fr, rule)

    postcode = make_land().commune("Arbresec")["postcodes"][0]
    plant("Arbresec", "postcode", postcode[1:], "postcode_zero", "Code postal sans son zéro", "postcode_lost_zero")
    plant("Arbresec", "phone", "465710877", "phone_zero", "Téléphone sans son zéro", "phone_lost_zero")
    plant("Boisgelé", "updated", "44879", "date_serial", "Date devenue un nombre d’Excel", "date_was_a_serial")
    plant("Combe-Rousse", "updated", "01/01/1970", "date_1970", "Date du 1er janvier 1970", "date_is_1970")
    plant("Épineuse", "updated", "14/11/22", "date_short", "Année sur deux chiffres", "date_two_digit_year")
    plant("Gourdeval", "phone", "04 65 71 08 11 / 04 65 71 08 12", "phones", "Plusieurs numéros dans une case",
          "phone_several_numbers")  # fmt: skip
    plant("Haute-Rive", "siret", "2,1990E+13", "siret_rounded", "SIRET arrondi par le tableur", "siret_rounded")
    plant("La Ferrandière", "siret", "2199001", "siret_length", "SIRET trop court", "siret_length")
    plant("Le Moustier", "hours", "lundi 9h-12h et 14h", "hours_cut", "Horaires coupés", "hours_cut")
    other = make_land().commune("Montfroid")["insee"]
    sheet.put(rows["Puy-Clair"], "insee", other)
    sheet.note(rows["Puy-Clair"], "insee", "insee_contradicts", "Code INSEE d’une autre commune",
               "insee_contradicts_commune")  # fmt: skip
    plant("Sainte-Aurore", "email", "mairie@a.example.org, secretariat@a.example.org", "emails",
          "Plusieurs courriels dans une case", "email_several")  # fmt: skip
    for commune, code in (("Saint-Martin-d’Ambrais", "often"), ("Queyrelle", "sometimes"), ("La Ferrandière", "rarely"),
                          ("Gourdeval", "no")):  # fmt: skip
        label = f"Aide aux démarches en général\u00a0: «\u00a0{HELP_IN_GENERAL[commune]}\u00a0»"
        sheet.planted.elsewhere(f"general_{code}", label, "survey_places", f"{sheet.file}, ligne {rows[commune] + 1}",
                                town_hall(commune), "general_help", code)  # fmt: skip
    sheet.planted.elsewhere("cp1252", "Accents en cp1252", "survey_places", f"{sheet.file}, toutes les lignes",
                            "Mairie d’Épineuse")  # fmt: skip
    sheet.planted.elsewhere("lookalikes", "Deux communes au nom presque pareil", "survey_places",
                            f"{sheet.file}, ligne {rows['Saint-Martin-d’Ambrais'] + 1}",
                            "Mairie de Saint-Martin-d’Ambrais", "insee",
                            make_land().commune("Saint-Martin-d’Ambrais")["insee"])  # fmt: skip


def _plant_points(sheet: SheetDraft, rows: Mapping[str, int]) -> None:
    def write(commune: str, latitude: object, longitude: object, kind: str, label_fr: str, rule: str) -> None:
        sheet.put(rows[commune], "longitude", longitude)
        sheet.plant(rows[commune], "latitude", latitude, kind, label_fr, rule)

    land = make_land()
    point = land.commune("Orgeval-le-Sec")
    x, y = to_projected(float(point["longitude"]), float(point["latitude"]), "75")
    write("Orgeval-le-Sec", round(float(y)), round(float(x)), "lambert", "Coordonnées en mètres (Lambert-93)",
          "coordinates_projected")  # fmt: skip
    point = land.commune("Montfroid")
    decimal = [str(point[key]).replace(".", ",") for key in ("longitude", "latitude")]
    write("Montfroid", decimal[0], decimal[1], "swapped", "Latitude et longitude inversées", "coordinates_swapped")
    write("Sauveplane", "0", "0", "zero_point", "Coordonnées à zéro", "coordinates_are_zero")
    write("Verneuil-la-Forêt", "43,2965", "5,3698", "outside", "Point hors du département", "coordinates_outside")
    write("Ville-aux-Sources", "près de l’église", "", "unreadable_point", "Coordonnées qui ne sont pas des nombres",
          "coordinates_unreadable")  # fmt: skip
    sheet.planted.elsewhere("decimal_commas", "Coordonnées à virgule", "survey_places",
                            f"{sheet.file}, colonnes I et J", "Mairie de Boisgelé", "latitude",
                            make_offer()["Mairie de Boisgelé"].latitude)  # fmt: skip
    sheet.planted.elsewhere("island", "Île sans pont : le trajet n’est pas calculé", "access_minutes", ISLAND,
                            str(land.commune(ISLAND)["insee"]), "not_computed")  # fmt: skip


def _plant_rows(sheet: SheetDraft, rows: Mapping[str, int]) -> None:
    land = make_land()
    for name in ("Noirfont", "Rivalta-Nova"):
        row = land.commune(name)
        place = {"name": f"Mairie de {name}", "type": "Mairie", "address": "1 place Neuve", "commune": name}
        number = sheet.record(place | {"postcode": row["postcodes"][0], "insee": row["insee"], "updated": "14/11/2022"})
        label = f"Ligne d’un autre département (code {row['insee']})"
        sheet.note(number, None, f"other_departement_{row['insee']}", label, "row_of_another_departement")
    cedex = {"name": "Maison de l’emploi d’Ambre", "type": "Autre", "address": "BP 12", "siret": siret_of(901),
             "postcode": "09900 CEDEX", "commune": "AMBRE-LA-VILLE CEDEX", "updated": "14/11/2022"}  # fmt: skip
    sheet.note(sheet.record(cedex), "postcode", "cedex", "Code postal CEDEX", "postcode_is_cedex")
    former = {"name": "Relais de Vieil-Ambre", "type": "Mairie", "address": "2 rue Vieille", "postcode": "09900",
              "commune": "Vieil-Ambre", "updated": "14/11/2022"}  # fmt: skip
    sheet.note(sheet.record(former), "commune", "former", "Commune déléguée, ancien nom", "commune_is_former")
    bare = {"name": "Point numérique du Parc", "type": "Espace public numérique", "address": "1 allée du Parc"}
    number = sheet.record(bare | {"postcode": "09900", "updated": "14/11/2022"})
    sheet.planted.elsewhere("no_commune", "Commune vide, retrouvée par le code postal", "survey_places",
                            f"{sheet.file}, H{number + 1}", "Point numérique du Parc", "insee",
                            land.commune(CHEF_LIEU)["insee"])  # fmt: skip
    postcode = land.commune("Malaval")["postcodes"][0]
    coded = {"name": "Vestiaire solidaire", "type": "Association", "insee": "00999", "postcode": postcode}
    number = sheet.record(coded | {"updated": "14/11/2022"})
    sheet.note(number, "insee", "insee_unknown", "Code INSEE qui n’existe pas", "insee_unknown")
    lost = {"name": "Point d’accueil d’Atlantis", "type": "Association", "address": "3 quai Long"}
    number = sheet.record(lost | {"commune": "Atlantis-Plage", "updated": "14/11/2022"})
    sheet.note(number, "commune", "unknown_commune", "Commune qui n’existe pas", "commune_unknown")
    cells = values_of(make_offer()[town_hall("Estrelles")]) | {"updated": "14/11/2022"}
    shifted = sheet.record(cells | {"carrier": "Commune d’Estrelles; service social", "latitude": "", "longitude": ""})
    sheet.note(shifted, None, "shifted", "Colonnes décalées par un point-virgule", "column_shifted")


def draft_bus(planted: Planted) -> list[SheetDraft]:
    """One bus, its stops, odd and even weeks."""
    places = SheetDraft(BUS, "Lieux", planted)
    places.header({"name": "Nom", "type": "Type", "carrier": "Structure porteuse", "address": "Adresse",
                   "postcode": "Code postal", "commune": "Commune", "phone": "Téléphone",
                   "itinerant": "Itinérant"})  # fmt: skip
    places.record(values_of(make_offer()["Bus France services du Haut-Ambre"]) | {"itinerant": "oui"})
    stops = SheetDraft(BUS, "Tournée", planted)
    stops.header({"round": "Tournée", "stop": "Arrêt", "commune": "Commune", "weekday": "Jour", "parity": "Semaine",
                  "hours": "Horaires"})  # fmt: skip
    bus = "Bus France services du Haut-Ambre"
    for stop, commune, day, parity, hours in BUS_STOPS:
        stops.line(bus, stop, commune, day, parity, hours)
    for parity, label in (("even", "paires"), ("odd", "impaires")):
        planted.elsewhere(f"rounds_{parity}", f"Tournée des semaines {label}", "survey_rounds",
                          f"{BUS}, feuille « Tournée »", bus, parity)  # fmt: skip
    return [places, stops]


def draft_associations(planted: Planted) -> SheetDraft:
    """Three places in a workbook that holds macros."""
    sheet = SheetDraft(ASSOCIATIONS, "Associations", planted)
    sheet.header({"name": "Nom de la structure", "type": "Type de structure", "address": "Adresse",
                  "postcode": "Code postal", "commune": "Commune", "phone": "Téléphone",
                  "hours": "Horaires"})  # fmt: skip
    for number, (name, commune) in enumerate(
        (("Croix-Rouge de Belle-Fontaine", "Belle-Fontaine"), ("Emmaüs Roquevive", "Roquevive"),
         ("Secours catholique de Lormeau", "Lormeau")), start=1
    ):  # fmt: skip
        postcode = make_land().commune(commune)["postcodes"][0]
        sheet.record({"name": name, "type": "Association", "address": f"{number} rue des Lilas", "postcode": postcode,
                      "commune": commune, "phone": f"04 65 71 09 1{number}", "hours": "mercredi 14h-17h"})  # fmt: skip
    planted.in_file("macros", "Classeur avec des macros", "file_macro", ASSOCIATIONS, "", 0, None)
    return sheet
