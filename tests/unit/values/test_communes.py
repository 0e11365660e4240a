"""The commune that a text names today."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fs_pipeline.territory.model import Territory
from fs_pipeline.territory.shipped import load_territory
from fs_pipeline.values.communes import read_commune


@pytest.fixture(scope="module")
def territory() -> Territory:
    return load_territory()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Bordeaux", "33063"), ("BORDEAUX CEDEX 9", "33063"), ("33000 Bordeaux", "33063"), ("Paris 13e", "75056"),
        ("Lyon 3ème arrondissement", "69123"), ("Marseille 01", "13055"), ("Paris 75013", "75056"),
        ("Ste Foy la Grande", "33402"), ("St Médard en Jalles", "33449"), ("L'Haÿ les roses", "94038"),
        ("Hay-les-Roses (L')", "94038"), ("Havre (Le)", "76351"), ("Pau (64)", "64445"), ("Mairie de Pau", "64445"),
        ("Mairie du Havre", "76351"), ("Reims Cédex", "51454"), ("Saint-Pierre (La Réunion)", "97416"), ("Ajaccio", "2A004"),
        ("Fort-de-France", "97209"),
    ],
)  # fmt: skip
def test_a_name_is_found_however_it_is_written(territory, written, expected):
    reading = read_commune(written, territory)
    assert (reading.value, reading.notes) == (expected, ())


def test_a_namesake_is_chosen_by_postcode_code_or_departement(territory):
    assert read_commune("Saint-Denis", territory, "93200").value == "93066"
    assert read_commune("St Denis", territory, "97400").value == "97411"
    assert read_commune("Saint-Denis", territory, departement="974").value == "97411"
    assert read_commune("Saint-Denis", territory, insee="93066").value == "93066"
    ambiguous = read_commune("Saint-Denis", territory)
    assert (ambiguous.value, ambiguous.notes[0].rule) == (None, "commune_ambiguous")


def test_an_old_commune_is_the_one_that_it_became_and_says_so(territory):
    reading = read_commune("Bellegarde-sur-Valserine", territory, "01200")
    assert reading.value == "01033"
    assert (reading.notes[0].rule, reading.notes[0].suggestion) == ("commune_is_former", "Valserhône")
    assert read_commune("Annecy-le-Vieux", territory).value == "74010"


def test_a_village_is_not_taken_for_the_town_that_bore_its_name(territory):
    assert read_commune("Évry", territory).value is None
    assert read_commune("Évry", territory, "91000").value == "91228"
    assert read_commune("Évry", territory, departement="89").value == "89162"


def test_a_name_cut_short_is_the_one_commune_of_its_postcode_that_starts_so(territory):
    tardets, mauleon = read_commune("TARDETS", territory, "64470"), read_commune("Mauléon", territory, "64130")
    assert (tardets.value, mauleon.value) == ("64533", "64371")
    assert tardets.notes[0].suggestion == "Tardets-Sorholus"
    assert read_commune("Saint", territory, "64120").value is None  # several, or nothing of a name


def test_a_hamlet_named_as_communes_elsewhere_is_not_called_ambiguous_where_the_postcode_is_written(territory):
    assert [note.rule for note in read_commune("Sainte-Anne", territory, "97437").notes] == ["commune_not_at_postcode"]
    assert [note.rule for note in read_commune("Sainte-Anne", territory).notes] == ["commune_ambiguous"]


def test_a_slip_is_understood_where_the_postcode_leaves_one_commune(territory):
    reading = read_commune("Bordeau", territory, "33000")
    assert (reading.value, reading.notes[0].rule, reading.notes[0].suggestion) == (
        "33063",
        "commune_spelling",
        "Bordeaux",
    )
    assert read_commune("Bordeau", territory).value is None


def test_name_and_postcode_win_over_a_wrong_code(territory):
    reading = read_commune("Bordeaux", territory, "33000", "64445")
    assert (reading.value, reading.notes[0].rule) == ("33063", "insee_contradicts_commune")
    assert read_commune("Bordeaux", territory, insee="99999").value == "33063"


def test_a_postcode_of_another_departement_is_told_rather_than_chosen(territory):
    reading = read_commune("Bordeaux", territory, "64000")
    assert (reading.value, reading.notes[0].rule) == (None, "postcode_contradicts_commune")


def test_beside_a_postcode_of_the_clerk_s_own_departement_the_commune_of_another_is_what_is_doubted(territory):
    reading = read_commune("Bordeaux", territory, "64000", departement="64")
    assert (reading.value, reading.notes[0].rule) == (None, "commune_not_at_postcode")
    assert (
        read_commune("Bordeaux", territory, "64000", departement="33").notes[0].rule == "postcode_contradicts_commune"
    )


def test_a_postcode_alone_is_enough_where_it_serves_one_commune(territory):
    assert read_commune(None, territory, "33000").value == "33063"
    assert read_commune(None, territory, "01200").value is None
    assert read_commune(None, territory, insee="1033").value == "01033"  # its zero lost


@pytest.mark.parametrize(
    ("name", "postcode", "insee"),
    [
        ("Le Lamentin", "97129", "97115"),  # Guadeloupe's has no article, Martinique's does
        ("Lamentin", "97232", "97213"),
        ("Lamentin", "97115", "97115"),
        ("François", "97240", "97210"),
        ("Marin", "97290", "97217"),
        ("Sainte-Marie", "97230", "97228"),
        ("Sainte-Marie", "97438", "97418"),
        ("Angles", "30133", "30011"),
        ("Les Angles", "85750", "85004"),
        ("Mans", "72000", "72181"),
    ],
)
def test_an_article_more_or_less_is_a_namesake_that_the_postcode_tells(territory, name, postcode, insee):
    reading = read_commune(name, territory, postcode)
    assert (reading.value, reading.notes) == (insee, ())


@pytest.mark.parametrize(
    ("name", "departement", "insee", "rule"),
    [
        ("Le Lamentin", "971", "97115", None),
        ("Lamentin", "972", "97213", None),
        ("Lons", "39", "39300", "commune_spelling"),
        ("Lons", "64", "64348", None),
        ("Évry", "91", "91228", "commune_is_former"),  # though a village of the Yonne bears the name today
        ("Tours", "80", "80765", "commune_spelling"),
        ("Tours", "33", "37261", None),  # nothing there is called so
        ("Villefranche", "69", "69264", "commune_spelling"),
    ],
)
def test_the_clerk_s_own_departement_goes_before_namesakes_elsewhere(territory, name, departement, insee, rule):
    reading = read_commune(name, territory, departement=departement)
    assert (reading.value, reading.notes[0].rule if reading.notes else None) == (insee, rule)


@pytest.mark.parametrize(
    ("written", "insee"),
    [
        ("Ajaccio 2A", "2A004"), ("Bastia, 2b", "2B033"), ("Aurillac, Cantal", "15014"), ("Foix - Ariège", "09122"),
        ("Saint-Denis / Réunion", "97411"), ("Cayenne 973", "97302"), ("Aurillac (le Cantal)", "15014"),
        ("Fontaine-de-Vaucluse", "84139"), ("Verteuil s/Charente", "16400"), ("Châtillon, Rhône", "69050"),
    ],
)  # fmt: skip
def test_the_departement_beside_a_commune_is_heard(territory, written, insee):
    assert read_commune(written, territory).value == insee


@pytest.mark.parametrize(
    ("written", "insee", "rule"),
    [
        ("Éragny", "95218", "commune_is_renamed"),
        ("Saugnacq-et-Muret", "40295", "commune_is_renamed"),
        ("Annecy-le-Vieux", "74010", "commune_is_former"),
        ("Villers-sous-Châtillon", "51457", "commune_is_former"),
    ],
)
def test_a_commune_that_changed_its_name_is_not_said_to_be_part_of_another(territory, written, insee, rule):
    reading = read_commune(written, territory)
    assert (reading.value, [note.rule for note in reading.notes]) == (insee, [rule])


@pytest.mark.parametrize("code", ["59350.0", "59350.00", "59 350", 59350, " 59350 "])
def test_a_code_that_went_through_a_data_tool_is_one(territory, code):
    assert read_commune(None, territory, insee=code).value == "59350"
    assert read_commune(None, territory, insee="2a004").value == "2A004"
    assert read_commune(None, territory, insee="1033.0").value == "01033"


@pytest.mark.parametrize("written", ["Xyzzy", "12", "à venir"])
def test_what_is_no_commune_is_none(territory, written):
    assert read_commune(written, territory).value is None


@given(
    st.one_of(st.none(), st.text(max_size=30), st.sampled_from(["Pau", "St-Denis", "Lyon 3e", "Évry (", "()", "Le"])),
    st.one_of(st.none(), st.from_regex(r"\d{5}", fullmatch=True)),
    st.one_of(st.none(), st.text("0123456789AB", max_size=6)),
)
@settings(max_examples=300, deadline=None)
def test_any_name_postcode_and_code_give_a_current_commune_or_none(name, postcode, insee):
    territory = load_territory()
    value = read_commune(name, territory, postcode, insee).value
    assert value is None or territory.current_insee(value) == value


def test_a_postcode_that_several_communes_share_asks_which_and_names_them(territory):
    (note,) = read_commune(None, territory, "15200").notes
    assert note.rule == "commune_missing"
    assert note.detail.startswith("Communes de ce code postal : ")
    assert "Mauriac" in note.detail
    shared = read_commune(None, territory, "01200").notes[0].detail
    assert shared.count(",") <= 5
    assert read_commune(None, territory, "99000").notes == ()


@pytest.mark.parametrize(
    ("written", "insee"),
    [
        ("Hasparren / Hazparne", "64256"), ("Kemper - Quimper", "29232"), ("Perpignan (Perpinyà)", "66136"),
        ("Bastia | Bastìa", "2B033"), ("Espelette\nEzpeleta", "64213"), ("Dunkerque = Duunkerke", "59183"),
        ("Pau / Bayonne", None),  # two communes, not two names of one
    ],
)  # fmt: skip
def test_of_two_names_of_a_commune_the_official_one_is_heard(territory, written, insee):
    assert read_commune(written, territory).value == insee


@pytest.mark.parametrize(
    ("written", "postcode", "insee"),
    [
        ("Brian\ufffdon", "05100", "05023"), ("La Mole", "83310", "83079"), ("LA M\ufffdLE", "83310", "83079"),
        ("Bazzas", "33430", "33036"),
    ],
)  # fmt: skip
def test_a_letter_lost_or_changed_is_a_slip_where_the_postcode_knows_the_commune(territory, written, postcode, insee):
    assert read_commune(written, territory, postcode).value == insee


def test_what_to_type_is_the_commune_or_the_postcode_that_the_row_knows(territory):
    (hamlet,) = read_commune("Sainte-Anne", territory, "97437").notes
    assert (hamlet.rule, hamlet.suggestion) == ("commune_not_at_postcode", "Saint-Benoît")
    (far,) = read_commune("Bazas", territory, "64000").notes
    assert (far.rule, far.suggestion) == ("postcode_contradicts_commune", "33430")
