with pairs as (select * from {{ source('link_pairs') }}),
members as (select * from {{ source('place_members') }}),
survey_places as (select * from {{ ref('stg_survey_places') }}),

final as (
    select
        p.campaign, p.departement, l.place_id, h.place_id as host_place_id, min(s.name) as host
    from pairs as p
    inner join members as h
        on h.campaign = p.campaign and h.departement = p.departement
        and h.source = p.left_source and h.source_id = p.left_id
    inner join members as l
        on l.campaign = p.campaign and l.departement = p.departement
        and l.source = p.right_source and l.source_id = p.right_id
    inner join survey_places as s
        on s.campaign = p.campaign and s.departement = p.departement and s.survey_place_id = p.left_id
    where
        p.decision = 'related' and p.left_source = 'survey' and p.right_source = 'france_services'
        and h.place_id <> l.place_id and s.name is not null
    group by p.campaign, p.departement, l.place_id, h.place_id
)

select * from final
