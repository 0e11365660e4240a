"""Every shared survey goes out whole, in each département that it speaks of: half an hour, before a release."""

from __future__ import annotations

from pathlib import Path

import pytest

from fs_pipeline.editions.edition import EDITIONS
from fs_pipeline.run import run

SURVEYS = {
    "provence-alpes-cote-d-azur.csv": ["04", "05", "06", "13", "83", "84"],
    "normandie-hors-14.csv": ["27", "50", "61", "76"],
    "centre-val-de-loire.csv": ["18", "28", "36", "37", "41", "45"],
    "33-gironde.xlsx": ["33"],
    "51-epernay-formulaire.xlsx": ["51"],
    "64-pyrenees-atlantiques.csv": ["64"],
    "16-bus-france-services.xlsx": ["16"],
    "974-la-reunion.xlsx": ["974"],
}
ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.data, pytest.mark.soak]


@pytest.mark.parametrize("survey", SURVEYS)
def test_a_shared_survey_is_published_whole_in_each_of_its_departements(
    survey: str, real_data: Path, tmp_path: Path
) -> None:
    code = run(
        campaign="2022-12",
        departements=SURVEYS[survey],
        surveys=[real_data / "surveys" / survey],
        sources=ROOT / "examples" / "sources-shared.toml",
        out=tmp_path,
    )
    assert code == 0
    for departement in SURVEYS[survey]:
        for edition in EDITIONS:
            names = {path.name for path in (tmp_path / "2022-12" / departement / edition).iterdir()}
            assert {"dossier.pdf", "dossier.html", "carte.html", "carte.png", "lieux.csv", "lieux.parquet"} <= names
            assert "A-LIRE.txt" not in names
