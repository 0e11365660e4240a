"""Labels, publics, kinds of actor and outreach modes: what people write, and the codes of the reviewed lists."""

from __future__ import annotations

from typing import get_args

import pytest

from fs_pipeline.data import read_csv
from fs_pipeline.values.vocabularies import VocabularyName, labels_of, read_words


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("France Services;CNFS;APTIC", ("france_services", "conseillers_numeriques", "pass_numerique")),
        ('["conseiller-numerique", "france-service"]', ("conseillers_numeriques", "france_services")),
        ("France_Services,Aidants_Connect,Point_relais_CAF", ("france_services", "aidants_connect", "point_numerique_caf")),
        ("AIDANT CONNECT / Fabriques de territoires", ("aidants_connect", "fabriques_de_territoire")),
        ("GRANDE ECOLE DU NUM\ufffdRIQUE (GEN)", ("grande_ecole_du_numerique",)),
        ("Point d’accueil numérique", ("point_accueil_numerique",)),
        ("Aidans Connect", ("aidants_connect",)),
    ],
)  # fmt: skip
def test_labels_are_heard_as_forms_databases_and_people_write_them(text, codes):
    found = read_words(text, "place_labels")
    assert (found.codes, found.unmapped) == (codes, ())


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Tous les publics", ("tous_publics",)),
        ("Tout", ("tous_publics",)),
        ("Jeunes (16-25 ans) et familles", ("jeunes", "familles")),
        ("Demandeurs d'emploi en situation de handicap", ("demandeurs_emploi", "handicap")),
        ("{Seniors_(+_65_ans),\"Public langues étrangères\"}", ("seniors", "allophones")),
        ("étudiant·e·s, salarié.es", ("etudiants", "actifs")),
        ("femmes - réfugiés - personnes âgées", ("femmes", "etrangers", "seniors")),
        ("12 - 25 ans", ("jeunes",)),
    ],
)  # fmt: skip
def test_publics_are_heard_in_lists_and_in_prose(text, codes):
    found = read_words(text, "publics")
    assert (found.codes, found.unmapped) == (codes, ())


@pytest.mark.parametrize("text", [None, "", "Non", "autre", "[]", "n/a"])
@pytest.mark.parametrize("vocabulary", get_args(VocabularyName))
def test_what_says_nothing_has_no_code_and_is_no_unknown_word(text, vocabulary):
    assert read_words(text, vocabulary).joined is None


def test_what_a_form_offers_to_those_who_do_not_know_says_nothing():
    assert read_words("Non,Je_ne_sais_pas_", "place_labels").joined is None
    assert read_words("Un ou des publics spécifiques", "publics").joined is None


def test_a_word_that_the_list_lacks_is_given_back_as_written():
    found = read_words("jeunes, Yourtes nomades et familles ; brocanteurs", "publics")
    assert found.codes == ("jeunes", "familles")
    assert found.unmapped == ("Yourtes nomades", "brocanteurs")
    assert found.joined == "jeunes|familles|Yourtes nomades|brocanteurs"


@pytest.mark.parametrize("text", ["sauf mineurs et jeunes", "pas de seniors", "adultes hors étudiants"])
def test_what_is_denied_is_not_taken_for_its_contrary(text):
    assert read_words(text, "publics").codes == ()
    assert read_words(text, "publics").unmapped == (text,)


@pytest.mark.parametrize("text", ["personnes sans emploi", "public non francophone", "tout public sans distinction"])
def test_a_denial_inside_a_word_of_the_list_is_no_denial(text):
    assert len(read_words(text, "publics").codes) == 1


def test_kinds_of_actor_and_their_outreach():
    assert read_words("Association loi 1901", "actor_kinds").codes == ("association",)
    assert read_words("Communauté de communes", "actor_kinds").codes == ("epci",)
    assert read_words("Défenseur des droits", "actor_kinds").codes == ("rights_defender",)
    assert read_words("Visites à domicile, bus", "outreach_modes").codes == ("visit", "bus")
    assert read_words("Porte à porte", "outreach_modes").codes == ("door_to_door",)


@pytest.mark.parametrize("vocabulary", get_args(VocabularyName))
def test_each_name_of_a_list_says_its_own_code_and_no_alias_says_two(vocabulary):
    for code, label in labels_of(vocabulary).items():
        assert read_words(label, vocabulary).codes == (code,), label
        assert read_words(code, vocabulary).codes == (code,)
    aliases = [alias for row in read_csv(f"{vocabulary}.csv") for alias in row["aliases"].split("|")]
    assert len(aliases) == len(set(aliases))
