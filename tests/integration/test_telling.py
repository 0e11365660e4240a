"""Six faults that were caused, each told once by mail and webhook; a digest in the morning; nothing on a good night."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pandas as pd
import pytest
from dagster._daemon.types import DaemonHeartbeat

from fs_pipeline import watching
from fs_pipeline.assets.survey import read_slot
from fs_pipeline.campaigns.register import open_by_run, read_campaign
from fs_pipeline.campaigns.taken import Taken, record_taken
from fs_pipeline.cli import main
from fs_pipeline.partitions import Slot
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings, UnusableSettings
from fs_pipeline.telling.channels import Channel, channels_from
from fs_pipeline.telling.told import tell
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.status import say
from tests.mailbox import Hook, Mailbox, hook, mailbox

CAMPAIGN = "2022-12"
PERSON = "jeanne-moreau-0556001122"
SURVEY = "Nom;Adresse;Code postal;Commune\nFrance services A;1 rue A;01000;Bourg-en-Bresse\n"
PARIS = ZoneInfo("Europe/Paris")


class Night:
    """An installation that goes well, a clock of its own, and whoever is told."""

    def __init__(self, folder: Path, instance: dg.DagsterInstance, mails: Mailbox, posts: Hook, url: str) -> None:
        self.pipeline = Pipeline(replace(Settings.at(folder), database_url=url))
        self.instance, self.mails, self.posts = instance, mails, posts
        self.now = datetime(2026, 11, 24, 22, 0, tzinfo=PARIS)  # a Tuesday
        self.channels: list[Channel] = channels_from(
            {"FS_SMTP_URL": mails.url, "FS_MAIL_TO": "garde@exemple.fr, nuit@exemple.fr", "FS_WEBHOOK_URL": posts.url}
        )
        self.codes = self.pipeline.load_territory().departement_codes
        open_by_run(self.pipeline.warehouse, CAMPAIGN, day="2022-12-01", run="r")
        for code in self.codes:
            self.hand_in(code)
        self.daemon_is_there()

    def hand_in(self, code: str, verdict: str = "accepted", filename: str = "enquete.csv") -> None:
        row = {
            "deposit_id": f"{code}-{filename}", "campaign": CAMPAIGN, "departement": code, "filename": filename, "sha256": "0",
            "path": "p", "received_at": "2022-12-10T00:00:00+00:00", "retention_until": "2029-01-01", "verdict": verdict,
            "validator_version": "1",
        }  # fmt: skip
        self.pipeline.warehouse.upsert("deposits", pd.DataFrame([row]))

    def daemon_is_there(self) -> None:
        for kind in ("SENSOR", "SCHEDULER", "QUEUED_RUN_COORDINATOR"):
            self.instance.add_daemon_heartbeat(DaemonHeartbeat(self.now.timestamp(), kind, "here", []))

    def look(self, minutes: float = 1, *, daemon: bool = True) -> list[str]:
        """The timer, one minute after another; what could not be sent."""
        unsent = []
        for _ in range(max(1, round(minutes))):
            self.now += timedelta(minutes=min(minutes, 1))
            if daemon:
                self.daemon_is_there()
            found = watching.incidents(self.pipeline, self.instance, self.now)
            unsent += tell(self.pipeline.warehouse, self.channels, found, self.now)
        return unsent

    def said(self) -> list[str]:
        return [str(mail["Subject"]).removeprefix("[fs_pipeline] ") for mail in self.mails.mails]

    def state(self, code: str, stage: str, state: str, message: str | None) -> None:
        row = {"campaign": CAMPAIGN, "departement": code, "stage": stage, "state": state, "message": message, "turn": 1}
        with self.pipeline.warehouse.writing() as connection:
            say(self.pipeline.warehouse, [row], {}, connection)

    def take(self, source: str, state: str, message: str | None = None) -> None:
        taken = Taken(source, state, message=message, as_of="2022-11-01")
        record_taken(self.pipeline.warehouse, read_campaign(self.pipeline.warehouse, CAMPAIGN), taken, None)


@contextmanager
def nightfall(folder: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Night]:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: (10**12, 0, 10**12))
    with dg.DagsterInstance.local_temp(str(folder)) as instance, mailbox() as mails, hook() as posts:
        made = Night(folder / "home", instance, mails, posts, url)
        yield made
        made.pipeline.warehouse.dispose()


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Night]:
    with nightfall(tmp_path, f"sqlite:///{tmp_path / 'warehouse.db'}", monkeypatch) as made:
        yield made


@pytest.fixture
def night_on_both(warehouse_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Night]:
    with nightfall(tmp_path, warehouse_url, monkeypatch) as made:
        yield made


def refuse_a_file(night: Night) -> None:
    """Read as the survey's assets do: a letter is no survey."""
    night.pipeline.deposits.write(f"{CAMPAIGN}/33/{PERSON}.csv", b"%PDF-1.7 Monsieur le prefet")
    read_slot(night.pipeline, Slot(CAMPAIGN, "33"))
    (row,) = night.pipeline.warehouse.read("deposits", {"filename": f"{PERSON}.csv"}).to_dict("records")
    assert row["verdict"] == "refused"


