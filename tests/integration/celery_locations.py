"""What the Celery workers of test_celery.py load beside the product's own code location: the rehearsal's."""

from __future__ import annotations

import os
from collections.abc import Mapping

import dagster as dg

from fs_pipeline.definitions import build_defs
from fs_pipeline.rehearsal.land import make_land
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings

PREFIX = "REHEARSAL_"  # of the variables that are the rehearsal's alone


def rehearsal_pipeline(environ: Mapping[str, str] = os.environ) -> Pipeline:
    """The rehearsal, over an installation of its own."""
    own = {name.removeprefix(PREFIX): value for name, value in environ.items() if name.startswith(PREFIX)}
    return Pipeline(Settings.from_environment(own), load_territory=lambda: make_land().territory, fictional=True)


@dg.definitions
def defs() -> dg.Definitions:
    """What Dagster loads."""
    return build_defs(rehearsal_pipeline())
