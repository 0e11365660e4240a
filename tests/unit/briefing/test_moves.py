"""What moved since the last campaign is told, worst first, to those who may know it."""

import pandas as pd
import pytest

from fs_pipeline.briefing.chapter_moves import SHOWN
from fs_pipeline.briefing.figures import build_brief
from fs_pipeline.briefing.html import write_html
from fs_pipeline.briefing.view_moves import Moves
from fs_pipeline.briefing.words import WITHHELD
from fs_pipeline.cartography.static_map import undrawn
from fs_pipeline.editions.edition import Edition
from fs_pipeline.warehouse.declared import declaration
from tests.unit.briefing.sample import tiny_tables


def changed(*kinds: str, demarche: str | None = None) -> pd.DataFrame:
    row = dict.fromkeys(declaration("place_changes").names)
    return pd.DataFrame(
        [
            row
            | {"campaign": "2022-11", "departement": "00", "since": "2022-05", "place_id": f"00-{number:010d}", "change": kind,
               "name": f"Maison {number}", "commune": "Bourg", "message": "Une phrase.", "demarche_id": demarche}
            for number, kind in enumerate(kinds)
        ],
        columns=list(row),
    )  # fmt: skip


def told(*kinds: str, edition: Edition = "internal", demarche: str | None = None) -> Moves:
    return build_brief(tiny_tables(place_changes=changed(*kinds, demarche=demarche)), edition).moves


def test_what_takes_something_away_is_told_first_and_counted() -> None:
    moves = told("renamed", "opened", "closed", "closed", "hours_gained")
    assert [row.kind for row in moves.rows] == ["fermé", "fermé", "ouvert", "heures +", "renommé"]
    assert [row.worse for row in moves.rows] == [True, True, False, False, False]
    assert "campagne de mai 2022" in moves.lead
    assert "2\u00a0fermetures, 1\u00a0ouverture, 1\u00a0hausse d’horaires, 1\u00a0nouveau nom" in moves.lead


def test_a_demarche_is_called_by_its_name() -> None:
    demarche, label = tiny_tables().demarches.iloc[0][["demarche_id", "label"]]
    said = told("demarche_lost", demarche=demarche).rows[0].what
    assert label.split(" (")[0] in said
    assert "n’y est plus accompagnée" in said
    assert demarche not in said


def test_a_long_list_is_cut_and_says_of_how_many() -> None:
    assert told(*["closed"] * SHOWN).more is None
    moves = told(*["closed"] * (SHOWN + 3))
    assert len(moves.rows) == SHOWN
    assert moves.more is not None
    assert f"{SHOWN}\u00a0sur\u00a0{SHOWN + 3}" in moves.more


@pytest.mark.parametrize("edition", ["partners", "public"])
def test_other_readers_are_told_that_it_is_reserved(edition: Edition) -> None:
    moves = told("closed", edition=edition)
    assert moves.left_out == WITHHELD
    assert not moves.rows


def test_without_a_campaign_before_the_chapter_is_left_out_and_named_once() -> None:
    page = write_html(build_brief(tiny_tables(place_changes=changed()), "internal"), undrawn()).decode()
    assert page.count("Ce qui a bougé") == 1
    assert "Chapitres laissés de côté" in page
