"""Linking: ours beside Splink, recordlinkage and two formulas in use, on the labelled sets and on generated places.

`python -m benchmarks.linkage` (peers: requirements/bench.txt); `--left-out` stops after our figures on sets left out.
Each method runs in its own process, so that seconds and memory are its own. Every peer is given our prepared records and
our candidate pairs' communes, so that it is judged on its decisions and not on its parsing of French; `--many` keeps the
best right place of each left row for all.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from benchmarks.generated_places import generate, places_of_france
from benchmarks.linkage_scale import in_a_process, scale
from fs_pipeline.linkage.blocking import candidate_pairs
from fs_pipeline.linkage.io import read_list
from fs_pipeline.linkage.link import link, link_within
from fs_pipeline.linkage.preparation import prepare
from fs_pipeline.territory.shipped import load_territory

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("FS_DATA_DIR", ROOT.parent / "shared" / "data"))
SETS = {"fs-2020-2022": False, "normandie-fs-2022": True, "calvados-fs-2022": True}
# A peer is given the threshold that suits it best on the truth; we keep ours.
THRESHOLDS = {"ours": (0.0,), "splink": (0.5, 0.9, 0.95, 0.99, 0.999), "recordlinkage": (0.5, 0.9, 0.95, 0.99, 0.999)}
RULES = tuple(np.arange(0.40, 0.96, 0.05).round(2))
SEED = 101  # another than the model was fitted on
Pairs = pd.DataFrame  # left_id, right_id, score of what a method calls a match


def ours(left: pd.DataFrame, right: pd.DataFrame | None, many: bool) -> Pairs:
    """What the command line does."""
    if right is None:
        return _pairs_of_clusters(link_within(left))
    found = link(left, right, many=many)
    return found[found["decision"] == "match"]


def splink(left: pd.DataFrame, right: pd.DataFrame | None, many: bool) -> Pairs:
    """Splink with DuckDB, trained by expectation maximisation on the input."""
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    from splink import comparison_library as cl

    tables = [_for_peers(frame) for frame in (left, right) if frame is not None]
    rules = [block_on("insee"), block_on("phone"), block_on("email"), block_on("street", "number")]
    settings = SettingsCreator(
        link_type="dedupe_only" if right is None else "link_only",
        unique_id_column_name="id",
        blocking_rules_to_generate_predictions=rules,
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.95, 0.88, 0.7]),
            cl.JaroWinklerAtThresholds("street", [0.95, 0.85]),
            cl.ExactMatch("number"),
            cl.ExactMatch("insee").configure(term_frequency_adjustments=True),
            cl.ExactMatch("phone").configure(term_frequency_adjustments=True),
            cl.ExactMatch("email"),
            cl.ExactMatch("service"),
            cl.DistanceInKMAtThresholds("latitude", "longitude", [0.05, 0.5, 2]),
        ],
        retain_intermediate_calculation_columns=False,
    )
    database = DuckDBAPI()
    linker = Linker([database.register(table) for table in tables], settings)
    linker.training.estimate_probability_two_random_records_match([block_on("insee", "phone")], recall=0.5)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block_on("insee"), block_on("phone")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    frame = linker.inference.predict(threshold_match_probability=0.5).as_pandas_dataframe()
    found = frame.rename(columns={"id_l": "left_id", "id_r": "right_id", "match_probability": "score"})
    if right is None:
        sides = np.sort(found[["left_id", "right_id"]].to_numpy(dtype=str), axis=1)
        return found.assign(left_id=sides[:, 0], right_id=sides[:, 1])
    swapped = found["left_id"].str.startswith("R")
    found.loc[swapped, ["left_id", "right_id"]] = found.loc[swapped, ["right_id", "left_id"]].to_numpy()
    return _best(found, many)


def ecm(left: pd.DataFrame, right: pd.DataFrame | None, many: bool) -> Pairs:
    """recordlinkage's expectation conditional maximisation over binary comparisons."""
    import jellyfish
    import recordlinkage

    jellyfish.jaro_winkler = jellyfish.jaro_winkler_similarity  # its name since jellyfish 1.0
    one, two, pairs = _candidates(left, right)
    index = pd.MultiIndex.from_arrays(pairs)
    compare = recordlinkage.Compare()
    compare.string("name", "name", method="jarowinkler", threshold=0.85, label="name")
    compare.string("street", "street", method="jarowinkler", threshold=0.85, label="street")
    for name in ("number", "insee", "phone", "email", "service"):
        compare.exact(name, name, label=name)
    features = compare.compute(index, one, two if right is not None else one)
    classifier = recordlinkage.ECMClassifier(atol=1e-4)
    classifier.fit(features)
    score = classifier.prob(features).reindex(index).to_numpy()
    return _chosen(left, right, pairs, score, 0.5, many)


