"""Who goes to whom: the stops and the actors that a survey declares, beside the communes whose people live far.

A commune counts as reached where a stop is declared in it, or where an actor's territory names it: nobody knows whom of its
people they reach. Whoever says to cover the whole département is counted apart: it would make every commune reached.
"""

from __future__ import annotations

from collections import Counter

import pandas as pd

from fs_pipeline.access.services import FRANCE_SERVICES
from fs_pipeline.coverage.territories import territory_reader
from fs_pipeline.values.vocabularies import BETWEEN
from fs_pipeline.warehouse.frames import table_frame

UNKNOWN = ""


def outreach(
    communes: pd.DataFrame,
    minutes: pd.DataFrame,
    rounds: pd.DataFrame,
    actors: pd.DataFrame,
    places: pd.DataFrame,
    departement_name: str,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """``outreach`` and ``outreach_counts`` of one slot; no row of either where neither a stop nor an actor is declared.

    Parameters
    ----------
    communes
        insee, name, epci_name, population of the département.
    minutes
        ``int_commune_minutes``: insee, service, population, population_near, population_far, population_not_computed.
    rounds
        ``survey_rounds``: round, insee.
    actors
        ``survey_actors``: territory.
    places
        itinerant: the buses of the lists, whose stops are known only where they are declared.
    """
    if rounds.empty and actors.empty:
        return table_frame("outreach", []), table_frame("outreach_counts", [])
    own = communes[["insee", "name", "population"]].rename(columns={"name": "commune"})
    told = minutes[minutes["service"] == FRANCE_SERVICES.kind].drop_duplicates("insee").set_index("insee")
    counted = told["population"] - told["population_not_computed"]
    rows = own.assign(
        beyond_near=own["insee"].map((counted - told["population_near"]).clip(lower=0.0)).astype(float),
        beyond_far=own["insee"].map((counted - told["population_far"]).clip(lower=0.0)).astype(float),
    )
    uncounted = rows["insee"].map(told["population_not_computed"] >= told["population"]).ne(False)
    rows.loc[uncounted, ["beyond_near", "beyond_far"]] = None
    read = territory_reader(communes, departement_name)
    territories = [read(text) for text in actors["territory"]]
    whole = frozenset(own["insee"])
    named = Counter(insee for one in territories if one is not None and one != whole for insee in one)
    rows["stops"] = rows["insee"].map(rounds["insee"].value_counts()).fillna(0).astype(int)
    rows["actors"] = rows["insee"].map(named).fillna(0).astype(int)
    stop, actor = rows["stops"] > 0, rows["actors"] > 0
    far = rows["beyond_near"].fillna(0.0) > 0
    counts = {
        "stops": len(rounds),
        "stops_elsewhere": int((~rounds["insee"].isin(whole)).sum()),
        "rounds": int(rounds["round"].nunique()),
        "rounds_unnamed": int(rounds["round"].isna().sum()),
        "buses": int((places["itinerant"] == True).sum()),  # noqa: E712
        "communes": len(rows),
        "communes_not_computed": int(rows["beyond_near"].isna().sum()),
        "communes_with_stop": int(stop.sum()),
        "communes_beyond": int(far.sum()),
        "communes_beyond_with_stop": int((far & stop).sum()),
        "communes_beyond_without_stop": int((far & ~stop).sum()),
        "communes_beyond_unreached": int((far & ~stop & ~actor).sum()),
        "beyond": float(rows["beyond_near"].sum()),
        "beyond_with_stop": float(rows.loc[stop, "beyond_near"].sum()),
        "beyond_without_stop": float(rows.loc[~stop, "beyond_near"].sum()),
        "beyond_unreached": float(rows.loc[~stop & ~actor, "beyond_near"].sum()),
        "far_without_stop": float(rows.loc[~stop, "beyond_far"].sum()),
        "actors": len(actors),
        "actors_everywhere": sum(one == whole for one in territories),
        "actors_in_some": sum(one is not None and one != whole for one in territories),
        "actors_not_understood": sum(
            one is None and isinstance(text, str) for one, text in zip(territories, actors["territory"], strict=True)
        ),
        "actors_without_territory": int(actors["territory"].isna().sum()),
    }
    kept = rows[far | stop | actor].sort_values("insee", ignore_index=True)
    return table_frame("outreach", kept), table_frame("outreach_counts", [counts])


def tally(actors: pd.DataFrame, column: str) -> list[tuple[str, int]]:
    """Code of a list (or words as written) to how many actors say it, the most first; `UNKNOWN` for those that say none."""
    said = Counter(
        code for text in actors[column] for code in (text.split(BETWEEN) if isinstance(text, str) else [UNKNOWN])
    )
    return sorted(said.items(), key=lambda one: (one[0] == UNKNOWN, -one[1], one[0]))
