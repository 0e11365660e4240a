with national_places as (select * from {{ source('national_places') }}),
problems as (select * from {{ source('problems') }}),
slot_status as (select * from {{ source('slot_status') }}),
slots as (select * from {{ ref('int_slots') }}),
slot_counts as (select * from {{ ref('slot_counts') }}),
shares as (select * from {{ ref('int_access_shares_pivoted') }} where service = 'france_services'),
indicators as (select * from {{ ref('indicators') }}),
help_said as (select * from {{ ref('int_help_said') }}),

listed as (
    select campaign, departement as territory, count(*) as france_services
    from national_places where source = 'france_services' group by campaign, departement
),

territories as (
    select campaign, departement as territory from slots
    union
    select campaign, territory from listed
),

judged as (
    select campaign, departement,
        sum(case when severity = 'error' then 1 else 0 end) as errors,
        sum(case when severity = 'warning' then 1 else 0 end) as warnings
    from problems group by campaign, departement
),

states as (
    select campaign, departement, max(case when state in ('good', 'incomplete') then 0 else 1 end) as failing
    from slot_status group by campaign, departement
),

figures as (
    select
        campaign, departement,
        max(case when key = 'survey_places' then value end) as survey_places,
        max(case when key = 'discrepancies' then value end) as discrepancies,
        max(case when key = 'demarches_confirmed' then value end) as demarches_confirmed
    from indicators where dimension = '' group by campaign, departement
),

final as (
    select
        t.campaign, t.territory,
        s.departement is null as apart,
        coalesce(s.deposits, 0) > 0 as handed_in,
        h.help_said,
        coalesce(s.deposits, 0) as deposits,
        coalesce(j.errors, 0) as errors,
        coalesce(j.warnings, 0) as warnings,
        cast(coalesce(f.survey_places, 0) as integer) as survey_places,
        coalesce(l.france_services, 0) as france_services,
        coalesce(w.to_review, 0) as to_review,
        cast(coalesce(f.discrepancies, 0) as integer) as discrepancies,
        a.share_near, a.share_far, s.population,
        coalesce(a.method, 'not_computed') as method,
        cast(f.demarches_confirmed as integer) as demarches_confirmed,
        case when x.failing = 1 then 'failed' when x.failing = 0 then 'good' else 'nothing' end as state
    from territories as t
    left join slots as s on s.campaign = t.campaign and s.departement = t.territory
    left join listed as l on l.campaign = t.campaign and l.territory = t.territory
    left join judged as j on j.campaign = t.campaign and j.departement = t.territory
    left join slot_counts as w on w.campaign = t.campaign and w.departement = t.territory
    left join states as x on x.campaign = t.campaign and x.departement = t.territory
    left join shares as a on a.campaign = t.campaign and a.departement = t.territory
    left join figures as f on f.campaign = t.campaign and f.departement = t.territory
    left join help_said as h on h.campaign = t.campaign and h.departement = t.territory
)

select * from final
