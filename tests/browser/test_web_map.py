"""The web map on tiles: the same page as the single file, drawn by MapLibre GL, served as plain files and nothing else."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fs_pipeline.briefing.figures import build_brief
from fs_pipeline.briefing.pack import pack
from fs_pipeline.briefing.web_map import write_web_map
from fs_pipeline.cartography import web_libraries
from fs_pipeline.cartography.layers import Layers
from fs_pipeline.cartography.once import Once
from tests.browser.test_axe import broken, tab_stops
from tests.browser.test_pages import DESK, NARROW, PHONE, visible_places
from tests.browser.test_simulator import add, figures
from tests.unit.briefing.sample import tiny_contours, tiny_tables
from tests.unit.briefing.test_map_need import need
from tests.unit.briefing.test_web_map import layers_of_nation, nation, with_areas

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

    from fs_pipeline.briefing.slot import SlotTables

pytestmark = pytest.mark.browser

# How the colours are drawn, commune by commune: what the tiles say, and what was said of them since.
_LOOKS = """() => {
  const map = window.Carte.drawing.map, looks = {};
  for (const one of map.querySourceFeatures("tiles", {sourceLayer: "communes"})) {
    const state = map.getFeatureState({source: "tiles", sourceLayer: "communes", id: one.properties.n});
    looks[one.properties.n] = (state.look || one.properties.look) + (state.label ? " by-label" : "");
  }
  return looks;
}"""
_MARKS = """() => {
  const drawn = window.Carte.drawing.map.queryRenderedFeatures({layers: ["lieux"]});
  return [...new Set(drawn.map(one => one.properties.name))].sort();
}"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Python's own server: whole files alone, as the plainest host gives them."""

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path, by: type[http.server.SimpleHTTPRequestHandler] = _Quiet) -> Iterator[str]:
    """An address of this machine at which a folder is served."""
    handler = functools.partial(by, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def with_need_and_areas() -> SlotTables:
    """The made-up slot, with what a source of need says of it and two areas that are too far."""
    return with_areas().having(
        commune_need=need(poor_households=[float(n) for n in range(12)], households=[100.0] * 11 + [0.0])
    )


def write(folder: Path, edition: str) -> None:
    tables = with_need_and_areas().let_out(edition)  # type: ignore[arg-type]
    drawn = Layers(
        tables.places, tables.communes, tables.int_commune_minutes, tables.thresholds, tiny_contours(), tables.coverage
    )
    for name, content in pack(tables, edition, drawn).items():  # type: ignore[arg-type]
        path = folder / edition / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    with_libraries(folder / edition / "carte-web")


def with_libraries(folder: Path) -> None:
    for name, content in web_libraries.files().items():
        (folder / name).write_bytes(content)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The publications of the made-up slot, with what an export puts beside the web map."""
    made = tmp_path_factory.mktemp("site")
    for edition in ("internal", "public"):
        write(made, edition)
    return made


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    with served(folder) as address:
        yield address


@contextmanager
def opened(browser: Browser, address: str, width: int = DESK, **options: Any) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": width, "height": 900}, **options)
    page = context.new_page()
    trouble: list[str] = []
    page.on(
        "console", lambda message: trouble.append(f"{message.text} {message.location}") if _is_bad(message) else None
    )
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("request", lambda request: None if _is_own(request.url, address) else trouble.append(request.url))
    page.goto(address)
    page.wait_for_selector("#carte[data-drawn]", timeout=30_000)
    yield page
    context.close()
    assert trouble == []


def _is_bad(message: ConsoleMessage) -> bool:
    """Whether something went wrong; without its policy, a page is asked for an icon that it does not name."""
    return message.type in {"error", "warning"} and not message.location["url"].endswith("/favicon.ico")


def _is_own(url: str, address: str) -> bool:
    return url.startswith((address.rpartition("/carte-web/")[0], "data:"))


def settled(page: Page) -> None:
    """Once the map has drawn what was asked of it."""
    page.evaluate(
        "new Promise(done => { const map = window.Carte.drawing.map; map.once('idle', done); map.triggerRepaint(); })"
    )


def test_every_commune_and_place_of_the_page_is_in_the_tiles_that_the_browser_reads(
    browser: Browser, site: str
) -> None:
    with opened(browser, f"{site}/internal/carte-web/") as page:
        looks = page.evaluate(_LOOKS)
        assert [looks[str(n)] for n in range(12)] == page.evaluate("window.Carte.data.communes.map(one => one[3])")
        assert page.evaluate(_MARKS) == sorted(visible_places(page))


def test_the_page_says_what_the_single_file_says(browser: Browser, site: str) -> None:
    with opened(browser, f"{site}/internal/carte-web/") as page:
        page.select_option("#demarche", "R100")
        page.select_option("#jour", label="mardi")
        settled(page)
        tiled = [page.inner_text(name) for name in ("#phrase", "#moment", "#lieux", "#compte", "#titre-minutes")]
        table, looks = page.locator("#communes tbody").text_content(), page.evaluate(_LOOKS)
    context = browser.new_context(viewport={"width": DESK, "height": 900})
    page = context.new_page()
    page.goto(f"{site}/internal/carte.html")
    page.select_option("#demarche", "R100")
    page.select_option("#jour", label="mardi")
    assert tiled == [page.inner_text(name) for name in ("#phrase", "#moment", "#lieux", "#compte", "#titre-minutes")]
    assert table == page.locator("#communes tbody").text_content()
    drawn = page.locator("#carte path.leaflet-interactive").all()
    classes = [{*(one.get_attribute("class") or "").split()} - {"leaflet-interactive"} for one in drawn]
    assert [{*looks[str(n)].split()} for n in range(12)] == classes
    context.close()


def test_a_commune_is_found_and_marked_and_the_places_follow(browser: Browser, site: str) -> None:
    with opened(browser, f"{site}/internal/carte-web/") as page:
        page.fill("#texte", "st aulyn")
        page.locator("#communes-trouvees button").first.click()
        settled(page)
        found = page.evaluate(
            "window.Carte.drawing.map.queryRenderedFeatures({layers: ['found']}).map(one => one.properties.name)"
        )
        assert {*found} == {"Saint-Aulyn"}
        assert page.inner_text("#commune-choisie").startswith("Saint-Aulyn")
        page.fill("#texte", "")
        page.select_option("#montres", "all")
        page.evaluate("window.Carte.drawing.whole(12)")
        settled(page)
        assert page.evaluate(_MARKS) == sorted(visible_places(page))


def test_a_place_is_chosen_in_the_list_and_by_its_mark(browser: Browser, site: str) -> None:
    with opened(browser, f"{site}/internal/carte-web/") as page:
        at = page.evaluate("""() => {
          const [n, place] = [...window.Carte.data.places.entries()].find(([n, one]) => one[0] && !window.Carte.items[n].hidden);
          const {x, y} = window.Carte.drawing.pixel(place[0]);
          return [n, x, y];
        }""")
        box = page.locator("#carte").bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + at[1], box["y"] + at[2])
        assert page.locator(f"#lieux > li[data-n='{at[0]}'] details[open]").count() == 1
        settled(page)
        chosen = page.evaluate("window.Carte.drawing.map.getLayoutProperty('lieux', 'icon-image')")
        assert any(isinstance(one, str) and "chosen" in one for one in chosen)


def test_a_move_gives_the_figures_and_the_colours_of_the_single_file(browser: Browser, site: str) -> None:
    with opened(browser, f"{site}/internal/carte-web/") as page:
        before = page.evaluate(_LOOKS)
        for kind in ("opened", "closed"):
            add(page, kind)
        settled(page)
        told, looks = figures(page), page.evaluate(_LOOKS)
        assert looks != before
        assert page.locator("#carte .mark.tried").count() == 1
        said = page.evaluate("window.Carte.data.communes.map(one => one[3])")
        assert [looks[str(n)] for n in range(12)] == said
        page.click("#effacer")
        settled(page)
        assert page.evaluate(_LOOKS) == before
    context = browser.new_context(viewport={"width": DESK, "height": 900})
    page = context.new_page()
    page.goto(f"{site}/internal/carte.html")
    for kind in ("opened", "closed"):
        add(page, kind)
    assert figures(page) == told
    context.close()


def test_the_limits_run_between_who_is_within_and_who_is_not(browser: Browser, site: str) -> None:
    with opened(browser, f"{site}/internal/carte-web/") as page:
        sides = page.evaluate("""() => {
          const map = window.Carte.drawing.map, looks = window.Carte.data.communes.map(one => one[3]);
          return map.queryRenderedFeatures({layers: ["near"]}).map(({properties: {a, b}}) => [looks[a], b < 0 ? "" : looks[b]]);
        }""")
        assert sides
        assert all((one in {"m1", "m2"}) != (other in {"m1", "m2"}) for one, other in sides)


@pytest.mark.parametrize("width", [NARROW, PHONE, DESK])
def test_nothing_scrolls_sideways_and_no_rule_is_broken(browser: Browser, site: str, width: int) -> None:
    with opened(browser, f"{site}/internal/carte-web/", width) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.select_option("#demarche", "R100")
        page.select_option("#montres", "all")
        add(page, "opened")
        settled(page)
        assert broken(page) == []
        for target in page.locator("#carte button:visible").all():
            box = target.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 44


def test_every_tab_stop_has_a_name_and_the_map_is_one(browser: Browser, site: str) -> None:
    with opened(browser, f"{site}/internal/carte-web/") as page:
        add(page, "opened")
        reached = {word for stop in tab_stops(page) for word in stop.split()}
        assert {"skip", "demarche", "texte", "couleurs", "zones", "maplibregl-canvas", "geste", "imprimer"} <= reached
        page.focus("#carte canvas")
        before = page.evaluate("window.Carte.drawing.map.getCenter().lng")
        page.keyboard.press("ArrowRight")
        settled(page)
        assert page.evaluate("window.Carte.drawing.map.getCenter().lng") > before


def test_everyone_s_map_has_no_simulator_and_no_area_that_is_withheld(browser: Browser, site: str) -> None:
    with opened(browser, f"{site}/public/carte-web/") as page:
        assert page.locator("#simulateur").count() == 0
        drawn = "window.Carte.drawing.map.querySourceFeatures('tiles', {sourceLayer: '%s'}).length"
        assert page.evaluate(drawn % "communes") > 0
        assert page.evaluate(drawn % "zones") == 0


@pytest.mark.parametrize("name", ["carte-web/", "carte.html"])
def test_need_colours_the_communes_and_the_areas_too_far_are_outlined(browser: Browser, site: str, name: str) -> None:
    rows = "#communes tbody tr td:last-child"
    context = browser.new_context(viewport={"width": DESK, "height": 900})
    page = context.new_page()
    page.goto(f"{site}/internal/{name}")
    page.wait_for_selector("#carte[role=region], #carte[data-drawn]")
    before = page.locator(rows).all_text_contents()
    page.select_option("#couleurs", label="Ménages pauvres")
    said = page.locator(rows).all_text_contents()
    assert said[3] == "3\u202f% de ménages pauvres"
    assert said[11] == "non renseigné"
    looks = page.evaluate("window.Carte.data.communes.map(one => one[3])")
    assert looks[11] == "none"
    assert looks[:11] == sorted(looks[:11])
    assert page.inner_text("#titre-minutes") == "Part des ménages qui sont pauvres"
    assert "non renseigné" in page.locator(".scale").inner_text()
    page.check("#zones")
    assert page.locator("#legende-zones").is_visible()
    if name == "carte.html":
        assert page.locator("#carte path.zone").count() == 2
    else:
        settled(page)
        assert page.evaluate(_LOOKS) == {str(n): look for n, look in enumerate(looks)}
        drawn = "window.Carte.drawing.map.queryRenderedFeatures({layers: ['zone']}).map(one => one.properties.gap_id)"
        assert {*page.evaluate(drawn)} == {"z1", "z2"}
    assert broken(page) == []
    page.select_option("#couleurs", "")
    page.uncheck("#zones")
    assert page.locator(rows).all_text_contents() == before
    assert "non calculé" in page.locator(".scale").inner_text()
    context.close()


@pytest.fixture(scope="module")
def nation_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("nation")
    for name, content in nation(layers_of_nation()).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    with_libraries(folder / "carte-web")
    with served(folder) as address:
        yield f"{address}/carte-web/"


def listed(page: Page) -> list[str]:
    """The places that no filter hides; a browser writes out those of so long a list as they come in sight."""
    return page.locator("#lieux > li:not([hidden]) .name").all_text_contents()


@pytest.mark.parametrize("width", [NARROW, PHONE, DESK])
def test_the_nation_s_map_is_searched_filtered_and_breaks_no_rule(
    browser: Browser, nation_site: str, width: int
) -> None:
    with opened(browser, nation_site, width) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        looks = page.evaluate("window.Carte.data.communes.map(one => one[3])")
        assert page.evaluate(_LOOKS) == {str(n): look for n, look in enumerate(looks)}
        if width <= PHONE:
            page.get_by_role("button", name="Liste", exact=True).click()
        everyone = listed(page)
        page.select_option("#departement", "02")
        assert listed(page) == []
        page.select_option("#departement", "01")
        assert listed(page) == everyone
        page.fill("#texte", "st aulyn le h")
        page.locator("#communes-trouvees button").first.click()
        assert page.inner_text("#commune-choisie").startswith("Saint-Aulyn-le-Haut")
        assert broken(page) == []


def test_the_nation_s_places_are_those_of_its_list(browser: Browser, nation_site: str) -> None:
    with opened(browser, nation_site) as page:
        assert page.evaluate(_MARKS) == sorted(listed(page))
        lines = "window.Carte.drawing.map.querySourceFeatures('lines', {sourceLayer: 'limites'}).map(one => one.properties.dep)"
        assert True in page.evaluate(lines)


@pytest.mark.parametrize("policy", [True, False], ids=["with its policy", "without its policy"])
def test_a_hostile_name_is_only_ever_text(browser: Browser, tmp_path: Path, policy: bool) -> None:
    hostile = "</script><script>window.PWNED=1</script><img src=x onerror=window.PWNED=1>"
    tables = tiny_tables()
    tables = tables.having(places=tables.places.assign(name=hostile, commune=hostile))
    drawn = Layers(
        tables.places, tables.communes, tables.int_commune_minutes, tables.thresholds, tiny_contours(), tables.coverage
    )
    once = Once()
    brief = build_brief(tables, "internal", once)
    for name, content in write_web_map(brief, tables, drawn["places"], drawn["communes"], once).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    with_libraries(tmp_path / "carte-web")
    with served(tmp_path) as address, opened(browser, f"{address}/carte-web/", bypass_csp=not policy) as page:
        page.select_option("#montres", "all")
        page.mouse.move(640, 600)
        x, y = page.evaluate(
            "(({x, y}) => [x, y])(window.Carte.drawing.pixel(window.Carte.data.places.find(one => one[0])[0]))"
        )
        box = page.locator("#carte").bounding_box()
        assert box is not None
        settled(page)
        page.mouse.move(box["x"] + x, box["y"] + y)
        page.locator("#carte .tip").wait_for(state="visible")
        assert "onerror" in page.inner_text("#carte .tip")
        assert page.evaluate("window.PWNED") is None


def test_opened_from_disk_it_says_why_it_is_empty_and_where_the_other_map_is(browser: Browser, folder: Path) -> None:
    page = browser.new_page()
    page.goto((folder / "internal" / "carte-web" / "index.html").as_uri())
    said = page.locator("#sans-carte")
    said.wait_for(state="visible")
    assert "ne la laissent pas s’ouvrir d’un double-clic" in said.inner_text()
    assert len(visible_places(page)) > 0
    said.get_by_role("link").click()
    page.wait_for_url("**/internal/carte.html")
    page.locator("#carte path.leaflet-interactive").nth(11).wait_for(state="attached")
    assert page.locator("#carte path.leaflet-interactive").count() == 12
    page.close()


def test_where_the_library_is_not_there_the_list_is(browser: Browser, folder: Path, tmp_path: Path) -> None:
    alone = tmp_path / "carte-web"
    alone.mkdir()
    (alone / "index.html").write_bytes((folder / "internal" / "carte-web" / "index.html").read_bytes())
    with served(tmp_path) as address:
        page = browser.new_page()
        page.goto(f"{address}/carte-web/")
        page.locator("#sans-carte").wait_for(state="visible")
        assert "un de ses fichiers manque" in page.inner_text("#sans-carte")
        assert page.locator("#filtres").is_hidden()
        assert len(visible_places(page)) > 0
        page.close()
