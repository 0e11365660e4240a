"""Surveys written by a grammar, with the places that stand in them: layouts that people make, mixed as people mix them.

A survey is sheets of rows. Each row is told for what it is (``place``, ``title``, ``section``, ``note`` …), so that who reads it
can be held to account for every one of them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

from fs_pipeline.territory.model import Commune
from fs_pipeline.territory.shipped import load_territory
from fs_pipeline.values.text import normalise

Cell = str | int | float | None
FORMATS = ("xlsx", "xlsx", "csv", "ods")


@dataclass
class Written:
    """One sheet as written; rows and columns are counted from 0."""

    name: str
    rows: list[list[Cell]] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)  # of each row
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    places: list[tuple[int, str, str]] = field(default_factory=list)  # row, name, commune's code

    def add(self, kind: str, cells: Sequence[Cell] = ()) -> int:
        self.rows.append(list(cells))
        self.kinds.append(kind)
        return len(self.rows) - 1


@dataclass
class Survey:
    """One file: its département, its sheets, and the choices that made it, to be found again."""

    seed: int
    departement: str
    format: str
    layout: str
    spices: list[str]
    sheets: list[Written]

    @property
    def described(self) -> str:
        return (
            f"seed {self.seed}: {self.departement}, {self.format}, {self.layout}, {' + '.join(self.spices) or 'plain'}"
        )


@dataclass
class Place:
    """What one row says."""

    name: str
    commune: Commune
    cells: dict[str, Cell]


HEADERS: dict[str, tuple[str, ...]] = {
    "name": ("Nom", "Nom du lieu", "Nom de la structure", "Structure", "Dénomination", "NOM DU SITE", "Nom de l'établissement"),
    "type": ("Type", "Type de lieu", "Type de structure", "Catégorie", "Nature de la structure"),
    "address": ("Adresse", "Adresse postale", "ADRESSE", "Rue", "Adresse du lieu", "Voie"),
    "whole": ("Adresse", "Adresse complète", "Adresse postale", "ADRESSE"),
    "postcode": ("Code postal", "CP", "Code Postal", "code_postal"),
    "commune": ("Commune", "Ville", "COMMUNE", "Nom de la commune", "Localité"),
    "insee": ("Code INSEE", "INSEE", "code_insee"),
    "phone": ("Téléphone", "Tél.", "Tel", "Numéro de téléphone", "TELEPHONE", "N° de téléphone"),
    "email": ("Courriel", "Mail", "E-mail", "Adresse mail", "Email"),
    "website": ("Site web", "Site internet", "Site Internet", "URL"),
    "opening_hours": ("Horaires", "Horaires d'ouverture", "Jours et horaires d'ouverture", "HORAIRES"),
    "siret": ("SIRET", "N° SIRET"),
    "latitude": ("Latitude", "latitude"),
    "longitude": ("Longitude", "longitude"),
    "updated_on": ("Date de mise à jour", "Mis à jour le"),
    "remarks": ("Observations", "Remarques", "Commentaires"),
    "canton": ("Canton",),
    "town": ("Code postal et commune", "CP Ville", "Commune", "Ville"),
    "number": ("N° de voie", "Numéro", "N° voie"),
    "street": ("Voie", "Nom de la voie", "Rue"),
    "line": ("N°", "n°", "#"),
    "contact": ("Référent", "Nom du contact"),
}  # fmt: skip
GROUPS = {
    "name": "Identification", "type": "Identification", "siret": "Identification",
    "address": "Localisation", "whole": "Localisation", "postcode": "Localisation", "commune": "Localisation",
    "insee": "Localisation", "latitude": "Localisation", "longitude": "Localisation", "canton": "Localisation",
    "town": "Localisation", "number": "Localisation", "street": "Localisation", "line": "Identification",
    "phone": "Contact", "email": "Contact", "website": "Contact", "contact": "Contact",
    "opening_hours": "Accueil du public", "updated_on": "Suivi", "remarks": "Suivi",
}  # fmt: skip
KINDS = ("Mairie", "France services", "CCAS", "Médiathèque", "Centre social", "Point d'accès au droit", "Maison de services",
         "Agence postale", "Mission locale", "Espace numérique")  # fmt: skip
STREETS = ("rue de la République", "place de l'Église", "avenue Jean Jaurès", "rue du Général de Gaulle", "place de la Mairie",
           "rue des Écoles", "chemin des Vignes", "boulevard Victor Hugo", "impasse du Moulin", "rue Louis Aragon",
           "rue Saint-Martin", "av. Georges Pompidou", "bd Pasteur", "route de Paris", "allée des Tilleuls", "Le Bourg",
           "place du 8 mai 1945", "rue Pasteur", "quai de la Gare", "rue Marcel Pagnol", "lotissement Les Chênes")  # fmt: skip
HOURS = ("lundi-vendredi 9h-12h", "Du lundi au vendredi : 8h30-12h30 et 13h30-17h", "mardi et jeudi 14h-17h",
         "lundi 9h-12h, mercredi 14h-18h", "Mo-Fr 09:00-12:00", "sur rendez-vous")  # fmt: skip
TITLES = ("Enquête sur les lieux d'accueil du public", "Recensement des points d'accueil", "État au 15/11/2022",
          "Préfecture - Mission d'appui", "Liste des structures recensées", "Document de travail")  # fmt: skip
NOTES = ("* sous réserve de confirmation", "Source : services de la préfecture", "(1) fermé en août",
         "NB : liste non exhaustive", "Fait à la préfecture, le 15/11/2022")  # fmt: skip
DAYS = ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi")
DEMARCHES = ("RSA", "Carte grise", "Passeport", "Demande de retraite")


@cache
def communes_of(departement: str) -> tuple[Commune, ...]:
    """Those whose name no other of the département bears or bore, that have a postcode and a town hall."""
    territory = load_territory()
    found = []
    for insee in territory.insees_of(departement):
        commune = territory.commune(insee)
        assert commune
        bearers = {
            code
            for code in territory.by_name(commune.name, former=True)
            if territory.departement_of(code) == departement
        }
        if bearers == {insee} and commune.postcodes and commune.latitude is not None:
            found.append(commune)
    return tuple(found)


def survey_of(seed: int) -> Survey:
    """The survey of a seed, always the same."""
    dice = random.Random(seed)
    departement = dice.choice(
        sorted(code for code in load_territory().departement_names if len(communes_of(code)) > 20)
    )
    layout = dice.choice(sorted(LAYOUTS))
    form = "xlsx" if layout == "forms" else dice.choice(FORMATS)
    spices = sorted(dice.sample(SPICES, dice.choice((0, 1, 1, 2, 2, 3))))
    writer = Writer(dice, departement, form, spices)
    sheets = LAYOUTS[layout](writer)
    return Survey(seed, departement, form, layout, writer.used, sheets)


SPICES = ("titles", "blank rows", "lost zeros", "notes below", "notes beside", "total", "ditto", "merged down", "more phones",
          "days", "marks", "group titles", "empty first column", "empty column", "line numbers", "odd spaces",
          "breaks in headers", "subtotals", "notes between", "header again", "address parts", "town in one cell",
          "towns as spoken", "no type")  # fmt: skip


class Writer:
    """Writes sheets of one survey; `used` are the spices that came in."""

    def __init__(self, dice: random.Random, departement: str, form: str, spices: Sequence[str]) -> None:
        self.dice, self.departement, self.form, self.spices = dice, departement, form, spices
        self.used: list[str] = []
        self._names: set[str] = set()

    def has(self, spice: str) -> bool:
        if spice in self.spices and spice not in self.used:
            self.used.append(spice)
        return spice in self.spices

    def columns(self) -> list[str]:
        """Fields in the order of the columns: a name, where it is, and others."""
        dice = self.dice
        where = dice.choice((["address", "postcode", "commune"], ["address", "commune", "postcode"], ["whole"],
                             ["commune"], ["postcode", "commune"], ["address", "postcode", "commune", "insee"]))  # fmt: skip
        others = dice.sample(["type", "phone", "email", "website", "opening_hours", "siret", "updated_on", "remarks", "canton",
                              "contact"], dice.randint(2, 7))  # fmt: skip
        if self.has("no type"):
            others = [name for name in others if name != "type"]
        if "phone" not in others and "email" not in others:
            others.append("phone")
        if self.has("town in one cell"):
            where = ["address", "town"]
        elif self.has("address parts"):
            where = ["number", "street", "postcode", "commune"]
        if dice.random() < 0.2:
            others += ["latitude", "longitude"]
        head = ["name", *(["type"] if "type" in others else [])]
        rest = [name for name in others if name != "type"]
        if self.has("line numbers"):
            head.insert(0, "line")
        if dice.random() < 0.2:
            return [*where, *head, *rest] if dice.random() < 0.3 and where != ["whole"] else [*head, *rest, *where]
        return [*head, *where, *rest]

    def headers(self, columns: Sequence[str]) -> list[str]:
        texts = [self.dice.choice(HEADERS[name]) for name in columns]
        if self.has("breaks in headers"):
            texts = [text.replace(" ", "\n", 1) if self.form != "csv" else f"{text} " for text in texts]
        return texts

    def places(self, count: int, *, of: Commune | None = None) -> list[Place]:
        return [self.place(of or self.dice.choice(communes_of(self.departement))) for _ in range(count)]

    def place(self, commune: Commune) -> Place:
        dice = self.dice
        kind = dice.choice(KINDS)
        own = dice.choice(("Nord", "Sud", "du Parc", "Le Relais"))
        name = dice.choice((f"{kind} de {commune.name}", f"{kind} - {commune.name}", f"{kind} {own}",
                            f"{kind.upper()} {commune.name.upper()}"))  # fmt: skip
        while normalise(name) in self._names:
            name = f"{name} {dice.choice(('annexe', 'bis', 'centre', 'gare', 'les Tilleuls'))}"
        self._names.add(normalise(name))
        postcode = dice.choice(commune.postcodes)
        town = commune.name.upper() if dice.random() < 0.3 else commune.name
        if self.has("towns as spoken"):
            short = town.replace("Saint-", "St ").replace("Sainte-", "Ste ")
            bare = normalise(town).upper()
            town = dice.choice((town, short, town.replace("-", " "), town.lower(), bare, f"{town} "))
        number = f"{dice.randint(1, 180)}{dice.choice(('', '', '', ' bis'))} "
        street = dice.choice(STREETS)
        line = street if street == "Le Bourg" else f"{number}{street}"
        phone = f"06 39 98 {dice.randint(0, 99):02d} {dice.randint(0, 99):02d}"
        zeros = self.has("lost zeros")
        slug = "".join(letter for letter in normalise(name) if letter.isalnum())[:20]
        cells: dict[str, Cell] = {
            "name": name, "type": kind, "address": line, "postcode": int(postcode) if zeros else postcode,
            "whole": f"{line}{dice.choice((', ', ' ', ' - '))}{postcode} {town}",
            "commune": town, "town": f"{postcode} {town}", "insee": commune.insee,
            "number": number.strip(), "street": street, "line": len(self._names),
            "phone": int(phone.replace(" ", "")) if zeros else phone,
            "email": f"{slug}@exemple.fr", "website": f"https://www.exemple.fr/{slug}",
            "opening_hours": dice.choice(HOURS), "siret": "21330063500017", "updated_on": "15/11/2022",
            "remarks": dice.choice(("à rappeler", "vu en mai", "ouvert depuis 2019", None)),
            "canton": "Canton nord", "contact": dice.choice(("Mme Martin", "M. Petit", "Mme Durand")),
            "latitude": round(commune.latitude or 0.0, 4), "longitude": round(commune.longitude or 0.0, 4),
        }  # fmt: skip
        for optional in ("phone", "email", "website", "opening_hours", "siret", "updated_on"):
            if dice.random() < 0.1:
                cells[optional] = None
        if self.has("odd spaces"):
            for key in ("name", "commune", "address", "postcode", "phone", "type"):
                cell = cells[key]
                if isinstance(cell, str) and dice.random() < 0.3:
                    spoilt = (f" {cell}", f"{cell}  ", cell.replace(" ", "\u00a0"), cell.replace(" ", "  "))
                    cells[key] = dice.choice(spoilt)
        return Place(name, commune, cells)

    def table(
        self, sheet: Written, columns: Sequence[str], headers: Sequence[str], places: Sequence[Place], *, shift: int = 0
    ) -> None:
        """A header and rows, with the spices that suit a table."""
        dice = self.dice
        days = DAYS if self.has("days") else ()
        columns = [name for name in columns if not (days and name == "opening_hours")]
        headers = [text for name, text in zip(columns, headers, strict=False)] if not days else self.headers(columns)
        marks = DEMARCHES if self.has("marks") else ()
        whole = [*headers, *days, *marks]
        if self.has("group titles"):
            self.groups(
                sheet,
                [*(GROUPS[name] for name in columns), *("Horaires" for _ in days), *("Démarches" for _ in marks)],
                shift,
            )
        sheet.add("header", [None] * shift + whole)
        first = len(sheet.rows)
        gap = (
            dice.randint(1, len(columns) - 1)
            if self.has("empty column") and not marks and not days and shift == 0
            else 0
        )
        beside = self.has("notes beside")
        above: Place | None = None
        for position, place in enumerate(places):
            if position and position == len(places) // 2 and self.has("header again"):
                sheet.add("header", [None] * shift + whole)
            if position and self.has("notes between") and dice.random() < 0.1:
                sheet.add("note", [None] * shift + ["* sous réserve d'ouverture"])
                above = None
            if position and self.has("subtotals") and dice.random() < 0.15:
                sheet.add("total", [None] * shift + [f"Sous-total : {position}", *[None] * (len(whole) - 1)])
                above = None
            if position and self.has("blank rows") and dice.random() < 0.15:
                sheet.add("blank")
                above = None
            cells = [place.cells[name] for name in columns]
            if above and self.has("ditto") and dice.random() < 0.2:
                for place_of, name in enumerate(columns):
                    if name in {"type", "canton", "contact"}:
                        same = above.cells[name]
                        cells[place_of] = "idem" if same is not None else None
            cells += [dice.choice(("9h-12h", "14h-17h", "9h-12h / 14h-17h", None)) for _ in days]
            cells += [dice.choice(("X", "X", "oui", "non", None)) for _ in marks]
            if beside and dice.random() < 0.2:
                cells += [None, dice.choice(("à vérifier", "relancé le 12/11", "vu avec la mairie"))]
            row = sheet.add("place", [None] * shift + cells)
            sheet.places.append((row, place.name, place.commune.insee))
            above = place
            if "phone" in columns and self.has("more phones") and dice.random() < 0.2:
                more: list[Cell] = [None] * len(columns)
                more[columns.index("phone")] = f"06 39 98 {dice.randint(0, 99):02d} 77"
                sheet.add("continuation", [None] * shift + more)
        if "commune" in columns and self.form != "csv" and self.has("merged down"):
            self.merge_down(sheet, columns.index("commune") + shift, columns, first)
        if gap:
            for row in range(first - 1, len(sheet.rows)):
                if sheet.kinds[row] != "note" and sheet.kinds[row] != "total":
                    sheet.rows[row].insert(gap, None)
            sheet.merges = [
                (top, left, bottom, right)
                if top < first
                else (top, left + (left >= gap), bottom, right + (right >= gap))
                for top, left, bottom, right in sheet.merges
            ]
        if self.has("total"):
            total: list[Cell] = [None] * (shift + len(whole))
            total[shift] = f"Total : {len(places)}"
            sheet.add("total", total)

    def groups(self, sheet: Written, titles: Sequence[str], shift: int) -> None:
        row = sheet.add("titles")
        cells: list[Cell] = [None] * shift
        start = 0
        for place in range(1, len(titles) + 1):
            if place == len(titles) or titles[place] != titles[start]:
                cells += [titles[start], *[None] * (place - start - 1)]
                if place - start > 1 and self.form != "csv":
                    sheet.merges.append((row, shift + start, row, shift + place - 1))
                start = place
        sheet.rows[row] = cells

    def merge_down(self, sheet: Written, column: int, columns: Sequence[str], first: int) -> None:
        """One commune, written once over two rows below each other, with its postcode on both."""
        rows = [row for row, kind in enumerate(sheet.kinds) if row >= first and kind == "place"]
        pairs = [(a, b) for a, b in zip(rows[::2], rows[1::2], strict=False) if b == a + 1]
        for top, bottom in pairs[:3]:
            upper = next(insee for row, _, insee in sheet.places if row == top)
            for name in ("postcode", "insee", "whole", "address", "latitude", "longitude"):
                if name in columns:
                    place = columns.index(name) + column - columns.index("commune")
                    sheet.rows[bottom][place] = sheet.rows[top][place]
            sheet.rows[bottom][column] = None
            sheet.merges.append((top, column, bottom, column))
            sheet.places = [(row, name, upper if row == bottom else insee) for row, name, insee in sheet.places]

    def begin(self, name: str) -> tuple[Written, int]:
        """A sheet with its titles; and how many columns are left empty before the table."""
        sheet = Written(name)
        if self.has("titles"):
            for _ in range(self.dice.randint(1, 3)):
                row = sheet.add("title", [self.dice.choice(TITLES)])
                if self.form != "csv" and self.dice.random() < 0.5:
                    sheet.merges.append((row, 0, row, 6))
            if self.dice.random() < 0.6:
                sheet.add("blank")
        return sheet, 1 if self.has("empty first column") else 0

    def end(self, sheet: Written) -> Written:
        if self.has("notes below"):
            if self.dice.random() < 0.6:
                sheet.add("blank")
            for _ in range(self.dice.randint(1, 2)):
                sheet.add("note", [self.dice.choice(NOTES)])
        return sheet

    def plain(self) -> list[Written]:
        sheet, shift = self.begin("Lieux")
        columns = self.columns()
        self.table(sheet, columns, self.headers(columns), self.places(self.dice.randint(3, 25)), shift=shift)
        return [self.end(sheet)]

    def several_tables(self) -> list[Written]:
        """Tables below one another, each with a title and the same or other headers."""
        sheet, shift = self.begin("Feuil1")
        columns = self.columns()
        headers = self.headers(columns)
        for number in range(self.dice.randint(2, 3)):
            if number:
                sheet.add("blank")
            sheet.add("title", [None] * shift + [f"Arrondissement n° {number + 1}"])
            if self.dice.random() < 0.5:
                headers = self.headers(columns)
            self.table(sheet, columns, headers, self.places(self.dice.randint(3, 10)), shift=shift)
        return [self.end(sheet)]

    def side_by_side(self) -> list[Written]:
        """Two tables in the same rows, an empty column between them."""
        sheet = Written("Lieux")
        columns = ["name", "address", "postcode", "commune", "phone"]
        left, right = self.places(self.dice.randint(3, 8)), self.places(self.dice.randint(3, 8))
        heads = self.headers(columns)
        sheet.add("header", [*heads, None, *heads])
        for position in range(max(len(left), len(right))):
            cells: list[Cell] = []
            for places in (left, right):
                place = places[position] if position < len(places) else None
                cells += [place.cells[name] if place else None for name in columns]
                cells += [None] if places is left else []
            row = sheet.add("place", cells)
            sheet.places += [
                (row, each[position].name, each[position].commune.insee)
                for each in (left, right)
                if position < len(each)
            ]
        return [sheet]

    def sheets_of_communes(self) -> list[Written]:
        """A sheet a commune, which its name says; no column does."""
        if self.form == "csv":
            return self.communes_as_sections()
        columns = ["name", "address", "phone", "opening_hours"]
        sheets = []
        for commune in self.dice.sample(communes_of(self.departement), self.dice.randint(2, 4)):
            sheet = Written(commune.name[:31])
            if len(commune.name) > 31:
                continue
            sheet.add("header", self.headers(columns))
            for place in self.places(self.dice.randint(2, 5), of=commune):
                row = sheet.add("place", [place.cells[name] for name in columns])
                sheet.places.append((row, place.name, commune.insee))
            sheets.append(sheet)
        return sheets or self.plain()

    def commune_first(self) -> list[Written]:
        """The commune in the first column, written once (merged, or alone) for the places beside and below it."""
        sheet, shift = self.begin("Lieux")
        columns = ["commune", "name", "address", "phone", "email"]
        sheet.add("header", [None] * shift + self.headers(columns))
        for commune in self.dice.sample(communes_of(self.departement), self.dice.randint(2, 5)):
            places = self.places(self.dice.randint(1, 4), of=commune)
            for number, place in enumerate(places):
                cells = [place.cells[name] for name in columns]
                if number:
                    cells[0] = None if self.form != "csv" else "idem"
                row = sheet.add("place", [None] * shift + cells)
                sheet.places.append((row, place.name, commune.insee))
            if len(places) > 1 and self.form != "csv":
                sheet.merges.append((row - len(places) + 1, shift, row, shift))
        return [self.end(sheet)]

    def several_sheets(self) -> list[Written]:
        if self.form == "csv":
            return self.plain()
        sheets = []
        for number in range(self.dice.randint(2, 3)):
            sheet, shift = self.begin(f"Secteur {number + 1}")
            columns = self.columns()
            self.table(sheet, columns, self.headers(columns), self.places(self.dice.randint(3, 10)), shift=shift)
            sheets.append(self.end(sheet))
        return sheets

    def communes_as_sections(self) -> list[Written]:
        """The commune alone on a row over its places; no column has it."""
        sheet, shift = self.begin("Lieux")
        columns = ["name", "type", "address", "phone", "opening_hours"][: self.dice.randint(3, 5)]
        columns = [*columns, *([] if "phone" in columns else ["phone"])]
        sheet.add("header", [None] * shift + self.headers(columns))
        for commune in self.dice.sample(communes_of(self.departement), self.dice.randint(2, 5)):
            title = (
                commune.name.upper()
                if self.dice.random() < 0.5
                else f"Commune de {commune.name}"
                if self.dice.random() < 0.2
                else commune.name
            )
            sheet.add("section", [None] * shift + [title])
            for place in self.places(self.dice.randint(1, 4), of=commune):
                row = sheet.add("place", [None] * shift + [place.cells[name] for name in columns])
                sheet.places.append((row, place.name, commune.insee))
        return [self.end(sheet)]

    def areas_as_sections(self) -> list[Written]:
        """« Canton de … » alone on a row between the places; the columns say where each is."""
        sheet, shift = self.begin("Recensement")
        columns = self.columns()
        sheet.add("header", [None] * shift + self.headers(columns))
        for _ in range(self.dice.randint(2, 4)):
            area = self.dice.choice(communes_of(self.departement)).name
            title = self.dice.choice(
                (
                    f"Canton de {area}",
                    f"Arrondissement de {area}",
                    "SECTEUR NORD :",
                    f"Communauté de communes de {area}",
                )
            )
            sheet.add("section", [None] * shift + [title])
            for place in self.places(self.dice.randint(2, 5)):
                row = sheet.add("place", [None] * shift + [place.cells[name] for name in columns])
                sheet.places.append((row, place.name, place.commune.insee))
        return [self.end(sheet)]

    def header_rows(self) -> list[Written]:
        """Two or three rows of header: groups of groups, groups, names."""
        sheet, shift = self.begin("Lieux")
        columns = self.columns()
        if self.dice.random() < 0.5:
            self.groups(
                sheet,
                ["Lieu" if GROUPS[name] in {"Identification", "Localisation"} else "Accueil" for name in columns],
                shift,
            )
        self.groups(sheet, [GROUPS[name] for name in columns], shift)
        sheet.add("header", [None] * shift + self.headers(columns))
        for place in self.places(self.dice.randint(4, 15)):
            row = sheet.add("place", [None] * shift + [place.cells[name] for name in columns])
            sheet.places.append((row, place.name, place.commune.insee))
        return [self.end(sheet)]

    def transposed(self) -> list[Written]:
        """Labels in the first column, a place a column."""
        sheet = Written("Lieux")
        columns = self.columns()
        places = self.places(self.dice.randint(2, 6))
        for name, header in zip(columns, self.headers(columns), strict=True):
            sheet.add("label", [header, *(place.cells[name] for place in places)])
        sheet.places = [(-1, place.name, place.commune.insee) for place in places]
        return [sheet]

    def forms(self) -> list[Written]:
        """One place a sheet: labels and values below one another, under a title."""
        columns = self.columns()
        headers = self.headers(columns)
        sheets = []
        for number, place in enumerate(self.places(self.dice.randint(2, 5)), start=1):
            sheet = Written(f"Fiche {number}")
            if self.dice.random() < 0.5:
                sheet.add("title", ["Fiche de recensement"])
                sheet.add("blank")
            for name, header in zip(columns, headers, strict=True):
                sheet.add("label", [header, place.cells[name]])
            sheet.places = [(-1, place.name, place.commune.insee)]
            sheets.append(sheet)
        return sheets

    def with_demarches(self) -> list[Written]:
        """Places, then a table of démarches under or after them."""
        sheet, shift = self.begin("Lieux")
        columns = self.columns()
        places = self.places(self.dice.randint(4, 10))
        self.table(sheet, columns, self.headers(columns), places, shift=shift)
        other = sheet
        if self.form == "csv" or self.dice.random() < 0.4:
            sheet.add("blank")
            sheet.add("title", [None] * shift + ["Démarches accompagnées"])
        else:
            other = Written("Démarches")
            shift = 0
        other.add("header", [None] * shift + ["Nom du lieu", "Démarche", "Niveau d'aide"])
        for place in places:
            level = self.dice.choice(("accompagnement", "orientation", "information"))
            other.add("record", [None] * shift + [place.name, self.dice.choice(DEMARCHES), level])
        return [self.end(sheet)] if other is sheet else [self.end(sheet), other]


LAYOUTS: dict[str, Callable[[Writer], list[Written]]] = {
    "plain": Writer.plain, "several tables": Writer.several_tables, "several sheets": Writer.several_sheets,
    "communes as sections": Writer.communes_as_sections, "areas as sections": Writer.areas_as_sections,
    "header rows": Writer.header_rows, "transposed": Writer.transposed, "forms": Writer.forms,
    "with démarches": Writer.with_demarches, "side by side": Writer.side_by_side,
    "sheets of communes": Writer.sheets_of_communes, "commune first": Writer.commune_first,
}  # fmt: skip
