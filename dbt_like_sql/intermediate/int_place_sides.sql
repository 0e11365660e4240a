with place_values as (select * from {{ source('place_values') }}),

survey as (
    select campaign, departement, place_id, field, value, compared from place_values where source = 'survey'
),

listed as (
    select campaign, departement, place_id, field, min(value) as value, min(compared) as compared, max(source_date) as source_date
    from place_values
    where source = 'france_services'
    group by campaign, departement, place_id, field
),

final as (
    select
        l.campaign, l.departement, l.place_id, l.field,
        min(s.value) as survey_value, min(l.value) as national_value, max(l.source_date) as source_date,
        max(case when s.compared = l.compared then 1 else 0 end) = 1 as same
    from listed as l
    inner join survey as s
        on s.campaign = l.campaign and s.departement = l.departement and s.place_id = l.place_id and s.field = l.field
    group by l.campaign, l.departement, l.place_id, l.field
)

select * from final