def mednum(left: pd.DataFrame, right: pd.DataFrame | None, many: bool) -> Pairs:
    """Same commune; mean of name, address and distance scores (its own threshold is .83)."""
    one, two, (a, b) = _candidates(left, right)
    other = two if right is not None else one
    name = _ratio(one["name"], other["name"], a, b)
    address = _ratio(one["line"], other["line"], a, b)
    near = np.clip(100.0 - _metres(one, other, a, b) / 10.0, 0.0, 100.0)
    score = np.nanmean(np.column_stack([name, address, near]), axis=1)
    same = one["insee"].to_numpy(object)[a] == other["insee"].to_numpy(object)[b]
    return _chosen(left, right, (a, b), np.where(same, score / 100.0, 0.0), RULES[0], many)


def coop(left: pd.DataFrame, right: pd.DataFrame | None, many: bool) -> Pairs:
    """Name .35, address .25, distance .20, SIRET .15, phone .05 (its own threshold is .60)."""
    one, two, (a, b) = _candidates(left, right)
    other = two if right is not None else one
    parts = {
        0.35: _ratio(one["name"], other["name"], a, b) / 100.0,
        0.25: _ratio(one["line"], other["line"], a, b) / 100.0,
        0.20: np.clip(1.0 - _metres(one, other, a, b) / 1_000.0, 0.0, 1.0),
        0.15: _same(one["siret"], other["siret"], a, b),
        0.05: _same(one["phone"], other["phone"], a, b),
    }
    score = sum(weight * np.nan_to_num(values) for weight, values in parts.items())
    return _chosen(left, right, (a, b), np.asarray(score), RULES[0], many)


METHODS: dict[str, Callable[[pd.DataFrame, pd.DataFrame | None, bool], Pairs]] = {
    "ours": ours, "splink": splink, "recordlinkage": ecm, "mednum": mednum, "coop": coop,
}  # fmt: skip


def _for_peers(frame: pd.DataFrame) -> pd.DataFrame:
    """Prepared columns under their names, text missing as None."""
    rows = prepare(frame, load_territory())
    rows = rows[["name", "number", "street", "insee", "phone", "email", "siret", "service", "latitude", "longitude"]]
    line = (rows["number"].fillna("") + " " + rows["street"].fillna("")).str.strip()
    return rows.assign(id=frame["id"].to_numpy(), line=line.where(line != "", None))


def _candidates(left: pd.DataFrame, right: pd.DataFrame | None) -> tuple[pd.DataFrame, pd.DataFrame | None, tuple]:
    lists = [prepare(frame, load_territory()) for frame in (left, right) if frame is not None]
    return _for_peers(left), None if right is None else _for_peers(right), candidate_pairs(*lists)


