"""Backup, loss, restore over a dirty folder: the same bytes, on both databases, and nobody comes back who was erased."""

from __future__ import annotations

import gc
import hashlib
import json
import os
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from fs_pipeline.assets.publish import publish_slot
from fs_pipeline.assets.wholeness import contours_of
from fs_pipeline.backup import restoring, swapping
from fs_pipeline.backup.checking import faults_of_backup, faults_of_home
from fs_pipeline.backup.manifest import MANIFEST, DamagedBackup
from fs_pipeline.backup.restoring import Unrestored, restore
from fs_pipeline.backup.saving import back_up
from fs_pipeline.cli import main
from fs_pipeline.deposits.erasures import LEDGER
from fs_pipeline.deposits.keeping import counting
from fs_pipeline.deposits.retention import purge
from fs_pipeline.partitions import Slot
from fs_pipeline.rehearsal.generate import generate
from fs_pipeline.resources import Pipeline
from fs_pipeline.run import deposit, materialise
from fs_pipeline.settings import Settings, UnusableSettings
from fs_pipeline.warehouse.files import FileStore
from fs_pipeline.warehouse.home import SINCE, SWAPPING
from fs_pipeline.warehouse.turns import Turn


class Played:
    """The rehearsal département in a home of its own, backed up; each test restores it elsewhere."""

    def __init__(self, folder: Path) -> None:
        self.rehearsal = generate(folder / "entrees")
        self.settings = Settings.at(folder / "home", sources_path=self.rehearsal.sources_path)
        pipeline = self.open(self.settings)
        self.slot = Slot(self.rehearsal.campaign, self.rehearsal.departement)
        for survey in self.rehearsal.deposits:
            deposit(pipeline, self.slot, survey)
        materialise(pipeline, self.slot.campaign, [self.slot.departement])
        pipeline.warehouse.dispose()
        self.backup = back_up(self.settings, folder / "sauvegardes").folder

    def open(self, settings: Settings) -> Pipeline:
        return Pipeline(
            replace(settings, sources_path=self.rehearsal.sources_path),
            load_territory=lambda: self.rehearsal.territory,
            fictional=True,
        )


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return Played(tmp_path_factory.mktemp("played"))


@pytest.fixture
def backup(played: Played, tmp_path: Path) -> Path:
    """A copy of the backup with its ledger beside it, which a test may spoil."""
    folder = tmp_path / "sauvegardes"
    shutil.copytree(played.backup, folder / played.backup.name, copy_function=shutil.copy2)
    shutil.copy2(played.backup.parent / LEDGER, folder / LEDGER)
    return folder / played.backup.name


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    made = Settings.at(tmp_path / "home")
    if request.param == "postgresql":
        made = replace(made, database_url=request.getfixturevalue("postgres_url"))
    return made


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def rows(pipeline: Pipeline, table: str) -> list[str]:
    return sorted(pipeline.warehouse.read(table).to_json(orient="records", lines=True).splitlines())


def soil(settings: Settings) -> None:
    """What may lie where a backup goes: another database with its journal, files of nobody, another's map."""
    settings.home.mkdir(parents=True, exist_ok=True)
    for ending in ("", "-wal", "-shm"):
        (settings.home / f"warehouse.db{ending}").write_bytes(b"SQLite format 3\0" + os.urandom(32_768))
    for path in ("files/publications/2022-12/00/internal/x/carte.html", "cache/roads/old.npz", "traces/1.txt"):
        (settings.home / path).parent.mkdir(parents=True, exist_ok=True)
        (settings.home / path).write_text("of nobody")
    (settings.home / "env").mkdir()
    (settings.home / "env" / "python").write_text("not ours")
    late = settings.home / "deposits/2022-12/00/tardive.csv"
    late.parent.mkdir(parents=True, exist_ok=True)
    late.write_text("Nom;Adresse\n")


def test_over_a_dirty_folder_the_same_map_comes_back_and_is_made_again_byte_for_byte(
    played: Played, backup: Path, settings: Settings
) -> None:
    restore(settings, backup)  # another database than that of the backup, where it is PostgreSQL
    own = back_up(settings, backup.parent).folder
    shutil.rmtree(settings.home)
    soil(settings)
    done = restore(settings, own)
    assert done.since[1] == 1
    assert [path.name for path in (settings.home / SINCE).rglob("*.csv")] == ["tardive.csv"]
    assert tree(settings.home / "files") == tree(played.settings.home / "files")
    assert tree(settings.home / "deposits") == tree(played.settings.home / "deposits")
    assert not list(settings.home.glob(".*"))
    assert not (settings.home / "cache" / "roads").exists()
    assert (settings.home / "env" / "python").read_text() == "not ours"
    before, after = played.open(played.settings), played.open(settings)
    for table in ("places", "rulings", "registry", "slot_status", "publications", "survey_places"):
        assert rows(after, table) == rows(before, table), table
    published = tree(settings.home / "files" / "publications")
    assert sum(path.endswith("carte.html") for path in published) == 3
    shutil.rmtree(settings.home / "files" / "publications" / played.slot.campaign / played.slot.departement)
    publish_slot(after, played.slot, contours_of(after, played.slot.campaign), Turn(1, standing=1))
    assert tree(settings.home / "files" / "publications") == published
    before.warehouse.dispose()
    after.warehouse.dispose()
    assert faults_of_home(settings) == []
    assert faults_of_backup(own) == []  # to look at it and to take from it changed nothing


