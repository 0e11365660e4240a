"""Whose word a place's card says each value is, edition by edition."""

from __future__ import annotations

import pandas as pd
import pytest

from fs_pipeline.briefing.figures import build_brief
from fs_pipeline.briefing.map_page import write_map_page
from fs_pipeline.briefing.map_provenance import FIELDS, decisions, sources_of_values
from fs_pipeline.briefing.slot import SlotTables
from fs_pipeline.cartography.layers import Layers
from fs_pipeline.cartography.once import Once
from fs_pipeline.editions.edition import Edition
from tests.unit.briefing.pages import said_by
from tests.unit.briefing.sample import tiny_tables

PLACE = "P0000"


def value(field: str, source: str, source_id: str, *, wins: bool = True, same: str = "a") -> dict[str, object]:
    return {
        "place_id": PLACE, "field": field, "value": "quelque chose", "compared": same, "source": source, "source_id": source_id,
        "source_date": "2021-12-06" if source == "survey" else "2022-10-31", "wins": wins, "why": "seule valeur connue",
    }  # fmt: skip


def told(*values: dict[str, object]) -> SlotTables:
    return tiny_tables().having(place_values=pd.DataFrame([*values]))


def card(tables: SlotTables, edition: Edition) -> str:
    let_out = tables.let_out(edition)
    drawn = Layers(let_out.places, let_out.communes, let_out.int_commune_minutes, let_out.thresholds)
    once = Once()
    return said_by(
        write_map_page(build_brief(let_out, edition, once), let_out, drawn["places"], drawn["communes"], once)
    )


BOTH = (
    value("opening_hours", "survey", "60bc:Lieux:174"),
    value("opening_hours", "france_services", "12", wins=False),
    value("address", "france_services", "12"),
    value("address", "survey", "60bc:Lieux:174", wins=False, same="b"),
)


def test_the_prefecture_reads_the_row_of_its_survey_and_who_else_says_the_same():
    assert sources_of_values(told(*BOTH))[PLACE] == {
        "opening_hours": "Enquête, feuille «\u00a0Lieux\u00a0», ligne 174, 6\u00a0décembre 2021\u202f; "
        "Liste des France services, 31\u00a0octobre 2022\u00a0: même valeur",
        "address": "Liste des France services, 31\u00a0octobre 2022",
    }


@pytest.mark.parametrize("edition", ["partners", "public"])
def test_others_read_the_list_and_the_date_alone(edition: Edition):
    assert sources_of_values(told(*BOTH).let_out(edition))[PLACE] == {
        "opening_hours": "Enquête, 6\u00a0décembre 2021",
        "address": "Liste des France services, 31\u00a0octobre 2022",
    }
    said = card(told(*BOTH), edition)
    assert "Enquête, 6 décembre 2021" in said
    assert "ligne 174" not in said


def test_a_source_whose_licence_forbids_it_is_named_to_nobody_outside():
    tables = told(value("phone", "unlisted_source", "7"), value("phone", "survey", "60bc:Lieux:9", wins=False))
    assert "nlisted_source" in sources_of_values(tables)[PLACE]["phone"]
    assert sources_of_values(tables.let_out("public"))[PLACE]["phone"] == "Enquête, 6\u00a0décembre 2021"


def test_one_source_of_all_that_is_shown_is_said_once():
    said = card(told(*(value(field, "survey", "60bc::3") for field in FIELDS)), "internal")
    assert said.count("Source Enquête, ligne 3, 6 décembre 2021") == 1
    assert said.count("ligne 3,") == 1


def test_a_ruling_is_told_to_the_prefecture_with_who_and_when():
    members = pd.DataFrame(
        {"place_id": [PLACE, PLACE], "source": ["survey", "france_services"], "source_id": ["60bc:Lieux:174", "12"]}
    )
    reason = "même lieu, décidé par Préfecture d'Ambre le 2022-11-12"
    pair = {
        "left_source": "survey", "left_id": "60bc:Lieux:174", "right_source": "france_services", "right_id": "12",
        "score": 1.0, "decision": "match", "reason": reason,
    }  # fmt: skip
    guessed = pair | {"reason": "même nom, même commune"}
    tables = tiny_tables().having(place_members=members, link_pairs=pd.DataFrame([pair]))
    assert decisions(tables) == {PLACE: ("Même lieu, décidé par Préfecture d’Ambre le 12\u00a0novembre 2022",)}
    assert decisions(tables.having(link_pairs=pd.DataFrame([guessed]))) == {}
    assert "décidé par" in card(tables, "internal")
    assert "décidé par" not in card(tables, "public")
