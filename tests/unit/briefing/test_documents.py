"""The dossier as PDF, page and map: accessible, in French, fetching nothing, the same bytes each time."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pypdfium2
import pytest

from fs_pipeline.briefing.claims import write_claims
from fs_pipeline.briefing.figures import build_brief
from fs_pipeline.briefing.html import write_html
from fs_pipeline.briefing.national import NationalTables, build_national
from fs_pipeline.briefing.pack import national_pack, pack
from fs_pipeline.briefing.slot import SlotTables
from fs_pipeline.cartography.france_map import draw_france
from fs_pipeline.cartography.layers import Layers
from fs_pipeline.cartography.static_map import undrawn
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.editions.edition import EDITIONS, Edition
from tests.unit.briefing.pages import said_by, spaced
from tests.unit.briefing.sample import empty_tables, tiny_contours, tiny_tables


def packed(tables: SlotTables, edition: Edition = "internal") -> dict[str, bytes]:
    let_out = tables.let_out(edition)
    drawn = Layers(
        let_out.places,
        let_out.communes,
        let_out.int_commune_minutes,
        let_out.thresholds,
        tiny_contours(),
        let_out.coverage,
    )
    return pack(let_out, edition, drawn)


def pdf_pages(content: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)]


class Outline(HTMLParser):
    """What assistive technology finds in a page."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.ids: list[str] = []
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.tags.append((tag, known))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if known.get("id"):
            self.ids.append(str(known["id"]))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def full() -> dict[str, bytes]:
    return packed(tiny_tables())


@pytest.fixture(scope="module")
def bare() -> dict[str, bytes]:
    return packed(empty_tables())


def test_the_same_slot_gives_the_same_bytes(full: dict[str, bytes]) -> None:
    assert packed(tiny_tables()) == full


def test_the_pdf_is_tagged_in_french_and_dated_by_the_campaign(full: dict[str, bytes]) -> None:
    content = full["dossier.pdf"]
    assert b"pdfuaid:part>1<" in content or b'pdfuaid:part="1"' in content
    assert b"/Lang(fr-FR)" in content
    document = pypdfium2.PdfDocument(content)
    assert document.get_metadata_value("CreationDate").startswith("D:20221115")
    assert document.get_metadata_value("Title").startswith("Où se faire aider")


def test_every_page_says_its_edition_its_fingerprint_and_that_it_is_fictional(full: dict[str, bytes]) -> None:
    pages = pdf_pages(full["dossier.pdf"])
    assert len(pages) >= 6
    for number, page in enumerate(pages, start=1):
        assert "Édition interne" in page
        assert "7c41·e09d·52ab" in page
        assert "répétition" in page
        assert f"{number} / {len(pages)}" in page


@pytest.mark.parametrize(("items", "page"), [(12, 6), (45, 7), (90, 7)])
def test_the_method_card_stands_once_whole_where_a_page_has_room_for_it(items: int, page: int) -> None:
    card = pd.DataFrame({"position": range(items), "label_fr": "Méthode", "value_fr": "par la route"})
    pages = pdf_pages(packed(tiny_tables().having(access_method=card))["dossier.pdf"])
    told = [n for n, text in enumerate(pages, start=1) if "Comment les minutes ont été trouvées" in text]
    assert told == [page]


def test_chapters_share_a_page_that_has_room_for_them_and_none_is_cut() -> None:
    pages = pdf_pages(packed(tiny_tables(), "public")["dossier.pdf"])
    charter = next(text for text in pages if "Les engagements et la charte" in text)
    assert "Ce que l’enquête et les listes nationales disent autrement" in charter
    assert "différences sur" in charter  # to its last line


def test_a_slot_without_anything_is_short_and_says_why(bare: dict[str, bytes]) -> None:
    pages = pdf_pages(bare["dossier.pdf"])
    assert len(pages) <= 4
    said = " ".join(" ".join(pages).split())
    assert "Aucune enquête n’a été déposée" in said
    assert "Non calculé" in said


