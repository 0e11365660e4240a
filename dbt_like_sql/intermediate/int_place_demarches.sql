with statements as (select * from {{ ref('stg_survey_demarches') }}),
place_members as (select * from {{ source('place_members') }}),
help_levels as (select * from {{ source('help_levels') }}),

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
        s.campaign, s.departement, s.place_id, s.demarche_id, h.level, coalesce(h.evidence, 'unknown') as evidence,
        s.statements
    from stated as s
    left join help_levels as h on cast(h.rank as integer) = s.level_rank
)

select * from final
