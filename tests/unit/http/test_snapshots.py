"""Dated snapshots, and the last good one when the newest is bad."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fs_pipeline.http.limits import Limits
from fs_pipeline.http.problems import ChangedSource, EmptySource, HalvedSource, NoSnapshot, Truncated, Unreachable
from fs_pipeline.http.shelf import Snapshot, at, kept
from fs_pipeline.http.snapshots import Ask, Served, serve
from fs_pipeline.warehouse.files import FileStore
from tests.unit.http.bad_server import GOOD, BadServer, body, cut, running, slow, status

LIMITS = Limits(connect_seconds=5, read_seconds=1.5, attempts=2, backoff_seconds=0.01)
TODAY = date(2022, 12, 15)


@pytest.fixture
def server() -> Iterator[BadServer]:
    with running() as state:
        yield state


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(str(tmp_path / "files"))


@pytest.fixture
def ask(server: BadServer) -> Ask:
    return Ask(source="liste", title="Liste", location=f"{server.url}/list.csv", expected_rows=5, max_age_days=30)


def count(path: Path) -> int:
    header, *rows = path.read_text().splitlines()
    if header != "id,name":
        raise ChangedSource("Liste", f"colonnes reçues {header}", "déclarer la colonne")
    return len(rows)


def run(ask: Ask, store: FileStore, reference_date: date = TODAY, today: date = TODAY) -> Served:
    return serve(ask, store, count, reference_date=reference_date, today=today, limits=LIMITS)


def test_a_good_file_is_kept_with_its_hash_and_served(server, store, ask):
    server.answers["/list.csv"] = [body(Last_Modified="Thu, 01 Dec 2022 10:00:00 GMT")]
    served = run(ask, store)
    assert served.is_new
    assert served.message is None
    assert (served.snapshot.as_of, served.snapshot.rows, served.age_days) == ("2022-12-01", 40, 14)
    assert store.read(served.snapshot.path).decode() == GOOD
    assert served.snapshot.row().keys() == {"source", "as_of", "sha256", "path", "rows", "fetched_at"}
    assert kept(store, "liste") == [served.snapshot]


def test_the_same_bytes_are_not_kept_twice(server, store, ask):
    server.answers["/list.csv"] = [body(ETag='"1"')]
    first = run(ask, store)
    again = run(ask, store)
    assert not again.is_new
    assert again.snapshot == first.snapshot
    assert server.headers_of(1)["If-None-Match"] == '"1"'


BAD = {
    "down": (status(503), Unreachable),
    "silent": (slow(2.5), Unreachable),
    "gone": (status(404), Unreachable),
    "cut": (cut(100), Truncated),
    "empty": (body("id,name\n"), EmptySource),
    "halved": (body("\n".join(GOOD.splitlines()[:15])), HalvedSource),
    "short": (body("\n".join(GOOD.splitlines()[:3])), HalvedSource),
    "changed": (body(GOOD.replace("name", "nom")), ChangedSource),
    "page": (body("<!doctype html><title>Maintenance</title>"), ChangedSource),
}


@pytest.mark.parametrize(("bad", "problem"), BAD.values(), ids=BAD)
def test_every_fault_leaves_the_last_good_list_in_service_and_says_what_to_do(server, store, ask, bad, problem):
    server.answers["/list.csv"] = [body(Last_Modified="Thu, 01 Dec 2022 10:00:00 GMT")]
    good = run(ask, store).snapshot
    server.answers["/list.csv"] = [bad]
    served = run(ask, store)
    assert served.snapshot == good
    assert isinstance(served.problem, problem)
    assert "À faire\u00a0:" in served.message
    assert "liste du 01/12/2022, âgée de 14 jours" in served.message
    assert kept(store, "liste") == [good]


def test_without_any_good_list_the_problem_is_told(server, store, ask):
    server.answers["/list.csv"] = [status(404)]
    with pytest.raises(NoSnapshot, match="404"):
        run(ask, store)
    assert kept(store, "liste") == []


def test_an_old_list_is_served_and_its_age_told(server, store, ask):
    server.answers["/list.csv"] = [body(Last_Modified="Sat, 01 Oct 2022 10:00:00 GMT")]
    served = run(ask, store)
    assert served.is_stale
    assert "âgée de 75 jours" in served.message


def test_a_campaign_never_sees_a_later_list(store, ask, tmp_path):
    for day, rows in (("2020-01-02", 10), ("2020-10-12", 18), ("2022-12-01", 40)):
        file = tmp_path / f"{day}.csv"
        file.write_text("\n".join(GOOD.splitlines()[: rows + 1]))
        run(replace(ask, location=str(file), as_of=day), store)
    nothing_new = replace(ask, location="")
    assert run(nothing_new, store, date(2021, 6, 30)).snapshot.as_of == "2020-10-12"
    assert run(nothing_new, store, date(2022, 12, 1)).snapshot.as_of == "2022-12-01"
    with pytest.raises(NoSnapshot, match="31/12/2019"):
        run(nothing_new, store, date(2019, 12, 31))


def test_an_older_list_given_later_is_not_compared_with_a_newer_one(store, ask, tmp_path):
    for day, rows in (("2022-12-01", 40), ("2020-01-02", 10)):
        file = tmp_path / f"{day}.csv"
        file.write_text("\n".join(GOOD.splitlines()[: rows + 1]))
        served = run(replace(ask, location=str(file), as_of=day), store)
        assert served.problem is None
    assert [snapshot.rows for snapshot in kept(store, "liste")] == [10, 40]


def test_a_list_given_by_hand_serves_even_if_another_of_that_day_was_kept(store, ask, tmp_path):
    files = {}
    for name, rows in (("a", 40), ("b", 38)):
        files[name] = tmp_path / f"{name}.csv"
        files[name].write_text("\n".join(GOOD.splitlines()[: rows + 1]))
    for name, rows in (("a", 40), ("b", 38), ("a", 40)):
        assert run(replace(ask, location=str(files[name]), as_of="2022-12-01"), store).snapshot.rows == rows
    older = run(replace(ask, location=str(files["b"]), as_of="2022-10-01"), store)
    assert (older.snapshot.as_of, older.problem) == ("2022-10-01", None)


def test_a_list_later_than_the_campaign_is_kept_and_said_to_be_too_late(server, store, ask):
    server.answers["/list.csv"] = [body(Last_Modified="Thu, 15 Dec 2022 10:00:00 GMT")]
    with pytest.raises(NoSnapshot, match=r"15/12/2022, après.*\(01/12/2022\).*fs-pipeline campaign advance"):
        run(ask, store, date(2022, 12, 1))
    assert run(replace(ask, location=""), store).snapshot.as_of == "2022-12-15"


def test_an_unchanged_list_is_good_news_and_no_problem(server, store, ask):
    server.answers["/list.csv"] = [body(ETag='"1"', Last_Modified="Thu, 01 Dec 2022 10:00:00 GMT")]
    run(ask, store)
    served = run(ask, store)
    assert (served.problem, served.is_new, served.snapshot.as_of) == (None, False, "2022-12-01")


def test_of_two_lists_of_one_day_the_one_fetched_last_serves():
    early = Snapshot("liste", "2022-12-01", "a", "p", 40, "2022-12-02T08:00:00+00:00")
    late = replace(early, sha256="b", fetched_at="2022-12-03T08:00:00+00:00")
    assert at([late, early], "2022-12-31") == late
    assert at([late, early], "2022-11-30") is None


def damage(store: FileStore, snapshot: Snapshot) -> None:
    store.write(snapshot.path, b"something else")


def test_a_snapshot_that_changed_on_the_disk_is_fetched_again(server, store, ask):
    server.answers["/list.csv"] = [body(ETag='"1"', Last_Modified="Thu, 01 Dec 2022 10:00:00 GMT")]
    damage(store, run(ask, store).snapshot)
    served = run(ask, store)
    assert served.problem is None
    assert store.read(served.snapshot.path).decode() == GOOD


def test_a_snapshot_that_changed_on_the_disk_never_serves(server, store, ask):
    server.answers["/list.csv"] = [body(Last_Modified="Sat, 01 Oct 2022 10:00:00 GMT")]
    sound = run(ask, store).snapshot
    server.answers["/list.csv"] = [body(GOOD + "40,Lieu\n", Last_Modified="Thu, 01 Dec 2022 10:00:00 GMT")]
    damage(store, run(ask, store).snapshot)
    served = run(replace(ask, location=""), store)
    assert served.snapshot == sound
    assert "01/12/2022 ne répond plus à son empreinte" in served.message


def good_before(server: BadServer, store: FileStore, ask: Ask) -> Snapshot:
    server.answers["/list.csv"] = [body(Last_Modified="Thu, 01 Dec 2022 10:00:00 GMT")]
    return run(ask, store).snapshot


BAD_CARDS = {
    "a date that is none": {"as_of": "2022-11-31"},
    "a date that is a path": {"as_of": "../../../x"},
    "a file elsewhere": {"path": "snapshots/liste/../../../x"},
    "a file of another card": {"path": "snapshots/liste/autre"},
    "another source": {"source": "autre"},
    "a number that is none": {"rows": "40"},
    "a moment that is none": {"fetched_at": "hier"},
    "no moment": {"fetched_at": None},
    "no word of the server": {"known": None},
}


@pytest.mark.parametrize("change", BAD_CARDS.values(), ids=BAD_CARDS)
def test_a_card_that_says_what_cannot_be_is_left_aside_and_told(server, store, ask, change):
    """Such cards were written by earlier versions, which believed any date."""
    good = good_before(server, store, ask)
    card = json.loads(store.read(f"{good.path}.card.json"))
    store.write("snapshots/liste/x.card.json", json.dumps(card | {"path": "snapshots/liste/x"} | change).encode())
    served = run(ask, store)
    assert (served.snapshot, served.problem) == (good, None)
    assert (
        served.message
        == "Fiches d’instantané inutilisables, laissées de côté, à supprimer : snapshots/liste/x.card.json."
    )
    assert run(replace(ask, location=""), store).snapshot == good


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"null", b"[" * 100_000, b'{"source": "liste"}'])
def test_a_card_that_cannot_be_read_is_left_aside_and_told(server, store, ask, content):
    good = good_before(server, store, ask)
    store.write("snapshots/liste/x.card.json", content)
    served = run(ask, store)
    assert served.snapshot == good
    assert "snapshots/liste/x.card.json" in served.message


def test_a_card_of_a_later_version_is_read(server, store, ask):
    good = good_before(server, store, ask)
    card = json.loads(store.read(f"{good.path}.card.json"))
    store.write(f"{good.path}.card.json", json.dumps(card | {"new": 1}).encode())
    assert kept(store, "liste") == [good]


@pytest.mark.parametrize("day", ["31 Dec 9999", "01 Jan 2099", "01 Jan 1970"])
def test_a_list_from_the_future_or_from_before_all_lists_is_of_today(server, store, ask, day):
    """Else it would be above every other list for ever, or below."""
    good_before(server, store, ask)
    server.answers["/list.csv"] = [body(GOOD + "40,Lieu\n", Last_Modified=f"Fri, {day} 10:00:00 GMT")]
    served = run(ask, store)
    assert (served.snapshot.as_of, served.snapshot.rows) == (TODAY.isoformat(), 41)


def test_a_page_instead_of_a_file_that_is_only_counted_is_refused(server, store, ask):
    for page in (
        "<!doctype html>",
        "\ufeff\n <HTML>",
        "<!-- portail -->\n<html>",
        "<script>location='/login'</script>",
    ):
        server.answers["/list.csv"] = [body(page, Content_Type="text/csv")]
        with pytest.raises(NoSnapshot, match="page web"):
            serve(ask, store, lambda _: 40, reference_date=TODAY, today=TODAY, limits=LIMITS)
    assert store.list("") == []


def test_a_kept_list_that_can_no_longer_be_read_leaves_its_place_to_the_one_before(server, store, ask):
    good = good_before(server, store, ask)
    server.answers["/list.csv"] = [body(GOOD + "40,Lieu\n", Last_Modified="Fri, 02 Dec 2022 10:00:00 GMT")]
    newer = run(ask, store).snapshot

    def reads(path: Path, as_of: str) -> None:
        if as_of == newer.as_of:
            raise ChangedSource("Liste", "un contenu que le lecteur ne connaît pas", "ouvrir le fichier")

    served = serve(ask, store, count, reference_date=TODAY, today=TODAY, limits=LIMITS, reads=reads)
    assert served.snapshot == good
    assert "ne connaît pas" in served.message


def test_a_password_in_the_address_is_not_kept(server, store, ask):
    server.answers["/list.csv"] = [body(ETag='"1"')]
    with_password = replace(ask, location=ask.location.replace("//", "//nom:mot@"))
    first = run(with_password, store)
    assert first.snapshot.url == ask.location
    assert not run(with_password, store).is_new
    assert all(b"mot" not in store.read(path) for path in store.list(""))
