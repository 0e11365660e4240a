"""A dataset of data.gouv.fr stands for its newest file of a kind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fs_pipeline.http.datagouv import is_dataset, newest_resource
from fs_pipeline.http.limits import Limits
from fs_pipeline.http.problems import ForbiddenAddress, NoSnapshot, TooLarge, Unreachable, UnreadableSource
from fs_pipeline.http.snapshots import Ask, serve
from fs_pipeline.warehouse.files import FileStore
from tests.unit.http.bad_server import BadServer, body, cut, running, status

PATH = "/api/1/datasets/liste/"
LIMITS = Limits(connect_seconds=5, read_seconds=1.5, attempts=2, backoff_seconds=0.01)


@pytest.fixture
def server() -> Iterator[BadServer]:
    with running() as state:
        yield state


def resource(server: BadServer, name: str, changed: str = "2024-01-01T00:00:00", title: str = "") -> dict[str, str]:
    return {"title": title or name, "url": f"{server.url}/{name}", "last_modified": changed, "format": "csv"}


def newest(server: BadServer, folder: Path, pattern: str, reference_date: str = "2022-12-31") -> tuple[str, str]:
    found = newest_resource(f"{server.url}{PATH}#{pattern}", folder, "Liste", reference_date, LIMITS)
    return found.url.rpartition("/")[2], found.as_of


def test_a_dataset_is_told_from_a_file():
    assert is_dataset("https://www.data.gouv.fr/api/1/datasets/liste/#csv$")
    assert not is_dataset("https://www.data.gouv.fr/fr/datasets/r/0eac1faa")
    assert not is_dataset("/api/1/datasets/liste")


def test_the_newest_matching_file_not_after_the_campaign_is_taken(server, tmp_path):
    names = ("fs-2020-10-12.csv", "fs-2022-12-01.csv", "fs-2023-06-01.csv", "notice-2022-12-05.pdf")
    server.answers[PATH] = [body(json.dumps({"resources": [resource(server, name) for name in names]}))]
    assert newest(server, tmp_path, r"\.csv$") == ("fs-2022-12-01.csv", "2022-12-01")
    assert newest(server, tmp_path, r"\.csv$", "2021-01-01") == ("fs-2020-10-12.csv", "2020-10-12")
    assert newest(server, tmp_path, r"\.csv$", "2019-01-01") == ("fs-2023-06-01.csv", "2023-06-01")


def test_a_file_without_a_day_in_its_name_is_dated_by_its_last_change(server, tmp_path):
    entries = [resource(server, "liste-2022.csv", "2022-11-03T08:00:00"), resource(server, "x.csv", "2022-10-01")]
    server.answers[PATH] = [body(json.dumps({"resources": entries}))]
    assert newest(server, tmp_path, "csv") == ("liste-2022.csv", "2022-11-03")


@pytest.mark.parametrize(
    "page",
    ["{}", "[]", "<html>", '{"resources": [{}]}', '{"resources": [3]}', '{"resources": 3}', '{"resources": null}'],
)
def test_a_page_that_is_no_dataset_is_refused_in_french(server, tmp_path, page):
    server.answers[PATH] = [body(page)]
    with pytest.raises(UnreadableSource, match=r"data\.gouv\.fr.*À faire"):
        newest(server, tmp_path, "csv")


@pytest.mark.parametrize(
    "url",
    ["file:///etc/hostname", "/etc/hostname", "etc/hostname", "../../x.csv", "ftp://example/x.csv", "data:text/csv,a",
     "gopher://127.0.0.1:70/x.csv", "//example/x.csv", "http://nom:mot@example/x.csv", "s3://seau/x.csv"],
)  # fmt: skip
def test_a_file_of_a_dataset_is_on_the_web_or_is_refused(server, tmp_path, url):
    server.answers[PATH] = [
        body(json.dumps({"resources": [{"title": "csv", "url": url, "last_modified": "2022-12-01"}]}))
    ]
    with pytest.raises(ForbiddenAddress, match=r"data\.gouv\.fr.*l’adresse obtenue.*À faire"):
        newest(server, tmp_path, "csv")


@pytest.mark.parametrize(
    "said",
    ["2022-11-31", "2022-13-01", "../../../x", "/etc/x", "2022-11-3\x00", "hier", "0000-00-00", "²⁰²²-11-01", 20221101],
)
def test_a_date_of_a_dataset_is_a_date_or_is_refused(server, tmp_path, said):
    server.answers[PATH] = [body(json.dumps({"resources": [resource(server, "liste.csv", said)]}))]
    with pytest.raises(UnreadableSource, match=r"n’est pas une date.*À faire"):
        newest(server, tmp_path, "csv")


def test_a_date_in_a_name_that_the_calendar_does_not_have_is_no_date(server, tmp_path):
    server.answers[PATH] = [body(json.dumps({"resources": [resource(server, "fs-2022-02-31.csv", "2022-03-01")]}))]
    assert newest(server, tmp_path, "csv") == ("fs-2022-02-31.csv", "2022-03-01")


def test_a_bad_file_of_a_dataset_does_not_hide_the_good_ones(server, tmp_path):
    entries: list[object] = [
        3,
        {"url": 4},
        {"title": "csv", "url": "file:///etc/hostname", "last_modified": "2022-12-30"},
        resource(server, "a.csv", "2022-11-31"),
        resource(server, "b.csv", "2022-11-30"),
    ]
    server.answers[PATH] = [body(json.dumps({"resources": entries}))]
    assert newest(server, tmp_path, "csv") == ("b.csv", "2022-11-30")


def test_a_pattern_that_is_none_is_said_to_be_wrong(server, tmp_path):
    server.answers[PATH] = [body(json.dumps({"resources": [resource(server, "a.csv")]}))]
    with pytest.raises(Unreachable, match=r"motif.*sources\.toml"):
        newest(server, tmp_path, "(csv")


def test_a_file_of_a_dataset_on_an_internal_server_is_not_fetched(server, tmp_path):
    with running() as inside:
        inside.answers["/liste.csv"] = [body()]
        entry = {"title": "csv", "url": f"{inside.url}/liste.csv", "last_modified": "2022-12-01"}
        server.answers[PATH] = [body(json.dumps({"resources": [entry]}))]
        ask = Ask(source="liste", title="Liste", location=f"{server.url}{PATH}#csv")
        store = FileStore(str(tmp_path / "files"))
        day = date(2022, 12, 15)
        with pytest.raises(NoSnapshot, match=r"réseau interne.*internal_hosts"):
            serve(ask, store, lambda path: 40, reference_date=day, today=day, limits=LIMITS)
        assert inside.requests == []
        declared = replace(ask, internal_hosts=(inside.url.removeprefix("http://"),))
        assert serve(declared, store, lambda path: 40, reference_date=day, today=day, limits=LIMITS).is_new


def test_a_dataset_too_long_or_too_deep_is_refused(server, tmp_path):
    for page in ("[" * 100_000, '{"resources": ' + "[" * 100_000):
        server.answers[PATH] = [body(page)]
        with pytest.raises(UnreadableSource, match=r"data\.gouv\.fr"):
            newest(server, tmp_path, "csv")
    server.answers[PATH] = [cut(10, "x" * 30_000_000)]
    with pytest.raises(TooLarge, match="octets"):
        newest(server, tmp_path, "csv")


def test_a_dataset_without_a_matching_file_says_which_pattern_to_correct(server, tmp_path):
    server.answers[PATH] = [body(json.dumps({"resources": [resource(server, "a.pdf")]}))]
    with pytest.raises(Unreachable, match=r"csv.*motif après #"):
        newest(server, tmp_path, "csv")


def test_a_list_taken_from_its_dataset_serves_when_the_dataset_is_down(server, tmp_path):
    store = FileStore(str(tmp_path / "files"))
    ask = Ask(source="liste", title="Liste", location=f"{server.url}{PATH}#csv")
    server.answers[PATH] = [body(json.dumps({"resources": [resource(server, "fs-2022-12-01.csv")]}))]
    server.answers["/fs-2022-12-01.csv"] = [body()]

    def run():  # type: ignore[no-untyped-def]
        day = date(2022, 12, 15)
        return serve(ask, store, lambda path: 40, reference_date=day, today=day, limits=LIMITS)

    first = run()
    assert (first.snapshot.as_of, first.snapshot.url) == ("2022-12-01", f"{server.url}/fs-2022-12-01.csv")
    server.answers[PATH] = [status(503)]
    again = run()
    assert again.snapshot == first.snapshot
    assert "503" in again.message
