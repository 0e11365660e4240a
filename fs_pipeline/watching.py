"""`fs-pipeline tell`: what is wrong with an installation, told by mail and webhook, by a process apart from its daemon.

A daemon that is dead cannot tell of itself: a timer of the machine runs this every minute, and it ends.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg

from fs_pipeline.campaigns.register import read_campaigns
from fs_pipeline.national.sources import REFERENCES, SOURCES
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings
from fs_pipeline.telling.channels import Channel, Unsent
from fs_pipeline.telling.incidents import (
    Incident,
    daemon_incidents,
    disk_incidents,
    late_incidents,
    slot_incidents,
    source_incidents,
)
from fs_pipeline.telling.messages import TRIAL
from fs_pipeline.telling.told import lasting, tell

_NO_CHANNEL = "fs-pipeline : personne n’est prévenu ; réglez FS_SMTP_URL et FS_MAIL_TO, ou FS_WEBHOOK_URL."


def answer(
    pipeline: Pipeline, instance: dg.DagsterInstance, channels: Sequence[Channel], *, trial: bool, dry: bool
) -> int:
    """Tell what is new, or try the channels, or only print; 0 where all went that had to, else 1."""
    if not channels and not dry:
        print(_NO_CHANNEL, file=sys.stderr)
        return 1
    if trial:
        went = [_tried(channel) for channel in channels]  # each, whatever became of the one before
        return 0 if all(went) else 1
    now = datetime.now(UTC)
    found = incidents(pipeline, instance, now)
    if dry:
        print("\n".join(incident.said for incident in found) or "Rien à signaler.")
        return 0
    unsent = tell(pipeline.warehouse, channels, found, now)
    for line in unsent:
        print(f"fs-pipeline : {line}", file=sys.stderr)
    return 1 if unsent else 0


def incidents(pipeline: Pipeline, instance: dg.DagsterInstance, now: datetime) -> list[Incident]:
    """All that is wrong now."""
    warehouse = pipeline.warehouse
    titles = {key: source.title_fr for key, source in (SOURCES | REFERENCES).items()}
    territory = pipeline.load_territory()
    names = {code: territory.departement_names[code] for code in territory.departement_codes}
    found: list[Incident] = []
    for campaign in read_campaigns(warehouse):
        if not campaign.is_open:
            continue
        key = {"campaign": campaign.key}
        deposits = warehouse.read("deposits", key)
        deadline = warehouse.read("campaigns", key, ["deadline"])["deadline"]
        found += slot_incidents(campaign.key, warehouse.read("slot_status", key), deposits, names, now)
        found += source_incidents(f"campagne {campaign.key}", warehouse.read("campaign_sources", key), titles)
        found += late_incidents(campaign.key, next(iter(deadline), None), deposits, names, now)
    found += source_incidents("référence", warehouse.read("reference_sources"), titles)
    found += disk_incidents(folders_of(pipeline.settings), shutil.disk_usage, lasting(warehouse))
    wanted = set(instance.get_required_daemon_types())  # a part that was switched off has its last word there still
    beats = {kind: beat.timestamp for kind, beat in instance.get_daemon_heartbeats().items() if kind in wanted}
    found += daemon_incidents(beats, now)
    return sorted(set(found))


def folders_of(settings: Settings) -> Iterator[Path]:
    """The local folders of an installation, which may be on several disks."""
    yield settings.home
    for url in (settings.files_url, settings.deposits_url):
        if "://" not in url:
            yield Path(url)
    if settings.backups:
        yield settings.backups


def _tried(channel: Channel) -> bool:
    try:
        channel.send(TRIAL)
    except Unsent as refusal:
        print(f"fs-pipeline : {channel.name} : {refusal}.", file=sys.stderr)
        return False
    print(f"{channel.name} : envoyé.")
    return True
