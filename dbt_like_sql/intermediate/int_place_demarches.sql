with statements as (select * from {{ ref('stg_survey_demarches') }}),
place_members as (select * from {{ source('place_members') }}),

stated as (
    select
        s.campaign, s.departement, m.place_id, s.demarche_id, min(s.level_rank) as level_rank, count(*) as statements
    from statements as s
    inner join place_members as m
        on m.campaign = s.campaign
        and m.departement = s.departement
        and m.source = 'survey'
        and m.source_id = s.survey_place_id
    group by s.campaign, s.departement, m.place_id, s.demarche_id
),

final as (
    select
        campaign, departement, place_id, demarche_id,
        case level_rank
            when 1 then 'accompaniment'
            when 2 then 'appointment'
            when 3 then 'information'
            when 4 then 'orientation'
            when 5 then 'none'
        end as level,
        case
            when level_rank in (1, 2) then 'confirmed'
            when level_rank in (3, 4) then 'orientation'
            when level_rank = 5 then 'none'
            else 'unknown'
        end as evidence,
        statements
    from stated
)

select * from final
