"""A public edition as a run leaves it, small."""

from __future__ import annotations

from collections.abc import Mapping

from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.editions.edition import Edition
from fs_pipeline.release.about import About
from fs_pipeline.release.catalogue import catalogue
from fs_pipeline.release.datapackage import datapackage
from fs_pipeline.release.licences import OPEN, Licence
from fs_pipeline.warehouse.declared import declaration

FILES = {
    "sources.csv": b"source,as_of\r\nfrance_services,2022-12-01\r\n",
    "arrondissements.csv": b"arrondissement,arrondissement_name\r\n331,Blaye\r\n",
    "dossier.pdf": b"%PDF-1.7 dossier",
    "dossier.html": b"<!doctype html><title>Dossier</title>",
    "dossier.docx": b"PK docx",
    "carte-web/carte.pmtiles": b"PMTiles",
    "exports/lieux.geojson": b'{"type":"FeatureCollection","features":[]}',
}
SENT = {
    "datapackage.json",
    "catalogue.jsonld",
    "sources.csv",
    "arrondissements.csv",
    "dossier.pdf",
    "exports/lieux.geojson",
}


def about(edition: Edition = "public", fingerprint: str = "0123456789abcdef", fictional: bool = False) -> About:
    return About(
        campaign="2022-12", departement="33", departement_name="Gironde", edition=edition, reference_date="2022-12-01",
        fingerprint=fingerprint, thresholds=Thresholds(20, 30), fictional=fictional,
    )  # fmt: skip


def folder(
    files: Mapping[str, bytes] = FILES, said: About | None = None, licence: Licence | None = OPEN
) -> dict[str, bytes]:
    """The files with their two descriptions."""
    said = said or about()
    specs = {"sources.csv": declaration("brief_sources"), "arrondissements.csv": declaration("arrondissement_access")}
    whole = dict(files)
    whole["datapackage.json"] = datapackage(said, specs, licence, whole)
    whole["catalogue.jsonld"] = catalogue(said, {"arrondissements.csv": "Par arrondissement"}, licence, None, whole)
    return whole
