"""Need by commune; what a source does not say stays unknown."""

from __future__ import annotations

import pandas as pd

from fs_pipeline.national.need import need_of_communes, read_fragility
from fs_pipeline.national.quarters import place_quarters, read_quarters
from fs_pipeline.national.squares import place_squares, read_squares
from fs_pipeline.territory.shipped import load_territory
from fs_pipeline.warehouse.declared import declaration

SQUARES = """\
idcar_200m,lcog_geo,ind,men,men_pauv
CRS3035RES200mN2577000E3950400,01053,120.5,60,12.5
CRS3035RES200mN2577200E3950400,0105301344,40,20,2
CRS2975RES200mN7688000E338000,97411,80,30,15
CRS3035RES200mN2577400E3950400,99999,1000,500,9
"""


def test_need_is_summed_by_current_commune_and_absent_sources_stay_unknown(tmp_path):
    (tmp_path / "carreaux.csv").write_text(SQUARES)
    (tmp_path / "ifn.csv").write_text("code_commune,score\n01053,112.4\n01344,98\n")
    territory = load_territory()
    squares = place_squares(read_squares(tmp_path / "carreaux.csv"), territory, None)
    fragility = read_fragility(tmp_path / "ifn.csv")
    found = need_of_communes(territory, squares, None, fragility).set_index("insee")
    assert list(found.reset_index().columns) == list(declaration("commune_need").names)
    assert found.loc["01053", "squares_population"] == 160.5
    assert found.loc["01053", "poor_households"] == 14.5
    assert found.loc["01053", "fragility_index"] == 112.4
    assert found["squares_population"].sum() == 240.5  # a square of no known commune is in none
    assert found["quarters"].isna().all()
    assert found["aged_65"].isna().all()
    assert pd.isna(found.loc["97411", "fragility_index"])
    assert need_of_communes(territory, None, None, None).empty


def test_quarters_are_counted_by_commune_and_their_unsaid_population_is_unknown(tmp_path):
    (tmp_path / "qpv.csv").write_text(
        "code_qp,insee_com,pop\nQN00101M,01053,2400\nQN00102M,01053,100\nQN09301M,93001,\n"
    )
    territory = load_territory()
    quarters = place_quarters(read_quarters(tmp_path / "qpv.csv"), territory)
    found = need_of_communes(territory, None, quarters, None).set_index("insee")
    assert found.loc["01053", ["quarters", "quarters_population"]].tolist() == [2, 2500]
    assert found.loc["93001", "quarters"] == 1
    assert pd.isna(found.loc["93001", "quarters_population"])
