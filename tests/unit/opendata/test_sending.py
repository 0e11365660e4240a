"""A public edition is sent once, kept up to date, and survives whatever the site does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from fs_pipeline.opendata import platform as platform_module
from fs_pipeline.opendata.plan import UNDER_WAY
from fs_pipeline.opendata.platform import Account, Patience, Platform, PlatformProblem
from fs_pipeline.opendata.sending import ChangedByHand, Gone, Receipts, Sent, look, send
from fs_pipeline.opendata.wanted import NotOpen, wanted
from fs_pipeline.release.licences import SHARED_ALIKE
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.models import load_project
from fs_pipeline.warehouse.prepare import prepare
from tests.unit.opendata.published import FILES, SENT, about, folder
from tests.unit.opendata.site import (
    KEY,
    ORGANIZATION,
    Site,
    cut,
    done_then_cut,
    done_then_half,
    refuse,
    site,
    slow,
    twice,
    words,
)

PATIENCE = Patience(connect_seconds=1, read_seconds=0.5, total_seconds=5, attempts=3, pause_seconds=0)
LATER = {**FILES, "sources.csv": b"source,as_of\r\nfrance_services,2023-12-01\r\n"}


@dataclass
class Desk:
    """One installation, and the site to which it publishes."""

    site: Site
    warehouse: Warehouse
    token: str = KEY
    organization: str = ORGANIZATION

    @property
    def platform(self) -> Platform:
        account = Account(self.site.url, self.organization, self.token)
        return Platform(account, PATIENCE, sleep=self.waited.append)

    def __post_init__(self) -> None:
        self.waited: list[float] = []

    @property
    def receipts(self) -> Receipts:
        return Receipts(self.warehouse, "33")

    def publish(self, files: dict[str, bytes] | None = None, *, overwrite: bool = False) -> Sent:
        files = folder() if files is None else files
        return send(wanted("33", "2022-12", files), files, self.platform, self.receipts, overwrite=overwrite)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("warehouse") / "empty.db"
    warehouse = Warehouse(f"sqlite:///{path}")
    prepare(warehouse, load_project())
    warehouse.dispose()
    return path


@pytest.fixture
def desk(tmp_path: Path, empty: Path) -> Iterator[Desk]:
    import sqlite3

    with sqlite3.connect(empty) as source, sqlite3.connect(tmp_path / "warehouse.db") as copy:
        source.backup(copy)
    warehouse = Warehouse(f"sqlite:///{tmp_path / 'warehouse.db'}")
    with site() as stand_in:
        yield Desk(stand_in, warehouse)
    warehouse.dispose()


def is_whole(desk: Desk, files: dict[str, bytes] | None = None) -> bool:
    """The site shows each file once, titled, and is open to all."""
    files = folder() if files is None else files
    shown = desk.site.shown()
    assert {name: content for name, (_, content) in shown.items()} == {name: files[name] for name in shown}
    assert len(desk.site.alone["resources"]) == len(shown)
    assert not [name for name, (title, _) in shown.items() if title == name.rpartition("/")[2]]
    return desk.site.alone["private"] is False and UNDER_WAY not in desk.site.alone["description"]


def test_a_first_sending_makes_a_dataset_that_says_what_it_is(desk: Desk) -> None:
    sent = desk.publish()
    assert is_whole(desk)
    assert set(desk.site.shown()) == SENT
    said = desk.site.alone
    assert sent.page == said["page"]
    assert (said["license"], said["frequency"], said["organization"]) == ("lov2", "irregular", {"id": ORGANIZATION})
    assert said["temporal_coverage"] == {"start": "2022-12-01", "end": "2022-12-01"}
    assert said["spatial"] == {"zones": ["fr:departement:33"], "granularity": "fr:departement"}
    resources = {one["extras"]["fs-pipeline:fichier"]: one for one in said["resources"]}
    package = resources["datapackage.json"]
    pointer = resources["arrondissements.csv"]["schema"]["url"]
    assert pointer == f"{desk.site.url}/api/1/datasets/r/{package['id']}#/resources/0/schema"
    schema = json.loads(package["_content"])["resources"][0]["schema"]
    assert [field["name"] for field in schema["fields"]] == ["arrondissement", "arrondissement_name"]
    assert resources["dossier.pdf"]["type"] == "documentation"
    assert resources["arrondissements.csv"]["title"] == "Table «\u00a0arrondissements\u00a0»"
    assert resources["arrondissements.csv"]["description"].startswith("Par arrondissement\n\nCampagne 2022-12")
    assert resources["catalogue.jsonld"]["mime"] == "application/ld+json"
    assert "https://www.rfc-editor.org/rfc/rfc7946" in resources["exports/lieux.geojson"]["description"]
    assert {request.headers["x-api-key"] for request in desk.site.requests} == {KEY}


def test_ten_sendings_make_one_dataset_and_nine_write_nothing(desk: Desk) -> None:
    desk.publish()
    first, files = len(desk.site.written), [one["id"] for one in desk.site.alone["resources"]]
    for _ in range(9):
        desk.publish()
    assert len(desk.site.written) == first
    assert [one["id"] for one in desk.site.alone["resources"]] == files


def test_a_new_version_changes_what_differs_at_the_same_addresses(desk: Desk) -> None:
    desk.publish()
    before = {one["extras"]["fs-pipeline:fichier"]: one["id"] for one in desk.site.alone["resources"]}
    seen = len(desk.site.written)
    later = folder(
        {name: content for name, content in LATER.items() if name != "arrondissements.csv"}, about(fingerprint="f" * 16)
    )
    desk.publish(later)
    assert is_whole(desk, later)
    after = {one["extras"]["fs-pipeline:fichier"]: one["id"] for one in desk.site.alone["resources"]}
    assert after == {name: one for name, one in before.items() if name != "arrondissements.csv"}
    first, *_, last = desk.site.written[seen:]
    assert json.loads(first.body)["description"].startswith(UNDER_WAY)
    assert not json.loads(last.body)["description"].startswith(UNDER_WAY)
    uploads = [request.path for request in desk.site.written[seen:] if request.path.endswith("/upload/")]
    assert len(uploads) == 3  # the list, and the two descriptions that say its digest


def test_what_would_be_sent_is_told_and_nothing_is(desk: Desk) -> None:
    files = folder()
    found, standing = look(wanted("33", "2022-12", files), desk.platform, desk.receipts, overwrite=False)
    assert standing is None
    assert {step.file for step in found.steps if step.action == "add"} == SENT
    assert desk.site.written == []
    assert desk.receipts.read() == []


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (folder(said=about("partners"), licence=None), "pas une édition publique"),
        (folder(said=about("internal"), licence=None), "pas une édition publique"),
        (folder(said=about(fictional=True), licence=None), "aucune licence ouverte"),
        ({**folder(), "sources.csv": b"autre"}, "n’est pas le fichier que décrit"),
        (FILES, "manque"),
    ],
)
def test_only_a_whole_public_edition_under_an_open_licence_leaves(files: dict[str, bytes], words: str) -> None:
    with pytest.raises(NotOpen, match=words):
        wanted("33", "2022-12", files)


def test_minutes_by_openstreetmap_leave_under_its_licence() -> None:
    assert wanted("33", "2022-12", folder(licence=SHARED_ALIKE)).licence == "odc-odbl"


UPLOAD, DESCRIBE, DATASET = r"/upload/$", r"/resources/[^/]+/$", r"/datasets/[^/]+/$"
# What the site does once, to which request; all is well afterwards, without anybody's help.
PASSING = {
    "throttled": ("POST", UPLOAD, refuse(429, {"message": "slow down"}, Retry_After="2")),
    "unavailable": ("POST", UPLOAD, refuse(503)),
    "unavailable at first": ("GET", r"/datasets/\?", refuse(503)),
    "a bad gateway to a question": ("GET", r"/datasets/\?", refuse(502)),
    "hangs up before creating": ("POST", r"/datasets/$", cut),
    "creates, and hangs up": ("POST", r"/datasets/$", done_then_cut),
    "creates, and answers half": ("POST", r"/datasets/$", done_then_half),
    "creates twice": ("POST", r"/datasets/$", twice),
    "hangs up before taking a file": ("POST", UPLOAD, cut),
    "takes a file, and hangs up": ("POST", UPLOAD, done_then_cut),
    "takes a file, and answers half": ("POST", UPLOAD, done_then_half),
    "takes a file twice": ("POST", UPLOAD, twice),
    "takes a file, and never answers": ("POST", UPLOAD, slow(2)),
    "takes a file, and breaks": ("POST", UPLOAD, words(200, b"{")),
    "breaks": ("POST", UPLOAD, refuse(500)),
    "a gateway gives up on a file": ("POST", UPLOAD, refuse(504)),
    "describes, and hangs up": ("PUT", DESCRIBE, done_then_cut),
    "opens, and hangs up": ("PUT", DATASET, done_then_cut),
    "a page of HTML for an answer": ("POST", UPLOAD, words(200, b"<html>Connexion</html>")),
    "a list for an answer": ("PUT", DESCRIBE, words(200, b"[]")),
}


@pytest.mark.parametrize("name", PASSING)
def test_what_passes_leaves_one_whole_dataset(desk: Desk, name: str) -> None:
    method, path, fault = PASSING[name]
    desk.site.misbehave(method, path, fault)
    desk.publish()
    assert is_whole(desk)
    before = len(desk.site.written)
    desk.publish()
    assert len(desk.site.written) == before


# What the site goes on doing: what it is told to do, in words; afterwards another try ends well.
LASTING = {
    "another key": ("GET", r".", refuse(401, {"message": "Invalid API Key"}), "refuse la clé"),
    "no right to the organisation": (
        "POST",
        r"/datasets/$",
        refuse(403, {"message": "Permission denied"}),
        "droit d’écrire",
    ),
    "refuses the description": (
        "POST",
        r"/datasets/$",
        refuse(400, {"errors": {"spatial": ["Unknown zone"]}}),
        "Unknown zone",
    ),
    "too large a file": ("POST", UPLOAD, refuse(413), "aussi gros"),
    "a format it does not take": ("POST", UPLOAD, refuse(415, {"message": "HTML"}), "format de fichier"),
    "leads elsewhere": ("GET", r".", refuse(302, Location="https://ailleurs.invalid/"), "renvoie ailleurs"),
    "leads a file elsewhere": ("POST", UPLOAD, refuse(307, Location="https://ailleurs.invalid/"), "renvoie ailleurs"),
    "is down": ("GET", r".", refuse(503), "demande d’attendre"),
    "asks to wait for a day": ("POST", UPLOAD, refuse(429, Retry_After="86400"), "demande d’attendre"),
    "breaks on each file": ("POST", UPLOAD, refuse(500), "panne"),
    "is a page of HTML": ("GET", r".", words(200, b"<html>Bienvenue</html>"), "pas lisible"),
    "never answers": ("GET", r".", slow(1.5), "ne répond pas"),
}


@pytest.mark.parametrize("name", LASTING)
def test_what_lasts_is_told_and_the_next_try_goes_on(desk: Desk, name: str) -> None:
    method, path, fault, told = LASTING[name]
    desk.site.misbehave(method, path, *[fault] * 40)
    with pytest.raises(PlatformProblem, match=told) as refusal:
        desk.publish()
    assert KEY not in str(refusal.value)
    assert all(one["private"] for one in desk.site.datasets.values())  # nothing half published
    desk.site.faults.clear()
    desk.publish()
    assert is_whole(desk)


def test_an_update_that_is_stopped_says_so_on_the_site_and_goes_on(desk: Desk) -> None:
    desk.publish()
    later = folder({**LATER, "dossier.pdf": b"%PDF-1.7 autre"}, about(fingerprint="f" * 16))
    desk.site.misbehave("POST", UPLOAD, lambda *_: False, *[refuse(500)] * 20)
    with pytest.raises(PlatformProblem, match="panne"):
        desk.publish(later)
    assert desk.site.alone["description"].startswith(UNDER_WAY)
    assert len(desk.site.alone["resources"]) == len(SENT)
    desk.site.faults.clear()
    desk.publish(later)
    assert is_whole(desk, later)


def another_file(site: Site) -> None:
    resource = site.alone["resources"][0]
    resource["_content"] = b"autre"
    resource["checksum"] = {"type": "sha1", "value": hashlib.sha1(b"autre", usedforsecurity=False).hexdigest()}


BY_HAND = {
    "another file": (another_file, "un autre fichier"),
    "a file taken away": (lambda site: site.alone["resources"].pop(), "retiré du site"),
    "another title of a file": (
        lambda site: site.alone["resources"][-1].update(title="Autre"),
        "titre ou sa description",
    ),
    "another title": (lambda site: site.alone.update(title="Autre"), "la fiche"),
    "another licence": (lambda site: site.alone.update(license="notspecified"), "la fiche"),
    "made private": (lambda site: site.alone.update(private=True), "rendu privé"),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_what_was_changed_on_the_site_is_told_and_left(desk: Desk, name: str) -> None:
    change, told = BY_HAND[name]
    desk.publish()
    change(desk.site)
    before = len(desk.site.written)
    with pytest.raises(ChangedByHand, match=told):
        desk.publish()
    assert len(desk.site.written) == before
    desk.publish(overwrite=True)
    assert is_whole(desk)


def test_a_dataset_deleted_by_hand_is_not_made_again_unasked(desk: Desk) -> None:
    desk.publish()
    desk.site.alone["deleted"] = "2026-02-01T00:00:00"
    before = len(desk.site.written)
    with pytest.raises(Gone, match="n’est plus sur le site"):
        desk.publish()
    assert len(desk.site.written) == before
    desk.publish(overwrite=True)
    assert is_whole(desk)


def test_what_others_put_beside_stays(desk: Desk) -> None:
    desk.publish()
    theirs = {"id": "leur", "title": "Notice", "extras": {}, "checksum": None, "filesize": 3, "_content": b"ici"}
    desk.site.alone["resources"].append(theirs)
    desk.site.alone["extras"]["recommandations"] = "oui"
    desk.publish(folder(LATER, about(fingerprint="f" * 16)))
    assert theirs in desk.site.alone["resources"]
    assert desk.site.alone["extras"]["recommandations"] == "oui"


def test_receipts_that_are_lost_are_found_on_the_site(desk: Desk) -> None:
    desk.publish()
    desk.receipts.forget()
    desk.publish()
    assert is_whole(desk)


def test_what_the_site_writes_in_its_own_way_is_not_written_again(desk: Desk) -> None:
    files = folder()
    dataset = replace(wanted("33", "2022-12", files), tags=("cœur-de-ville", "fs-pipeline"))
    for _ in range(2):
        send(dataset, files, desk.platform, desk.receipts)
        before = len(desk.site.written)
    send(dataset, files, desk.platform, desk.receipts)
    assert desk.site.alone["tags"] == ["coeur-de-ville", "fs-pipeline"]
    assert len(desk.site.written) == before


def test_the_key_travels_over_https_alone() -> None:
    with pytest.raises(PlatformProblem, match="https"):
        Account("http://www.data.gouv.fr", ORGANIZATION, KEY)
    assert KEY not in repr(Account("https://www.data.gouv.fr", ORGANIZATION, KEY))


def test_a_site_that_asks_to_wait_is_waited_for(desk: Desk) -> None:
    desk.site.misbehave("POST", UPLOAD, refuse(429, Retry_After="7"))
    desk.publish()
    assert desk.waited == [7.0]


def test_an_id_from_the_site_is_no_address(desk: Desk) -> None:
    assert platform_module._id("../../users/x") == "..%2F..%2Fusers%2Fx"
