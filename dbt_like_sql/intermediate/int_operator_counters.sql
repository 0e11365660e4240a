with la_poste as (select * from {{ ref('stg_la_poste') }}),
france_travail as (select * from {{ ref('stg_france_travail') }}),
annuaire as (select * from {{ ref('stg_annuaire') }}),

counters as (
    select campaign, departement, operator, 'la_poste' as source from la_poste
    union all
    select campaign, departement, operator, 'france_travail' as source from france_travail
    union all
    select campaign, departement, operator, 'annuaire' as source from annuaire
    where operator <> 'france_travail' and operator <> 'la_poste'
),

final as (
    select
        campaign, departement, operator, count(*) as counters, max(source) as source
    from counters
    where operator is not null
    group by campaign, departement, operator
)

select * from final
