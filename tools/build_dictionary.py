"""Writes docs/data-dictionary.md from what the code creates: tables, SQL models with their .yml, declared sources.

All of it comes from the declarations in ``dbt_like_sql/`` and from the declared sources; a test compares the page with what
the tool would write.

Usage: python tools/build_dictionary.py
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from fs_pipeline.national.sources import REFERENCES, SOURCES, Source
from fs_pipeline.warehouse.declared import READERS, Readers, TableSpec, declaration
from fs_pipeline.warehouse.models import Model, Project, load_project
from fs_pipeline.warehouse.tables import metadata

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "data-dictionary.md"
_TYPES = {"text": "texte", "integer": "entier", "float": "nombre", "boolean": "oui/non"}
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


def page() -> str:
    """The whole page."""
    project = load_project()
    parts = [_HEAD, "## Sources\n", *_sources()]
    parts += ["## Tables écrites par les étapes\n"]
    parts += [_stored(declaration(name)) for name in metadata().tables]
    for layer, title in _LAYERS.items():
        parts += [f"## {title}\n", *(_model(model, project) for model in project if model.layer == layer)]
    return "\n".join(parts)


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


def _stored(spec: TableSpec) -> str:
    known = f" Une seule ligne par {_named(spec.grain)}." if spec.partition != "slot" else ""
    return _with_columns(spec, spec.description + known)


def _model(model: Model, project: Project) -> str:
    spec = model.spec
    seeds = "".join(f" (fichier `{project.seeds[name]}`)" for name in model.sources if name in project.seeds)
    about = (
        f"{spec.description} Une seule ligne par {_named(spec.grain)}. Écrite d’un coup pour "
        f"{_PARTITIONS[spec.partition]}, d’après {_named((*model.refs, *model.sources))}{seeds}."
    )
    return _with_columns(spec, about)


def _named(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _with_columns(spec: TableSpec, about: str) -> str:
    leaves = READERS.index(spec.readers) > READERS.index("internal")
    lines = [
        f"### `{spec.name}`\n",
        about + (f" Exportée dans `{spec.file}`." if spec.file else ""),
        "",
        "| colonne | type | | lecteurs | sens |" if leaves else "| colonne | type | | sens |",
        "|---|---|---|---|---|" if leaves else "|---|---|---|---|",
    ]
    for column in spec.columns:
        listed = [value for test in column.tests if not isinstance(test, str) for value in test.accepted_values]
        allowed = [value for value in listed if value not in column.description]
        more = f" Valeurs : {_named(allowed)}." if allowed else ""
        filled = "toujours" if "not_null" in column.tests else ""
        who = f" {_READERS[min(column.readers, spec.readers, key=READERS.index)]} |" if leaves else ""
        lines.append(f"| `{column.name}` | {_TYPES[column.type]} | {filled} |{who} {column.description}{more} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
