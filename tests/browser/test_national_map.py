"""The nation's map as large as it is: 35 000 communes, 2 700 France services; how soon it is drawn is printed."""

from __future__ import annotations

import http.server
import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from scipy.spatial import cKDTree

from fs_pipeline.access.services import FRANCE_SERVICES
from fs_pipeline.briefing.national import build_national
from fs_pipeline.briefing.national_map import NationalLayers, write_national_map
from fs_pipeline.cartography.layers import commune_layer, place_layer
from fs_pipeline.cartography.once import Once
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.territory.contours import read_contours
from fs_pipeline.territory.shipped import load_territory
from tests.browser.test_web_map import opened, served, with_libraries
from tests.unit.briefing.sample import tiny_tables
from tests.unit.briefing.test_documents import national

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NEAR_FAR = Thresholds(20, 30)
IDLE = 4.0  # seconds, on a quiet machine


def real_layers(data: Path) -> NationalLayers:
    """The national list, and minutes as the crow flies at 35 km/h: what is real is how many they are and where."""
    rows = pd.read_csv(data / "national" / "france-services-2022-12-01.csv", dtype=str)
    rows = rows.assign(place_id=[f"p{n:05d}" for n in range(len(rows))])
    x, y = (pd.to_numeric(rows[name].str.replace(",", "."), errors="coerce") for name in ("longitude", "latitude"))
    places = place_layer(
        pd.DataFrame(
            {"place_id": rows["place_id"], "name": rows["lib_fs"], "address": rows["adresse"], "longitude": x, "latitude": y}
            | {"commune": rows["lib_com"], "in_france_services": True, "service_type": "france_services"}
        )
    )  # fmt: skip
    territory = load_territory()
    contours = read_contours(data / "reference" / "communes-contours-2018.parquet")
    inside = contours.geometry.representative_point()
    points = pd.DataFrame({"insee": contours["insee"], "longitude": inside.x, "latitude": inside.y})
    communes = territory.communes.drop(columns=["longitude", "latitude"], errors="ignore")
    communes = communes.merge(points.drop_duplicates("insee"), on="insee", how="inner")
    known = x.notna() & y.notna()
    distance, _ = cKDTree(_flat(x[known], y[known])).query(_flat(communes["longitude"], communes["latitude"]))
    access = pd.DataFrame({"insee": communes["insee"], "minutes": distance / 35 * 60})
    access = access.assign(service=FRANCE_SERVICES.kind, method="estimated", reason=None, place_id=None, point_id=None)
    layer = commune_layer(communes, access, NEAR_FAR, contours, None)
    of = layer["insee"].map(territory.departement_of)
    layer = layer.assign(departement=of)[of.isin(territory.departement_codes)]
    layer = layer.sort_values(["departement", "insee"]).reset_index(drop=True)
    kept = ["insee", "name", "population", "minutes", "method", "reason", "departement"]
    whose = rows["insee_dep"].fillna("75").to_numpy()
    return NationalLayers(places.assign(departement=whose), pd.DataFrame(layer[kept]), layer.geometry, ())


def _flat(longitude: pd.Series, latitude: pd.Series) -> np.ndarray:
    return np.column_stack([longitude * np.cos(np.radians(46)), latitude]) * 111.2


class Ranges(http.server.SimpleHTTPRequestHandler):
    """Pieces of files, as most hosts give them."""

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if not found:
            super().do_GET()
            return
        first, last = map(int, found.groups())
        content = Path(self.translate_path(self.path)).read_bytes()
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {first}-{min(last, len(content) - 1)}/{len(content)}")
        self.send_header("Content-Length", str(len(content[first : last + 1])))
        self.end_headers()
        self.wfile.write(content[first : last + 1])


@pytest.mark.soak
@pytest.mark.data
@pytest.mark.browser
def test_the_whole_nation_is_drawn_in_time(browser: Browser, real_data: Path, tmp_path: Path) -> None:
    need = tiny_tables().commune_need
    began = time.process_time()
    files = write_national_map(build_national(national(), "public"), real_layers(real_data), need, NEAR_FAR, Once())
    print(
        f"\n{time.process_time() - began:.1f} s of a processor, { ({name: len(one) for name, one in files.items()}) } bytes"
    )
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    with_libraries(tmp_path / "carte-web")
    took = []
    with served(tmp_path, Ranges) as address:
        for width in (1280, 390, 1280):
            start = time.monotonic()
            with opened(browser, f"{address}/carte-web/", width) as page:
                took.append(time.monotonic() - start)
                assert page.evaluate("window.Carte.data.communes.length") > 34_000
    print(f"idle after {[round(one, 2) for one in took]} s, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    if os.getloadavg()[0] < 1:
        assert min(took) < IDLE
