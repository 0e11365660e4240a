"""What a brief claims is what it prints, with rows that anyone of the same edition can look up."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pandas as pd
import pytest

from fs_pipeline.access.services import CONFIRMED, FRANCE_SERVICES, Service
from fs_pipeline.briefing.claims import write_claims
from fs_pipeline.briefing.figures import build_brief
from fs_pipeline.briefing.html import write_html
from fs_pipeline.briefing.slot import SlotTables
from fs_pipeline.cartography.static_map import undrawn
from fs_pipeline.coverage.gap_profiles import gap_profiles
from fs_pipeline.editions.edition import EDITIONS, Edition
from fs_pipeline.release.tables import declared_files
from fs_pipeline.warehouse.declared import declaration
from tests.unit.briefing.pages import said_by, spaced
from tests.unit.briefing.sample import comparisons, empty_tables, hour, lever, tiny_tables


def whole_tables() -> SlotTables:
    tables = tiny_tables()
    first = tables.places.iloc[0]
    area = {
        **FRANCE_SERVICES.columns, "gap_id": "g1", "threshold": 20, "rank": 1, "communes": 2, "insees": "99003, 99004",
        "names": "Saint-Aulyn, Mirevent", "epci_name": "CC d’Exercice", "population": 4321.0, "poor_households": 12.0,
        "minutes_mean": 24.0, "minutes_worst": 30.04,
    }  # fmt: skip
    need = pd.DataFrame(
        [{"insee": "99003", "households": 40.0, "poor_households": 12.0, "aged_65": 80.0, "aged_80": 20.0}]
    )
    need = need.reindex(columns=declaration("commune_need").names)
    moves = [
        lever("new_place", FRANCE_SERVICES, "99003", 4000.0, hours=24.0),
        lever("longer_hours", FRANCE_SERVICES, first["insee"], 9000.0, first["place_id"], "saturday_morning"),
        lever("open_demarche", Service(CONFIRMED, "R100"), first["insee"], 100.0, first["place_id"]),
    ]
    hours = [hour("every", day, at, 0.5 + at / 100, 0.6, 0.1) for day in ("Mo", "Sa") for at in (9, 10)]
    return tables.having(
        brief_comparisons=comparisons(tables.indicators),
        gap_areas=pd.DataFrame([area]),
        gap_profiles=gap_profiles(pd.DataFrame([area]), tables.gaps, need),
        levers=pd.DataFrame(moves),
        coverage_by_hour=pd.DataFrame(hours),
    )


def tables_of(edition: Edition) -> SlotTables:
    return whole_tables().let_out(edition)


def claimed(tables: SlotTables, edition: Edition) -> list[dict[str, object]]:
    told: list[dict[str, object]] = json.loads(write_claims(build_brief(tables, edition)))["affirmations"]
    return told


def rows_of(claim: dict[str, object]) -> Iterator[tuple[str, dict[str, object]]]:
    for one in claim["rows"]:  # type: ignore[attr-defined]
        yield one["table"], one["where"]


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("whole", [True, False])
def test_every_claim_is_in_the_page_word_for_word(edition: Edition, whole: bool) -> None:
    tables = (whole_tables() if whole else empty_tables()).let_out(edition)
    brief = build_brief(tables, edition)
    page = said_by(write_html(brief, undrawn()))
    for claim in claimed(tables, edition):
        assert spaced(str(claim["text"])) in page, claim["id"]


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_claim_rests_on_rows_that_its_readers_receive(edition: Edition) -> None:
    tables = tables_of(edition)
    files = declared_files(tables.tables)
    claims = claimed(tables, edition)
    assert len(claims) > 50
    for claim in claims:
        assert claim["rows"], claim["id"]
        for table, where in rows_of(claim):
            file = declaration(table).file
            assert file is not None, table
            assert file in files, (claim["id"], file)
            read = pd.read_csv if file.endswith(".csv") else pd.read_parquet
            frame = read(io.BytesIO(files[file]))
            assert {*where} <= {*frame.columns}, (claim["id"], where)
            found = frame
            for column, value in where.items():
                same = found[column].astype("string") == str(value)
                found = found[same | (found[column].isna() if value == "" else False)]
            assert len(found), (claim["id"], table, where)


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_claim_is_known_by_a_name_of_its_own(edition: Edition) -> None:
    claims = claimed(tables_of(edition), edition)
    assert len({claim["id"] for claim in claims}) == len(claims)
    sections = {claim["section"] for claim in claims}
    reserved = {"areas", "levers", "session"} if edition == "public" else set()
    assert sections == {
        "findings", "figures", "map", "matrix", "gaps", "areas", "levers", "hours", "differences",
        "beside", "session", "sources", "trust", "outreach", "charter", "by_place",
    } - reserved  # fmt: skip


def test_a_row_of_a_table_says_its_figures_and_whom_it_is_about() -> None:
    tables = tables_of("internal")
    by_id = {claim["id"]: claim for claim in claimed(tables, "internal")}
    worst = tables.gaps.sort_values("rank").iloc[0]
    claim = by_id[f"gaps/{worst['insee']}"]
    assert claim["keys"] == {"campaign": "2022-11", "departement": "00", "insee": worst["insee"]}
    figures = {one["name"]: one["value"] for one in claim["figures"]}  # type: ignore[attr-defined]
    assert (figures["population"], figures["minutes"]) == (worst["population"], worst["minutes"])
    share = by_id["findings/distance"]["figures"][0]  # type: ignore[index]
    assert (share["unit"], share["base"]) == ("share", "inhabitants")
    assert share["n"] == tables.access_shares["population"].iloc[0]


def test_the_same_tables_give_the_same_claims_to_the_byte() -> None:
    first, second = (write_claims(build_brief(whole_tables(), "public")) for _ in range(2))
    assert first == second
    assert first.endswith(b"}\n")


def test_what_an_edition_withholds_is_in_no_claim_of_it() -> None:
    texts = {edition: write_claims(build_brief(whole_tables(), edition)).decode() for edition in EDITIONS}
    named = [one for one in claimed(tables_of("internal"), "internal") if one["id"].startswith("differences/value")]  # type: ignore[attr-defined]
    assert named
    for claim in named:
        assert str(claim["text"]) not in texts["public"]
        assert str(claim["id"]) not in texts["public"]
