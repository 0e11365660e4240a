"""Thirty hostile texts, handed in as names, addresses, hours, decisions, and in a national list: all come out as text.

The pages are opened twice, with their policy and without it: neither defence leans on the other.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from fs_pipeline.export import export
from fs_pipeline.partitions import Slot
from fs_pipeline.rehearsal.land import DEPARTEMENT, make_land
from fs_pipeline.rehearsal.sources import write_sources
from fs_pipeline.resources import Pipeline
from fs_pipeline.run import deposit, materialise
from fs_pipeline.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CAMPAIGN = "2022-12"
RUN = "window.PWNED=1,document.title=1"
HOSTILE = (
    f"<script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"</script><script>{RUN}</script>",
    f"</title><script>{RUN}</script>",
    f"</style><script>{RUN}</script><style>",
    "<style>body{display:none}</style>",
    f"--><script>{RUN}</script><!--",
    "<!--",
    "<!--<script>",
    f'"><img src=x onerror={RUN}>',
    f"'><img src=x onerror={RUN}>",
    f'" onmouseover="{RUN}',
    f"' autofocus onfocus='{RUN}",
    f"javascript:{RUN}",
    f'<a href="javascript:{RUN}">ici</a>',
    f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe>',
    '<meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/">',
    '<base href="http://127.0.0.1:9/">',
    '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
    '<form action="http://127.0.0.1:9/"><button>ok</button></form>',
    f"<details open ontoggle={RUN}>",
    f"<body onload={RUN}>",
    f"<math><mtext></table><img src=x onerror={RUN}>",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"&lt;img src=x onerror={RUN}&gt;",
    f"\\u003cimg src=x onerror={RUN}\\u003e",
    "{{7*7}}{% raw %}${7*7}#{7*7}<%= 7*7 %>",
    f"＜img src=x onerror={RUN}＞",
    f"\u202e>gmi/<\u202c <img\u2028src=x\u2029onerror={RUN}>",
    "__proto__",
    "constructor",
)
FORMULAS = ("=1+1", "x;=1+1;", "x,=cmd|' /C calc'!A0,", 'x;"=1+1"', "x\t@SUM(1)", "+1+1", "-1+1", "＝1+1")
PAGES = [f"{DEPARTEMENT}/{edition}/{page}.html" for edition in ("internal", "partners", "public")
         for page in ("carte", "dossier")] + ["FR/internal/dossier.html", "FR/public/dossier.html"]  # fmt: skip
PLACES = ("Nom du lieu", "Type de lieu", "Structure porteuse", "Adresse", "Complément d’adresse", "Code postal", "Code INSEE",
          "Commune", "Téléphone", "Courriel", "Site web", "Horaires", "Itinérant", "Description")  # fmt: skip


def hostile_workbook(path: Path) -> None:
    communes = make_land().territory.communes
    communes = communes[communes["departement"] == DEPARTEMENT].to_dict("records")
    texts = (*HOSTILE, *FORMULAS)
    sheets: dict[str, list[tuple[str, ...]]] = {
        "Lieux": [PLACES],
        "Démarches": [("Nom du lieu", "Démarche", "Niveau d’aide")],
        "Acteurs": [("Nom de l’acteur", "Type d’acteur", "Correspondant", "Territoire", "Capacité", "Engagement")],
        "Tournées": [("Tournée", "Lieu d’arrêt", "Commune", "Code INSEE", "Jour", "Horaires")],
        "Réunion": [("Date de la réunion", "Lieu de la réunion", "Participants", "Décisions", "Remarques")],
    }
    for number, text in enumerate(texts):
        commune = communes[number % len(communes)]
        kind = ("Mairie", "France services", "CCAS")[number % 3]
        name = f"{kind} {text}" if text in HOSTILE else text
        where = (commune["postcodes"][0], commune["insee"], commune["name"])
        sheets["Lieux"].append(
            (name, kind, text, f"{number + 1} rue {text}", text, *where, "01 99 00 10 10", f"a@example.org {text}",
             f"https://example.org/{text}", f"lundi 9h-12h {text}", "Oui" if number % 5 == 0 else "", text)
        )  # fmt: skip
        sheets["Démarches"].append((name, "RSA", "Accompagnement"))
        sheets["Acteurs"].append((text, "Association", text, text, text, text))
        sheets["Tournées"].append((text, text, commune["name"], commune["insee"], "lundi", "9h-12h"))
    sheets["Réunion"].append(("14/11/2022", *[" ; ".join(texts)] * 4))
    with xlsxwriter.Workbook(str(path)) as book:
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    sheet.write_string(row, column, cell)


def poison(source: Path) -> None:
    """Write hostile names in the national list that the campaign takes."""
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, text in zip(rows, HOSTILE, strict=False):
        row["lib_fs"] += f" {text}"
    with source.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run of the fictional département publishes from the hostile workbook and lists."""
    folder = tmp_path_factory.mktemp("hostile")
    with ThreadPoolExecutor(1) as apart:  # the browser's driver keeps an event loop in this thread
        apart.submit(publish, folder).result()
    return folder / "out" / CAMPAIGN


