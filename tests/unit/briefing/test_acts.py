"""The words of an act: what already stands there is said beside it."""

import pandas as pd

from fs_pipeline.briefing.acts import ActWords


def test_a_house_where_the_list_has_a_bus_says_so_and_no_other_act_does() -> None:
    communes = pd.DataFrame({"insee": ["29042", "29238"], "name": ["Crozon", "Roscanvel"]})
    places = pd.DataFrame(
        {
            "place_id": ["bus", "house", "surveyed"],
            "name": ["Bus France services", "France services", "Bus de l’enquête"],
            "insee": ["29042", "29238", "29238"],
            "itinerant": [True, None, True],
            "in_france_services": [True, True, False],
        }
    )
    words = ActWords(
        communes,
        places,
        pd.DataFrame(columns=["demarche_id", "label"]),
        pd.DataFrame(columns=["evidence", "place_id", "demarche_id"]),
        pd.DataFrame(columns=["insee", "origin"]),
    )
    said = {
        (move, insee): words.bus({"move": move, "insee": insee, "set_aside": None})
        for move in ("new_place", "longer_hours")
        for insee in ("29042", "29238")
    }
    assert said.pop(("new_place", "29042")) == "la liste nationale y a un bus France services"
    assert {*said.values()} == {""}


def test_longer_hours_say_the_bus_that_may_be_open_then_and_how_the_commune_is_counted() -> None:
    words = ActWords(
        pd.DataFrame({"insee": ["97311"], "name": ["Saint-Laurent-du-Maroni"]}),
        pd.DataFrame(columns=["place_id", "name", "insee", "itinerant", "in_france_services"]),
        pd.DataFrame(columns=["demarche_id", "label"]),
        pd.DataFrame(columns=["evidence", "place_id", "demarche_id"]),
        pd.DataFrame({"insee": ["97311", "97302"], "origin": ["lone_town_hall", "town_hall"]}),
    )
    row = {"move": "longer_hours", "insee": "97311"}
    told = {why: words.bus(row | {"set_aside": f"97311:{why}"}) for why in ("bus", "bus_unknown", "unknown")}
    assert told == {
        "bus": "un bus France services de la commune dit ouvrir à une partie de ces heures",
        "bus_unknown": "la commune a aussi un bus France services, dont les horaires ne sont pas sûrs",
        "unknown": "",
    }
    assert words.set_aside(row | {"set_aside": "97311:bus"}) == ""
    assert words.counted(row) == "Saint-Laurent-du-Maroni est comptée à sa seule mairie"
    assert words.counted(row | {"insee": "97302"}) == ""


def test_a_new_place_names_the_better_one_beside_it() -> None:
    words = ActWords(
        pd.DataFrame(
            {
                "insee": ["29042", "29022", "29019"], "name": ["Crozon", "Camaret-sur-Mer", "Brest"],
                "longitude": [-4.4886, -4.5964, None], "latitude": [48.2461, 48.2750, None],
            }
        ),
        pd.DataFrame(columns=["place_id", "name", "insee", "itinerant", "in_france_services"]),
        pd.DataFrame(columns=["demarche_id", "label"]),
        pd.DataFrame(columns=["evidence", "place_id", "demarche_id"]),
        pd.DataFrame(columns=["insee", "origin"]),
    )  # fmt: skip
    crozon, camaret, brest = (
        {"scope": "departement", "move": "new_place", "insee": insee, "rank": rank}
        for rank, insee in enumerate(("29042", "29022", "29019"), start=1)
    )
    moves = [crozon, camaret, brest]
    assert words.after(camaret, moves) == "après Crozon, mieux classée, à 9\u00a0km"
    assert words.after(crozon, moves) == words.after(brest, moves) == ""
    assert words.after(camaret | {"move": "longer_hours"}, moves) == words.after(camaret, [brest]) == ""
    assert words.after(camaret, [crozon | {"scope": "gap-1"}]) == ""
