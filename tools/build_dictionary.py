"""Writes docs/data-dictionary.md from what the code creates: tables, SQL models with their .yml, declared sources.

Columns, types, rules and readers come from the code and its declarations alone; French meanings of stored tables from
their declaration, of SQL models from ``tools/dictionary.csv`` (table and column; no table: wherever the column is; no
column: the table itself). A column or table without a meaning stops the tool, and a test compares the page with what the
tool would write: the dictionary cannot lie, only be incomplete loudly.

Usage: python tools/build_dictionary.py
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from sqlalchemy import Column, Table

from fs_pipeline.national.sources import REFERENCES, SOURCES, Source
from fs_pipeline.warehouse.declared import READERS, Readers, TableSpec, declared_tables
from fs_pipeline.warehouse.models import Model, Project, load_project
from fs_pipeline.warehouse.tables import metadata

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "data-dictionary.md"
_TYPES = {"TEXT": "texte", "VARCHAR": "texte", "INTEGER": "entier", "BIGINT": "entier", "FLOAT": "nombre"}
_LAYERS = {"staging": "Préparation", "intermediate": "Calculs intermédiaires", "marts": "Résultats"}
_PARTITIONS = {"slot": "une campagne et un département", "campaign": "une campagne", "none": "tout"}
_READERS: dict[Readers, str] = {
    "nobody": "personne", "internal": "interne", "partners": "partenaires", "public": "tous"
}  # fmt: skip
_HEAD = """# Dictionnaire des données

Page écrite par `python tools/build_dictionary.py` d’après les tables et les modèles eux-mêmes ; ne pas la modifier à la main.

Les codes sont du texte (`"01"`, `"01053"`), les dates du texte ISO (`2022-12-01`), les parts vont de 0 à 1.
**Vide veut dire inconnu, jamais zéro.** « toujours » : la colonne n’est jamais vide.
« Lecteurs » dit qui peut recevoir une colonne : `tous`, `partenaires`, `interne` (préfecture et ministère) ou `personne`
(elle ne quitte pas l’entrepôt). Une table qui n’en dit rien reste interne. Un texte n’en sort qu’une fois jugé :
[ce qui est publié](publications.md).
"""


class Undescribed(ValueError):
    """A table or column without a French meaning, or a meaning of something that does not exist."""


def page() -> str:
    """The whole page."""
    project = load_project()
    words = Meanings(ROOT / "tools" / "dictionary.csv")
    parts = [_HEAD, "## Sources\n", *_sources()]
    parts += ["## Tables écrites par les étapes\n"]
    parts += [_table(table) for table in metadata().tables.values()]
    for layer, title in _LAYERS.items():
        parts += [f"## {title}\n", *(_model(model, words, project) for model in project if model.layer == layer)]
    words.complain()
    return "\n".join(parts)


class Meanings:
    """French meanings, and which of them were used or lacked."""

    def __init__(self, path: Path) -> None:
        with path.open(encoding="utf-8", newline="") as stream:
            self.known = {(row["table"], row["column"]): row["meaning_fr"] for row in csv.DictReader(stream)}
        self.used: set[tuple[str, str]] = set()
        self.lacking: list[str] = []

    def of(self, table: str, column: str = "") -> str:
        """The meaning of a column in a table, else of the column wherever it is."""
        for key in ((table, column), ("", column)):
            if key in self.known and key != ("", ""):
                self.used.add(key)
                return self.known[key]
        self.lacking.append(f"{table}.{column}".rstrip("."))
        return ""

    def complain(self) -> None:
        """Everything that is not described, and every description of nothing."""
        if self.lacking:
            raise Undescribed(f"tools/dictionary.csv: no meaning for {', '.join(self.lacking)}")
        unused = sorted(set(self.known) - self.used)
        if unused:
            raise Undescribed(f"tools/dictionary.csv: nothing is called {', '.join('.'.join(key) for key in unused)}")


def _sources() -> Iterator[str]:
    yield "| clé | source | éditeur | licence | cadence | âge limite | adresse |\n|---|---|---|---|---|---|---|"
    for source in (SOURCES | REFERENCES).values():
        yield _source_row(source)
    yield ""


def _source_row(source: Source) -> str:
    where = "à la main" if not source.url else "sur demande" if source.opt_in else "déclarée"
    cells = (
        f"`{source.key}`",
        f"[{source.title_fr}]({source.page})",
        source.publisher,
        source.licence,
        source.cadence,
        f"{source.max_age_days} jours",
        where,
    )
    return f"| {' | '.join(cells)} |"


def _table(table: Table) -> str:
    spec = declared_tables()[table.name]
    always = {column.name: not column.nullable for column in table.c}
    grain = ", ".join(f"`{column.name}`" for column in table.primary_key)
    lines = [f"### `{table.name}`\n", spec.description]
    if grain:
        lines[-1] += f" Une seule ligne par {grain}."
    meanings = {column.name: column.description for column in spec.columns}
    return _with_columns(lines, table, spec, meanings, always, {})


def _model(model: Model, words: Meanings, project: Project) -> str:
    always = {column.name: "not_null" in column.tests for column in model.spec.columns}
    values = {
        column.name: test.accepted_values
        for column in model.spec.columns
        for test in column.tests
        if not isinstance(test, str)
    }
    grain = ", ".join(f"`{name}`" for name in model.spec.grain)
    read = ", ".join(f"`{name}`" for name in (*model.refs, *model.sources))
    seeds = [project.seeds[name] for name in model.sources if name in project.seeds]
    lines = [
        f"### `{model.name}`\n",
        f"{words.of(model.name)} Une seule ligne par {grain}. Écrite d’un coup pour {_PARTITIONS[model.spec.partition]}, "
        f"d’après {read}{''.join(f' (fichier `{seed}`)' for seed in seeds)}.",
    ]
    meanings = {column.name: words.of(model.name, column.name) for column in model.spec.columns}
    return _with_columns(lines, model.table, model.spec, meanings, always, values)


def _with_columns(
    lines: list[str],
    table: Table,
    spec: TableSpec,
    meanings: Mapping[str, str],
    always: Mapping[str, bool],
    values: Mapping[str, list[str]],
) -> str:
    if spec.file:
        lines[-1] += f" Exportée dans `{spec.file}`."
    leaves = READERS.index(spec.readers) > READERS.index("internal")
    head = "| colonne | type | | lecteurs | sens |" if leaves else "| colonne | type | | sens |"
    lines += ["", head, "|---|---|---|---|---|" if leaves else "|---|---|---|---|"]
    readers = {column.name: _READERS[min(column.readers, spec.readers, key=READERS.index)] for column in spec.columns}
    for column in table.c:
        meaning = meanings[column.name]
        allowed = [value for value in values.get(column.name, []) if value not in meaning]
        more = f" Valeurs : {', '.join(f'`{value}`' for value in allowed)}." if allowed else ""
        filled = "toujours" if always[column.name] else ""
        who = f" {readers[column.name]} |" if leaves else ""
        lines.append(f"| `{column.name}` | {_type(column)} | {filled} |{who} {meaning}{more} |")
    return "\n".join([*lines, ""])


def _type(column: Column[object]) -> str:
    name = str(column.type).partition("(")[0]
    return "oui/non" if name == "BOOLEAN" else _TYPES[name]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
