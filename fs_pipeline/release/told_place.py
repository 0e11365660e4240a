"""One of our places as it is told in a schema: what the schema accepts of each value, and a note of what it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fs_pipeline.release.accepted import Place, Point, day_of, hours_written, point_of, text_of
from fs_pipeline.release.losses import Losses


@dataclass(frozen=True, slots=True)
class ToldPlace:
    """A row of ``places`` on its way into `schema`."""

    row: Place
    schema: str
    losses: Losses

    @property
    def place_id(self) -> str:
        """As ``places`` has it."""
        return str(self.row["place_id"])

    def lose(self, field: str, reason: str) -> None:
        """Note that `field` is not told as we know it; see `Losses.note`."""
        self.losses.note(self.schema, self.place_id, field, reason)

    def kept(self, field: str, accepts: Callable[[str], object]) -> str | None:
        """The text of `field` where the schema accepts it, else None and a loss."""
        value = text_of(self.row, field)
        if value is None or accepts(value):
            return value
        self.lose(field, "refused")
        return None

    def day(self, reference_date: str) -> str:
        """The day of its last update as both schemas require one; see `day_of`."""
        day, why = day_of(self.row, reference_date)
        if why:
            self.lose("updated_on", why)
        return day

    def point(self) -> Point | None:
        """Where it stands; None, and a loss, for a point that is not the place's."""
        try:
            return point_of(self.row)
        except ValueError:
            self.lose("latitude", "not_the_place")
            return None

    def hours(self) -> str | None:
        """Its opening hours as OpenStreetMap writes them; None, and a loss, where they cannot be written so."""
        hours = text_of(self.row, "opening_hours")
        written = hours_written(hours, text_of(self.row, "week_parity")) if hours else None
        if hours and not written:
            self.lose("opening_hours", "refused")
        return written
