"""Words whose letters a file lost: as the reviewed lists have them, where one word alone can stand there."""

from __future__ import annotations

import pytest

from fs_pipeline.values.lost_letters import restored


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("M\ufffddiath\ufffdque Fran\ufffdois Mitterrand", "Médiathèque François Mitterrand"),
        ("BRIAN\ufffdON", "BRIANÇON"),
        ("rue de l’H\ufffdtel de Ville, C\ufffdte d’Azur", "rue de l’Hôtel de Ville, Côte d’Azur"),
        ("d\ufffd\ufffdp\ufffd\ufffdt", "dépôt"),  # an accent takes two bytes
        ("La Fabrique \ufffd Entreprendre", "La Fabrique à Entreprendre"),
        ("9h \ufffd 12h", "9h à 12h"),
        ("rue Pap\ufffdre", "rue Papere"),  # no list knows it: the likeliest letter
        ("pr\ufffds", "pres"),  # « prés » or « près »
    ],
)
def test_a_word_is_restored_where_one_alone_can_stand_there(written: str, read: str) -> None:
    assert restored(written) == read
