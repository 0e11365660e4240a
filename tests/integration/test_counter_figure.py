"""The door's counter-figure: of the names and addresses of real surveys, how many the public still reads."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pandas as pd
import pytest

from fs_pipeline.demarches.catalogue import Vocabulary
from fs_pipeline.editions.edition import door_of
from fs_pipeline.national.read import read_snapshot
from fs_pipeline.survey.check import check_file
from fs_pipeline.territory.model import Territory
from fs_pipeline.territory.shipped import load_territory

LISTS = {
    "france_services": "france-services-2022-12-01.csv",
    "la_poste": "la-poste-points-de-contact-2016-08.csv",
    "france_travail": "france-travail-agences.csv",
    "annuaire": "annuaire-administration-2019.csv.gz",
}
HELD_OUT = "centre-val-de-loire.csv"  # no word list was written while looking at it
FLOOR, FLOOR_HELD_OUT = 0.90, 0.70


@pytest.mark.data
def test_nine_names_and_addresses_in_ten_still_go_out(real_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    territory = load_territory()
    lists = pd.concat(
        [
            read_snapshot(source, real_data / "national" / file, territory, as_of="2022-12-01").places.assign(
                source=source
            )
            for source, file in LISTS.items()
        ]
    )
    lists["departement"] = [territory.departement_of(insee) for insee in lists["insee"]]
    counts: dict[str, tuple[int, int]] = {}
    for file in sorted((real_data / "surveys").iterdir()):
        if file.suffix not in {".csv", ".xlsx"} or "liens" in file.name:
            continue
        report = check_file(file, territory=territory, departement=None, vocabulary=Vocabulary())
        counts[file.name] = _counted(pd.DataFrame(map(asdict, report.places), dtype=object), lists, territory)
    with capsys.disabled():
        for name, (public, total) in counts.items():
            print(f"\n{name} : {public} noms et adresses publics sur {total} ({public / total:.1%})", end="")
    public, total = (sum(count[side] for count in counts.values()) for side in (0, 1))
    assert public / total >= FLOOR
    assert counts[HELD_OUT][0] / counts[HELD_OUT][1] >= FLOOR_HELD_OUT


def _counted(places: pd.DataFrame, lists: pd.DataFrame, territory: Territory) -> tuple[int, int]:
    homes = places["insee"].map(territory.departement_of, na_action="ignore")
    public = total = 0
    for departement, rows in places.groupby(homes.fillna("")):
        communes = territory.communes[territory.communes["departement"] == departement]
        door = door_of({"communes": communes, "national_places": lists[lists["departement"] == departement]})
        for name, address, commune, postcode in zip(
            rows["name"], rows["address"], rows["commune"], rows["postcode"], strict=True
        ):
            total += 1
            public += door.words.name(name, commune)
            if isinstance(address, str):
                total += 1
                public += door.words.street(address, commune, postcode)
    return public, total
