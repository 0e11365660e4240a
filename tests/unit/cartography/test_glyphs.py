"""What paper shows of any text: all that our fonts can draw, and nothing else."""

from __future__ import annotations

import pytest

from fs_pipeline.briefing.figures import build_brief
from fs_pipeline.briefing.image import write_image
from fs_pipeline.cartography.glyphs import Printed, drawable
from fs_pipeline.cartography.static_map import StaticMap, svg, text
from tests.unit.briefing.sample import tiny_tables


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Bus 📍 Talence", "Bus Talence"),
        ("👩‍💻 Conseillère 🇫🇷", "Conseillère"),
        ("مركز الخدمات", "…"),
        ("Le 漢字 Bar", "Le … Bar"),
        ("𝐌airie １２ ㎞", "Mairie 12 km"),
        ("☎ 01 99 00 00 01", "tél. 01 99 00 00 01"),
        ("📍", "…"),
        ("x\x81y\ufffdz", "xyz"),
        ("a\u0301\u0301\u0301\u0301\u0301\u0301\u0301", "a\u0301\u0301\u0301"),
        ("Œuvre d’été – « 3 € »\n1er\tétage", "Œuvre d’été – « 3 € »\n1er\tétage"),
        ("Žižek, Łódź, Ελλάδα, Москва", "Žižek, Łódź, Ελλάδα, Москва"),
    ],
)
def test_a_sign_without_a_glyph_is_dropped_and_words_of_another_alphabet_leave_a_mark(
    written: str, printed: str
) -> None:
    assert drawable(written) == printed


def test_what_is_left_out_is_gathered_once_and_nothing_that_nobody_sees_is() -> None:
    printed = Printed()
    assert printed.tree({"a": ["📍 x", "📍"], "b": ("\x81", 3, None)}) == {"a": ["x", "…"], "b": ["…", 3, None]}
    assert printed.left_out == {"📍"}


def test_a_map_with_any_name_is_an_image() -> None:
    drawn = StaticMap(svg(40, 12, text(2, 7, "Val 📍 مركز <b>&amp;")), 40, 12)
    assert write_image(build_brief(tiny_tables(), "internal"), drawn).startswith(b"\x89PNG")
