with places as (select * from {{ source('places') }}),
communes as (select * from {{ source('communes') }}),
sides as (select * from {{ ref('int_place_sides') }}),
place_members as (select * from {{ source('place_members') }}),
survey_places as (select * from {{ ref('stg_survey_places') }}),
waiting as (select * from {{ ref('int_pairs_waiting') }}),
hosts as (select * from {{ ref('int_hosts') }}),
place_values as (select * from {{ source('place_values') }}),
position_limits as (select * from {{ source('position_limits') }}),
campaign_sources as (select * from {{ ref('int_campaign_sources') }}),
words as (select * from {{ source('discrepancy_words') }}),
fictional_numbers as (select * from {{ source('fictional_numbers') }}),

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

-- What the survey itself says to be one, and that nothing links with the list.
said as (
    select p.campaign, p.departement, p.place_id, p.insee, p.latitude, p.longitude, s.name
    from survey_places as s
    inner join place_members as m
        on m.campaign = s.campaign and m.departement = s.departement and m.source = 'survey'
        and m.source_id = s.survey_place_id
    inner join places as p
        on p.campaign = m.campaign and p.departement = m.departement and p.place_id = m.place_id
    where
        not p.in_france_services
        and (
            p.service_type = 'france_services' or s.service_type = 'msap'
            or '|' || s.labels || '|' like '%|france_services|%'
        )
),

hosted as (select campaign, departement, place_id, min(host) as host from hosts group by campaign, departement, place_id),

settled as (
    select
        p.campaign, p.departement, p.place_id, p.name, p.insee, p.commune, p.service_type, p.in_survey,
        p.in_france_services, p.latitude, p.longitude, h.host
    from places as p
    left join doubtful as d on d.campaign = p.campaign and d.departement = p.departement and d.place_id = p.place_id
    left join hosted as h on h.campaign = p.campaign and h.departement = p.departement and h.place_id = p.place_id
    where d.place_id is null
),

-- A bus, or a stop of one: it has no address, and a list that holds a bus holds its stops.
moving as (
    select campaign, departement, place_id, in_france_services
    from places
    where
        kind = 'itinerant' or lower(name) like 'bus %' or lower(name) like '% bus %'
        or lower(name) like '%itin_rant%'  -- with its accent, which SQLite does not lower, or without
),

buses_listed as (select distinct campaign, departement from moving where in_france_services),

paired as (
    select
        p.campaign, p.departement, p.place_id, s.place_id as said_place_id, coalesce(s.name, s.place_id) as said_name,
        m.place_id is not null as moves, n.place_id is not null as said_moves, p.insee = s.insee as together,
        h.host_place_id is not null as hosts_it,
        a.epci is null or b.epci is null or a.epci = b.epci as neighbours,
        -- square of degrees of latitude; one of longitude is two thirds of it, near enough to say which is nearer
        (s.latitude - p.latitude) * (s.latitude - p.latitude)
        + (s.longitude - p.longitude) * (s.longitude - p.longitude) * 0.45 as away
    from settled as p
    inner join said as s on s.campaign = p.campaign and s.departement = p.departement
    left join moving as m on m.campaign = p.campaign and m.departement = p.departement and m.place_id = p.place_id
    left join moving as n on n.campaign = s.campaign and n.departement = s.departement and n.place_id = s.place_id
    left join communes as a on a.insee = p.insee
    left join communes as b on b.insee = s.insee
    left join hosts as h
        on h.campaign = p.campaign and h.departement = p.departement and h.place_id = p.place_id and h.host_place_id = s.place_id
    where p.in_france_services and not p.in_survey
),

-- A listed house and one that the survey says, in one commune, or two buses of neighbours: a person knows whether they are one.
perhaps as (
    select
        o.campaign, o.departement, o.place_id, o.said_place_id, o.said_name,
        row_number() over (
            partition by o.campaign, o.departement, o.place_id order by o.away nulls last, o.said_name, o.said_place_id
        ) as nearness
    from paired as o
    left join position_limits as l on l.limit_name = 'perhaps'
    where
        o.hosts_it
        or o.moves and o.said_moves and o.neighbours
        or not o.moves and not o.said_moves and o.together
        and (o.away is null or o.away * 111195 * 111195 <= cast(l.metres as double precision) * cast(l.metres as double precision))
),

perhaps_in_survey as (
    select p.campaign, p.departement, p.place_id, p.name, p.insee, p.commune, s.said_name as host
    from settled as p
    inner join perhaps as s on s.campaign = p.campaign and s.departement = p.departement and s.place_id = p.place_id
    where s.nearness = 1
),

only_in_survey as (
    select s.campaign, s.departement, s.place_id, s.name, s.insee, s.commune
    from settled as s
    left join moving as m on m.campaign = s.campaign and m.departement = s.departement and m.place_id = s.place_id
    left join buses_listed as b on b.campaign = s.campaign and b.departement = s.departement
    where
        s.in_survey and not s.in_france_services and s.service_type = 'france_services'
        and (m.place_id is null or b.departement is null)
        and not exists (
            select 1 from perhaps as q
            where q.campaign = s.campaign and q.departement = s.departement and q.said_place_id = s.place_id
        )
),

label_not_in_survey as (
    select p.campaign, p.departement, p.place_id, p.name, p.insee, p.commune
    from settled as p
    inner join surveyed as s on s.campaign = p.campaign and s.departement = p.departement
    left join perhaps_in_survey as q
        on q.campaign = p.campaign and q.departement = p.departement and q.place_id = p.place_id
    where p.in_france_services and not p.in_survey and p.host is null and q.place_id is null
),