def publish(folder: Path) -> None:
    sources = write_sources(folder / "sources")
    poison(next((folder / "sources").glob("france-services*.csv")))
    hostile_workbook(folder / "enquete.xlsx")
    pipeline = Pipeline(
        Settings.at(folder / "var", sources_path=sources), load_territory=lambda: make_land().territory, fictional=True
    )
    deposit(pipeline, Slot(CAMPAIGN, DEPARTEMENT), folder / "enquete.xlsx")
    report = materialise(pipeline, CAMPAIGN, [DEPARTEMENT])
    assert report.succeeded, report.failed_slots
    export(pipeline, CAMPAIGN, [DEPARTEMENT], folder / "out")


@contextmanager
def opened(browser: Browser, file: Path, *, policy: bool) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=not policy)
    page = context.new_page()
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("dialog", lambda dialog: trouble.append(dialog.message))
    page.on("request", lambda request: trouble.append(request.url) if request.url != file.as_uri() else None)
    page.goto(file.as_uri())
    title = page.title()
    yield page
    page.wait_for_timeout(100)
    assert page.evaluate("window.PWNED") is None
    assert page.title() == title
    assert re.match("Carte des lieux d’aide – |Où se faire aider ", title)
    assert page.locator("main").is_visible()
    assert trouble == []
    context.close()


def folded(text: str) -> str:
    """Without what typography and cleaning may change: spaces, what is not seen, the shape of apostrophes."""
    seen = (sign for sign in text if unicodedata.category(sign)[0] not in "ZC")
    return "".join(seen).replace("’", "'")


@pytest.mark.browser
@pytest.mark.parametrize("policy", [True, False], ids=["with its policy", "without its policy"])
@pytest.mark.parametrize("page_name", PAGES)
def test_nothing_runs_and_nothing_is_asked_of_the_network(
    browser: Browser, published: Path, page_name: str, policy: bool
) -> None:
    with opened(browser, published / page_name, policy=policy) as page:
        if "carte" not in page_name:
            return
        page.select_option("#montres", "all")
        page.select_option("#demarche", index=1)
        page.select_option("#demarche", index=0)
        told = page.evaluate(
            """() => [...document.querySelectorAll(".leaflet-marker-icon.mark, path.leaflet-interactive")].map((mark) => {
              const {left, top} = mark.getBoundingClientRect();
              mark.dispatchEvent(new MouseEvent("mouseover", {bubbles: true, clientX: left, clientY: top}));
              const tips = [...document.querySelectorAll(".leaflet-tooltip")];
              mark.dispatchEvent(new MouseEvent("mouseout", {bubbles: true, relatedTarget: document.body}));
              return tips.map((tip) => [tip.textContent, tip.childElementCount]);
            }).flat()"""
        )
        assert len(told) > 30
        assert {elements for _, elements in told} == {0}
        for mark in page.locator(".leaflet-marker-icon.mark").all()[:10]:
            mark.dispatch_event("click")
        page.evaluate('document.querySelectorAll("#lieux details").forEach((one) => { one.open = true; })')


@pytest.mark.browser
def test_a_hostile_name_is_listed_and_found_as_it_was_written(browser: Browser, published: Path) -> None:
    with opened(browser, published / DEPARTEMENT / "internal" / "carte.html", policy=True) as page:
        page.select_option("#montres", "all")
        names = page.locator("#lieux .name").all_inner_texts()
        listed = folded(" | ".join(names))
        assert [text for text in HOSTILE if folded(text) not in listed] == []
        for name in [name for name in names if "PWNED" in name][:12]:
            page.fill("#texte", name)
            assert name in page.locator("#lieux > li:visible .name").all_inner_texts()
    with opened(browser, published / DEPARTEMENT / "internal" / "dossier.html", policy=True) as page:
        told = folded(page.locator("main").text_content() or "")
        assert [text for text in HOSTILE if folded(text) not in told] == []


def test_no_table_of_any_edition_holds_a_cell_that_a_spreadsheet_runs(published: Path) -> None:
    files = sorted(published.rglob("*.csv"))
    assert {"lieux.csv", "acteurs.csv", "reunion.csv", "enquete.xlsx.csv"} <= {file.name for file in files}
    for file in files:
        content = file.read_bytes().decode("utf-8-sig")
        for separator in ",;\t":
            for cell in (
                cell for row in csv.reader(io.StringIO(content, newline=""), delimiter=separator) for cell in row
            ):
                number = re.fullmatch(r"-\d+(\.\d+)?(e-\d+)?", cell)
                assert not cell.startswith(tuple("=+-@＝＋－＠\t\r")) or number, (file.name, separator, cell[:60])
