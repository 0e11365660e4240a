"""The map and the dossier as people use them: from disk, by keyboard, on a phone, with large text, without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fs_pipeline.briefing.figures import build_brief
from fs_pipeline.briefing.map_page import write_map_page
from fs_pipeline.briefing.slot import SlotTables
from fs_pipeline.cartography.layers import Layers
from fs_pipeline.cartography.once import Once
from tests.unit.briefing.sample import tiny_contours, tiny_tables

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

NARROW, PHONE, DESK = 320, 390, 1280


@contextmanager
def opened(browser: Browser, file: Path, width: int = DESK, **options: Any) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": width, "height": 900}, **options)
    page = context.new_page()
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("request", lambda request: trouble.append(request.url) if request.url != file.as_uri() else None)
    page.goto(file.as_uri())
    yield page
    context.close()
    assert trouble == []


def write_map(file: Path, tables: SlotTables) -> None:
    """The web map of a slot as the prefecture has it."""
    drawn = Layers(
        tables.places, tables.communes, tables.int_commune_minutes, tables.thresholds, tiny_contours(), tables.coverage
    )
    once = Once()
    brief = build_brief(tables, "internal", once)
    file.write_bytes(write_map_page(brief, tables, drawn["places"], drawn["communes"], once))


def visible_places(page: Page) -> list[str]:
    return [item.inner_text() for item in page.locator("#lieux > li:visible .name").all()]


def test_the_map_opens_from_disk_and_draws_every_commune(browser: Browser, pages: Path) -> None:
    with opened(browser, pages / "carte.html") as page:
        assert page.locator("#carte path.leaflet-interactive").count() == 12
        assert page.locator("#carte .mark").count() == len(visible_places(page))
        assert page.title().startswith("Carte des lieux d’aide")


def test_choosing_a_demarche_says_who_helps_in_words_in_signs_and_in_shares(browser: Browser, pages: Path) -> None:
    with opened(browser, pages / "carte.html") as page:
        page.select_option("#demarche", "R100")
        assert "d’une aide confirmée" in page.inner_text("#phrase")
        assert "aide" in page.locator("#lieux > li:visible .help").first.inner_text()
        assert page.locator("#legende-aide").is_visible()
        assert page.locator("#legende-lieux").is_hidden()
        page.select_option("#demarche", "")
        assert page.locator("#legende-lieux").is_visible()


def test_a_commune_is_found_without_its_accents(browser: Browser, pages: Path) -> None:
    with opened(browser, pages / "carte.html") as page:
        page.fill("#texte", "valbrume")
        names = visible_places(page)
        assert names
        assert all("Valbrume" in name for name in names)
        assert page.inner_text("#compte").startswith(f"{len(names)} lieu")


def test_the_keyboard_reaches_a_place_and_shows_where_it_is(browser: Browser, pages: Path) -> None:
    with opened(browser, pages / "carte.html") as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.tagName")
        assert focused == "SUMMARY"
        assert page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)") >= 3
        page.keyboard.press("Enter")
        page.wait_for_selector(".mark.chosen")
        assert page.locator("#lieux details[open] dd").first.is_visible()


def test_a_mark_opens_its_place_in_the_list(browser: Browser, pages: Path) -> None:
    with opened(browser, pages / "carte.html") as page:
        page.locator("#carte .mark").first.click(force=True)
        page.wait_for_selector(".mark.chosen")
        assert page.locator("#lieux details[open]").count() == 1


@pytest.mark.parametrize("name", ["carte.html", "dossier.html"])
@pytest.mark.parametrize("width", [NARROW, PHONE, DESK])
def test_nothing_scrolls_sideways(browser: Browser, pages: Path, name: str, width: int) -> None:
    with opened(browser, pages / name, width) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [PHONE, 768, 1024, 1152, DESK])
def test_no_table_is_wider_than_its_card(browser: Browser, pages: Path, width: int) -> None:
    wider = """() => [...document.querySelectorAll(".card table.stacked")].filter(
        table => table.getBoundingClientRect().right > table.closest(".card").getBoundingClientRect().right
    ).map(table => table.tHead.textContent.trim())"""
    with opened(browser, pages / "dossier.html", width) as page:
        assert page.evaluate(wider) == []


@pytest.mark.parametrize("name", ["carte.html", "dossier.html"])
def test_text_twice_as_large_still_fits(browser: Browser, pages: Path, name: str) -> None:
    with opened(browser, pages / name, 640) as page:
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_what_is_pressed_is_large_enough_for_a_finger(browser: Browser, pages: Path) -> None:
    def large_enough(page: Page, targets: str) -> None:
        for target in page.locator(targets).all():
            size = target.bounding_box()
            assert size is not None
            assert size["height"] >= 44

    with opened(browser, pages / "carte.html", PHONE) as page:
        large_enough(
            page, "#filtres select:visible, input[type=search], .check label:visible, #cote button, .leaflet-bar a"
        )
        page.get_by_role("button", name="Liste", exact=True).click()
        large_enough(page, "#lieux > li:visible summary")


@pytest.mark.parametrize("name", ["carte.html", "dossier.html"])
def test_without_scripts_all_is_there_in_words(browser: Browser, pages: Path, name: str) -> None:
    with opened(browser, pages / name, java_script_enabled=False) as page:
        said = page.inner_text("main")
        assert "France services de Valbrume" in said
        if name == "carte.html":
            assert "La carte demande JavaScript" in said
            assert page.locator("#filtres").is_hidden()


@pytest.mark.parametrize("name", ["carte.html", "dossier.html"])
def test_what_is_not_ours_would_not_run_even_if_it_got_into_a_page(browser: Browser, pages: Path, name: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    refused: list[str | None] = []
    page.on("requestfailed", lambda request: refused.append(request.failure))
    page.goto((pages / name).as_uri())
    page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.PWNED = 1";
          document.body.append(script);
          document.body.insertAdjacentHTML("beforeend", `<img src="http://127.0.0.1:9/x.png" onerror="window.PWNED = 1">
            <style>main { display: none }</style><a id="hostile" href="javascript:window.PWNED = 1">x</a>
            <iframe srcdoc="<script>parent.PWNED = 1</script>"></iframe><form action="http://127.0.0.1:9/"></form>`);
          document.getElementById("hostile").click();
          document.forms[document.forms.length - 1].submit();
        }"""
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.PWNED") is None
    assert page.locator("main").is_visible()
    assert set(refused) == {"csp"}
    context.close()


