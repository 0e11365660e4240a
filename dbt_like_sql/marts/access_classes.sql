with minutes as (select * from {{ source('access_minutes') }}),
communes as (select * from {{ source('communes') }}),
slots as (select * from {{ ref('int_slots') }}),

-- The farther, the higher; what is not computed is farther than nothing.
classes as (
    select 'far' as minutes_class, 3 as distance
    union all select 'between' as minutes_class, 2 as distance
    union all select 'near' as minutes_class, 1 as distance
    union all select 'not_computed' as minutes_class, 0 as distance
),

classed_communes as (
    select
        s.campaign, s.departement, c.population,
        case
            when m.minutes <= s.near_minutes then 'near'
            when m.minutes <= s.far_minutes then 'between'
            when m.minutes > s.far_minutes then 'far'
            else 'not_computed'
        end as minutes_class
    from slots as s
    inner join communes as c on c.departement = s.departement
    left join minutes as m
        on m.campaign = s.campaign
        and m.departement = s.departement
        and m.insee = c.insee
        and m.service = 'france_services'
),

counted as (
    select
        s.campaign, s.departement, k.minutes_class, k.distance, count(c.minutes_class) as communes,
        coalesce(sum(c.population), 0) * 1.0 as population, coalesce(s.population, 0) * 1.0 as population_in_all
    from slots as s
    cross join classes as k
    left join classed_communes as c
        on c.campaign = s.campaign and c.departement = s.departement and c.minutes_class = k.minutes_class
    group by s.campaign, s.departement, s.population, k.minutes_class, k.distance
),

final as (
    select
        campaign, departement, minutes_class, communes, population, population / nullif(population_in_all, 0) as share,
        sum(communes) over farther as communes_or_farther, sum(population) over farther as population_or_farther,
        population_in_all
    from counted
    window farther as (partition by campaign, departement order by distance desc)
)

select * from final
