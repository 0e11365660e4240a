"""Spelling of names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fs_pipeline.territory.names import commune_key, normalise, without_article


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("L'Haÿ-les-Roses", "l hay les roses"),
        ("  SAINT-DENIS  (la Réunion) ", "saint denis la reunion"),
        ("Œuilly", "oeuilly"),
        ("M’Tzamboro", "m tzamboro"),
        ("maison_de_services", "maison de services"),
        ("", ""),
    ],
)
def test_case_accents_and_punctuation_do_not_count(text, normalised):
    assert normalise(text) == normalised


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ste-Foy-la-Grande", "sainte foy la grande"),
        ("Chalon s/ Saône", "chalon sur saone"),
        ("Rosny-s/s-Bois", "rosny sous bois"),
        ("Sts-Geosmes", "saints geosmes"),
    ],
)
def test_abbreviations_are_spelled_out(text, key):
    assert commune_key(text) == key


def test_an_article_goes_and_a_word_that_begins_like_one_stays():
    assert without_article("le havre") == "havre"
    assert without_article("l hay les roses") == "hay les roses"
    assert without_article("lezignan") == "lezignan"
    assert without_article("les") == "les"


@settings(deadline=None, max_examples=200)
@given(st.text())
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)
