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

-- The sides agree where any row of the one says what any row of the other does.
sides as (
    select
        campaign, departement, place_id, field, value, source_date, metres, precision, turn,
        source = 'survey' as surveyed,
        case
            when compared is null then 0
            when min(source) over said <> max(source) over said then 1
            else 0
        end as agreed
    from ranked
    window said as (partition by campaign, departement, place_id, field, compared)
),

final as (
    select
        campaign, departement, place_id, field,
        min(case when surveyed and turn = 1 then value end) as survey_value,
        min(case when not surveyed and turn = 1 then value end) as national_value,
        min(case when surveyed and turn = 1 then source_date end) as survey_date,
        min(case when surveyed and turn = 1 then precision end) as survey_precision,
        min(case when not surveyed and turn = 1 then precision end) as national_precision,
        min(case when not surveyed then metres end) as metres,
        max(agreed) = 1 as same
    from sides
    group by campaign, departement, place_id, field
    having min(case when surveyed then 1 else 0 end) = 0 and max(case when surveyed then 1 else 0 end) = 1
)

select * from final
