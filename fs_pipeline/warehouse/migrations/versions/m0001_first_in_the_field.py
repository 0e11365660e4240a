"""The tables as commit af538dc had them, the first state in the field."""

from fs_pipeline.warehouse.migrations import create_table

revision = "0001"
down_revision = None

_PLACE = (
    "local_id name type carrier siret siren address address_extra postcode insee commune latitude:float "
    "longitude:float phone email website opening_hours week_parity itinerant:boolean updated_on description "
    "service_type operator kind labelled_on "
)
_TABLES = {
    "campaigns": "campaign* reference_date! deadline",
    "deposits": (
        "deposit_id* campaign! departement! filename! sha256! path! received_at! retention_until! verdict "
        "validator_version"
    ),
    "snapshots": "source* as_of* sha256* path! rows!:integer fetched_at!",
    "campaign_sources": "campaign* source* title! publisher licence as_of sha256 path rows:integer state! message",
    "communes": "insee* name! departement! epci epci_name population:integer longitude:float latitude:float vintage!",
    "commune_need": (
        "insee*:local squares_population:float households:float poor_households:float under_18:float "
        "aged_65:float aged_80:float quarters:float quarters_population:float fragility_index:float"
    ),
    "survey_places": (
        f"campaign! departement! survey_place_id! deposit_id! sheet row:integer {_PLACE} labels publics point_precision"
    ),
    "survey_demarches": (
        "campaign! departement! deposit_id! sheet row:integer survey_place_id place demarche demarche_id "
        "level appointment:boolean opening_hours"
    ),
    "survey_actors": (
        "campaign! departement! deposit_id! sheet row:integer name kind contact phone email website territory "
        "publics outreach_mode capacity commitment due_on status"
    ),
    "survey_rounds": (
        "campaign! departement! deposit_id! sheet row:integer round stop insee commune latitude:float "
        "longitude:float weekday week_parity opening_hours"
    ),
    "survey_meeting": "campaign! departement! deposit_id! sheet row:integer held_on venue present decisions remarks",
    "problems": (
        "campaign! departement! deposit_id! sheet row:integer cell column field rule! severity! value "
        "message! suggestion"
    ),
    "national_places": f"campaign! departement! source! source_id! snapshot_date! {_PLACE}",
    "link_pairs": "campaign! departement! left_source! left_id! right_source! right_id! score!:float decision! reason!",
    "places": (
        f"campaign! departement! place_id! {_PLACE} in_survey!:boolean in_france_services!:boolean host_place_id"
    ),
    "place_members": "campaign! departement! place_id! source! source_id!",
    "place_values": (
        "campaign! departement! place_id! field! value! compared! source! source_id! source_date wins!:boolean why!"
    ),
    "place_changes": (
        "campaign! departement! since! place_id! name insee commune service_type change! before after "
        "metres:float hours:float demarche_id message!"
    ),
    "registry": "departement* source* source_key* place_id! first_campaign! last_campaign!",
    "place_aliases": "alias* place_id* campaign! why!",
    "rulings": (
        "ruling_id* departement! left_source! left_key! right_source! right_key! decision! decided_by! "
        "decided_on! why left_record right_record"
    ),
    "access_minutes": (
        "campaign! departement! insee! service! minutes:float minutes_low:float minutes_high:float place_id "
        "method! reason"
    ),
    "coverage_by_hour": (
        "campaign! departement! service!:local threshold!:integer period!:local week_parity!:local "
        "weekday!:local hour!:integer share!:float share_with_buses!:float share_without_appointment!:float "
        "share_unknown!:float population!:float places!:integer buses!:integer without_hours!:integer "
        "method!:local"
    ),
    "commune_weeks": "campaign! departement! insee!:local week_parity!:local week!:local",
    "gap_areas": (
        "campaign! departement! gap_id!:local service!:local threshold!:integer rank!:integer "
        "communes!:integer insees!:local names!:local epci_name:local population!:float poor_households:float "
        "aged_65:float minutes_mean:float minutes_worst:float unreached!:float method!:local"
    ),
    "levers": (
        "campaign! departement! scope!:local move!:local service!:local threshold!:integer rank!:integer "
        "insee!:local place_id:local window:local inhabitants_gained!:float inhabitants_gained_alone!:float "
        "inhabitants_gained_together!:float guarantee!:float"
    ),
    "access_method": "campaign! departement! position!:integer key!:local label_fr!:local value_fr!:local",
    "access_changes": (
        "campaign! departement! service!:local threshold!:integer share!:float previous_campaign!:local "
        "previous_share!:float change!:float"
    ),
    "slot_status": "campaign* departement* stage* state! message fingerprint last_good_at updated_at!",
    "publications": "campaign* departement* edition* fingerprint* path! published_at!",
}


def upgrade() -> None:
    """Create what is not there: of a database of that time, nothing."""
    for name, words in _TABLES.items():
        create_table(name, words)
