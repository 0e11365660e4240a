"""No rule of WCAG 2.2 AA that axe-core can check is broken, in each state of the pages, and all is reached by keyboard.

axe/axe.min.js is that of axe-core 4.14.1 on npm (MPL 2.0), for these tests alone.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_pages import DESK, PHONE, opened
from tests.browser.test_simulator import add

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

_AXE = Path(__file__).with_name("axe") / "axe.min.js"
_RUN = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const found = await axe.run(document, {runOnly: {type: "tag", values: tags}});
  return [found.passes.length, found.violations.map((one) => [one.id, one.nodes.map((node) => node.html)])];
}"""


def broken(page: Page) -> list[object]:
    """The rules that the page breaks as it stands, with the elements that do."""
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    passed, violations = page.evaluate(_RUN)
    assert passed > 10, "axe did not look at the page"
    found: list[object] = violations
    return found


def _as_it_opens(page: Page) -> None:
    page.evaluate("document.body.dataset.state = 'open'")


def _searched(page: Page) -> None:
    page.fill("#texte", "st aulyn")
    page.locator("#communes-trouvees button").first.click()


def _helped(page: Page) -> None:
    page.select_option("#demarche", "R100")
    page.select_option("#jour", label="mardi")
    page.select_option("#montres", "all")


def _listed(page: Page) -> None:
    page.get_by_role("button", name="Liste", exact=True).click()
    page.locator("#lieux summary").first.click()


def _tabled(page: Page) -> None:
    page.evaluate("document.querySelectorAll('section details').forEach((one) => { one.open = true; })")


def _tried(page: Page) -> None:
    for kind in ("opened", "closed", "stops", "hours", "demarches"):
        add(page, kind)


STATES: dict[str, Callable[[Page], None]] = {
    "as it opens": _as_it_opens,
    "searched": _searched,
    "a démarche, a day and an hour": _helped,
    "the table of communes": _tabled,
    "an essay": _tried,
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_map_breaks_no_rule_in_any_state(browser: Browser, pages: Path, state: str, width: int) -> None:
    with opened(browser, pages / "carte.html", width) as page:
        STATES[state](page)
        assert broken(page) == []


def test_the_list_on_a_phone_breaks_no_rule(browser: Browser, pages: Path) -> None:
    with opened(browser, pages / "carte.html", PHONE) as page:
        _listed(page)
        assert broken(page) == []


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_dossier_breaks_no_rule(browser: Browser, pages: Path, width: int) -> None:
    with opened(browser, pages / "dossier.html", width) as page:
        assert broken(page) == []


def test_what_axe_looks_for_it_finds(browser: Browser, pages: Path) -> None:
    with opened(browser, pages / "carte.html") as page:
        page.evaluate("document.querySelector('#demarche').labels[0].remove()")
        assert [one[0] for one in broken(page)] == ["select-name"]  # type: ignore[index]


def tab_stops(page: Page, most: int = 80) -> list[str]:
    """What the tabulator reaches from the skip link to the end of the page, each named and seen: id, class or element."""
    page.focus(".skip")
    stops = ["skip"]
    for _ in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => {
              const one = document.activeElement;
              if (one === document.body) return null;
              const label = one.labels && one.labels[0] && one.labels[0].textContent;
              const name = one.ariaLabel || label || one.textContent || "";
              const box = one.getBoundingClientRect();
              return [one.id || one.getAttribute('class') || one.tagName, name.trim(), box.width * box.height];
            }"""
        )
        if found is None:
            return stops
        assert found[1], found
        assert found[2] > 0, found
        stops.append(found[0])
    raise AssertionError("the way out of the page is not found")


def test_every_tab_stop_has_a_name_and_none_is_hidden(browser: Browser, pages: Path) -> None:
    with opened(browser, pages / "carte.html") as page:
        _searched(page)
        _tried(page)
        assert {"skip", "demarche", "texte", "jour", "montres", "carte", "geste", "imprimer"} <= {
            word for stop in tab_stops(page) for word in stop.split()
        }
