"""Road files to networks: what may be driven, which way, how fast; and files that are not what they should be."""

from __future__ import annotations

import gzip
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from fs_pipeline.access.minutes import minutes_to_nearest
from fs_pipeline.access.reach import minutes_between
from fs_pipeline.access.services import Service
from fs_pipeline.roads.profiles import load_profile
from fs_pipeline.roads.reading import UnreadableRoads, read_roads, save_roads

# Along the equator a thousandth of a degree is 111.195 m. Junctions a … f, 5 km apart; speeds of road_speeds.csv.
STEP = 0.045  # 5,003.8 m
KM = 5.0038


def osm(*ways: tuple[str, str, dict[str, str]], barrier: str | None = None) -> str:
    """An .osm file of ways over the nodes a-z; each is (name, nodes, tags)."""
    letters = sorted({letter for _, nodes, _ in ways for letter in nodes})
    lines = ['<?xml version="1.0"?><osm version="0.6" generator="test">']
    for letter in letters:
        number = ord(letter) - 96
        tags = '<tag k="barrier" v="bollard"/>' if letter == barrier else ""
        lines.append(f'<node id="{number}" lat="0" lon="{number * STEP:.6f}" version="1">{tags}</node>')
    for way, (_, nodes, tags) in enumerate(ways, start=100):
        refs = "".join(f'<nd ref="{ord(letter) - 96}"/>' for letter in nodes)
        kept = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
        lines.append(f'<way id="{way}" version="1">{refs}{kept}</way>')
    return "".join([*lines, "</osm>"])


def point(letter: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"id": [letter], "longitude": [(ord(letter) - 96) * STEP], "latitude": [0.0], "population": 1.0}
    )


@pytest.fixture
def minutes(tmp_path):
    def between(start: str, goal: str, *ways, profile: str = "car", barrier: str | None = None) -> float:
        path = tmp_path / "x.osm"
        path.write_text(osm(*ways, barrier=barrier), encoding="utf-8")
        roads = read_roads(path, profile=profile)
        return float(minutes_between(point(goal), point(start), roads=roads, limit_min=500)[0, 0])

    return between


PRIMARY = {"highway": "primary"}


def test_a_kilometre_costs_what_the_reviewed_table_says(minutes):
    assert minutes("a", "c", ("w", "abc", PRIMARY)) == pytest.approx(2 * KM / 68 * 60, rel=1e-3)
    town = PRIMARY | {"source:maxspeed": "FR:urban"}
    assert minutes("a", "c", ("w", "abc", town)) == pytest.approx(2 * KM / 36 * 60, rel=1e-3)


def test_nobody_drives_at_the_limit_nor_above_it(minutes):
    assert minutes("a", "b", ("w", "abc", PRIMARY | {"maxspeed": "60"})) == pytest.approx(KM / 54 * 60, rel=1e-3)


def test_gravel_slows_down(minutes):
    assert minutes("a", "b", ("w", "abc", PRIMARY | {"surface": "gravel"})) > minutes("a", "b", ("w", "abc", PRIMARY))


def test_a_one_way_is_driven_one_way_and_walked_both(minutes):
    ways = (("there", "abc", PRIMARY | {"oneway": "yes"}), ("round", "cda", {"highway": "track"}))
    direct = ("there", "abc", PRIMARY | {"oneway": "yes"})
    loop = ("back", "cda", {"highway": "tertiary"})
    assert minutes("a", "c", direct, loop) == pytest.approx(2 * KM / 68 * 60, rel=1e-3)
    assert minutes("c", "a", direct, loop) == pytest.approx(4 * KM / 54 * 60, rel=1e-3)  # c-d, then d-a
    assert minutes("c", "a", *ways, profile="foot") == pytest.approx(2 * KM / 4.5 * 60, rel=1e-3)


def test_a_one_way_against_its_drawing(minutes):
    against = ("w", "abc", PRIMARY | {"oneway": "-1"})
    loop = ("l", "cda", {"highway": "tertiary"})
    assert minutes("c", "a", against, loop) == pytest.approx(2 * KM / 68 * 60, rel=1e-3)


@pytest.mark.parametrize(
    "closed", [{"access": "no"}, {"motor_vehicle": "private"}, {"access": "agricultural"}, {"impassable": "yes"}]
)
def test_a_closed_road_is_gone_round(minutes, closed):
    ways = (("short", "ab", PRIMARY | closed), ("long", "acb", PRIMARY))
    assert minutes("a", "b", *ways) == pytest.approx(3 * KM / 68 * 60, rel=1e-3)  # a-c is 10 km, c-b is 5


