with places as (select * from {{ source('places') }}),
place_demarches as (select * from {{ ref('int_place_demarches') }}),
general_help as (select * from {{ ref('int_general_help') }}),
catalogue as (select * from {{ ref('int_label_demarches') }}),
slots as (select * from {{ ref('int_slots') }}),

located as (
    select * from places where latitude is not null and longitude is not null
),

labelled as (
    select
        p.campaign, p.departement, p.place_id,
        case when p.kind = 'itinerant' then 'itinerant' else 'france_services' end as service, '' as demarche_id,
        p.latitude, p.longitude, p.insee
    from located as p
    inner join slots as s on s.campaign = p.campaign and s.departement = p.departement
    where p.in_france_services and (p.labelled_on is null or p.labelled_on <= s.reference_date)
),

stated as (
    select
        p.campaign, p.departement, p.place_id, d.evidence as service, d.demarche_id,
        p.latitude, p.longitude, p.insee
    from located as p
    inner join place_demarches as d
        on d.campaign = p.campaign and d.departement = p.departement and d.place_id = p.place_id
    where d.evidence in ('confirmed', 'orientation') and coalesce(p.kind, 'fixed') <> 'itinerant'
),

helping as (
    select
        p.campaign, p.departement, p.place_id, p.latitude, p.longitude, p.insee,
        exists (
            select 1
            from place_demarches as d
            where d.campaign = p.campaign
                and d.departement = p.departement
                and d.place_id = p.place_id
                and d.evidence in ('orientation', 'none')
        ) as denies
    from located as p
    inner join general_help as g
        on g.campaign = p.campaign and g.departement = p.departement and g.place_id = p.place_id
    where coalesce(p.kind, 'fixed') <> 'itinerant'
),

-- Help in general is for every demarche at once, save at a place that says of some that it does not help.
general as (
    select
        campaign, departement, place_id, 'general' as service, '' as demarche_id, latitude, longitude, insee
    from helping
    where not denies
    union all
    select
        h.campaign, h.departement, h.place_id, 'general' as service, c.demarche_id, h.latitude, h.longitude, h.insee
    from helping as h
    inner join catalogue as c on c.campaign = h.campaign and c.departement = h.departement
    left join place_demarches as d
        on d.campaign = h.campaign
        and d.departement = h.departement
        and d.place_id = h.place_id
        and d.demarche_id = c.demarche_id
    where h.denies and coalesce(d.evidence, 'unknown') = 'unknown'
),

final as (
    select campaign, departement, place_id, service, demarche_id, latitude, longitude, insee from labelled
    union all
    select campaign, departement, place_id, service, demarche_id, latitude, longitude, insee from stated
    union all
    select campaign, departement, place_id, service, demarche_id, latitude, longitude, insee from general
)

select * from final
