"""Declarations and the drift of columns."""

from __future__ import annotations

import pandas as pd
import pytest

from fs_pipeline.assets import reconciliation
from fs_pipeline.cli import main
from fs_pipeline.data import read_csv
from fs_pipeline.http.problems import ChangedSource
from fs_pipeline.http.reach import is_remote
from fs_pipeline.national.columns import rename_columns
from fs_pipeline.national.links import UnlinkedSource, require_links
from fs_pipeline.national.read import PLACE_SOURCES, ask, date_in_name
from fs_pipeline.national.sources import REFERENCES, SOURCES
from fs_pipeline.partitions import slot_partitions
from fs_pipeline.warehouse.models import load_project


def test_every_source_says_who_publishes_it_under_which_licence_and_how_often():
    for source in (SOURCES | REFERENCES).values():
        assert source.title_fr
        assert source.publisher
        assert source.licence
        assert source.cadence
        assert source.page.startswith("https://")
        assert source.max_age_days > 0
        assert source.expected_rows > 0
        assert source.max_bytes > 0
        assert not source.url or is_remote(source.url)
        assert set(source.required) <= set(source.columns)


def test_every_declared_source_of_places_has_its_module_and_is_compared_with_others():
    assert set(PLACE_SOURCES) == set(SOURCES)
    require_links(SOURCES)


def test_a_source_that_nothing_links_refuses_to_start_and_says_what_to_do(monkeypatch):
    monkeypatch.setattr(reconciliation, "PLACE_SOURCES", (*PLACE_SOURCES, "ma_source"))
    with pytest.raises(UnlinkedSource, match=r"ma_source\. .*source_links\.csv"):
        reconciliation.reconciliation_assets(load_project(), slot_partitions(["33"]))


def test_the_command_refuses_it_in_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("FS_HOME", raising=False)
    monkeypatch.setattr(reconciliation, "PLACE_SOURCES", (*PLACE_SOURCES, "ma_source"))
    assert main(["run", "--campaign", "2022-12", "--department", "90", "--out", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "ma_source. Chacun de ses lieux compterait" in error


def test_a_source_is_compared_with_sources_above_it_and_an_operator_has_one_own_list():
    rows = read_csv("source_links.csv")
    seen = set()
    for row in rows:
        assert set(row["compared_with"].split("|")) - {""} <= seen, row["source"]
        seen.add(row["source"])
    counters = [row["counters_of"] for row in rows if row["counters_of"]]
    assert len(set(counters)) == len(counters)
    assert set(counters) <= {"*", *(row["operator"] for row in read_csv("operators.csv"))}


def test_a_renamed_column_is_found_by_its_declared_alias():
    raw = pd.DataFrame(
        {
            "MATRICULE": ["1"],
            "DEPARTEMENT": ["1"],
            "lib_fs": ["x"],
            "ADRESSE": ["y"],
            "code_postal": ["z"],
            "LIB COM": "c",
        }
    )
    columns = rename_columns(raw, SOURCES["france_services"])
    assert columns.table.loc[0, ["id", "departement", "commune"]].tolist() == ["1", "1", "c"]
    assert columns.table.loc[0, "monday"] is None
    assert columns.unknown == ()


def test_an_unknown_column_is_reported_and_not_refused():
    raw = pd.DataFrame({name: ["x"] for name in ("name", "address_line_1", "post_code", "city", "nouveau_champ")})
    assert rename_columns(raw, SOURCES["france_travail"]).unknown == ("nouveau_champ",)


def test_a_missing_column_is_refused_naming_it_and_what_came():
    raw = pd.DataFrame({"name": ["x"], "rue": ["y"], "post_code": ["z"], "city": ["c"]})
    with pytest.raises(ChangedSource, match=r"address_line_1; colonnes reçues\s: name, rue.*sources\.toml"):
        rename_columns(raw, SOURCES["france_travail"])


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("france-services-2022-12-01.csv", "2022-12-01"),
        ("liste-fs-20240131.csv", "2024-01-31"),
        ("la-poste-points-de-contact-2016-08.csv", "2016-08-01"),
        ("annuaire-administration-2019.csv.gz", "2019-01-01"),
        ("all_latest.tar.bz2", None),
        ("laposte-poincont2", None),
        ("depot-12022.csv", None),
    ],
)
def test_a_file_s_date_is_in_its_name(name, day):
    assert date_in_name(name) == day


def test_a_given_file_may_be_an_extract_and_the_declared_address_may_not():
    assert ask("la_poste").expected_rows == SOURCES["la_poste"].expected_rows
    given = ask("la_poste", "extraits/la-poste-2022-06-01.csv")
    assert (given.expected_rows, given.as_of) == (1, "2022-06-01")