def test_who_was_erased_after_the_backup_is_not_in_the_restored_home(
    played: Played, backup: Path, settings: Settings, tmp_path: Path
) -> None:
    settings = replace(settings, backups=backup.parent)
    restore(settings, backup)
    pipeline = played.open(settings)
    known = counting(pipeline.warehouse.read("deposits", {"departement": played.slot.departement}))
    gone = known.iloc[0]
    said = pipeline.warehouse.read("survey_places", {"deposit_id": gone["deposit_id"]})
    words = {word for name in ("name", "phone", "email") for word in said[name].dropna()}
    national = pipeline.warehouse.read("national_places", {"departement": played.slot.departement})
    words -= {value for name in national for value in national[name].dropna().astype(str)}
    assert len(words) > 5
    stores = (pipeline.warehouse, pipeline.files, pipeline.deposits, None)
    assert purge(*stores, asked=[gone["deposit_id"]], ledger=pipeline.ledger).failed == ()
    pipeline.warehouse.dispose()
    shutil.rmtree(settings.home)  # database, files and the home's own ledger are lost
    done = restore(settings, backup)
    assert [one.deposit_id for one in done.erased] == [gone["deposit_id"]]
    after = played.open(settings)
    (row,) = after.warehouse.read("deposits", {"deposit_id": gone["deposit_id"]}).to_dict("records")
    assert (row["path"], row["sha256"]) == ("", gone["sha256"])
    assert after.warehouse.read("survey_places", {"deposit_id": gone["deposit_id"]}).empty
    assert gone["sha256"] not in {*tree(settings.home / "files").values(), *tree(settings.home / "deposits").values()}
    left = "\n".join(rows(after, "places") + rows(after, "place_values") + rows(after, "problems"))
    assert not {word for word in words if json.dumps(word) in left}
    assert (settings.home / LEDGER).is_file()
    assert faults_of_home(settings) == []
    after.warehouse.dispose()
    assert back_up(settings, backup.parent).manifest.erasures == tuple(one.erasure_id for one in done.erased)


