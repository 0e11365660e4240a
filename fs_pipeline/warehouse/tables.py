"""Every stored table: its grain, its columns, and nothing of how it is filled.

Dates are ISO text (``2022-12-01``) and codes are text (``"01"``, ``"01053"``), so that SQLite and PostgreSQL hold and
compare the same values. A *slot* is one (campaign, departement). What the SQL models of ``dbt_like_sql/`` materialise
is declared beside each model, not here.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Float, Integer, MetaData, Table
from sqlalchemy import String as _String
from sqlalchemy.types import TypeEngine

METADATA = MetaData()

# Text compares by code point on both databases, so that order, min and max don't depend on the server's locale.
String = _String().with_variant(_String(collation="C"), "postgresql")

PLACE_COLUMNS: dict[str, TypeEngine[Any] | type[TypeEngine[Any]]] = {
    "local_id": String,  # the id the source itself gives
    "name": String,
    "type": String,  # as written by the source
    "carrier": String,  # who runs it: commune, EPCI, association…
    "siret": String,
    "siren": String,
    "address": String,  # number and street
    "address_extra": String,
    "postcode": String,
    "insee": String,  # current commune code
    "commune": String,  # current commune name
    "latitude": Float,  # degrees, EPSG:4326
    "longitude": Float,
    "phone": String,  # E.164
    "email": String,
    "website": String,
    "opening_hours": String,  # OSM opening_hours
    "week_parity": String,  # "odd", "even" or null
    "itinerant": Boolean,
    "updated_on": String,
    "description": String,
}
PLACE_FIELDS = tuple(PLACE_COLUMNS)

# What the pipeline adds to a place of any source.
PLACE_KIND_COLUMNS: dict[str, TypeEngine[Any] | type[TypeEngine[Any]]] = {
    "service_type": String,  # code of data/place_types.csv: france_services, bureau_de_poste, mairie…
    "operator": String,  # code of data/operators.csv, for an operator's own counter
    "kind": String,  # fixed, antenne, multi_site, itinerant
    "labelled_on": String,  # date of the France services label; never a freshness
}


def _columns(spec: dict[str, TypeEngine[Any] | type[TypeEngine[Any]]]) -> list[Column[Any]]:
    return [Column(name, kind) for name, kind in spec.items()]


def _slot_columns() -> list[Column[str]]:
    return [Column("campaign", String, nullable=False), Column("departement", String, nullable=False)]


campaigns = Table(
    "campaigns",
    METADATA,
    Column("campaign", String, primary_key=True),
    Column("reference_date", String, nullable=False),
    Column("deadline", String),
)

deposits = Table(
    "deposits",
    METADATA,
    Column("deposit_id", String, primary_key=True),  # first 16 characters of sha256(campaign, departement, bytes)
    *_slot_columns(),
    Column("filename", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("path", String, nullable=False),  # inside the file store
    Column("received_at", String, nullable=False),
    Column("retention_until", String, nullable=False),
    Column("verdict", String),  # accepted, warnings, refused
    Column("validator_version", String),
)

snapshots = Table(
    "snapshots",
    METADATA,
    Column("source", String, primary_key=True),
    Column("as_of", String, primary_key=True),  # date the publisher gives it
    Column("sha256", String, primary_key=True),
    Column("path", String, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("fetched_at", String, nullable=False),
)

campaign_sources = Table(  # one row a source and campaign: what was taken, or why nothing was
    "campaign_sources",
    METADATA,
    Column("campaign", String, primary_key=True),
    Column("source", String, primary_key=True),
    Column("title", String, nullable=False),  # French
    Column("publisher", String),
    Column("licence", String),
    Column("as_of", String),  # date of the snapshot taken
    Column("sha256", String),
    Column("path", String),  # inside the file store
    Column("rows", Integer),
    Column("state", String, nullable=False),  # taken, last_good, absent
    Column("message", String),  # French, what an engineer can act on
)

communes = Table(  # one row a current commune (COG vintage in `vintage`)
    "communes",
    METADATA,
    Column("insee", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("departement", String, nullable=False),
    Column("epci", String),
    Column("epci_name", String),
    Column("population", Integer),
    Column("longitude", Float),
    Column("latitude", Float),
    Column("vintage", String, nullable=False),
)

survey_places = Table(  # one row a place and slot, as the prefecture declared it
    "survey_places",
    METADATA,
    *_slot_columns(),
    Column("survey_place_id", String, nullable=False),  # deposit_id:sheet:row
    Column("deposit_id", String, nullable=False),
    Column("sheet", String),
    Column("row", Integer),
    *_columns(PLACE_COLUMNS),
    *_columns(PLACE_KIND_COLUMNS),
)

survey_demarches = Table(  # one row a place x démarche stated by the survey
    "survey_demarches",
    METADATA,
    *_slot_columns(),
    Column("deposit_id", String, nullable=False),
    Column("sheet", String),
    Column("row", Integer),
    Column("survey_place_id", String),  # null where the named place is not in the file
    Column("place", String),  # as written
    Column("demarche", String),  # as written
    Column("demarche_id", String),  # of the catalogue, null where unknown
    Column("level", String),  # information, accompaniment, appointment, orientation, none; null is unknown
    Column("appointment", Boolean),
    Column("opening_hours", String),
)

survey_actors = Table(  # one row an association or actor declared
    "survey_actors",
    METADATA,
    *_slot_columns(),
    Column("deposit_id", String, nullable=False),
    Column("sheet", String),
    Column("row", Integer),
    Column("name", String),
    Column("kind", String),  # code of data/actor_kinds.csv or null
    Column("contact", String),
    Column("phone", String),
    Column("email", String),
    Column("website", String),
    Column("territory", String),
    Column("publics", String),
    Column("outreach_mode", String),  # code of data/outreach_modes.csv or null
    Column("capacity", String),
    Column("commitment", String),
    Column("due_on", String),
    Column("status", String),
)

survey_rounds = Table(  # one row a stop of a round or a permanence
    "survey_rounds",
    METADATA,
    *_slot_columns(),
    Column("deposit_id", String, nullable=False),
    Column("sheet", String),
    Column("row", Integer),
    Column("round", String),  # name of the bus or permanence
    Column("stop", String),
    Column("insee", String),
    Column("commune", String),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("weekday", String),  # Mo … Su
    Column("week_parity", String),
    Column("opening_hours", String),
)

survey_meeting = Table(  # one row a meeting declared
    "survey_meeting",
    METADATA,
    *_slot_columns(),
    Column("deposit_id", String, nullable=False),
    Column("sheet", String),
    Column("row", Integer),
    Column("held_on", String),
    Column("venue", String),
    Column("present", String),
    Column("decisions", String),
    Column("remarks", String),
)

problems = Table(  # one row a problem found in a deposit
    "problems",
    METADATA,
    *_slot_columns(),
    Column("deposit_id", String, nullable=False),
    Column("sheet", String),
    Column("row", Integer),
    Column("cell", String),
    Column("column", String),
    Column("field", String),
    Column("rule", String, nullable=False),
    Column("severity", String, nullable=False),  # error, warning, info
    Column("value", String),
    Column("message", String, nullable=False),
    Column("suggestion", String),
)

national_places = Table(  # one row a place of one national source, as taken for one campaign
    "national_places",
    METADATA,
    *_slot_columns(),
    Column("source", String, nullable=False),
    Column("source_id", String, nullable=False),
    Column("snapshot_date", String, nullable=False),
    *_columns(PLACE_COLUMNS),
    *_columns(PLACE_KIND_COLUMNS),
)

link_pairs = Table(  # one row a compared pair that is a match, to review, or related
    "link_pairs",
    METADATA,
    *_slot_columns(),
    Column("left_source", String, nullable=False),
    Column("left_id", String, nullable=False),
    Column("right_source", String, nullable=False),
    Column("right_id", String, nullable=False),
    Column("score", Float, nullable=False),
    Column("decision", String, nullable=False),  # match, review, related
    Column("reason", String, nullable=False),
)

places = Table(  # one row a golden place
    "places",
    METADATA,
    *_slot_columns(),
    Column("place_id", String, nullable=False),
    *_columns(PLACE_COLUMNS),
    *_columns(PLACE_KIND_COLUMNS),
    Column("in_survey", Boolean, nullable=False),
    Column("in_france_services", Boolean, nullable=False),
    Column("host_place_id", String),  # the place that houses it, or the seat of an antenne
)

place_members = Table(  # one row a source record gathered into a golden place
    "place_members",
    METADATA,
    *_slot_columns(),
    Column("place_id", String, nullable=False),
    Column("source", String, nullable=False),  # "survey" or a national source
    Column("source_id", String, nullable=False),
)

place_values = Table(  # one row a value proposed for a field of a golden place; exactly one wins
    "place_values",
    METADATA,
    *_slot_columns(),
    Column("place_id", String, nullable=False),
    Column("field", String, nullable=False),
    Column("value", String, nullable=False),
    Column("source", String, nullable=False),
    Column("source_id", String, nullable=False),
    Column("source_date", String),
    Column("wins", Boolean, nullable=False),
    Column("why", String, nullable=False),
)

registry = Table(  # one row a source record ever seen: the place_id it was given, for ever
    "registry",
    METADATA,
    Column("source", String, primary_key=True),
    Column("source_key", String, primary_key=True),  # the source's own stable id, else a digest of name and commune
    Column("place_id", String, nullable=False),
    Column("departement", String, nullable=False),
    Column("first_campaign", String, nullable=False),
    Column("last_campaign", String, nullable=False),
)

place_aliases = Table(  # one row a place_id that was merged into another
    "place_aliases",
    METADATA,
    Column("alias", String, primary_key=True),
    Column("place_id", String, nullable=False),
    Column("campaign", String, nullable=False),
    Column("why", String, nullable=False),
)

rulings = Table(  # one row a person's decision about two records
    "rulings",
    METADATA,
    Column("ruling_id", String, primary_key=True),
    Column("departement", String, nullable=False),
    Column("left_source", String, nullable=False),
    Column("left_key", String, nullable=False),
    Column("right_source", String, nullable=False),
    Column("right_key", String, nullable=False),
    Column("decision", String, nullable=False),  # same, different, related
    Column("decided_by", String, nullable=False),
    Column("decided_on", String, nullable=False),
    Column("why", String),
)

access_minutes = Table(  # one row a commune x set of places ("service")
    "access_minutes",
    METADATA,
    *_slot_columns(),
    Column("insee", String, nullable=False),
    Column("service", String, nullable=False),  # label:france_services, confirmed:R123, orientation:R123
    Column("minutes", Float),  # null where not computed or not reached
    Column("minutes_low", Float),  # 20 % faster
    Column("minutes_high", Float),  # 20 % slower
    Column("place_id", String),
    Column("method", String, nullable=False),  # road, estimated, not_computed
    Column("reason", String),  # why not computed, in French
)

slot_status = Table(  # one row a slot x stage: the truth about what stands
    "slot_status",
    METADATA,
    Column("campaign", String, primary_key=True),
    Column("departement", String, primary_key=True),
    Column("stage", String, primary_key=True),
    Column("state", String, nullable=False),  # good, failed, skipped
    Column("message", String),  # French, masked
    Column("fingerprint", String),  # of the last good result
    Column("last_good_at", String),
    Column("updated_at", String, nullable=False),
)

publications = Table(  # one row a version of what was published for a slot (departement "FR": the nation)
    "publications",
    METADATA,
    Column("campaign", String, primary_key=True),
    Column("departement", String, primary_key=True),
    Column("edition", String, primary_key=True),  # internal, partners, public
    Column("fingerprint", String, primary_key=True),  # of inputs and code
    Column("path", String, nullable=False),  # folder inside the file store
    Column("published_at", String, nullable=False),
)
