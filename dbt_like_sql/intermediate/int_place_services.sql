with places as (select * from {{ source('places') }}),
place_demarches as (select * from {{ ref('int_place_demarches') }}),
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

final as (
    select campaign, departement, place_id, service, demarche_id, latitude, longitude, insee from labelled
    union all
    select campaign, departement, place_id, service, demarche_id, latitude, longitude, insee from stated
)

select * from final
