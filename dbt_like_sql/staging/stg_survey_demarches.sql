with survey_demarches as (select * from {{ source('survey_demarches') }}),
help_levels as (select * from {{ source('help_levels') }}),

final as (
    select
        s.campaign, s.departement, s.deposit_id, s.sheet, s."row" as row_number, s.survey_place_id, s.demarche_id, s.level,
        coalesce(cast(h.rank as integer), 9) as level_rank, s.appointment
    from survey_demarches as s
    left join help_levels as h on h.level = s.level
    where s.demarche_id is not null and s.survey_place_id is not null
)

select * from final
