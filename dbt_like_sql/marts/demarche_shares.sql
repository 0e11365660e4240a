with coverage as (select * from {{ ref('coverage') }}),
catalogue as (select * from {{ ref('int_label_demarches') }}),
slots as (select * from {{ ref('int_slots') }}),

verdicts as (
    select 'confirmed' as verdict
    union all select 'by_label'
    union all select 'general'
    union all select 'orientation'
    union all select 'uncovered'
    union all select 'unknown'
    union all select 'not_computed'
),

counted as (
    {% for reach in ('near', 'far') %}
    select
        campaign, departement, demarche_id, '{{ reach }}' as reach, verdict_{{ reach }} as verdict,
        count(*) as points, sum(coalesce(population, 0)) * 1.0 as population
    from coverage
    group by campaign, departement, demarche_id, verdict_{{ reach }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- Those whose times were found: the base of every share of inhabitants.
totals as (
    select
        campaign, departement, demarche_id, reach,
        sum(case when verdict <> 'not_computed' then population else 0.0 end) as asked
    from counted
    group by campaign, departement, demarche_id, reach
),

thresholds as (
    {% for reach in ('near', 'far') %}
    select campaign, departement, '{{ reach }}' as reach, {{ reach }}_minutes as threshold
    from slots
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (
    select
        d.campaign, d.departement, d.demarche_id, d.operator, t.threshold, v.verdict,
        coalesce(c.points, 0) as points,
        coalesce(c.population, 0.0) as population,
        case when v.verdict <> 'not_computed' then coalesce(c.population, 0.0) / nullif(a.asked, 0) end as share
    from catalogue as d
    inner join thresholds as t on t.campaign = d.campaign and t.departement = d.departement
    inner join totals as a
        on a.campaign = d.campaign
        and a.departement = d.departement
        and a.demarche_id = d.demarche_id
        and a.reach = t.reach
    cross join verdicts as v
    left join counted as c
        on c.campaign = d.campaign
        and c.departement = d.departement
        and c.demarche_id = d.demarche_id
        and c.reach = t.reach
        and c.verdict = v.verdict
)

select * from final
