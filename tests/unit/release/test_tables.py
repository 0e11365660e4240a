"""Open tables: what was let out, in formats anyone reads."""

import io

import geopandas as gpd
import pandas as pd

from fs_pipeline.cartography.layers import Layers
from fs_pipeline.release.tables import declared_files, open_tables
from tests.unit.briefing.sample import empty_tables, tiny_contours, tiny_tables


def opened(**changes: object) -> dict[str, bytes]:
    tables = tiny_tables(**changes).let_out("public")
    drawn = Layers(
        tables.places, tables.communes, tables.int_commune_minutes, tables.thresholds, tiny_contours(), tables.coverage
    )
    return open_tables(tables.tables, drawn)


def test_every_list_is_a_csv_that_reads_back() -> None:
    files = opened()
    places = pd.read_csv(io.BytesIO(files["lieux.csv"]), dtype=str)
    assert len(places) == len(tiny_tables().places)
    assert places["insee"].str.len().eq(5).all()
    assert not {"path", "deposit_id", "campaign", "departement"} & set(places)


def test_layers_and_long_tables_are_parquet() -> None:
    files = opened()
    assert len(gpd.read_parquet(io.BytesIO(files["communes.parquet"]))) == 12
    assert len(pd.read_parquet(io.BytesIO(files["couverture.parquet"]))) == 12 * 27


def test_a_table_that_an_edition_holds_back_makes_no_file() -> None:
    assert "reunion.csv" not in opened()
    tables = empty_tables()
    drawn = Layers(tables.places, tables.communes, tables.int_commune_minutes, tables.thresholds)
    assert set(open_tables(tables.tables, drawn)) == {"lieux.parquet", "communes.parquet"}


def test_the_same_tables_give_the_same_bytes() -> None:
    assert opened() == opened()


def test_an_integer_stays_one_where_another_is_missing() -> None:
    sources = pd.DataFrame({"source": ["a", "b"], "number": [1, 1], "rows": [3.0, None], "age_days": [None, -2.0]})
    files = declared_files({"brief_sources": sources.astype({"rows": object})})
    assert files["sources.csv"] == b'"source","number","rows","age_days"\r\n"a",1,3,\r\n"b",1,,-2\r\n'


def test_the_nation_has_its_tables_too() -> None:
    files = declared_files({"slot_overview": pd.DataFrame({"territory": ["01"]}), "brief_sources": pd.DataFrame()})
    assert files == {"departements.csv": b'"territory"\r\n"01"\r\n'}
