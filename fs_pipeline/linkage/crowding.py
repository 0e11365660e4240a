"""What a crowded town takes from a pair that only a name and the town join.

« La Poste Nice, le Kiosque » at two streets of Nice may be one place that moved; where Nice has thirty post offices it
hardly is. The first model reads two records alone and cannot know.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from fs_pipeline.linkage.columns import Column
from fs_pipeline.linkage.context import kinds_of_evidence
from fs_pipeline.linkage.preparation import Positions

Values = npt.NDArray[np.float64]
_OTHER, _FAR_M = 0.6, 300.0


def other_addresses(records: pd.DataFrame) -> Values:
    """Of each record of a list, at how many addresses of its commune its family of services stands, but for one; 1 at least."""
    place, address = (
        records.groupby(columns, dropna=False, sort=False).ngroup().to_numpy()
        for columns in (["insee", "family"], ["street", "number"])
    )
    known = (records["insee"].notna() & records["street"].notna()).to_numpy()
    each = pd.DataFrame({"place": place[known], "address": address[known]}).drop_duplicates()
    count = np.bincount(each["place"], minlength=int(place.max(initial=0)) + 1)[place]
    return np.where(known, np.maximum(count - 1.0, 1.0), 1.0)


def doubted(
    score: Values, features: pd.DataFrame, others: Values, phone: Column, pairs: tuple[Positions, Positions]
) -> Values:
    """The probability of each pair of one list, less where nothing but its name and its town joins it.

    Such a pair's odds are divided, once for each thing that contradicts it (street, point, contact), by the number of
    addresses that might as well be meant. A contact, an address to its number or a point is more than a name; so is,
    in one commune, a phone that too many share elsewhere.

    Parameters
    ----------
    others
        As ``other_addresses`` gives.
    phone
        The records' phones.
    """
    column = {name: features[name].to_numpy() for name in ("street", "distance", "commune", "phone", "email", "siret")}
    kinds = kinds_of_evidence(features)
    joined = kinds["contact"] | kinds["address"] | kinds["point"] | (column["siret"] == 1.0)
    joined |= (phone.at(pairs).equal() == 1.0) & (column["commune"] == 1.0)
    contrary = (
        (column["street"] < _OTHER).astype(int)
        + (column["distance"] > _FAR_M)
        + ((column["phone"] == 0.0) | (column["email"] == 0.0))
    )
    meant = np.maximum(others[pairs[0]], others[pairs[1]])
    odds = score / np.maximum(1.0 - score, 1e-12) / np.where(joined, 1.0, meant**contrary)
    return np.asarray(odds / (1.0 + odds))
