"""A drop folder is received file by file: what is refused holds up no other, and is said."""

from __future__ import annotations

import datetime
import json
import os
import unicodedata
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from fs_pipeline.assets.slots import SlotRefused
from fs_pipeline.assets.survey import read_slot
from fs_pipeline.campaigns.decisions import closing
from fs_pipeline.campaigns.register import decide, open_by_run
from fs_pipeline.deposits.retention import purge
from fs_pipeline.partitions import Slot
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings
from fs_pipeline.warehouse.files import FileStore

SLOT = Slot("2022-12", "33")
FEEDBACK = "feedback/2022-12/33"


def csv(*names: str) -> bytes:
    rows = [f"{name};1 place de la Cathédrale;33430;Bazas" for name in names]
    return "\n".join(["Nom;Adresse;Code postal;Commune", *rows, ""]).encode()


class Prefecture:
    """Someone who drops files and looks at what becomes of them."""

    def __init__(self, home: Path) -> None:
        self.pipeline = Pipeline(Settings.at(home))
        open_by_run(self.pipeline.warehouse, SLOT.campaign, day="2022-12-01", run="r")
        self.folder = home / "deposits" / "2022-12" / "33"
        self.folder.mkdir(parents=True)

    def drop(self, name: str | bytes, content: bytes) -> Path:
        path = Path(os.fsdecode(os.fsencode(self.folder) + b"/" + os.fsencode(name)))
        path.write_bytes(content)
        return path

    def run(self) -> tuple[list[str], str]:
        """Names of the places that count, and what is said of the slot."""
        reserves: dict[Slot, str] = {}
        tables = read_slot(self.pipeline, SLOT, reserves)
        return sorted(tables["survey_places"]["name"]), reserves.get(SLOT, "")

    def deposits(self) -> pd.DataFrame:
        return self.pipeline.warehouse.read("deposits")

    def feedback(self, name: str) -> dict[str, object]:
        answer: dict[str, object] = json.loads(self.pipeline.files.read(f"{FEEDBACK}/{name}.json"))
        return answer


@pytest.fixture
def prefecture(tmp_path):
    return Prefecture(tmp_path)


def test_a_campaign_that_was_never_opened_refuses_its_slots_and_says_how_it_is_opened(prefecture):
    prefecture.drop("enquete.csv", csv("Mairie"))
    with pytest.raises(SlotRefused, match=r"La campagne 2023-06 n’est pas ouverte.*fs-pipeline campaign open 2023-06"):
        read_slot(prefecture.pipeline, Slot("2023-06", "33"))


def test_what_systems_leave_beside_a_survey_is_not_seen(prefecture):
    prefecture.drop("enquete.csv", csv("Mairie"))
    for name in ("~$enquete.xlsx", ".DS_Store", "Thumbs.db", "desktop.ini", ".~lock.enquete.ods#", "._enquete.csv"):
        prefecture.drop(name, b"\x00\x01 whatever")
    assert prefecture.run() == (["Mairie"], "")
    assert list(prefecture.deposits()["filename"]) == ["enquete.csv"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("lettre.pdf", b"%PDF-1.7 whatever", "c’est un PDF"),
        ("photo.jpg", b"\xff\xd8\xff\xe0 whatever", "c’est une image"),
        ("vide.xlsx", b"", "vide"),
        ("abime.xlsx", b"PK\x03\x04 whatever", "abîmé"),
        ("ailleurs.csv", csv("Mairie").replace(b"33430;Bazas", b"29000;Quimper"), "est dans le département"),
    ],
)
def test_a_file_that_is_no_survey_is_refused_alone_and_told_everywhere(prefecture, name, content, said):
    prefecture.drop("enquete.csv", csv("Mairie"))
    prefecture.drop(name, content)
    places, reserve = prefecture.run()
    assert places == ["Mairie"]
    assert reserve.startswith(f"Avec une réserve : {name} : ")
    assert said in reserve
    assert said in str(prefecture.feedback(name)["reason"])
    assert prefecture.feedback("enquete.csv")["verdict"] != "refused"
    problems = read_slot(prefecture.pipeline, SLOT)["problems"]
    assert said in " ".join(problems[problems["severity"] == "error"]["message"])


def test_a_slot_whose_only_file_is_refused_stays_refused(prefecture):
    prefecture.drop("lettre.pdf", b"%PDF-1.7 whatever")
    with pytest.raises(SlotRefused, match=r"lettre\.pdf : Ce fichier n’est pas un tableau"):
        prefecture.run()


