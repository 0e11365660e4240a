"""The nation's figures: the sum of what its départements counted, and no sum of what was counted in two ways."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.rows import filled as whole_rows
from tests.sql.conftest import Filled
from tests.sql.small_slot import CAMPAIGN, DEPARTEMENT, make
from tests.sql.test_edges import change

OTHER = "64"
REACHED = ("population_within", "threshold=20"), ("population_within", "threshold=30")


def with_another(own: Filled, minutes: float | None, method: str) -> pd.DataFrame:
    """The nation's figures once 64001, 9,999 inhabitants, is these minutes away from the nearest house."""
    warehouse, project = own
    key = {"campaign": CAMPAIGN, "departement": OTHER}
    people = pd.DataFrame([{"point_id": "64001", "insee": "64001", "population": 9999.0, "origin": "town_hall"}])
    warehouse.replace("demand_points", key, whole_rows("demand_points", people))
    way = {"service": "france_services", "demarche_id": "", "minutes": minutes, "method": method}
    low, high = (minutes and minutes / 1.2), (minutes and minutes / 0.8)
    row = {"point_id": "64001", "insee": "64001", **way, "minutes_low": low, "minutes_high": high}
    warehouse.replace("access_minutes", key, whole_rows("access_minutes", pd.DataFrame([row], dtype=object)))
    make(warehouse, project, DEPARTEMENT, OTHER)
    return warehouse.read(project["national_indicators"].table).set_index(["key", "dimension"])


def test_a_share_of_the_nation_is_of_all_its_inhabitants_and_not_the_mean_of_shares(own: Filled) -> None:
    change(own[0], "update communes set vintage = '2025' where departement = '64'")
    told = with_another(own, 25.0, "estimated")
    assert "2026" in told.loc[REACHED[0], "sources"]  # the latest of the vintages
    assert told.loc[REACHED[0], "value"] == pytest.approx(1000 / 11999)
    assert told.loc[REACHED[1], "value"] == pytest.approx(11599 / 11999)
    for key in REACHED:
        assert told.loc[key, ["n", "missing", "value_or_reason"]].tolist() == [11999, 0, "computed"]
        assert told.loc[key, "sources"].startswith("Liste des France services (1er décembre 2022) ; ")
        assert told.loc[key, "method"].startswith("temps estimé à vol d’oiseau")
    assert "départements calculés : 2" in told.loc[REACHED[0], "label"] + told.loc[REACHED[0], "method"]


def test_a_figure_of_one_is_in_the_singular(own: Filled) -> None:
    told = with_another(own, 25.0, "estimated").loc["surveys_handed_in", ""]
    assert (told["value"], told["label"]) == (1.0, "département sur 2 a déposé son enquête")


def test_who_was_not_computed_is_in_no_share_of_the_nation(own: Filled) -> None:
    told = with_another(own, None, "not_computed").loc[REACHED[0]]
    assert told[["value", "n"]].tolist() == [0.5, 2000]
    assert told["missing"] == pytest.approx(9999 / 11999)
    assert told["method"].startswith("temps estimé à vol d’oiseau")


def test_minutes_by_road_and_by_a_straight_line_are_not_summed(own: Filled) -> None:
    told = with_another(own, 25.0, "road")
    for key in REACHED:
        assert pd.isna(told.loc[key, "value"])
        mixed = "temps par la route et temps estimés ne se mêlent pas"
        assert told.loc[key, ["reason", "value_or_reason"]].tolist() == [mixed, mixed]


def test_a_nation_of_which_nothing_is_computed_says_so(own: Filled) -> None:
    change(own[0], "update access_minutes set minutes = null, method = 'not_computed'")
    told = with_another(own, None, "not_computed").loc[REACHED[0]]
    assert pd.isna(told["value"])
    assert told["reason"] == "aucun temps de trajet ne peut être calculé"
    assert told[["n", "missing"]].tolist() == [0, 1]


def test_a_territory_is_over_twenty_from_its_twenty_first_house(own: Filled) -> None:
    """Of the 22 houses of 33, those labelled by the end of January 2022 count; of 978, all."""
    warehouse, project = own
    about = {"source": "france_services", "snapshot_date": "2022-12-01", "kind": "fixed", "insee": "33001"}
    for announced, over in ((20, 0), (21, 1)):
        rows = [
            about | {"source_id": str(number), "labelled_on": "2022-01-31" if number < announced else "2022-02-01"}
            for number in range(22)
        ]
        key = {"campaign": CAMPAIGN, "departement": DEPARTEMENT}
        warehouse.replace("national_places", key, whole_rows("national_places", pd.DataFrame(rows)))
        make(warehouse, project)
        told = warehouse.read(project["national_indicators"].table).set_index("key")
        assert told.loc["territories_over_twenty", ["value", "n"]].tolist() == [over, 2]
        assert told.loc["announced_france_services", ["value", "n"]].tolist() == [announced + 1, 23]
        assert told.loc["announced_per_departement", "value"] == (announced + 1) / 2
        assert told.loc["france_services", "value"] == 23


def test_who_handed_in_is_counted_of_the_departements(own: Filled) -> None:
    """64 handed in nothing; 978, in no list of communes, is no département."""
    told = with_another(own, 25.0, "estimated").loc[("surveys_handed_in", "")]
    assert told[["value", "n"]].tolist() == [1, 2]
