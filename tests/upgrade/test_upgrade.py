"""A warehouse filled by the first version in the field is brought to today's with every row, on both databases."""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from collections.abc import Iterable
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from fs_pipeline.cli import main
from fs_pipeline.data import read_csv
from fs_pipeline.settings import UnusableSettings
from fs_pipeline.warehouse import prepare as prepare_module
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.models import load_project
from fs_pipeline.warehouse.prepare import prepare
from fs_pipeline.warehouse.tables import metadata
from tests.unit.warehouse.writers import at_once, upgrade_warehouse
from tests.upgrade.old_warehouse import Rows, counted, dumped, fill_file, fill_server, read_all

RENAMED = {
    "_20": "_near", "_30": "_far", "communes_unreached": "points_unreached",
    "communes_not_computed": "points_not_computed", "communes": "points",
}  # fmt: skip # endings of columns since

GONE = {"stg_survey_places": "located", "int_place_sides": "source_date"}  # columns of results that nobody read

WORDED = {"label"}  # a sentence beside a figure, which may be said better since
# Rows that are told since: of nobody, in a warehouse of before.
SINCE = {
    "demarche_shares": {"verdict": "general"},
}
RECOUNTED = {
    "to_review"
}  # pairs of places since, no longer of records: rows that are one place already wait for nobody
ORDERED = {"gaps": "rank"}  # ordered by who is surely far, since


@pytest.fixture(scope="session")
def filled_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The old SQLite file, made once."""
    path = tmp_path_factory.mktemp("old") / "warehouse.db"
    fill_file(path)
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def old_url(request: pytest.FixtureRequest, filled_file: Path, tmp_path: Path) -> str:
    """The old warehouse on both databases."""
    if request.param == "sqlite":
        copied: Path = shutil.copy(filled_file, tmp_path / "warehouse.db")
        return f"sqlite:///{copied}"
    url: str = request.getfixturevalue("postgres_url")
    fill_server(url, filled_file)
    return url


@pytest.fixture
def environment(old_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("FS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FS_DATABASE_URL", old_url)
    return old_url


def rows_of(url: str) -> Rows:
    engine = create_engine(url)
    try:
        return read_all(engine)
    finally:
        engine.dispose()


def name_now(name: str) -> str:
    ending = next((ending for ending in RENAMED if name.endswith(ending)), "")
    return name.removesuffix(ending) + RENAMED.get(ending, "")


def cut(row: dict[str, Any]) -> dict[str, Any]:
    """An old row as it is told now: what minutes are asked for was one text, which also began identifiers of gaps."""
    told = dict(row)
    for name in {"service", "figure"} & row.keys():
        kind, what = row[name].split(":")
        labelled, by_operator = kind == "label", kind == "operator"
        told[name] = what if labelled else "coverage" if kind == "demarche" else kind
        told |= {"demarche_id": "" if labelled or by_operator else what, "operator": what if by_operator else ""}
    if "departement" in row and row.get("key") == "france_services":
        # What the figure leaves out is said since, and that buses too are counted in rows of the list.
        told["method"] = next(
            word["method"]
            for word in read_csv("indicator_words.csv")
            if (word["key"], word["dimension"]) == (row["key"], row["dimension"] or "")
        )
    if "method" in row:  # where times start from is said since
        told["method"] = told["method"].replace("de chaque commune au lieu", "des mairies au lieu")
        told["method"] = told["method"].replace("; les deux parts", "; les parts")  # help in general is one since
    for name in {"reason", "value_or_reason"} & row.keys():
        told[name] = row[name] and row[name].replace("ne dit rien des démarches", "ne dit rien de l’aide aux démarches")
    for name in {"gap_id", "scope"} & row.keys():
        told[name] = re.sub("^confirmed:", "confirmed|", row[name].removeprefix("label:"))
    return told


def rebased(shares: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Old rows of ``demarche_shares``, whose base was everybody, with the shares of those whose times were found."""
    asked: dict[tuple[Any, ...], float] = defaultdict(float)
    base = itemgetter("campaign", "departement", "demarche_id", "threshold")
    for row in shares:
        asked[base(row)] += row["population"] if row["verdict"] != "not_computed" else 0.0
    return [
        row | {"share": None if row["verdict"] == "not_computed" else row["population"] / asked[base(row)]}
        for row in shares
    ]


