with minutes as (select * from {{ source('access_minutes') }}),
points as (select * from {{ source('demand_points') }}),
slots as (select * from {{ ref('int_slots') }}),

thresholds as (
    select campaign, departement, near_minutes as threshold from slots
    union all
    select campaign, departement, far_minutes as threshold from slots
),

-- Of all trips together some are faster than the middle and others slower: their band is narrower than one trip's.
weighed as (
    select
        m.campaign, m.departement, m.service, t.threshold, m.method,
        coalesce(p.population, 0.0) as population,
        case when m.minutes <= t.threshold then 1 else 0 end as within,
        case when coalesce(m.minutes_all_slow, m.minutes_high) <= t.threshold then 1 else 0 end as within_if_slow,
        case when coalesce(m.minutes_all_fast, m.minutes_low) <= t.threshold then 1 else 0 end as within_if_fast,
        case when m.method = 'not_computed' then 1 else 0 end as not_computed,
        case when m.method <> 'not_computed' and m.minutes is null then 1 else 0 end as unreached,
        case when p.origin = 'squares' then 1 else 0 end as from_squares
    from minutes as m
    inner join points as p on p.campaign = m.campaign and p.departement = m.departement and p.point_id = m.point_id
    inner join thresholds as t on t.campaign = m.campaign and t.departement = m.departement
    where m.service in ('france_services', 'itinerant')
),

summed as (
    select
        campaign, departement, service, threshold,
        sum(population) as population,
        sum(population * within) as population_within,
        sum(population * within_if_slow) as within_if_slow,
        sum(population * within_if_fast) as within_if_fast,
        sum(population * unreached) as population_unreached,
        sum(population * not_computed) as population_not_computed,
        max(case when not_computed = 1 then '' else method end) as method,
        count(*) as points,
        sum(unreached) as points_unreached,
        sum(not_computed) as points_not_computed,
        case when max(from_squares) = 1 then 'squares' else 'town_halls' end as starts
    from weighed
    group by campaign, departement, service, threshold
),

final as (
    select
        campaign, departement, service, threshold, population, population_within, population_unreached,
        population_not_computed,
        population_within / nullif(population - population_not_computed, 0) as share,
        within_if_slow / nullif(population - population_not_computed, 0) as share_low,
        within_if_fast / nullif(population - population_not_computed, 0) as share_high,
        case when method = '' then 'not_computed' else method end as method, starts,
        points, points_unreached, points_not_computed
    from summed
)

select * from final
