"""The only door out: what each reader may receive of the tables.

Internal readers (prefecture, ministry) receive all. Partners do not receive what judges a deposit. The public receives
no named mailbox, no mobile number, no person, no remark, and no row whose source forbids it
(``data/source_policies.csv``; a source that is not there is not published).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, get_args

import pandas as pd

from fs_pipeline.data import read_csv
from fs_pipeline.editions.personal import is_mobile, is_service_mailbox, without_personal

Edition = Literal["internal", "partners", "public"]
EDITIONS: tuple[Edition, ...] = get_args(Edition)
EDITION_NAMES: dict[Edition, str] = {"internal": "interne", "partners": "partenaires", "public": "publique"}

# Tables that only judge a deposit or a link.
_NOT_FOR_PARTNERS = ("problems",)
_NOT_FOR_PUBLIC = (*_NOT_FOR_PARTNERS, "link_pairs", "survey_meeting", "place_values", "deposits", "rulings")
_COLUMNS_NOT_FOR_PARTNERS = {
    "survey_meeting": ("remarks",),
    "slot_overview": ("errors", "warnings", "to_review", "discrepancies", "state"),
}
# Columns that hold a person, or free text in which one may stand.
_PERSONAL_COLUMNS = ("contact", "decided_by", "present", "remarks", "description", "survey_value", "national_value")
_DISCREPANCY_COLUMNS_NOT_FOR_PUBLIC = ("action",)
# Our own codes, in which a run of digits is no telephone.
_CODES = frozenset({"place_id", "host_place_id", "demarche_id", "insee", "siret", "siren", "postcode", "sha256", "url"})
_SOURCE_COLUMNS = ("source", "left_source", "right_source")


def apply(tables: Mapping[str, pd.DataFrame], edition: Edition) -> dict[str, pd.DataFrame]:
    """The tables that readers of `edition` may receive: same names and columns, fewer rows and values.

    Raises
    ------
    ValueError
        When `edition` is none of those known.
    """
    if edition not in EDITIONS:
        raise ValueError(f"édition « {edition} » inconnue\u00a0: attendu {', '.join(EDITIONS)}")
    if edition == "internal":
        return dict(tables)
    hidden = _NOT_FOR_PUBLIC if edition == "public" else _NOT_FOR_PARTNERS
    kept = {name: frame.iloc[0:0] if name in hidden else frame for name, frame in tables.items()}
    for name, columns in _COLUMNS_NOT_FOR_PARTNERS.items():
        if name in kept:
            kept[name] = _blank(kept[name], columns)
    if edition == "partners":
        return kept
    kept = _without_forbidden_sources(kept)
    return {name: _public(name, frame) for name, frame in kept.items()}


def publishable_sources() -> frozenset[str]:
    """Sources whose rows the public may receive."""
    return frozenset(row["source"] for row in read_csv("source_policies.csv") if row["public"] == "yes")


def _without_forbidden_sources(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    allowed = publishable_sources()
    kept = dict(tables)
    for name, frame in tables.items():
        if name in {"campaign_sources", "demarches"}:  # who publishes what is no secret
            continue
        for column in _SOURCE_COLUMNS:
            if column in frame:
                known = frame[column].isna() | frame[column].isin(allowed)
                if not known.all():
                    kept[name] = kept[name][known.reindex(kept[name].index)]
    members, places = tables.get("place_members"), tables.get("places")
    if members is not None and places is not None and {"place_id", "source"} <= set(members):
        gone = set(members["place_id"]) - set(members.loc[members["source"].isin(allowed), "place_id"])
        for name, frame in kept.items():
            if gone and "place_id" in frame and (held := frame["place_id"].isin(gone)).any():
                kept[name] = frame[~held]
    return kept


def _public(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    cleaned = _blank(frame, _PERSONAL_COLUMNS)
    if name == "discrepancies":
        cleaned = _blank(cleaned, _DISCREPANCY_COLUMNS_NOT_FOR_PUBLIC)
    if name in {"communes", "demarches", "access_minutes", "coverage", "demarche_shares", "access_shares"}:
        return cleaned
    columns: dict[str, pd.Series] = {}
    for column in map(str, cleaned.columns):
        if column in _CODES:
            continue
        values = cleaned[column]
        if values.dtype != object and not isinstance(values.dtype, pd.StringDtype):
            continue
        if column == "email":
            columns[column] = _service_mailboxes(cleaned)
        elif column == "phone":
            columns[column] = _each(values, lambda phone: None if is_mobile(phone) else phone)
        else:
            columns[column] = _each(values, without_personal)
    changed = {column: values for column, values in columns.items() if values is not cleaned[column]}
    return cleaned.assign(**changed) if changed else cleaned


def _each(values: pd.Series, clean: Callable[[str], str | None]) -> pd.Series:
    """`values` with each text cleaned, every distinct one once; the very same series where nothing changes."""
    texts = {text: clean(text) for text in values.unique() if isinstance(text, str)}
    changed = {text: said for text, said in texts.items() if said != text}
    if not changed:
        return values
    return values.map(lambda value: changed.get(value, value) if isinstance(value, str) else value)


def _service_mailboxes(frame: pd.DataFrame) -> pd.Series:
    context = [frame[name] if name in frame else pd.Series(index=frame.index, dtype=object) for name in _CONTEXT]
    kept = []
    for email, *words in zip(frame["email"], *context, strict=True):
        texts = [without_personal(word) if isinstance(word, str) else None for word in words]
        kept.append(email if isinstance(email, str) and is_service_mailbox(email, *texts) else None)
    if all(one is email for one, email in zip(kept, frame["email"], strict=True)):
        return frame["email"]
    return pd.Series(kept, index=frame.index, dtype=object)


# Not the carrier: it may be a person, whose name would then open their own mailbox.
_CONTEXT = ("name", "commune")


def _blank(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """The same frame with nothing in `columns`, where it has them."""
    present = [column for column in columns if column in frame]
    empty = pd.Series([None] * len(frame), index=frame.index, dtype=object)
    return frame.assign(**dict.fromkeys(present, empty)) if present else frame
