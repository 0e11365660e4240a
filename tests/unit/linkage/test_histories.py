"""Whatever happens to places over ten campaigns, each keeps an id, and whoever knew an id is led to where its records are."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fs_pipeline.linkage.registry import Identified, Key, identify
from fs_pipeline.warehouse.frames import table_frame

KEYS = [("survey", letter) for letter in "abcdef"] + [("france_services", number) for number in "1234"]
Campaign = tuple[frozenset[Key], ...]
FEW, MANY = 60, 1_000


@st.composite
def campaigns(draw: st.DrawFn) -> Campaign:
    """The places of one campaign: the keys that are seen, parted."""
    seen = draw(st.lists(st.sampled_from(KEYS), unique=True, min_size=1))
    group = draw(st.lists(st.integers(0, 4), min_size=len(seen), max_size=len(seen)))
    return tuple(
        frozenset(key for key, own in zip(seen, group, strict=True) if own == number) for number in sorted(set(group))
    )


class Told:
    """A département's registry, as its campaigns are told one after the other."""

    def __init__(self) -> None:
        self.rows, self.aliases = table_frame("registry", []), table_frame("place_aliases", [])

    def see(self, number: int, places: Campaign) -> Identified:
        found = identify(
            [set(keys) for keys in places], self.rows, self.aliases, departement="33", campaign=f"{2020 + number}-01"
        )
        self.rows = found.registry
        both = pd.concat([self.aliases, found.aliases], ignore_index=True)
        self.aliases = both.drop_duplicates(["alias", "place_id", "campaign", "why"], ignore_index=True)
        return found

    def alive(self, place_id: str) -> str:
        merged = self.aliases[self.aliases["why"] == "merge"]
        leads = dict(zip(merged["alias"], merged["place_id"], strict=True))
        met: set[str] = set()
        while place_id in leads:
            assert place_id not in met, "aliases lead in a circle"
            met.add(place_id)
            place_id = leads[place_id]
        return place_id


def holds(history: list[Campaign], shuffled: st.DataObject) -> None:
    told, other = Told(), Told()
    owner: dict[Key, str] = {}  # the id under which each key was last seen
    for number, places in enumerate(history):
        found = told.see(number, places)
        ids = dict(zip(places, found.place_ids, strict=True))
        assert len(set(found.place_ids)) == len(places), "one id, two places"
        in_other_order = shuffled.draw(st.permutations(places))
        assert dict(zip(in_other_order, other.see(number, tuple(in_other_order)).place_ids, strict=True)) == ids
        dead = set(told.aliases.loc[told.aliases["why"] == "merge", "alias"])
        assert not dead & set(found.place_ids), "an id that was merged away is given again"
        again = told.see(number, places)
        assert again.place_ids == found.place_ids, "a rerun gives other ids"
        led = set(told.aliases[["alias", "place_id"]].itertuples(index=False, name=None))
        for keys, place_id in ids.items():
            for known in {owner[key] for key in keys & owner.keys()}:
                lasting = told.alive(known)
                leads = {(known, place_id), (lasting, place_id)} & led
                assert lasting == place_id or lasting in ids.values() or leads, "an id leads nowhere"
                if place_id not in owner.values():
                    assert leads, "a part that was cut off does not say of what"
        owner |= {key: place_id for keys, place_id in ids.items() for key in keys}
        if number + 1 < len(history) and history[number + 1] == places:
            assert told.see(number + 1, places).place_ids == found.place_ids


@settings(max_examples=FEW, deadline=None)
@given(st.lists(campaigns(), min_size=2, max_size=10), st.data())
def test_places_keep_their_ids_over_ten_campaigns_in_any_order(
    history: list[Campaign], shuffled: st.DataObject
) -> None:
    holds(history, shuffled)


@pytest.mark.soak
@settings(max_examples=MANY, deadline=None)
@given(st.lists(campaigns(), min_size=2, max_size=10), st.data())
def test_a_thousand_histories_hold(history: list[Campaign], shuffled: st.DataObject) -> None:
    holds(history, shuffled)