def _ratio(one: pd.Series, two: pd.Series, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    first, second = one.to_numpy(object)[a], two.to_numpy(object)[b]
    known = pd.notna(first) & pd.notna(second)
    found = np.full(len(a), np.nan)
    found[known] = cpdist(list(first[known]), list(second[known]), scorer=fuzz.token_sort_ratio, dtype=np.float64)
    return found


def _same(one: pd.Series, two: pd.Series, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    first, second = one.to_numpy(object)[a], two.to_numpy(object)[b]
    return np.where(pd.notna(first) & pd.notna(second), (first == second).astype(float), np.nan)


def _metres(one: pd.DataFrame, two: pd.DataFrame, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    here, there = one[["latitude", "longitude"]].to_numpy()[a], two[["latitude", "longitude"]].to_numpy()[b]
    east = (there[:, 1] - here[:, 1]) * np.cos(np.radians(here[:, 0]))
    return 111_195.0 * np.hypot(there[:, 0] - here[:, 0], east)


def _chosen(
    left: pd.DataFrame, right: pd.DataFrame | None, pairs: tuple, score: np.ndarray, threshold: float, many: bool
) -> Pairs:
    kept = score >= threshold
    frame = pd.DataFrame(
        {
            "left_id": left["id"].to_numpy()[pairs[0][kept]],
            "right_id": (left if right is None else right)["id"].to_numpy()[pairs[1][kept]],
            "score": score[kept],
        }
    )
    return frame if right is None else _best(frame, many)


def _best(found: pd.DataFrame, many: bool) -> Pairs:
    """The best right place of each left row; and, one to one, of each right place the best left row."""
    best = found.sort_values("score", ascending=False, kind="stable").drop_duplicates("left_id")
    return best if many else best.drop_duplicates("right_id")


def _pairs_of_clusters(clusters: pd.DataFrame) -> Pairs:
    several = clusters[clusters.duplicated("cluster_id", keep=False)][["id", "cluster_id"]]
    pairs = several.merge(several, on="cluster_id", suffixes=("_left", "_right"))
    pairs = pairs[pairs["id_left"] < pairs["id_right"]]
    return pairs.rename(columns={"id_left": "left_id", "id_right": "right_id"})[["left_id", "right_id"]]


def _labelled(name: str) -> tuple[pd.DataFrame, pd.DataFrame | None, set, set]:
    """Both lists (None within one), the true pairs, the pairs nobody is judged on."""
    if name.startswith("generated"):
        made = generate(places_of_france(DATA), int(name.split()[1]), SEED)
        frame = pd.DataFrame({"id": list(made.place), "cluster_id": list(made.place.values())})
        true = _pairs_of_clusters(frame)
        return made.records, None, set(zip(true["left_id"], true["right_id"], strict=True)), set()
    folder = DATA / "linkage" / name
    true, ambiguous = (
        set(pd.read_csv(folder / file, dtype=str).itertuples(index=False, name=None))
        for file in ("truth.csv", "ambiguous.csv")
    )
    return read_list(folder / "left.csv"), read_list(folder / "right.csv"), true, ambiguous


def run_one(method: str, name: str) -> dict[str, float]:
    """Figures of one method on one set, in this process."""
    left, right, true, ambiguous = _labelled(name)
    load_territory()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, cpu = time.perf_counter(), time.process_time()
    found = METHODS[method](left, right, SETS.get(name, False))
    seconds, processor = time.perf_counter() - start, time.process_time() - cpu
    tried = [
        _rates(found[found["score"] >= least] if least else found, true, ambiguous)
        for least in THRESHOLDS.get(method, RULES)
    ]
    precision, recall, f1 = max(tried, key=lambda rates: rates[2])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"P": precision, "R": recall, "F1": f1, "seconds": seconds, "cpu": processor, "MB": peak / 1024,
            "MB before": before / 1024}  # fmt: skip


def _rates(found: Pairs, true: set, ambiguous: set) -> tuple[float, float, float]:
    matched = set(zip(found["left_id"], found["right_id"], strict=True)) - ambiguous
    right_ones = len(matched & true)
    precision, recall = right_ones / max(len(matched), 1), right_ones / len(true)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def left_out() -> None:
    """Ours on each labelled set by a model that never saw it: fitted on the other sets and the generated places."""
    from tools.fit_linkage import every_set
    from tools.fit_linkage import left_out as figures

    for name, found in figures(every_set()).items():
        print(f"{name:<20} ours, left out", *(f"{key} {value:.4f}" for key, value in found.items()), flush=True)


def related() -> None:
    """La Poste's points against the France services: related found, none merged."""
    from fs_pipeline.national.read import read_snapshot

    territory = load_territory()
    folder = DATA / "national"
    lists = [
        read_snapshot("france_services", folder / "france-services-2022-12-01.csv", territory).places,
        read_snapshot("la_poste", folder / "la-poste-points-de-contact-2016-08.csv", territory).places,
    ]
    frames = [frame.assign(id=frame["source_id"]) for frame in lists]
    start = time.perf_counter()
    decisions = link(*frames, territory=territory)["decision"].value_counts()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"La Poste {len(frames[1])} x France services {len(frames[0])}: related {decisions.get('related', 0)}, "
          f"merged {decisions.get('match', 0)}, to review {decisions.get('review', 0)}, "
          f"{time.perf_counter() - start:.1f} s, {peak:.0f} MB")  # fmt: skip


def main() -> None:
    """Ours with each set left out, every method on every set, then our growth, then related places."""
    if len(sys.argv) == 3:
        print(json.dumps(run_one(*sys.argv[1:])))
        return
    left_out()
    if "--left-out" in sys.argv:
        return
    runs = [(method, name) for name in (*SETS, "generated 50000") for method in METHODS]
    for method, name in runs:
        in_a_process(method, name)
    scale()
    related()


if __name__ == "__main__":
    main()
