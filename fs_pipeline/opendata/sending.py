"""Doing what is planned, a receipt after each thing done, until what stands on the site is what it should be."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace

import pandas as pd

from fs_pipeline.french import NARROW
from fs_pipeline.opendata.plan import (
    UNDER_WAY,
    Plan,
    Receipt,
    Standing,
    Step,
    described,
    payload,
    payload_of,
    plan,
)
from fs_pipeline.opendata.platform import Platform, PlatformProblem, Unanswered
from fs_pipeline.opendata.wanted import Dataset, Resource
from fs_pipeline.warehouse.engine import Warehouse

TABLE = "open_data_receipts"
_ROUNDS = 4  # an answer that was lost is looked for, and what was taken twice is taken away once


class ChangedByHand(PlatformProblem):
    """The site shows what we did not send."""

    def __init__(self, what: Iterable[str]) -> None:
        super().__init__(
            f"changé sur le site depuis notre envoi\u00a0: {f'{NARROW}; '.join(what)}. Rien n’est envoyé. Si c’est à refaire "
            "comme avant, relancez avec --overwrite."
        )


class Gone(PlatformProblem):
    """The dataset of our receipts is no longer there."""

    def __init__(self, identifier: str) -> None:
        super().__init__(
            f"le jeu de données {identifier} n’est plus sur le site. Rien n’est envoyé. Rétablissez-le sur le site, ou "
            "relancez avec --overwrite pour en créer un autre."
        )


@dataclass(frozen=True, slots=True)
class Sent:
    """What was done, and where it is to be seen."""

    steps: tuple[Step, ...]
    page: str


class Receipts:
    """What we sent for one département, in the warehouse."""

    def __init__(self, warehouse: Warehouse, departement: str) -> None:
        self._warehouse = warehouse
        self._departement = departement

    def read(self) -> list[Receipt]:
        """Those that stand."""
        rows = self._warehouse.read(TABLE, {"departement": self._departement})
        rows = rows.astype(object).where(rows.notna(), None)
        names = [field.name for field in fields(Receipt)]
        return [Receipt(**{name: row[name] for name in names}) for row in rows.to_dict("records")]

    def of(self, file: str) -> Receipt | None:
        """That of one file; of the dataset itself where it is empty."""
        return next((one for one in self.read() if one.file == file), None)

    def keep(self, receipt: Receipt) -> None:
        """Put one in the place of that of the same file."""
        self._warehouse.upsert(TABLE, pd.DataFrame([asdict(receipt)]))

    def forget(self, file: str | None = None) -> None:
        """Drop one, or all."""
        key = {"departement": self._departement} | ({} if file is None else {"file": file})
        self._warehouse.replace(TABLE, key, pd.DataFrame())


def look(dataset: Dataset, platform: Platform, receipts: Receipts, *, overwrite: bool) -> tuple[Plan, Standing | None]:
    """What would be sent, and what stands; nothing is written.

    Raises
    ------
    PlatformProblem
        When the site cannot be read, or what stands there is not what we left and `overwrite` was not asked.
    """
    standing = _standing(dataset, platform, receipts, overwrite)
    found = plan(dataset, standing, receipts.read(), platform.account.url.rstrip("/"))
    if found.by_hand and not overwrite:
        raise ChangedByHand(found.by_hand)
    return found, standing


def send(
    dataset: Dataset,
    contents: Mapping[str, bytes],
    platform: Platform,
    receipts: Receipts,
    *,
    overwrite: bool = False,
    progress: Callable[[str], None] = lambda said: None,
) -> Sent:
    """Make the site show `dataset`; run again, it writes nothing.

    While files are replaced the dataset says so; one that is new stays private until it is whole.

    Raises
    ------
    PlatformProblem
        In French; what was done stands in the receipts, and the next call goes on from what stands on the site.
    """
    done: list[Step] = []
    for left in reversed(range(_ROUNDS)):
        found, standing = look(dataset, platform, receipts, overwrite=overwrite)
        if not found.writes:
            assert standing is not None
            return Sent(tuple(done) or found.steps, standing.page)
        try:
            done += _Round(dataset, contents, platform, receipts, standing, progress).play(found)
        except Unanswered:
            if not left:
                raise
    raise PlatformProblem(
        "le site ne montre pas ce qui lui a été envoyé\u00a0: relancez, puis prévenez-le si cela dure."
    )


def _standing(dataset: Dataset, platform: Platform, receipts: Receipts, overwrite: bool) -> Standing | None:
    """The dataset that our receipts name, else the one that says to be ours: a receipt, or an answer, may be lost."""
    kept = receipts.of("")
    if kept is not None:
        standing = platform.dataset(kept.dataset_id)
        if standing is None and not overwrite:
            raise Gone(kept.dataset_id)
        if standing is not None:
            return standing
        receipts.forget()
    ours = platform.datasets_of(dataset.departement)
    return ours[0] if ours else None


class _Round:
    """The steps of one plan."""

    def __init__(
        self,
        dataset: Dataset,
        contents: Mapping[str, bytes],
        platform: Platform,
        receipts: Receipts,
        standing: Standing | None,
        progress: Callable[[str], None],
    ) -> None:
        self._dataset = dataset
        self._contents = contents
        self._platform = platform
        self._receipts = receipts
        self._standing = standing
        self._progress = progress
        self._resources = {one.file: one for one in dataset.resources}

    def play(self, found: Plan) -> list[Step]:
        """Do them in their order; what was done."""
        done = [step for step in found.steps if step.action != "keep"]
        if self._standing is not None and not self._standing.private and any(step.file for step in done):
            self._say(UNDER_WAY)
        for step in done:
            self._progress(step.file)
            match step.action:
                case "create":
                    self._create()
                case "say":
                    self._say("")
                case "remove":
                    self._platform.remove(self._there.id, step.resource_id or "")
                    self._forget(step)
                case "describe":
                    self._describe(self._resources[step.file], step.resource_id or "")
                case _:
                    self._upload(self._resources[step.file], step.resource_id)
        return done

    @property
    def _there(self) -> Standing:
        assert self._standing is not None
        return self._standing

    def _create(self) -> None:
        self._standing = self._platform.create(payload(self._dataset))
        first, *doubles = self._platform.datasets_of(self._dataset.departement) or [self._standing]
        for double in doubles:  # the site took it twice; nobody but us has seen it
            if double.private and not double.resources:
                self._platform.delete(double.id)
        self._standing = first
        self._receipts.keep(self._receipt("", None))

    def _say(self, banner: str) -> None:
        wanted = payload(self._dataset)
        asked = payload(self._dataset, self._there.said.get("extras"))
        asked |= {"description": f"{banner}{wanted['description']}"} | ({} if banner else {"private": False})
        answered = self._platform.say(self._there.id, asked)
        self._standing = replace(answered, resources=self._there.resources)
        self._receipts.keep(replace(self._receipt("", None), described=described(answered.said, wanted)))

    def _upload(self, resource: Resource, identifier: str | None) -> None:
        known = self._receipts.of(resource.file)
        before = replace(
            known if known and known.resource_id == identifier else self._receipt(resource.file, identifier),
            sending=resource.sha1,
        )
        if identifier:
            self._receipts.keep(before)  # should no answer come, what stands then is ours all the same
        content = (resource.name, self._contents[resource.file], resource.media_type)
        there = self._there.id
        sent = (
            self._platform.replace(there, identifier, *content) if identifier else self._platform.add(there, *content)
        )
        self._receipts.keep(replace(self._receipt(resource.file, sent.id), checksum=sent.checksum))
        self._describe(resource, sent.id)

    def _describe(self, resource: Resource, identifier: str) -> None:
        wanted = payload_of(resource, self._dataset, self._there, self._platform.account.url.rstrip("/"))
        answered = self._platform.describe(self._there.id, identifier, wanted)
        others = tuple(one for one in self._there.resources if one.id != identifier)
        self._standing = replace(self._there, resources=(*others, answered))
        self._receipts.keep(
            replace(
                self._receipt(resource.file, identifier),
                checksum=answered.checksum or resource.sha1,
                described=described(answered.said, wanted),
            )
        )

    def _forget(self, step: Step) -> None:
        known = self._receipts.of(step.file)
        if known and known.resource_id == step.resource_id:
            self._receipts.forget(step.file)

    def _receipt(self, file: str, resource: str | None) -> Receipt:
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        return Receipt(
            departement=self._dataset.departement,
            file=file,
            dataset_id=self._there.id,
            resource_id=resource,
            campaign=self._dataset.campaign,
            version=self._dataset.version,
            checksum=None,
            sending=None,
            described=None,
            sent_at=now,
        )
