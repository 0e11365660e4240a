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


def test_a_whole_chapter_is_let_out_for_a_departement(tmp_path: Path) -> None:
    line = LINE | SAID | {"insee": "33", "commune": "", "place_id": "", "field": "chapter", "value": "ecarts"}
    read = read_releases(filled(tmp_path / "a.csv", line), load_territory())
    assert read[["departement", "insee", "field", "value"]].to_numpy().tolist() == [["33", "33", "chapter", "ecarts"]]
    for wrong in ({"value": "matrice"}, {"insee": "33318"}):
        with pytest.raises(UnreadableReleases, match="ligne 2"):
            read_releases(filled(tmp_path / "b.csv", line | wrong), load_territory())


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
    ("answer", "kept"),
    [("oui", 1), (" OUI ", 1), ("o", 1), ("x", 1), ("yes", 1), ("", 0), ("non", 0), ("N", 0), ("no", 0)],
)
def test_yes_and_no_are_said_in_several_ways(tmp_path: Path, answer: str, kept: int) -> None:
    read = read_releases(filled(tmp_path / "a.csv", LINE | SAID | {"release": answer}), load_territory())
    assert len(read) == kept
    assert list(read) == ["departement", "insee", "field", "value", "decided_by", "decided_on"]


def test_of_two_decisions_on_one_value_the_last_is_kept_and_others_stand(tmp_path: Path) -> None:
    later = {"decided_by": "Une autre", "decided_on": "2022-12-03"}
    lines = [LINE, LINE | later, LINE | {"field": "carrier"}, LINE | {"insee": "33063"}, LINE | {"value": "Autre"}]
    read = read_releases(filled(tmp_path / "a.csv", *(SAID | line for line in lines)), load_territory())
    assert read["decided_by"].tolist() == ["Une autre", *[SAID["decided_by"]] * 3]
    assert read["decided_on"].tolist() == ["2022-12-03", *["2022-12-02"] * 3]
    assert read["departement"].tolist() == ["33"] * 4


def test_a_file_that_is_none_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "uneven.csv").write_text("insee,field\n33318,name,more\n", encoding="utf-8")
    for path in (tmp_path / "absent.csv", tmp_path, tmp_path / "uneven.csv"):
        with pytest.raises(UnreadableReleases) as refusal:
            read_releases(path, load_territory())
        assert str(refusal.value) == f"{path} : ce fichier ne peut pas être lu comme un CSV de décisions."


@pytest.mark.parametrize("missing", ["insee", "field", "value", "release", "decided_by", "decided_on"])
def test_a_column_that_lacks_is_named(tmp_path: Path, missing: str) -> None:
    path = tmp_path / "a.csv"
    pd.DataFrame([LINE | SAID]).drop(columns=missing).to_csv(path, index=False)
    with pytest.raises(UnreadableReleases) as refusal:
        read_releases(path, load_territory())
    assert str(refusal.value) == f"{path} : la colonne « {missing} » manque."


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"value": ""}, "la commune, le champ ou la valeur n’est pas lisible."),
        ({"field": "phone"}, "la commune, le champ ou la valeur n’est pas lisible."),
        ({"insee": "00000"}, "la commune, le champ ou la valeur n’est pas lisible."),
        ({"release": "peut-être"}, "la colonne « release » attend oui, ou rien."),
        ({"decided_by": ""}, "« decided_by » doit dire qui a tranché."),
        ({"decided_on": "2022-11-31"}, "« decided_on » attend une date (AAAA-MM-JJ)."),
    ],
)
def test_a_line_that_cannot_be_followed_is_said_by_its_number_and_without_its_value(
    tmp_path: Path, change: dict[str, str], said: str
) -> None:
    with pytest.raises(UnreadableReleases) as refusal:
        read_releases(filled(tmp_path / "a.csv", LINE | SAID, LINE | SAID | change), load_territory())
    assert str(refusal.value) == f"{tmp_path / 'a.csv'} : ligne 3, {said}"


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