def test_an_exception_for_cars_opens_a_closed_road(minutes):
    ways = (("short", "ab", PRIMARY | {"access": "no", "motorcar": "yes"}), ("long", "acb", PRIMARY))
    assert minutes("a", "b", *ways) == pytest.approx(KM / 68 * 60, rel=1e-3)


def test_a_bollard_stops_a_car_and_not_a_walker(minutes):
    ways = (("w", "abc", PRIMARY), ("l", "adc", {"highway": "tertiary"}))
    assert minutes("a", "c", *ways) == pytest.approx(2 * KM / 68 * 60, rel=1e-3)
    assert minutes("a", "c", *ways, barrier="b") == pytest.approx(4 * KM / 54 * 60, rel=1e-3)
    assert minutes("a", "c", *ways, profile="foot", barrier="b") == pytest.approx(2 * KM / 4.5 * 60, rel=1e-3)


@pytest.mark.parametrize(
    ("duration", "wanted"),
    [("PT1H30M", 90), ("01:30", 90), ("1:30:00", 90), ("90", 90), ("PT45M", 45), ("P1DT1H", 1500), ("pt20m", 20)],
)
def test_a_duration_is_heard_in_each_of_its_forms(duration, wanted):
    passage = load_profile("car").passage({"route": "ferry", "duration": duration})
    assert passage is not None
    assert passage.duration_s == wanted * 60
    assert not passage.may_stop


@pytest.mark.parametrize("duration", ["", "PT", "P", "00:00", "une heure", "1:2:3:4", "-5"])
def test_what_is_no_duration_leaves_the_speed_of_the_table(duration):
    passage = load_profile("car").passage({"route": "ferry", "duration": duration})
    assert passage is not None
    assert passage.duration_s is None


@pytest.mark.parametrize(
    ("tags", "is_open"),
    [
        ({"motor_vehicle": "forestry;agricultural"}, False),
        ({"motor_vehicle": "agricultural; forestry"}, False),
        ({"motor_vehicle": "agricultural;destination"}, True),
        ({"access": "private;delivery"}, False),
        ({"motor_vehicle": "psv"}, False),
        ({"access": "no", "psv": "yes"}, False),
        ({"access": "no", "vehicle": "destination"}, True),
        ({"vehicle": "yes", "motor_vehicle": "no"}, False),
        ({"motor_vehicle": "no", "motorcar": "destination"}, True),
        ({"vehicle": "unknown", "access": "no"}, False),
        ({"access": "customers"}, True),
        ({"access:conditional": "no @ (Nov-Mar)"}, True),
        ({"motor_vehicle:conditional": "no @ (22:00-06:00)"}, True),
        ({"access": "no", "access:conditional": "yes @ (08:00-20:00)"}, False),
        ({"oneway": "reversible"}, False),
        ({"oneway": "alternating"}, True),
    ],
)
def test_a_road_is_as_open_as_its_signs(tags, is_open):
    assert (load_profile("car").passage(PRIMARY | tags) is not None) == is_open


def test_a_track_is_driven_only_where_a_sign_opens_it():
    profile = load_profile("car")
    assert profile.passage({"highway": "track"}) is None
    assert profile.passage({"highway": "track", "motor_vehicle": "agricultural"}) is None
    assert profile.passage({"highway": "track", "motor_vehicle": "yes"}) is not None
    assert load_profile("foot").passage({"highway": "track"}) is not None


def test_a_road_closed_in_one_direction_is_driven_in_the_other(minutes):
    there = ("there", "abc", PRIMARY | {"vehicle:backward": "no"})
    loop = ("back", "cda", {"highway": "tertiary"})
    assert minutes("a", "c", there, loop) == pytest.approx(2 * KM / 68 * 60, rel=1e-3)
    assert minutes("c", "a", there, loop) == pytest.approx(4 * KM / 54 * 60, rel=1e-3)


