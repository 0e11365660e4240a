with pairs as (select * from {{ source('link_pairs') }}),
members as (select * from {{ source('place_members') }}),

-- Pairs of records as pairs of the places in which they are now.
placed as (
    select
        p.campaign, p.departement, l.place_id, r.place_id as other_place_id,
        p.decision = 'review' as asked,
        p.decision = 'different' or p.decision = 'related' and p.score = 1 as answered
    from pairs as p
    inner join members as l
        on l.campaign = p.campaign and l.departement = p.departement
        and l.source = p.left_source and l.source_id = p.left_id
    inner join members as r
        on r.campaign = p.campaign and r.departement = p.departement
        and r.source = p.right_source and r.source_id = p.right_id
    where l.place_id <> r.place_id
),

-- Whoever said of one list's record that it is another place said it of the place, whichever list asks next.
answered as (
    select campaign, departement, place_id, other_place_id from placed where answered
    union
    select campaign, departement, other_place_id as place_id, place_id as other_place_id from placed where answered
),

final as (
    select distinct p.campaign, p.departement, p.place_id, p.other_place_id
    from placed as p
    left join answered as a
        on a.campaign = p.campaign and a.departement = p.departement
        and a.place_id = p.place_id and a.other_place_id = p.other_place_id
    where p.asked and a.place_id is null
)

select * from final
