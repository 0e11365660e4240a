"""What each reader may receive: a person planted anywhere never reaches the public, in any file."""

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fs_pipeline.assets.publish import about_of
from fs_pipeline.briefing.figures import build_brief
from fs_pipeline.briefing.pack import pack
from fs_pipeline.briefing.slot import SlotTables
from fs_pipeline.cartography.layers import Layers
from fs_pipeline.editions.edition import EDITIONS, Edition, apply, to_release
from fs_pipeline.editions.places import RESERVED, stand_in
from fs_pipeline.release.descriptions import descriptions
from fs_pipeline.release.exports import EXPORTED, exports
from fs_pipeline.release.tables import open_tables
from fs_pipeline.warehouse.declared import declared_tables
from tests.planted import readable
from tests.unit.briefing.sample import tiny_contours, tiny_tables

PERSON = "Mme Camille Exemple"
MAILBOX = "camille.exemple@example.org"
MOBILE = "+33639980012"
WRITTEN_MOBILE = "06 39 98 00 12"
# What a reader of any file could find of them.
TRACES = re.compile(r"camille|exemple@|6[\s\u00a0.]?39[\s\u00a0.]?98[\s\u00a0.]?00[\s\u00a0.]?12", re.IGNORECASE)
COMMUNES = pd.DataFrame(
    {
        "insee": ["33318", "33063"],
        "name": ["Pessac", "Bordeaux"],
        "departement": ["33", "33"],
        "epci_name": [None, None],
    }
)


def planted() -> SlotTables:
    """A person in every place where one may stand."""
    tables = tiny_tables()
    sentence = f"Demander {PERSON}, {WRITTEN_MOBILE} ou {MAILBOX}."
    places = tables.places.assign(
        phone=MOBILE, email=MAILBOX, description=sentence, carrier=f"Association ({PERSON})", address=f"Chez {PERSON}"
    )
    discrepancies = tables.discrepancies.assign(
        field="phone", survey_value=WRITTEN_MOBILE, national_value=MAILBOX, action=f"Appeler {PERSON}."
    )
    actors = tables.survey_actors.assign(
        contact=PERSON, phone=MOBILE, email=MAILBOX, commitment=sentence, capacity=sentence, publics=sentence
    )
    meeting = tables.survey_meeting.assign(present=PERSON, decisions=sentence, remarks=sentence, venue=sentence)
    rounds = tables.survey_rounds.assign(stop=sentence, round=f"Bus de {PERSON}")
    problems = pd.DataFrame([{"rule": "phone", "value": WRITTEN_MOBILE, "message": sentence, "severity": "error"}])
    pairs = pd.DataFrame([{"left_source": "survey", "right_source": "france_services", "reason": sentence}])
    return tables.having(
        places=places,
        discrepancies=discrepancies.assign(action="Appeler le lieu."),
        survey_actors=actors,
        survey_meeting=meeting,
        survey_rounds=rounds,
        problems=problems,
        link_pairs=pairs,
    )


def files_of(tables: SlotTables, edition: Edition) -> dict[str, bytes]:
    let_out = tables.let_out(edition)
    drawn = Layers(
        let_out.places,
        let_out.communes,
        let_out.int_commune_minutes,
        let_out.thresholds,
        tiny_contours(),
        let_out.coverage,
    )
    files = pack(let_out, edition, drawn) | open_tables(let_out.tables, drawn)
    about = about_of(let_out, edition)
    files |= exports(about, {name: getattr(let_out, name) for name in EXPORTED}, drawn)
    return files | descriptions(about, let_out.tables, drawn, files)


