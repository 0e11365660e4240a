"""What anyone may read: names made of known words, streets that are streets, and no person in either."""

import pytest

from fs_pipeline.values.homes import is_home
from fs_pipeline.values.lexicon import common_words, given_names, place_words, street_name, surnames
from fs_pipeline.values.public_words import PublicWords

AROUND = PublicWords(
    communes=["Pessac", "Saint-Martin-de-Crau", "Le Bouscat", "CC du Réolais en Sud Gironde"],
    names=["Les Zqavelles"],
    streets=["4 impasse Zqavo"],
)


@pytest.mark.parametrize(
    "name",
    [
        "Mairie de Pessac", "MAIRIE DE ST MARTIN DE CRAU", "France services - Pessac", "Médiathèque Jean Moulin",
        "Espace Simone Veil", "Centre social et culturel", "Point numérique CAF", "Bus France services", "La Cabane à Projets",
        "CCAS du Bouscat", "Caisse primaire d’assurance maladie", "Les Zqavelles",
    ],
)  # fmt: skip
def test_a_name_made_of_known_words_may_be_read(name: str) -> None:
    assert AROUND.name(name, "Pessac")


@pytest.mark.parametrize(
    "name",
    [
        "Mme Zoé Durand", "MME DURAND", "Mr. Paul Martin", "Mme de la Tour", "madame Durand", "M Durand", "Melle Durand",
        "Dr. Martin", "Maître Leroy", "Contact : Sophie LEFEVRE", "Mairie Zqavo LEFEVRE", "Mairie de Paul", "Martin",
        "France Petit", "Rose Marchand", "S. D.", "Mairie S. Durand", "Mairie 06 39 98 00 01", "639980001", "0 6 3 9 9 8",
        "06_39_98_00_01", "+32 470 12 00 01", "zero six trente neuf quatre vingt dix huit", "Mairie 12/03/1985",
        "suivie pour une dépression, sous tutelle", "2 85 07 33 063 001 23", "FR76 3000 6000 0112 3456 7890 189",
        "M\ufffddiath\ufffdque municipale",
        "AB-123-CD", "@zqavo", "zoe.durand@exemple.fr", "https://zqavo.fr", "٠٦٣٩٩٨٠٠٠١", "Ｚｑａｖｏ", "", "—",
    ],
)  # fmt: skip
def test_a_name_that_may_hold_a_person_or_a_number_may_not(name: str) -> None:
    assert not AROUND.name(name, "Pessac")


@pytest.mark.parametrize(
    "name", ["Mme Zqavo", "Sophie Zqavo", "ZQAVO Sophie", "Zqavo Anne Sophie", "EI Zqavo", "EIRL Zqavo"]
)
def test_whoever_trades_under_their_own_name_is_not_read_though_a_list_bears_it(name: str) -> None:
    assert not PublicWords(names=[name]).name(name, "Pessac")


@pytest.mark.parametrize("name", ["Les Zqavelles", "Maison Zqavo Sophie", "Zqavo Conseil", "Médiathèque Sophie Zqavo"])
def test_an_organisation_that_a_list_bears_may_be_read(name: str) -> None:
    assert PublicWords(names=[name]).name(name, "Pessac")


def test_what_an_operator_calls_its_own_counter_is_nobody_s_name() -> None:
    assert not PublicWords(names=["GRENOBLE LIONEL ZQAVO"]).name("Grenoble Lionel Zqavo")
    assert PublicWords(counters=["GRENOBLE LIONEL ZQAVO"]).name("Grenoble Lionel Zqavo")


@pytest.mark.parametrize(
    "street",
    [
        "12 rue de la République", "12 bis av. Jean Jaurès", "1 place de la Mairie", "Place du 8 mai 1945", "Le Bourg",
        "3 rue du Docteur Calmette, 33600 Pessac", "ZA du Moulin, bâtiment B", "route de Pessac", "4 impasse Zqavo", "BP 12",
        "5-9 rue Victor Hugo", "Rez-de-chaussée", "2e étage de la médiathèque",
    ],
)  # fmt: skip
def test_a_street_that_lists_bear_may_be_read(street: str) -> None:
    assert AROUND.street(street, "Pessac", "33600")


@pytest.mark.parametrize(
    "street",
    [
        "12 rue Zqavo", "12 rue de la République Zqavo LEFEVRE", "12 rue de la République Paul Martin",
        "12 rue de la République Durand", "Durand Zoé, 12 rue de la République", "Rue Madame Durand", "rue de la Paix 06 39 98",
        "12 rue de la République 12/03/1985", "06 39 98 00 01", "12 rue de la Paix, code 45B12", "S. D., rue de la Paix",
        "33000 Zqavo", "12 rue de la République, 33999 Pessac",
    ],
)  # fmt: skip
def test_a_street_that_may_hold_a_person_or_a_number_may_not(street: str) -> None:
    assert not AROUND.street(street, "Pessac", "33600")


def test_a_sentence_of_ordinary_words_may_be_read_and_one_that_names_anything_else_may_not() -> None:
    assert AROUND.sentence("Ouvrir une permanence à Pessac, 20 personnes par mois")
    for text in (
        "Ouvrir une permanence avec Zqavo",
        "né le 12/03/1985",
        "appeler le 06 39 98 00 01",
        "enfant sous tutelle",
    ):
        assert not AROUND.sentence(text), text


def test_a_street_is_called_without_its_number_its_kind_and_its_articles() -> None:
    assert street_name("12 bis, av. de la République") == "republique"
    assert street_name("Place du Docteur-Calmette") == "docteur calmette"


def test_first_names_and_surnames_are_no_words() -> None:
    both = {"france", "paris", "blanc", "petit"}  # reviewed: also words of places
    assert (given_names() | surnames()) & (place_words() | common_words()) >= {"france", "petit"}
    assert not {"claire", "camille", "paul", "durand", "martin"} & (place_words() | common_words()) - both


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Permanence chez l’habitant", None), ("Chez Mme Durand", None), (None, "chez Zqavo, 12 rue des Lilas"),
        ("Reçoit à son domicile", None), (None, "12 rue des Lilas, appt 3"), (None, "12 rue des Lilas, interphone Zqavo"),
        (None, "12 rue des Lilas, code 45B12"),
    ],
)  # fmt: skip
def test_a_home_is_known_by_what_is_said_of_it(text: str | None, address: str | None) -> None:
    assert is_home((text,), (address,))


@pytest.mark.parametrize("text", ["ADMR, aide à domicile", "Maison des habitants", "Chez nous", "Résidence autonomie"])
def test_a_service_that_goes_to_homes_is_none(text: str) -> None:
    assert not is_home((text,), ("12 rue des Lilas",))
