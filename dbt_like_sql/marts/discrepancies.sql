with places as (select * from {{ source('places') }}),
sides as (select * from {{ ref('int_place_sides') }}),
place_members as (select * from {{ source('place_members') }}),
survey_places as (select * from {{ ref('stg_survey_places') }}),
waiting as (select * from {{ ref('int_pairs_waiting') }}),
campaign_sources as (select * from {{ ref('int_campaign_sources') }}),
words as (select * from {{ source('discrepancy_words') }}),

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

-- Of a place that a person may yet recognise in another, nobody says that it is absent.
doubtful as (
    select campaign, departement, place_id from waiting
    union
    select campaign, departement, other_place_id as place_id from waiting
),

settled as (
    select p.campaign, p.departement, p.place_id, p.name, p.insee, p.commune, p.service_type, p.in_survey, p.in_france_services
    from places as p
    left join doubtful as d on d.campaign = p.campaign and d.departement = p.departement and d.place_id = p.place_id
    where d.place_id is null
),

only_in_survey as (
    select campaign, departement, place_id, name, insee, commune
    from settled
    where in_survey and not in_france_services and service_type = 'france_services'
),

label_not_in_survey as (
    select p.campaign, p.departement, p.place_id, p.name, p.insee, p.commune
    from settled as p
    inner join surveyed as s on s.campaign = p.campaign and s.departement = p.departement
    where p.in_france_services and not p.in_survey
),

closed_or_moved as (
    select p.campaign, p.departement, p.place_id, p.name, p.insee, p.commune
    from places as p
    inner join closed as c
        on c.campaign = p.campaign and c.departement = p.departement and c.place_id = p.place_id
    where p.in_france_services
),

value_differs as (
    select
        p.campaign, p.departement, p.place_id, p.name, p.insee, p.commune,
        case when v.field = 'opening_hours' then 'hours' else v.field end as field, v.survey_value, v.national_value
    from places as p
    inner join sides as v
        on v.campaign = p.campaign and v.departement = p.departement and v.place_id = p.place_id
    left join closed as c
        on c.campaign = p.campaign and c.departement = p.departement and c.place_id = p.place_id
    where not v.same and c.place_id is null and v.field in ('opening_hours', 'phone', 'address', 'insee')
),

found as (
    {% set one_value = ['field', 'survey_value', 'national_value'] %}
    {{ union_by_name(
        {'only_in_survey': one_value, 'label_not_in_survey': one_value, 'closed_or_moved': one_value, 'value_differs': []},
        'kind',
        ['campaign', 'departement', 'place_id', 'name', 'insee', 'commune'],
        {'field': 'varchar', 'survey_value': 'varchar', 'national_value': 'varchar'},
    ) }}
),

final as (
    select
        f.campaign, f.departement, f.kind, f.place_id, coalesce(f.name, f.place_id) as name, f.insee, f.commune, f.field,
        f.survey_value, f.national_value, 'france_services' as source, l.as_of as source_date, w.action
    from found as f
    inner join words as w on w.kind = f.kind
    left join listed as l on l.campaign = f.campaign and l.departement = f.departement
)

select * from final
