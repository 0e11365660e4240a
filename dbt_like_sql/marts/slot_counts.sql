with slots as (select * from {{ ref('int_slots') }}),
survey_places as (select * from {{ ref('stg_survey_places') }}),
places as (select * from {{ source('places') }}),
national_places as (select * from {{ source('national_places') }}),
unplaced_rows as (select * from {{ ref('unplaced_rows') }}),
place_members as (select * from {{ source('place_members') }}),
waiting as (select * from {{ ref('int_pairs_waiting') }}),

counted_rows as (
    select campaign, departement, count(*) as survey_rows from survey_places group by campaign, departement
),

counted_listed as (
    select
        campaign, departement, count(*) as listed_rows, count(*) filter (where kind = 'itinerant') as itinerant
    from national_places
    where source = 'france_services'
    group by campaign, departement
),

counted_nowhere as (
    select campaign, departement, count(*) as listed_nowhere
    from unplaced_rows
    where source = 'france_services'
    group by campaign, departement
),

counted_places as (
    select
        campaign, departement, count(*) as places,
        count(*) filter (where in_survey) as surveyed,
        count(*) filter (where in_france_services) as listed,
        count(*) filter (where in_survey and in_france_services) as in_both,
        count(*) filter (where in_france_services and (latitude is null or longitude is null)) as without_point
    from places
    group by campaign, departement
),

linked_places as (
    select campaign, departement, place_id
    from place_members
    group by campaign, departement, place_id
    having count(*) > 1
),

counted_links as (
    select campaign, departement, count(*) as linked from linked_places group by campaign, departement
),

counted_pairs as (
    select campaign, departement, count(*) as to_review
    from waiting
    group by campaign, departement
),

final as (
    select
        s.campaign, s.departement,
        {% for column in (
            'r.survey_rows', 'p.places', 'p.surveyed', 'p.listed', 'p.in_both', 'n.listed_rows', 'u.listed_nowhere', 'n.itinerant', 'p.without_point', 'l.linked',
            'w.to_review'
        ) %}
        coalesce({{ column }}, 0) as {{ column.split('.')[1] }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from slots as s
    left join counted_rows as r on r.campaign = s.campaign and r.departement = s.departement
    left join counted_places as p on p.campaign = s.campaign and p.departement = s.departement
    left join counted_listed as n on n.campaign = s.campaign and n.departement = s.departement
    left join counted_nowhere as u on u.campaign = s.campaign and u.departement = s.departement
    left join counted_links as l on l.campaign = s.campaign and l.departement = s.departement
    left join counted_pairs as w on w.campaign = s.campaign and w.departement = s.departement
)

select * from final
