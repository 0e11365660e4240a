with slots as (select * from {{ ref('int_slots') }}),
slot_counts as (select * from {{ ref('slot_counts') }}),
access_shares as (select * from {{ ref('access_shares') }}),
demarche_shares as (select * from {{ ref('demarche_shares') }}),
demarche_matrix as (select * from {{ ref('demarche_matrix') }}),
operator_counters as (select * from {{ ref('int_operator_counters') }}),
help_said as (select * from {{ ref('int_help_said') }}),
differing as (select * from {{ ref('discrepancies') }}),
campaign_sources as (select * from {{ ref('int_campaign_sources') }}),
access_methods as (select * from {{ source('access_methods') }}),
words as (select * from {{ source('indicator_words') }} where territory_level = 'departement'),
reasons as (select * from {{ source('indicator_reasons') }}),

{% for reach in ('near', 'far') %}
within_{{ reach }} as (
    select
        a.campaign, a.departement, a.share as value, case when a.share is null then 'no_minutes' end as reason,
        a.population - a.population_not_computed as n,
        a.population_not_computed / nullif(a.population, 0) as missing,
        m.words as detail, s.list_source as first_source, s.population_source as source
    from access_shares as a
    inner join slots as s on s.campaign = a.campaign and s.departement = a.departement
    inner join access_methods as m on m.method = a.method and m.starts = a.starts
    where a.service = 'france_services' and a.threshold = s.{{ reach }}_minutes
),
{% endfor %}

-- What each side lacks as a whole has no count.
known as (
    select
        s.campaign, s.departement, s.list_source, s.survey_source,
        c.listed * 1.0 as listed, c.listed_rows * 1.0 as listed_rows, c.listed_nowhere,
        c.itinerant * 1.0 as itinerant, c.surveyed * 1.0 as surveyed, c.without_point, c.in_both,
        case when s.list_source is null then 'no_list' end as without_list,
        case when s.survey_source is null then 'no_survey' end as without_survey
    from slots as s
    inner join slot_counts as c on c.campaign = s.campaign and c.departement = s.departement
),

france_services as (
    select
        campaign, departement, listed_rows as value, without_list as reason, listed_rows as n,
        (without_point + listed_nowhere) / nullif(listed_rows, 0) as missing, list_source as source
    from known
),

itinerant as (
    select
        campaign, departement, itinerant as value, without_list as reason, listed_rows as n,
        list_source as source
    from known
),

surveyed as (
    select
        campaign, departement, surveyed as value, without_survey as reason, surveyed as n,
        survey_source as source
    from known
),

in_both as (
    select
        campaign, departement, in_both / nullif(listed, 0) as value,
        coalesce(without_survey, without_list, case when listed = 0 then 'empty_list' end) as reason, listed as n,
        survey_source as first_source, list_source as source
    from known
),

counted_differences as (
    select campaign, departement, count(*) * 1.0 as found from differing group by campaign, departement
),

differences as (
    select
        k.campaign, k.departement, coalesce(d.found, 0.0) as value,
        coalesce(k.without_survey, k.without_list) as reason, coalesce(d.found, 0.0) as n,
        k.survey_source as first_source, k.list_source as source
    from known as k
    left join counted_differences as d on d.campaign = k.campaign and d.departement = k.departement
),

evident_demarches as (
    select
        campaign, departement,
        count(distinct case when evidence = 'confirmed' then demarche_id end) * 1.0 as confirmed,
        count(distinct case when evidence = 'by_label' then demarche_id end) * 1.0 as by_label
    from demarche_matrix
    group by campaign, departement
),

