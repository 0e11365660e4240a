"""Our places in the national schemas: accepted whole, read back as the same places, and what they lose said."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import EmailStr, TypeAdapter, ValidationError

from fs_pipeline.briefing.slot import SlotTables
from fs_pipeline.data import read_csv
from fs_pipeline.editions.edition import EDITIONS
from fs_pipeline.national.read import read_snapshot
from fs_pipeline.release.accepted import hours_written, mailbox_accepted
from fs_pipeline.release.words_of_schemas import word_of
from fs_pipeline.territory.shipped import load_territory
from tests.unit.briefing.sample import build, tiny_contours, tiny_tables
from tests.unit.release.exported import (
    exported,
    losses,
    refused_by_data_inclusion,
    refused_by_mediation_numerique,
    rows,
)

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="the State's library runs on Node.js")
BAD = {
    "without a point": {"latitude": None, "longitude": None},
    "half a point": {"longitude": None},
    "nowhere on Earth": {"latitude": 4484.0},
    "a long name": {"name": "Maison " + "très " * 40 + "commune"},
    "a name of 120": {"name": "F" * 120},
    "a name of one letter": {"name": "X"},
    "a name that stops": {"name": "Point d’accueil."},
    "markup": {"name": "</script><img src=x onerror=alert(1)>", "address": '12 rue "des <b>Lilas</b>" !'},
    "no address": {"address": None},
    "an address of signs": {"address": "«»"},
    "a short number": {"phone": "3949"},
    "a phone of elsewhere": {"phone": "+41227305111"},
    "a wrong SIRET": {"siret": "12345678900011"},
    "hours of nothing": {"opening_hours": "quand on peut"},
    "hours of odd weeks": {"opening_hours": "Th 09:00-12:00", "week_parity": "odd"},
    "a mailbox with two dots": {"email": "accueil..mairie@example.org"},
    "a site with a bar": {"website": "https://exemple.fr/a|b"},
    "a postcode that lost its 0": {"postcode": "1000"},
    "a date to come": {"updated_on": "2031-01-01"},
    "a date of before": {"updated_on": "1970-01-01"},
    "no sort": {"service_type": None, "operator": None},
}


def slot_of(bad: dict[str, object]) -> SlotTables:
    """The made-up slot, where the first place, which helps, is as `bad` says."""
    tables = tiny_tables()
    places = tables.places.astype(object)
    for field, value in bad.items():
        if field not in places:
            places[field] = None
        places.at[places.index[0], field] = value
    return tables.having(places=places)


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_no_place_makes_a_file_that_data_inclusion_refuses(bad):
    assert refused_by_data_inclusion(exported(slot_of(bad), "internal")) == []


@needs_node
def test_no_place_makes_a_file_that_mediation_numerique_refuses(tmp_path):
    together = [
        row | {"id": f"{name}/{row['id']}"}
        for name, bad in BAD.items()
        for row in rows(exported(slot_of(bad), "internal")["mediation-numerique.json"])
    ]
    assert len(together) > 2 * len(BAD)
    assert refused_by_mediation_numerique(json.dumps(together).encode(), tmp_path) == []


@needs_node
def test_the_state_s_library_does_refuse_what_is_wrong(tmp_path):
    (right, *_) = rows(exported(tiny_tables())["mediation-numerique.json"])
    wrong = [right, right | {"pivot": ""}, right | {"code_postal": "1"}, right | {"telephone": "3949"}]
    assert len(refused_by_mediation_numerique(json.dumps(wrong).encode(), tmp_path)) == 3


@pytest.mark.parametrize(
    ("bad", "schema", "field", "why"),
    [
        ("a long name", "data_inclusion", "name", "texte coupé"),
        ("a name of one letter", "data_inclusion", "name", "lieu non exporté"),
        ("a name that stops", "data_inclusion", "name", "signes retirés"),
        ("nowhere on Earth", "data_inclusion", "latitude", "point non écrit"),
        ("hours of nothing", "data_inclusion", "opening_hours", "valeur non écrite"),
        ("a wrong SIRET", "data_inclusion", "siret", "valeur non écrite"),
        ("a date to come", "data_inclusion", "updated_on", "date postérieure"),
        ("a date of before", "data_inclusion", "updated_on", "date d’avant 2000"),
        ("no address", "mediation_numerique", "address", "lieu non exporté"),
        ("an address of signs", "mediation_numerique", "address", "lieu non exporté"),
        ("markup", "mediation_numerique", "address", "signes retirés"),
        ("a short number", "mediation_numerique", "phone", "valeur non écrite"),
        ("a site with a bar", "mediation_numerique", "website", "valeur non écrite"),
    ],
)
def test_what_is_lost_of_a_place_is_said_with_its_id_and_why(bad, schema, field, why):
    said = losses(exported(slot_of(BAD[bad]), "internal"))
    own = said[(said["place_id"] == "P0000") & (said["schema"] == schema) & (said["field"] == field)]
    assert own["why"].str.startswith(why).any(), said.to_string()


def test_a_place_that_loses_nothing_of_its_own_is_not_named():
    said = losses(exported(tiny_tables(), "internal"))
    assert not said["place_id"].ne("").any()
    assert said.loc[said["field"] == "kind", "places"].gt(0).all()


def test_what_the_edition_withholds_is_in_no_export():
    person = {"name": "Chez Camille Modèle", "address": "12 impasse Camille-Modèle", "phone": "+33612345678"}
    tables = slot_of(person)
    inside, outside = exported(tables, "internal"), exported(tables, "public")
    for text in ("Camille", "612345678"):
        assert any(text.encode() in content for content in inside.values())
        assert not any(text.encode() in content for content in outside.values())


def test_the_same_slot_gives_the_same_bytes_in_every_edition():
    for edition in EDITIONS:
        assert exported(tiny_tables(), edition) == exported(tiny_tables(), edition)


def test_a_place_of_which_no_help_is_said_is_no_place_of_digital_mediation():
    tables = tiny_tables()
    matrix = tables.demarche_matrix
    silent = matrix.assign(evidence=matrix["evidence"].where(matrix["place_id"] != "P0000", "unknown"))
    files = exported(tables.having(demarche_matrix=silent))
    assert "P0000" not in {row["id"] for row in rows(files["mediation-numerique.json"])}
    assert "prefecture-00--P0000" in {row["id"] for row in rows(files["data-inclusion-structures.json"])}
    assert "prefecture-00--P0000" not in {row["structure_id"] for row in rows(files["data-inclusion-services.json"])}


def test_a_service_says_in_a_sentence_which_demarches_are_confirmed():
    (service, *_) = rows(exported(tiny_tables())["data-inclusion-services.json"])
    assert service["description"].startswith("Aide confirmée par l’enquête pour ")
    assert "Demander une aide (CNAF)" in service["description"]


SAME = [
    "name", "siret", "address", "address_extra", "postcode", "insee", "commune", "latitude", "longitude", "phone",
    "website", "opening_hours",
]  # fmt: skip


def real_communes() -> SlotTables:
    """Made-up places in true communes: a reader of a national list wants communes that exist."""
    communes = load_territory().in_departement("33").head(60)
    tables = build(communes, "33", "Gironde", every=4)
    places = tables.places.astype(object).assign(
        siret="13003013300016",
        address_extra="Bâtiment B",
        website="https://www.exemple.fr/accueil",
        updated_on="2022-06-30",
    )
    return tables.having(places=places.assign(postcode=[codes[0] for codes in communes.iloc[::4]["postcodes"]]))


@pytest.mark.parametrize(
    ("source", "name", "prefix", "more"),
    [
        ("data_inclusion", "data-inclusion-structures.json", "prefecture-33--", ["email"]),
        ("mediation_numerique", "mediation-numerique.json", "", ["email", "carrier"]),
    ],
)
def test_what_is_exported_is_read_back_as_the_same_places(tmp_path: Path, source, name, prefix, more):
    tables = real_communes()
    path = tmp_path / name
    path.write_bytes(exported(tables, "internal", contours=tiny_contours().head(0))[name])
    read = read_snapshot(source, path, load_territory(), as_of="2022-12-01").places.set_index("source_id")
    ours = tables.places.set_index(prefix + tables.places["place_id"]).loc[read.index]
    assert len(read) >= 10
    for field in [*SAME, *more, "updated_on", "service_type"]:
        pd.testing.assert_series_equal(
            read[field].astype(object), ours[field].astype(object), check_names=False, check_index=False
        )


def test_hours_of_one_week_in_two_say_so_themselves():
    assert (
        hours_written("Th 09:00-12:00; Fr 14:00-16:00", "even")
        == "week 02-52/2 Th 09:00-12:00; week 02-52/2 Fr 14:00-16:00"
    )
    assert hours_written("Th 09:00-12:00", "every") == "Th 09:00-12:00"
    assert hours_written("Th 09:00-12:00, Fr 14:00-16:00", "odd") is None


def test_our_words_are_words_of_data_inclusion_and_every_sort_has_a_row():
    from data_inclusion.schema.v1 import ReseauPorteur

    words = {row["reseau_porteur"] for row in read_csv("export_types.csv")} - {""}
    assert words <= {network.value for network in ReseauPorteur}
    assert {row["service_type"] for row in read_csv("export_types.csv")} == {
        row["code"] for row in read_csv("place_types.csv")
    }
    assert word_of("france_services", "reseau_porteur") == "france-service"


_ODD = st.text("abcxyzéA0189.-_+'@*!\"<> ", min_size=1, max_size=30)


@given(st.builds("{}@{}".format, _ODD, _ODD) | st.emails())
def test_a_mailbox_that_we_let_through_is_one_that_the_schema_takes(address):
    if mailbox_accepted(address):
        try:
            TypeAdapter(EmailStr).validate_python(address)
        except ValidationError as error:
            pytest.fail(f"{address}: {error}")
