"""What one slot is told from."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

import pandas as pd

from fs_pipeline.briefing.words import STATED
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.editions.edition import Edition, apply


@dataclass(frozen=True, eq=False)
class SlotTables:
    """What one slot is told from: scalars, then one frame a table, without rows where there is none."""

    campaign: str
    departement: str
    departement_name: str
    region_name: str
    reference_date: str
    thresholds: Thresholds  # in force at that date
    fingerprint: str
    fictional: bool = False
    edition: Edition | None = None  # whose readers these tables were let out for
    places: pd.DataFrame = field(default_factory=pd.DataFrame)
    place_members: pd.DataFrame = field(default_factory=pd.DataFrame)
    place_values: pd.DataFrame = field(default_factory=pd.DataFrame)
    national_places: pd.DataFrame = field(default_factory=pd.DataFrame)
    releases: pd.DataFrame = field(default_factory=pd.DataFrame)
    withheld: pd.DataFrame = field(default_factory=pd.DataFrame)
    indicators: pd.DataFrame = field(default_factory=pd.DataFrame)
    access_shares: pd.DataFrame = field(default_factory=pd.DataFrame)
    demarche_shares: pd.DataFrame = field(default_factory=pd.DataFrame)
    demarche_matrix: pd.DataFrame = field(default_factory=pd.DataFrame)
    coverage: pd.DataFrame = field(default_factory=pd.DataFrame)
    gaps: pd.DataFrame = field(default_factory=pd.DataFrame)
    discrepancies: pd.DataFrame = field(default_factory=pd.DataFrame)
    link_pairs: pd.DataFrame = field(default_factory=pd.DataFrame)
    problems: pd.DataFrame = field(default_factory=pd.DataFrame)
    survey_actors: pd.DataFrame = field(default_factory=pd.DataFrame)
    survey_meeting: pd.DataFrame = field(default_factory=pd.DataFrame)
    survey_rounds: pd.DataFrame = field(default_factory=pd.DataFrame)
    communes: pd.DataFrame = field(default_factory=pd.DataFrame)
    access_minutes: pd.DataFrame = field(default_factory=pd.DataFrame)
    coverage_by_hour: pd.DataFrame = field(default_factory=pd.DataFrame)
    commune_weeks: pd.DataFrame = field(default_factory=pd.DataFrame)
    gap_areas: pd.DataFrame = field(default_factory=pd.DataFrame)
    levers: pd.DataFrame = field(default_factory=pd.DataFrame)
    access_method: pd.DataFrame = field(default_factory=pd.DataFrame)
    access_changes: pd.DataFrame = field(default_factory=pd.DataFrame)
    campaign_sources: pd.DataFrame = field(default_factory=pd.DataFrame)
    demarches: pd.DataFrame = field(default_factory=pd.DataFrame)

    def frames(self) -> dict[str, pd.DataFrame]:
        """The tables by name."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, pd.DataFrame)}

    def let_out(self, edition: Edition) -> SlotTables:
        """What readers of `edition` may receive; itself where that was done before."""
        if self.edition == edition:
            return self
        return replace(self, edition=edition, **apply(self.frames(), edition))  # type: ignore[arg-type]


def says_nothing(demarche_matrix: pd.DataFrame) -> bool:
    """Whether the survey says nothing of démarches at all, which is no « none confirmed »."""
    return not demarche_matrix.reindex(columns=["evidence"])["evidence"].isin(STATED).any()


def records(frame: pd.DataFrame, *columns: str) -> list[dict[str, Any]]:
    """Rows as dictionaries with exactly `columns`; what is missing, or a column that is not there, is None."""
    table = frame.reindex(columns=list(columns)).astype(object)
    rows: list[dict[str, Any]] = table.where(table.notna(), None).to_dict("records")  # type: ignore[assignment]
    return rows
