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
        self.rows, self.births = table_frame("registry", []), table_frame("place_births", [])
        self.aliases = table_frame("place_aliases", [])

    def see(self, number: int, places: Campaign) -> Identified:
        keys = [set(held) for held in places]
        found = identify(keys, self.rows, self.births, self.aliases, departement="33", campaign=campaign(number))
        self.rows, self.births = found.registry, found.births
        both = pd.concat([self.aliases, found.aliases], ignore_index=True)
        self.aliases = both.drop_duplicates(["alias", "place_id"], keep="last", ignore_index=True)
        return found

    def led(self, place_id: str) -> list[str]:
        """The id and those to which it leads in turn; the last one is alive."""
        merged = self.aliases[self.aliases["why"] == "merge"]
        assert merged["alias"].is_unique, "an id leads to two"
        leads = dict(zip(merged["alias"], merged["place_id"], strict=True))
        chain = [place_id]
        while chain[-1] in leads:
            assert leads[chain[-1]] not in chain, "aliases lead in a circle"
            chain.append(leads[chain[-1]])
        return chain


def campaign(number: int) -> str:
    return f"{2020 + number}-01"


def holds(history: list[Campaign], shuffled: st.DataObject) -> None:
    told, other = Told(), Told()
    owner: dict[Key, str] = {}  # the id under which each key was last seen
    born: dict[str, str] = {}
    for number, places in enumerate(history):
        found = told.see(number, places)
        ids = dict(zip(places, found.place_ids, strict=True))
        assert len(set(found.place_ids)) == len(places), "one id, two places"
        in_other_order = shuffled.draw(st.permutations(places))
        assert dict(zip(in_other_order, other.see(number, tuple(in_other_order)).place_ids, strict=True)) == ids
        born |= {place_id: campaign(number) for place_id in found.place_ids if place_id not in born}
        assert dict(told.births[["place_id", "first_campaign"]].itertuples(index=False, name=None)) == born
        dead = told.aliases[told.aliases["why"] == "merge"]
        assert not set(dead["alias"]) & set(found.place_ids), "an id that was merged away is given again"
        for gone, lasting in zip(dead["alias"], dead["place_id"], strict=True):
            assert born[lasting] <= born[gone], "a younger id outlives an older one"
        again = told.see(number, places)
        assert again.place_ids == found.place_ids, "a rerun gives other ids"
        cut_off = set(told.aliases[["alias", "place_id"]].itertuples(index=False, name=None))
        for keys, place_id in ids.items():
            for known in {owner[key] for key in keys & owner.keys()}:
                chain = told.led(known)
                leads = {(one, place_id) for one in chain} & cut_off
                assert chain[-1] in ids.values() or leads, "an id leads nowhere"
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
