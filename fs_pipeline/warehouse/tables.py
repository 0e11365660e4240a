"""Every stored table: its grain, its columns, and nothing of how it is filled.

Dates are ISO text (``2022-12-01``) and codes are text (``"01"``, ``"01053"``), so that SQLite and PostgreSQL hold and
compare the same values. A *slot* is one (campaign, departement). What the SQL models of ``dbt_like_sql/`` materialise
is declared beside each model, not here.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Float, Integer, MetaData, String, Table
from sqlalchemy.types import TypeEngine

METADATA = MetaData()

# Text compares by code point on both databases, so that order, min and max don't depend on the server's locale.
TEXT = String().with_variant(String(collation="C"), "postgresql")

PLACE_COLUMNS: dict[str, TypeEngine[Any] | type[TypeEngine[Any]]] = {
    "local_id": TEXT,  # the id the source itself gives
    "name": TEXT,
    "type": TEXT,  # as written by the source
    "carrier": TEXT,  # who runs it: commune, EPCI, association…
    "siret": TEXT,
    "siren": TEXT,
    "address": TEXT,  # number and street
    "address_extra": TEXT,
    "postcode": TEXT,
    "insee": TEXT,  # current commune code
    "commune": TEXT,  # current commune name
    "latitude": Float,  # degrees, EPSG:4326
    "longitude": Float,
    "phone": TEXT,  # E.164
    "email": TEXT,
    "website": TEXT,
    "opening_hours": TEXT,  # OSM opening_hours
    "week_parity": TEXT,  # "odd", "even" or null
    "itinerant": Boolean,
    "updated_on": TEXT,
    "description": TEXT,
}
PLACE_FIELDS = tuple(PLACE_COLUMNS)

# What the pipeline adds to a place of any source.
PLACE_KIND_COLUMNS: dict[str, TypeEngine[Any] | type[TypeEngine[Any]]] = {
    "service_type": TEXT,  # code of data/place_types.csv: france_services, bureau_de_poste, mairie…
    "operator": TEXT,  # code of data/operators.csv, for an operator's own counter
    "kind": TEXT,  # fixed, antenne, multi_site, itinerant
    "labelled_on": TEXT,  # date of the France services label; never a freshness
}


def _columns(spec: dict[str, TypeEngine[Any] | type[TypeEngine[Any]]]) -> list[Column[Any]]:
    return [Column(name, kind) for name, kind in spec.items()]


def _slot_columns() -> list[Column[str]]:
    return [Column("campaign", TEXT, nullable=False), Column("departement", TEXT, nullable=False)]


campaigns = Table(
    "campaigns",
    METADATA,
    Column("campaign", TEXT, primary_key=True),
    Column("reference_date", TEXT, nullable=False),
    Column("deadline", TEXT),
)

deposits = Table(
    "deposits",
    METADATA,
    Column("deposit_id", TEXT, primary_key=True),  # first 16 characters of sha256(campaign, departement, bytes)
    *_slot_columns(),
    Column("filename", TEXT, nullable=False),
    Column("sha256", TEXT, nullable=False),
    Column("path", TEXT, nullable=False),  # inside the file store
    Column("received_at", TEXT, nullable=False),
    Column("retention_until", TEXT, nullable=False),
    Column("verdict", TEXT),  # accepted, warnings, refused
    Column("validator_version", TEXT),
)

snapshots = Table(
    "snapshots",
    METADATA,
    Column("source", TEXT, primary_key=True),
    Column("as_of", TEXT, primary_key=True),  # date the publisher gives it
    Column("sha256", TEXT, primary_key=True),
    Column("path", TEXT, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("fetched_at", TEXT, nullable=False),
)

campaign_sources = Table(  # one row a source and campaign: what was taken, or why nothing was
    "campaign_sources",
    METADATA,
    Column("campaign", TEXT, primary_key=True),
    Column("source", TEXT, primary_key=True),
    Column("title", TEXT, nullable=False),  # French
    Column("publisher", TEXT),
    Column("licence", TEXT),
    Column("as_of", TEXT),  # date of the snapshot taken
    Column("sha256", TEXT),
    Column("path", TEXT),  # inside the file store
    Column("rows", Integer),
    Column("state", TEXT, nullable=False),  # taken, last_good, absent
    Column("message", TEXT),  # French, what an engineer can act on
    Column("decision", Integer),  # number of the campaign's decision by which it was taken
)

campaign_decisions = Table(  # one row a campaign and decision on what it takes, none ever changed
    "campaign_decisions",
    METADATA,
    Column("campaign", TEXT, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", TEXT, nullable=False),  # open, advance, close
    Column("decided_at", TEXT, nullable=False),
    Column("decided_by", TEXT, nullable=False),
    Column("reference_date", TEXT, nullable=False),  # of the campaign from then on
    Column("sources", TEXT),  # keys of those it means, separated by commas; null: all
    Column("reason", TEXT),
)

reference_sources = Table(  # one row a reference source: what is in place
    "reference_sources",
    METADATA,
    Column("source", TEXT, primary_key=True),
    Column("state", TEXT, nullable=False),  # taken, last_good, absent
    Column("as_of", TEXT),
    Column("sha256", TEXT),
    Column("path", TEXT),  # inside the file store; null where the file was given by hand
    Column("rows", Integer),
    Column("message", TEXT),  # French
)

communes = Table(  # one row a current commune (COG vintage in `vintage`)
    "communes",
    METADATA,
    Column("insee", TEXT, primary_key=True),
    Column("name", TEXT, nullable=False),
    Column("departement", TEXT, nullable=False),
    Column("epci", TEXT),
    Column("epci_name", TEXT),
    Column("population", Integer),
    Column("longitude", Float),
    Column("latitude", Float),
    Column("vintage", TEXT, nullable=False),
)

commune_need = Table(  # one row a current commune of which a source of need says something
    "commune_need",
    METADATA,
    Column("insee", String, primary_key=True),
    Column("squares_population", Float),
    Column("households", Float),
    Column("poor_households", Float),
    Column("under_18", Float),
    Column("aged_65", Float),
    Column("aged_80", Float),
    Column("quarters", Float),  # priority quarters that stand on it
    Column("quarters_population", Float),
    Column("fragility_index", Float),  # the higher, the more fragile, as published
)

survey_places = Table(  # one row a place and slot, as the prefecture declared it
    "survey_places",
    METADATA,
    *_slot_columns(),
    Column("survey_place_id", TEXT, nullable=False),  # deposit_id:sheet:row
    Column("deposit_id", TEXT, nullable=False),
    Column("sheet", TEXT),
    Column("row", Integer),
    *_columns(PLACE_COLUMNS),
    *_columns(PLACE_KIND_COLUMNS),
    Column("labels", TEXT),  # codes of data/place_labels.csv joined by |
    Column("publics", TEXT),  # codes of data/publics.csv joined by |
    Column("point_precision", TEXT),  # housenumber, street, locality; null where the survey gave the point itself
)

survey_demarches = Table(  # one row a place x démarche stated by the survey
    "survey_demarches",
    METADATA,
    *_slot_columns(),
    Column("deposit_id", TEXT, nullable=False),
    Column("sheet", TEXT),
    Column("row", Integer),
    Column("survey_place_id", TEXT),  # null where the named place is not in the file
    Column("place", TEXT),  # as written
    Column("demarche", TEXT),  # as written
    Column("demarche_id", TEXT),  # of the catalogue, null where unknown
    Column("level", TEXT),  # information, accompaniment, appointment, orientation, none; null is unknown
    Column("appointment", Boolean),
    Column("opening_hours", TEXT),
)

survey_actors = Table(  # one row an association or actor declared
    "survey_actors",
    METADATA,
    *_slot_columns(),
    Column("deposit_id", TEXT, nullable=False),
    Column("sheet", TEXT),
    Column("row", Integer),
    Column("name", TEXT),
    Column("kind", TEXT),  # code of data/actor_kinds.csv, else as written
    Column("contact", TEXT),
    Column("phone", TEXT),
    Column("email", TEXT),
    Column("website", TEXT),
    Column("territory", TEXT),
    Column("publics", TEXT),  # codes of data/publics.csv joined by |, what the list lacks as written
    Column("outreach_mode", TEXT),  # codes of data/outreach_modes.csv joined by |, what the list lacks as written
    Column("capacity", TEXT),
    Column("commitment", TEXT),
    Column("due_on", TEXT),
    Column("status", TEXT),
)

survey_rounds = Table(  # one row a stop of a round or a permanence
    "survey_rounds",
    METADATA,
    *_slot_columns(),
    Column("deposit_id", TEXT, nullable=False),
    Column("sheet", TEXT),
    Column("row", Integer),
    Column("round", TEXT),  # name of the bus or permanence
    Column("stop", TEXT),
    Column("insee", TEXT),
    Column("commune", TEXT),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("weekday", TEXT),  # Mo … Su
    Column("week_parity", TEXT),
    Column("opening_hours", TEXT),
)

survey_meeting = Table(  # one row a meeting declared
    "survey_meeting",
    METADATA,
    *_slot_columns(),
    Column("deposit_id", TEXT, nullable=False),
    Column("sheet", TEXT),
    Column("row", Integer),
    Column("held_on", TEXT),
    Column("venue", TEXT),
    Column("present", TEXT),
    Column("decisions", TEXT),
    Column("remarks", TEXT),
)

problems = Table(  # one row a problem found in a deposit
    "problems",
    METADATA,
    *_slot_columns(),
    Column("deposit_id", TEXT, nullable=False),
    Column("sheet", TEXT),
    Column("row", Integer),
    Column("cell", TEXT),
    Column("column", TEXT),
    Column("field", TEXT),
    Column("rule", TEXT, nullable=False),
    Column("severity", TEXT, nullable=False),  # error, warning, info
    Column("value", TEXT),
    Column("message", TEXT, nullable=False),
    Column("suggestion", TEXT),
)

national_places = Table(  # one row a place of one national source, as taken for one campaign
    "national_places",
    METADATA,
    *_slot_columns(),
    Column("source", TEXT, nullable=False),
    Column("source_id", TEXT, nullable=False),
    Column("snapshot_date", TEXT, nullable=False),
    *_columns(PLACE_COLUMNS),
    *_columns(PLACE_KIND_COLUMNS),
)

link_pairs = Table(  # one row a compared pair that is a match, to review, or related
    "link_pairs",
    METADATA,
    *_slot_columns(),
    Column("left_source", TEXT, nullable=False),
    Column("left_id", TEXT, nullable=False),
    Column("right_source", TEXT, nullable=False),
    Column("right_id", TEXT, nullable=False),
    Column("score", Float, nullable=False),
    Column("decision", TEXT, nullable=False),  # match, review, related; of people: different, contradiction
    Column("reason", TEXT, nullable=False),
)

places = Table(  # one row a golden place
    "places",
    METADATA,
    *_slot_columns(),
    Column("place_id", TEXT, nullable=False),
    *_columns(PLACE_COLUMNS),
    *_columns(PLACE_KIND_COLUMNS),
    Column("in_survey", Boolean, nullable=False),
    Column("in_france_services", Boolean, nullable=False),
    Column("host_place_id", TEXT),  # the place that houses it, or the seat of an antenne
)

place_members = Table(  # one row a source record gathered into a golden place
    "place_members",
    METADATA,
    *_slot_columns(),
    Column("place_id", TEXT, nullable=False),
    Column("source", TEXT, nullable=False),  # "survey" or a national source
    Column("source_id", TEXT, nullable=False),
)

place_values = Table(  # one row a value proposed for a field of a golden place; exactly one wins
    "place_values",
    METADATA,
    *_slot_columns(),
    Column("place_id", TEXT, nullable=False),
    Column("field", TEXT, nullable=False),
    Column("value", TEXT, nullable=False),
    Column("compared", TEXT, nullable=False),  # equal where two values differ by case, accents, abbreviations only
    Column("source", TEXT, nullable=False),
    Column("source_id", TEXT, nullable=False),
    Column("source_date", TEXT),
    Column("wins", Boolean, nullable=False),
    Column("why", TEXT, nullable=False),
)

place_changes = Table(  # one row a thing that changed in a place since the campaign before
    "place_changes",
    METADATA,
    *_slot_columns(),
    Column("since", TEXT, nullable=False),  # the campaign compared with
    Column("place_id", TEXT, nullable=False),
    Column("name", TEXT),
    Column("insee", TEXT),
    Column("commune", TEXT),
    Column("service_type", TEXT),
    # opened, closed, moved, renamed, hours_lost, hours_gained, demarche_lost, demarche_gained
    Column("change", TEXT, nullable=False),
    Column("before", TEXT),
    Column("after", TEXT),
    Column("metres", Float),  # moved
    Column("hours", Float),  # a week, lost or gained
    Column("demarche_id", TEXT),
    Column("message", TEXT, nullable=False),  # French
)

registry = Table(  # one row a source record ever seen: the place_id it was given, for ever
    "registry",
    METADATA,
    Column("departement", TEXT, primary_key=True),
    Column("source", TEXT, primary_key=True),
    Column("source_key", TEXT, primary_key=True),  # the source's own stable id, else a digest of name and commune
    Column("place_id", TEXT, nullable=False),
    Column("first_campaign", TEXT, nullable=False),
    Column("last_campaign", TEXT, nullable=False),
)

place_aliases = Table(  # one row a place_id merged into another, or from which another was split
    "place_aliases",
    METADATA,
    Column("alias", TEXT, primary_key=True),
    Column("place_id", TEXT, primary_key=True),
    Column("campaign", TEXT, nullable=False),
    Column("why", TEXT, nullable=False),  # merge: the alias is dead; split: it lives on
)

rulings = Table(  # one row a person's decision about two records
    "rulings",
    METADATA,
    Column("ruling_id", TEXT, primary_key=True),
    Column("departement", TEXT, nullable=False),
    Column("left_source", TEXT, nullable=False),
    Column("left_key", TEXT, nullable=False),
    Column("right_source", TEXT, nullable=False),
    Column("right_key", TEXT, nullable=False),
    Column("decision", TEXT, nullable=False),  # same, different, related
    Column("decided_by", TEXT, nullable=False),
    Column("decided_on", TEXT, nullable=False),
    Column("why", TEXT),
    Column("left_record", TEXT),  # JSON: both sides as they stood, to find them again and to learn from
    Column("right_record", TEXT),
)

releases = Table(  # one row a name or a street that the prefecture lets the public read
    "releases",
    METADATA,
    Column("departement", TEXT, primary_key=True),
    Column("insee", TEXT, primary_key=True),
    Column("field", TEXT, primary_key=True),  # name, address, address_extra, carrier
    Column("value", TEXT, primary_key=True),
    Column("decided_by", TEXT, nullable=False),
    Column("decided_on", TEXT, nullable=False),
)

access_minutes = Table(  # one row a commune x set of places ("service")
    "access_minutes",
    METADATA,
    *_slot_columns(),
    Column("insee", TEXT, nullable=False),
    Column("service", TEXT, nullable=False),  # label:france_services, confirmed:R123, orientation:R123
    Column("minutes", Float),  # null where not computed or not reached
    Column("minutes_low", Float),  # 20 % faster
    Column("minutes_high", Float),  # 20 % slower
    Column("place_id", TEXT),
    Column("method", TEXT, nullable=False),  # road, estimated, not_computed
    Column("reason", TEXT),  # why not computed, in French
)

coverage_by_hour = Table(  # one row a group of services x threshold x period x week x weekday x hour
    "coverage_by_hour",
    METADATA,
    *_slot_columns(),
    Column("service", String, nullable=False),  # label:france_services, operator:cnaf, confirmed:R123
    Column("threshold", Integer, nullable=False),  # minutes
    Column("period", String, nullable=False),  # usual, school_holidays, public_holiday
    Column("week_parity", String, nullable=False),  # every, odd, even
    Column("weekday", String, nullable=False),  # Mo … Su, PH
    Column("hour", Integer, nullable=False),  # 14: at 14:00
    Column("share", Float, nullable=False),  # near a fixed place that is open
    Column("share_with_buses", Float, nullable=False),
    Column("share_without_appointment", Float, nullable=False),
    Column("share_unknown", Float, nullable=False),  # near no open place, but near one whose hours are unknown
    Column("population", Float, nullable=False),  # the shares' base
    Column("places", Integer, nullable=False),
    Column("buses", Integer, nullable=False),
    Column("without_hours", Integer, nullable=False),
    Column("method", String, nullable=False),  # road, estimated
)

commune_weeks = Table(  # one row a commune x week: what it has within 20 minutes, hour by hour
    "commune_weeks",
    METADATA,
    *_slot_columns(),
    Column("insee", String, nullable=False),
    Column("week_parity", String, nullable=False),  # every, odd, even
    Column("week", String, nullable=False),  # a letter an hour, Monday 8 h to Sunday 19 h: o, b, ?, . or x
)

gap_areas = Table(  # one row a service x threshold x group of neighbouring communes too far
    "gap_areas",
    METADATA,
    *_slot_columns(),
    Column("gap_id", String, nullable=False),  # service|threshold|its most inhabited commune
    Column("service", String, nullable=False),
    Column("threshold", Integer, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("communes", Integer, nullable=False),
    Column("insees", String, nullable=False),  # the most inhabited first
    Column("names", String, nullable=False),
    Column("epci_name", String),  # a gap stays inside of one EPCI
    Column("population", Float, nullable=False),
    Column("poor_households", Float),  # null where no source of need says
    Column("aged_65", Float),
    Column("minutes_mean", Float),
    Column("minutes_worst", Float),
    Column("unreached", Float, nullable=False),  # inhabitants who reach no place at all
    Column("method", String, nullable=False),
)

levers = Table(  # one row a move that would bring people within the threshold
    "levers",
    METADATA,
    *_slot_columns(),
    Column("scope", String, nullable=False),  # departement (chosen together), or the gap_id it helps
    Column("move", String, nullable=False),  # new_place, bus_stop, open_demarche, longer_hours
    Column("service", String, nullable=False),
    Column("threshold", Integer, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("insee", String, nullable=False),
    Column("place_id", String),  # null where it would be a new one
    Column("window", String),  # when to open longer: lunch, evening, saturday_morning, Mo_morning…
    Column("inhabitants_gained", Float, nullable=False),  # beside the moves ranked before it
    Column("inhabitants_gained_alone", Float, nullable=False),
    Column("inhabitants_gained_together", Float, nullable=False),  # with the moves ranked before it
    Column("guarantee", Float, nullable=False),  # share of the best that as many moves could bring, proven
)

access_method = Table(  # one row an item of the method card
    "access_method",
    METADATA,
    *_slot_columns(),
    Column("position", Integer, nullable=False),
    Column("key", String, nullable=False),
    Column("label_fr", String, nullable=False),
    Column("value_fr", String, nullable=False),
)

access_changes = Table(  # one row a labelled service x threshold that the campaign before also computed
    "access_changes",
    METADATA,
    *_slot_columns(),
    Column("service", String, nullable=False),
    Column("threshold", Integer, nullable=False),
    Column("share", Float, nullable=False),
    Column("previous_campaign", String, nullable=False),
    Column("previous_share", Float, nullable=False),
    Column("change", Float, nullable=False),  # of the share: 0.05 is five points more
)

slot_status = Table(  # one row a slot x stage: the truth about what stands
    "slot_status",
    METADATA,
    Column("campaign", TEXT, primary_key=True),
    Column("departement", TEXT, primary_key=True),
    Column("stage", TEXT, primary_key=True),
    Column("state", TEXT, nullable=False),  # good, incomplete (a file lacks), failed, skipped
    Column("turn", Integer),  # whose survey it comes from; null where it comes from lists alone
    Column("message", TEXT),  # French, masked
    Column("fingerprint", TEXT),  # of the last good result
    Column("last_good_at", TEXT),
    Column("updated_at", TEXT, nullable=False),
)

slot_turns = Table(  # one row a slot x run that read its deposits: who came after whom
    "slot_turns",
    METADATA,
    Column("campaign", TEXT, primary_key=True),
    Column("departement", TEXT, primary_key=True),
    Column("run_id", TEXT, primary_key=True),
    Column("turn", Integer, nullable=False),
    Column("taken_at", TEXT, nullable=False),
    Column("stood_at", TEXT),  # when its survey was written; null while it reads, and for ever where it was refused
    Column("gave_way_at", TEXT),  # when it left the slot to a later turn
)

publications = Table(  # one row a version of what was published for a slot (departement "FR": the nation)
    "publications",
    METADATA,
    Column("campaign", TEXT, primary_key=True),
    Column("departement", TEXT, primary_key=True),
    Column("edition", TEXT, primary_key=True),  # internal, partners, public
    Column("fingerprint", TEXT, primary_key=True),  # of inputs and code
    Column("path", TEXT, nullable=False),  # folder inside the file store
    Column("published_at", TEXT, nullable=False),
)
