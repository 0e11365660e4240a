with pairs as (select * from {{ source('link_pairs') }}),
members as (select * from {{ source('place_members') }}),

final as (
    select distinct p.campaign, p.departement, l.place_id, r.place_id as other_place_id
    from pairs as p
    inner join members as l
        on l.campaign = p.campaign and l.departement = p.departement
        and l.source = p.left_source and l.source_id = p.left_id
    inner join members as r
        on r.campaign = p.campaign and r.departement = p.departement
        and r.source = p.right_source and r.source_id = p.right_id
    where p.decision = 'review' and l.place_id <> r.place_id
)

select * from final