@pytest.mark.parametrize("part", ["warehouse.db", "files", "deposits", MANIFEST])
def test_a_byte_that_changed_and_a_file_that_lacks_are_refused_before_anything_is_touched(
    backup: Path, tmp_path: Path, part: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.at(tmp_path / "home")
    soil(settings)
    stood = tree(settings.home)
    path = backup / part
    path = next(one for one in sorted(path.rglob("*")) if one.is_file()) if path.is_dir() else path
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    monkeypatch.setenv("FS_HOME", str(settings.home))
    assert main(["restore", str(backup)]) == 1
    said = capsys.readouterr().err
    assert "prenez" in said
    assert "Traceback" not in said
    path.unlink()
    with pytest.raises(DamagedBackup, match="manque"):
        restore(settings, backup)
    assert tree(settings.home) == stood
    assert main(["verify", str(backup)]) == 1


def test_a_file_too_many_and_a_backup_under_way_are_no_backup(backup: Path, tmp_path: Path) -> None:
    settings = Settings.at(tmp_path / "home")
    (backup / "files" / "de-trop.html").write_text("x")
    with pytest.raises(DamagedBackup, match="est de trop : « files/de-trop"):
        restore(settings, backup)
    with pytest.raises(DamagedBackup, match="interrompue"):
        restore(settings, backup.parent)


@pytest.mark.parametrize("cut", ["_move_all", "unmark", "forget_before"])
def test_cut_off_anywhere_nothing_is_half_restored_and_the_same_command_ends_it(
    played: Played, backup: Path, settings: Settings, cut: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut: neither `except` nor `finally` of ours runs."""
    restore(settings, backup)
    (settings.home / "files" / "ajout.txt").write_text("of before")
    stood = tree(settings.home / "files")
    calls = iter(range(2))

    def killed(*_: object) -> None:
        if cut == "_move_all" and next(calls) == 0:
            return swapping_move(*_)  # type: ignore[no-any-return, func-returns-value]
        raise SystemExit

    swapping_move = swapping._move_all
    where = swapping if cut == "_move_all" else restoring
    with monkeypatch.context() as patched:
        patched.setattr(where, cut, killed)
        if cut == "_move_all":
            patched.setattr(restoring, "undo", lambda _: None)
            patched.setattr(restoring, "forget_before", lambda _: None)
        with pytest.raises(SystemExit):
            restore(settings, backup)
    if cut != "forget_before":
        assert (settings.home / SWAPPING).exists()
        with pytest.raises(UnusableSettings, match="relancez « fs-pipeline restore »"):
            played.open(settings).warehouse  # noqa: B018
        assert any("interrompue" in fault for fault in faults_of_home(settings))
        with monkeypatch.context() as patched:  # what stood is all there still
            patched.setattr(restoring, "stage", lambda *_: (_ for _ in ()).throw(OSError("full")))
            with pytest.raises(OSError, match="full"):
                restore(settings, backup)
        assert tree(settings.home / "files") == stood
        assert faults_of_home(settings) == []
    restore(settings, backup)
    assert faults_of_home(settings) == []
    assert tree(settings.home / "files") == tree(played.settings.home / "files")
    assert not list(settings.home.glob(".*"))


def test_what_is_in_use_is_left_alone(played: Played, backup: Path, settings: Settings) -> None:
    restore(settings, backup)
    pipeline = played.open(settings)
    with pipeline.warehouse.reading() as connection:
        connection.exec_driver_sql("select 1")
        with pytest.raises(UnusableSettings, match="sert encore"):
            restore(settings, backup)
    pipeline.warehouse.dispose()


def test_without_any_ledger_nothing_is_restored_unless_one_says_so(backup: Path, tmp_path: Path) -> None:
    settings = Settings.at(tmp_path / "home")
    (backup.parent / LEDGER).unlink()
    with pytest.raises(Unrestored, match="aucun registre des suppressions"):
        restore(settings, backup)
    assert restore(settings, backup, without_erasures=True).erased == ()


def test_verify_tells_what_lacks_of_a_home(played: Played, backup: Path, settings: Settings) -> None:
    restore(settings, backup)
    pipeline, files = played.open(settings), FileStore(settings.files_url)
    version = pipeline.warehouse.read("publications", {"edition": "public"}).iloc[0]
    snapshot = pipeline.warehouse.read("snapshots").iloc[0]
    pipeline.warehouse.dispose()
    files.write(f"{version['path']}/carte.html", b"another")
    files.delete(f"{version['path']}/lieux.csv")
    files.write(snapshot["path"], b"another")
    said = faults_of_home(settings)
    where = f"la publication {version['campaign']} {version['departement']} (public)"
    assert f"« carte.html » de {where} a changé" in said
    assert f"« lieux.csv » manque à {where}" in said
    assert sum("instantané" in fault for fault in said) == 1
    assert len(said) == 3


def test_a_database_with_a_torn_page_is_told(backup: Path, tmp_path: Path) -> None:
    settings = Settings.at(tmp_path / "home")
    restore(settings, backup)
    path = settings.home / "warehouse.db"
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 3 + 64] = os.urandom(64)
    path.write_bytes(content)
    (fault,) = faults_of_home(settings)
    assert fault.startswith("la base de données est abîmée")


def test_older_backups_go_and_what_is_no_backup_stays(played: Played, backup: Path, tmp_path: Path) -> None:
    settings = Settings.at(tmp_path / "home")
    restore(settings, backup)
    (backup.parent / "notes").mkdir()
    second = back_up(settings, backup.parent)
    third = back_up(settings, backup.parent, keep=2)
    assert third.removed == (backup,)
    assert {path.name for path in backup.parent.iterdir()} == {LEDGER, "notes", second.folder.name, third.folder.name}


def test_a_backup_is_made_while_the_home_is_written_to(played: Played, backup: Path, tmp_path: Path) -> None:
    settings = Settings.at(tmp_path / "home")
    restore(settings, backup)
    with sqlite3.connect(settings.home / "warehouse.db") as writer:
        writer.execute("update deposits set verdict = 'half written'")
        made = back_up(settings, backup.parent)
        assert faults_of_backup(made.folder) == []
        writer.rollback()
    with sqlite3.connect(f"{(made.folder / 'warehouse.db').as_uri()}?mode=ro", uri=True) as copy:
        assert ("half written",) not in copy.execute("select verdict from deposits").fetchall()


def test_the_three_commands_speak_french(
    played: Played, backup: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FS_HOME", str(tmp_path / "home"))
    assert main(["restore", str(backup)]) == 0
    assert "L’installation est entière." in capsys.readouterr().out
    assert main(["verify"]) == 0
    assert capsys.readouterr().out == "L’installation est entière.\n"
    assert main(["backup"]) == 2
    assert "FS_BACKUPS" in capsys.readouterr().err
    assert main(["backup", str(tmp_path / "home" / "ici")]) == 2
    assert "donnez un dossier à part" in capsys.readouterr().err
    monkeypatch.setenv("FS_BACKUPS", str(backup.parent))
    assert main(["backup", "--keep", "1"]) == 0
    assert "Sauvegarde retirée" in capsys.readouterr().out
    known = pd.read_sql("select deposit_id from deposits", f"sqlite:///{tmp_path / 'home' / 'warehouse.db'}")
    assert main(["purge", "--deposit", known["deposit_id"][0]]) == 0
    assert "Dépôts demandés : 1" in capsys.readouterr().out
    assert main(["purge", "--deposit", "personne.csv"]) == 2
    gc.collect()  # the command before was another process's, which has left its database
    (made,) = (path for path in backup.parent.iterdir() if path.is_dir())
    assert main(["restore", str(made)]) == 0
    assert "supprimés de nouveau : 1 dépôt" in capsys.readouterr().out.replace("\u00a0", " ")