@pytest.mark.parametrize(
    "closed",
    [
        {"highway": "motorway"},
        {"highway": "motorway_link"},
        {"highway": "trunk", "motorroad": "yes"},
        {"highway": "primary", "tunnel": "yes"},
        {"route": "ferry", "duration": "PT10M"},
    ],
)
def test_nobody_starts_where_one_may_not_stop(tmp_path, closed):
    # At b there is only what is closed; at c it meets a road.
    ways = osm(("w", "abc", closed | {"oneway": "no"}), ("r", "dc", PRIMARY), ("s", "ae", PRIMARY))
    roads = read_roads(write(tmp_path, "x.osm", ways.encode()))
    near_b = point("b").assign(longitude=2.45 * STEP)  # nearer to b than to c
    row = minutes_to_nearest(point("d").assign(**Service("s").columns), near_b, roads=roads).iloc[0]
    assert (row["road_class"], round(row["snapped_m"])) == ("primary", 2752)
    on_c = minutes_to_nearest(point("d").assign(**Service("s").columns), point("c"), roads=roads).iloc[0]
    assert on_c["reached"]
    assert (on_c["road_class"], round(on_c["snapped_m"])) == ("primary", 0)


def test_a_culvert_under_the_road_is_no_tunnel():
    passage = load_profile("car").passage(PRIMARY | {"tunnel": "culvert"})
    assert passage is not None
    assert passage.may_stop


def test_a_place_may_stand_on_a_rest_area_and_nobody_lives_there(tmp_path):
    # A motorway a-b-c-d whose ends are joined to roads; at b a rest area, u-v, drives only; at c a village, g-h.
    motorway = {"highway": "motorway", "oneway": "no"}
    slip = {"highway": "motorway_link", "oneway": "no"}
    ways = osm(
        ("m", "abcd", motorway), ("r", "ea", PRIMARY), ("s", "df", PRIMARY), ("t", "fe", {"highway": "tertiary"}),
        ("in", "bu", slip), ("rest", "uv", {"highway": "service"}),
        ("out", "cg", slip), ("village", "gh", {"highway": "residential"}), ("drive", "hi", {"highway": "service"}),
    )  # fmt: skip
    roads = read_roads(write(tmp_path, "x.osm", ways.encode()))
    assert roads.rest_area.sum() == 2  # u and v
    at_v = point("v")
    served = minutes_to_nearest(at_v.assign(**Service("s").columns), point("e"), roads=roads).iloc[0]
    assert served["reached"]  # by the motorway
    lived = minutes_to_nearest(point("e").assign(**Service("s").columns), at_v, roads=roads).iloc[0]
    assert not lived["reached"]
    beside = at_v.assign(longitude=at_v["longitude"] + 0.002)  # 222 m away: behind the fence
    assert not minutes_to_nearest(beside.assign(**Service("s").columns), point("e"), roads=roads).iloc[0]["reached"]
    assert minutes_to_nearest(point("e").assign(**Service("s").columns), point("i"), roads=roads).iloc[0]["reached"]


def test_a_ferry_is_waited_for_and_takes_its_mapped_time(minutes):
    ferry = {"route": "ferry", "duration": "00:40"}
    roads = (("p", "ad", PRIMARY), ("f", "ab", ferry), ("r", "bc", PRIMARY))
    assert minutes("a", "b", *roads) == pytest.approx(15 + 40, rel=1e-3)


def test_a_motorroad_is_not_walked(minutes):
    ways = (("short", "ab", {"highway": "trunk", "motorroad": "yes"}), ("long", "acb", {"highway": "path"}))
    assert minutes("a", "b", *ways, profile="foot") == pytest.approx(3 * KM / 4.0 * 60, rel=1e-3)
    ends = (("at a", "ad", PRIMARY), ("at b", "be", PRIMARY))  # nobody gets on or off between junctions
    assert minutes("a", "b", *ways, *ends) == pytest.approx(KM / 90 * 60, rel=1e-3)


# Files


def write(tmp_path, name: str, content: bytes):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_an_absent_or_empty_file_is_said_to_be_so(tmp_path):
    with pytest.raises(UnreadableRoads, match="introuvable"):
        read_roads(tmp_path / "france.osm.pbf")
    with pytest.raises(UnreadableRoads, match="vide"):
        read_roads(write(tmp_path, "france.osm.pbf", b""))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.osm.pbf", b"not a pbf at all" * 50),
        ("x.osm", b"<osm version='0.6'><node id='1' lat='0'"),
        ("x.graphml", b"<graphml><graph><node id='1'>"),
        ("x.graphml.gz", gzip.compress(b"<graphml></graphml>" * 200, mtime=0)[:-20]),
        ("x.npz", b"PK\x03\x04 truncated"),
        ("x.shp", b"something"),
        ("x.osm", b'<osm version="0.6"></osm>'),
        (
            "x.graphml",
            b"<graphml xmlns='http://graphml.graphdrawing.org/xmlns'><graph edgedefault='directed'/></graphml>",
        ),
    ],
)
def test_a_truncated_or_foreign_file_is_refused_in_one_french_line(tmp_path, name, content):
    with pytest.raises(UnreadableRoads) as refusal:
        read_roads(write(tmp_path, name, content))
    assert name in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_truncated_real_file_is_refused(tmp_path, real_data):
    content = (real_data / "roads" / "andorra.osm.pbf").read_bytes()
    for share in (0.3, 0.9, 0.999):
        with pytest.raises(UnreadableRoads, match="tronqué"):
            read_roads(write(tmp_path, "andorra.osm.pbf", content[: int(len(content) * share)]))


