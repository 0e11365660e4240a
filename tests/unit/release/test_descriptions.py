"""A folder says what it holds: each CSV checks against its own Table Schema, each file is in the catalogue with its sum."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import rdflib
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF

from fs_pipeline.assets.publish import about_of
from fs_pipeline.briefing.slot import SlotTables
from fs_pipeline.cartography.layers import Layers
from fs_pipeline.data import read_csv
from fs_pipeline.editions.edition import EDITIONS, Edition
from fs_pipeline.release.descriptions import descriptions
from fs_pipeline.release.exports import EXPORTED, exports
from fs_pipeline.release.tables import open_tables
from fs_pipeline.warehouse.declared import declared_tables
from tests.unit.briefing.sample import tiny_contours, tiny_tables
from tests.unit.release.exported import refused_by_frictionless

DOCS = Path(__file__).resolve().parents[3] / "docs" / "publications.md"
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")


def folder(tables: SlotTables, edition: Edition = "public") -> dict[str, bytes]:
    """Every open file of an edition, and what describes them."""
    let_out = tables.let_out(edition)
    drawn = Layers(
        let_out.places,
        let_out.communes,
        let_out.int_commune_minutes,
        let_out.thresholds,
        tiny_contours(),
        let_out.coverage,
    )
    about = about_of(let_out, edition)
    files = open_tables(let_out.tables, drawn)
    files |= exports(about, {name: getattr(let_out, name) for name in EXPORTED}, drawn)
    return files | descriptions(about, let_out.tables, drawn, files)


@pytest.fixture(scope="module")
def public() -> dict[str, bytes]:
    return folder(tiny_tables())


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_csv_is_as_its_schema_says(tmp_path, edition):
    files = folder(tiny_tables(), edition)
    assert refused_by_frictionless(files, tmp_path) == []
    described = {one["path"] for one in json.loads(files["datapackage.json"])["resources"]}
    assert described == {name for name in files if name.endswith(".csv")}


@pytest.mark.parametrize(
    ("wrong", "what"),
    [((b'"P0000"', b'"P0001"'), "primary key"), ((b"True", b"maybe"), "boolean")],
)
def test_a_csv_that_was_changed_is_found_out(tmp_path, public, wrong, what):
    spoiled = public | {"lieux.csv": public["lieux.csv"].replace(*wrong, 1)}
    said = refused_by_frictionless(spoiled, tmp_path)
    assert any(what in message for message in said), said
    assert any("hash" in message for message in said), said


def test_a_schema_says_in_french_what_is_declared(public):
    package = json.loads(public["datapackage.json"])
    (places,) = (one for one in package["resources"] if one["path"] == "lieux.csv")
    declared = {column.name: column for column in declared_tables()["places"].columns}
    for field in places["schema"]["fields"]:
        assert field["description"] == declared[field["name"]].description
    assert places["schema"]["primaryKey"] == ["place_id"]
    (matrix,) = (one for one in package["resources"] if one["path"] == "matrice.csv")
    evidence = next(field for field in matrix["schema"]["fields"] if field["name"] == "evidence")
    assert "by_label" in evidence["constraints"]["enum"]


def graph_of(files: dict[str, bytes]) -> rdflib.Graph:
    return rdflib.Graph().parse(data=files["catalogue.jsonld"], format="json-ld", publicID="https://exemple.fr/jeu/")


def test_every_file_is_in_the_catalogue_with_its_size_and_its_sum(public):
    graph = graph_of(public)
    found = {}
    for one in graph.subjects(RDF.type, DCAT.Distribution):
        (address,), (size,) = graph.objects(one, DCAT.downloadURL), graph.objects(one, DCAT.byteSize)
        (checksum,) = graph.objects(one, SPDX.checksum)
        assert graph.value(one, DCAT.accessURL) == address
        assert graph.value(one, DCAT.mediaType), address
        assert graph.value(checksum, SPDX.algorithm) == SPDX.checksumAlgorithm_sha256
        found[str(address).removeprefix("https://exemple.fr/jeu/")] = (
            int(size),
            str(graph.value(checksum, SPDX.checksumValue)),
        )
    assert found == {
        name: (len(content), hashlib.sha256(content).hexdigest())
        for name, content in public.items()
        if name != "catalogue.jsonld"
    }


def test_the_catalogue_has_what_dcat_ap_requires_and_recommends(public):
    graph = graph_of(public)
    (catalog,), (dataset,) = graph.subjects(RDF.type, DCAT.Catalog), graph.subjects(RDF.type, DCAT.Dataset)
    for subject in (catalog, dataset):
        for required in (DCTERMS.title, DCTERMS.description, DCTERMS.publisher):
            assert graph.value(subject, required), required
        assert graph.value(subject, DCTERMS.title).language == "fr"
    assert graph.value(catalog, DCAT.dataset) == dataset
    publisher = graph.value(dataset, DCTERMS.publisher)
    assert (publisher, RDF.type, FOAF.Agent) in graph
    assert graph.value(publisher, FOAF.name)
    recommended = (
        DCTERMS.spatial,
        DCTERMS.temporal,
        DCAT.theme,
        DCAT.keyword,
        DCTERMS.accrualPeriodicity,
        DCTERMS.identifier,
    )
    for said in recommended:
        assert graph.value(dataset, said), said
    for one in graph.objects(dataset, DCAT.distribution):
        assert (one, RDF.type, DCAT.Distribution) in graph
        assert graph.value(one, DCTERMS.title), one


ODBL = pd.DataFrame([{"source": "roads", "licence": "ODbL 1.0", "state": "taken"}])


@pytest.mark.parametrize(
    ("edition", "sources", "licence"),
    [
        ("public", None, "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"),
        ("public", ODBL, "https://opendatacommons.org/licenses/odbl/1-0/"),
        ("public", ODBL.assign(state="absent"), "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"),
        ("partners", None, None),
        ("internal", None, None),
    ],
)
def test_only_what_anyone_may_read_has_a_licence_and_the_strictest_of_its_sources(edition, sources, licence):
    tables = replace(tiny_tables(), fictional=False)
    if sources is not None:
        whole = tables.brief_sources
        tables = tables.having(
            brief_sources=pd.concat([whole, sources.reindex(columns=whole.columns)], ignore_index=True)
        )
    files = folder(tables, edition)
    graph = graph_of(files)
    for one in graph.subjects(RDF.type, DCAT.Distribution):
        assert graph.value(one, DCTERMS.license) == (rdflib.URIRef(licence) if licence else None)
        assert (graph.value(one, DCTERMS.rights) is None) == bool(licence)
    assert ("licenses" in json.loads(files["datapackage.json"])) == bool(licence)


def test_invented_data_have_no_licence_and_no_place_in_france(public):
    assert b"dct:license" not in public["catalogue.jsonld"]
    assert b"id.insee.fr" not in public["catalogue.jsonld"]
    assert "inventées" in public["catalogue.jsonld"].decode()


def test_the_same_slot_is_described_in_the_same_bytes(public):
    assert folder(tiny_tables()) == public


def test_every_file_that_the_documentation_names_has_a_title():
    table = DOCS.read_text(encoding="utf-8").partition("| fichier | contenu |")[2].partition("\n\n")[0]
    named = {name for line in table.splitlines()[1:] for name in re.findall(r"`([\w-]+\.\w+)`", line.split("|")[1])}
    titled = {row["file"] for row in read_csv("publication_files.csv")} | {
        spec.file for spec in declared_tables().values()
    }
    assert len(named) > 20
    assert named - titled - {"catalogue.jsonld"} == set()
