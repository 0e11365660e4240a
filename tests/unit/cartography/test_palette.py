"""Text can be read, marks can be seen, and areas differ by lightness alone."""

import itertools

import pytest

from fs_pipeline.cartography import palette

WHITE = "#FFFFFF"
TEXT = ("INK", "GREY", "BLUE", "VERMILION", "OCHRE")
SIGNS = (palette.BLUE, palette.VERMILION, palette.OCHRE, palette.GREY, palette.OTHER_PLACE, palette.HOUR_BAR)


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("name", TEXT)
@pytest.mark.parametrize("ground", [WHITE, palette.PANEL, palette.ALERT_TINT])
def test_text_is_read_on_every_ground_it_stands_on(name: str, ground: str) -> None:
    assert contrast(getattr(palette, name), ground) >= 4.5


@pytest.mark.parametrize("colour", SIGNS)
def test_a_sign_that_carries_meaning_is_seen_on_white(colour: str) -> None:
    assert contrast(colour, WHITE) >= 3


def test_an_hour_is_read_on_its_tone() -> None:
    for _, fill, ink in palette.HOUR_TONES:
        assert contrast(fill, ink) >= 4.5


@pytest.mark.parametrize(
    "fills", [list(palette.CLASS_FILLS.values())[:3], list(palette.SHARE_FILLS.values())[:4]], ids=["minutes", "shares"]
)
def test_neighbouring_classes_differ_in_greyscale(fills: list[str]) -> None:
    # the farthest class and the uncomputed one are hatched besides
    for one, other in itertools.pairwise(fills[:3]):
        assert contrast(one, other) >= 1.4
    assert contrast(fills[0], fills[-1]) >= 3


def test_the_web_page_uses_colours_that_can_be_read() -> None:
    from fs_pipeline.briefing.html import style

    css = str(style("page.css"))
    tokens = dict(
        line.strip().split(": ")
        for line in css[css.index("{") + 1 : css.index("}")].replace("\n", " ").split(";")
        if ":" in line
    )
    for ground in ("--ground", "--paper"):
        for name in ("--ink", "--ink-2", "--link", "--fiction"):
            assert contrast(tokens[name], _full(tokens[ground])) >= 4.5
        assert contrast(tokens["--control"], _full(tokens[ground])) >= 3
    assert contrast(tokens["--ink"], tokens["--selected"]) >= 4.5


def _full(colour: str) -> str:
    return colour if len(colour) == 7 else "#" + "".join(2 * part for part in colour[1:])
