with national_places as (select * from {{ source('national_places') }}),
campaigns as (select * from {{ source('campaigns') }}),
bundles as (select * from {{ source('bundles') }}),
access_methods as (select * from {{ source('access_methods') }}),
source_words as (select * from {{ source('source_words') }}),
words as (select * from {{ source('indicator_words') }} where territory_level = 'nation'),
reasons as (select * from {{ source('indicator_reasons') }}),
slots as (select * from {{ ref('int_slots') }}),
access_shares as (select * from {{ ref('access_shares') }}),
overview as (select * from {{ ref('slot_overview') }}),

about as (
    select
        c.campaign, c.reference_date, max(s.list_source) as list_source, max(s.population_source) as population_source,
        max(s.near_minutes) as near_minutes, max(s.far_minutes) as far_minutes
    from campaigns as c
    left join slots as s on s.campaign = c.campaign
    group by c.campaign, c.reference_date
),

counted_by_territory as (
    select
        campaign, departement, count(*) as places,
        count(*) filter (where labelled_on <= '2022-01-31') as announced,
        count(*) filter (where labelled_on is null) as undated
    from national_places
    where source = 'france_services'
    group by campaign, departement
),

counted_list as (
    select
        campaign, sum(places) * 1.0 as places, sum(announced) * 1.0 as announced, sum(undated) * 1.0 as undated,
        count(*) as territories, count(*) filter (where announced > 20) * 1.0 as over_twenty
    from counted_by_territory
    group by campaign
),

known_list as (
    select
        a.campaign, a.list_source as source, l.places, l.announced, l.over_twenty, l.territories * 1.0 as territories,
        coalesce(l.territories, 0) as among, l.undated / nullif(l.places, 0) as missing,
        case when l.places is null then 'no_list' end as reason
    from about as a
    left join counted_list as l on l.campaign = a.campaign
),

announced as (
    select campaign, announced as value, places as n, missing, reason, source from known_list
),

per_departement as (
    select
        campaign, announced / nullif(territories, 0) as value, territories as n, missing, reason,
        source
    from known_list
),

over_twenty as (
    select campaign, among, over_twenty as value, territories as n, missing, reason, source
    from known_list
),

listed as (
    select campaign, places as value, places as n, reason, source from known_list
),

agents as (
    select campaign, 'nobody_counts' as reason from about
),

counted_operators as (
    select c.campaign, count(distinct b.operator) * 1.0 as operators
    from campaigns as c
    inner join bundles as b on {{ in_force('b', 'c.reference_date') }}
    group by c.campaign
),

in_bundle as (
    select o.campaign, o.operators as value, o.operators as n, w.words as source
    from counted_operators as o
    inner join source_words as w on w.source = 'bundles'
),

summed_shares as (
    select
        campaign, threshold, sum(population) as population, sum(population_within) as population_within,
        sum(population_not_computed) as population_not_computed, count(*) as departements,
        coalesce(max(nullif(method, 'not_computed')), 'not_computed') as method,
        count(distinct nullif(method, 'not_computed')) as methods,
        case when min(starts) = max(starts) then max(starts) else 'both' end as starts
    from access_shares
    where service = 'france_services'
    group by campaign, threshold
),

{% for reach in ('near', 'far') %}
within_{{ reach }} as (
    select
        s.campaign, s.departements as among, s.population_within / nullif(s.population - s.population_not_computed, 0) as value,
        s.population - s.population_not_computed as n, s.population_not_computed / nullif(s.population, 0) as missing,
        case s.methods when 0 then 'no_minutes' when 1 then null else 'methods_differ' end as reason,
        m.words as detail, a.list_source as first_source, coalesce(a.population_source, '') as source
    from summed_shares as s
    inner join about as a on a.campaign = s.campaign
    inner join access_methods as m on m.method = s.method and m.starts = s.starts
    where s.threshold = a.{{ reach }}_minutes
),
{% endfor %}

handed_in as (
    select
        campaign, count(*) filter (where not apart) as departements, count(*) filter (where handed_in) * 1.0 as handed_in
    from overview
    group by campaign
),

surveys as (
    select
        h.campaign, h.departements as among, h.handed_in as value, h.departements * 1.0 as n,
        {{ filled('w.words', {'campaign': 'h.campaign'}) }} as source
    from handed_in as h
    inner join source_words as w on w.source = 'surveys'
),

figures as (
    {{ union_by_name(
        {
            'announced': ['among', 'detail', 'first_source'],
            'per_departement': ['among', 'detail', 'first_source'],
            'over_twenty': ['detail', 'first_source'],
            'agents': ['among', 'value', 'n', 'missing', 'detail', 'first_source', 'source'],
            'in_bundle': ['among', 'missing', 'reason', 'detail', 'first_source'],
            'within_near': [],
            'within_far': [],
            'surveys': ['missing', 'reason', 'detail', 'first_source'],
            'listed': ['among', 'missing', 'detail', 'first_source'],
        },
        'figure',
        ['campaign'],
        {
            'among': 'bigint', 'value': 'double precision', 'n': 'double precision', 'missing': 'double precision',
            'reason': 'varchar', 'detail': 'varchar', 'first_source': 'varchar', 'source': 'varchar',
        },
    ) }}
),

final as (
    select
        f.campaign,
        {{ told_figure("'FR'", {
            'near': 'a.near_minutes', 'far': 'a.far_minutes', 'among': 'f.among', 'detail': 'f.detail'
        }) }}
    from figures as f
    inner join about as a on a.campaign = f.campaign
    inner join words as w on w.figure = f.figure
    left join reasons as r on r.reason = f.reason
)

select * from final