def test_a_version_that_is_refused_leaves_the_last_good_one_and_its_date_is_said(prefecture):
    prefecture.drop("enquete.csv", csv("Mairie"))
    prefecture.run()
    prefecture.drop("enquete.csv", b"%PDF-1.7 whatever")
    prefecture.drop("autre.csv", csv("CCAS"))
    places, reserve = prefecture.run()
    assert places == ["CCAS", "Mairie"]
    assert f"Sa version reçue le {datetime.datetime.now(datetime.UTC):%d/%m/%Y} reste prise en compte." in reserve
    assert not prefecture.pipeline.files.exists(f"{FEEDBACK}/enquete.csv.annote.xlsx")


def test_what_is_no_file_is_never_opened_and_never_the_others(prefecture, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_bytes(csv("Secret"))
    prefecture.drop("enquete.csv", csv("Mairie"))
    os.mkfifo(prefecture.folder / "tube.csv")
    (prefecture.folder / "lien.csv").symlink_to(secret)
    (prefecture.folder / "mort.csv").symlink_to("nowhere")
    (prefecture.folder / "dossier" / "plus bas").mkdir(parents=True)
    (prefecture.folder / "dossier" / "plus bas" / "x.csv").write_bytes(csv("Trop bas"))
    with prefecture.drop("enorme.xlsx", b"").open("wb") as file:
        file.truncate(3 << 30)
    prefecture.drop("enquete.xlsx.part", b"PK")
    places, reserve = prefecture.run()
    assert places == ["Mairie"]
    for said in (
        "tube.csv : Ce n’est pas un fichier ordinaire.",
        "lien.csv : C’est un lien",
        "mort.csv : C’est un lien",
        "dossier : C’est un dossier.",
        "enorme.xlsx : Ce fichier dépasse 60 Mo.",
        "enquete.xlsx.part : Ce fichier est encore en cours d’arrivée.",
    ):
        assert said in reserve
        assert prefecture.feedback(said.partition(" : ")[0])["verdict"] == "refused"
    assert list(prefecture.deposits()["filename"]) == ["enquete.csv"]


def test_the_answer_to_what_was_refused_unread_goes_with_it(prefecture):
    prefecture.drop("enquete.csv", csv("Mairie"))
    (prefecture.folder / "dossier").mkdir()
    prefecture.run()
    (prefecture.folder / "dossier").rmdir()
    assert prefecture.run() == (["Mairie"], "")
    assert [path for path in prefecture.pipeline.files.list(FEEDBACK) if "dossier" in path] == []
    assert len(prefecture.pipeline.files.list(FEEDBACK)) == 3


def test_names_of_any_bytes_and_lengths_are_read_and_kept_under_names_that_can_be_written(prefecture):
    names = [
        b"enqu\xeate.csv",
        b"a\nb\x1b[2J.csv",
        "\u202excod.csv".encode(),
        b"x" * 250 + b".csv",
        b"nul.csv",
        b"-rf.csv",
    ]
    for number, name in enumerate(names):
        prefecture.drop(name, csv(f"Lieu {number}"))
    assert prefecture.run() == ([f"Lieu {number}" for number in range(len(names))], "")
    assert {"enquête.csv", "a b[2J.csv", "xcod.csv", "_nul.csv", "-rf.csv"} < set(prefecture.deposits()["filename"])
    for path in prefecture.pipeline.files.list(""):
        path.encode()


def test_composed_and_parted_letters_make_one_file_and_its_newest_version_counts(prefecture):
    composed, parted = (unicodedata.normalize(form, "enquête.csv") for form in ("NFC", "NFD"))
    os.utime(prefecture.drop(parted, csv("Ancien")), (1, 1))
    prefecture.drop(composed, csv("Nouveau"))
    places, reserve = prefecture.run()
    assert places == ["Nouveau"]
    assert "enquête.csv : plusieurs fichiers portent ce nom, le plus récent est lu." in reserve
    before = prefecture.deposits()
    prefecture.run()
    pd.testing.assert_frame_equal(prefecture.deposits(), before)


def test_a_file_that_goes_away_between_the_look_and_the_reading_is_as_if_never_dropped(prefecture, monkeypatch):
    prefecture.drop("enquete.csv", csv("Mairie"))
    gone = prefecture.drop("partie.csv", csv("CCAS"))
    look = FileStore.look

    def look_then_lose(store, folder, **how):
        found = look(store, folder, **how)
        gone.unlink(missing_ok=True)
        return found

    monkeypatch.setattr(FileStore, "look", look_then_lose)
    assert prefecture.run() == (["Mairie"], "")


def test_a_folder_that_cannot_be_read_refuses_its_own_slot_and_what_stood_stands(prefecture):
    prefecture.drop("enquete.csv", csv("Mairie"))
    prefecture.run()
    (prefecture.folder / "enquete.csv").unlink()
    prefecture.folder.rmdir()
    prefecture.folder.write_bytes(b"a file in its place")
    with pytest.raises(SlotRefused, match="Le dossier des dépôts de ce département ne peut pas être lu"):
        prefecture.run()


def test_an_earlier_version_handed_in_again_counts_again(prefecture):
    first, second = csv("Avant"), csv("Après")
    for content, counts in (
        (first, "Avant"),
        (second, "Après"),
        (first, "Avant"),
        (b"%PDF", "Avant"),
        (second, "Après"),
    ):
        prefecture.drop("enquete.csv", content)
        assert prefecture.run()[0] == [counts]


def test_a_file_that_still_lies_there_keeps_its_dates_however_often_its_slot_is_run(prefecture):
    prefecture.drop("enquete.csv", csv("Mairie"))
    prefecture.run()
    prefecture.pipeline.warehouse.upsert("deposits", prefecture.deposits().assign(retention_until="2099-01-01"))
    prolonged = prefecture.deposits()
    prefecture.run()
    pd.testing.assert_frame_equal(prefecture.deposits(), prolonged)
    assert list(prolonged["retention_until"]) == ["2099-01-01"]


def test_a_file_handed_in_again_after_its_purge_lives_three_years_of_its_own(prefecture):
    pipeline, today = prefecture.pipeline, datetime.datetime.now(datetime.UTC).date()
    prefecture.drop("enquete.csv", csv("Mairie"))
    prefecture.run()
    long_ago = (today - datetime.timedelta(days=1)).isoformat()
    pipeline.warehouse.upsert("deposits", prefecture.deposits().assign(retention_until=long_ago))
    purge(pipeline.warehouse, pipeline.files, pipeline.deposits, today)
    assert list(prefecture.folder.iterdir()) == []
    with pytest.raises(SlotRefused, match="supprimé à la fin de sa durée de conservation"):
        prefecture.run()

    prefecture.drop("enquete.csv", csv("Mairie"))
    assert prefecture.run() == (["Mairie"], "")
    purge(pipeline.warehouse, pipeline.files, pipeline.deposits, today + datetime.timedelta(days=365))
    assert prefecture.run() == (["Mairie"], "")
    assert (prefecture.deposits()["retention_until"] > (today + datetime.timedelta(days=3 * 364)).isoformat()).all()


def test_a_deposit_whose_reading_stopped_midway_has_a_date_at_which_it_goes(prefecture, monkeypatch):
    def die(*_):
        raise MemoryError

    monkeypatch.setattr("fs_pipeline.assets.receiving.read_deposit", die)
    prefecture.drop("enquete.csv", csv("Mairie"))
    with pytest.raises(MemoryError):
        prefecture.run()
    (row,) = prefecture.deposits().to_dict("records")
    assert row["verdict"] == "refused"
    assert prefecture.pipeline.files.exists(row["path"])


def test_a_closed_campaign_receives_nothing_more_and_keeps_what_counts(prefecture):
    prefecture.drop("lieux.csv", csv("Mairie"))
    prefecture.drop("lettre.csv", b"rien")
    before = prefecture.run()
    warehouse, at = prefecture.pipeline.warehouse, "2023-02-01T08:00:00+00:00"
    decide(warehouse, SLOT.campaign, partial(closing, by="SGAR", at=at))
    assert prefecture.run() == before  # the same files, made again
    rows = prefecture.deposits()
    prefecture.drop("lieux.csv", csv("Mairie", "Bibliothèque"))
    prefecture.drop("autre.csv", csv("Poste"))
    counting, said = prefecture.run()
    assert counting == ["Mairie"]
    assert said.count("arrivé après la clôture de la campagne (01/02/2023)") == 2
    assert "ouvrir une nouvelle campagne" in str(prefecture.feedback("autre.csv"))
    pd.testing.assert_frame_equal(prefecture.deposits(), rows)
    assert not [path for path in prefecture.pipeline.files.list("deposits") if path.endswith("autre.csv")]


def test_an_earlier_version_handed_in_again_after_the_closing_takes_no_place(prefecture):
    prefecture.drop("lieux.csv", csv("Mairie"))
    prefecture.run()
    prefecture.drop("lieux.csv", csv("Mairie", "Bibliothèque"))
    prefecture.run()
    warehouse = prefecture.pipeline.warehouse
    decide(warehouse, SLOT.campaign, partial(closing, by="SGAR", at="2023-02-01T08:00:00+00:00"))
    prefecture.drop("lieux.csv", csv("Mairie"))
    counting, said = prefecture.run()
    assert counting == ["Bibliothèque", "Mairie"]
    assert "Sa version reçue le" in said
