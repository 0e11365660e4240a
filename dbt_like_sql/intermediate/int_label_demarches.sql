with slots as (select * from {{ ref('int_slots') }}),
catalogue as (select * from {{ source('demarches') }}),
bundles as (select * from {{ source('bundles') }}),

final as (
    select
        s.campaign, s.departement, d.demarche_id, d.operator,
        exists (
            select 1
            from bundles as b
            where b.operator = d.operator and {{ in_force('b', 's.reference_date') }}
        ) as by_label
    from slots as s
    inner join catalogue as d on {{ in_force('d', 's.reference_date') }}
)

select * from final
