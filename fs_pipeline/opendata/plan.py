"""What has to be done so that the site shows what it should: the wanted dataset against the one that stands.

What somebody changed on the site by hand is never written over unasked: it is told, and nothing at all is sent.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from fs_pipeline.opendata.wanted import DEPARTEMENT, FILE, VERSION, Dataset, Resource
from fs_pipeline.release import datapackage

Action = Literal["create", "say", "add", "replace", "describe", "remove", "keep"]
UNDER_WAY = (
    "**Mise à jour en cours\u00a0:** certains fichiers sont encore ceux de la version précédente. "
    "La date et la version de chacun sont dans sa description.\n\n"
)


@dataclass(frozen=True, slots=True)
class StandingResource:
    """One file as the site shows it; `file` is ours, None for what others put there."""

    id: str
    file: str | None
    checksum: str | None  # hexadecimal sha1, where the site says that one
    size: int | None
    said: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Standing:
    """A dataset as the site shows it."""

    id: str
    page: str
    private: bool
    created_at: str
    said: Mapping[str, object]
    resources: tuple[StandingResource, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What we know to have sent, and how the site answered; of the dataset itself where `file` is empty."""

    departement: str
    file: str
    dataset_id: str
    resource_id: str | None
    campaign: str
    version: str
    checksum: str | None  # sha1 that the site answered
    sending: str | None  # sha1 of what was on its way
    described: str | None  # digest of what the site answered of its description
    sent_at: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, and why."""

    action: Action
    file: str = ""
    resource_id: str | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done in its order, and what was changed on the site by hand."""

    steps: tuple[Step, ...]
    by_hand: tuple[str, ...] = ()

    @property
    def writes(self) -> bool:
        """Whether anything would be sent."""
        return any(step.action != "keep" for step in self.steps)


def plan(dataset: Dataset, standing: Standing | None, receipts: Iterable[Receipt], base: str) -> Plan:
    """The steps from what stands on the site to `dataset`.

    Parameters
    ----------
    standing
        None where there is no dataset yet.
    receipts
        Of this département.
    base
        Address of the site, to which the schemas of tables refer.
    """
    if standing is None:
        return Plan((Step("create"), *(Step("add", one.file) for one in dataset.resources), Step("say")))
    known = {receipt.file: receipt for receipt in receipts if receipt.dataset_id == standing.id}
    steps: list[Step] = []
    by_hand: list[str] = []
    taken: set[str] = set()
    for resource in dataset.resources:
        found = _found(resource, standing, known.get(resource.file), taken)
        taken |= {one.id for one in found}
        told = (resource, found, known.get(resource.file), payload_of(resource, dataset, standing, base))
        steps += _steps_of(*told, dataset.version)
        by_hand += _by_hand(*told)
    for other in standing.resources:
        if other.file and other.id not in taken:
            steps.append(Step("remove", other.file, other.id, "n’est plus publié"))
    wanted = payload(dataset)
    receipt, now = known.get(""), _seen(standing.said, wanted)
    if receipt and receipt.described and digest(_without_banner(now)) not in {receipt.described, digest(wanted)}:
        by_hand.append("la fiche du jeu de données\u00a0: titre, description, licence, période ou étiquettes changés")
    if receipt and receipt.described and standing.private:
        by_hand.append("le jeu de données\u00a0: rendu privé")
    changes = any(step.action != "keep" for step in steps)
    if changes or standing.private or not (now == wanted or _is_answer(now, receipt, dataset.version)):
        steps.append(Step("say", why="" if changes else "la fiche a changé"))
    return Plan(tuple(steps), tuple(by_hand))


def payload(dataset: Dataset, others: object = None) -> dict[str, object]:
    """What the site is told of a dataset (API 1 of data.gouv.fr); `others` are the extras that stand there."""
    kept = others if isinstance(others, Mapping) else {}
    return {
        "title": dataset.title,
        "description": f"{dataset.description}\n\nVersion {dataset.version}.",
        "license": dataset.licence,
        "frequency": dataset.frequency,
        "temporal_coverage": {"start": dataset.day, "end": dataset.day},
        "spatial": {"zones": [dataset.zone], "granularity": dataset.granularity},
        "tags": sorted(dataset.tags),
        "extras": {**kept, DEPARTEMENT: dataset.departement, VERSION: dataset.version},
    }