def test_a_commune_is_found_by_name_and_shown_with_its_minutes(browser: Browser, pages: Path) -> None:
    with opened(browser, pages / "carte.html") as page:
        page.fill("#texte", "st aulyn")
        buttons = page.locator("#communes-trouvees button")
        assert [one.inner_text().split()[0] for one in buttons.all()] == ["Saint-Aulyn", "Saint-Aulyn-le-Haut"]
        buttons.first.click()
        assert page.inner_text("#commune-choisie").startswith("Saint-Aulyn\u00a0: ")
        assert page.locator("#carte path.found").count() == 1
        announced = page.locator("#annonce-lieux").filter(has_text="2 communes trouvées.")
        announced.wait_for(state="attached")  # the page's policy lets no script of ours look for it
        page.fill("#texte", "nulle part")
        assert "Aucun lieu" in page.inner_text("#compte")
        assert page.locator("#trouve").is_hidden()
        assert page.inner_text("#commune-choisie") == ""
        page.fill("#texte", "")
        assert len(visible_places(page)) > 0


def test_on_a_phone_the_map_or_the_list_is_shown(browser: Browser, pages: Path) -> None:
    with opened(browser, pages / "carte.html", PHONE) as page:
        assert page.locator("#carte").is_visible()
        assert page.locator("#lieux").is_hidden()
        page.get_by_role("button", name="Liste", exact=True).click()
        assert page.locator("#lieux").is_visible()
        assert page.locator("#carte").is_hidden()
        page.get_by_role("button", name="Carte", exact=True).click()
        page.locator("#carte .mark").first.click(force=True)
        assert page.locator("#lieux details[open]").is_visible()
        assert page.get_by_role("button", name="Liste", exact=True).get_attribute("aria-pressed") == "true"


def test_what_the_map_shows_is_said_as_the_dossier_says_it(browser: Browser, pages: Path) -> None:
    with opened(browser, pages / "dossier.html") as page:
        finding = page.locator(".findings li").first.inner_text()
    with opened(browser, pages / "carte.html") as page:
        said = page.inner_text("section[aria-labelledby=montre]")
        assert finding in said
        assert "Le geste qui compterait le plus" in said


