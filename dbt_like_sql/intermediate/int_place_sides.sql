with place_values as (select * from {{ source('place_values') }}),
survey_places as (select * from {{ ref('stg_survey_places') }}),

-- Of several rows of one side that of the labelled house itself speaks for it, then the latest.
ranked as (
    select
        v.campaign, v.departement, v.place_id, v.field, v.source, v.value, v.compared, v.source_date, v.metres, v.precision,
        row_number() over (
            partition by v.campaign, v.departement, v.place_id, v.field, v.source
            order by
                case when s.service_type = 'france_services' then 0 else 1 end, coalesce(v.source_date, '') desc, v.value,
                v.source_id
        ) as turn
    from place_values as v
    left join survey_places as s
        on s.campaign = v.campaign and s.departement = v.departement and s.survey_place_id = v.source_id
        and v.source = 'survey'
    where v.source in ('survey', 'france_services')
),

survey as (select * from ranked where source = 'survey'),
listed as (select * from ranked where source = 'france_services'),

-- The sides agree where any row of the one says what any row of the other does.
final as (
    select
        l.campaign, l.departement, l.place_id, l.field,
        min(case when s.turn = 1 then s.value end) as survey_value,
        min(case when l.turn = 1 then l.value end) as national_value,
        min(case when s.turn = 1 then s.source_date end) as survey_date,
        min(case when s.turn = 1 then s.precision end) as survey_precision,
        min(case when l.turn = 1 then l.precision end) as national_precision,
        min(l.metres) as metres,
        max(case when s.compared = l.compared then 1 else 0 end) = 1 as same
    from listed as l
    inner join survey as s
        on s.campaign = l.campaign and s.departement = l.departement and s.place_id = l.place_id and s.field = l.field
    group by l.campaign, l.departement, l.place_id, l.field
)

select * from final