def crash(night: Night) -> None:
    night.state("40", "reconciliation/places", "failed", "Erreur imprévue (KeyError). … la référence 3f9a12bc.")


def lose_a_source(night: Night) -> None:
    night.take("la_poste", "last_good", "La Poste : le serveur répond 404.")


def fill_the_disk(_: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: (10**12, 10**12 - 10**9, 10**9))


def be_late(night: Night) -> None:
    night.pipeline.warehouse.replace("deposits", {"departement": "47"}, pd.DataFrame())
    row = {"campaign": CAMPAIGN, "reference_date": "2022-12-01", "deadline": "2026-11-23"}
    night.pipeline.warehouse.upsert("campaigns", pd.DataFrame([row]))


def test_each_of_six_faults_is_told_exactly_once_within_five_minutes_and_once_more_in_the_morning(
    night_on_both: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    night = night_on_both
    night.look(3)
    assert night.said() == []
    refuse_a_file(night)
    crash(night)
    lose_a_source(night)
    fill_the_disk(night, monkeypatch)
    be_late(night)
    assert night.look(5, daemon=False) == []
    told = [
        "Un fichier refusé", "Un département en échec", "Une source perdue", "Un disque presque plein",
        "Le démon est arrêté", "Un département en retard",
    ]  # fmt: skip
    assert sorted(night.said()) == sorted(told)
    night.look(30, daemon=False)
    assert len(night.mails.mails) == len(night.posts.posted) == 6
    for mail, post in zip(night.mails.mails, night.posts.posted, strict=True):
        assert (mail["Subject"], mail["To"]) == (post["subject"], "garde@exemple.fr, nuit@exemple.fr")
        assert mail["Auto-Submitted"] == "auto-generated"
    texts = "\n".join(mail.get_content() for mail in night.mails.mails)
    assert "Gironde (33), campagne 2022-12 : un fichier remis n’est pas pris en compte" in texts
    assert "trace 3f9a12bc" in texts
    assert "Lot-et-Garonne (47)" in texts
    assert "jeanne" not in texts.lower()
    night.now = datetime(2026, 11, 25, 6, 58, tzinfo=PARIS)
    night.look(30, daemon=False)
    assert len(night.mails.mails) == 7
    digest = night.mails.mails[-1]
    assert digest["Subject"] == "[fs_pipeline] Résumé du 25/11/2026 : 6\u00a0incidents en cours"
    assert all(line.strip() in digest.get_content() for line in texts.splitlines() if "(33)" in line or "(40)" in line)
    assert "jeanne" not in str(night.posts.posted).lower()


def test_a_good_night_says_nothing_and_what_was_mended_is_in_the_digest_alone(night: Night) -> None:
    night.look(5)
    night.now = datetime(2026, 11, 25, 6, 58, tzinfo=PARIS)
    night.look(10)
    assert night.said() == []
    crash(night)  # after seven: this morning's digest is over
    night.look(3)
    assert night.said() == ["Un département en échec"]
    night.state("40", "reconciliation/places", "good", None)
    night.look(3)
    night.now = datetime(2026, 11, 26, 7, 5, tzinfo=PARIS)
    night.look(3)
    assert night.said()[1:] == ["Résumé du 26/11/2026 : 0\u00a0incident en cours"]
    assert night.mails.mails[-1].get_content().startswith("Terminé :")
    night.now = datetime(2026, 11, 27, 7, 5, tzinfo=PARIS)
    night.look(3)
    assert len(night.mails.mails) == 2
    crash(night)  # again: it is another incident
    night.look(1)
    assert len(night.mails.mails) == 3


def test_a_part_of_the_daemon_that_was_switched_off_is_no_incident(night: Night) -> None:
    night.instance.add_daemon_heartbeat(DaemonHeartbeat(0.0, "MONITORING", "here", []))
    night.look(2)
    assert night.said() == []


def test_what_lasts_is_recalled_on_mondays(night: Night) -> None:
    lose_a_source(night)
    night.look(1)
    for day in range(25, 31):
        night.now = datetime(2026, 11, day, 8, 0, tzinfo=PARIS)
        night.look(2)
    assert night.said() == [
        "Une source perdue",
        "Résumé du 25/11/2026 : 1\u00a0incident en cours",
        "Résumé du 30/11/2026 : 1\u00a0incident en cours",
    ]
    assert "Dure encore :" in night.mails.mails[-1].get_content()


def test_a_hundred_slots_that_fail_at_once_are_one_message(night: Night) -> None:
    for code in night.codes:
        night.state(code, "access/minutes", "failed", "Erreur imprévue (MemoryError). … la référence 3f9a12bc.")
    night.look(2)
    assert night.said() == ["101 départements en échec"]
    assert "… et 71 de plus." in night.mails.mails[0].get_content()


def test_a_webhook_that_throttles_and_a_server_that_refuses_get_it_later_and_once(night: Night) -> None:
    night.posts.answers = [(429, {"Retry-After": "240"}), (500, {})]
    night.mails.refuses = True
    crash(night)
    (mail, post) = night.look(1)
    assert "n’a pas pris" in mail or "ne l’a pas pris" in mail
    assert post.startswith("webhook : le webhook a répondu 429")
    assert "token" not in post
    night.look(3)
    assert (night.mails.mails, night.posts.posted) == ([], [])
    night.mails.refuses = False
    night.look(20)
    assert (len(night.mails.mails), len(night.posts.posted)) == (1, 1)


def test_a_redirect_is_not_followed_and_what_ended_meanwhile_is_not_told_late(night: Night) -> None:
    night.posts.answers = [(302, {"Location": night.posts.url})]
    crash(night)
    assert "302" in night.look(1)[0]
    night.state("40", "reconciliation/places", "good", None)
    night.look(5)
    assert (len(night.mails.mails), len(night.posts.posted)) == (1, 0)


def test_a_slot_that_was_interrupted_is_told_only_where_it_is_not_mended_by_itself(night: Night) -> None:
    night.now = datetime.now(PARIS).replace(hour=12)
    status = {"campaign": CAMPAIGN, "departement": "24", "stage": "access/minutes", "state": "interrupted"}
    night.state("24", "access/minutes", "interrupted", "Une exécution a été interrompue avant cette étape.")
    at = night.now.astimezone(ZoneInfo("UTC")).isoformat(timespec="seconds")
    rows = night.pipeline.warehouse.read("slot_status", status).assign(updated_at=at)
    night.pipeline.warehouse.upsert("slot_status", rows)
    night.look(3)
    assert night.said() == []
    night.look(2)
    assert night.said() == ["Un département en échec"]


def test_two_timers_at_once_send_one(night_on_both: Night) -> None:
    night = night_on_both
    crash(night)
    other = Warehouse(night.pipeline.settings.database_url)
    found = watching.incidents(night.pipeline, night.instance, night.now)

    class Slow:
        """While it sends, another process looks."""

        name = "mail"

        def send(self, message: object) -> None:
            assert tell(other, night.channels[:1], found, night.now) == []
            night.channels[0].send(message)  # type: ignore[arg-type]

    assert tell(night.pipeline.warehouse, [Slow()], found, night.now) == []
    other.dispose()
    assert night.said() == ["Un département en échec"]


@pytest.mark.parametrize(
    "environ",
    [
        {"FS_SMTP_URL": "https://exemple.fr", "FS_MAIL_TO": "a@exemple.fr"},
        {"FS_SMTP_URL": "smtp://compte:secret@exemple.fr", "FS_MAIL_TO": ""},
        {"FS_SMTP_URL": "smtp://exemple.fr", "FS_MAIL_TO": "a@exemple.fr\nBcc: b@exemple.fr"},
        {"FS_WEBHOOK_URL": "file:///etc/secret"},
    ],
)
def test_settings_that_cannot_be_used_are_one_line_without_a_password(environ: dict[str, str]) -> None:
    with pytest.raises(UnusableSettings) as refusal:
        channels_from(environ)
    assert "secret" not in str(refusal.value)


def test_a_password_is_not_sent_in_clear(night: Night) -> None:
    url = night.mails.url.replace("smtp://", "smtp://compte:secret@")
    (channel,) = channels_from({"FS_SMTP_URL": url, "FS_MAIL_TO": "a@exemple.fr"})
    crash(night)
    found = watching.incidents(night.pipeline, night.instance, night.now)
    (line,) = tell(night.pipeline.warehouse, [channel], found, night.now)
    assert "n’offre pas TLS" in line
    assert night.mails.mails == []


def test_the_command_tries_the_channels_and_says_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FS_HOME", str(tmp_path / "home"))
    for name in ("FS_SMTP_URL", "FS_WEBHOOK_URL"):
        monkeypatch.delenv(name, raising=False)
    assert main(["tell"]) == 1
    assert "personne n’est prévenu" in capsys.readouterr().err
    with mailbox() as mails:
        monkeypatch.setenv("FS_SMTP_URL", mails.url)
        monkeypatch.setenv("FS_MAIL_TO", "garde@exemple.fr")
        assert main(["tell", "--test"]) == 0
        assert [str(mail["Subject"]) for mail in mails.mails] == ["[fs_pipeline] Essai"]
        started = time.monotonic()
        assert main(["tell"]) == 0
        assert time.monotonic() - started < 60
        assert len(mails.mails) == 1
    assert main(["tell", "--dry-run"]) == 0
    assert "Rien à signaler." in capsys.readouterr().out