host_in_survey as (
    select p.campaign, p.departement, p.place_id, p.name, p.insee, p.commune, p.host
    from settled as p
    left join perhaps_in_survey as q
        on q.campaign = p.campaign and q.departement = p.departement and q.place_id = p.place_id
    where p.in_france_services and not p.in_survey and p.host is not null and q.place_id is null
),

closed_or_moved as (
    select p.campaign, p.departement, p.place_id, p.name, p.insee, p.commune
    from places as p
    inner join closed as c
        on c.campaign = p.campaign and c.departement = p.departement and c.place_id = p.place_id
    where p.in_france_services
),

-- Two addresses of which the points are as good as one are two ways to say it.
compared as (
    select
        p.campaign, p.departement, p.place_id, p.name, p.insee, p.commune,
        case when v.field = 'opening_hours' then 'hours' else v.field end as field,
        v.survey_value, v.national_value, v.survey_date, v.survey_precision, v.national_precision,
        v.same, case when v.field in ('address', 'position') then point.metres end as metres
    from places as p
    inner join sides as v
        on v.campaign = p.campaign and v.departement = p.departement and v.place_id = p.place_id
    left join closed as c
        on c.campaign = p.campaign and c.departement = p.departement and c.place_id = p.place_id
    left join moving as m on m.campaign = p.campaign and m.departement = p.departement and m.place_id = p.place_id
    left join sides as point
        on point.campaign = p.campaign and point.departement = p.departement and point.place_id = p.place_id
        and point.field = 'position'
    where
        c.place_id is null and v.field in ('opening_hours', 'phone', 'address', 'insee', 'position')
        and (m.place_id is null or v.field in ('opening_hours', 'phone'))
),

-- A number kept for fiction stands for one that somebody masked: beside a real one it says nothing.
masked as (
    select
        c.campaign, c.departement, c.place_id,
        max(case when c.survey_value like '+33' || f.begins || '%' then 1 else 0 end) as survey,
        max(case when c.national_value like '+33' || f.begins || '%' then 1 else 0 end) as listed
    from compared as c
    cross join fictional_numbers as f
    where c.field = 'phone'
    group by c.campaign, c.departement, c.place_id
),

value_differs as (
    select
        c.campaign, c.departement, c.place_id, c.name, c.insee, c.commune, c.field, c.survey_value, c.national_value,
        c.survey_date, c.survey_precision, c.national_precision, c.metres
    from compared as c
    left join position_limits as one_door on one_door.limit_name = 'one_door'
    left join masked as k on k.campaign = c.campaign and k.departement = c.departement and k.place_id = c.place_id
    where
        not c.same
        and not (c.field = 'phone' and k.survey <> k.listed)
        and not (c.field = 'address' and c.metres is not null and c.metres <= cast(one_door.metres as double precision))
),

-- The same hours, of which one side alone says how one is received.
finer_detail as (
    select
        c.campaign, c.departement, c.place_id, c.name, c.insee, c.commune, c.field, c.survey_value, c.national_value,
        c.survey_date, c.survey_precision, c.national_precision, c.metres
    from compared as c
    where
        c.same and c.field = 'hours'
        and case when c.survey_value like '%"%' then 1 else 0 end
        <> case when c.national_value like '%"%' then 1 else 0 end
),

found as (
    {% set sided = [
        'field', 'survey_value', 'national_value', 'survey_date', 'survey_precision', 'national_precision',
        'metres',
    ] %}
    {{ union_by_name(
        {
            'only_in_survey': sided + ['host'], 'label_not_in_survey': sided + ['host'], 'perhaps_in_survey': sided,
            'host_in_survey': sided, 'closed_or_moved': sided + ['host'], 'value_differs': ['host'],
            'finer_detail': ['host'],
        },
        'kind',
        ['campaign', 'departement', 'place_id', 'name', 'insee', 'commune'],
        {
            'field': 'varchar', 'survey_value': 'varchar', 'national_value': 'varchar', 'survey_date': 'varchar',
            'survey_precision': 'varchar', 'national_precision': 'varchar',
            'metres': 'double precision', 'host': 'varchar',
        },
    ) }}
),

spoken as (
    select campaign, departement, place_id, max(source_date) as survey_date
    from place_values
    where source = 'survey'
    group by campaign, departement, place_id
),

named as (select * from sides where field = 'name' and not same),

final as (
    select
        f.campaign, f.departement, f.kind, f.place_id, coalesce(f.name, f.place_id) as name, f.insee, f.commune, f.field,
        f.survey_value, f.national_value, f.metres, f.survey_precision, f.national_precision, f.host,
        n.survey_value as survey_name, coalesce(f.survey_date, s.survey_date) as survey_date,
        'france_services' as source, l.as_of as source_date, p.phone, p.email, w.action
    from found as f
    inner join words as w on w.kind = f.kind
    inner join places as p
        on p.campaign = f.campaign and p.departement = f.departement and p.place_id = f.place_id
    left join named as n
        on n.campaign = f.campaign and n.departement = f.departement and n.place_id = f.place_id
    left join spoken as s
        on s.campaign = f.campaign and s.departement = f.departement and s.place_id = f.place_id
    left join listed as l on l.campaign = f.campaign and l.departement = f.departement
)

select * from final
