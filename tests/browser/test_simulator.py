"""The simulator as people use it: moves chosen by keyboard, figures, map and list that follow at once, a page that prints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_pages import DESK, NARROW, PHONE, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


def add(page: Page, kind: str, where: str | None = None) -> None:
    page.evaluate("document.getElementById('simuler').open = true")
    page.select_option("#geste", kind)
    if where is None:
        page.select_option("#ou", index=0)
    else:
        page.select_option("#ou", label=where)
    page.click("#gestes button")


def figures(page: Page) -> list[list[str]]:
    return [[cell.inner_text() for cell in row.locator("td").all()] for row in page.locator("#effets tr").all()]


def look(page: Page) -> list[set[str]]:
    return [
        {*(one.get_attribute("class") or "").split()} for one in page.locator("#carte path.leaflet-interactive").all()
    ]


def test_a_move_changes_the_figures_the_map_and_the_list_and_is_taken_back(browser: Browser, pages: Path) -> None:
    with opened(browser, pages / "carte.html") as page:
        before, table = look(page), page.locator("#communes tbody").text_content()
        add(page, "closed")
        assert page.inner_text("#annonce").startswith("1 geste. À 20")
        today, tried, change = figures(page)[0]
        assert (today != tried) == (change != "0")
        assert look(page) != before
        assert page.locator("#carte .mark .cross").count() == 1
        assert page.locator("#lieux .help", has_text="fermée dans l’essai").count() == 1
        assert "dans l’essai" in (page.locator("#communes tbody").text_content() or "")
        page.click("#choisis button")
        assert "Aucun geste" in page.inner_text("#annonce")
        assert look(page) == before
        assert page.locator("#communes tbody").text_content() == table
        assert page.locator("#carte .mark .cross").count() == 0
        assert page.locator("#essai").is_hidden()


def test_a_bus_stop_changes_no_minutes_and_says_for_whom_it_stops(browser: Browser, pages: Path) -> None:
    with opened(browser, pages / "carte.html") as page:
        before = look(page)
        add(page, "stops")
        assert look(page) == before
        assert [row[2] for row in figures(page)] == ["0", "0"]
        assert page.locator("#surement li").count() >= 1
        assert page.locator("#communes-rien").is_visible()
        assert page.locator("#lieux li.tried").count() == 1


def test_the_keyboard_alone_adds_and_takes_back_a_move(browser: Browser, pages: Path) -> None:
    with opened(browser, pages / "carte.html") as page:
        page.focus("#simuler summary")
        page.keyboard.press("Enter")
        for control in ("geste", "ou"):
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.id") == control
            assert page.evaluate("document.activeElement.labels[0].textContent")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.locator("#choisis li").count() == 1
        page.keyboard.press("Tab")
        assert (page.evaluate("document.activeElement.ariaLabel") or "").startswith("Retirer")
        page.keyboard.press("Enter")
        assert page.locator("#choisis li").count() == 0
        assert page.evaluate("document.activeElement.id") == "ou"


@pytest.mark.parametrize("width", [NARROW, PHONE, DESK])
def test_an_essay_fits_and_its_buttons_are_large_enough(browser: Browser, pages: Path, width: int) -> None:
    with opened(browser, pages / "carte.html", width) as page:
        for kind in ("opened", "closed", "stops"):
            add(page, kind)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for target in page.locator("#simulateur :is(button, select, summary):visible").all():
            box = target.bounding_box()
            assert box is not None
            assert box["height"] >= 44


def test_what_prints_is_the_essay(browser: Browser, pages: Path) -> None:
    with opened(browser, pages / "carte.html") as page:
        add(page, "closed")
        page.emulate_media(media="print")
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        for shown in ("#choisis li", "#effets tr", "#carte", "#legende-essai", "#jour-essai"):
            assert page.locator(shown).first.is_visible(), shown
        for hidden in ("#lieux", "#filtres", "#gestes", "#imprimer", "h1"):
            assert page.locator(hidden).first.is_hidden(), hidden
        assert page.evaluate("document.getElementById('carte').offsetWidth") <= 660  # of a sheet


def test_whoever_may_not_read_the_levers_has_no_simulator(browser: Browser, public_map: Path) -> None:
    with opened(browser, public_map) as page:
        assert page.locator("#simulateur").count() == 0
        assert "Simulation" not in page.content()


def test_longer_hours_and_a_demarche_say_whom_they_serve_and_change_no_minutes(browser: Browser, pages: Path) -> None:
    with opened(browser, pages / "carte.html") as page:
        before = look(page)
        add(page, "hours")
        assert "Aux heures ajoutées" in page.inner_text("#surement")
        page.select_option("#geste", "demarches")
        assert page.locator("#choix-demarche").is_visible()
        add(page, "demarches")
        rows = page.locator("#demarches-changent tbody tr")
        assert rows.count() == 2
        assert page.locator("#choisis li", has_text="Aider pour").count() == 1
        assert look(page) == before