def places_of(**values: object) -> pd.DataFrame:
    """One place of Pessac, as the internal edition has it."""
    row = {
        "place_id": "33-aaaaaaaaaa", "name": "Mairie de Pessac", "service_type": "mairie", "insee": "33318",
        "commune": "Pessac", "postcode": "33600", "address": "1 place de la Mairie", "address_extra": None,
        "carrier": None, "phone": None, "email": None, "website": None, "opening_hours": None, "local_id": "7",
        "type": "Mairie", "description": None, "siret": None, "siren": None, "latitude": 44.806123, "longitude": -0.631456,
        "in_survey": True, "in_france_services": False,
    }  # fmt: skip
    return pd.DataFrame([row | values])


def public_place(**values: object) -> dict[str, object]:
    """The same place as the public has it."""
    let_out = apply({"places": places_of(**values), "communes": COMMUNES}, "public")["places"]
    assert len(let_out) == 1
    return {str(name): value for name, value in let_out.iloc[0].items()}


@pytest.mark.parametrize("edition", ["public", "partners"])
def test_no_file_that_leaves_names_or_reaches_a_person(edition: Edition) -> None:
    files = files_of(planted(), edition)
    assert {"dossier.pdf", "dossier.html", "carte.html", "lieux.csv", "lieux.parquet", "acteurs.csv"} <= set(files)
    for name, content in files.items():
        assert not TRACES.search(readable(content, name)), name


def test_the_same_traces_are_found_where_they_are_let_out() -> None:
    """The search above can find: the internal edition holds them."""
    files = files_of(planted(), "internal")
    for name in (
        "dossier.pdf",
        "dossier.html",
        "dossier.docx",
        "carte.html",
        "lieux.csv",
        "lieux.parquet",
        "acteurs.csv",
        "reunion.csv",
    ):
        assert TRACES.search(readable(files[name], name)), name


def test_partners_read_what_was_promised_but_not_what_judges_a_deposit() -> None:
    files = files_of(tiny_tables(), "partners")
    assert "anomalies.csv" not in files
    assert "rapprochements.csv" not in files
    assert "Familles du Plateau" in readable(files["acteurs.csv"], "acteurs.csv")
    assert "Ne pas diffuser" not in readable(files["dossier.pdf"], "dossier.pdf")


def test_the_public_reads_the_codes_of_actors_and_rounds_and_none_of_their_texts() -> None:
    let_out = tiny_tables().let_out("public").tables
    assert not {"name", "contact", "commitment", "status", "territory", "capacity"} & set(let_out["survey_actors"])
    assert {"kind", "outreach_mode"} <= set(let_out["survey_actors"])
    assert not {"round", "stop", "latitude", "longitude"} & set(let_out["survey_rounds"])


@pytest.mark.parametrize("edition", ["public", "partners"])
def test_every_column_that_leaves_is_declared(edition: Edition) -> None:
    for name, frame in tiny_tables().let_out(edition).tables.items():
        declared = {column.name for column in declared_tables()[name].columns_for(edition)}
        assert len(frame) == 0 or set(frame) <= declared, name


def test_a_column_that_nobody_declared_stays_inside() -> None:
    let_out = apply({"places": places_of(shoe_size="42"), "communes": COMMUNES}, "public")["places"]
    assert "shoe_size" not in let_out


def test_a_table_that_nobody_declared_leaves_nobody_in_doubt() -> None:
    with pytest.raises(KeyError):
        apply({"diary": pd.DataFrame({"day": ["2022-12-01"]})}, "public")


said_of_a_person = st.fixed_dictionaries(
    {
        "first": st.sampled_from(["Camille", "Dominique", "Anne-Claude", "Élie", "Zqavo"]),
        "last": st.sampled_from(["Exemple-Vauquoi", "Modelette", "De La Zubrière", "O’Fictif", "ZQAREL"]),
        "title": st.sampled_from(["", "M. ", "Mme ", "Monsieur ", "MADAME ", "Dr ", "Maître ", "Melle ", "Contact : "]),
        "gap": st.sampled_from(["", " ", ".", "\u00a0", "_", "-"]),
        "column": st.sampled_from(
            ["name", "carrier", "address", "address_extra", "opening_hours", "website", "email", "phone"]
        ),
        "before": st.sampled_from(["", "Accueil ", "Mairie de Pessac ", "12 rue de la Paix "]),
    }
)


