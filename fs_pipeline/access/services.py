"""What minutes are asked for, as one value and as the two columns that tables keep of it.

What each kind is called for readers is in ``data/services.csv``; which places serve it is said by ``int_place_services``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

SERVICE_COLUMNS = ["service", "demarche_id"]
CONFIRMED = "confirmed"  # the kind of what a survey states of a démarche


@dataclass(frozen=True, slots=True, order=True)
class Service:
    """What people go to a place for.

    Attributes
    ----------
    kind
        ``france_services`` (fixed) and ``itinerant`` for the label, ``confirmed`` and ``orientation`` for what surveys
        state of a démarche, ``general`` for help without saying with which; any word in the files of the command line.
        The column ``service``.
    demarche_id
        The démarche, "" where it is none's. Never None: it is part of keys, where neither SQLite nor PostgreSQL holds
        two rows that both lack a value to be the same, and that a label is no démarche is known.
    """

    kind: str
    demarche_id: str = ""

    @property
    def columns(self) -> dict[str, str]:
        """Its columns, for a row or ``DataFrame.assign``."""
        return dict(zip(SERVICE_COLUMNS, (self.kind, self.demarche_id), strict=True))


FRANCE_SERVICES = Service("france_services")
ITINERANT = Service("itinerant")


def rows_by_service(frame: pd.DataFrame) -> dict[Service, NDArray[np.intp]]:
    """The positions of each service's rows, services in order; rows without one are nobody's."""
    found: dict[tuple[str, str], NDArray[np.intp]] = frame.groupby(SERVICE_COLUMNS).indices  # type: ignore[assignment]
    return {Service(*names): found[names] for names in sorted(found)}


def by_service(frame: pd.DataFrame) -> dict[Service, pd.DataFrame]:
    """The rows of each service, services in order; found once, for comparing texts service by service takes long."""
    return {service: frame.iloc[rows] for service, rows in rows_by_service(frame).items()}
