"""Runs of one campaign: what one of them takes, and how it is executed in the process that asks for it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import dagster as dg

from fs_pipeline.definitions import build_defs
from fs_pipeline.instance import local_instance
from fs_pipeline.interruption import given_back
from fs_pipeline.jobs import SLOTS, keys_of_parts
from fs_pipeline.partitions import GOES_ON, Slot, contiguous_ranges, range_tags
from fs_pipeline.report import RunReport
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings


@dataclass(frozen=True, slots=True)
class Chunk:
    """Neighbours in the list that one run takes.

    Attributes
    ----------
    part
        Which of ``partitions.PARTS`` it makes of them; all where None.
    goes_on
        The run that made the part before, whose turns it works on.
    """

    first: Slot
    last: Slot
    part: str | None = None
    goes_on: str | None = None

    def departements(self, codes: Sequence[str]) -> Sequence[str]:
        """Its own, of all `codes` in their order."""
        return codes[codes.index(self.first.departement) : codes.index(self.last.departement) + 1]

    @property
    def named(self) -> str:
        """Its départements, as a person reads them."""
        codes = [self.first.departement, self.last.departement]
        return "–".join(dict.fromkeys(codes))


def cut(campaign: str, all_departements: Sequence[str], wanted: Iterable[str], size: int | None = None) -> list[Chunk]:
    """Chunks of neighbours in the list, of `size` départements at most."""
    codes, chunks = list(all_departements), []
    for first, last in contiguous_ranges(codes, wanted):
        inside = codes[codes.index(first) : codes.index(last) + 1]
        for at in range(0, len(inside), size or len(inside)):
            group = inside[at : at + (size or len(inside))]
            chunks.append(Chunk(Slot(campaign, group[0]), Slot(campaign, group[-1])))
    return chunks


class Runner:
    """Executes runs in this process, over one instance, and has a report take in what they say."""

    def __init__(
        self,
        pipeline: Pipeline,
        instance: dg.DagsterInstance,
        campaign: str,
        loggers: Mapping[str, dg.LoggerDefinition],
    ) -> None:
        self._home, self._instance = pipeline.settings.home, instance
        self._definitions = build_defs(pipeline, loggers=loggers)
        assets = [one for one in self._definitions.assets or () if isinstance(one, dg.AssetsDefinition)]
        self._parts = keys_of_parts(assets)
        instance.add_dynamic_partitions("campaign", [campaign])

    def execute(
        self,
        report: RunReport,
        job: str,
        partition_key: str | None = None,
        tags: Mapping[str, str] | None = None,
        part: str | None = None,
    ) -> None:
        """One run of a job, or of the assets of one part alone."""
        with given_back():
            result = self._definitions.resolve_job_def(job).execute_in_process(
                instance=self._instance,
                partition_key=partition_key,
                tags=tags,
                asset_selection=list(self._parts[part]) if part else None,
                run_config={"loggers": {"console": {"config": {}}}},  # without it Dagster's own debug log is printed
                raise_on_error=False,
            )
        report.add(job, result, self._home)

    def take(self, report: RunReport, chunk: Chunk) -> None:
        """One run of a chunk."""
        tags = {GOES_ON: chunk.goes_on} if chunk.goes_on else {}
        if chunk.first == chunk.last:
            self.execute(report, SLOTS, chunk.first.key, tags, chunk.part)
        else:
            self.execute(report, SLOTS, None, tags | range_tags(chunk.first, chunk.last), chunk.part)


def instance_for(settings: Settings) -> dg.DagsterInstance:
    """The installation's own storage where FS_HOME names one, else none that stays.

    What a run writes is the same. Dagster's log of it, thousands of events in a national run, costs five times less in
    memory than on disk, and nobody opens the log of a folder of results.
    """
    return local_instance(settings.home / "dagster") if "FS_HOME" in os.environ else dg.DagsterInstance.ephemeral()
