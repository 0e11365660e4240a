"""The surveys handed in for the fictional département, each in a shape that real prefectures use, with its errors."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from fs_pipeline.rehearsal.land import CHEF_LIEU, make_land
from fs_pipeline.rehearsal.offer import Spot, make_offer
from fs_pipeline.rehearsal.planting import Planted, SheetDraft
from fs_pipeline.rehearsal.sources import CLOSED

MAIN = "enquete-val-d-ambre.xlsx"
_PLACES = {
    "number": "Référence", "name": "Nom du lieu", "type": "Type de lieu", "carrier": "Structure porteuse", "siret": "SIRET",
    "address": "Adresse", "postcode": "Code postal", "commune": "Commune", "insee": "Code INSEE",
    "latitude": "Latitude", "longitude": "Longitude", "phone": "Téléphone", "email": "Courriel",
    "website": "Site internet", "hours": "Horaires d’ouverture", "updated": "Date de mise à jour",
    "shutters": "Couleur des volets", "remarks": "Remarques",
}  # fmt: skip
_HELP = {"place": "Lieu", "demarche": "Démarche", "level": "Niveau d’aide", "appointment": "Sur rendez-vous"}
# Démarches stated by each labelled place, and the level written
STATED: dict[str, dict[str, str]] = {
    "France services d’Ambre-la-Ville": {
        "RSA": "Accompagnement", "Prime d’activité": "Accompagnement", "Déclaration de revenus": "Accompagnement",
        "Carte grise": "Accompagnement", "Demande de retraite": "Rendez-vous ou visio avec l’opérateur",
    },
    "France services de Montbrume": {
        "RSA": "Accompagnement", "Déclaration de revenus": "Information", "Carte grise": "Orientation",
        "Permis de conduire": "Aucune aide",
    },
    "France services de Saint-Martin-d’Ambre": {"RSA": "Orientation", "Carte grise": "Accompagnement"},
    "France services de Belle-Fontaine": {"Prime d’activité": "Accompagnement", "Demande de retraite": "Information"},
}  # fmt: skip


def values_of(spot: Spot) -> dict[str, object]:
    """The right cells of a place."""
    row = make_land().commune(spot.commune)
    return {
        "name": spot.name, "type": spot.type, "carrier": spot.carrier, "siret": spot.siret, "address": spot.address,
        "postcode": row["postcodes"][0], "commune": spot.commune, "insee": row["insee"], "latitude": spot.latitude,
        "longitude": spot.longitude, "phone": spot.phone, "email": spot.email, "website": spot.website,
        "hours": spot.hours_fr, "updated": datetime.date(2022, 11, 14),
    }  # fmt: skip


def draft_main(planted: Planted) -> list[SheetDraft]:
    """The workbook filled by hand: places and démarches on one sheet, then actors, rounds and the meeting."""
    sheet = SheetDraft(MAIN, "Lieux et démarches", planted)
    sheet.line("Enquête sur l’offre d’aide et d’orientation en Val-d’Ambre")
    sheet.merged.append((0, 0, 0, len(_PLACES) - 1))
    sheet.line("Renseignée par la préfecture du Val-d’Ambre, novembre 2022 (département fictif)")
    sheet.line()
    header = sheet.header(_PLACES)
    planted.elsewhere("title_rows", "Lignes de titre au-dessus de l’en-tête", "survey_places",
                      f"{MAIN}, lignes 1 à 3", "France services de Montbrume")  # fmt: skip
    rows = {}
    for number, spot in enumerate(_spots_of_main(), start=1):
        cells = values_of(spot) | {"number": f"VA-{number:03d}", "shutters": "bleus" if number % 2 else "verts"}
        rows[spot.name] = sheet.record(cells)
    _plant_cells(sheet, rows, header)
    _plant_rows(sheet, rows)
    _add_demarches(sheet)
    return [sheet, _actors(planted), _rounds(planted), _meeting(planted)]


def _spots_of_main() -> list[Spot]:
    """Ambre-la-Ville first, so that its commune is one merged cell."""
    spots = [
        spot for spot in make_offer().values() if spot.in_survey and spot.type != "Mairie" and spot.kind != "itinerant"
    ]
    spots.append(make_offer()["Mairie de Saint-Martin-d’Ambre"])
    return sorted(spots, key=lambda spot: spot.commune != CHEF_LIEU)


def _plant_cells(sheet: SheetDraft, rows: Mapping[str, int], header: int) -> None:
    def plant(name: str, key: str, value: object, kind: str, label_fr: str, rule: str) -> None:
        sheet.plant(rows[name], key, value, kind, label_fr, rule)

    town = [row for name, row in rows.items() if make_offer()[name].commune == CHEF_LIEU]
    column = sheet.fields.index("commune")
    for row in town[1:]:
        del sheet.cells[row, column]
    sheet.merged.append((town[0], column, town[-1], column))
    sheet.note(town[1], "commune", "merged_cells", "Cellules fusionnées : la commune n’est écrite qu’une fois",
               "merged_cells_filled")  # fmt: skip
    sheet.hidden.append(sheet.fields.index("insee"))
    sheet.planted.in_file(
        "hidden_column", "Colonne masquée (code INSEE)", "hidden_column_read", MAIN, sheet.name, 0, None
    )
    sheet.note(header, "shutters", "extra_column", "Colonne qui n’est pas dans le modèle", "extra_column_kept")
    ditto = rows["Antenne France services de Pierrelongue"]
    sheet.put(ditto - 1, "carrier", "CC des Hauts d’Ambre")
    plant("Antenne France services de Pierrelongue", "carrier", "idem", "ditto", "« idem » au lieu de la valeur",
          "value_is_ditto")  # fmt: skip
    nothing = "Valeur qui ne dit rien"
    plant("Mission locale du Val-d’Ambre", "website", "#N/D", "nothing_error", f"{nothing} : #N/D",
          "value_means_nothing")  # fmt: skip
    plant("Centre social Les Genêts", "email", "-", "nothing_dash", f"{nothing} : -", "value_means_nothing")
    plant(
        "Familles rurales de Chantemerle",
        "carrier",
        "néant",
        "nothing_word",
        f"{nothing} : néant",
        "value_means_nothing",
    )
    plant("Médiathèque des Trois-Moulins", "siret", _wrong_key("Médiathèque des Trois-Moulins"), "siret_key",
          "SIRET dont la clé est fausse", "siret_key")  # fmt: skip
    plant("Centre social Les Genêts", "website", "voir notre page", "website", "Site internet illisible",
          "website_unreadable")  # fmt: skip
    plant("Familles rurales de Chantemerle", "email", "accueil chez familles-rurales", "email", "Courriel illisible",
          "email_unreadable")  # fmt: skip
    plant("Maison des solidarités de Montbrume", "hours", "lundi 9h-12h, 11h-17h", "hours_overlap",
          "Horaires qui se chevauchent", "hours_overlap")  # fmt: skip
    plant("Espace public numérique de Castelnoir", "hours", "quand le bénévole est là", "hours_prose",
          "Horaires en prose, incompris", "hours_not_understood")  # fmt: skip
    plant("Familles rurales de Chantemerle", "hours", "lundi et mardi 9h-12h sauf après-midi", "hours_exceptions",
          "Horaires avec exceptions", "hours_with_exceptions")  # fmt: skip
    plant("Sous-préfecture de Montbrume", "phone", "04 65 7", "phone_short", "Téléphone incomplet",
          "phone_unreadable")  # fmt: skip
    formula = rows["Médiathèque des Trois-Moulins"]
    plant("Médiathèque des Trois-Moulins", "website", f'="https://www.val-d-ambre.example.org/lieu"&A{formula + 1}',
          "formula", "Formule jamais calculée", "formula_without_value")  # fmt: skip
    sheet.formulas.add((formula, sheet.fields.index("website")))
    plant("Médiathèque des Trois-Moulins", "commune", "Les Trois-Moullins", "commune_spelling",
          "Nom de commune mal écrit", "commune_spelling")  # fmt: skip
    del sheet.cells[formula, sheet.fields.index("insee")]
    sheet.put(rows[CLOSED], "hours", "fermé")
    sheet.put(rows[CLOSED], "remarks", "Fermée définitivement depuis le 15 septembre 2022")
    sheet.planted.elsewhere("closed", "France services fermée, encore dans la liste nationale", "discrepancies",
                            f"{MAIN}, ligne {rows[CLOSED] + 1}", CLOSED, "closed_or_moved")  # fmt: skip


def _wrong_key(name: str) -> str:
    right = make_offer()[name].siret or ""
    return f"{right[:-1]}{(int(right[-1]) + 3) % 10}"


def _plant_rows(sheet: SheetDraft, rows: Mapping[str, int]) -> None:
    pimms = make_offer()["PIMMS Médiation d’Ambre"]
    double = sheet.record(values_of(pimms) | {"hours": "samedi 9h-12h", "shutters": "bleus"})
    sheet.note(double, None, "double", "Deux lignes pour un même lieu", "rows_describe_same_place")
    nameless = {"type": "Association", "address": "4 impasse du Four", "postcode": "09900", "commune": CHEF_LIEU}
    row = sheet.record(nameless | {"phone": "04 65 71 08 01"})
    sheet.note(row, "name", "name_missing", "Lieu sans nom", "name_missing")
    total = sheet.line(None, "TOTAL", f"{len(rows) + 2} lieux")
    sheet.note(total, None, "total", "Ligne de total", "total_row_skipped")
    sheet.line()
    sheet.line()


def _add_demarches(sheet: SheetDraft) -> None:
    """The second table of the sheet."""
    sheet.line("Démarches accompagnées dans ces lieux")
    sheet.header(_HELP)
    sheet.note_sheet("two_tables", "Deux tableaux sur une feuille", "two_tables_on_sheet")
    for place, levels in STATED.items():
        for demarche, level in levels.items():
            sheet.record({"place": place, "demarche": demarche, "level": level, "appointment": "non"})
    first = "France services d’Ambre-la-Ville"
    row = sheet.record({"place": "Maison des Brouillards", "demarche": "RSA", "level": "Accompagnement"})
    sheet.note(row, "place", "place_of_demarche", "Démarche d’un lieu absent de l’enquête", "place_of_demarche_unknown")
    row = sheet.record({"place": first, "demarche": "Permis de chasser le dahu", "level": "Accompagnement"})
    sheet.note(row, "demarche", "demarche", "Démarche inconnue", "demarche_unknown")
    row = sheet.record({"place": first, "demarche": "Permis de conduire", "level": "ça dépend"})
    sheet.note(row, "level", "level", "Niveau d’aide inconnu", "level_unknown")


def _actors(planted: Planted) -> SheetDraft:
    sheet = SheetDraft(MAIN, "Acteurs", planted)
    sheet.header({"name": "Nom de l’association ou de l’acteur", "kind": "Type d’acteur", "territory": "Territoire",
                  "publics": "Publics", "mode": "Mode d’aller-vers", "phone": "Téléphone", "email": "Courriel",
                  "commitment": "Engagement"})  # fmt: skip
    sheet.line("Secours populaire du Val-d’Ambre", "Association", "Département", "Familles", "Permanence mobile",
               "04 65 71 09 01", "contact@spf-ambre.example.org", "Une permanence par mois à Sombreval")  # fmt: skip
    sheet.line("PIMMS Médiation d’Ambre", "PIMMS", "Grand Ambre", "Tout public", "Porte à porte", "04 65 71 09 02",
               "pimms@val-d-ambre.example.org", "Former deux agents")  # fmt: skip
    sheet.line("Délégué du Défenseur des droits", "Défenseur des droits", "Département", "Tout public",
               "Permanence", "04 65 71 09 03", None, None)  # fmt: skip
    planted.elsewhere("actors", "Acteurs sur une autre feuille", "survey_actors", f"{MAIN}, feuille « Acteurs »",
                      "Secours populaire du Val-d’Ambre")  # fmt: skip
    return sheet


def _rounds(planted: Planted) -> SheetDraft:
    sheet = SheetDraft(MAIN, "Permanences", planted)
    sheet.header({"round": "Tournée", "stop": "Arrêt", "commune": "Commune", "weekday": "Jour", "parity": "Semaine",
                  "hours": "Horaires"})  # fmt: skip
    sheet.line("Permanence CAF", "Mairie", "Sauveplane", "lundi", "toutes", "9h-12h")
    sheet.line("Permanence CAF", "Salle des fêtes", "Marsillac-d’Ambre", "jeudi", "paire", "14h-17h")
    return sheet


def _meeting(planted: Planted) -> SheetDraft:
    sheet = SheetDraft(MAIN, "Réunion", planted)
    sheet.header({"date": "Date de la réunion", "venue": "Lieu", "present": "Présents", "decisions": "Décisions",
                  "remarks": "Remarques"})  # fmt: skip
    sheet.line(datetime.date(2022, 10, 13), "Préfecture d’Ambre-la-Ville", "CAF, CPAM, MSA, La Poste",
               "Cartographie partagée ; tournée du bus étendue à Champ-Dolent", "À revoir en mars")  # fmt: skip
    planted.elsewhere("meeting", "Réunion sur une autre feuille", "survey_meeting", f"{MAIN}, feuille « Réunion »",
                      "2022-10-13")  # fmt: skip
    return sheet
