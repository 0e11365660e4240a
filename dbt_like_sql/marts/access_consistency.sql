with minutes as (select * from {{ source('access_minutes') }}),
communes as (select * from {{ source('communes') }}),
points as (select * from {{ source('demand_points') }}),
slots as (select * from {{ ref('int_slots') }}),
shares as (select * from {{ ref('int_access_shares_pivoted') }}),
demarche_shares as (select * from {{ ref('demarche_shares') }}),

inhabitants as (
    select s.campaign, s.departement, sum(coalesce(c.population, 0)) * 1.0 as population
    from slots as s
    inner join communes as c on c.departement = s.departement
    group by s.campaign, s.departement
),

answered as (
    select
        m.campaign, m.departement, m.service, m.demarche_id,
        sum(case when m.minutes is not null then coalesce(p.population, 0.0) else 0.0 end) as reached,
        sum(case when m.minutes is null and m.method <> 'not_computed' then coalesce(p.population, 0.0) else 0.0 end)
            as unreached,
        sum(case when m.method = 'not_computed' then coalesce(p.population, 0.0) else 0.0 end) as not_computed
    from minutes as m
    inner join points as p on p.campaign = m.campaign and p.departement = m.departement and p.point_id = m.point_id
    group by m.campaign, m.departement, m.service, m.demarche_id
),

by_demarche as (
    select d.campaign, d.departement, d.demarche_id,
        sum(case when d.threshold = s.near_minutes and d.verdict = 'confirmed' then d.population else 0 end)
            as confirmed_near,
        sum(case when d.threshold = s.near_minutes and d.verdict in ('confirmed', 'by_label') then d.population else 0 end)
            as confirmed_or_label_near,
        {% for reach in ('near', 'far') %}
        sum(
            case
                when d.threshold = s.{{ reach }}_minutes and d.verdict in ('confirmed', 'by_label', 'general', 'orientation')
                    then d.population
                else 0
            end
        ) as covered_{{ reach }},
        {% endfor %}
        sum(case when d.threshold = s.near_minutes then d.population end) as counted
    from demarche_shares as d
    inner join slots as s on s.campaign = d.campaign and s.departement = d.departement
    group by d.campaign, d.departement, d.demarche_id
),

final as (
    select
        a.campaign, a.departement, a.service as figure, a.demarche_id, s.share_near, s.share_far,
        null as confirmed_near, null as confirmed_or_label_near,
        round(a.reached + a.unreached + a.not_computed) as population_counted, i.population
    from answered as a
    inner join inhabitants as i on i.campaign = a.campaign and i.departement = a.departement
    left join shares as s
        on s.campaign = a.campaign and s.departement = a.departement and s.service = a.service
    union all
    select
        d.campaign, d.departement, 'coverage' as figure, d.demarche_id,
        d.covered_near / nullif(d.counted, 0) as share_near, d.covered_far / nullif(d.counted, 0) as share_far,
        d.confirmed_near / nullif(d.counted, 0) as confirmed_near,
        d.confirmed_or_label_near / nullif(d.counted, 0) as confirmed_or_label_near,
        round(d.counted) as population_counted, i.population
    from by_demarche as d
    inner join inhabitants as i on i.campaign = d.campaign and i.departement = d.departement
)

select * from final
