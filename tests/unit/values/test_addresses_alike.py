"""Two written addresses are one where a visitor is sent to the same door by both."""

from __future__ import annotations

import pytest

from fs_pipeline.values.addresses_alike import same_address


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("RUE DE LA POSTE", "Le Bourg", True),  # a hamlet contradicts no street
        ("Résidence des Tilleuls", "Place de la Liberté", True),
        ("Pôle Mirabelle, 1 place du Docteur Zuber", "1 pl. du Dr Zuber", True),
        ("CC de Valbrume Rue Salvador Allende", "11avenue salvador Allende", True),
        ("12, rue des Lilas", "12 rue des Lilas 33000 Valbrume", True),
        ("5-7 av Foch", "7 avenue du Maréchal Foch", True),
        ("5-7 av Foch", "9 avenue du Maréchal Foch", False),
        ("rue du 8 mai 1945", "2 Rue du 8 mai 1945", True),
        ("Rue de la R\ufffdpublique", "Rue de la République", True),
        ("M\ufffddiath\ufffdque, 4 rue X\ufffdtal", "Médiathèque, 4 rue Xétal", True),
        ("11 grand rue", "11 Grande Rue", True),
        ("17 rond-point des Fleurs", "Rond point des fleurs", True),
        ("rue de la Mairie", "place de la Mairie", True),
        ("82 Rue des Martyrs", "4 Rue des martyrs", False),
        ("34 avenue du Haut-Pré", "11 Place du Général Zuber", False),
        ("2 Darthus", "3 Darthus", False),
        ("2 rue du Palais", "", False),
        ("CH de Valbrume", "3 chemin de Valbrume", True),  # a hospital is no road
    ],
)
def test_two_addresses_are_one_where_both_lead_to_one_door(one: str, other: str, same: bool) -> None:
    assert same_address(one, other) is same
    assert same_address(other, one) is same
