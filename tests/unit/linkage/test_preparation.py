"""A record as it is compared: folded, spelled out, told from what its list says and what its name says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fs_pipeline.linkage.naming import folded, own_words, service_of
from fs_pipeline.linkage.preparation import families, prepare, standing_alone
from tests.unit.linkage.test_link import listed


def prepared(territory, **values: object) -> dict[str, object]:  # type: ignore[no-untyped-def]
    frame = listed({"insee": "33036", "commune": "Bazas"} | values)
    more = {
        name: [value] for name, value in values.items() if name in {"local_id", "service_type", "kind", "itinerant"}
    }
    return prepare(frame.assign(**more), territory).iloc[0].to_dict()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, {"insee": "33036", "insee_coded": None, "departement": "33", "town": "bazas", "name": None, "core": None}),
        ({"insee": None}, {"insee": "33036", "insee_coded": None}),
        ({"insee": "33063"}, {"insee": "33036", "insee_coded": "33063"}),
        ({"commune": None}, {"insee": "33036", "insee_coded": None}),
        ({"commune": "BAZAS (commune déléguée de Zqavo)"}, {"insee": "33036"}),
        ({"commune": "Bazas - 33430 Bazas"}, {"insee": "33036"}),
        ({"insee": None, "commune": None}, {"insee": None, "departement": None, "town": None}),
        ({"insee": "00000", "commune": None}, {"insee": None}),
        ({"name": "C.C.A.S. de Bourg-St-Maurice"}, {"name": "ccas de bourg saint maurice"}),
        ({"name": "France services de Bazas"}, {"own": "bazas", "core": None, "service": "france_services"}),
        ({"name": "Mairie annexe Dupuy"}, {"core": "dupuy", "service": "mairie", "antenne": True, "itinerant": False}),
        ({"name": "Le Relais"}, {"core": "le relais", "own": "le relais", "service": None, "family": None}),
        ({"name": "Bus Dupuy 12 et 13"}, {"itinerant": True, "digits": "12 13"}),
        ({"kind": "itinerant"}, {"goes_round": True}), ({"kind": "fixed", "itinerant": True}, {"goes_round": True}),
        ({"kind": "fixed", "itinerant": False}, {"goes_round": False}), ({}, {"goes_round": None}),
        ({"name": "Maison Dupuy (La Poste)", "address": "2 rue Basse"}, {"in_post": True}),
        ({"name": "Maison Dupuy", "address": "Bureau de poste - 2 rue Basse"}, {"in_post": True}),
        ({"name": "Maison Dupuy", "address": "2 rue Basse", "address_extra": "Bureau de poste"}, {"in_post": True}),
        ({"name": "Maison Dupuy", "address": "2 place de la Poste"}, {"in_post": False}),
        ({"name": "Maison Dupuy"}, {"digits": None, "itinerant": False, "antenne": False}),
        ({"type": "Antenne itinérante"}, {"antenne": True, "itinerant": True, "service": "france_services"}),
        ({"type": "fixe"}, {"antenne": False, "itinerant": False, "service": "france_services"}),
        ({"type": "Site principal / Itinérante"}, {"antenne": False, "itinerant": None, "service": "france_services"}),
        ({"name": "Point numérique, mairie de Bazas"}, {"service": "epn", "family": None, "services": "epn|mairie"}),
        ({"name": "Espace Dupuy, mairie de Bazas"}, {"service": None, "services": "mairie"}),
        ({"name": "Accueil de la mairie"}, {"service": "mairie", "family": "mairie"}),
        ({"name": "France services, mairie de Bazas"}, {"service": "france_services"}),
        ({"name": "Plateforme des services au public de Bazas"}, {"service": "msap", "core": None}),
        ({"name": "PIJ de Bazas"}, {"body": "point information jeunesse", "service": None}),
        ({"name": "CC du Bazadais"}, {"name": "cc du bazadais", "core": "bazadais", "service": None}),
        ({"name": "Communauté de communes du Bazadais"}, {"name": "cc du bazadais", "core": "bazadais", "service": None}),
        ({"name": "Pôle de services Dupuy - antenne de Langon"}, {"parent": "dupuy", "site": "langon"}),
        ({"name": "Antenne de Langon"}, {"parent": None, "site": None}),
        ({"phone": "3631"}, {"phone": None}),
        ({"phone": "05 56 00 00 02 ou 05 56 00 00 01"}, {"phone": "0556000001|0556000002"}),
        ({"email": "Fs-Le_Bourg@Bazas.fr"}, {"email": "fslebourg@bazas.fr", "domain": "bazas.fr"}),
        ({"address": "2 bis r. du Palais"}, {"number": "2", "street": "rue palais"}),
        ({"phone": "+33 5 56 00 00 01"}, {"phone": "0556000001"}),
        ({"email": "Accueil@Bazas.fr"}, {"email": "accueil@bazas.fr", "domain": "bazas.fr"}),
        ({"email": "accueil@orange.fr"}, {"domain": None}),
        ({"website": "https://www.Bazas.fr/a", "email": "accueil@orange.fr"}, {"domain": "bazas.fr"}),
        ({"website": "http://www2.bazas.fr/"}, {"domain": "bazas.fr"}),
        ({"siret": "213 300 635 00017"}, {"siret": "21330063500017"}),
        ({"siret": "12"}, {"siret": None}),
        ({"local_id": "123"}, {"official_id": "123"}),
        ({"local_id": "12"}, {"official_id": None}),
        ({"local_id": "TEMP_123"}, {"official_id": None}),
        ({"service_type": "mairie", "name": "France services"}, {"service": "mairie", "single": True}),
        ({"service_type": "other", "name": "France services"}, {"service": "france_services", "single": False}),
        ({"name": "biblotheque"}, {"service": "mediatheque"}),
        ({"email": "france-services@bazas.fr"}, {"service": "france_services"}),
        ({"email": "mfs@bazas.fr"}, {"service": "france_services"}),
        ({"email": "mairie@bazas.fr"}, {"service": None}),
        ({"latitude": 44.4, "longitude": -0.2}, {"latitude": 44.4, "longitude": -0.2}),
    ],
)  # fmt: skip
def test_a_record_is_heard_as_a_reader_would(territory, values: dict[str, object], expected: dict[str, object]) -> None:
    found = prepared(territory, **values)
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(("latitude", "longitude"), [(None, None), (44.4, None), (None, -0.2), (0.0, 0.0)])
def test_half_a_point_or_none_at_all_is_no_point(territory, latitude: float | None, longitude: float | None) -> None:
    found = prepared(territory, latitude=latitude, longitude=longitude)
    assert np.isnan([found["latitude"], found["longitude"]]).all()
    on_the_meridian = prepared(territory, latitude=44.4, longitude=0.0)
    assert (on_the_meridian["latitude"], on_the_meridian["longitude"]) == (44.4, 0.0)


def test_rows_keep_their_order_and_columns_that_lack_are_silent(territory) -> None:
    frame = pd.DataFrame({"name": ["Mairie", None, "Médiathèque"]}, index=[5, 3, 9], dtype=object)
    found = prepare(frame, territory)
    assert found.index.tolist() == [0, 1, 2]
    assert found["service"].tolist() == ["mairie", None, "mediatheque"]
    assert found["family"].tolist() == [families()["mairie"], None, families()["mediatheque"]]
    for name in ("insee", "phone", "street", "official_id", "hours", "latitude"):
        assert found[name].isna().all(), name
    empty = prepare(frame.iloc[:0], territory)
    assert list(empty) == list(found)
    assert len(empty) == 0


def test_some_services_are_places_of_their_own() -> None:
    assert "bureau_de_poste" in standing_alone()
    assert "mairie" not in standing_alone()


def test_the_words_of_a_name_that_are_its_own() -> None:
    assert own_words(folded("Maison France services de Bazas"), "Bazas", None) == ("bazas", None)
    assert own_words(folded("Espace Dupuy de Bazas"), "Bazas") == ("dupuy bazas", "dupuy")
    assert own_words(folded("France services")) == (None, None)
    assert own_words("le relais") == ("le relais", "le relais")


def test_a_service_is_what_its_list_says_then_what_is_heard() -> None:
    assert service_of("mairie", "fs", "France services", None) == "mairie"
    assert service_of(None, "FS", "Mairie", None) == "france_services"
    assert service_of(None, None, "C.C.A.S. Dupuy", None) == service_of(None, None, "CCAS Dupuy", None) == "ccas"
    assert service_of(None, None, None, None) is None
    assert service_of(None, None, "mediateque", "x@orange.fr") == "mediatheque"
    assert service_of(None, None, "Le Relais", "contact@france-services.gouv.fr") == "france_services"
    assert service_of(None, None, "Le Relais", "x@franceservices-bazas.fr") == "france_services"
