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

-- All is summed in one order, so that every database finds the same last digit.
ordered as (
    select
        campaign, departement, insee, service, demarche_id, point_id, minutes, minutes_low, minutes_high, place_id, method,
        reason, minutes_soonest,
        sum(population) over (
            partition by campaign, departement, insee, service, demarche_id
            order by minutes nulls last, point_id
            rows between unbounded preceding and 1 preceding
        ) as nearer,
        count(*) over whole as points,
        sum(population) over whole as population,
        max(origin) over whole as counted_at,
        max(case when origin = 'former_commune' then 1 else 0 end) over whole as shared,
        min(minutes_soonest) over whole as soonest,
        {% for reach in ('near', 'far') %}
        sum(case when minutes <= {{ reach }}_minutes then population else 0.0 end) over whole as population_{{ reach }},
        {% endfor %}
        sum(case when method <> 'not_computed' and minutes is null then population else 0.0 end) over whole
            as population_unreached,
        sum(case when method = 'not_computed' then population else 0.0 end) over whole as population_not_computed
    from weighed
    window whole as (
        partition by campaign, departement, insee, service, demarche_id
        order by minutes nulls last, point_id
        rows between unbounded preceding and unbounded following
    )
),

-- The farthest of the points that less than half of the commune precedes; nobody precedes the first.
halves as (
    select
        campaign, departement, insee, service, demarche_id, point_id, minutes, minutes_low, minutes_high, place_id, method,
        reason, counted_at,
        -- Where nobody knows at which of its town halls people live, the nearest of them may hold everybody.
        case when shared = 1 then soonest else minutes_soonest end as minutes_soonest,
        points, population, population_near, population_far, population_unreached, population_not_computed,
        row_number() over (
            partition by campaign, departement, insee, service, demarche_id
            order by case when minutes is null then 0 else 1 end, minutes desc, point_id desc
        ) as place
    from ordered
    where nearer is null or nearer * 2 < population
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
