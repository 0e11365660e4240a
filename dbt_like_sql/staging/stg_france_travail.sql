with national_places as (select * from {{ source('national_places') }}),

final as (
    select
        campaign, departement, source_id, name, service_type, operator, kind, insee, labelled_on, snapshot_date
    from national_places
    where source = 'france_travail'
)

select * from final