@settings(max_examples=5, deadline=None)
@given(st.lists(said_of_a_person, min_size=20, max_size=20))
def test_a_person_or_a_mobile_number_is_in_no_column_of_a_place(people: list[dict[str, str]]) -> None:
    mobiles = [person["gap"].join(["06", "39", "98", "00", "12"]) for person in people]
    places = [
        places_of(
            **{person["column"]: f"{person['before']}{person['title']}{person['first']} {person['last']} {mobile}"}
        )
        for person, mobile in zip(people, mobiles, strict=True)
    ]
    shown = apply({"places": pd.concat(places, ignore_index=True), "communes": COMMUNES}, "public")["places"]
    assert len(shown) == len(people)
    for person, mobile, (_, place) in zip(people, mobiles, shown.iterrows(), strict=True):
        said = " ".join(map(str, place))
        assert person["last"].rsplit(maxsplit=1)[-1] not in said
        assert mobile not in said
        assert place["name"]


def test_a_place_whose_name_is_withheld_is_known_by_its_kind_and_its_commune() -> None:
    assert public_place(name="Mairie de Mme Zqavo")["name"] == "Mairie à Pessac"
    assert public_place(name="Chez Zqavo", service_type="other")["name"] == "Lieu d’accueil à Pessac"
    assert public_place(name="Zqavo", service_type=None, commune="Le Bouscat")["name"] == "Lieu d’accueil au Bouscat"


def test_a_name_that_a_public_list_bears_goes_out_linked_or_not() -> None:
    tables = {"places": places_of(name="Les Zqavelles", service_type="other"), "communes": COMMUNES}
    listed = pd.DataFrame([{"source": "france_services", "name": "LES ZQAVELLES", "address": None}])
    assert apply(tables, "public")["places"]["name"].iloc[0] == "Lieu d’accueil à Pessac"
    assert apply(tables | {"national_places": listed}, "public")["places"]["name"].iloc[0] == "Les Zqavelles"
    secret = listed.assign(source="secret_list")
    assert apply(tables | {"national_places": secret}, "public")["places"]["name"].iloc[0] == "Lieu d’accueil à Pessac"


def test_a_home_keeps_its_address_its_point_and_its_telephone_inside() -> None:
    place = public_place(
        name="Permanence numérique",
        address="12 rue de la République",
        address_extra="Chez l’habitant",
        phone="+33556000000",
    )
    assert place["address"] is None
    assert place["address_extra"] is None
    assert pd.isna(place["latitude"])
    assert place["phone"] is None
    assert place["commune"] == "Pessac"


def test_a_place_whose_street_is_withheld_has_a_coarser_point() -> None:
    assert public_place()["latitude"] == 44.806123
    place = public_place(address="4 impasse Zqavo")
    assert place["address"] is None
    assert place["latitude"] == 44.81


def test_local_ids_descriptions_and_types_as_written_stay_inside() -> None:
    assert not {"local_id", "type", "description"} & set(public_place())


def test_a_number_of_nine_digits_is_no_siren_where_it_may_be_a_mobile_number() -> None:
    assert public_place(siren="639980014")["siren"] is None
    assert public_place(siren="213303183")["siren"] == "213303183"