def test_a_network_in_metres_is_said_to_be_so(tmp_path, real_data):
    content = (real_data / "roads" / "meudon_small.graphml").read_text(encoding="utf-8")
    metres = content.replace(">2.2", ">6422.2").replace(">48.8", ">68624.8")
    with pytest.raises(UnreadableRoads, match="en mètres"):
        read_roads(write(tmp_path, "x.graphml", metres.encode()))


def test_a_network_is_built_once_for_a_file_and_a_profile(tmp_path, monkeypatch):
    path = write(tmp_path, "x.osm", osm(("w", "abc", PRIMARY)).encode())
    cache = tmp_path / "cache"
    first = read_roads(path, cache_dir=cache)
    read_roads(path, profile="foot", cache_dir=cache)
    assert len(list(cache.iterdir())) == 2
    monkeypatch.setattr("fs_pipeline.roads.osm.read_osm", None)  # nobody reads the file again
    again = read_roads(path, cache_dir=cache)
    assert (again.centiseconds == first.centiseconds).all()
    assert again.sha256 == first.sha256
    path.write_text(osm(("w", "ab", PRIMARY)), encoding="utf-8")
    with pytest.raises(TypeError):
        read_roads(path, cache_dir=cache)  # another file: read again


def test_a_saved_network_is_the_same_network(tmp_path):
    built = read_roads(write(tmp_path, "x.osm", osm(("w", "abcd", PRIMARY)).encode()))
    save_roads(built, tmp_path / "kept.npz")
    kept = read_roads(tmp_path / "kept.npz")
    for name in ("longitude", "latitude", "indptr", "head", "centiseconds", "on_network"):
        assert (getattr(kept, name) == getattr(built, name)).all()
    assert (kept.source, kept.as_of, kept.profile) == (built.source, built.as_of, "car")


def test_a_clip_keeps_what_is_inside(tmp_path):
    roads = read_roads(write(tmp_path, "x.osm", osm(("w", "abcdef", PRIMARY)).encode()))
    kept = roads.clip((0.0, -1.0, 3.5 * STEP, 1.0))
    assert kept.bounds[2] == pytest.approx(3 * STEP)
    assert kept.arcs == 4


# Points and roads


def test_main_roads_are_told_once_for_both_directions_and_follow_a_clip(tmp_path):
    ways = osm(("m", "abc", {"highway": "motorway"}), ("p", "cde", PRIMARY), ("r", "cf", {"highway": "residential"}))
    roads = read_roads(write(tmp_path, "x.osm", ways.encode()), cache_dir=tmp_path / "cache")
    whole = roads.main_lines(roads.bounds)
    assert whole.shape == (len(roads.main), 2, 2)
    east = sorted(round(float(x) / STEP) for x in whole[:, :, 0].ravel())
    assert (east[0], east[-1]) == (1, 5)  # from a to e, and not to f
    half = roads.clip((roads.bounds[0], -1.0, 3.1 * STEP, 1.0))
    assert half.main_lines(half.bounds)[:, :, 0].max() == pytest.approx(3 * STEP)
    again = read_roads(tmp_path / "x.osm", cache_dir=tmp_path / "cache")
    assert (again.main == roads.main).all()


