"""Engineers are told what to do, readers what the figures rest on."""

from __future__ import annotations

import pandas as pd

from fs_pipeline.national.telling import (
    ABSENT,
    NOT_ASKED_FOR,
    decided_in,
    for_readers,
    with_decided,
    with_unknown_columns,
)


def test_a_reader_is_told_what_stands_and_not_what_to_repair() -> None:
    rows = [
        ("a", "taken", None),
        ("b", "taken", "Liste : âgée de 90 jours, plus que la limite déclarée."),
        ("c", "last_good", "Liste : le serveur répond 503. À faire : réessayer."),
        ("d", "absent", "Liste : serveur introuvable : exemple.fr. À faire : vérifier le réseau."),
        ("e", "absent", ABSENT),
        ("f", "absent", NOT_ASKED_FOR),
    ]
    told = for_readers(pd.DataFrame(rows, columns=["source", "state", "message"], dtype=object))
    assert told["source"].tolist() == list("abcde")
    assert told["message"].iloc[:2].tolist() == [None, rows[1][2]]
    assert not told["message"].iloc[2:].str.contains("À faire").any()
    assert told["message"].iloc[2] != told["message"].iloc[3] != told["message"].iloc[4]


def test_a_campaign_without_sources_has_nothing_to_tell() -> None:
    assert for_readers(pd.DataFrame({"source": [], "state": [], "message": []})).empty


def test_unknown_columns_are_an_engineer_s_matter() -> None:
    assert with_unknown_columns(None, ()) is None
    age = "Liste : âgée de 90 jours, plus que la limite déclarée."
    for message in (None, age):
        written = with_unknown_columns(message, ("nouvelle", "autre"))
        assert str(written).endswith("sources.toml : nouvelle, autre.")
        told = for_readers(
            pd.DataFrame([("a", "taken", written)], columns=["source", "state", "message"], dtype=object)
        )
        assert told["message"].tolist() == [message]


def test_how_rows_were_decided_is_told_to_readers_and_found_again() -> None:
    said = with_decided("Reçue.", {"bus par son nom": 2, "lieu fixe : adresse, et horaires": 116})
    decided = (
        "Forme décidée, lignes de toute la liste : 116 « lieu fixe : adresse, et horaires » ; 2 « bus par son nom »"
    )
    assert said == f"Reçue. {decided}."
    assert decided_in(with_unknown_columns(said, ["x"])) == decided
    assert decided_in("Reçue.") is None
    assert with_decided("Reçue.", {}) == "Reçue."
