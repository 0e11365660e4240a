"""Who lives near, and what there is, intercommunalité by intercommunalité.

No source that is read says the arrondissement of a commune: nothing is told by arrondissement.
"""

from __future__ import annotations

import pandas as pd

from fs_pipeline.access.services import FRANCE_SERVICES
from fs_pipeline.warehouse.frames import table_frame

_TABLE = "epci_access"
_NONE = "Hors intercommunalité, ou non dite"


def epci_access(communes: pd.DataFrame, minutes: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """``epci_access`` of one slot, the most inhabited first; only the département's own communes of each are counted.

    Parameters
    ----------
    communes
        insee, epci, epci_name of the département.
    minutes
        ``int_commune_minutes``: insee, service, population, population_near, population_far, population_not_computed.
    places
        insee, in_france_services, itinerant.
    """
    counted = ["population", "population_near", "population_far", "population_not_computed"]
    told = minutes[minutes["service"] == FRANCE_SERVICES.kind].drop_duplicates("insee").set_index("insee")[counted]
    rows = communes[["insee", "epci", "epci_name"]].join(told, on="insee")
    for name, none in (("epci", ""), ("epci_name", _NONE)):
        rows[name] = rows[name].astype(object).where(rows[name].notna(), none)
    asked = rows["population"] - rows["population_not_computed"]
    rows["communes_beyond"] = (asked - rows["population_near"] > 0).astype(int)
    rows["communes_not_computed"] = (~(asked > 0)).astype(int)
    listed = places["in_france_services"].eq(True)
    moving = places["itinerant"].eq(True)
    for name, which in (("houses", listed & ~moving), ("buses", listed & moving), ("others", ~listed)):
        rows[name] = rows["insee"].map(places.loc[which, "insee"].value_counts()).fillna(0).astype(int)
    summed = [*counted, "communes_beyond", "communes_not_computed", "houses", "buses", "others"]
    found = rows.groupby(["epci", "epci_name"], as_index=False, sort=True)[summed].sum()
    found["communes"] = rows.groupby(["epci", "epci_name"], sort=True).size().to_numpy()
    computed = (found["population"] - found["population_not_computed"]).replace(0.0, float("nan"))
    found["share_near"], found["share_far"] = found["population_near"] / computed, found["population_far"] / computed
    found = found.sort_values(["population", "epci"], ascending=[False, True], kind="stable", ignore_index=True)
    return table_frame(_TABLE, found)
