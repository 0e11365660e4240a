with survey_places as (select * from {{ source('survey_places') }}),

final as (
    select
        campaign, departement, survey_place_id, name, service_type, insee, commune, opening_hours, phone, itinerant, labels,
        general_help
    from survey_places
)

select * from final
