"""What a campaign took of each source, national or of reference, and whether it keeps it: rows of ``campaign_sources``.

Of reference sources one version is in place for all (``reference_sources``): a campaign takes what is there when it first
looks, and its départements are then computed with that and nothing else.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection

from fs_pipeline.campaigns.decisions import Campaign, advance_command
from fs_pipeline.http.reach import is_remote
from fs_pipeline.national.references import digest_of
from fs_pipeline.national.sources import REFERENCES, SOURCES
from fs_pipeline.warehouse.engine import Warehouse

_OF_A_CAMPAIGN = ("decision", "read_as")  # and not of what is in place for all


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken of one source.

    Attributes
    ----------
    path
        Inside the file store; None where the file was given by hand and not copied.
    decision
        Number of the decision by which it was taken in good state; 0 where none was carried out yet.
    read_as
        Of a list, what its rows were read by; None where they may have been read otherwise since.
    """

    source: str
    state: str  # taken, last_good, absent
    as_of: str | None = None
    sha256: str | None = None
    path: str | None = None
    rows: int | None = None
    message: str | None = None
    decision: int = 0
    read_as: str | None = None

    @property
    def is_absent(self) -> bool:
        """Whether nothing of it was taken."""
        return self.state == "absent"


def read_taken(warehouse: Warehouse, campaign: str) -> dict[str, Taken]:
    """Source -> what the campaign took of it, or that it took nothing; without the sources it never asked for."""
    rows = warehouse.read("campaign_sources", {"campaign": campaign}).to_dict("records")
    return {row["source"]: _taken(row) for row in rows}


def kept(campaign: Campaign, taken: Taken | None, *, is_offered: bool = True) -> Taken | None:
    """What a campaign keeps of a source, whatever newer is to be had; None where it takes what there is.

    It takes what it lacks, what it could only take in an older state, and what a later decision means. Closed, it keeps
    everything; a source that is offered no more is kept too.
    """
    if taken is None or taken.is_absent:
        return None
    decision = campaign.governing(taken.source)
    is_due = decision is not None and taken.decision < decision.number
    return None if is_due and is_offered and campaign.closing is None else taken


def record_taken(
    warehouse: Warehouse, campaign: Campaign, taken: Taken, before: Taken | None, decision: int | None = None
) -> None:
    """Write what a campaign took of a source.

    Parameters
    ----------
    before
        What the campaign had of it.
    decision
        Number of the one that was carried out, where it was long ago; else it is the one in force, carried out where the
        state is ``taken``.
    """
    declared = (SOURCES | REFERENCES)[taken.source]
    about = {"title": declared.title_fr, "publisher": declared.publisher, "licence": declared.licence}
    if decision is None:
        governing = campaign.governing(taken.source)
        is_carried_out = governing is not None and taken.state == "taken"
        decision = governing.number if governing and is_carried_out else before.decision if before else 0
    row = {"campaign": campaign.key, **about, **asdict(taken), "decision": decision}
    warehouse.upsert("campaign_sources", pd.DataFrame([row], dtype=object))


def read_in_place(warehouse: Warehouse) -> dict[str, Taken]:
    """Reference source -> what is in place."""
    return {row["source"]: _taken(row) for row in warehouse.read("reference_sources").to_dict("records")}


def record_in_place(warehouse: Warehouse, taken: Sequence[Taken], connection: Connection | None = None) -> None:
    """Say what is in place from now on; in the transaction that puts it there."""
    rows = [{name: value for name, value in asdict(one).items() if name not in _OF_A_CAMPAIGN} for one in taken]
    if rows:
        warehouse.upsert("reference_sources", pd.DataFrame(rows, dtype=object), connection)


def take_references(warehouse: Warehouse, campaign: Campaign) -> None:
    """Have an open campaign take what is in place of each reference source, but for what it keeps."""
    before = read_taken(warehouse, campaign.key)
    for source, found in read_in_place(warehouse).items():
        had = before.get(source)
        if campaign.closing is None and kept(campaign, had, is_offered=not found.is_absent) is None:
            record_taken(warehouse, campaign, found, had)


def not_here(campaign: Campaign, taken: Taken, location: str | None) -> tuple[str, str]:
    """Why a machine cannot work with what the campaign took of a reference source, and what to do about it.

    Parameters
    ----------
    location
        Of the source, as this machine's sources.toml gives it.
    """
    took = f"la campagne {campaign.key} en a pris un fichier (empreinte {str(taken.sha256)[:12]})"
    if location is None:
        what = f"{took}, et le sources.toml de cette machine n’en indique aucun"
    elif is_remote(location):
        what = f"{took} qui n’est plus parmi les instantanés de cette machine"
    elif not Path(location).is_file():
        what = f"{took}, et {Path(location).name} ne se trouve pas sur cette machine"
    else:
        what = f"{took}, et {Path(location).name} n’est pas celui-là (empreinte {digest_of(Path(location))[:12]})"
    to_do = "indiquer ce fichier-là dans sources.toml"
    if is_remote(location or "") or taken.path is not None:
        to_do = "retrouver cet instantané (sauvegarde, FS_FILES_URL), ou indiquer son fichier dans sources.toml"
    if campaign.closing is None:
        to_do += f"\u00a0; pour en prendre un autre\u00a0: {advance_command(campaign.key, source=taken.source)}"
    return what, to_do


def _taken(row: Mapping[Hashable, object]) -> Taken:
    values = {field.name: row.get(field.name) for field in fields(Taken)}
    if values["decision"] is None:  # of before decisions were recorded
        values["decision"] = 1 if values["state"] == "taken" else 0
    return Taken(**values)  # type: ignore[arg-type]
