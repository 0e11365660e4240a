"""A nation in one range run: 101 verdicts, and one département that fails alone, keeping its last good result."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from fs_pipeline.partitions import Slot
from fs_pipeline.rehearsal.workbooks import protected_bytes
from fs_pipeline.report import RunReport
from fs_pipeline.resources import Pipeline
from fs_pipeline.run import materialise
from fs_pipeline.settings import Settings
from fs_pipeline.territory.model import Territory
from fs_pipeline.territory.shipped import load_territory

CAMPAIGN = "2022-12"
FAILS = "33"


def small_nation() -> Territory:
    """The 101 départements with two communes each: what is real is how many they are."""
    real = load_territory()
    departements = real.departements[real.departements["kind"] == "departement"]
    communes = [
        {
            "insee": f"{code}{number:03d}"[:5] if len(code) == 2 else f"{code}{number:02d}",
            "name": f"Commune {number} de {code}",
            "departement": code,
            "population": 1000 * number,
            "postcodes": (),
            "longitude": 2.0 + 0.02 * number,
            "latitude": 46.0 + 0.001 * position,
        }
        for position, code in enumerate(departements["code"])
        for number in (1, 2)
    ]
    return Territory.from_frames(departements, pd.DataFrame(communes), vintage="2026")


def write_sources(folder: Path, territory: Territory) -> Path:
    """A list of one France services a département, and the communes' points."""
    first = territory.communes.drop_duplicates("departement")
    with (folder / "france-services-2022-12-01.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            ("id_fs", "insee_dep", "lib_fs", "adresse", "code_postal", "lib_com", "insee_com", "latitude", "longitude")
        )
        for number, row in enumerate(first.itertuples(), start=1):
            writer.writerow(
                (number, row.departement, f"France services {row.name}", "1 place du Marché",
                 f"{row.departement.replace('A', '0').replace('B', '0'):0<5}", row.name, row.insee,
                 row.latitude, row.longitude)
            )  # fmt: skip
    territory.communes[["insee", "longitude", "latitude"]].to_csv(folder / "communes.csv", index=False)
    absent = "\n".join(f'{key} = ""' for key in ("la_poste", "france_travail", "annuaire", "contours", "roads"))
    path = folder / "sources.toml"
    path.write_text(
        "campaign_reference_date = 2022-12-01\n[sources]\n"
        f'france_services = "france-services-2022-12-01.csv"\ncommunes = "communes.csv"\n{absent}\n',
        encoding="utf-8",
    )
    return path


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Pipeline, RunReport, pd.DataFrame, RunReport]:
    """A good run of one prefecture, its publications, then all of the nation once it handed in what cannot be opened."""
    folder = tmp_path_factory.mktemp("nation")
    territory = small_nation()
    settings = Settings.at(folder / "home", sources_path=write_sources(folder, territory))
    pipeline = Pipeline(settings, load_territory=lambda: territory)
    codes = territory.departement_codes
    first = materialise(pipeline, CAMPAIGN, [FAILS])
    published = pipeline.warehouse.read("publications")
    pipeline.deposits.write(f"{CAMPAIGN}/{FAILS}/enquete.xlsx", protected_bytes())
    second = materialise(pipeline, CAMPAIGN, codes)
    return pipeline, first, published, second


Runs = tuple[Pipeline, RunReport, pd.DataFrame, RunReport]


def test_every_departement_has_its_verdict(runs: Runs) -> None:
    pipeline, first, _, _ = runs
    assert first.succeeded, (first.broken_steps, first.failed_slots)
    codes = set(pipeline.load_territory().departement_codes)
    assert len(codes) == 101
    status = pipeline.warehouse.read("slot_status", {"campaign": CAMPAIGN, "stage": "briefing/pack"})
    assert set(status["departement"]) == codes
    published = pipeline.warehouse.read("publications", {"campaign": CAMPAIGN, "edition": "internal"})
    assert set(published["departement"]) >= codes


def test_one_slot_that_fails_leaves_a_hundred_good_ones(runs: Runs) -> None:
    pipeline, _, _, second = runs
    assert set(second.failed_slots) == {FAILS}
    (told,) = second.broken_steps  # the last step of the range, which names the slot
    assert f"{CAMPAIGN} {FAILS} : " in told
    status = pipeline.warehouse.read("slot_status", {"campaign": CAMPAIGN, "stage": "briefing/pack"})
    states = dict(zip(status["departement"], status["state"], strict=True))
    assert states.pop(FAILS) == "skipped"
    assert set(states.values()) == {"good"}
    assert len(states) == 100


def test_its_last_good_result_stands_and_the_reason_is_said(runs: Runs) -> None:
    pipeline, _, published, second = runs
    kept = published[published["departement"] == FAILS]
    now = pipeline.warehouse.read("publications", {"departement": FAILS})
    assert sorted(now["fingerprint"]) == sorted(kept["fingerprint"])
    assert all(pipeline.files.exists(f"{path}/dossier.pdf") for path in now["path"])
    assert len(pipeline.warehouse.read("places", {"campaign": CAMPAIGN, "departement": FAILS})) == 1
    status = pipeline.warehouse.read("slot_status", {"departement": FAILS, "stage": "survey/places"})
    assert status["state"].tolist() == ["failed"]
    assert status["last_good_at"].notna().all()
    assert "mot de passe" in second.failed_slots[FAILS]


def test_what_was_handed_in_is_kept_as_it_came(runs: Runs) -> None:
    pipeline = runs[0]
    deposit = pipeline.warehouse.read("deposits", {"departement": FAILS})
    assert deposit["verdict"].tolist() == ["refused"]
    assert pipeline.files.read(deposit["path"].iloc[0]) == protected_bytes()


def test_a_departement_asked_alone_says_so_and_leaves_the_others(runs: Runs) -> None:
    pipeline = runs[0]
    pipeline.deposits.write(f"{CAMPAIGN}/{FAILS}/enquete.xlsx", b"")
    report = materialise(pipeline, CAMPAIGN, [FAILS])
    assert not report.succeeded
    assert pipeline.warehouse.read("slot_status", {"departement": "64", "state": "good"})["stage"].nunique() > 10
    assert Slot(CAMPAIGN, FAILS).departement in report.failed_slots
