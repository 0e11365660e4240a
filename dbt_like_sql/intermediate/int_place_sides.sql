with place_values as (select * from {{ source('place_values') }}),

survey as (select * from place_values where source = 'survey'),
listed as (select * from place_values where source = 'france_services'),

-- The sides agree where any row of the one says what any row of the other does.
final as (
    select
        l.campaign, l.departement, l.place_id, l.field,
        min(s.value) as survey_value, min(l.value) as national_value,
        max(case when s.compared = l.compared then 1 else 0 end) = 1 as same
    from listed as l
    inner join survey as s
        on s.campaign = l.campaign and s.departement = l.departement and s.place_id = l.place_id and s.field = l.field
    group by l.campaign, l.departement, l.place_id, l.field
)

select * from final