def test_points_far_from_a_road_outside_or_cut_off_are_listed_with_their_reason(tmp_path):
    ways = osm(("w", "abc", PRIMARY), ("island", "xyz", PRIMARY))
    roads = read_roads(write(tmp_path, "x.osm", ways.encode()))
    demand = pd.concat(
        [
            point("a"),
            point("m").assign(id="between"),  # 50 km from any road
            point("z").assign(id="cut off"),
            point("a").assign(id="abroad", latitude=3.0),
            point("a").assign(id="nowhere", latitude=None),
        ]
    )
    found = minutes_to_nearest(point("c").assign(**Service("s").columns), demand, roads=roads).set_index("demand_id")
    assert len(found) == 5
    assert list(found["reached"]) == [True, False, False, False, False]
    assert found.loc["between", "reason"].startswith("non atteint\u00a0: route la plus proche à ")
    assert found.loc["cut off", "reason"] == "non atteint\u00a0: aucun chemin par la route"
    assert "emprise" in found.loc["abroad", "reason"]
    assert "coordonnées" in found.loc["nowhere", "reason"]
    assert list(found["method"]) == ["road", "road", "road", "not_computed", "not_computed"]


# Ten ways in Andorra, checked by hand: kilometres as another router (Valhalla) measures them on this very file, which are
# those of the roads CG-1 to CG-5 between these towns; the mean speed of each must be one at which such a road is driven.
TOWNS = {
    "Andorra la Vella": (1.5218, 42.5063), "Sant Julià": (1.4913, 42.4638), "Encamp": (1.5826, 42.5345),
    "Canillo": (1.5976, 42.5669), "Soldeu": (1.6672, 42.5766), "Pas de la Casa": (1.7333, 42.5425),
    "La Massana": (1.5149, 42.5450), "Ordino": (1.5331, 42.5558), "Arinsal": (1.4841, 42.5714),
    "El Serrat": (1.5393, 42.6184), "Pal": (1.4778, 42.5460),
}  # fmt: skip
TEN_WAYS = [
    ("Andorra la Vella", "Sant Julià", 6.9), ("Andorra la Vella", "Encamp", 6.8), ("Encamp", "Canillo", 5.6),
    ("Canillo", "Soldeu", 7.6), ("Soldeu", "Pas de la Casa", 13.8), ("Andorra la Vella", "La Massana", 9.0),
    ("La Massana", "Ordino", 2.3), ("La Massana", "Arinsal", 4.4), ("Ordino", "El Serrat", 8.6),
    ("Andorra la Vella", "Pas de la Casa", 32.8),
]  # fmt: skip


@pytest.fixture(scope="module")
def andorra(real_data):
    return read_roads(real_data / "roads" / "andorra.osm.pbf")


def town(name: str) -> pd.DataFrame:
    longitude, latitude = TOWNS[name]
    return pd.DataFrame({"id": [name], "longitude": [longitude], "latitude": [latitude], "population": [1.0]})


@pytest.mark.parametrize(("start", "goal", "kilometres"), TEN_WAYS)
def test_ten_ways_in_andorra_take_what_such_roads_take(andorra, start, goal, kilometres):
    minutes = minutes_between(town(goal), town(start), roads=andorra, limit_min=90)[0, 0]
    assert 45 <= kilometres / minutes * 60 <= 70


def test_the_capital_s_one_ways_make_the_way_out_longer_than_the_way_in(andorra):
    out = minutes_between(town("La Massana"), town("Andorra la Vella"), roads=andorra)[0, 0]
    back = minutes_between(town("Andorra la Vella"), town("La Massana"), roads=andorra)[0, 0]
    assert out > back + 2


def test_a_way_is_the_sum_of_its_stages(andorra):
    stages = ["Andorra la Vella", "Encamp", "Canillo", "Soldeu", "Pas de la Casa"]
    parts = [minutes_between(town(goal), town(start), roads=andorra)[0, 0] for start, goal in pairwise(stages)]
    whole = minutes_between(town(stages[-1]), town(stages[0]), roads=andorra)[0, 0]
    assert whole <= sum(parts) + 0.01
    assert whole == pytest.approx(sum(parts), abs=4.0)  # by-passes spare the streets of the towns in between


@pytest.mark.parametrize("name", ["meudon_small.graphml", "st_germain_en_laye.graphml.gz"])
def test_an_osmnx_town_is_read_whole(real_data, name):
    roads = read_roads(real_data / "roads" / name)
    draw = np.random.default_rng(3).choice(np.flatnonzero(roads.on_network), 12, replace=False)
    points = pd.DataFrame({"longitude": roads.longitude[draw], "latitude": roads.latitude[draw]})
    minutes = minutes_between(points, points, roads=roads)
    reached = np.isfinite(minutes)
    assert reached.mean() > 0.8  # the edge of an extract cuts some streets off
    assert (np.diag(minutes) == 0).all()
    assert 2 < np.median(minutes[reached & (minutes > 0)]) < 20
    assert (minutes != minutes.T).any()  # one-ways
