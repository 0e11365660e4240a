with minutes as (select * from {{ source('access_minutes') }}),
communes as (select * from {{ source('communes') }}),
coverage as (select * from {{ ref('coverage') }}),

far as (
    select
        m.campaign, m.departement, m.insee, c.name as commune, c.population * 1.0 as population, m.minutes, m.method,
        m.reason
    from minutes as m
    inner join communes as c on c.insee = m.insee
    where m.service = 'label:france_services' and (m.minutes > 20 or m.minutes is null)
),

verdicts as (
    select
        v.campaign, v.departement, v.insee,
        sum(case when v.verdict_30 = 'confirmed' then 1 else 0 end) as confirmed_30,
        sum(case when v.verdict_30 = 'by_label' then 1 else 0 end) as by_label_30,
        sum(case when v.verdict_30 = 'orientation' then 1 else 0 end) as orientation_30,
        sum(case when v.verdict_30 = 'uncovered' then 1 else 0 end) as uncovered_30,
        sum(case when v.verdict_30 in ('unknown', 'not_computed') then 1 else 0 end) as unknown_30
    from coverage as v
    inner join far as f on f.campaign = v.campaign and f.departement = v.departement and f.insee = v.insee
    group by v.campaign, v.departement, v.insee
),

final as (
    select
        f.campaign, f.departement, f.insee, f.commune, f.population, f.minutes, f.method, f.reason,
        v.confirmed_30, v.by_label_30, v.orientation_30, v.uncovered_30, v.unknown_30,
        row_number() over (
            partition by f.campaign, f.departement
            order by case when f.minutes is null then 1 else 0 end, coalesce(f.population, 0) desc, f.insee
        ) as rank
    from far as f
    inner join verdicts as v on v.campaign = f.campaign and v.departement = f.departement and v.insee = f.insee
)

select * from final
