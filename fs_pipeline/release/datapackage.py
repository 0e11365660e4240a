"""The CSV of a folder, described so that a program checks them: a Data Package of Table Schemas, from the declarations.

https://specs.frictionlessdata.io/tabular-data-package/ (version 1): types, constraints and French descriptions are those
that ``dbt_like_sql/`` declares; columns are those that the file has.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping

from fs_pipeline.release.about import About
from fs_pipeline.release.licences import Licence
from fs_pipeline.warehouse.declared import PARTITION_COLUMNS, ColumnSpec, TableSpec

NAME = "datapackage.json"
_TYPES = {"text": "string", "integer": "integer", "float": "number", "boolean": "boolean"}
_DIALECT = {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True}


def datapackage(
    about: About, specs: Mapping[str, TableSpec], licence: Licence | None, files: Mapping[str, bytes]
) -> bytes:
    """The description of those of `files` that are CSV of declared tables; same files, same bytes.

    Parameters
    ----------
    specs
        File name -> the table it carries.
    """
    package: dict[str, object] = {
        "profile": "tabular-data-package",
        "name": f"fs-pipeline-{about.campaign}-{about.departement.lower()}-{about.edition}",
        "title": about.title,
        "description": about.description,
        "version": about.fingerprint[:12],
        "contributors": [{"title": about.publisher, "role": "publisher"}],
    }
    if licence:
        package["licenses"] = [{"name": licence.name, "title": licence.title, "path": licence.path}]
    package["resources"] = [
        _resource(name, content, specs[name])
        for name, content in sorted(files.items())
        if name.endswith(".csv") and name in specs
    ]
    return f"{json.dumps(package, ensure_ascii=False, indent=1)}\n".encode()


def _resource(name: str, content: bytes, spec: TableSpec) -> dict[str, object]:
    header = next(csv.reader(io.StringIO(content[: content.index(b"\r\n")].decode())))
    columns = {column.name: column for column in spec.columns}
    schema: dict[str, object] = {"fields": [_field(columns[column]) for column in header], "missingValues": [""]}
    key = [column for column in spec.grain if column not in PARTITION_COLUMNS[spec.partition]]  # which the folder says
    if spec.keyed and key and set(key) <= set(header):
        schema["primaryKey"] = key
    return {
        "profile": "tabular-data-resource",
        "name": name.removesuffix(".csv").replace("/", "-"),
        "path": name,
        "description": spec.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "dialect": _DIALECT,
        "schema": schema,
    }


def _field(column: ColumnSpec) -> dict[str, object]:
    constraints: dict[str, object] = {}
    for test in column.tests:
        if test == "not_null":
            constraints["required"] = True
        else:
            constraints["enum"] = test.accepted_values
    said: dict[str, object] = {"name": column.name, "type": _TYPES[column.type], "description": column.description}
    if constraints:
        said["constraints"] = constraints
    if "required" in constraints and column.type == "text":
        said["missingValues"] = []  # an empty text says something there: « toutes les démarches », not « inconnu »
    return said
