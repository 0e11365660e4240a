with minutes as (select * from {{ ref('int_commune_minutes') }}),
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
        s.campaign, s.departement,
        case
            when m.minutes <= s.near_minutes then 'near'
            when m.minutes <= s.far_minutes then 'between'
            when m.minutes > s.far_minutes then 'far'
            else 'not_computed'
        end as minutes_class,
        coalesce(m.population_near, 0.0) as near, coalesce(m.population_far - m.population_near, 0.0) as between_both,
        coalesce(m.population - m.population_far - m.population_unreached - m.population_not_computed, 0.0) as far,
        coalesce(m.population_unreached + m.population_not_computed, c.population, 0.0) as not_computed,
        coalesce(m.population_not_computed, c.population, 0.0) as never_asked
    from slots as s
    inner join communes as c on c.departement = s.departement
    left join minutes as m
        on m.campaign = s.campaign
        and m.departement = s.departement
        and m.insee = c.insee
        and m.service = 'france_services'
),

counted as (
    select campaign, departement, minutes_class, count(*) as communes
    from classed_communes
    group by campaign, departement, minutes_class
),

people as (
    {% for minutes_class, column in (
        ('near', 'near'), ('between', 'between_both'), ('far', 'far'), ('not_computed', 'not_computed')
    ) %}
    select campaign, departement, '{{ minutes_class }}' as minutes_class, sum({{ column }}) as population
    from classed_communes
    group by campaign, departement
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- A share has the base that access_shares gives it: those whose time could be asked.
asked as (
    select s.campaign, s.departement, max(s.population) - sum(c.never_asked) as population
    from slots as s
    inner join classed_communes as c on c.campaign = s.campaign and c.departement = s.departement
    group by s.campaign, s.departement
),

beside as (
    select
        s.campaign, s.departement, k.minutes_class, k.distance, coalesce(c.communes, 0) as communes,
        coalesce(p.population, 0.0) as population, coalesce(a.population, 0) * 1.0 as population_asked,
        coalesce(s.population, 0) * 1.0 as population_in_all
    from slots as s
    cross join classes as k
    left join counted as c
        on c.campaign = s.campaign and c.departement = s.departement and c.minutes_class = k.minutes_class
    left join asked as a on a.campaign = s.campaign and a.departement = s.departement
    left join people as p
        on p.campaign = s.campaign and p.departement = s.departement and p.minutes_class = k.minutes_class
),

final as (
    select
        campaign, departement, minutes_class, communes, population,
        case when minutes_class <> 'not_computed' then population / nullif(population_asked, 0) end as share,
        sum(communes) over farther as communes_or_farther, sum(population) over farther as population_or_farther,
        population_asked, population_in_all
    from beside
    window farther as (partition by campaign, departement order by distance desc)
)

select * from final
