with minutes as (select * from {{ source('access_minutes') }}),
communes as (select * from {{ source('communes') }}),
catalogue as (select * from {{ ref('int_label_demarches') }}),

labelled as (
    select campaign, departement, insee, minutes, method from minutes where service = 'label:france_services'
),

side_by_side as (
    select
        l.campaign, l.departement, l.insee, d.demarche_id, d.by_label, l.method, p.population,
        l.minutes as label_minutes, c.minutes as confirmed_minutes, o.minutes as orientation_minutes,
        l.method = 'not_computed' or coalesce(c.method, '') = 'not_computed' or coalesce(o.method, '') = 'not_computed'
            as not_computed
    from labelled as l
    inner join communes as p on p.insee = l.insee
    inner join catalogue as d on d.campaign = l.campaign and d.departement = l.departement
    left join minutes as c
        on c.campaign = l.campaign
        and c.departement = l.departement
        and c.insee = l.insee
        and c.service = 'confirmed:' || d.demarche_id
    left join minutes as o
        on o.campaign = l.campaign
        and o.departement = l.departement
        and o.insee = l.insee
        and o.service = 'orientation:' || d.demarche_id
),

final as (
    select
        campaign, departement, insee, demarche_id,
        coalesce(confirmed_minutes, case when by_label then label_minutes end, orientation_minutes) as minutes,
        method,
        case
            when confirmed_minutes <= 20 then 'confirmed'
            when by_label and label_minutes <= 20 then 'by_label'
            when orientation_minutes <= 20 then 'orientation'
            when not_computed then 'not_computed'
            when label_minutes <= 20 then 'unknown'
            else 'uncovered'
        end as verdict_20,
        case
            when confirmed_minutes <= 30 then 'confirmed'
            when by_label and label_minutes <= 30 then 'by_label'
            when orientation_minutes <= 30 then 'orientation'
            when not_computed then 'not_computed'
            when label_minutes <= 30 then 'unknown'
            else 'uncovered'
        end as verdict_30,
        population
    from side_by_side
)

select * from final
