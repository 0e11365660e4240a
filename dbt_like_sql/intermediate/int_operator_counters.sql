with national_places as (select * from {{ source('national_places') }}),
source_links as (select * from {{ source('source_links') }}),

-- An operator's own list goes before the one that has the counters of all.
listed as (
    select p.campaign, p.departement, p.operator, p.source
    from national_places as p
    inner join source_links as l on l.source = p.source
    left join source_links as own on own.counters_of = p.operator
    where l.counters_of = p.operator or (l.counters_of = '*' and own.source is null)
),

final as (
    select campaign, departement, operator, count(*) as counters, max(source) as source
    from listed
    where operator is not null
    group by campaign, departement, operator
)

select * from final
