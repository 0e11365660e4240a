"""Where a run's sources are: its file's word is the whole list."""

from __future__ import annotations

from pathlib import Path

import pytest

from fs_pipeline.national.source_book import SourceBook, UnreadableSourceBook, read_source_book
from fs_pipeline.national.sources import REFERENCES, SOURCES

ROOT = Path(__file__).resolve().parents[3]


def book(folder: Path, text: str) -> SourceBook:
    path = folder / "sources.toml"
    path.write_text(text, encoding="utf-8")
    return read_source_book(path)


def test_without_a_file_the_declared_addresses_are_taken_but_those_that_must_be_asked_for():
    declared = read_source_book(None)
    assert declared.location("la_poste") == SOURCES["la_poste"].url
    assert declared.location("contours") == REFERENCES["contours"].url
    assert declared.location("data_inclusion") is None
    assert declared.location("france_travail") is None  # nowhere to fetch it from


def test_a_path_is_relative_to_the_file_and_an_address_is_kept(tmp_path):
    read = book(tmp_path, '[sources]\nla_poste = "listes/poste.csv"\nannuaire = "https://exemple.fr/a.json"\n')
    assert read.location("la_poste") == str(tmp_path / "listes" / "poste.csv")
    assert read.location("annuaire") == "https://exemple.fr/a.json"


def test_what_a_file_leaves_out_or_leaves_empty_is_absent_and_never_fetched(tmp_path):
    read = book(tmp_path, '[sources]\nla_poste = "poste.csv"\nroads = ""\n')
    absent = [key for key in (*SOURCES, *REFERENCES) if key != "la_poste"]
    assert [read.location(key) for key in absent] == [None] * len(absent)


def test_a_file_may_ask_for_a_declared_address_by_name(tmp_path):
    read = book(tmp_path, '[sources]\ndata_inclusion = "declared"\n')
    assert read.location("data_inclusion") == SOURCES["data_inclusion"].url


def test_servers_of_the_network_to_which_an_answer_may_lead_are_named(tmp_path):
    assert book(tmp_path, 'internal_hosts = ["fichiers.example:8080"]\n').internal_hosts == ("fichiers.example:8080",)
    assert book(tmp_path, "").internal_hosts == ()


def test_a_misspelt_source_is_told(tmp_path):
    assert book(tmp_path, '[sources]\nlaposte = "poste.csv"\n').unknown == ("laposte",)


def test_a_campaign_s_dates_are_in_the_file(tmp_path):
    read = book(tmp_path, "campaign_reference_date = 2022-12-01\ncampaign_deadline = 2023-01-31\n")
    assert (read.reference_date, read.deadline) == ("2022-12-01", "2023-01-31")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[sources\n", "n’est pas du TOML"),
        ("[sources]\nla_poste = 3\n", "la_poste"),
        ("sources = 3\n", "table"),
        ('accept_halved = "la_poste"\n', "accept_halved"),
        ('internal_hosts = "fichiers.example"\n', "internal_hosts"),
        ("internal_hosts = [3]\n", "internal_hosts"),
        ('[sources]\nla_poste = "ftp://exemple.fr/poste.csv"\n', "la_poste.*https"),
        ('[sources]\nla_poste = "poste\\u0000.csv"\n', "la_poste"),
        ('campaign_reference_date = "2022-12-01"\n', "campaign_reference_date"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path, text, message):
    with pytest.raises(UnreadableSourceBook, match=message):
        book(tmp_path, text)


def test_an_absent_file_is_said_to_be_absent(tmp_path):
    with pytest.raises(UnreadableSourceBook, match=r"sources\.toml"):
        read_source_book(tmp_path / "sources.toml")


def test_the_repository_s_example_names_only_sources_that_exist():
    example = read_source_book(ROOT / "examples" / "sources-shared.toml")
    assert example.unknown == ()
    assert example.reference_date == "2022-12-01"
    assert example.location("roads") is None


def test_the_example_of_live_sources_asks_for_addresses_that_are_declared():
    live = read_source_book(ROOT / "examples" / "sources-live.toml")
    assert live.unknown == ()
    assert all(live.location(key) for key in live.locations)
