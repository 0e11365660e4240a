with coverage as (select * from {{ ref('coverage') }}),
catalogue as (select * from {{ ref('int_label_demarches') }}),

verdicts as (
    select 'confirmed' as verdict
    union all select 'by_label'
    union all select 'orientation'
    union all select 'uncovered'
    union all select 'unknown'
    union all select 'not_computed'
),

thresholds as (select 20 as threshold union all select 30 as threshold),

counted as (
    select campaign, departement, demarche_id, 20 as threshold, verdict_20 as verdict,
        count(*) as communes, sum(coalesce(population, 0)) * 1.0 as population
    from coverage group by campaign, departement, demarche_id, verdict_20
    union all
    select campaign, departement, demarche_id, 30 as threshold, verdict_30 as verdict,
        count(*) as communes, sum(coalesce(population, 0)) * 1.0 as population
    from coverage group by campaign, departement, demarche_id, verdict_30
),

totals as (
    select campaign, departement, demarche_id, sum(population) as population
    from counted where threshold = 20 group by campaign, departement, demarche_id
),

final as (
    select
        d.campaign, d.departement, d.demarche_id, d.operator, t.threshold, v.verdict,
        coalesce(c.communes, 0) as communes,
        coalesce(c.population, 0.0) as population,
        coalesce(c.population, 0.0) / nullif(a.population, 0) as share
    from catalogue as d
    inner join totals as a
        on a.campaign = d.campaign and a.departement = d.departement and a.demarche_id = d.demarche_id
    cross join thresholds as t
    cross join verdicts as v
    left join counted as c
        on c.campaign = d.campaign
        and c.departement = d.departement
        and c.demarche_id = d.demarche_id
        and c.threshold = t.threshold
        and c.verdict = v.verdict
)

select * from final
