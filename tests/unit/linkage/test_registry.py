"""The id that a place keeps: given once, found again, never given to another."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fs_pipeline.linkage.registry import Identified, identify, keys_of
from fs_pipeline.warehouse.frames import table_frame

A, B, C, LABEL = ("survey", "a"), ("survey", "b"), ("survey", "c"), ("france_services", "1")


class Registry:
    """A département's ids over its campaigns."""

    def __init__(self) -> None:
        self.rows = table_frame("registry", [])
        self.births = table_frame("place_births", [])
        self.aliases = table_frame("place_aliases", [])

    def see(self, campaign: str, *places: set[tuple[str, str]], recognised: dict[int, str] | None = None) -> Identified:
        found = identify(
            places, self.rows, self.births, self.aliases, departement="33", campaign=campaign, recognised=recognised
        )
        self.rows, self.births = found.registry, found.births
        self.aliases = pd.concat([self.aliases, found.aliases], ignore_index=True)
        assert len(set(found.place_ids)) == len(places)
        return found

    def told(self) -> list[tuple[str, str, str]]:
        return list(self.aliases[["alias", "place_id", "why"]].itertuples(index=False, name=None))


def test_an_id_says_the_departement_and_nothing_else_and_a_rerun_gives_the_same() -> None:
    one, other = (Registry().see("2022-01", {A}, {B}).place_ids for _ in range(2))
    assert one == other
    assert all(place_id.startswith("33-") and len(place_id) == 13 for place_id in one)
    assert Registry().see("2022-01", {B}, {A}).place_ids == one[::-1]
    assert Registry().see("2022-01", {A, B}).place_ids == one[:1]  # by the first of its keys


def test_a_place_is_known_again_by_any_of_its_keys() -> None:
    gironde = Registry()
    (first,) = gironde.see("2022-01", {A, LABEL}).place_ids
    assert gironde.see("2022-06", {LABEL}).place_ids == [first]
    assert gironde.see("2022-12", {A, B}).place_ids == [first]
    assert gironde.see("2023-06", {B}).place_ids == [first]
    assert gironde.told() == []
    rows = gironde.rows.set_index("source_key")
    assert rows["place_id"].unique().tolist() == [first]
    assert rows.loc["a", ["first_campaign", "last_campaign", "departement"]].tolist() == ["2022-01", "2022-12", "33"]
    assert rows.loc["1", ["first_campaign", "last_campaign"]].tolist() == ["2022-01", "2022-06"]
    assert rows.loc["b", ["first_campaign", "last_campaign"]].tolist() == ["2022-12", "2023-06"]
    gironde.see("2020-01", {A})  # a campaign made later may be an earlier one
    assert gironde.rows.set_index("source_key").loc["a", ["first_campaign", "last_campaign"]].tolist() == [
        "2020-01",
        "2022-12",
    ]


def test_of_places_that_become_one_the_oldest_id_is_kept() -> None:
    gironde = Registry()
    (younger,) = gironde.see("2022-06", {A}).place_ids
    (older,) = gironde.see("2022-01", {B}).place_ids
    assert gironde.see("2022-12", {A, B}).place_ids == [older]
    assert gironde.told() == [(younger, older, "merge")]
    assert set(gironde.aliases["campaign"]) == {"2022-12"}
    assert gironde.see("2023-06", {A}).place_ids == [older]  # whoever knew the dead one is led to the living
    assert gironde.see("2023-12", {A}, {C}).place_ids[0] == older
    assert younger not in gironde.see("2024-06", {("survey", "d")}).place_ids


def test_a_part_that_was_cut_off_is_not_as_old_as_its_records() -> None:
    gironde = Registry()
    (whole,) = gironde.see("2022-01", {A, B, LABEL}).place_ids
    for number in range(20):  # whatever the digest of the key puts first
        part = ("survey", f"part {number}")
        gironde.see(f"{2022 + number}-02", {A, B, part, LABEL})
        new = gironde.see(f"{2022 + number}-05", {part}, {A, B, LABEL}).place_ids[0]
        assert gironde.births.set_index("place_id").loc[new, "first_campaign"] == f"{2022 + number}-05"
        assert gironde.see(f"{2022 + number}-08", {A, B, part, LABEL}).place_ids == [whole]
        assert (new, whole, "merge") in gironde.told()
    assert gironde.births.set_index("place_id").loc[whole, "first_campaign"] == "2022-01"


def test_an_id_none_of_whose_records_are_left_keeps_its_age() -> None:
    gironde = Registry()
    (younger,) = gironde.see("2022-06", {A}).place_ids
    (older,) = gironde.see("2022-01", {B}).place_ids
    gironde.rows = gironde.rows[gironde.rows["source_key"] != "a"]
    assert gironde.see("2022-12", {B}, recognised={0: younger}).place_ids == [older]
    assert gironde.told() == [(younger, older, "merge")]


def test_an_id_parted_while_it_joins_another_leads_with_its_heaviest_part() -> None:
    gironde = Registry()
    (older,) = gironde.see("2022-01", {C}).place_ids
    (parted,) = gironde.see("2022-06", {A, LABEL}).place_ids
    assert (new := gironde.see("2022-12", {A}, {C, LABEL}).place_ids)[1] == older
    assert sorted(gironde.told()) == sorted([(parted, older, "merge"), (parted, new[0], "split")])
    assert gironde.see("2023-06", {C}, recognised={0: parted}).place_ids == [older]


def test_where_a_place_is_parted_the_id_stays_with_what_weighs_most() -> None:
    gironde = Registry()
    (whole,) = gironde.see("2022-01", {A, B, LABEL}).place_ids
    new, kept = gironde.see("2022-06", {A, B}, {LABEL}).place_ids  # the label's list weighs more than two rows
    assert kept == whole != new
    assert gironde.told() == [(whole, new, "split")]
    even = Registry()
    (whole,) = even.see("2022-01", {A, B}).place_ids
    assert even.see("2022-06", {B}, {A}).place_ids[1] == whole  # of two as heavy the first key's


def test_a_place_that_somebody_recognised_keeps_its_id_unless_a_key_says_more() -> None:
    gironde = Registry()
    first, second = gironde.see("2022-01", {A}, {B}).place_ids
    assert gironde.see("2022-06", {C}, recognised={0: first}).place_ids == [first]
    assert gironde.see("2022-12", {C}, {B}, recognised={0: second}).place_ids == [first, second]


def test_an_id_that_is_taken_is_not_given_to_another() -> None:
    gironde = Registry()
    (first,) = gironde.see("2022-01", {A}).place_ids
    gironde.rows = gironde.rows.assign(source_key="z")  # the same key, of a place that is another now
    (second,) = gironde.see("2022-06", {A}).place_ids
    assert second != first
    assert gironde.see("2022-12", {A}, {("survey", "z")}).place_ids == [second, first]


def test_a_key_that_two_places_share_is_numbered() -> None:
    records = pd.DataFrame({"source": ["survey"] * 4 + ["la_poste"], "source_key": ["a", "a", "a", "b", "a"]})
    assert keys_of(records, np.array([0, 1, 0, -1, 1])) == [{("survey", "a")}, {("survey", "a~2"), ("la_poste", "a")}]
    assert keys_of(records.iloc[:0], np.array([], dtype=np.int64)) == []
