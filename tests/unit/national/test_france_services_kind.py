"""Which rows of the official list are counters, and which are buses."""

from __future__ import annotations

import pytest

from fs_pipeline.national.france_services_kind import (
    ALSO_GOES_OUT,
    BY_FORMAT,
    BY_NAME,
    NO_COUNTER,
    UNSURE,
    kind_of_row,
)
from fs_pipeline.national.read import read_snapshot
from fs_pipeline.territory.shipped import load_territory

COUNTER = {
    "name": "France services de Valserine",
    "written": "Site principal",
    "category": None,
    "itinerant": "Non",
    "address": "5 rue des Papetiers",
    "days": 5,
    "comment": None,
}


@pytest.mark.parametrize(
    ("row", "kind", "reason"),
    [
        ({}, "fixed", None),
        ({"written": "Antenne"}, "antenne", None),
        ({"written": "Multisites"}, "multi_site", None),
        ({"itinerant": "Oui"}, "fixed", ALSO_GOES_OUT),
        ({"itinerant": "Oui", "written": "Antenne"}, "antenne", ALSO_GOES_OUT),
        ({"itinerant": "Oui", "days": 1}, "fixed", UNSURE),
        ({"itinerant": "Oui", "days": 0}, "fixed", UNSURE),
        ({"itinerant": "Oui", "comment": "Lundi : CCAS. Mardi : maison de santé. Jeudi : mairie."}, "fixed", UNSURE),
        ({"itinerant": "Oui", "comment": "Sur rendez-vous le jeudi"}, "fixed", ALSO_GOES_OUT),
        ({"itinerant": "Oui", "address": None}, "itinerant", NO_COUNTER),
        ({"name": "Bus France services Lélà"}, "itinerant", BY_NAME),
        ({"name": "France services itinérante de la Dore", "itinerant": "Oui"}, "itinerant", BY_NAME),
        ({"name": "France services Pirogue de l’Est"}, "itinerant", BY_NAME),
        ({"name": "France services Les Vans"}, "fixed", None),
        ({"written": "Bus_équivalent"}, "itinerant", BY_FORMAT),
        ({"category": "Espace labellisé - Itinérante"}, "itinerant", BY_FORMAT),
        ({"written": None, "itinerant": None}, "fixed", None),
    ],
)
def test_a_bus_is_what_says_so_or_has_no_counter(row, kind, reason):
    assert kind_of_row(**(COUNTER | row)) == (kind, reason)


def test_the_real_list_says_how_each_row_that_goes_out_was_decided(real_data):
    reading = read_snapshot(
        "france_services", real_data / "national" / "france-services-2022-12-01.csv", load_territory()
    )
    kinds = reading.places.set_index("source_id")["kind"]
    assert reading.decided[ALSO_GOES_OUT] == 116
    assert reading.decided[UNSURE] == 35  # two of them mark with a dash the days on which they are closed
    assert reading.decided[BY_NAME] == (kinds == "itinerant").sum()
    aix = reading.places[reading.places["name"].str.contains("Aix-en-Provence", na=False)]
    assert "fixed" in set(aix["kind"])
