with campaigns as (select * from {{ source('campaigns') }}),
communes as (select * from {{ source('communes') }}),
deposits as (select * from {{ source('deposits') }}),
campaign_sources as (select * from {{ ref('int_campaign_sources') }}),
catalogue as (select * from {{ source('demarches') }}),
thresholds as (select * from {{ source('thresholds') }}),
months as (select * from {{ source('months') }}),

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
    inner join catalogue as d
        on (d.valid_from is null or d.valid_from <= c.reference_date)
        and (d.valid_to is null or d.valid_to >= c.reference_date)
    group by c.campaign
),

catalogued as (
    select
        f.campaign, f.demarches,
        'Catalogue des démarches (service-public.fr, liste '
        || case when substr(m.name, 1, 1) in ('a', 'o') then 'd’' else 'de ' end || m.name || ' '
        || substr(f.listed_on, 1, 4) || ')' as catalogue_source
    from in_force as f
    inner join months as m on m.month = substr(f.listed_on, 6, 2)
),

-- Of the lines in force, the one that began last.
reach as (
    select
        c.campaign, cast(t.near_minutes as integer) as near_minutes, cast(t.far_minutes as integer) as far_minutes,
        row_number() over (partition by c.campaign order by coalesce(t.valid_from, '') desc) as place
    from campaigns as c
    inner join thresholds as t
        on (t.valid_from is null or t.valid_from <= c.reference_date)
        and (t.valid_to is null or t.valid_to >= c.reference_date)
),

named as (
    select
        c.campaign, l.departement, c.reference_date, r.near_minutes, r.far_minutes, l.communes, l.population,
        coalesce(h.deposits, 0) as deposits,
        case when h.deposits > 0 then 'Enquête de la préfecture (campagne ' || c.campaign || ')' end as survey_source,
        n.list_source,
        'Population des communes (Insee, code officiel géographique ' || l.vintage || ')' as population_source,
        i.catalogue_source, i.demarches
    from campaigns as c
    cross join land as l
    inner join reach as r on r.campaign = c.campaign and r.place = 1
    left join handed_in as h on h.campaign = c.campaign and h.departement = l.departement
    left join lists as n on n.campaign = c.campaign and n.departement = l.departement
    inner join catalogued as i on i.campaign = c.campaign
),

final as (
    select
        campaign, departement, reference_date, near_minutes, far_minutes, communes, population, deposits, survey_source, list_source,
        population_source, catalogue_source, demarches,
        case when survey_source is null then '' else survey_source || ' ; ' end
        || case when list_source is null then '' else list_source || ' ; ' end
        || population_source as trust_sources
    from named
)

select * from final
