with slots as (select * from {{ ref('int_slots') }}),
catalogue as (select * from {{ source('demarches') }}),
bundles as (select * from {{ source('bundles') }}),

final as (
    select
        s.campaign, s.departement, d.demarche_id, d.operator,
        exists (
            select 1
            from bundles as b
            where b.operator = d.operator
            and (b.valid_from is null or b.valid_from <= s.reference_date)
            and (b.valid_to is null or b.valid_to >= s.reference_date)
        ) as by_label
    from slots as s
    inner join catalogue as d
        on (d.valid_from is null or d.valid_from <= s.reference_date)
        and (d.valid_to is null or d.valid_to >= s.reference_date)
)

select * from final
