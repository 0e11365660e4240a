"""The view model: what the PDF, the HTML and the map say, every figure already written in French."""

from __future__ import annotations

from dataclasses import dataclass

from fs_pipeline.briefing.evidence import NOTHING, Evidence
from fs_pipeline.briefing.view_areas import Areas
from fs_pipeline.briefing.view_beside import Beside, Comparison
from fs_pipeline.briefing.view_by_place import ByPlace
from fs_pipeline.briefing.view_charter import Charter
from fs_pipeline.briefing.view_hours import Hours
from fs_pipeline.briefing.view_moves import Moves
from fs_pipeline.briefing.view_outreach import Outreach
from fs_pipeline.briefing.view_session import Session
from fs_pipeline.briefing.view_trust import Trust
from fs_pipeline.editions.edition import Edition


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure: its value as written, what it is, and the line that lets one trust it."""

    key: str
    value: str
    label: str
    trust: str
    computed: bool
    evidence: Evidence = NOTHING
    beside: Beside | None = None
    not_beside: str = ""  # why nothing stands beside it, where that is its own reason


@dataclass(frozen=True, slots=True)
class MapClass:
    """A class of minutes and who lives in it."""

    code: str
    label: str
    detail: str
    share: float  # of the population, for the stacked bar
    evidence: Evidence = NOTHING


@dataclass(frozen=True, slots=True)
class MapRole:
    """A kind of place and how many there are."""

    code: str
    label: str
    count: int
    text: str


@dataclass(frozen=True, slots=True)
class MapText:
    """What the map says in words, beside it."""

    title: str
    lead: str
    alt: str
    classes: tuple[MapClass, ...]
    roles: tuple[MapRole, ...]
    rounds_note: str
    method: str
    not_drawn: str  # how many places, and why
    bar: str  # the sentence under the stacked bar
    changes: tuple[str, ...]  # since the campaign before
    sources: str  # of what is drawn, with their dates, in a line


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One démarche: places by evidence, and the population near it."""

    demarche_id: str
    group: str  # name of the operator
    operator: str  # the same, only on the first row of its group
    demarche: str
    counts: tuple[str, ...]  # in the order of Matrix.verdicts
    stated: int  # places of which the survey says something
    none_declared: bool
    confirmed: float | None  # shares of the population, for the bar
    by_label: float | None
    general: float | None
    confirmed_text: str
    by_label_text: str
    general_text: str
    evidence: Evidence = NOTHING


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict, how many cells carry it, and what it means."""

    code: str
    label: str
    total: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """What is known of each démarche."""

    title: str
    lead: str
    verdicts: tuple[Verdict, ...]
    rows: tuple[MatrixRow, ...]
    chosen: tuple[MatrixRow, ...]  # those that fit one page
    chosen_note: str
    empty: str | None
    trust: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A commune that lives too far."""

    rank: str
    commune: str
    population: str
    minutes: str
    minutes_band: str  # in brackets, at either end of the band of speeds
    bar: float  # 0..1, same scale on all lines
    counts: tuple[str, ...]  # in the order of Gaps.heads
    evidence: Evidence = NOTHING


@dataclass(frozen=True, slots=True)
class Area:
    """Neighbouring communes that live too far, taken together."""

    rank: str
    names: str
    about: str  # its intercommunalité, and who lives there where it is known
    act: str  # the one that would bring most of its people near, and what it would bring
    population: str
    minutes: str
    bar: float  # 0..1, same scale on all lines
    evidence: Evidence = NOTHING


@dataclass(frozen=True, slots=True)
class Gaps:
    """Communes ranked by the inhabitants who live beyond the near threshold."""

    title: str
    lead: str
    areas: tuple[Area, ...]
    areas_trust: str
    rows: tuple[Gap, ...]
    heads: tuple[tuple[str, str], ...]  # sign and name of each of the counts
    not_computed: tuple[tuple[str, str], ...]  # commune, reason
    not_computed_more: str | None
    empty: str | None
    trust: str


@dataclass(frozen=True, slots=True)
class Lever:
    """One act and the inhabitants it would bring within reach, all else equal."""

    rank: str
    act: str
    where: str
    note: str  # where else it would gain nearly as much, and its other form
    gained: str
    hours: str  # a week, that it brings
    unit: str  # inhabitants x hours a week
    bar: float  # 0..1, of that unit, same scale on all lines
    evidence: Evidence = NOTHING


@dataclass(frozen=True, slots=True)
class Levers:
    """Acts ranked by what each would bring."""

    title: str
    lead: str
    rows: tuple[Lever, ...]
    empty: str | None
    left_out: str | None
    trust: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that the survey and a national list give otherwise: both, with their dates, and whom to ask."""

    place: str  # under both names, where the survey has another
    commune: str
    field: str
    survey: str
    listed: str
    ask: str
    evidence: Evidence = NOTHING


@dataclass(frozen=True, slots=True)
class DifferenceGroup:
    """Places of which one same thing is to be said, and done."""

    finding: str
    action: str
    places: tuple[str, ...]
    evidence: Evidence = NOTHING


@dataclass(frozen=True, slots=True)
class Differences:
    """All of them, counted by kind."""

    title: str
    lead: str
    kinds: tuple[tuple[str, str, str], ...]  # label, count, what to do
    closed: tuple[DifferenceGroup, ...]  # what misleads most, before the values
    rows: tuple[Difference, ...]
    rows_action: str  # once for all of them
    groups: tuple[DifferenceGroup, ...]  # who is on one side only
    more: str | None
    empty: str | None
    left_out: str | None
    trust: str


@dataclass(frozen=True, slots=True)
class Source:
    """What the brief rests on, and how old it is."""

    title: str
    publisher: str
    when: str  # its date, and of a survey what its rows say; or why there is none
    age: str  # at the reference date, with its limit
    licence: str
    past: bool  # whether it is older than its limit, which `age` says too
    evidence: Evidence = NOTHING


@dataclass(frozen=True, slots=True)
class Meeting:
    """Who meets, what was said, and what the reader must doubt."""

    title: str
    lead: str
    facts: tuple[tuple[str, str], ...]
    empty_meeting: str | None
    caveats: tuple[tuple[str, str], ...]
    method: tuple[tuple[str, str], ...]
    card: tuple[tuple[str, str], ...]  # how minutes were found, item by item
    sources: tuple[Source, ...]
    empty_sources: str | None
    deposit: str


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything a dossier says."""

    title: str
    departement: str
    departement_name: str
    departement_line: str
    region_name: str
    campaign: str
    campaign_code: str
    reference_date: str
    iso_date: str
    near: int  # minutes, the campaign's thresholds
    far: int
    edition: str
    edition_code: Edition
    fingerprint: str
    fictional: bool
    banner: str | None
    findings: tuple[tuple[str, str], ...]  # the strong words, the rest of the sentence
    findings_evidence: tuple[Evidence, ...]  # of each
    figures: tuple[Figure, ...]
    figures_empty: str | None
    comparison: Comparison
    trust: Trust
    map: MapText
    outreach: Outreach
    matrix: Matrix
    by_place: ByPlace
    gaps: Gaps
    levers: Levers
    hours: Hours
    moves: Moves
    charter: Charter
    arrondissements: Areas
    epcis: Areas
    differences: Differences
    meeting: Meeting
    session: Session
    left_out: str  # the chapters of which there is nothing to say, named once