-- A survey that speaks of no démarche confirms none and denies none; it may say who helps all the same.
followed as (
    select
        s.campaign, s.departement, s.near_minutes, s.demarches * 1.0 as demarches, s.population, s.list_source, s.survey_source,
        s.catalogue_source, s.trust_sources, k.without_list,
        case h.help_said when 'no_survey' then h.help_said when 'silent' then 'silent_survey' when 'general' then 'general_survey' end
            as unconfirmed,
        case h.help_said when 'no_survey' then h.help_said when 'silent' then 'silent_survey' end as unhelped,
        coalesce(e.confirmed, 0.0) as confirmed, coalesce(e.by_label, 0.0) as by_label
    from slots as s
    inner join known as k on k.campaign = s.campaign and k.departement = s.departement
    inner join help_said as h on h.campaign = s.campaign and h.departement = s.departement
    left join evident_demarches as e on e.campaign = s.campaign and e.departement = s.departement
),

confirmed as (
    select
        campaign, departement, confirmed as value, unconfirmed as reason, demarches as n,
        survey_source as first_source, catalogue_source as source
    from followed
),

by_label as (
    select
        campaign, departement, by_label as value, without_list as reason, demarches as n,
        list_source as first_source, catalogue_source as source
    from followed
),

-- Databases add in their own order: beyond thirteen decimals a mean is not the same on each.
summed_shares as (
    select campaign, departement, threshold, verdict, round(avg(share) * 10000000000000.0) / 10000000000000.0 as share
    from demarche_shares
    group by campaign, departement, threshold, verdict
),

{% for verdict, unsaid in (('confirmed', 'f.unconfirmed'), ('by_label', 'null'), ('general', 'f.unhelped')) %}
mean_{{ verdict }} as (
    select
        f.campaign, f.departement, d.share as value,
        coalesce(
            {{ unsaid }},
            case when coalesce(f.population, 0) = 0 then 'no_population' when d.share is null then 'no_minutes' end
        ) as reason,
        f.demarches as n, f.trust_sources as first_source, f.catalogue_source as source
    from followed as f
    inner join summed_shares as d
        on d.campaign = f.campaign and d.departement = f.departement and d.threshold = f.near_minutes
    where d.verdict = '{{ verdict }}'
),
{% endfor %}

counters as (
    select
        o.campaign, o.departement, o.counters * 1.0 as value, o.counters * 1.0 as n,
        o.operator as detail, coalesce(c.line, o.source) as source
    from operator_counters as o
    left join campaign_sources as c
        on c.campaign = o.campaign and c.departement = o.departement and c.source = o.source
),

not_claimed as (
    select campaign, departement, 'no_local_rate' as reason from slots
),

figures as (
    {{ union_by_name(
        {
            'within_near': [],
            'within_far': [],
            'france_services': ['detail', 'first_source'],
            'itinerant': ['missing', 'detail', 'first_source'],
            'surveyed': ['missing', 'detail', 'first_source'],
            'in_both': ['missing', 'detail'],
            'differences': ['missing', 'detail'],
            'confirmed': ['missing', 'detail'],
            'by_label': ['missing', 'detail'],
            'mean_confirmed': ['missing', 'detail'],
            'mean_by_label': ['missing', 'detail'],
            'mean_general': ['missing', 'detail'],
            'counters': ['reason', 'missing', 'first_source'],
            'not_claimed': ['value', 'n', 'missing', 'detail', 'first_source', 'source'],
        },
        'figure',
        ['campaign', 'departement'],
        {
            'value': 'double precision', 'n': 'double precision', 'missing': 'double precision',
            'reason': 'varchar', 'detail': 'varchar', 'first_source': 'varchar', 'source': 'varchar',
        },
    ) }}
),

final as (
    select
        f.campaign, f.departement,
        {{ told_figure('f.departement', {
            'near': 's.near_minutes', 'far': 's.far_minutes', 'demarches': 's.demarches', 'detail': 'f.detail'
        }) }}
    from figures as f
    inner join slots as s on s.campaign = f.campaign and s.departement = f.departement
    inner join words as w on w.figure = f.figure
    left join reasons as r on r.reason = f.reason
)

select * from final
