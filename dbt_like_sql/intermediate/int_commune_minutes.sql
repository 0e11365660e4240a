-- A commune is as far as its median inhabitant; its points are as many as is known of where people live.
with minutes as (select * from {{ source('access_minutes') }}),
points as (select * from {{ source('demand_points') }}),
slots as (select * from {{ ref('int_slots') }}),

weighed as (
    select
        m.campaign, m.departement, m.insee, m.service, m.demarche_id, m.point_id, m.minutes, m.minutes_low, m.minutes_high,
        m.place_id, m.method, m.reason, s.near_minutes, s.far_minutes, coalesce(p.population, 0.0) as population,
        p.origin,
        case
            when m.minutes is null then null
            when p.away_min is null then m.minutes_low
            when p.away_min < m.minutes then m.minutes_low - p.away_min * m.minutes_low / m.minutes
            else 0.0
        end as minutes_soonest
    from minutes as m
    inner join points as p on p.campaign = m.campaign and p.departement = m.departement and p.point_id = m.point_id
    inner join slots as s on s.campaign = m.campaign and s.departement = m.departement
),

ordered as (
    select
        campaign, departement, insee, service, demarche_id, point_id, minutes, minutes_low, minutes_high, place_id, method,
        reason, minutes_soonest,
        sum(population) over (
            partition by campaign, departement, insee, service, demarche_id
            order by minutes nulls last, point_id
            rows between unbounded preceding and 1 preceding
        ) as nearer
    from weighed
),

summed as (
    select
        campaign, departement, insee, service, demarche_id, count(*) as points, sum(population) as population,
        max(origin) as counted_at, max(case when origin = 'former_commune' then 1 else 0 end) as shared,
        min(minutes_soonest) as soonest,
        {% for reach in ('near', 'far') %}
        sum(case when minutes <= {{ reach }}_minutes then population else 0.0 end) as population_{{ reach }},
        {% endfor %}
        sum(case when method <> 'not_computed' and minutes is null then population else 0.0 end) as population_unreached,
        sum(case when method = 'not_computed' then population else 0.0 end) as population_not_computed
    from weighed
    group by campaign, departement, insee, service, demarche_id
),

-- The farthest of the points that less than half of the commune precedes; nobody precedes the first.
halves as (
    select
        o.campaign, o.departement, o.insee, o.service, o.demarche_id, o.point_id, o.minutes, o.minutes_low, o.minutes_high,
        o.place_id, o.method, o.reason, s.counted_at,
        -- Where nobody knows at which of its town halls people live, the nearest of them may hold everybody.
        case when s.shared = 1 then s.soonest else o.minutes_soonest end as minutes_soonest,
        s.points, s.population, s.population_near, s.population_far,
        s.population_unreached, s.population_not_computed,
        row_number() over (
            partition by o.campaign, o.departement, o.insee, o.service, o.demarche_id
            order by case when o.minutes is null then 0 else 1 end, o.minutes desc, o.point_id desc
        ) as place
    from ordered as o
    inner join summed as s
        on s.campaign = o.campaign
        and s.departement = o.departement
        and s.insee = o.insee
        and s.service = o.service
        and s.demarche_id = o.demarche_id
    where o.nearer is null or o.nearer * 2 < s.population
),

final as (
    select
        campaign, departement, insee, service, demarche_id, point_id, minutes, minutes_low, minutes_high, minutes_soonest,
        place_id, method, reason, counted_at, points, population, population_near, population_far, population_unreached,
        population_not_computed
    from halves
    where place = 1
)

select * from final