def payload_of(resource: Resource, dataset: Dataset, standing: Standing, base: str) -> dict[str, object]:
    """What the site is told of a resource; the schema of a table is where the Data Package stands."""
    which = f"Campagne {dataset.campaign}, version {dataset.version}."
    which += f" Suit {resource.follows}." if resource.follows else ""
    said: dict[str, object] = {
        "title": resource.title,
        "description": "\n\n".join(filter(None, (resource.about, which))),
        "type": resource.kind,
        "format": resource.format,
        "extras": {FILE: resource.file, VERSION: dataset.version},
    }
    package = next((one.id for one in standing.resources if one.file == datapackage.NAME), None)
    if resource.table is not None and package is not None:
        said["schema"] = {"url": f"{base}/api/1/datasets/r/{package}#/resources/{resource.table}/schema"}
    return said


def digest(said: Mapping[str, object]) -> str:
    """Short digest of a description."""
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def described(said: Mapping[str, object], wanted: Mapping[str, object]) -> str:
    """Digest of what the site says of what we tell it, whether an update is under way or not."""
    return digest(_without_banner(_seen(said, wanted)))


def _found(resource: Resource, standing: Standing, receipt: Receipt | None, taken: set[str]) -> list[StandingResource]:
    """What stands there of a file, the one of the receipt first: the site may have taken it twice."""
    sent = receipt.resource_id if receipt else None
    named = [one for one in standing.resources if one.file == resource.file or one.id == sent]
    alike = [
        one
        for one in standing.resources
        if one.file is None and one.checksum == resource.sha1 and one.id not in taken and one not in named
    ]
    return sorted((*named, *alike), key=lambda one: (one.id != sent, one.file is None))


def _steps_of(
    resource: Resource,
    found: list[StandingResource],
    receipt: Receipt | None,
    wanted: Mapping[str, object],
    version: str,
) -> list[Step]:
    if not found:
        return [Step("add", resource.file, why="retiré du site" if receipt else "")]
    first, *doubles = found
    steps = [Step("remove", resource.file, one.id, "en double sur le site") for one in doubles]
    if first.checksum != resource.sha1:
        return [*steps, Step("replace", resource.file, first.id, "nouveau contenu")]
    now = _seen(first.said, wanted)
    if now != wanted and not _is_answer(now, receipt, version):
        return [*steps, Step("describe", resource.file, first.id, "nouvelle description")]
    return [*steps, Step("keep", resource.file, first.id)]


def _by_hand(
    resource: Resource, found: list[StandingResource], receipt: Receipt | None, wanted: Mapping[str, object]
) -> list[str]:
    """What of a file others changed since we sent it."""
    if receipt is None or receipt.resource_id is None:
        return []
    if not found:
        return [f"{resource.file}\u00a0: retiré du site"]
    one = found[0]
    if one.checksum not in {receipt.checksum, receipt.sending, resource.sha1}:
        return [f"{resource.file}\u00a0: un autre fichier a été mis à sa place"]
    now = _seen(one.said, wanted)
    fresh = one.said.get("title") == resource.name  # as the site names a file that was just sent
    if receipt.described and not fresh and digest(now) != receipt.described and now != wanted:
        return [f"{resource.file}\u00a0: son titre ou sa description ont été changés"]
    return []


def _seen(said: Mapping[str, object], wanted: Mapping[str, object]) -> dict[str, object]:
    """Of what the site says, what we tell it: it adds fields, and keys among ``extras``, of its own."""
    seen = {}
    for name, value in wanted.items():
        there = said.get(name)
        if isinstance(value, Mapping) and isinstance(there, Mapping):
            there = {key: there.get(key) for key in value}
        if name == "temporal_coverage" and isinstance(there, Mapping):
            there = {key: str(day)[:10] for key, day in there.items()}
        if name == "tags" and isinstance(there, list):
            there = sorted(there)
        seen[name] = there
    return seen


def _is_answer(now: Mapping[str, object], receipt: Receipt | None, version: str) -> bool:
    """Whether the site said just this when it was told this version: it may write a thing in its own way."""
    return receipt is not None and receipt.version == version and receipt.described == digest(now)


def _without_banner(said: Mapping[str, object]) -> dict[str, object]:
    text = said.get("description")
    return {**said, "description": text.removeprefix(UNDER_WAY) if isinstance(text, str) else text}
