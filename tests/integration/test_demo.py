"""The demonstration, end to end, as `fs-pipeline demo` plays it: all that was planted is found, twice the same."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from fs_pipeline.run import demo

WANTED = ("carte.html", "dossier.pdf", "dossier.html", "lieux.parquet", "communes.parquet", "indicateurs.csv")


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, str]:
    """Where it was written, the exit code, and what was printed."""
    import contextlib
    import io

    out, printed = tmp_path_factory.mktemp("demo") / "out", io.StringIO()
    with contextlib.redirect_stdout(printed):
        code = demo(out)
    return out, code, printed.getvalue()


def test_every_planted_error_is_found(played: tuple[Path, int, str]) -> None:
    _, code, printed = played
    assert code == 0, printed
    assert "NON" not in printed
    assert "erreurs trouvées sur" in printed


@pytest.mark.parametrize("edition", ["internal", "partners", "public"])
def test_each_edition_has_its_map_its_dossier_and_its_tables(played: tuple[Path, int, str], edition: str) -> None:
    out, _, _ = played
    for name in WANTED:
        path = out / "2022-12" / "00" / edition / name
        assert path.stat().st_size > 200, path
    assert (out / "2022-12" / "00" / edition / "dossier.pdf").read_bytes().startswith(b"%PDF-")


def test_each_survey_comes_back_annotated(played: tuple[Path, int, str]) -> None:
    out, _, _ = played
    returned = {path.name for path in (out / "2022-12" / "00" / "retour").iterdir()}
    assert {"enquete-val-d-ambre.xlsx.annote.xlsx", "mairies-val-d-ambre.csv.annote.xlsx"} <= returned


def test_the_same_surveys_give_the_same_bytes(played: tuple[Path, int, str], tmp_path: Path) -> None:
    out, _, _ = played
    assert demo(tmp_path / "out") == 0
    assert digests(tmp_path / "out" / "2022-12") == digests(out / "2022-12")