def mixed_tables() -> dict[str, pd.DataFrame]:
    """A place that the survey and a list under a closed licence both know."""
    values = [
        ("name", "Mairie de Pessac", "survey", True), ("phone", "+33556000001", "secret_list", True),
        ("phone", "+33556000002", "survey", False), ("email", "mairie@example.org", "secret_list", True),
        ("address", "1 place de la Mairie", "survey", True), ("commune", "Pessac", "survey", True),
        ("insee", "33318", "survey", True), ("postcode", "33600", "survey", True), ("latitude", "44.806123", "survey", True),
        ("longitude", "-0.631456", "survey", True), ("service_type", "mairie", "survey", True),
    ]  # fmt: skip
    place_values = pd.DataFrame(values, columns=["field", "value", "source", "wins"]).assign(
        place_id="33-aaaaaaaaaa", source_id="1", source_date="2022-01-01"
    )
    members = pd.DataFrame({"place_id": "33-aaaaaaaaaa", "source": ["survey", "secret_list"], "source_id": ["1", "2"]})
    places = places_of(phone="+33556000001", email="mairie@example.org", opening_hours="Mo-Fr 09:00-12:00")
    return {"places": places, "place_values": place_values, "place_members": members, "communes": COMMUNES}


def test_what_a_forbidden_source_alone_says_is_withheld_field_by_field() -> None:
    place = apply(mixed_tables(), "public")["places"].iloc[0]
    assert place["name"] == "Mairie de Pessac"
    assert place["phone"] == "+33556000002"  # what the survey says
    assert place["email"] is None
    assert place["opening_hours"] is None
    assert place["latitude"] == 44.806123


def test_a_value_that_a_public_source_says_too_goes_out() -> None:
    tables = mixed_tables()
    same = tables["place_values"].assign(value=tables["place_values"]["value"].replace("+33556000002", "+33556000001"))
    assert apply(tables | {"place_values": same}, "public")["places"]["phone"].iloc[0] == "+33556000001"


def test_a_place_of_a_forbidden_source_alone_is_withheld_and_the_minutes_to_it() -> None:
    tables = tiny_tables()
    first = tables.places["place_id"].iloc[0]
    members = tables.place_members.assign(
        source=["secret_list" if place == first else "france_services" for place in tables.place_members["place_id"]]
    )
    minutes = tables.access_minutes.assign(place_id=first)
    for edition in ("public", "partners"):
        let_out = tables.having(place_members=members, access_minutes=minutes).let_out(edition)
        for name, frame in let_out.tables.items():
            if "place_id" in frame:
                assert first not in set(frame["place_id"]), name
        assert len(let_out.access_minutes) == len(minutes)
        assert set(let_out.access_minutes["place_id"]) == {RESERVED}
        assert let_out.access_minutes["minutes"].isna().all()


