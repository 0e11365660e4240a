with survey_places as (select * from {{ ref('stg_survey_places') }}),
place_members as (select * from {{ source('place_members') }}),
general_help as (select * from {{ source('general_help') }}),

final as (
    select distinct m.campaign, m.departement, m.place_id
    from survey_places as s
    inner join general_help as h on h.code = s.general_help and h.gives = 'x'
    inner join place_members as m
        on m.campaign = s.campaign
        and m.departement = s.departement
        and m.source = 'survey'
        and m.source_id = s.survey_place_id
)

select * from final
