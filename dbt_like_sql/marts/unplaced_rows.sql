with national_places as (select * from {{ source('national_places') }}),
slots as (select * from {{ ref('int_slots') }}),

final as (
    select n.campaign, n.departement, n.source, n.source_id, coalesce(n.name, n.source_id) as name
    from national_places as n
    inner join slots as s on s.campaign = n.campaign and s.departement = n.departement
    where n.insee is null
)

select * from final
