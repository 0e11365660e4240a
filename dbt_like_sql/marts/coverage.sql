with minutes as (select * from {{ source('access_minutes') }}),
points as (select * from {{ source('demand_points') }}),
catalogue as (select * from {{ ref('int_label_demarches') }}),
slots as (select * from {{ ref('int_slots') }}),

labelled as (
    select campaign, departement, point_id, insee, minutes, method from minutes where service = 'france_services'
),

-- Of help in general, what is of every demarche and what is of one alone.
everywhere as (
    select
        campaign, departement, point_id, minutes as general_minutes,
        case when method = 'not_computed' then 1 else 0 end as not_computed
    from minutes where service = 'general' and demarche_id = ''
),

stated as (
    select
        campaign, departement, point_id, demarche_id,
        max(case when service = 'confirmed' then minutes end) as confirmed_minutes,
        max(case when service = 'orientation' then minutes end) as orientation_minutes,
        max(case when service = 'general' then minutes end) as general_minutes,
        max(case when method = 'not_computed' then 1 else 0 end) as not_computed
    from minutes
    where service in ('confirmed', 'orientation', 'general') and demarche_id <> ''
    group by campaign, departement, point_id, demarche_id
),

side_by_side as (
    select
        l.campaign, l.departement, l.point_id, l.insee, d.demarche_id, d.by_label, l.method, p.population, t.near_minutes, t.far_minutes,
        l.minutes as label_minutes, s.confirmed_minutes, s.orientation_minutes,
        case
            when s.general_minutes < e.general_minutes or e.general_minutes is null then s.general_minutes
            else e.general_minutes
        end as general_minutes,
        l.method = 'not_computed' or coalesce(s.not_computed, 0) = 1 or coalesce(e.not_computed, 0) = 1 as not_computed
    from labelled as l
    inner join points as p on p.campaign = l.campaign and p.departement = l.departement and p.point_id = l.point_id
    inner join slots as t on t.campaign = l.campaign and t.departement = l.departement
    inner join catalogue as d on d.campaign = l.campaign and d.departement = l.departement
    left join stated as s
        on s.campaign = l.campaign
        and s.departement = l.departement
        and s.point_id = l.point_id
        and s.demarche_id = d.demarche_id
    left join everywhere as e on e.campaign = l.campaign and e.departement = l.departement and e.point_id = l.point_id
),

final as (
    select
        campaign, departement, point_id, insee, demarche_id,
        coalesce(confirmed_minutes, case when by_label then label_minutes end, general_minutes, orientation_minutes) as minutes,
        method,
        {% for reach in ('near', 'far') %}
        case
            when confirmed_minutes <= {{ reach }}_minutes then 'confirmed'
            when by_label and label_minutes <= {{ reach }}_minutes then 'by_label'
            when general_minutes <= {{ reach }}_minutes then 'general'
            when orientation_minutes <= {{ reach }}_minutes then 'orientation'
            when not_computed then 'not_computed'
            when label_minutes <= {{ reach }}_minutes then 'unknown'
            else 'uncovered'
        end as verdict_{{ reach }},
        {% endfor %}
        population
    from side_by_side
)

select * from final
