"""What is published today against what sources.toml declares: told before a campaign finds out, and nothing is kept of it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from fs_pipeline.cli import main
from fs_pipeline.http.fetch import sha256_of
from fs_pipeline.http.headers import Known
from fs_pipeline.http.limits import Limits
from fs_pipeline.http.shelf import Snapshot, put_away
from fs_pipeline.national.checking import Checked, check_source
from fs_pipeline.national.source_book import SourceBook
from fs_pipeline.national.sources import SOURCES
from fs_pipeline.resources import load_territory
from fs_pipeline.warehouse.files import FileStore
from tests.integration.test_national_faults import FS_COLUMNS, FS_ROWS, GOOD_FS, PAGE, table
from tests.unit.http.bad_server import BadServer, body, running, status

TODAY = datetime.date(2022, 12, 1)
LIMITS = Limits(connect_seconds=5, read_seconds=5, total_seconds=10, attempts=1, backoff_seconds=0.01)
DATASET, FILE = "/api/1/datasets/liste-des-structures-france-services/", "/liste-fs-20221115.csv"


class Published:
    """A dataset as data.gouv.fr answers for it (its fields, cut down), one file of it, and what was kept before."""

    def __init__(self, server: BadServer, folder: Path) -> None:
        self.server, self.store, self.folder = server, FileStore(str(folder / "files")), folder
        self.page = {
            "id": "5f0d9e0a",
            "title": "Liste des structures France services",
            "license": "lov2",
            "resources": [
                {
                    "title": "dictionnaire.pdf",
                    "url": f"{server.url}/d.pdf",
                    "last_modified": "2022-11-20T08:00:00+00:00",
                },
                {"title": "Liste", "url": f"{server.url}{FILE}", "last_modified": "2022-11-16T08:00:00+00:00"},
            ],
        }

    def keep(self, text: str, rows: int, day: str = "2022-10-15") -> None:
        file = self.folder / "kept.csv"
        file.write_text(text, encoding="utf-8")
        path = f"snapshots/france_services/{day}.csv"
        put_away(
            self.store, Snapshot("france_services", day, sha256_of(file), path, rows, f"{day}T00:00", "", Known()), file
        )

    def check(self, text: str = GOOD_FS) -> Checked:
        self.server.answers[DATASET] = [body(json.dumps(self.page))]
        self.server.answers[FILE] = [body(text)]
        book = SourceBook(locations={"france_services": f"{self.server.url}{DATASET}#\\.csv$"}, is_whole=True)
        before = self.store.list("")
        found = check_source("france_services", book, self.store, load_territory(), today=TODAY, limits=LIMITS)
        assert self.store.list("") == before
        return found


@pytest.fixture
def published(tmp_path: Path) -> Iterator[Published]:
    with running() as server:
        yield Published(server, tmp_path)


def test_what_is_as_declared_is_good_with_its_facts(published: Published) -> None:
    found = published.check()
    assert (found.state, found.notes) == ("good", ())
    assert (found.rows, found.as_of, found.licence) == (40, "2022-11-15", "Licence Ouverte 2.0")


def test_each_drift_is_said_by_itself(published: Published) -> None:
    published.keep(GOOD_FS, 40)
    columns = [name if name != "insee_com" else "cog" for name in FS_COLUMNS]
    published.page["license"] = "fr-lo"
    found = published.check(table(tuple(columns), FS_ROWS[:30]))
    assert found.state == "drifted"
    said = "\n".join(found.notes).replace("\u00a0", " ").replace("\u202f", " ")
    assert "lignes : − 25 % depuis la liste du 15/10/2022" in said
    assert "colonnes disparues depuis la liste du 15/10/2022 : insee" in said
    assert "colonnes que sources.toml ne connaît pas : cog" in said
    assert "licence publiée : Licence Ouverte 1.0 ; déclarée : Licence Ouverte 2.0" in said
    assert len(found.notes) == 4
    assert (found.rows, found.rows_before) == (30, 40)


def test_a_list_older_than_its_limit_is_said_to_be(published: Published) -> None:
    days = SOURCES["france_services"].max_age_days + 30
    day = TODAY - datetime.timedelta(days=days)
    url = f"{published.server.url}/liste-fs-{day:%Y%m%d}.csv"
    published.server.answers[url.removeprefix(published.server.url)] = [body(GOOD_FS)]
    published.page["resources"] = [{"title": "Liste", "url": url, "last_modified": f"{day}T08:00:00"}]
    (note,) = published.check().notes
    assert f"âgée de {days} jours" in note


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (body(PAGE), "page web"),
        (body(table(FS_COLUMNS[3:], [row[3:] for row in FS_ROWS])), "colonne absente"),
        (status(404), "404"),
    ],
)
def test_what_a_campaign_would_refuse_is_refused_and_says_why(published: Published, answer, why: str) -> None:
    published.keep(GOOD_FS, 40)
    published.server.answers[DATASET] = [body(json.dumps(published.page))]
    published.server.answers[FILE] = [answer]
    book = SourceBook(locations={"france_services": f"{published.server.url}{DATASET}#\\.csv$"}, is_whole=True)
    found = check_source("france_services", book, published.store, load_territory(), today=TODAY, limits=LIMITS)
    assert found.state == "refused"
    assert why in found.notes[0]
    assert found.rows_before == 40


def test_a_pattern_that_matches_no_file_any_more_is_refused(published: Published) -> None:
    published.page["resources"] = published.page["resources"][:1]
    found = published.check()
    assert found.state == "refused"
    assert "ne répond à" in found.notes[0]


def test_the_command_says_a_line_a_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "fs-2022-11-15.csv").write_text(GOOD_FS, encoding="utf-8")
    (tmp_path / "sources.toml").write_text(
        '[sources]\nfrance_services = "fs-2022-11-15.csv"\nla_poste = "absente.csv"\n'
    )
    monkeypatch.setenv("FS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FS_SOURCES", str(tmp_path / "sources.toml"))
    assert main(["sources", "check", "--source", "la_poste"]) == 1
    assert "refusée" in capsys.readouterr().out
    assert main(["sources", "check", "--source", "roads"]) == 0
    assert "absente" in capsys.readouterr().out
    main(["sources", "check", "--source", "france_services", "--json"])
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["rows"], found["as_of"], found["licence"]) == (40, "2022-11-15", None)
    assert main(["sources", "check", "--source", "inconnue"]) == 2
    assert "au choix : france_services" in capsys.readouterr().err
