with place_values as (select * from {{ source('place_values') }}),

-- Of several rows of one side the latest speaks for it.
ranked as (
    select
        campaign, departement, place_id, field, source, value, compared, source_date, metres, precision,
        row_number() over (
            partition by campaign, departement, place_id, field, source
            order by coalesce(source_date, '') desc, value, source_id
        ) as turn
    from place_values
    where source in ('survey', 'france_services')
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