@pytest.mark.parametrize("name", ["dossier.html", "carte.html", "carte-web/index.html"])
@pytest.mark.parametrize("which", ["full", "bare"])
def test_a_page_is_sound_for_assistive_technology(name: str, which: str, request: pytest.FixtureRequest) -> None:
    outline = Outline(request.getfixturevalue(which)[name])
    assert outline.all("html")[0]["lang"] == "fr"
    assert outline.headings[0] == 1
    assert outline.headings.count(1) == 1
    for before, after in zip(outline.headings, outline.headings[1:], strict=False):
        assert after <= before + 1
    assert all(cell.get("scope") in {"col", "row"} for cell in outline.all("th"))
    assert len(outline.ids) == len(set(outline.ids))
    assert {link["href"][1:] for link in outline.all("a") if str(link["href"]).startswith("#")} <= set(outline.ids)  # type: ignore[index]
    for drawing in outline.all("svg"):
        assert drawing.get("aria-hidden") == "true" or drawing.get("aria-label")
    labelled = {label["for"] for label in outline.all("label")}
    assert {field["id"] for field in (*outline.all("input"), *outline.all("select"))} <= labelled


@pytest.mark.parametrize("name", ["dossier.html", "carte.html"])
def test_a_page_fetches_nothing(name: str, full: dict[str, bytes]) -> None:
    outline = Outline(full[name])
    for tag, attrs in outline.tags:
        assert "src" not in attrs, tag
        assert tag != "link"
    assert "@import" not in full[name].decode()
    assert "fetch(" not in full[name].decode().replace("prefetch(", "")


@pytest.mark.parametrize("name", ["dossier.html", "carte.html", "national"])
def test_a_page_says_first_that_nothing_runs_but_its_own(name: str, full: dict[str, bytes]) -> None:
    page = full[name] if name in full else national_pack(national(), "public", draw_france(None, {}))["dossier.html"]
    outline, text = Outline(page), page.decode()
    tag, attrs = outline.tags[outline.tags.index(("head", {})) + 1]
    assert (tag, attrs["http-equiv"]) == ("meta", "Content-Security-Policy")
    policy = dict(part.split(" ", 1) for part in str(attrs["content"]).split("; "))
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert policy == {
        "default-src": "'none'", "base-uri": "'none'", "form-action": "'none'", "img-src": "data:", "font-src": "data:",
        "style-src": " ".join(map(hashed, re.findall(r"<style>(.*?)</style>", text, re.DOTALL))),
        **({"script-src": " ".join(map(hashed, scripts))} if scripts else {}),
    }  # fmt: skip
    assert len(scripts) == (10 if name == "carte.html" else 0)
    assert text.index("charset") < 1024  # where browsers look for it


def test_the_web_map_reads_its_own_folder_and_nothing_else(full: dict[str, bytes]) -> None:
    outline, text = Outline(full["carte-web/index.html"]), full["carte-web/index.html"].decode()
    asked = [attrs[key] for tag, attrs in outline.tags if tag != "a" for key in ("src", "href") if key in attrs]
    assert asked == ["maplibre-gl.css", "../carte.html", "pmtiles.js"]
    policy = str(outline.tags[outline.tags.index(("head", {})) + 1][1]["content"])
    assert not re.search(r"https?:|\*|unsafe|blob:", policy)
    for script in re.findall(r"<script(?: type=\"module\")?>(.*?)</script>", text, re.DOTALL):
        assert hashed(script) in policy


@pytest.mark.parametrize("name", ["dossier.html", "carte.html", "carte-web/index.html"])
def test_no_element_has_a_style_or_a_handler_of_its_own_and_no_link_leads_out(
    name: str, full: dict[str, bytes]
) -> None:
    for tag, attrs in Outline(full[name]).tags:
        assert not [key for key in attrs if key == "style" or key.startswith("on")], tag
        assert str(attrs.get("href", "#")).startswith("#") or attrs["href"] in {
            "carte.html", "../carte.html", "maplibre-gl.css",
        }  # fmt: skip


