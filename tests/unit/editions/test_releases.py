"""What the prefecture releases: the file of the internal edition, filled in, read back and kept."""

from pathlib import Path

import pandas as pd
import pytest

from fs_pipeline.cli import main
from fs_pipeline.editions.releases import UnreadableReleases, read_releases
from fs_pipeline.release.tables import declared_files
from fs_pipeline.settings import Settings
from fs_pipeline.territory.shipped import load_territory
from fs_pipeline.warehouse.declared import declaration
from fs_pipeline.warehouse.engine import Warehouse

LINE = {
    "insee": "33318",
    "commune": "Pessac",
    "place_id": "33-a",
    "field": "name",
    "value": "Les Zqavelles",
    "why": "…",
}
SAID = {"release": "oui", "decided_by": "Préfecture de la Gironde", "decided_on": "2022-12-02"}


def filled(path: Path, *rows: dict[str, str], between: str = ",") -> Path:
    """The file as the internal edition writes it, its last columns filled in."""
    frame = pd.DataFrame(list(rows), columns=list(declaration("withheld").names), dtype=object)
    content = declared_files({"withheld": frame})["a-liberer.csv"].decode("utf-8-sig")
    path.write_text(
        content if between == "," else content.replace('","', '";"').replace(",", between), encoding="utf-8"
    )
    return path


def test_only_the_lines_that_say_yes_are_kept(tmp_path: Path) -> None:
    other = LINE | {"value": "Les Zqarelles"}
    read = read_releases(
        filled(tmp_path / "a-liberer.csv", LINE | SAID, other, other | {"release": "non"}), load_territory()
    )
    assert read[["departement", "insee", "field", "value"]].to_numpy().tolist() == [
        ["33", "33318", "name", "Les Zqavelles"]
    ]


def test_a_name_that_a_spreadsheet_would_run_is_released_as_it_is(tmp_path: Path) -> None:
    line = LINE | {"value": "@ccueil; =Zqavelles"} | SAID
    read = read_releases(filled(tmp_path / "a-liberer.csv", line), load_territory())
    assert read["value"].tolist() == ["@ccueil; =Zqavelles"]


def test_a_file_that_a_spreadsheet_saved_in_its_old_letters_is_read(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.csv", LINE | SAID | {"value": "Les Zqâvelles d’œuvre"}, between=";")
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252"))
    assert read_releases(path, load_territory())["value"].tolist() == ["Les Zqâvelles d’œuvre"]


def test_a_file_that_a_spreadsheet_wrote_back_with_semicolons_is_read(tmp_path: Path) -> None:
    assert len(read_releases(filled(tmp_path / "a.csv", LINE | SAID, between=";"), load_territory())) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"release": "peut-être"}, "attend oui"), ({"decided_by": ""}, "qui a tranché"), ({"decided_on": "2022-11-31"}, "date"),
        ({"field": "phone"}, "le champ"), ({"insee": "00000"}, "la commune"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_followed_is_said_by_its_number_and_without_its_value(
    tmp_path: Path, change: dict[str, str], said: str
) -> None:
    with pytest.raises(UnreadableReleases, match=said) as refusal:
        read_releases(filled(tmp_path / "a.csv", LINE | SAID | change), load_territory())
    assert "ligne 2" in str(refusal.value)
    assert "Zqavelles" not in str(refusal.value)


def test_the_command_keeps_them_and_once_more_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FS_HOME", str(tmp_path / "home"))
    file = filled(tmp_path / "a-liberer.csv", LINE | SAID)
    assert main(["releases", "import", str(file)]) == 0
    assert main(["releases", "import", str(file)]) == 0
    kept = Warehouse(Settings.from_environment().database_url).read("releases")
    assert kept["value"].tolist() == ["Les Zqavelles"]


def test_a_file_without_the_columns_is_refused_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.csv").write_text("nom\nx\n", encoding="utf-8")
    assert main(["releases", "import", str(tmp_path / "a.csv")]) == 2
    assert "la colonne « insee » manque" in capsys.readouterr().err
