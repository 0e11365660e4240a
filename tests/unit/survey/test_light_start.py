"""A check answers in two seconds only as long as nothing on its way wants a heavy library."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CHECK = """
import sys
from fs_pipeline.cli import main
code = main(["check", sys.argv[1], "--department", "33", "--json", sys.argv[2]])
print(code, sorted({"pandas", "numpy", "dagster", "geopandas", "great_expectations", "openpyxl"} & set(sys.modules)))
"""


def test_a_check_of_addresses_hours_and_phones_loads_no_heavy_library(tmp_path: Path) -> None:
    survey = tmp_path / "enquete.csv"
    survey.write_text(
        "Nom du lieu;Adresse;Téléphone;Horaires\n"
        "Mairie de Bazas;1 place de la Cathédrale 33430 Bazas;05 56 00 00 01;lundi-vendredi 9h-12h\n"
        "Mairie de Langon;14 allée Jean-Jaurès 33210 Langon;05 56 00 00 02;fermé le mardi\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-c", CHECK, survey, tmp_path / "out.json"], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "0 []"
