"""Each border once, between the two that it parts; together they are the whole border of any set of communes."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from fs_pipeline.cartography.shared_lines import NOBODY, shared_lines
from tests.unit.briefing.sample import tiny_contours


def test_two_neighbours_share_one_line_and_the_rest_is_nobody_elses() -> None:
    shapes = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.Point(5, 5), None], dtype=object)
    lines = shared_lines(shapes)
    pairs = dict(zip(zip(lines["a"], lines["b"], strict=True), lines.geometry, strict=True))
    assert set(pairs) == {(0, 1), (0, NOBODY), (1, NOBODY)}
    assert pairs[0, 1].equals(shapely.LineString([(1, 0), (1, 1)]))


@pytest.mark.parametrize("seed", range(5))
def test_a_limit_runs_where_one_side_is_within(seed: int) -> None:
    shapes = shapely.set_precision(np.asarray(tiny_contours().geometry_4326.to_numpy(), dtype=object), 1e-7)
    inside = np.random.default_rng(seed).random(len(shapes)) < 0.5
    lines = shared_lines(shapes)
    known = np.r_[inside, False]  # NOBODY is -1: the last
    limit = lines.geometry[known[lines["a"]] != known[lines["b"]]]
    around = shapely.boundary(shapely.union_all(shapes[inside]))
    assert shapely.length(shapely.union_all(limit.to_numpy())) == pytest.approx(shapely.length(around))
    assert shapely.equals(shapely.normalize(shapely.union_all(limit.to_numpy())), shapely.normalize(around))


def test_nothing_drawn_has_no_line() -> None:
    assert shared_lines(np.array([None, shapely.Point(1, 2)], dtype=object)).empty
