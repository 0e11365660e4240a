"""Who writes one name at two addresses in one list means two doors."""

import pandas as pd
import pytest

from fs_pipeline.linkage.link import link_within_prepared
from fs_pipeline.linkage.preparation import prepare
from fs_pipeline.territory.shipped import load_territory


def decided(second: str, latitude: float | None, phone: str | None = None) -> str:
    """What is said of two rows of one name, the first of which stands at 9 rue Montolieu."""
    rows = [
        {"id": str(number), "name": "Centre d’innovation pour l’emploi", "address": address, "postcode": "13002",
         "insee": "13055", "commune": "Marseille", "latitude": at, "longitude": None if at is None else 5.372941, "phone": phone}
        for number, (address, at) in enumerate((("9 rue Montolieu", 43.303094), (second, latitude)))
    ]  # fmt: skip
    pairs = link_within_prepared(prepare(pd.DataFrame(rows), load_territory()))
    return str(pairs["decision"].iloc[0]) if len(pairs) else ""


@pytest.mark.parametrize(
    ("second", "latitude", "phone", "expected"),
    [
        ("9, r. Montolieu", 43.3031, None, "match"),
        ("43 avenue de la Viste", 43.348, None, ""),
        ("43 avenue de la Viste", 43.348, "0491000001", "review"),  # one phone: a person knows
        ("43 avenue de la Viste", None, None, "review"),  # nobody says how far
        ("43 avenue de la Viste", 43.3031, None, "match"),  # two ways to write one corner
    ],
)
def test_one_name_at_two_addresses(second: str, latitude: float | None, phone: str | None, expected: str) -> None:
    assert decided(second, latitude, phone) == expected