def hashed(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def test_the_list_beside_the_map_holds_every_place_without_a_script(full: dict[str, bytes]) -> None:
    page = full["carte.html"].decode()
    before_scripts = page.partition("<script")[0]
    for name in tiny_tables().places["name"]:
        assert name.replace("'", "’") in before_scripts
    for commune in tiny_tables().communes["name"]:
        assert commune in before_scripts


def test_a_hostile_name_runs_nothing(full: dict[str, bytes]) -> None:
    tables = tiny_tables()
    hostile = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    files = packed(
        tiny_tables(places=tables.places.assign(name=hostile, commune=hostile, website="javascript:alert(1)"))
    )
    assert len(Outline(files["carte.html"]).all("script")) == len(Outline(full["carte.html"]).all("script"))
    for name in ("carte.html", "dossier.html"):
        outline = Outline(files[name])
        assert not outline.all("img")
        assert not [link for link in outline.all("a") if "javascript" in str(link.get("href"))]


def test_long_names_and_addresses_stay_inside_the_page() -> None:
    tables = tiny_tables()
    actors = tables.survey_actors.assign(
        name="Fédération départementale des associations de médiation numérique et d’accès aux droits " * 2,
        email="franceservices.saint-andre-de-cubzac-et-environs@communaute-de-communes-exemple.example.org",
    )
    content = packed(tiny_tables(survey_actors=actors))["dossier.pdf"]
    for page in pypdfium2.PdfDocument(content):
        text = page.get_textpage()
        width = page.get_width()
        for place, letter in enumerate(text.get_text_range()):
            if letter.isspace():  # the space at the end of a line hangs in the margin
                continue
            left, _, right, _ = text.get_charbox(place)
            assert left >= 17 / 25.4 * 72 - 1
            assert right <= width - 17 / 25.4 * 72 + 1


PROBE = "x\x92 x\x9c � x\x81 📍 مركز שלום 漢字 x̱̂ \u0489 \uf0b7 \u202e"
MARKUP = "#let x $y$ *gras* _b_ @ref `code` // [lien] <g> ~ = + - / {i} \\#h"
_FREE = (
    "name", "carrier", "address", "commune", "stop", "round", "venue", "present", "decisions", "remarks", "territory",
    "publics", "capacity", "commitment", "status", "contact", "email", "epci_name", "reason", "label", "label_fr",
    "value_fr", "survey_value", "national_value", "message", "title", "publisher", "licence", "demarche_label", "where",
)  # fmt: skip


def written_everywhere(text: str) -> SlotTables:
    """A slot whose every free text is `text`."""
    tables = tiny_tables()
    frames = {
        name: frame.assign(**dict.fromkeys(set(_FREE) & set(frame), text)) for name, frame in tables.tables.items()
    }
    return replace(tables, departement_name=f"Val {text}", region_name=text, tables=frames)


@pytest.mark.parametrize("edition", EDITIONS)
def test_any_sign_in_any_text_still_gives_a_pdf_that_says_once_what_it_lacks(edition: Edition) -> None:
    said = " ".join(" ".join(pdf_pages(packed(written_everywhere(PROBE), edition)["dossier.pdf"])).split())
    assert said.count("Tout ne s’imprime pas.") == 1
    assert "📍" not in said


def test_a_dossier_that_prints_whole_says_nothing_of_signs(full: dict[str, bytes]) -> None:
    assert "Tout ne s’imprime pas" not in " ".join(pdf_pages(full["dossier.pdf"]))


def test_the_marks_of_a_typesetter_are_printed_as_they_are_written() -> None:
    said = "".join("".join(pdf_pages(packed(written_everywhere(MARKUP))["dossier.pdf"])).split())
    assert said.count("".join(MARKUP.split())) > 10


# --- the nation


def national() -> NationalTables:
    overview = pd.DataFrame(
        [
            {"territory": "01", "handed_in": True, "help_said": "general", "errors": 3, "survey_places": 41,
             "france_services": 25, "to_review": 2, "discrepancies": 7, "share_near": 0.91, "share_far": 0.99,
             "population": 600000.0, "method": "estimated", "state": "good"},
            {"territory": "978", "handed_in": False, "errors": 0, "survey_places": 0, "france_services": 2, "to_review": 0,
             "discrepancies": 0, "share_near": None, "share_far": None, "population": None, "method": "not_computed",
             "state": "nothing"},
        ]
    )  # fmt: skip
    indicators = pd.DataFrame(
        [
            {"key": "announced_france_services", "label": "France services (annonce : « plus de 2 000 »)", "value": 2195.0,
             "unit": "places", "n": 2683.0, "method": "lignes de la liste", "sources": "Liste", "rank": 1},
            {"key": "announced_agents", "label": "agents formés (annonce : « 5 000 »)", "value": None, "unit": "people",
             "reason": "aucune source ouverte ne les compte", "method": "sans objet", "sources": "aucune", "rank": 2},
        ]
    )  # fmt: skip
    departements = pd.DataFrame(
        [("01", "Ain", "departement"), ("02", "Aisne", "departement"), ("978", "Saint-Martin", "collectivite")],
        columns=["code", "name", "kind"],
    )
    return NationalTables(
        campaign="2022-12",
        reference_date="2022-12-01",
        thresholds=Thresholds(20, 30),
        fingerprint="abcdef012345",
        fictional=False,
        departements=departements,
        tables={"national_indicators": indicators, "slot_overview": overview},
    )


def test_the_announcements_figures_stand_with_their_value_or_why_there_is_none() -> None:
    figures = {figure.key: figure for figure in build_national(national(), "public").figures}
    assert figures["announced_france_services"].value == "2\u202f195"
    assert figures["announced_agents"].value == "non calculé"
    assert figures["announced_agents"].trust == "aucune source ouverte ne les compte"


def test_every_departement_has_its_line_and_collectivites_stand_apart() -> None:
    brief = build_national(national(), "internal")
    assert [(row.code, row.handed_in, row.share_near) for row in brief.rows] == [
        ("01", "aide en général", "91,0\u202f%"),
        ("02", "non déposée", "non calculé"),
    ]
    assert [(row.code, row.share_near) for row in brief.apart] == [("978", "hors calcul")]
    assert brief.lead == "1\u00a0département sur 2 a déposé son enquête."


@pytest.mark.parametrize(
    ("computed", "told"),
    [
        (1, "1 département calculé à ce jour : 00 (50 %) à 20 minutes ou moins d’une France services."),
        (6, "Les plus éloignés des 6 départements calculés, à 20 minutes d’une France services : 00 (50 %), 01 (51 %)"),
        (7, "Les plus éloignés à 20 minutes d’une France services : 00 (50 %), 01 (51 %)"),
    ],
)
def test_a_few_departements_are_no_ranking_of_the_nation(computed: int, told: str) -> None:
    codes = [f"{number:02d}" for number in range(7)]
    shares = [0.5 + number / 100 if number < computed else None for number in range(7)]
    overview = pd.DataFrame({"territory": codes, "share_near": pd.Series(shares, dtype=float)})
    named = pd.DataFrame({"code": codes, "name": codes, "kind": "departement"})
    brief = build_national(replace(national().having(slot_overview=overview), departements=named), "public")
    assert told in " ".join(spaced(strong + rest) for strong, rest in brief.findings)


def test_the_nation_tells_four_cases_of_surveys_apart() -> None:
    tables = national()
    cases = ["by_demarche", "general", "silent", "no_survey"]
    codes = ["01", "02", "03", "04"]
    overview = pd.DataFrame({"territory": codes, "help_said": cases, "handed_in": [True, True, True, False]})
    named = pd.DataFrame({"code": codes, "name": codes, "kind": "departement"})
    brief = build_national(replace(tables.having(slot_overview=overview), departements=named), "public")
    assert [row.handed_in for row in brief.rows] == [
        "aide par démarche", "aide en général", "sans rien dire de l’aide", "non déposée",
    ]  # fmt: skip
    assert (
        brief.findings[0][1]
        .replace("\u00a0", " ")
        .endswith(
            "Ce qu’on y lit : une aide par démarche (1), une aide en général, démarche non précisée (1), rien de l’aide (1)."
        )
    )


def test_what_judges_deposits_is_for_the_ministry_alone() -> None:
    for edition, judged in (("internal", True), ("partners", False), ("public", False)):
        let_out = national().let_out(edition)  # type: ignore[arg-type]
        brief = build_national(let_out, edition)  # type: ignore[arg-type]
        assert brief.judged is judged
        assert (brief.rows[0].errors == "3") is judged


def test_the_nations_claims_are_in_its_page_and_name_their_territories() -> None:
    brief = build_national(national(), "internal")
    page = said_by(write_html(brief, undrawn()))
    told = json.loads(write_claims(brief))
    assert (told["departement"], told["edition"]) == ("FR", "internal")
    for claim in told["affirmations"]:
        assert spaced(claim["text"]) in page, claim["id"]
    assert {claim["section"] for claim in told["affirmations"]} >= {"findings", "figures", "departements"}
    wheres = [one["where"] for claim in told["affirmations"] for one in claim["rows"]]
    known = {where["territory"] for where in wheres if "territory" in where}
    assert known == {*national().slot_overview["territory"]}


def test_the_nations_brief_is_sound_and_the_same_each_time() -> None:
    files = national_pack(national(), "internal", draw_france(None, {}))
    assert files == national_pack(national(), "internal", draw_france(None, {}))
    outline = Outline(files["dossier.html"])
    assert outline.headings.count(1) == 1
    assert all(cell.get("scope") for cell in outline.all("th"))
    said = " ".join(" ".join(pdf_pages(files["dossier.pdf"])).split())
    assert "Saint-Martin" in said
    assert "non calculé" in said


def test_the_brief_of_an_edition_says_which() -> None:
    for edition, name in (("internal", "interne"), ("partners", "partenaires"), ("public", "publique")):
        assert build_brief(tiny_tables(), edition).edition == f"Édition {name}"  # type: ignore[arg-type]
