"""The table of sources: what each is, of when, how old, and in words where that is too old."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from fs_pipeline.briefing.chapter_map import map_text
from fs_pipeline.briefing.sources import source_rows
from fs_pipeline.briefing.view import Source
from fs_pipeline.national.ages import told_sources, told_surveys
from fs_pipeline.national.telling import with_decided
from tests.unit.briefing.sample import tiny_tables

ON = "2022-12-01"


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def rows(taken: list[dict[str, object]], surveys: pd.DataFrame | None = None) -> dict[str, Source]:
    named = [{"title": row["source"], "message": None, "as_of": None} | row for row in taken]
    told = told_sources(pd.DataFrame(named, dtype=object), on=ON, vintage="2026", catalogued="2020-11")
    first = told_surveys(pd.DataFrame(), pd.DataFrame(), on=ON) if surveys is None else surveys
    return {one.title: one for one in source_rows(pd.concat([first, told], ignore_index=True))}


def test_each_has_its_age_and_its_limit_in_plain_french() -> None:
    found = rows(
        [
            {"source": "france_services", "state": "taken", "as_of": "2022-11-02"},
            {"source": "la_poste", "state": "last_good", "as_of": "2022-01-01"},
            {"source": "france_travail", "state": "taken"},
            {"source": "annuaire", "state": "absent", "message": "Source absente : aucune adresse n’est indiquée."},
        ]
    )
    assert plain(found["france_services"].age) == "29 jours (limite : 60 jours)"
    assert plain(found["la_poste"].age) == "11 mois, au-delà de sa limite de 4 mois"
    assert plain(found["la_poste"].when) == "1er janvier 2022 (dernière version valable)"
    assert found["la_poste"].past
    assert not found["france_services"].past
    assert plain(found["france_travail"].age) == "inconnu (limite : 6 mois)"
    assert (plain(found["annuaire"].when), found["annuaire"].age) == (
        "absente : aucune adresse n’est indiquée.", "sans objet",
    )  # fmt: skip
    assert plain(found["Population des communes (code officiel géographique)"].age) == "postérieure de 3 ans et 1 mois"
    catalogue = found["Catalogue des démarches (relu, d’après service-public.fr)"]
    assert plain(catalogue.age) == "2 ans et 1 mois (sans limite fixée)"


def test_a_list_says_how_many_of_its_rows_were_decided_how() -> None:
    said = with_decided("Reçue.", {"bus par son nom": 135, "sans adresse": 2})
    found = rows([{"source": "france_services", "state": "taken", "as_of": "2022-11-02", "message": said}])
    assert plain(found["france_services"].when) == (
        "2 novembre 2022 ; forme décidée, lignes de toute la liste : 135 « bus par son nom » ; 2 « sans adresse »"
    )


def test_the_survey_comes_first_under_the_name_that_its_reader_may_have() -> None:
    deposits = pd.DataFrame({"deposit_id": ["d"], "filename": ["gironde.xlsx"], "received_at": ["2022-11-02T09:00:00"]})
    places = pd.DataFrame({"deposit_id": "d", "updated_on": ["2020-01-05", None, "2022-01-01"]}, dtype=object)
    surveys = told_surveys(deposits, places, on=ON)
    first = next(iter(rows([], surveys).values()))
    assert first.title == "Enquête de la préfecture (gironde.xlsx)"
    assert plain(first.when) == (
        "déposée le 2 novembre 2022 ; 2 de ses 3 lieux datés, du 5 janvier 2020 au 1er janvier 2022 (la moitié, le "
        "5 janvier 2020 ou avant)"
    )
    assert plain(first.age) == "29 jours (sans limite fixée)"
    assert next(iter(rows([], surveys.assign(filename=None)))) == "Enquête de la préfecture"
    undated = told_surveys(deposits, places.assign(updated_on=None), on=ON)
    assert plain(next(iter(rows([], undated).values())).when).endswith("aucun de ses 3 lieux ne porte de date")


def test_a_departement_without_survey_says_so_in_the_same_table() -> None:
    assert plain(rows([])["Enquête de la préfecture"].when) == "absente : aucune enquête n’a été déposée."


def test_main_roads_on_the_map_are_said_and_whose_they_are() -> None:
    tables = tiny_tables()
    road = tables.brief_sources.head(1).assign(source="roads", title="Réseau routier", state="current")
    drawn = tables.having(brief_sources=pd.concat([tables.brief_sources, road], ignore_index=True))
    assert "Traits bruns" not in map_text(tables).method
    assert "routes principales, © les contributeurs d’OpenStreetMap" in map_text(replace(drawn, fictional=False)).method
    assert "Réseau routier" in map_text(drawn).sources
    assert map_text(drawn).method.endswith("routes principales.")  # of a fictional département, nobody's
    absent = tables.having(brief_sources=pd.concat([tables.brief_sources, road.assign(state="absent")]))
    assert "Traits bruns" not in map_text(absent).method
