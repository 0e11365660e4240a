with survey_demarches as (select * from {{ source('survey_demarches') }}),

final as (
    select
        campaign, departement, deposit_id, sheet, "row" as row_number, survey_place_id, demarche_id, level,
        case level
            when 'accompaniment' then 1
            when 'appointment' then 2
            when 'information' then 3
            when 'orientation' then 4
            when 'none' then 5
            else 9
        end as level_rank,
        appointment
    from survey_demarches
    where demarche_id is not null and survey_place_id is not null
)

select * from final