def without_means(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of ``indicators`` without the means of those shares."""
    return [row for row in rows if row["key"] != "demarche_coverage"]


def assert_same(before: Rows, after: Rows, tables: Iterable[str]) -> None:
    if "indicators" in before:
        before, after = ({**rows, "indicators": without_means(rows["indicators"])} for rows in (before, after))
    for table in tables:
        rows = [cut(row) for row in before[table]]
        rows = rebased(rows) if table == "demarche_shares" else rows
        there = after[table][0].keys() if after[table] else []
        names = {name: name if name in there else name_now(name) for name in before[table][0]} if rows else {}
        names |= {name: name for name in {"demarche_id", "operator"} & {*there}}
        new = [row for row in after[table] if table in SINCE and SINCE[table].items() <= row.items()]
        assert not any(row.get("population") or row.get("value") for row in new), table
        told = [name for name in names if name not in {*WORDED, *RECOUNTED, ORDERED.get(table), GONE.get(table)}]
        stood = [row for row in after[table] if row not in new]
        assert counted(stood, [names[name] for name in told]) == counted(rows, told), table
        if table in ORDERED:
            slots = ["campaign", "departement", ORDERED[table]]
            assert counted(after[table], slots) == counted(rows, slots), table


def assert_nothing_is_lost(before: Rows, after: Rows) -> None:
    assert_same(before, after, [table for table in metadata().tables if table in before])


def bring_up_to_date(url: str) -> None:
    warehouse = Warehouse(url, may_upgrade=True)
    prepare(warehouse, load_project())
    warehouse.dispose()


def test_the_dump_holds_nothing_of_the_machine_it_was_made_on() -> None:
    for engine in ("sqlite", "postgresql"):
        assert not re.findall(r"/(?:home|root|tmp|work|usr|var)/|localhost|127\.0\.0\.1", dumped(engine))


def test_every_row_is_there_and_every_result_is_made_again_to_the_same_figures(
    old_url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows_of(old_url)
    # By the lists that were reviewed then: a démarche that has come since is another figure, and no fault.
    # A list that has other columns since is today's.
    lists = {f"{name}.csv": before[name] for name in load_project().seeds if name in before}
    lists = {file: rows for file, rows in lists.items() if {*read_csv(file)[0]} <= {*rows[0]}}
    monkeypatch.setattr(prepare_module.data, "read_csv", lambda name: lists.get(name) or read_csv(name))
    engine = create_engine(old_url)
    with engine.begin() as connection:  # so that a figure that is there afterwards was made again
        for model in load_project():
            if model.name in before:
                connection.execute(text(f'delete from "{model.name}"'))
    engine.dispose()
    bring_up_to_date(old_url)
    after = rows_of(old_url)
    assert_nothing_is_lost(before, after)
    assert_same(before, after, [model.name for model in load_project() if model.name in before])
    assert "tables de résultats refaites" in caplog.text
    assert "2022-12 : 00 ; 2023-06 : 00 ; 2023-12 : 00" in caplog.text


def test_each_part_of_what_minutes_are_asked_for_has_its_column(old_url: str) -> None:
    bring_up_to_date(old_url)
    after = rows_of(old_url)
    assert counted(after["access_minutes"], ["service"]) == {
        ("confirmed",): 600, ("orientation",): 480, ("france_services",): 180, ("itinerant",): 180,
    }  # fmt: skip
    for table in ("access_minutes", "coverage_by_hour", "gap_areas", "levers", "access_changes"):
        for row in after[table]:
            assert not [text for text in row.values() if isinstance(text, str) and re.match("[a-z_]+:", text)], row
            ours = row["service"] in {"confirmed", "orientation"}
            assert re.fullmatch(r"R\d+" if ours else "", row.get("demarche_id", "")), row
            assert (row["service"] == "operator") == bool(row.get("operator")), row
    gaps = {row["gap_id"] for row in after["gap_areas"]}
    assert {row["scope"] for row in after["levers"]} <= {"departement", *gaps}
    assert {row["gap_id"].split("|")[0] for row in after["gap_areas"]} == {"confirmed", "france_services"}


def test_nobody_is_said_to_help_in_general_before_a_survey_is_read_again(old_url: str) -> None:
    bring_up_to_date(old_url)
    after = rows_of(old_url)
    assert {row["general_help"] for row in after["survey_places"]} == {None}
    assert "general" not in {row["evidence"] for row in after["demarche_matrix"]}
    assert {row["general_far"] for row in after["gaps"]} == {0}


def test_both_histories_begin_with_what_was_known(old_url: str) -> None:
    bring_up_to_date(old_url)
    after = rows_of(old_url)
    told = ["campaign", "departement", "stage", "state", "message"]
    assert counted(after["slot_history"], told) == counted(after["slot_status"], told)
    judged = ["deposit_id", "verdict", "validator_version"]
    assert counted(after["deposit_verdicts"], judged) == counted(after["deposits"], judged)


def test_each_id_was_born_with_its_first_record_or_place_or_when_it_was_cut_off(old_url: str) -> None:
    before = rows_of(old_url)
    first: dict[str, str] = {}
    for row in before["registry"]:
        first[row["place_id"]] = min(row["first_campaign"], first.get(row["place_id"], row["first_campaign"]))
    lost, part, *_ = sorted(first)
    engine = create_engine(old_url)
    with engine.begin() as connection:
        connection.execute(text("delete from registry where place_id = :lost"), {"lost": lost})
        connection.execute(
            text(
                "insert into place_aliases (alias, place_id, campaign, why) values (:lost, :part, '2023-09', 'split')"
            ),
            {"lost": lost, "part": part},
        )
    engine.dispose()
    bring_up_to_date(old_url)
    born = {row["place_id"]: (row["departement"], row["first_campaign"]) for row in rows_of(old_url)["place_births"]}
    seen = min(row["campaign"] for row in before["places"] if row["place_id"] == lost)
    told = first | {lost: seen, part: "2023-09"}
    assert born == {place_id: (place_id.partition("-")[0], campaign) for place_id, campaign in told.items()}


def test_doubles_are_taken_out_and_said(old_url: str, caplog: pytest.LogCaptureFixture) -> None:
    before = rows_of(old_url)
    engine = create_engine(old_url)
    with engine.begin() as connection:
        connection.execute(text("insert into link_pairs select * from link_pairs where campaign = '2023-06'"))
    engine.dispose()
    count = sum(row["campaign"] == "2023-06" for row in before["link_pairs"])
    bring_up_to_date(old_url)
    assert_nothing_is_lost(before, rows_of(old_url))
    assert f"link_pairs : lignes en double retirées, la dernière écrite reste : 2023-06 00 ({count})" in caplog.text


def test_migrate_is_the_one_command_and_who_only_reads_says_so(
    environment: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = rows_of(environment)
    assert main(["rulings", "export", str(tmp_path / "decisions.csv")]) == 2
    assert "lancez « fs-pipeline migrate »" in capsys.readouterr().err
    assert rows_of(environment) == before
    assert main(["migrate"]) == 0
    assert "La base de données est au niveau de cette version." in capsys.readouterr().out
    assert main(["rulings", "export", str(tmp_path / "decisions.csv")]) == 0
    assert main(["migrate"]) == 0


def test_a_server_is_not_changed_by_whoever_opens_it(postgres_url: str, filled_file: Path) -> None:
    fill_server(postgres_url, filled_file)
    with pytest.raises(UnusableSettings, match="fs-pipeline migrate"):
        Warehouse(postgres_url)
    Warehouse(postgres_url, may_upgrade=True).dispose()  # the tables of results are still those of before
    warehouse = Warehouse(postgres_url)
    with pytest.raises(UnusableSettings, match="fs-pipeline migrate"):
        prepare(warehouse, load_project())
    warehouse.dispose()
    bring_up_to_date(postgres_url)
    warehouse = Warehouse(postgres_url)
    prepare(warehouse, load_project())
    warehouse.dispose()


def test_two_who_bring_it_up_to_date_at_once_do_it_once(old_url: str) -> None:
    before = rows_of(old_url)
    assert at_once(upgrade_warehouse, [(old_url,), (old_url,)]) == []
    assert_nothing_is_lost(before, rows_of(old_url))


def test_a_table_that_the_version_before_made_again_for_itself_is_filled_again(old_url: str) -> None:
    """The first version drops a table of results whose columns are not its own, and makes it without rows."""
    bring_up_to_date(old_url)
    before = rows_of(old_url)
    engine = create_engine(old_url)
    with engine.begin() as connection:
        connection.execute(text("drop table slot_overview"))
        connection.execute(text("create table slot_overview (campaign varchar, departement varchar)"))
        connection.execute(text("drop table gaps"))
        connection.execute(text("create table gaps (campaign varchar, departement varchar, insee varchar)"))
    engine.dispose()
    bring_up_to_date(old_url)
    after = rows_of(old_url)
    for table in ("gaps", "slot_overview"):
        names = list(before[table][0])
        assert counted(after[table], names) == counted(before[table], names)


def test_a_database_of_a_later_version_is_left_alone(old_url: str) -> None:
    bring_up_to_date(old_url)
    engine = create_engine(old_url)
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    engine.dispose()
    before = rows_of(old_url)
    with pytest.raises(UnusableSettings, match="version plus récente"):
        Warehouse(old_url, may_upgrade=True)
    assert rows_of(old_url) == before
