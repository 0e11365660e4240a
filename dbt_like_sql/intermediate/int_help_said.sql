with slots as (select * from {{ ref('int_slots') }}),
demarche_matrix as (select * from {{ ref('demarche_matrix') }}),

said as (
    select
        campaign, departement,
        max(case when evidence in ('confirmed', 'orientation', 'none') then 1 else 0 end) as by_demarche,
        max(case when evidence = 'general' then 1 else 0 end) as in_general
    from demarche_matrix
    group by campaign, departement
),

final as (
    select
        s.campaign, s.departement,
        case
            when s.survey_source is null then 'no_survey'
            when d.by_demarche = 1 then 'by_demarche'
            when d.in_general = 1 then 'general'
            else 'silent'
        end as help_said
    from slots as s
    left join said as d on d.campaign = s.campaign and d.departement = s.departement
)

select * from final