def names_asked(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """What is asked of the prefecture, but for whole chapters."""
    asked = to_release(tables, "33")
    return asked[asked["field"] != "chapter"]


def test_what_is_withheld_is_listed_for_the_prefecture_and_goes_out_once_released() -> None:
    tables = {"places": places_of(name="Les Zqavelles", address="4 impasse Zqavo"), "communes": COMMUNES}
    asked = names_asked(tables)
    assert list(zip(asked["field"], asked["value"], strict=True)) == [
        ("name", "Les Zqavelles"),
        ("address", "4 impasse Zqavo"),
    ]
    released = asked[["insee", "field", "value"]].assign(
        departement="33", decided_by="Préfecture", decided_on="2022-12-02"
    )
    place = apply(tables | {"releases": released}, "public")["places"].iloc[0]
    assert (place["name"], place["address"], place["latitude"]) == ("Les Zqavelles", "4 impasse Zqavo", 44.806123)
    assert names_asked(tables | {"releases": released}).empty


def test_what_is_asked_about_says_where_it_is_and_why() -> None:
    tables = {"places": places_of(name="Les Zqavelles", carrier="Zqavo et fils"), "communes": COMMUNES}
    where = {"insee": "33318", "commune": "Pessac", "place_id": "33-aaaaaaaaaa"}
    why = "un mot au moins n’est dans aucune liste publique ni relue"
    asked = names_asked(tables)
    assert asked[[*where, "field", "value", "why"]].to_dict("records") == [
        where | {"field": "name", "value": "Les Zqavelles", "why": why},
        where | {"field": "carrier", "value": "Zqavo et fils", "why": why},
    ]
    assert names_asked({"places": places_of().iloc[:0]}).empty
    for other in ({"insee": "33063"}, {"value": "Les Zqarelles"}, {"field": "address"}):
        released = names_asked(tables)[["insee", "field", "value"]].assign(**other)
        assert len(names_asked(tables | {"releases": released})) == 2


def test_a_home_is_never_asked_about() -> None:
    tables = {"places": places_of(name="Chez Mme Zqavo", address="4 impasse Zqavo"), "communes": COMMUNES}
    assert names_asked(tables).empty


def test_gaps_and_levers_are_the_partners_until_the_prefecture_lets_them_out() -> None:
    gap = {
        "campaign": "2022-12",
        "departement": "33",
        "insee": "33318",
        "commune": "Pessac",
        "population": 10.0,
        "rank": 1,
    }
    lever = {"campaign": "2022-12", "departement": "33", "move": "new_place", "insee": "33318", "rank": 1}
    tables = {"places": places_of(), "gaps": pd.DataFrame([gap]), "levers": pd.DataFrame([lever]), "communes": COMMUNES}
    assert [len(apply(tables, edition)["gaps"]) for edition in EDITIONS] == [1, 1, 0]
    asked = to_release(tables, "33")
    chapters = asked[asked["field"] == "chapter"]
    assert chapters[["insee", "value"]].to_numpy().tolist() == [["33", "ecarts"], ["33", "leviers"]]
    decided = chapters[chapters["value"] == "ecarts"].assign(
        departement="33", decided_by="Préfecture", decided_on="2022-12-02"
    )
    out = apply(tables | {"releases": decided}, "public")
    assert out["gaps"]["commune"].tolist() == ["Pessac"]
    assert out["levers"].empty
    left = to_release(tables | {"releases": decided}, "33")
    assert left.loc[left["field"] == "chapter", "value"].tolist() == ["leviers"]


@pytest.mark.parametrize(
    ("told", "home"),
    [
        ({"description": "Permanence chez l’habitant"}, True), ({"type": "Chez un particulier"}, True),
        ({"carrier": "Chez M. Zqavo"}, True), ({"address": "12 rue de la Paix, appt 3"}, True),
        ({"address_extra": "Interphone 12"}, True), ({"name": "Interphone"}, False), ({"description": "Digicode"}, False),
        ({"opening_hours": "Chez l’habitant"}, False),
    ],
)  # fmt: skip
def test_a_home_is_known_by_all_that_is_said_of_it(told: dict[str, str], home: bool) -> None:
    assert (public_place(**told)["postcode"], pd.isna(public_place(**told)["latitude"])) == ("33600", home)
    ((field, value),) = told.items()
    for source, heard in (("survey", home), ("france_services", False)):
        values = pd.DataFrame([{"place_id": "33-aaaaaaaaaa", "field": field, "value": value, "source": source}])
        tables = {"places": places_of(), "place_values": values, "communes": COMMUNES}
        assert pd.isna(apply(tables, "public")["places"]["latitude"].iloc[0]) == heard


def test_a_home_is_called_by_its_kind_and_reached_by_nothing() -> None:
    lived_in = {"address": "12 rue de la Paix", "address_extra": "chez lui", "email": "mairie@orange.fr", "phone": "3646",
                "website": "https://ville-pessac.fr", "siret": "21330318300016", "siren": "213303183"}  # fmt: skip
    shown = public_place(**lived_in)
    assert [name for name in (*lived_in, "latitude", "longitude") if not pd.isna(shown[name])] == []
    assert shown["name"] == "Mairie à Pessac"
    assert public_place(**lived_in | {"address_extra": None})["siret"] == "21330318300016"


def test_a_siren_goes_out_with_the_siret_that_begins_with_it() -> None:
    mobile = {"siren": "639980014", "siret": "63998001400016"}
    assert public_place(**mobile)["siren"] == "639980014"
    assert public_place(siren="639980014", siret="21330318300016")["siren"] is None
    assert public_place(siren="639980014", siret="63998001400")["siren"] is None


def test_what_stands_for_a_name_follows_the_commune_s_article() -> None:
    for commune, said in (("Pessac", "à Pessac"), ("Le Bouscat", "au Bouscat"), ("Les Eyzies", "aux Eyzies")):
        assert stand_in("mairie", commune) == f"Mairie {said}"
    assert stand_in("mairie", None) == "Mairie"
    assert stand_in("other", "La Réole") == "Lieu d’accueil à La Réole"
    assert stand_in("zqavo", None) == "Lieu d’accueil"


def test_the_point_of_a_place_is_coarser_only_where_its_street_is_withheld() -> None:
    near = {"latitude": 44.806123, "longitude": -0.631456}
    far = {"latitude": 44.81, "longitude": -0.63}
    for told, point in (
        ({}, near), ({"address": None}, near), ({"address": "4 impasse Zqavo"}, far), ({"address_extra": "Zqavo"}, far),
    ):  # fmt: skip
        shown = public_place(**told)
        assert {name: shown[name] for name in near} == point


def rounds_of(**values: object) -> pd.DataFrame:
    row = {"round": "Bus France services", "stop": "Place de la Mairie", "insee": "33318", "commune": "Pessac",
           "latitude": 44.806123, "longitude": -0.631456, "weekday": "Mo", "week_parity": "odd"}  # fmt: skip
    return pd.DataFrame([row, row | values], index=[7, 9], dtype=object)


@pytest.mark.parametrize(
    ("values", "stop", "latitude"),
    [
        ({}, "Place de la Mairie", 44.806123), ({"stop": "Zqavo"}, None, 44.81), ({"stop": None}, None, 44.806123),
        ({"stop": "Mairie, chez Mme Zqavo"}, None, None), ({"round": "Chez l’habitant"}, None, None),
    ],
)  # fmt: skip
def test_a_stop_that_is_a_home_has_neither_name_nor_point_and_one_that_is_withheld_a_coarser_one(
    values: dict[str, object], stop: str | None, latitude: float | None
) -> None:
    shown = apply({"survey_rounds": rounds_of(**values), "communes": COMMUNES}, "partners")["survey_rounds"]
    first, second = shown.to_dict("records")
    assert (first["stop"], first["latitude"], first["longitude"]) == ("Place de la Mairie", 44.806123, -0.631456)
    assert second["stop"] == stop
    assert pd.isna(second["latitude"]) if latitude is None else second["latitude"] == latitude
    assert (second["weekday"], second["commune"]) == ("Mo", "Pessac")


def test_a_place_is_named_in_every_table_as_it_is_among_the_places() -> None:
    about = pd.DataFrame(
        [
            {"place_id": "33-aaaaaaaaaa", "name": "Mairie de Mme Zqavo", "kind": "value_differs", "commune": "Pessac"},
            {"place_id": "33-bbbbbbbbbb", "name": "Mairie de Pessac", "kind": "value_differs", "commune": "Pessac"},
        ],
        index=[3, 5],
    )
    tables = {"places": places_of(name="Mairie de Mme Zqavo"), "discrepancies": about, "communes": COMMUNES}
    assert apply(tables, "public")["discrepancies"]["name"].tolist() == ["Mairie à Pessac", RESERVED]
    released = pd.DataFrame([{"insee": "33318", "field": "name", "value": "Mairie de Mme Zqavo"}])
    let_out = apply(tables | {"releases": released}, "public")["discrepancies"]
    assert let_out["name"].tolist() == ["Mairie de Mme Zqavo", RESERVED]
    lists = {"place_id": ["33-aaaaaaaaaa", "33-bbbbbbbbbb"], "source": ["survey", "secret_list"]}
    kept = apply(tables | {"place_members": pd.DataFrame(lists)}, "public")["discrepancies"]
    assert kept["place_id"].tolist() == ["33-aaaaaaaaaa"]


def test_rows_of_a_forbidden_source_stay_and_those_that_speak_of_one_go_out() -> None:
    about = {"place_id": ["a", "b", "c"], "name": "Mairie", "kind": "value_differs"}
    rows = pd.DataFrame(about | {"source": ["survey", "secret_list", None]})
    tables = {"discrepancies": rows, "communes": COMMUNES}
    assert apply(tables | {"places": places_of()}, "public")["discrepancies"]["place_id"].tolist() == ["a", "c"]
    told = pd.DataFrame({"source": ["survey", "secret_list"], "state": ["taken"] * 2, "filename": ["d.xlsx", None]})
    assert "filename" not in apply({"brief_sources": told}, "partners")["brief_sources"]
    assert apply({"brief_sources": told}, "public")["brief_sources"]["source"].tolist() == [
        "survey",
        "secret_list",
    ]


def test_what_is_public_of_a_place_is_what_its_slot_s_lists_and_neighbours_say() -> None:
    listed = pd.DataFrame(
        [{"source": "france_services", "name": "Les Zqavelles", "carrier": "Les Zqarelles", "address": "4 impasse Zqavo",
          "website": "https://www.zqavelles.fr/accueil"}]
    )  # fmt: skip
    known = {"communes": COMMUNES, "national_places": listed}
    said = {"name": "Les Zqarelles", "carrier": "Les Zqavelles", "address": "4 impasse Zqavo",
            "website": "https://zqavelles.fr", "email": "mairie@zqavelles.fr"}  # fmt: skip
    shown = apply({"places": places_of(**said)} | known, "public")["places"].iloc[0]
    assert {name: shown[name] for name in said} == said
    alone = public_place(**said)
    assert [name for name in said if alone[name] == said[name]] == []
    for commune in ("Pessac", "Bergerac"):  # Bergerac is of the neighbouring Dordogne
        assert public_place(name=f"Mairie de {commune}")["name"] == f"Mairie de {commune}"
    assert public_place(name="Mairie de Landerneau")["name"] == "Mairie à Pessac"  # of no neighbour
    named = COMMUNES.assign(name=["Zqavac", "Bordeaux"], epci_name=["CC du Zqavois", None])
    shown = apply({"places": places_of(name="Mairie de Zqavac", commune="Zqavac"), "communes": named}, "public")[
        "places"
    ]
    assert shown[["name", "commune"]].iloc[0].tolist() == ["Mairie de Zqavac", "Zqavac"]


def test_a_text_where_a_number_or_a_code_should_stand_stays_inside() -> None:
    place = public_place(
        postcode="Zqavo", insee="33318", siret="12345", service_type="Zqavo", opening_hours='Mo "Zqavo"', kind="Zq avo"
    )
    assert "Zq" not in str(place)


def test_an_unknown_edition_is_refused() -> None:
    with pytest.raises(ValueError, match="inconnue"):
        apply({}, "everyone")  # type: ignore[arg-type]


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_edition_changes_what_it_was_given(edition: Edition) -> None:
    tables = planted()
    before = {name: frame.copy() for name, frame in tables.tables.items()}
    tables.let_out(edition)
    for name, frame in tables.tables.items():
        pd.testing.assert_frame_equal(frame, before[name])


def test_whoever_trades_under_their_own_name_is_not_found_by_their_number_either() -> None:
    numbers = {"siret": "12345678900011", "siren": "123456789"}
    listed = pd.DataFrame(
        [{"source": "annuaire", "name": "Sophie Zqavo", "carrier": None, "address": None, "website": None}]
    )
    known = {"communes": COMMUNES, "national_places": listed}
    for said in ({"name": "Sophie Zqavo"}, {"name": "Mairie", "carrier": "EI Zqavo"}):
        shown = apply({"places": places_of(**said, **numbers)} | known, "public")["places"].iloc[0]
        assert "Zqavo" not in str(shown["name"])
        assert pd.isna(shown["siret"])
        assert pd.isna(shown["siren"])
    shown = apply({"places": places_of(name="Mairie", **numbers)} | known, "public")["places"].iloc[0]
    assert (shown["siret"], shown["siren"]) == tuple(numbers.values())


def marked() -> SlotTables:
    """A slot of which every text that may be withheld is, each unlike any other."""
    tables, count = tiny_tables(), iter(range(10_000))

    def each(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
        return frame.assign(**{name: [f"Zq{next(count):04d}vo" for _ in frame.index] for name in columns})

    differs = tables.discrepancies.assign(kind="value_differs", field="name")
    return tables.having(
        places=each(tables.places, "carrier", "address", "email", "website", "phone", "opening_hours", "description"),
        discrepancies=each(differs, "survey_value", "national_value"),
        survey_actors=each(
            tables.survey_actors, "name", "territory", "capacity", "commitment", "contact", "phone", "email"
        ),
        survey_meeting=each(tables.survey_meeting, "venue", "present", "decisions", "remarks"),
        survey_rounds=each(tables.survey_rounds, "round", "stop"),
        unplaced_rows=pd.DataFrame([{"source": "france_services", "source_id": "1", "name": "Zq9999vo"}]),
    )


@pytest.mark.parametrize("edition", ["partners", "public"])
def test_what_one_file_withholds_is_in_no_other(edition: Edition) -> None:
    tables = marked()
    inside = {name: readable(content, name) for name, content in files_of(tables, "internal").items()}
    marks = set(re.findall(r"Zq\d{4}vo", " ".join(inside.values())))
    assert len(marks) > 30
    assert "affirmations.json" in inside
    for name, content in files_of(tables, edition).items():
        assert not marks & set(re.findall(r"Zq\d{4}vo", readable(content, name))), name


@pytest.mark.parametrize("edition", ["partners", "public"])
def test_what_is_withheld_is_said_to_be_so_and_never_unknown(edition: Edition) -> None:
    tables = marked().let_out(edition)
    brief = build_brief(tables, edition)
    actor = brief.outreach.actors[0]
    assert (actor.name, actor.contact) == ("nom réservé", "contact réservé")
    if edition == "public":  # partners read when, and how it stands
        assert not brief.charter.promises
        assert "réservé" in str(brief.charter.promises_empty)
    for text in (
        actor.name,
        actor.publics,
        brief.charter.lead,
        actor.contact,
        brief.meeting.lead,
        brief.meeting.empty_meeting,
    ):
        assert "inconnu" not in str(text)
    assert {name for name, _, _ in brief.outreach.rounds} == {"tournée au nom réservé"}
    page = files_of(marked(), edition)["carte.html"].decode()
    assert "adresse, horaires, téléphone, courriel, site, porté par" in page
    assert "<dt>Inconnu</dt>" not in page
    if edition == "partners":
        row = brief.differences.rows[0]
        assert (row.survey, row.listed) == ("valeur réservée", "valeur réservée")


def test_what_nobody_knows_is_still_unknown_to_the_public() -> None:
    tables = tiny_tables()
    silent = ("name", "phone", "email", "contact", "commitment", "due_on", "status")
    empty = tables.survey_actors.assign(**dict.fromkeys(silent))
    brief = build_brief(tables.having(survey_actors=empty), "public")
    assert (brief.outreach.actors[0].name, brief.outreach.actors[0].contact) == ("acteur sans nom", "contact inconnu")


def test_open_questions_are_the_prefecture_s_alone() -> None:
    for table in ("link_pairs", "problems", "withheld", "national_places", "place_members"):
        assert not declared_tables()[table].columns_for("partners"), table


def test_of_what_sources_say_readers_learn_who_says_it_and_when_and_no_value() -> None:
    for edition in ("partners", "public"):
        told = {column.name for column in declared_tables()["place_values"].columns_for(edition)}
        assert told == {"campaign", "departement", "place_id", "field", "source", "source_date", "wins"}, edition
