"""The folder described for a catalogue of data: DCAT-AP 3 as JSON-LD, one distribution a file.

https://semiceu.github.io/DCAT-AP/releases/3.0.0/; addresses of files are relative to the description, which moves with them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache

from fs_pipeline.data import read_csv
from fs_pipeline.release.about import About
from fs_pipeline.release.licences import Licence

NAME = "catalogue.jsonld"
_EU = "http://publications.europa.eu/resource/authority"
_RIGHTS = {"public": "PUBLIC", "partners": "RESTRICTED", "internal": "NON_PUBLIC"}
_READERS = {
    "public": "Chacun peut lire cette édition.",
    "partners": "Réservé aux associations et aux opérateurs du département, à la préfecture et au ministère.",
    "internal": "Réservé à la préfecture et au ministère.",
}
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "gsp": "http://www.opengis.net/ont/geosparql#",
}


def catalogue(
    about: About,
    titles: Mapping[str, str],
    licence: Licence | None,
    bounds: Sequence[float] | None,
    files: Mapping[str, bytes],
) -> bytes:
    """The description of `files`; same files, same bytes.

    Parameters
    ----------
    titles
        File name -> French title, of those that ``data/publication_files.csv`` does not name.
    bounds
        West, south, east, north, in degrees; None where nothing is drawn.
    """
    publisher = {"@id": f"{NAME}#editeur", "@type": "foaf:Agent", "foaf:name": _french(about.publisher)}
    said = {
        "dct:title": _french(about.title),
        "dct:description": _french(about.description),
        "dct:publisher": publisher,
    }
    dataset = {
        "@id": f"{NAME}#jeu",
        "@type": "dcat:Dataset",
        **said,
        "dct:identifier": f"fs-pipeline-{about.campaign}-{about.departement}-{about.edition}",
        "dcat:version": about.fingerprint[:12],
        "dct:modified": _day(about.reference_date),
        "dct:temporal": {"@type": "dct:PeriodOfTime", "dcat:endDate": _day(about.reference_date)},
        "dct:spatial": _place(about, bounds),
        "dct:accrualPeriodicity": {"@id": f"{_EU}/frequency/IRREG", "@type": "dct:Frequency"},
        "dct:language": {"@id": f"{_EU}/language/FRA", "@type": "dct:LinguisticSystem"},
        "dcat:theme": [{"@id": f"{_EU}/data-theme/GOVE"}, {"@id": f"{_EU}/data-theme/SOCI"}],
        "dcat:keyword": [_french(word) for word in ("France services", "accès aux droits", "démarches en ligne")],
        "dct:accessRights": {"@id": f"{_EU}/access-right/{_RIGHTS[about.edition]}", "@type": "dct:RightsStatement"},
        "dcat:distribution": [
            _distribution(name, content, about, titles, licence) for name, content in sorted(files.items())
        ],
    }
    whole = {"@context": _CONTEXT, "@id": NAME, "@type": "dcat:Catalog", **said, "dcat:dataset": dataset}
    return f"{json.dumps(whole, ensure_ascii=False, indent=1)}\n".encode()


def _distribution(
    name: str, content: bytes, about: About, titles: Mapping[str, str], licence: Licence | None
) -> dict[str, object]:
    known = _files().get(name, {})
    kind = _media_types().get(name.rpartition(".")[2], {})
    said: dict[str, object] = {
        "@id": f"{NAME}#{name}",
        "@type": "dcat:Distribution",
        "dct:title": _french(known.get("title") or titles.get(name, name)),
        "dcat:accessURL": {"@id": name, "@type": "rdfs:Resource"},
        "dcat:downloadURL": {"@id": name, "@type": "rdfs:Resource"},
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(len(content))},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": hashlib.sha256(content).hexdigest()},
        },
    }
    if licence:
        said["dct:license"] = {"@id": licence.path, "@type": "dct:LicenseDocument"}
    else:
        said["dct:rights"] = {"@type": "dct:RightsStatement", "rdfs:label": _french(_READERS[about.edition])}
    if kind:
        address = f"http://www.iana.org/assignments/media-types/{kind['media_type']}"
        said["dcat:mediaType"] = {"@id": address, "@type": "dct:MediaType"}
        said["dct:format"] = {"@id": f"{_EU}/file-type/{kind['file_type']}", "@type": "dct:MediaTypeOrExtent"}
    if known.get("conforms_to"):
        said["dct:conformsTo"] = {"@id": known["conforms_to"], "@type": "dct:Standard"}
    return said


def _place(about: About, bounds: Sequence[float] | None) -> dict[str, object]:
    place: dict[str, object] = {"@type": "dct:Location", "rdfs:label": _french(about.departement_name)}
    if not about.fictional:
        place["@id"] = f"http://id.insee.fr/geo/departement/{about.departement}"
    if bounds is not None:
        west, south, east, north = (f"{edge:.5f}" for edge in bounds)
        ring = f"{west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}"
        place["dcat:bbox"] = {"@type": "gsp:wktLiteral", "@value": f"POLYGON(({ring}))"}
    return place


def _french(text: str) -> dict[str, str]:
    return {"@language": "fr", "@value": text}


def _day(iso: str) -> dict[str, str]:
    return {"@type": "xsd:date", "@value": iso}


@cache
def _files() -> dict[str, dict[str, str]]:
    return {row["file"]: row for row in read_csv("publication_files.csv")}


@cache
def _media_types() -> dict[str, dict[str, str]]:
    return {row["ending"]: row for row in read_csv("media_types.csv")}
