"""The printed map beside geopandas, the PDF beside Chromium (and WeasyPrint where it is): `python benchmarks/dossier.py`.

Real communes, contours and France services of a few départements; verdicts are made up (tests' sample), so that no
pipeline has to run. Each peer draws the very same layers, or prints the very same page.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import geopandas as gpd  # noqa: E402

from fs_pipeline.briefing.figures import build_brief  # noqa: E402
from fs_pipeline.briefing.html import write_html  # noqa: E402
from fs_pipeline.briefing.image import write_image  # noqa: E402
from fs_pipeline.briefing.pack import pack  # noqa: E402
from fs_pipeline.briefing.pdf import write_pdf  # noqa: E402
from fs_pipeline.cartography.layers import Layers, minutes_class  # noqa: E402
from fs_pipeline.cartography.outreach_map import draw_outreach  # noqa: E402
from fs_pipeline.cartography.palette import CLASS_FILLS  # noqa: E402
from fs_pipeline.cartography.static_map import draw_map  # noqa: E402
from fs_pipeline.coverage.thresholds import Thresholds  # noqa: E402
from fs_pipeline.editions.edition import EDITIONS  # noqa: E402
from fs_pipeline.territory.contours import read_contours  # noqa: E402
from tests.unit.briefing.sample import real_tables  # noqa: E402

DATA = Path(os.environ.get("FS_DATA_DIR", ROOT.parent / "shared" / "data"))
DEPARTEMENTS = {
    "33": ("Gironde", "Nouvelle-Aquitaine"),
    "59": ("Nord", "Hauts-de-France"),
    "2A": ("Corse-du-Sud", "Corse"),
}


def seconds(work: Callable[[], object], times: int = 5) -> float:
    """Median of a few runs after a first one."""
    work()
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    return statistics.median(spent)


def geopandas_map(drawn: Mapping[str, gpd.GeoDataFrame], thresholds: Thresholds, target: Path) -> None:
    """The same layers as most people would draw them."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(5.1, 5.9))
    communes = drawn["communes"].to_crs(2154)
    fills = [CLASS_FILLS[minutes_class(minutes, thresholds)] for minutes in communes["minutes"]]
    communes.plot(ax=axes, color=fills, edgecolor="white", linewidth=0.4)
    places = drawn["places"][drawn["places"].geometry.notna()].to_crs(2154)
    places.plot(ax=axes, markersize=8)
    for point, name in zip(places.geometry, places["commune"], strict=True):
        axes.annotate(name, (point.x, point.y), fontsize=7.6)
    axes.set_axis_off()
    figure.savefig(target, dpi=220)
    plt.close(figure)


def main() -> None:
    """Print ours, the peers' and the ratio, for each département."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--departements", nargs="*", default=list(DEPARTEMENTS))
    chosen = parser.parse_args().departements
    contours = read_contours(DATA / "reference" / "communes-contours-2018.parquet")
    folder = Path(tempfile.mkdtemp())
    for code in chosen:
        tables = real_tables(DATA, code, *DEPARTEMENTS[code])
        shapes = contours[contours["insee"].str.startswith(code)]
        drawn = Layers(
            tables.places, tables.communes, tables.int_commune_minutes, tables.thresholds, shapes, tables.coverage
        )
        static_map = draw_map(drawn["communes"], drawn["places"], code, tables.thresholds)
        brief = build_brief(tables, "internal")
        page = folder / f"{code}.html"
        outreach = None
        if brief.outreach.left_out is None:
            told = (tables.outreach, tables.survey_rounds, code, tables.thresholds)
            outreach = draw_outreach(drawn["communes"], *told)
        page.write_bytes(write_html(brief, static_map, outreach))
        print(f"{code}: {len(drawn['communes'])} communes, {len(drawn['places'])} lieux")
        ours = seconds(
            lambda: write_image(brief, draw_map(drawn["communes"], drawn["places"], code, tables.thresholds))  # noqa: B023
        )
        theirs = seconds(lambda: geopandas_map(drawn, tables.thresholds, folder / "map.png"), 2)  # noqa: B023
        tell("  map, SVG and PNG", ours, "geopandas", theirs)
        # Typst keeps what it set before: each time another title, as for another département
        count = iter(range(1000))
        ours = seconds(lambda: write_pdf(_renamed(brief, next(count)), static_map, outreach))  # noqa: B023
        for name, peer in peers(page).items():
            tell("  dossier, tagged PDF/UA-1", ours, name, seconds(peer, 3))
        whole = seconds(lambda: [pack(tables, edition, drawn) for edition in EDITIONS], 3)  # noqa: B023
        print(f"  three editions (PDF, page, web map, image): {whole:.2f} s")
    shutil.rmtree(folder)


def _renamed(brief: object, number: int) -> object:
    from dataclasses import replace

    return replace(brief, departement_name=f"Département {number}", fingerprint=f"{number:012d}")  # type: ignore[type-var]


def peers(page: Path) -> dict[str, Callable[[], object]]:
    """Who prints the page as a PDF on this machine."""
    found: dict[str, Callable[[], object]] = {}
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium:
        from playwright.sync_api import sync_playwright

        def chromium_pdf() -> None:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
                opened = browser.new_page()
                opened.goto(page.as_uri())
                opened.pdf(format="A4", tagged=True)
                browser.close()

        found["Chromium"] = chromium_pdf
    try:
        from weasyprint import HTML  # type: ignore[import-not-found]
    except (ImportError, OSError):
        print("  WeasyPrint is not installed here")
    else:
        found["WeasyPrint"] = lambda: HTML(filename=str(page)).write_pdf(pdf_variant="pdf/ua-1")
    return found


def tell(what: str, ours: float, peer: str, theirs: float) -> None:
    """One line: ours, the peer's, the ratio."""
    print(f"{what}: {ours:.3f} s; {peer} {theirs:.2f} s; {theirs / ours:.0f} times")


if __name__ == "__main__":
    main()
