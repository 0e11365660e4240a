with places as (select * from {{ source('places') }}),
sides as (select * from {{ ref('int_place_sides') }}),
place_members as (select * from {{ source('place_members') }}),
survey_places as (select * from {{ ref('stg_survey_places') }}),
campaign_sources as (select * from {{ ref('int_campaign_sources') }}),

-- Without a survey there is nothing to compare.
surveyed as (select distinct campaign, departement from survey_places),

listed as (select campaign, departement, as_of from campaign_sources where source = 'france_services'),

closed as (
    select distinct m.campaign, m.departement, m.place_id
    from place_members as m
    inner join survey_places as s
        on s.campaign = m.campaign and s.departement = m.departement and s.survey_place_id = m.source_id
    where m.source = 'survey' and s.opening_hours in ('off', 'closed')
),

absent_from_list as (
    select
        p.campaign, p.departement, 'only_in_survey' as kind, p.place_id, p.name, p.insee, p.commune,
        cast(null as varchar) as field, cast(null as varchar) as survey_value, cast(null as varchar) as national_value,
        'Demander au porteur si le lieu est labellisé, puis faire inscrire le lieu à la liste nationale ou corriger son type.'
            as action
    from places as p
    where p.in_survey and not p.in_france_services and p.service_type = 'france_services'
),

absent_from_survey as (
    select
        p.campaign, p.departement, 'label_not_in_survey' as kind, p.place_id, p.name, p.insee, p.commune,
        cast(null as varchar) as field, cast(null as varchar) as survey_value, cast(null as varchar) as national_value,
        'Appeler le porteur pour savoir si le lieu reçoit, puis l’ajouter à l’enquête.' as action
    from places as p
    inner join surveyed as s on s.campaign = p.campaign and s.departement = p.departement
    where p.in_france_services and not p.in_survey
),

closed_or_moved as (
    select
        p.campaign, p.departement, 'closed_or_moved' as kind, p.place_id, p.name, p.insee, p.commune,
        cast(null as varchar) as field, cast(null as varchar) as survey_value, cast(null as varchar) as national_value,
        'Vérifier auprès du porteur, puis faire retirer le lieu de la liste nationale s’il a fermé.' as action
    from places as p
    inner join closed as c
        on c.campaign = p.campaign and c.departement = p.departement and c.place_id = p.place_id
    where p.in_france_services
),

value_differs as (
    select
        p.campaign, p.departement, 'value_differs' as kind, p.place_id, p.name, p.insee, p.commune,
        case when v.field = 'opening_hours' then 'hours' else v.field end as field,
        v.survey_value, v.national_value,
        'Appeler le lieu, puis corriger la source qui se trompe.' as action
    from places as p
    inner join sides as v
        on v.campaign = p.campaign and v.departement = p.departement and v.place_id = p.place_id
    left join closed as c
        on c.campaign = p.campaign and c.departement = p.departement and c.place_id = p.place_id
    where not v.same and c.place_id is null and v.field in ('opening_hours', 'phone', 'address', 'insee')
),

gathered as (
    {% for part in (
        'absent_from_list', 'absent_from_survey', 'closed_or_moved', 'value_differs'
    ) %}
    select
        campaign, departement, kind, place_id, name, insee, commune, field, survey_value, national_value,
        action
    from {{ part }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (
    select
        g.campaign, g.departement, g.kind, g.place_id, coalesce(g.name, g.place_id) as name, g.insee, g.commune, g.field,
        g.survey_value, g.national_value, 'france_services' as source, l.as_of as source_date, g.action
    from gathered as g
    left join listed as l on l.campaign = g.campaign and l.departement = g.departement
)

select * from final
