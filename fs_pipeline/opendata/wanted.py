"""What a public edition should be on the site: read from its own catalogue, which travels with its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from fs_pipeline.data import read_csv
from fs_pipeline.release import catalogue, datapackage
from fs_pipeline.release.licences import OPEN, SHARED_ALIKE
from fs_pipeline.territory.names import normalise

TAG = "fs-pipeline"
FILE, DEPARTEMENT, VERSION = (f"{TAG}:{name}" for name in ("fichier", "departement", "version"))
NATION = "FR"
_LICENCES = {OPEN.path: "lov2", SHARED_ALIKE.path: "odc-odbl"}  # what the site calls them
_TABLES = frozenset({"csv", "parquet"})
_FREQUENCIES = {"IRREG": "irregular", "ANNUAL": "annual"}


class NotOpen(ValueError):
    """A publication that may not leave; the message is one French line."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One file as the site should show it."""

    file: str
    title: str
    about: str  # a sentence, where it is a table
    kind: str  # main or documentation
    format: str
    media_type: str
    follows: str | None  # address of the standard it keeps to
    table: int | None  # which resource of the Data Package describes its columns
    sha1: str
    size: int

    @property
    def name(self) -> str:
        """The name under which it is sent: the site knows no folders."""
        return self.file.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Dataset:
    """A public edition as the site should show it."""

    departement: str
    campaign: str
    version: str
    title: str
    description: str
    licence: str
    frequency: str
    day: str  # ISO date that its figures are of
    zone: str
    granularity: str
    tags: tuple[str, ...]
    resources: tuple[Resource, ...]


def wanted(departement: str, campaign: str, files: Mapping[str, bytes]) -> Dataset:
    """The dataset that the files of a public edition make.

    Parameters
    ----------
    files
        Name below the publication's folder -> its bytes.

    Raises
    ------
    NotOpen
        For another edition than the public one, one that has no open licence, or a folder that says nothing of itself.
    """
    try:
        said = json.loads(files[catalogue.NAME])["dcat:dataset"]
        rights = said["dct:accessRights"]["@id"].rpartition("/")[2]
        distributions = {entry["@id"].partition("#")[2]: entry for entry in said["dcat:distribution"]}
        licence = _licence(distributions.values())
    except (KeyError, TypeError, ValueError) as error:
        raise NotOpen(f"{catalogue.NAME} manque, ou n’est pas lisible\u00a0: relancez le département.") from error
    if rights != "PUBLIC":
        raise NotOpen("ce n’est pas une édition publique\u00a0: elle ne sort pas.")
    if licence is None:
        raise NotOpen("aucune licence ouverte n’y est dite (données d’exercice, ou réservées)\u00a0: elle ne sort pas.")
    for name, entry in distributions.items():
        announced = entry["spdx:checksum"]["spdx:checksumValue"]["@value"]
        if name not in files or hashlib.sha256(files[name]).hexdigest() != announced:
            raise NotOpen(f"{name} n’est pas le fichier que décrit {catalogue.NAME}\u00a0: relancez le département.")
    day = said["dct:temporal"]["dcat:endDate"]["@value"]
    return Dataset(
        departement=departement,
        campaign=campaign,
        version=said["dcat:version"],
        title=_text(said["dct:title"]),
        description=_text(said["dct:description"]),
        licence=licence,
        frequency=_FREQUENCIES.get(said["dct:accrualPeriodicity"]["@id"].rpartition("/")[2], "unknown"),
        day=day,
        zone="country:fr" if departement == NATION else f"fr:departement:{departement}",
        granularity="country" if departement == NATION else "fr:departement",
        tags=tuple(sorted({TAG, *(normalise(_text(word)).replace(" ", "-") for word in said["dcat:keyword"])})),
        resources=tuple(_resources(distributions, files)),
    )


def _resources(distributions: Mapping[str, Any], files: Mapping[str, bytes]) -> list[Resource]:
    tables = _tables(files)
    found = []
    for name in sorted({*distributions, catalogue.NAME} & set(files)):
        known = _known().get(name)
        stem, _, ending = name.rpartition("/")[2].rpartition(".")
        kind = known["on_the_site"] if known else "main" if ending in _TABLES else ""
        if not kind:
            continue
        entry = distributions.get(name, {})
        found.append(
            Resource(
                file=name,
                title=known["title"] if known else f"Table «\u00a0{stem}\u00a0»",
                about="" if known else _text(entry["dct:title"]),
                kind=kind,
                format=ending,
                media_type=_media_types().get(ending, "application/octet-stream"),
                follows=(entry.get("dct:conformsTo") or {}).get("@id"),
                table=tables.get(name),
                sha1=hashlib.sha1(files[name], usedforsecurity=False).hexdigest(),
                size=len(files[name]),
            )
        )
    # The description of the tables stands first: their schemas are in it.
    return sorted(found, key=lambda resource: (resource.file != datapackage.NAME, resource.file))


def _tables(files: Mapping[str, bytes]) -> dict[str, int]:
    """CSV -> which of the Data Package's resources it is."""
    if datapackage.NAME not in files:
        return {}
    described = json.loads(files[datapackage.NAME])["resources"]
    return {resource["path"]: number for number, resource in enumerate(described)}


def _licence(distributions: Any) -> str | None:  # noqa: ANN401 - what a JSON holds
    """What the site calls the licence of all of them; None where one has none."""
    named = {(entry.get("dct:license") or {}).get("@id", "") for entry in distributions}
    return _LICENCES.get(named.pop()) if len(named) == 1 else None


def _text(said: Mapping[str, str]) -> str:
    return said["@value"]


@cache
def _known() -> dict[str, dict[str, str]]:
    return {row["file"]: row for row in read_csv("publication_files.csv")}


@cache
def _media_types() -> dict[str, str]:
    return {row["ending"]: row["media_type"] for row in read_csv("media_types.csv")}
