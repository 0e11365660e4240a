"""Which value of a place survives, and what is said of those that do not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fs_pipeline.linkage.agreement import agree
from fs_pipeline.linkage.golden import FIELDS, VALUE_COLUMNS, survivors
from fs_pipeline.linkage.records import COLUMNS, gather_records
from tests.unit.linkage.places import national, survey

HERE = {"address": "2 rue du Palais", "postcode": "33430", "insee": "33036", "commune": "Bazas"}
THERE = {"address": "9 quai du Port", "postcode": "33210", "insee": "33227", "commune": "Langon"}


def chosen(*records: dict[str, object], place: list[int] | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = [{"source_id": str(number), "source_key": str(number)} | record for number, record in enumerate(records)]
    frame = pd.DataFrame(rows).reindex(columns=list(COLUMNS)).astype(object)
    frame = frame.where(frame.notna(), None)
    for name in ("latitude", "longitude"):
        frame[name] = frame[name].astype("float64")
    places, values = survivors(frame, np.array(place or [0] * len(records)))
    assert list(places) == list(FIELDS)
    assert list(values) == list(VALUE_COLUMNS)
    return places, values


def won(field: str, *records: dict[str, object]) -> tuple[object, list[str]]:
    """The value that wins, and why each value won or lost, in the records' order."""
    places, values = chosen(*records)
    own = values[values["field"] == field].sort_values("source_id")
    assert own["wins"].sum() == 1
    assert own.loc[own["wins"], "value"].tolist() == [str(places[field].iloc[0])]
    return places[field].iloc[0], own["why"].tolist()


OF_SURVEY = {"source": "survey", "source_date": "2022-06-01"}
OF_LIST = {"source": "france_services", "source_date": "2022-01-01"}
OF_ANNUAIRE = {"source": "annuaire", "source_date": "2022-01-01"}
REFERENCE, NOT_REFERENCE = "source de référence pour ce champ", "la source de référence dit autre chose"
ONLY, SAME, KEPT = "seule valeur connue", "même valeur dans toutes les sources", "même valeur que celle retenue"


def test_a_name_is_the_reference_list_s_whatever_the_dates() -> None:
    said = OF_SURVEY | {"name": "Maison Dupuy"}, OF_LIST | {"name": "Maison Zuber"}
    assert won("name", *said) == ("Maison Zuber", [NOT_REFERENCE, REFERENCE])
    assert won("name", OF_SURVEY | {"name": "Maison Dupuy"}, OF_LIST) == ("Maison Dupuy", [ONLY])
    alike = OF_SURVEY | {"name": "MAISON ZUBER"}, said[1], OF_ANNUAIRE | {"name": "Accueil"}
    assert won("name", *alike) == ("Maison Zuber", [KEPT, REFERENCE, NOT_REFERENCE])
    assert won("name", *alike[:2]) == ("Maison Zuber", [SAME, SAME])


def test_hours_are_those_of_whoever_saw_them_last_then_of_the_nearest_source() -> None:
    said = OF_SURVEY | {"opening_hours": "Mo 09:00-12:00"}, OF_LIST | {"opening_hours": "Tu 09:00-12:00"}
    assert won("opening_hours", *said) == (
        "Mo 09:00-12:00",
        ["valeur la plus récente (2022-06-01)", "moins récente (2022-01-01)"],
    )
    later = said[0], said[1] | {"source_date": "2022-07-01"}
    assert won("opening_hours", *later)[0] == "Tu 09:00-12:00"
    even = [record | {"source_date": "2022-06-01"} for record in said]
    assert won("opening_hours", *even) == (
        "Mo 09:00-12:00",
        ["valeur la plus récente (2022-06-01)", "source moins proche (2022-06-01)"],
    )
    undated = said[0] | {"source_date": None}, said[1] | {"source_date": None}
    assert won("opening_hours", *undated) == ("Mo 09:00-12:00", ["valeur la plus récente", "source moins proche"])


def test_an_address_and_a_point_are_taken_from_one_record() -> None:
    near = OF_LIST | HERE | {"latitude": 44.43, "longitude": -0.21}
    far = OF_SURVEY | THERE | {"address_extra": "Hall"}
    places, values = chosen(near, far)
    assert places[list(THERE)].iloc[0].to_dict() == THERE
    assert places["address_extra"].iloc[0] == "Hall"
    told = values.set_index(["field", "source"])["why"]
    assert told["address", "survey"] == told["insee", "survey"] == "adresse la plus sûre et la plus récente"
    assert told["postcode", "survey"] == told["commune", "survey"] == "vient avec l’adresse retenue"
    assert told["address", "france_services"] == "moins récente (2022-01-01)"
    unsure = far | {"address": None}
    places, _ = chosen(near, unsure)  # a street goes before a date
    assert places[list(HERE)].iloc[0].to_dict() == HERE
    places, _ = chosen(near | {"address": None, "insee": None}, unsure)
    assert places["insee"].iloc[0] == "33227"


def test_each_place_has_its_row_and_who_is_nowhere_has_none() -> None:
    named = [OF_SURVEY | {"name": name} for name in ("a", "b", "c", "d")]
    places, values = chosen(*named, place=[2, -1, 0, 2])
    assert places["name"].tolist() == ["c", None, "a"]
    assert sorted(zip(values["place"], values["value"], strict=True)) == [(0, "c"), (2, "a"), (2, "d")]
    assert places["latitude"].dtype == "float64"


