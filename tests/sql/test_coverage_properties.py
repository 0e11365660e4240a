"""Whatever the minutes: the label confirms nothing, thirty minutes never cover less than twenty, nobody is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fs_pipeline.access.services import CONFIRMED as STATED
from fs_pipeline.access.services import FRANCE_SERVICES, Service
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.materialising import materialise
from fs_pipeline.warehouse.models import Project
from tests.rows import filled
from tests.sql.small_slot import BY_LABEL, CAMPAIGN, CONFIRMED, DEPARTEMENT, OUTSIDE, fill

SLOT = {"campaign": CAMPAIGN, "departement": DEPARTEMENT}
DEMARCHES = (CONFIRMED, BY_LABEL, OUTSIDE)
SERVICES = [
    FRANCE_SERVICES,
    Service("general"),
    *(Service(kind, d) for kind in (STATED, "general", "orientation") for d in DEMARCHES),
]
MODELS = (
    "int_commune_minutes",
    "coverage",
    "demarche_shares",
    "access_shares",
    "int_access_shares_pivoted",
    "access_consistency",
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Warehouse, Project]]:
    opened = Warehouse(f"sqlite:///{tmp_path_factory.mktemp('coverage') / 'warehouse.db'}")
    yield opened, fill(opened)
    opened.dispose()


time = st.one_of(st.none(), st.just("not_computed"), st.floats(0, 50).map(lambda value: round(value, 1)))
answers = st.fixed_dictionaries({service: st.lists(time, min_size=4, max_size=4) for service in SERVICES})


def run(small: tuple[Warehouse, Project], times: dict[Service, list[object]]) -> dict[str, pd.DataFrame]:
    warehouse, project = small
    rows = [
        {
            "point_id": f"3300{number}",
            "insee": f"3300{number}",
            **service.columns,
            "minutes": value if isinstance(value, float) else None,
            "minutes_low": value / 1.2 if isinstance(value, float) else None,
            "minutes_high": value / 0.8 if isinstance(value, float) else None,
            "method": "not_computed" if value == "not_computed" else "estimated",
            "reason": None if isinstance(value, float) else "raison",
        }
        for service, values in times.items()
        for number, value in enumerate(values, start=1)
    ]
    warehouse.replace("access_minutes", SLOT, filled("access_minutes", pd.DataFrame(rows, dtype=object)))
    for model in MODELS:
        materialise(warehouse, project, model, CAMPAIGN, [DEPARTEMENT])
    return {model: warehouse.read(project[model].table, SLOT) for model in MODELS}


@given(answers)
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_must_hold_between_shares_holds(small, times):
    found = run(small, times)["access_consistency"]
    demarches = found[found["figure"] == "coverage"]
    assert len(demarches) > 0
    assert (demarches["confirmed_or_label_near"] >= demarches["confirmed_near"]).all()
    known = found.dropna(subset=["share_near", "share_far"])
    assert (known["share_far"] >= known["share_near"]).all()
    assert known[["share_near", "share_far"]].stack().between(0, 1).all()
    assert (found["population_counted"] == found["population"]).all()


@given(answers)
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_confirmed_is_only_ever_what_a_survey_stated(small, times):
    silent = {service: values for service, values in times.items() if service.kind != STATED}
    tables = run(small, silent)
    assert not (tables["coverage"][["verdict_near", "verdict_far"]] == "confirmed").any(axis=None)
    told = run(small, times)["coverage"].set_index(["insee", "demarche_id"])
    for demarche in DEMARCHES:
        for number, value in enumerate(times[Service(STATED, demarche)], start=1):
            near = isinstance(value, float) and value <= 20
            assert (told.loc[(f"3300{number}", demarche), "verdict_near"] == "confirmed") == near


def test_a_commune_that_vanishes_is_noticed(small):
    times = {service: [5.0, 5.0, 5.0] for service in SERVICES}
    found = run(small, times)["access_consistency"]
    assert (found["population_counted"] == found["population"]).all()  # the fourth has no inhabitant counted
    found = run(small, {service: [5.0, 5.0] for service in SERVICES})["access_consistency"]
    assert (found["population_counted"] < found["population"]).all()
