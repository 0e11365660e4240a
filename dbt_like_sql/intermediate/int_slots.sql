with campaigns as (select * from {{ source('campaigns') }}),
communes as (select * from {{ source('communes') }}),
deposits as (select * from {{ source('deposits') }}),
campaign_sources as (select * from {{ ref('int_campaign_sources') }}),
catalogue as (select * from {{ source('demarches') }}),
thresholds as (select * from {{ source('thresholds') }}),
months as (select * from {{ source('months') }}),
words as (select * from {{ source('source_words') }}),

land as (
    select departement, count(*) as communes, sum(population) as population, max(vintage) as vintage
    from communes
    group by departement
),

handed_in as (
    select campaign, departement, count(*) as deposits
    from deposits
    where verdict <> 'refused'
    group by campaign, departement
),

lists as (
    select campaign, departement, line as list_source from campaign_sources where source = 'france_services'
),

in_force as (
    select c.campaign, count(*) as demarches, max(d.listed_on) as listed_on
    from campaigns as c
    inner join catalogue as d on {{ in_force('d', 'c.reference_date') }}
    group by c.campaign
),

catalogued as (
    select
        f.campaign, f.demarches,
        {{ filled('w.words', {'of_month': 'm.of_name', 'year': 'substr(f.listed_on, 1, 4)'}) }} as catalogue_source
    from in_force as f
    inner join months as m on m.month = substr(f.listed_on, 6, 2)
    inner join words as w on w.source = 'catalogue'
),

-- Of the lines in force, the one that began last.
reach as (
    select
        c.campaign, cast(t.near_minutes as integer) as near_minutes, cast(t.far_minutes as integer) as far_minutes,
        row_number() over (partition by c.campaign order by coalesce(t.valid_from, '') desc) as place
    from campaigns as c
    inner join thresholds as t on {{ in_force('t', 'c.reference_date') }}
),

named as (
    select
        c.campaign, l.departement, c.reference_date, r.near_minutes, r.far_minutes, l.communes, l.population,
        coalesce(h.deposits, 0) as deposits,
        case when h.departement is not null then {{ filled('v.words', {'campaign': 'c.campaign'}) }} end as survey_source,
        n.list_source,
        {{ filled('p.words', {'vintage': 'l.vintage'}) }} as population_source,
        i.catalogue_source, i.demarches
    from campaigns as c
    cross join land as l
    inner join reach as r on r.campaign = c.campaign and r.place = 1
    left join handed_in as h on h.campaign = c.campaign and h.departement = l.departement
    left join lists as n on n.campaign = c.campaign and n.departement = l.departement
    inner join catalogued as i on i.campaign = c.campaign
    inner join words as v on v.source = 'survey'
    inner join words as p on p.source = 'population'
),

final as (
    select
        campaign, departement, reference_date, near_minutes, far_minutes, communes, population, deposits, survey_source, list_source,
        population_source, catalogue_source, demarches,
        coalesce(survey_source || ' ; ', '') || coalesce(list_source || ' ; ', '') || population_source as trust_sources
    from named
)

select * from final
