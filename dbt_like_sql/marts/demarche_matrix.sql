with places as (select * from {{ source('places') }}),
stated as (select * from {{ ref('int_place_demarches') }}),
catalogue as (select * from {{ ref('int_label_demarches') }}),
general_help as (select * from {{ ref('int_general_help') }}),
slots as (select * from {{ ref('int_slots') }}),

receiving as (
    select
        p.campaign, p.departement, p.place_id, p.name, p.commune, p.insee,
        p.in_france_services and (p.labelled_on is null or p.labelled_on <= s.reference_date) as labelled
    from places as p
    inner join slots as s on s.campaign = p.campaign and s.departement = p.departement
    where p.in_survey or p.in_france_services
),

final as (
    select
        p.campaign, p.departement, p.place_id, p.name, p.commune, p.insee, d.demarche_id, d.operator, s.level,
        case
            when s.evidence in ('confirmed', 'orientation', 'none') then s.evidence
            when p.labelled and d.by_label then 'by_label'
            when g.place_id is not null then 'general'
            else 'unknown'
        end as evidence
    from receiving as p
    inner join catalogue as d on d.campaign = p.campaign and d.departement = p.departement
    left join stated as s
        on s.campaign = p.campaign
        and s.departement = p.departement
        and s.place_id = p.place_id
        and s.demarche_id = d.demarche_id
    left join general_help as g
        on g.campaign = p.campaign and g.departement = p.departement and g.place_id = p.place_id
)

select * from final
