"""Who lives near, and what there is, arrondissement by arrondissement and intercommunalité by intercommunalité."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from fs_pipeline.access.services import FRANCE_SERVICES
from fs_pipeline.warehouse.frames import table_frame

AreaKind = Literal["arrondissement", "epci"]
_NONE: dict[AreaKind, str] = {
    "arrondissement": "Hors arrondissement, ou non dit",
    "epci": "Hors intercommunalité, ou non dite",
}


def access_by(area: AreaKind, communes: pd.DataFrame, minutes: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """``arrondissement_access`` or ``epci_access`` of one slot, the most inhabited first.

    Only the département's own communes of each are counted.

    Parameters
    ----------
    communes
        insee of the département, and the code and the name of their area: ``epci`` and ``epci_name``, say.
    minutes
        ``int_commune_minutes``: insee, service, population, population_near, population_far, population_not_computed.
    places
        insee, in_france_services, itinerant.
    """
    counted = ["population", "population_near", "population_far", "population_not_computed"]
    told = minutes[minutes["service"] == FRANCE_SERVICES.kind].drop_duplicates("insee").set_index("insee")[counted]
    keys = [area, f"{area}_name"]
    rows = communes[["insee", *keys]].join(told, on="insee")
    for name, none in zip(keys, ("", _NONE[area]), strict=True):
        rows[name] = rows[name].astype(object).where(rows[name].notna(), none)
    asked = rows["population"] - rows["population_not_computed"]
    rows["communes_beyond"] = (asked - rows["population_near"] > 0).astype(int)
    rows["communes_not_computed"] = (~(asked > 0)).astype(int)
    listed = places["in_france_services"].eq(True)
    moving = places["itinerant"].eq(True)
    for name, which in (("houses", listed & ~moving), ("buses", listed & moving), ("others", ~listed)):
        rows[name] = rows["insee"].map(places.loc[which, "insee"].value_counts()).fillna(0).astype(int)
    summed = [*counted, "communes_beyond", "communes_not_computed", "houses", "buses", "others"]
    found = rows.groupby(keys, as_index=False, sort=True)[summed].sum()
    found["communes"] = rows.groupby(keys, sort=True).size().to_numpy()
    computed = (found["population"] - found["population_not_computed"]).replace(0.0, float("nan"))
    found["share_near"], found["share_far"] = found["population_near"] / computed, found["population_far"] / computed
    found = found.sort_values(["population", area], ascending=[False, True], kind="stable", ignore_index=True)
    return table_frame(f"{area}_access", found)
