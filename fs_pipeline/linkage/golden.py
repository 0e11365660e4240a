"""Which value of a place survives, and why: by the source's authority or by date, losing values kept.

The label's date is no freshness: it says when a house was labelled, not when its hours were true.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from fs_pipeline.linkage.agreement import agree
from fs_pipeline.national.links import source_links
from fs_pipeline.warehouse.declared import place_columns

FIELDS = place_columns()
VALUE_COLUMNS = (
    "place", "field", "value", "compared", "source", "source_id", "source_date", "wins", "why", "metres", "precision",
)  # fmt: skip
# Fields that make sense together only: they are taken from one record.
_WHERE = ("address", "address_extra", "postcode", "insee", "commune")
_POINT = ("latitude", "longitude")
_CONTACT = ("phone", "email", "website", "opening_hours", "week_parity", "updated_on", "description")
_GROUP = (
    dict.fromkeys(FIELDS, "identity") | dict.fromkeys((*_WHERE, *_POINT), "where") | dict.fromkeys(_CONTACT, "contact")
)
_BY_DATE = frozenset({"where", "contact"})  # whoever saw it last knows; of an identity, whoever gives it
_ALONE, _SAME = "seule valeur connue", "même valeur dans toutes les sources"
_BLOCK = "vient avec l’adresse retenue"


def survivors(records: pd.DataFrame, place: npt.NDArray[np.int64]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The golden values of each place, and every value proposed.

    Parameters
    ----------
    records
        As ``records.gather_records`` gives.
    place
        Number of each record's place; -1 is none.

    Returns
    -------
    places : DataFrame
        One row a place, in the order of its number, ``FIELDS``.
    values : DataFrame
        ``VALUE_COLUMNS``, one row a value that a record proposes; exactly one wins a place and field.
    """
    members = records.assign(place=place)[place >= 0].reset_index(drop=True)
    order = {group: _order(members, group) for group in ("identity", "where", "contact")}
    home = _home(members, order["where"])
    proposed = pd.concat([_proposed(members, field, order[_GROUP[field]], home) for field in FIELDS], ignore_index=True)
    proposed = proposed.sort_values(["place", "field", "turn"], kind="stable").reset_index(drop=True)
    proposed["wins"] = ~proposed.duplicated(["place", "field"])
    proposed["compared"] = _compared(proposed)
    proposed["why"] = _why(proposed)
    winners = proposed[proposed["wins"]]
    golden = winners.pivot(index="place", columns="field", values="value")
    golden = golden.reindex(index=range(int(place.max(initial=-1)) + 1), columns=list(FIELDS))
    places = golden.astype(object).where(golden.notna(), None).reset_index(drop=True)
    for name in _POINT:
        places[name] = places[name].astype("float64")
    shown = proposed.assign(value=[_shown(value) for value in proposed["value"]], metres=np.nan, precision=None)
    return places, shown[list(VALUE_COLUMNS)]


def _order(members: pd.DataFrame, group: str) -> npt.NDArray[np.int64]:
    """Each record's turn to speak about a group of fields: by date where dates decide, then by authority."""
    by_date = group in _BY_DATE
    ranks = {one.source: one.freshness_rank if by_date else one.authority_rank for one in source_links().values()}
    rank = members["source"].map(ranks)
    date = members["source_date"].fillna("").to_numpy(dtype=str)
    _, age = np.unique(date, return_inverse=True)
    first = -age if by_date else np.zeros(len(members), dtype=np.int64)
    known = members[list(FIELDS)].notna().sum(axis=1).to_numpy()
    order = np.lexsort((np.arange(len(members)), -known, -age, rank.to_numpy(dtype=float), first))
    turn = np.empty(len(members), dtype=np.int64)
    turn[order] = np.arange(len(members))
    return turn


def _home(members: pd.DataFrame, turn: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """The record whose address is kept, one a place: the first that knows street and commune, else commune, else any."""
    street, commune = members["address"].isna().to_numpy(), members["insee"].isna().to_numpy()
    order = np.lexsort((turn, street, commune, members["place"].to_numpy()))
    home = np.zeros(len(members), dtype=bool)
    home[order] = ~members["place"].iloc[order].duplicated().to_numpy()
    return home


def _proposed(
    members: pd.DataFrame, field: str, turn: npt.NDArray[np.int64], home: npt.NDArray[np.bool_]
) -> pd.DataFrame:
    """Values of a field with their turn; those of the record whose address is kept come first, and alone if a block."""
    known = members[field].notna().to_numpy()
    found = members.loc[known, ["place", "source", "source_id", "source_date"]].copy()
    found["field"], found["value"] = field, members.loc[known, field].astype(object)
    found["turn"] = np.where(home, -1, turn)[known] if field in (*_WHERE, *_POINT) else turn[known]
    return found


def _compared(proposed: pd.DataFrame) -> list[str]:
    """For each value the first of its place and field that says the same, so that equality is agreement.

    A value joins those that it agrees with, each of them: « le Bourg » does not make one street of two.
    """
    said: dict[tuple[int, str], list[list[str]]] = {}
    found = []
    for place, field, value in zip(proposed["place"], proposed["field"], proposed["value"], strict=True):
        text, known = _shown(value), said.setdefault((place, field), [])
        same = next((group for group in known if all(agree(field, one, text) for one in group)), None)
        if same is None:
            known.append(same := [])
        if text not in same:
            same.append(text)
        found.append(same[0])
    return found


def _why(proposed: pd.DataFrame) -> list[str]:
    """Why a value won or lost, in French."""
    text = proposed["compared"]
    grouped = text.groupby([proposed["place"], proposed["field"]])
    alone = (grouped.transform("size") == 1).to_numpy()
    agree = (grouped.transform("nunique") == 1).to_numpy()
    best = grouped.transform("first").to_numpy()
    top_date = proposed.groupby(["place", "field"])["source_date"].transform("first").to_numpy(dtype=object)
    why = []
    cells = zip(
        proposed["field"], text, best, proposed["wins"], proposed["turn"], proposed["source_date"], top_date, alone, agree,
        strict=True,
    )  # fmt: skip
    for field, own, winner, wins, turn, date, winning_date, single, same in cells:
        if single:
            why.append(_ALONE)
        elif same:
            why.append(_SAME)
        elif own == winner and not wins:
            why.append("même valeur que celle retenue")
        elif turn == -1:
            why.append(_BLOCK if field not in {"address", "insee"} else "adresse la plus sûre et la plus récente")
        elif _GROUP[field] in _BY_DATE:
            newer = (
                "valeur la plus récente" if wins else "moins récente" if date != winning_date else "source moins proche"
            )
            why.append(f"{newer} ({date})" if date else newer)
        else:
            why.append("source de référence pour ce champ" if wins else "la source de référence dit autre chose")
    return why


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool | np.bool_) else str(value)
