with minutes as (select * from {{ source('access_minutes') }}),
communes as (select * from {{ source('communes') }}),
slots as (select * from {{ ref('int_slots') }}),
access_shares as (select * from {{ ref('access_shares') }}),
demarche_shares as (select * from {{ ref('demarche_shares') }}),

inhabitants as (
    select s.campaign, s.departement, sum(coalesce(c.population, 0)) * 1.0 as population
    from slots as s
    inner join communes as c on c.departement = s.departement
    group by s.campaign, s.departement
),

answered as (
    select
        m.campaign, m.departement, m.service,
        sum(case when m.minutes is not null then coalesce(c.population, 0) else 0 end) * 1.0 as reached,
        sum(case when m.minutes is null and m.method <> 'not_computed' then coalesce(c.population, 0) else 0 end) * 1.0
            as unreached,
        sum(case when m.method = 'not_computed' then coalesce(c.population, 0) else 0 end) * 1.0 as not_computed
    from minutes as m
    inner join communes as c on c.insee = m.insee
    group by m.campaign, m.departement, m.service
),

by_service as (
    select campaign, departement, service,
        max(case when threshold = 20 then share end) as share_20,
        max(case when threshold = 30 then share end) as share_30
    from access_shares
    group by campaign, departement, service
),

by_demarche as (
    select campaign, departement, demarche_id,
        sum(case when threshold = 20 and verdict = 'confirmed' then population else 0 end) as confirmed_20,
        sum(case when threshold = 20 and verdict in ('confirmed', 'by_label') then population else 0 end)
            as confirmed_or_label_20,
        sum(case when threshold = 20 and verdict in ('confirmed', 'by_label', 'orientation') then population else 0 end)
            as covered_20,
        sum(case when threshold = 30 and verdict in ('confirmed', 'by_label', 'orientation') then population else 0 end)
            as covered_30,
        sum(case when threshold = 20 then population end) as counted
    from demarche_shares
    group by campaign, departement, demarche_id
),

final as (
    select
        a.campaign, a.departement, a.service as figure, s.share_20, s.share_30,
        null as confirmed_20, null as confirmed_or_label_20,
        a.reached + a.unreached + a.not_computed as population_counted, i.population
    from answered as a
    inner join inhabitants as i on i.campaign = a.campaign and i.departement = a.departement
    left join by_service as s
        on s.campaign = a.campaign and s.departement = a.departement and s.service = a.service
    union all
    select
        d.campaign, d.departement, 'demarche:' || d.demarche_id as figure,
        d.covered_20 / nullif(d.counted, 0) as share_20, d.covered_30 / nullif(d.counted, 0) as share_30,
        d.confirmed_20 / nullif(d.counted, 0) as confirmed_20,
        d.confirmed_or_label_20 / nullif(d.counted, 0) as confirmed_or_label_20,
        d.counted as population_counted, i.population
    from by_demarche as d
    inner join inhabitants as i on i.campaign = d.campaign and i.departement = d.departement
)

select * from final
