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
    )
    said = {
        (move, insee): words.bus({"move": move, "insee": insee})
        for move in ("new_place", "longer_hours")
        for insee in ("29042", "29238")
    }
    assert said.pop(("new_place", "29042")) == "la liste nationale y a un bus France services"
    assert {*said.values()} == {""}
