"""A slot is good with all its communes and every source that is declared for it, or it is refused and says why."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from fs_pipeline.assets.access import minutes_of_slot
from fs_pipeline.assets.need import need
from fs_pipeline.assets.outcomes import SlotRefused
from fs_pipeline.assets.reference import reference_assets, stored_communes
from fs_pipeline.assets.wholeness import communes_of, require, require_minutes
from fs_pipeline.campaigns.decisions import advancing, closing
from fs_pipeline.campaigns.register import decide, read_campaign
from fs_pipeline.national.sources import REFERENCES
from fs_pipeline.partitions import FOR_CAMPAIGN, Slot
from fs_pipeline.rehearsal.land import make_land
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings
from tests.rows import filled

CAMPAIGN = "2022-12"
SLOT = Slot(CAMPAIGN, "00")


def opened(folder: Path, sources: str) -> Pipeline:
    path = folder / "sources.toml"
    path.write_text(f"[sources]\n{sources}\n", encoding="utf-8")
    territory = make_land().territory
    return Pipeline(Settings.at(folder / "var", sources_path=path), load_territory=lambda: territory)


def write_communes(pipeline: Pipeline, communes: pd.DataFrame) -> None:
    rows = stored_communes(replace(pipeline.territory, communes=communes))
    pipeline.warehouse.replace("communes", {}, rows)


def test_a_slot_before_the_communes_are_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SlotRefused, match="ne sont pas encore connues"):
        minutes_of_slot(opened(tmp_path, ""), SLOT)


@pytest.mark.parametrize("lost", [1, 30])
def test_communes_cut_short_are_not_a_departement(tmp_path: Path, lost: int) -> None:
    pipeline = opened(tmp_path, "")
    write_communes(pipeline, make_land().territory.in_departement("00").iloc[lost:])
    with pytest.raises(SlotRefused, match="ne sont pas celles du code officiel"):
        communes_of(pipeline, SLOT)


def test_communes_of_another_year_are_not_those_in_force(tmp_path: Path) -> None:
    pipeline = opened(tmp_path, "")
    rows = stored_communes(replace(make_land().territory, vintage="1999"))
    pipeline.warehouse.replace("communes", {}, rows)
    with pytest.raises(SlotRefused, match="ne sont pas celles du code officiel"):
        communes_of(pipeline, SLOT)


def test_communes_half_of_which_have_no_point_are_refused_unless_points_are_declared_absent(tmp_path: Path) -> None:
    communes = make_land().territory.communes
    communes = communes.assign(longitude=communes["longitude"].where(communes.index % 2 == 0))
    for sources, refused in (('communes = "points.csv"', True), ('communes = ""', False)):
        folder = tmp_path / str(refused)
        folder.mkdir()
        pipeline = opened(folder, sources)
        write_communes(pipeline, communes)
        if refused:
            with pytest.raises(SlotRefused, match="n’ont pas de point"):
                communes_of(pipeline, SLOT)
        else:
            assert len(communes_of(pipeline, SLOT)) == len(pipeline.territory.insees_of("00"))


def test_a_source_given_elsewhere_and_missing_on_this_machine_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SlotRefused, match=r"Contours des communes.*sur cette machine"):
        require(opened(tmp_path, 'contours = "gone.parquet"'), CAMPAIGN, "contours")


def test_a_source_that_was_taken_and_whose_snapshot_is_missing_here_is_refused(tmp_path: Path) -> None:
    pipeline = opened(tmp_path, 'contours = "https://nulle-part.example/contours"')
    require(pipeline, CAMPAIGN, "contours")  # never good: its absence was said when it was asked for
    card = {"source": "contours", "as_of": "2022-11-01", "sha256": "x", "path": "p", "rows": 3, "fetched_at": "now"}
    pipeline.warehouse.upsert("snapshots", pd.DataFrame([card]))
    with pytest.raises(SlotRefused, match=r"Contours des communes.*sur cette machine"):
        require(pipeline, CAMPAIGN, "contours")


def test_a_source_declared_absent_is_no_obstacle(tmp_path: Path) -> None:
    require(opened(tmp_path, 'contours = ""'), CAMPAIGN, "contours")


# What the campaign took elsewhere.


class Machine:
    """A machine of its own (sources.toml, files given by hand) over the database and the file store of all."""

    def __init__(self, shared: Path, folder: Path, **sources: bytes | str | None) -> None:
        folder.mkdir()
        self.folder = folder
        lines = []
        for source, given in sources.items():
            if isinstance(given, bytes):
                (folder / f"{source}.csv").write_bytes(given)
            lines.append(f'{source} = "{f"{source}.csv" if isinstance(given, bytes) else given or ""}"')
        (folder / "sources.toml").write_text("\n".join(["[sources]", *lines]), encoding="utf-8")
        territory = make_land().territory
        settings = Settings.at(shared, sources_path=folder / "sources.toml")
        self.pipeline = Pipeline(settings, load_territory=lambda: territory)

    def run(self, *assets: dg.AssetsDefinition, campaign: str = CAMPAIGN) -> bool:
        """The reference, or the campaign: whether every step ended well."""
        with dg.DagsterInstance.ephemeral() as instance:
            instance.add_dynamic_partitions("campaign", [campaign])
            partitioned = any(asset.partitions_def for asset in assets)
            return dg.materialize(
                assets,
                instance=instance,
                partition_key=campaign if partitioned else None,
                tags={FOR_CAMPAIGN: campaign},
                resources={"pipeline": dg.ResourceDefinition.hardcoded_resource(self.pipeline)},
                raise_on_error=False,
            ).success

    def takes(self, campaign: str = CAMPAIGN) -> bool:
        """Put the reference in place and have the campaign take it."""
        *references, opening = reference_assets()
        put = [self.run(asset, campaign=campaign) for asset in (*references, need)]
        return self.run(opening, campaign=campaign) and all(put)

    def refusal(self, source: str, campaign: str = CAMPAIGN) -> str | None:
        try:
            require(self.pipeline, campaign, source)
        except SlotRefused as refused:
            return str(refused)
        return None


ROADS = b"<osm>roads</osm>"
FRAGILITY = b"insee,indice\n00001,3.5\n"
POINTS = make_land().territory.communes[["insee", "longitude", "latitude"]].to_csv(index=False).encode()
TAKEN = {"roads": ROADS, "digital_fragility": FRAGILITY, "communes": POINTS}


@pytest.mark.parametrize("source", TAKEN)
@pytest.mark.parametrize("given", ["", "gone.csv", b"another"], ids=["not_given", "not_there", "another_file"])
def test_a_machine_without_what_the_campaign_took_elsewhere_is_refused_and_told_what_to_do(tmp_path, source, given):
    shared = tmp_path / "shared"
    assert Machine(shared, tmp_path / "a", **TAKEN).takes()
    other = Machine(shared, tmp_path / "b", **TAKEN | {source: given})
    assert other.refusal(source).startswith(f"«\u00a0{REFERENCES[source].title_fr}\u00a0»")
    assert f"fs-pipeline campaign advance 2022-12 --source {source}" in other.refusal(source)
    assert all(other.refusal(one) is None for one in TAKEN if one != source)
    assert Machine(shared, tmp_path / "c", **TAKEN).refusal(source) is None  # the same file, wherever it lies


def test_a_machine_that_has_another_file_leaves_in_place_what_the_campaign_took(tmp_path):
    shared = tmp_path / "shared"
    first = Machine(shared, tmp_path / "a", **TAKEN)
    first.takes()
    before = first.pipeline.warehouse.read("commune_need")
    assert not Machine(shared, tmp_path / "b", **TAKEN | {"digital_fragility": b"insee,indice\n00001,9\n"}).takes()
    assert not Machine(shared, tmp_path / "c", **TAKEN | {"digital_fragility": ""}).takes()
    pd.testing.assert_frame_equal(first.pipeline.warehouse.read("commune_need"), before)
    assert first.refusal("digital_fragility") is None


def test_a_source_that_the_campaign_lacked_is_taken_once_it_is_there_and_then_kept(tmp_path):
    shared = tmp_path / "shared"
    assert Machine(shared, tmp_path / "a", roads=None).takes()
    second = Machine(shared, tmp_path / "b", roads=ROADS)
    with second.pipeline.reference("roads", CAMPAIGN) as path:
        assert path is None  # no slot is measured on what its campaign has not taken
    assert second.takes()
    with second.pipeline.reference("roads", CAMPAIGN) as path:
        assert path.read_bytes() == ROADS
    assert Machine(shared, tmp_path / "c", roads=None).refusal("roads") is not None


def test_a_decision_takes_another_file_and_a_closed_campaign_none(tmp_path):
    shared = tmp_path / "shared"
    first = Machine(shared, tmp_path / "a", **TAKEN)
    first.takes()
    other = Machine(shared, tmp_path / "b", **TAKEN | {"roads": b"<osm>newer</osm>"})
    warehouse = first.pipeline.warehouse
    day = read_campaign(warehouse, CAMPAIGN).reference_date
    decide(warehouse, CAMPAIGN, partial(advancing, by="SGAR", at="2099-01-01", day=day, reason="x", sources=["roads"]))
    assert other.takes()
    assert (other.refusal("roads"), other.refusal("communes")) == (None, None)
    assert first.refusal("roads") is not None
    decide(warehouse, CAMPAIGN, partial(closing, by="SGAR", at="2099-01-01"))
    assert not first.takes()
    assert "campaign advance" not in first.refusal("roads")
    assert other.refusal("roads") is None


def test_two_campaigns_that_took_different_communes_are_not_mixed(tmp_path):
    shared = tmp_path / "shared"
    first = Machine(shared, tmp_path / "a", **TAKEN)
    first.takes()
    moved = POINTS.replace(b"\n0", b"\n0", 1) + b"\n"
    second = Machine(shared, tmp_path / "b", **TAKEN | {"communes": moved})
    assert second.takes(campaign="2023-06")
    assert second.refusal("communes", campaign="2023-06") is None
    assert "ce qui est en place n’est pas ce que la campagne 2022-12 a pris" in first.refusal("communes")
    assert first.takes()  # as « fs-pipeline run --campaign 2022-12 » does first
    assert first.refusal("communes") is None


def test_campaigns_that_took_one_network_read_it_once_and_another_takes_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr("fs_pipeline.roads.reading.read_roads", lambda path, cache_dir: [path.read_bytes()])
    shared = tmp_path / "shared"
    machine = Machine(shared, tmp_path / "a", roads=ROADS)
    assert all(machine.takes(campaign=campaign) for campaign in ("2022-12", "2023-06"))
    Machine(shared, tmp_path / "b", roads=b"<osm>newer</osm>").takes(campaign="2023-12")
    first, second = (machine.pipeline.roads(campaign) for campaign in ("2022-12", "2023-06"))
    assert first == [ROADS]
    assert first is second
    assert machine.pipeline.roads("2023-12") is None  # it took another, which is not on this machine


def test_a_campaign_that_took_no_source_of_need_is_not_computed_with_that_of_another(tmp_path):
    shared = tmp_path / "shared"
    first = Machine(shared, tmp_path / "a", communes=POINTS)
    first.takes()
    assert Machine(shared, tmp_path / "b", communes=POINTS, digital_fragility=FRAGILITY).takes(campaign="2023-06")
    assert "ce qui est en place n’est pas" in first.refusal("digital_fragility")
    assert first.refusal("communes") is None


# Minutes.


def answered(*minutes: float | None) -> pd.DataFrame:
    return pd.DataFrame(
        {"minutes": minutes, "reason": [None if one else "aucune route" for one in minutes]}, dtype=object
    )


LOCATED = pd.DataFrame({"kind": ["fixed"], "latitude": [46.0], "longitude": [2.0]})
NOWHERE = pd.DataFrame({"kind": ["fixed"], "latitude": [None], "longitude": [None]})
SERVICES = pd.DataFrame({"id": ["a"]})


@pytest.mark.parametrize(
    ("minutes", "services", "places", "said"),
    [
        (answered(None, None), SERVICES, LOCATED, "aucune route"),
        (answered(), SERVICES.head(0), NOWHERE, "aucun lieu du département n’a de point"),
        (answered(None, 12.0), SERVICES, LOCATED, None),
        (answered(), SERVICES.head(0), LOCATED, None),  # nothing here that minutes are computed for
        (answered(), SERVICES.head(0), NOWHERE.assign(kind="itinerant"), None),  # a bus is where it stops
        (answered(), SERVICES.head(0), NOWHERE.head(0), None),
    ],
)
def test_a_slot_none_of_whose_minutes_could_be_computed_is_refused(minutes, services, places, said):
    if said is None:
        require_minutes(minutes, services, places)
    else:
        with pytest.raises(SlotRefused, match=said):
            require_minutes(minutes, services, places)


def test_minutes_that_are_estimated_for_want_of_roads_are_minutes(tmp_path):
    pipeline = opened(tmp_path, 'communes = ""\nroads = ""')
    communes = make_land().territory.communes
    write_communes(pipeline, communes)
    point = communes.dropna(subset=["longitude"]).iloc[0]
    place = {
        "source": "france_services", "source_id": "a", "snapshot_date": "2022-12-01", "departement": "00", "name": "A",
        "kind": "fixed", "insee": point["insee"], "longitude": point["longitude"], "latitude": point["latitude"],
    }  # fmt: skip
    pipeline.warehouse.replace(
        "national_places", {"campaign": CAMPAIGN}, filled("national_places", pd.DataFrame([place]))
    )
    minutes = minutes_of_slot(pipeline, SLOT)["access_minutes"]
    assert set(minutes["method"]) >= {"estimated"}
    assert minutes["minutes"].notna().any()
