with minutes as (select * from {{ ref('int_commune_minutes') }}),
communes as (select * from {{ source('communes') }}),
coverage as (select * from {{ ref('coverage') }}),
slots as (select * from {{ ref('int_slots') }}),

far as (
    select
        m.campaign, m.departement, m.insee, m.point_id, c.name as commune,
        case when c.population is not null then m.population - m.population_near end as population, m.minutes, m.minutes_low,
        m.minutes_high, m.method, m.reason, m.counted_at,
        m.method <> 'not_computed' and ((m.minutes is null and m.minutes_soonest is null) or m.minutes_soonest > s.near_minutes) as certain
    from minutes as m
    inner join communes as c on c.insee = m.insee
    inner join slots as s on s.campaign = m.campaign and s.departement = m.departement
    where m.service = 'france_services' and (m.minutes > s.near_minutes or m.minutes is null)
),

verdicts as (
    select
        v.campaign, v.departement, v.insee,
        sum(case when v.verdict_far = 'confirmed' then 1 else 0 end) as confirmed_far,
        sum(case when v.verdict_far = 'by_label' then 1 else 0 end) as by_label_far,
        sum(case when v.verdict_far = 'general' then 1 else 0 end) as general_far,
        sum(case when v.verdict_far = 'orientation' then 1 else 0 end) as orientation_far,
        sum(case when v.verdict_far = 'uncovered' then 1 else 0 end) as uncovered_far,
        sum(case when v.verdict_far in ('unknown', 'not_computed') then 1 else 0 end) as unknown_far
    from coverage as v
    inner join far as f on f.campaign = v.campaign and f.departement = v.departement and f.point_id = v.point_id
    group by v.campaign, v.departement, v.insee
),

final as (
    select
        f.campaign, f.departement, f.insee, f.commune, f.population, f.minutes, f.minutes_low, f.minutes_high, f.method,
        f.reason, f.counted_at, f.certain,
        v.confirmed_far, v.by_label_far, v.general_far, v.orientation_far, v.uncovered_far, v.unknown_far,
        row_number() over (
            partition by f.campaign, f.departement
            order by
                case when f.minutes is null then 2 when f.certain then 0 else 1 end, coalesce(f.population, 0) desc, f.insee
        ) as rank
    from far as f
    inner join verdicts as v on v.campaign = f.campaign and v.departement = f.departement and v.insee = f.insee
)

select * from final