def test_a_demarche_colours_the_communes_by_the_places_that_help_with_it(browser: Browser, pages: Path) -> None:
    rows = "#communes tbody tr td:last-child"
    with opened(browser, pages / "carte.html") as page:
        looks = page.locator("#carte path.leaflet-interactive")
        before, written = (
            [{*(one.get_attribute("class") or "").split()} for one in looks.all()],
            page.locator(rows).all_text_contents(),
        )
        page.select_option("#demarche", "R100")
        said = page.locator(rows).all_text_contents()
        by_label = [" par le label" in one for one in said]
        assert any(by_label)
        assert any("aide confirmée" in one for one in said)
        assert [" by-label" in (one.get_attribute("class") or "") for one in looks.all()] == by_label
        assert page.locator("#carte path.dots").count() == sum(by_label)
        assert page.locator("#legende-label").is_visible()
        assert "confirmé ou par le label" in page.inner_text("#titre-minutes")
        page.check("#seule")
        assert page.locator("#carte path.dots").count() == 0
        assert all("aide confirmée" in one for one in page.locator(rows).all_text_contents())
        page.select_option("#demarche", "")
        assert [{*(one.get_attribute("class") or "").split()} for one in looks.all()] == before
        assert page.locator(rows).all_text_contents() == written
        assert page.locator("#choix-seule").is_hidden()


def test_a_day_and_an_hour_say_who_is_open_in_the_list_and_on_the_map(browser: Browser, pages: Path) -> None:
    with opened(browser, pages / "carte.html") as page:
        assert page.locator("#choix-heure").is_hidden()
        page.select_option("#jour", label="mardi")
        page.focus("#heure")
        assert page.get_attribute("#heure", "aria-valuetext") == "10 heures"
        assert page.inner_text("#moment").startswith("Mardi à 10\u00a0h\u00a0: 3 lieux ouverts sur 3")
        wide = page.locator("#carte .mark").first.bounding_box()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        assert page.inner_text("#moment").startswith("Mardi à 12\u00a0h\u00a0: 0 lieu ouvert sur 3")
        helps = page.locator("#lieux > li:visible .help").all_inner_texts()
        assert ["fermé à cette heure" in one for one in helps] == [True] * 3
        small = page.locator("#carte .mark").first.bounding_box()
        assert wide is not None
        assert small is not None
        assert small["width"] < wide["width"]
        page.select_option("#jour", "")
        assert page.inner_text("#moment") == ""


def test_the_map_and_the_table_of_communes_agree_row_for_row(browser: Browser, pages: Path) -> None:
    with opened(browser, pages / "carte.html") as page:
        rows = page.locator("#communes tbody tr td:last-child").all_text_contents()
        looks = [
            {*(one.get_attribute("class") or "").split()}
            for one in page.locator("#carte path.leaflet-interactive").all()
        ]
        assert len(rows) == len(looks)
        for said, look in zip(rows, looks, strict=True):
            minutes = float(said.removesuffix("\u00a0min").replace(",", "."))
            place = sum(minutes > end for end in (10, 20, 30, 45)) + 1
            assert f"m{place}" in look, said


def test_places_are_chosen_by_operator_and_by_sort(browser: Browser, tmp_path: Path) -> None:
    tables = tiny_tables()
    run_by = ["la_poste", "la_poste", None]
    places = tables.places.assign(operator=run_by, service_type=["agence_postale", "relais_poste", "france_services"])
    levels = tables.demarche_matrix.assign(level="accompaniment")
    file = tmp_path / "carte.html"
    write_map(file, tables.having(places=places, demarche_matrix=levels))
    with opened(browser, file) as page:
        page.select_option("#montres", label="La Poste (2)")
        assert visible_places(page) == places["name"].iloc[:2].sort_values().tolist()
        page.select_option("#montres", label="Relais poste (1)")
        assert visible_places(page) == [places["name"].iloc[1]]
        page.select_option("#montres", "all")
        assert len(visible_places(page)) == 3
        page.select_option("#demarche", "R100")
        said = page.locator("#lieux > li:visible .help").all_inner_texts()
        assert " · aide confirmée\u00a0: on y est accompagné" in said


def test_a_declared_stop_is_on_the_map_and_in_the_list(browser: Browser, pages: Path, public_map: Path) -> None:
    with opened(browser, pages / "carte.html") as page:
        page.locator(".stops summary").click()
        said = page.locator("#arrets > li").all_inner_texts()
        assert len(said) == 1
        assert "Bus des Plateaux" in said[0]
        assert "jeudi, semaines impaires" in said[0]
        assert page.locator("#carte .stop-mark").count() == 1
        assert page.locator("#legende-arrets").is_visible()
    with opened(browser, public_map) as page:
        page.locator(".stops summary").click()
        assert "tournée au nom réservé" in page.locator("#arrets > li").first.inner_text()
        assert "hors de la carte" in page.locator("#arrets > li").first.inner_text()
        assert page.locator("#carte .stop-mark").count() == 0
