"""Sites, people and hours that tests of levers share."""

from __future__ import annotations

import datetime as dt

import numpy as np

from fs_pipeline.access.services import Service
from fs_pipeline.coverage.hours import States, hour_states
from fs_pipeline.coverage.levers import Sites
from fs_pipeline.coverage.weeks import reference_weeks

WEEKS = reference_weeks(dt.date(2022, 12, 1))
PEOPLE = np.array([100.0, 200.0, 300.0, 400.0])
NEAR, FAR = 10.0, 90.0
SERVICE = Service("s")


def sites(*minutes: list[float], people: list[float] | None = None, hours: float = 10.0) -> Sites:
    count = len(minutes)
    names = [f"0000{i}" for i in range(count)]
    inhabitants = np.array(people or [0.0] * count)
    return Sites(names, [f"p{i}" for i in range(count)], np.array(minutes).T, inhabitants, np.full(count, hours))


def states(*texts: str | None, minute: int = 0) -> States:
    return np.stack([hour_states(text, None, WEEKS, minute) for text in texts])