def test_of_two_records_as_good_the_fuller_then_the_first_is_heard() -> None:
    one, two = OF_SURVEY | {"name": "Dupuy"}, OF_SURVEY | {"name": "Zuber"}
    assert won("name", one, two)[0] == "Dupuy"
    assert won("name", one, two | {"phone": "+33556000001"})[0] == "Zuber"
    assert won("name", one, two | {"source_date": "2022-06-02"})[0] == "Zuber"


def test_truths_are_shown_as_words_and_compared_with_what_agrees_first() -> None:
    _, values = chosen(OF_SURVEY | {"itinerant": True}, OF_LIST | {"itinerant": False})
    assert sorted(values.loc[values["field"] == "itinerant", "value"]) == ["false", "true"]
    _, values = chosen(
        OF_SURVEY | {"phone": "+33556000001"}, OF_LIST | {"phone": "05 56 00 00 01"}, OF_ANNUAIRE | {"phone": "3646"}
    )
    compared = values[values["field"] == "phone"].set_index("source")["compared"]
    assert compared.to_dict() == {"survey": "+33556000001", "france_services": "+33556000001", "annuaire": "3646"}


@pytest.mark.parametrize(
    ("field", "one", "other", "same"),
    [
        ("phone", "05 56 00 00 01", "+33556000001", True), ("phone", "0556000001", "0556000002", False),
        ("opening_hours", "Mo 09:00-12:00", "Mo 09:00-10:00,10:00-12:00", True),
        ("opening_hours", "Mo 09:00-12:00", "Mo 09:00-13:00", False), ("opening_hours", "?", "??", False),
        ("name", "France services de Bazas", "MFS Bazas", True), ("name", "Maison Dupuy", "Maison Zuber", False),
        ("name", "France services", "Mairie", False),
        ("website", "https://www.Bazas.fr/", "http://bazas.fr", True), ("website", "bazas.fr/a", "bazas.fr/b", False),
        ("latitude", "44.43001", "44.43004", True), ("longitude", "-0.211", "-0.212", False),
        ("commune", "BAZAS", "Bazas", True), ("carrier", "CCAS", "Mairie", False),
        ("address", "2, r. du Palais", "2 rue du Palais", True), ("address", "2 rue du Palais", "3 rue du Palais", False),
        ("address", "rue du Palais", "3 rue du Palais", True), ("address", "2 rue du Palais", "2 rue de la Gare", False),
        ("address", "Le Bourg", "LE BOURG", True), ("address", "2 rue du Palais", "", False),
        ("address", "2 rue Pierre Palais", "2 rue du Palais", True),
    ],
)  # fmt: skip
def test_two_ways_to_write_one_value_agree(field: str, one: str, other: str, same: bool) -> None:
    assert agree(field, one, other) is same
    assert agree(field, other, one) is same
    assert agree(field, one, one)


def test_a_record_is_dated_by_itself_then_by_its_list_or_its_campaign() -> None:
    rows = [{"name": "Dupuy", "insee": "33036"}, {"name": "Zuber", "insee": "33036", "updated_on": "2021-05-01"}]
    listed = [row | {"source": "annuaire", "source_id": str(number)} for number, row in enumerate(rows)]
    records = gather_records(survey(rows), national(listed, date="2022-03-01"), "2022-12-01")
    assert list(records) == list(COLUMNS)
    dated = records.set_index(["source", "name"])["source_date"].to_dict()
    assert dated == {
        ("survey", "Dupuy"): "2022-12-01", ("survey", "Zuber"): "2021-05-01",
        ("annuaire", "Dupuy"): "2022-03-01", ("annuaire", "Zuber"): "2021-05-01",
    }  # fmt: skip
    assert records.loc[records["source"] == "annuaire", "source_key"].tolist() == ["0", "1"]
    assert gather_records(survey([]), national([]), "2022-12-01").empty
    assert gather_records(survey(rows), national([]), "2022-12-01")["source"].tolist() == ["survey"] * 2


def test_a_survey_s_row_is_known_by_name_and_commune_and_by_its_street_where_it_must() -> None:
    def keys(*rows: dict[str, object]) -> list[str]:
        found = gather_records(survey(list(rows)), national([]), "2022-12-01").set_index("source_id")["source_key"]
        return [found[f"d:{number}"] for number in range(len(rows))]

    house = {"name": "Maison Dupuy", "insee": "33036", "address": "2 rue du Palais"}
    (key,) = keys(house)
    assert len(key) == 16
    for same in ({"name": "MAISON DUPUY"}, {"address": None}, {"commune": "Langon"}, {"phone": "3646"}):
        assert keys(house | same) == [key]
    for other in ({"name": "Maison Zuber"}, {"insee": "33227"}, {"insee": None}):
        assert keys(house | other) != [key]
    assert keys(house, house) == [key, key]
    two = keys(house, house | {"address": "9 quai du Port"})
    assert len({*two, key}) == 3
    assert keys(house | {"insee": None, "commune": "Bazas"}) != keys(house | {"insee": None, "commune": "Langon"})
