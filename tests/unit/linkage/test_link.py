"""Two lists linked, and the doubles of one, as the command line gives them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from fs_pipeline.cli import main
from fs_pipeline.linkage.io import COLUMNS, UnreadableList, read_list
from fs_pipeline.linkage.link import link, link_within


def listed(*rows: dict[str, object]) -> pd.DataFrame:
    frame = pd.DataFrame([{"id": str(number)} | row for number, row in enumerate(rows)]).reindex(columns=list(COLUMNS))
    frame = frame.astype(object).where(frame.notna(), None)
    return frame.assign(latitude=frame["latitude"].astype("float64"), longitude=frame["longitude"].astype("float64"))


BAZAS = {"insee": "33036", "commune": "Bazas", "postcode": "33430", "address": "2 rue du Palais"}
HOUSE = BAZAS | {"name": "France services de Bazas", "phone": "05 36 49 00 01"}
HALL = BAZAS | {"name": "Mairie de Bazas", "phone": "05 36 49 00 01"}


def test_a_town_hall_and_the_house_inside_are_related_and_never_one(territory):
    (row,) = link(listed(HALL), listed(HOUSE), territory=territory).to_dict("records")
    assert row["decision"] == "related"
    assert "Mairie" in row["reason"]


def test_a_missing_value_is_no_evidence(territory):
    def score(**changed: object) -> float:
        moved = HOUSE | {"address": "9 quai de la Gare", "name": "Maison France services"}
        return float(link(listed(moved | changed), listed(HOUSE), many=True, territory=territory)["score"].iloc[0])

    assert score() > score(phone=None) > score(phone="05 36 49 77 77")


def test_one_to_one_gives_a_right_place_to_the_better_of_two_rows_and_many_gives_it_to_both(territory):
    worse = HOUSE | {"name": "MFS Bazas", "phone": None}
    single = link(listed(HOUSE, worse), listed(HOUSE), territory=territory)
    assert list(single.loc[single["decision"] == "match", "left_id"]) == ["0"]
    several = link(listed(HOUSE, worse), listed(HOUSE), many=True, territory=territory)
    assert list(several.loc[several["decision"] == "match", "left_id"]) == ["0", "1"]


def test_an_official_id_is_a_match_at_any_distance(territory):
    left = listed(HOUSE).assign(local_id="1234")
    moved = HOUSE | {"address": "9 quai de la Gare", "insee": "33063", "commune": "Bordeaux", "phone": None}
    right = listed(moved).assign(local_id="1234")
    (row,) = link(left, right, territory=territory).to_dict("records")
    assert row["decision"] == "match"
    assert "même identifiant officiel" in row["reason"]


def test_doubles_of_one_list_share_the_first_id(territory):
    frame = listed(HOUSE, HOUSE | {"name": "MAISON FRANCE SERVICES BAZAS", "phone": "+33536490001"}, HALL)
    found = link_within(frame, territory=territory)
    assert list(found["cluster_id"]) == ["0", "0", "2"]


def test_a_commune_s_old_code_and_its_new_one_are_one_commune(territory):
    old, new = "01003", "01165"
    assert territory.current_insee(old) == new
    name = territory.commune_names[new]
    one = {"name": f"France services de {name}", "insee": old}
    two = {"name": f"France services {name}", "insee": new}
    assert list(link(listed(one), listed(two), territory=territory)["decision"]) == ["match"]


@pytest.mark.data
@pytest.mark.parametrize(("name", "many", "floor"), [("fs-2020-2022", False, 0.99), ("normandie-fs-2022", True, 0.96)])
def test_real_lists_are_linked_better_than_any_peer(
    real_data: Path, tmp_path: Path, name: str, many: bool, floor: float
):
    folder, out = real_data / "linkage" / name, tmp_path / "pairs.csv"
    lists = [str(folder / "left.csv"), str(folder / "right.csv"), "--out", str(out)]
    assert main(["link", *(["--many"] if many else []), *lists]) == 0
    pairs = pd.read_csv(out, dtype=str)
    assert list(pairs.columns) == ["left_id", "right_id", "score", "decision", "reason"]
    truth, ambiguous = (
        set(pd.read_csv(folder / file, dtype=str).itertuples(index=False, name=None))
        for file in ("truth.csv", "ambiguous.csv")
    )
    matched = pairs[pairs["decision"] == "match"]
    found = set(zip(matched["left_id"], matched["right_id"], strict=True)) - ambiguous
    assert 2 * len(found & truth) / (len(found) + len(truth)) >= floor


def test_a_file_without_ids_is_one_line_and_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "list.csv").write_text("name\nMairie\n", encoding="utf-8")
    assert main(["link", "--within", str(tmp_path / "list.csv"), "--out", str(tmp_path / "out.csv")]) == 2
    assert "la colonne « id » manque" in capsys.readouterr().err


def test_an_empty_list_links_to_nothing_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "empty.csv").write_text("id,name\n", encoding="utf-8")
    (tmp_path / "one.csv").write_text("id,name\n1,Mairie\n", encoding="utf-8")
    out = tmp_path / "pairs.csv"
    assert main(["link", str(tmp_path / "empty.csv"), str(tmp_path / "one.csv"), "--out", str(out)]) == 0
    assert out.read_text(encoding="utf-8") == '"left_id","right_id","score","decision","reason"\n'
    assert read_list(tmp_path / "one.csv")["name"].tolist() == ["Mairie"]
    said = (
        "0 ligne (0 avec un point) et 1 ligne (0 avec un point) : 0 même lieu, 0 à trancher, 0 l’un accueille l’autre."
    )
    assert capsys.readouterr().err.replace("\u00a0", " ").replace("\u202f", " ").strip() == said
    assert main(["link", "--within", str(tmp_path / "one.csv"), "--out", str(out)]) == 0
    assert "1 lieu." in capsys.readouterr().err.replace("\u00a0", " ")


def test_ids_come_back_as_they_were_given_but_for_those_a_spreadsheet_would_run(tmp_path: Path):
    place = "Mairie de Langon,33210,Langon,+33199001122"
    (tmp_path / "left.csv").write_text(f"id,name,postcode,commune,phone\nfs-001 é,{place}\n", encoding="utf-8")
    (tmp_path / "right.csv").write_text(f'id,name,postcode,commune,phone\n"x;=1+1",{place}\n', encoding="utf-8")
    out = tmp_path / "pairs.csv"
    assert main(["link", str(tmp_path / "left.csv"), str(tmp_path / "right.csv"), "--out", str(out)]) == 0
    (pair,) = pd.read_csv(out, dtype=str)[["left_id", "right_id"]].itertuples(index=False, name=None)
    assert pair == ("fs-001 é", "x;'=1+1")


def test_a_list_saved_with_odd_letters_is_read_and_no_row_is_cut_by_them(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes("id;name \u00a0;commune\n1;L\u0092Oasis\u2028du\u0085 Lac\u200b;Foix\x1c\n".encode())
    (row,) = read_list(path).to_dict("records")
    assert (row["name"], row["commune"]) == ("L’Oasis\ndu… Lac", "Foix")
    path.write_bytes(b"id;name\n1;C\x9cur \x81 d\x92\xc9t\xe9\n")
    assert read_list(path)["name"].tolist() == ["Cœur  d’Été"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "ce fichier est vide."),
        (b" \n", "ce fichier est vide."),
        (b"id,name\n1,a\0\n", "ce fichier n’est pas un texte CSV."),
        (b"id,name\n1,a,b\n", "enregistrement 2, plus de valeurs que de colonnes."),
        (b"name\na\n", "la colonne « id » manque ; la première ligne doit nommer les colonnes."),
        (b"id,name\n1,a\n ,b\n", "ligne 3, la colonne « id » est vide."),
        (
            b"id,latitude,longitude\n1,44.5,-0.2\n2,6375000,420000\n",
            "ligne 3, colonne « latitude », « 6375000 » n’est pas en degrés (au plus 90) : convertir les points en longitude et "
            "latitude (WGS 84), ou vider les deux colonnes.",
        ),
        (
            b"id,latitude,longitude\n1,44.5,200\n",
            "ligne 2, colonne « longitude », « 200 » n’est pas en degrés (au plus 180) : convertir les points en longitude et "
            "latitude (WGS 84), ou vider les deux colonnes.",
        ),
        (b"id,name\n1,a\n2,b\n1 ,c\n", "l’identifiant « 1 » est donné à deux lignes."),
    ],
)
def test_a_file_that_is_no_list_is_said_to_be_none(tmp_path: Path, content: bytes, said: str):
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableList) as refusal:
        read_list(path)
    assert str(refusal.value) == f"{path} : {said}"


def test_a_file_that_is_not_there_is_said_not_to_be(tmp_path: Path):
    for path, said in (
        (tmp_path / "absent.csv", "ce fichier n’existe pas."),
        (tmp_path, "ce fichier ne peut pas être lu (Is a directory)."),
    ):
        with pytest.raises(UnreadableList) as refusal:
            read_list(path)
        assert str(refusal.value) == f"{path} : {said}"


def test_a_list_keeps_its_columns_in_their_order_and_reads_points(tmp_path: Path):
    path = tmp_path / "list.csv"
    path.write_text('More,ID,Latitude,longitude,name\n x ,1,"44,5",-0.2, \n,2,abc,,b\n', encoding="utf-8")
    frame = read_list(path)
    assert list(frame) == [*COLUMNS, "more"]
    assert frame[["id", "name", "more", "phone"]].to_numpy().tolist() == [
        ["1", None, "x", None],
        ["2", "b", None, None],
    ]
    assert frame["latitude"].iloc[0] == 44.5
    assert frame[["latitude", "longitude"]].isna().to_numpy().tolist() == [[False, False], [True, True]]


def test_pairs_are_sorted_by_ids_and_no_probability_is_certain(territory):
    left = listed(HOUSE | {"id": "b"}, HALL | {"id": "a"}).assign(local_id=["1234", None])
    right = listed(HOUSE | {"id": "z"}, HALL | {"id": "y"}).assign(local_id=["1234", None])
    found = link(left, right, territory=territory)
    assert list(found) == ["left_id", "right_id", "score", "decision", "reason"]
    assert list(zip(found["left_id"], found["right_id"], found["decision"], strict=True)) == [
        ("a", "y", "match"), ("a", "z", "related"), ("b", "y", "related"), ("b", "z", "match"),
    ]  # fmt: skip
    scores = found.set_index(["left_id", "right_id"])["score"]
    assert 0.999 <= scores["b", "z"] <= 0.9999
    assert (scores == scores.round(4)).all()


def test_ids_whose_name_and_commune_both_disagree_are_asked_about(territory):
    others = [HOUSE | {"id": str(n), "name": f"Accueil Zubertin {n}"} for n in range(4)]
    stray = {"id": "s", "name": "Médiathèque Lacazette", "insee": "33063", "commune": "Bordeaux"}
    ids = [f"100{n}" for n in range(5)]
    left = listed(*others, HOUSE | {"id": "s", "name": "Maison Durieux"}).assign(local_id=ids)
    found = link(left, listed(*others, stray).assign(local_id=ids), territory=territory)
    told = found.set_index(["left_id", "right_id"])
    assert told.loc[("s", "s"), "decision"] == "review"
    assert told.loc[("s", "s"), "reason"].startswith("même identifiant officiel")
    assert [told.loc[(str(n), str(n)), "decision"] for n in range(4)] == ["match"] * 4
    assert told.loc[("0", "0"), "score"] >= 0.999


def test_doubles_are_scored_by_the_others_of_their_cluster_and_the_lonely_by_their_solitude(territory):
    double = HOUSE | {"name": "MAISON FRANCE SERVICES BAZAS"}
    found = link_within(listed(HOUSE, double, HALL), territory=territory)
    assert list(found) == ["id", "cluster_id", "score"]
    assert found["score"].iloc[0] == found["score"].iloc[1] > 0.5
    assert found["score"].iloc[2] == 1.0  # nobody else's double: another family
    assert (found["score"] == found["score"].round(4)).all()
    assert link_within(listed(HOUSE), territory=territory).to_numpy().tolist() == [["0", "0", 1.0]]
    three = link_within(listed(HOUSE, double, HOUSE), territory=territory)
    assert three["cluster_id"].tolist() == ["0"] * 3
    assert three["score"].between(0.5, 1).all()


def test_a_whole_name_and_nothing_else_is_the_same_record_of_two_lists_as_often_as_both_say_it():
    bus, antenna = "Bus France services du Pays de Mirevent", "Fresnes-Léguillon"
    left = listed({"id": "a", "name": bus}, {"id": "b", "name": antenna}, {"id": "c", "name": antenna})
    right = listed({"id": "1", "name": antenna}, {"id": "2", "name": antenna}, {"id": "3", "name": bus})
    found = link(left, right)
    assert found.loc[found["decision"] == "match", ["left_id", "right_id"]].to_numpy().tolist() == [
        ["a", "3"], ["b", "1"], ["c", "2"]
    ]  # fmt: skip
    once = link(left, right.iloc[1:].reset_index(drop=True))
    assert once.loc[once["decision"] == "match", "left_id"].tolist() == ["a"]  # of two in one list, nobody knows which
    placed = link(left, right.assign(commune="Langon", insee="33227"))
    assert not (placed["decision"] == "match").any()
