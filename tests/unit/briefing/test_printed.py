"""A figure is one wherever it is printed: the same column of the same rows, or what the reviewed file says is the same."""

from __future__ import annotations

from fs_pipeline.briefing.claims import Claim, claims
from fs_pipeline.briefing.evidence import Evidence, Number, Rows
from fs_pipeline.briefing.figures import build_brief
from fs_pipeline.briefing.printed import printed_figures
from fs_pipeline.data import read_csv
from tests.unit.briefing.sample import THRESHOLDS, tiny_tables

GAP = Rows("gaps", (("insee", "99003"),))


def claim(name: str, *numbers: Number, rows: tuple[Rows, ...] = (GAP,)) -> Claim:
    section, _, own = name.partition("/")
    return Claim(section, own, "", Evidence(figures=numbers, rows=rows))


def judged(*said: Claim) -> dict[str, tuple[int, int, int]]:
    rows = printed_figures(said, THRESHOLDS).itertuples(index=False, name=None)
    return {figure: (times, values, bases) for figure, times, values, bases in rows}


def test_a_figure_is_the_column_of_its_rows_whatever_the_claim() -> None:
    one = claim("findings/first_gap.99003", Number("minutes", 24.0, "minutes"))
    assert judged(one, claim("gaps/99003", Number("minutes", 24.0, "minutes"))) == {
        "gaps insee=99003 minutes": (2, 1, 1)
    }
    assert judged(one, claim("gaps/99003", Number("minutes", 25.0, "minutes"))) == {
        "gaps insee=99003 minutes": (2, 2, 1)
    }
    assert judged(one, claim("gaps/99003", Number("minutes", None, "minutes"))) == {
        "gaps insee=99003 minutes": (2, 2, 1)
    }
    assert set(judged(one, claim("gaps/99003", Number("population", 25.0, "inhabitants"))).values()) == {(1, 1, 1)}


def test_the_base_is_how_many_and_what_they_are_and_silence_contradicts_none() -> None:
    def two(n: float | None, base: str | None) -> tuple[int, int, int]:
        one = claim("a/b", Number("share", 0.5, "share", 100, "inhabitants"))
        return judged(one, claim("c/d", Number("share", 0.5, "share", n, base)))["gaps insee=99003 share"]

    assert two(100, "inhabitants") == two(None, None) == (2, 1, 1)
    assert two(90, "inhabitants") == two(100, "households") == (2, 1, 2)


def test_figures_of_two_tables_are_one_where_the_reviewed_file_says_so() -> None:
    cover = claim("findings/distance", Number("share_near", 0.56, "share", 9, "inhabitants"), rows=(GAP, GAP))
    key_figure = claim("figures/population_within.threshold=20", Number("value", 0.512, "share", 9), rows=())
    assert judged(cover, key_figure) == {"within_20": (2, 2, 1)}


def test_a_plausible_brief_prints_each_figure_of_the_reviewed_file_twice_or_more_and_as_one() -> None:
    said = judged(*claims(build_brief(tiny_tables(), "internal")))
    for figure in {row["figure"].format(**THRESHOLDS._asdict()) for row in read_csv("same_figures.csv")}:
        assert said[figure][0] >= 2, figure
    own = {figure: counts for figure, counts in said.items() if not figure.startswith("within_")}  # made up apart
    assert {(values, bases) for _, values, bases in own.values()} == {(1, 1)}
