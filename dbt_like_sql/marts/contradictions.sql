-- What no brief may say, whatever its figures: each row stops its département.
with minutes as (select * from {{ ref('int_commune_minutes') }}),
levers as (select * from {{ source('levers') }}),
national_places as (select * from {{ source('national_places') }}),
members as (select * from {{ source('place_members') }}),
services as (select * from {{ ref('int_place_services') }}),
waiting as (select * from {{ ref('int_pairs_waiting') }}),
unplaced as (select * from {{ ref('unplaced_rows') }}),
discrepancies as (select * from {{ ref('discrepancies') }}),
slots as (select * from {{ ref('int_slots') }}),

standing as (select distinct campaign, departement, insee from services where service = 'france_services'),

far_from_what_stands_there as (
    select m.campaign, m.departement, m.insee as subject
    from minutes as m
    inner join standing as o on o.campaign = m.campaign and o.departement = m.departement and o.insee = m.insee
    inner join slots as s on s.campaign = m.campaign and s.departement = m.departement
    where m.service = 'france_services' and m.reason is null and (m.minutes > s.near_minutes or m.minutes is null)
),

-- A commune whose own place is far from most of its inhabitants may well have another.
opening_what_stands_there as (
    select distinct l.campaign, l.departement, l.insee as subject
    from levers as l
    inner join standing as o on o.campaign = l.campaign and o.departement = l.departement and o.insee = l.insee
    inner join minutes as m on m.campaign = l.campaign and m.departement = l.departement and m.insee = l.insee
    inner join slots as s on s.campaign = l.campaign and s.departement = l.departement
    where l.move in ('new_place', 'bus_stop') and m.service = 'france_services' and m.minutes <= s.near_minutes
),

absent_while_waiting as (
    select distinct d.campaign, d.departement, d.place_id as subject
    from discrepancies as d
    inner join waiting as w
        on w.campaign = d.campaign and w.departement = d.departement and d.place_id in (w.place_id, w.other_place_id)
    where d.kind in ('only_in_survey', 'label_not_in_survey')
),

listed_and_nowhere as (
    select n.campaign, n.departement, n.source_id as subject
    from national_places as n
    inner join slots as s on s.campaign = n.campaign and s.departement = n.departement
    left join members as m
        on m.campaign = n.campaign and m.departement = n.departement
        and m.source = n.source and m.source_id = n.source_id
    left join unplaced as u
        on u.campaign = n.campaign and u.departement = n.departement and u.source = n.source and u.source_id = n.source_id
    where n.source = 'france_services' and m.place_id is null and u.source_id is null
),

found as (
    {{ union_by_name(
        {
            'far_from_what_stands_there': [], 'opening_what_stands_there': [], 'absent_while_waiting': [],
            'listed_and_nowhere': [],
        },
        'kind', ['campaign', 'departement', 'subject'], {},
    ) }}
),

final as (select campaign, departement, kind, subject from found)

select * from final
