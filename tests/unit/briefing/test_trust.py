"""The box of the cover says how old, how undated, how undrawn and how sure: the same in every form, to whom may know."""

from __future__ import annotations

import pandas as pd
import pytest

from fs_pipeline.briefing.chapter_trust import trust
from fs_pipeline.briefing.slot import SlotTables
from fs_pipeline.editions.edition import EDITIONS, Edition
from tests.unit.briefing.pages import spaced
from tests.unit.briefing.sample import comparisons, empty_tables, tiny_tables
from tests.unit.briefing.test_documents import packed, pdf_pages


def lines(tables: SlotTables) -> dict[str, str]:
    return {line.key: spaced(line.said) for line in trust(tables).lines}


def having(**figures: object) -> SlotTables:
    tables = tiny_tables()
    return tables.having(brief_trust=tables.brief_trust.assign(**figures))


def test_what_is_old_is_a_share_of_what_is_dated_and_the_rest_is_said() -> None:
    said = lines(having(survey_rows=40, survey_rows_old=12, survey_rows_undated=8))
    assert said["survey_rows"] == "plus d’un an : 12 sur 32 lignes datées (38 %) ; sans date : 8 sur 40"
    said = lines(having(survey_rows=40, survey_rows_old=0, survey_rows_undated=40))
    assert said["survey_rows"] == "aucune date sur 40 : leur âge est inconnu"


def test_sources_older_than_a_year_are_named_and_absent_ones_counted() -> None:
    assert lines(tiny_tables())["sources"] == (
        "du 1er janvier 2020 au 31 octobre 2022 ; plus d’un an : 2 sur 4 (Chefs-lieux des communes, Catalogue des démarches) ; "
        "absentes : 2 sur 6"
    )


def test_pairs_to_settle_are_for_internal_readers_alone() -> None:
    said = {edition: lines(having(pairs=140, pairs_waiting=27).let_out(edition))["pairs"] for edition in EDITIONS}
    assert said["internal"] == "27 paires de lieux à trancher, sur 140 paires rapprochées"
    assert said["partners"] == said["public"] == "ce qui reste à trancher est réservé à l’édition interne"


def test_the_band_of_minutes_says_who_is_in_no_share() -> None:
    shares = tiny_tables().access_shares.assign(population_not_computed=408.0)
    said = lines(tiny_tables(access_shares=shares))["minutes"]
    assert said.startswith("à 20 min, de 19 % à 42 % selon la vitesse")
    assert said.endswith("non calculé : 408 habitants")


def test_a_slot_of_which_nothing_is_known_says_so() -> None:
    assert lines(empty_tables()) == {"minutes": "aucun temps de trajet n’est calculé"}


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_box_is_on_the_cover_even_below_eight_figures_and_their_plots(edition: Edition) -> None:
    tables = tiny_tables()
    names = ("population_within", "france_services", "survey_and_list", "demarches_confirmed", *"abcd")
    first = tables.indicators.iloc[0].to_dict()
    figures = pd.DataFrame(
        [
            {**first, "key": name, "dimension": "threshold=20" if not place else "", "rank": place, "value": 0.4}
            for place, name in enumerate(names)
        ]
    )
    full = tables.having(indicators=figures, brief_comparisons=comparisons(figures))
    cover = spaced(pdf_pages(packed(full, edition)["dossier.pdf"])[0])
    for said in lines(full.let_out(edition)).values():
        assert said in cover
