"""Under which licence a publication may be used again: the strictest of its sources'; none but the public edition has one."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from fs_pipeline.release.about import About


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence by its SPDX name."""

    name: str
    title: str
    path: str


OPEN = Licence("etalab-2.0", "Licence Ouverte 2.0", "https://www.etalab.gouv.fr/licence-ouverte-open-licence/")
SHARED_ALIKE = Licence("ODbL-1.0", "ODbL 1.0", "https://opendatacommons.org/licenses/odbl/1-0/")


def licence_of(about: About, sources: pd.DataFrame) -> Licence | None:
    """The licence of a publication; None where it is for its readers alone, or made up.

    Parameters
    ----------
    sources
        ``brief_sources``. Minutes by the roads of OpenStreetMap are a derived database: the ODbL wants it under itself.
    """
    if about.edition != "public" or about.fictional:
        return None
    named = sources["licence"].dropna().astype(str) if "licence" in sources else pd.Series(dtype=str)
    taken = named[sources.loc[named.index, "state"] != "absent"] if len(named) else named
    return SHARED_ALIKE if taken.str.contains("ODbL").any() else OPEN
