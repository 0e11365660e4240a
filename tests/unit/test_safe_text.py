"""Text as it comes in, from Word, from forms, from files saved with the wrong letters; and as it goes out to any terminal."""

from __future__ import annotations

import io
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fs_pipeline.safe_text import lost_in, pasted_signs, safe, safe_name, safe_tree, show_anywhere
from fs_pipeline.tabular.reading import decoded


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("e\u0301te\u0301", "été"),
        ("l\x92\x9cuvre \x93Le Phare\x94 \x96 3\x80", "l’œuvre “Le Phare” – 3€"),
        ("\uf0b7 Accueil\n\uf0fc Conseil", "• Accueil\n✓ Conseil"),
        ("Espace\u200b public\u00adnumé\u2060rique\ufeff", "Espace publicnumérique"),
        ("rendez\u2011vous", "rendez-vous"),
        ("Maison\u202e sfdp.exe\u202c \u2067x\u2069", "Maison sfdp.exe x"),
        ("un\u2028deux\u2029trois\r\nquatre\rcinq\x0bsix", "un\ndeux\ntrois\nquatre\ncinq\nsix"),
        ("Saint\u00a0Jean\u202f: 3\u2009000\u3000m", "Saint Jean : 3 000 m"),
        ("ma\x00irie\x07\x1b[31m\x7f", "mairie[31m"),
        ("✔\ufe0f oui", "✔ oui"),
        ("Bus 📍 Talence", "Bus 📍 Talence"),  # a page shows it; paper is another matter
        ("مركز · 漢字", "مركز · 漢字"),
        ("\ud83d\udccd deux moitiés", "📍 deux moitiés"),
        ("Mairie \ud800", "Mairie "),
        ("\ue123secret\U000f0000", "secret"),
        ("Mairie\uffff\ufdd0", "Mairie"),
    ],
)
def test_what_nobody_sees_or_no_character_is_goes_out_at_the_door(written: str, read: str) -> None:
    assert safe(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Biblioth�que", "Bibliotheque"),
        ("M��diath��que", "Mediatheque"),
        ("ï¿½cole", "ecole"),
        ("H�TEL DU D�PARTEMENT", "HETEL DU DEPARTEMENT"),
        ("l�arrondissement d�Arles", "l’arrondissement d’Arles"),
        ("lundi � vendredi, 9h � 12h", "lundi à vendredi, 9h à 12h"),
        ("9h30�12h et 14:00�17:00", "9h30 à 12h et 14:00 à 17:00"),
        ("d��v�nements", "d’evenements"),
        ("rue L�on Blum, N�oules", "rue Leon Blum, Neoules"),
        ("n� 3", "n° 3"),
        ("01�99�00�00�01", "01 99 00 00 01"),
        ("� 12 �", " 12 "),
    ],
)
def test_a_lost_letter_is_read_as_the_likeliest_one_and_shown_as_lost(written: str, read: str) -> None:
    assert safe(written) == read
    assert "�" in (lost_in(written) or "")


@pytest.mark.parametrize("written", ["andr�.dupont@example.org", "http://www.�change.example/b", "www.�cole.example"])
def test_a_lost_letter_of_an_address_is_not_guessed(written: str) -> None:
    assert "*" in safe(written)


@pytest.mark.parametrize("code", [0xD800, 0xDFFF, 0xDC80, 0xE000, 0x81, 0xFFFF, 0x1FFFE, 0xF0000, 0xFFFD])
def test_everything_that_is_lost_is_said(code: int) -> None:
    assert lost_in(f"Mairie {chr(code)} x") == "Mairie � x"


@pytest.mark.parametrize("written", ["Mairie", "été", "a\x92b", "\uf0b7", "a\u200bb", "\x07", "📍", "e\u0301"])
def test_what_is_only_written_otherwise_is_not_said_to_be_lost(written: str) -> None:
    assert lost_in(written) is None


@given(st.text(st.characters(codec=None)))
def test_any_text_comes_out_storable_stable_and_visible(text: str) -> None:
    read = safe(text)
    read.encode()
    assert safe(read) == read
    assert unicodedata.is_normalized("NFC", read)
    assert not [one for one in read if unicodedata.category(one) in {"Cc", "Cf", "Cs", "Co"} and one not in "\t\n"]
    assert "\ufffd" not in read


def test_an_escape_in_json_hides_nothing() -> None:
    assert safe_tree({"a\u0000": ["x\ud800", {"b": "\uf0b7"}], "n": 3, "none": None}) == {
        "a": ["x", {"b": "•"}],
        "n": 3,
        "none": None,
    }


def test_pasted_signs_are_signs_of_their_own() -> None:
    assert {0xF0B7: "•", 0xF0A7: "▪", 0xF0E0: "→", 0xF0FE: "☑"}.items() <= pasted_signs().items()
    assert all(len(sign) == 1 and sign == safe(sign) for sign in pasted_signs().values())


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("enqu\udceate.xlsx", "enquête.xlsx"),  # Latin-1 bytes, as Python keeps them
        ("enque\u0302te.xlsx", "enquête.xlsx"),  # a Mac's name is a Windows' name
        ("enquête\u202excod.xlsx", "enquêtexcod.xlsx"),
        ("un\nnom.csv", "un nom.csv"),
        ("\u200b", "sans-nom"),
        ("a\ud800b.csv", "a_b.csv"),
    ],
)
def test_a_files_name_is_one_line_of_text_whatever_its_bytes(name: str, shown: str) -> None:
    assert safe_name(name) == shown


def test_bytes_are_utf_8_or_windows_1252() -> None:
    assert safe(decoded("œuvre".encode())) == safe(decoded("œuvre".encode("cp1252"))) == "œuvre"


@pytest.mark.parametrize(("encoding", "shown"), [("ascii", 'accepte, "Noel" ?'), ("latin-1", "accepté, «Noël» ?")])
def test_a_terminal_without_accents_shows_what_it_can(encoding: str, shown: str, monkeypatch) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", out)
    show_anywhere(out)
    print("accepté, «Noël» 📍", end="", flush=True)
    assert out.buffer.getvalue().decode(encoding) == shown
