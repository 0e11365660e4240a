with slots as (select * from {{ ref('int_slots') }}),
access_shares as (select * from {{ ref('access_shares') }}),
demarche_shares as (select * from {{ ref('demarche_shares') }}),
demarche_matrix as (select * from {{ ref('demarche_matrix') }}),
operator_counters as (select * from {{ ref('int_operator_counters') }}),
place_demarches as (select * from {{ ref('int_place_demarches') }}),
discrepancies as (select * from {{ ref('discrepancies') }}),
campaign_sources as (select * from {{ ref('int_campaign_sources') }}),
places as (select * from {{ source('places') }}),
access_methods as (select * from {{ source('access_methods') }}),

within as (
    select
        a.campaign, a.departement, 'population_within' as key, 'threshold=' || a.threshold as dimension,
        'de la population à ' || a.threshold || ' minutes ou moins d’une France services fixe' as label,
        a.share as value, 'share' as unit,
        case when a.share is null then 'aucun temps de trajet ne peut être calculé' end as reason,
        a.population - a.population_not_computed as n,
        a.population_not_computed / nullif(a.population, 0) as missing,
        m.words as method,
        coalesce(s.list_source || ' ; ', '') || s.population_source as sources,
        case when a.threshold = s.near_minutes then 1 else 2 end as rank
    from access_shares as a
    inner join slots as s on s.campaign = a.campaign and s.departement = a.departement
    inner join access_methods as m on m.method = a.method
    where a.service = 'label:france_services'
),

labelled as (
    select
        campaign, departement,
        sum(case when in_france_services then 1 else 0 end) as listed,
        sum(case when in_france_services and kind = 'itinerant' then 1 else 0 end) as itinerant,
        sum(case when in_france_services and kind = 'antenne' then 1 else 0 end) as antennes,
        sum(case when in_france_services and (latitude is null or longitude is null) then 1 else 0 end) as without_point,
        sum(case when in_survey then 1 else 0 end) as surveyed,
        sum(case when in_survey and in_france_services then 1 else 0 end) as in_both
    from places
    group by campaign, departement
),

counted as (
    select s.campaign, s.departement, s.list_source, s.survey_source, s.reference_date,
        l.listed, l.itinerant, l.antennes, l.without_point, l.surveyed, l.in_both
    from slots as s
    left join labelled as l on l.campaign = s.campaign and l.departement = s.departement
),

france_services as (
    select
        campaign, departement, 'france_services' as key, '' as dimension,
        'France services dans la liste nationale, antennes et bus compris' as label,
        case when list_source is null then null else coalesce(listed, 0) * 1.0 end as value, 'places' as unit,
        case when list_source is null then 'la liste nationale est absente' end as reason,
        coalesce(listed, 0) * 1.0 as n,
        case when listed > 0 then without_point * 1.0 / listed end as missing,
        'lieux de la liste, un bus et une antenne comptant chacun pour un ; manque : part sans position' as method,
        coalesce(list_source, 'aucune') as sources, 3 as rank
    from counted
),

itinerant as (
    select
        campaign, departement, 'france_services' as key, 'kind=itinerant' as dimension,
        'France services itinérantes (bus), qui ne comptent pas dans les minutes' as label,
        case when list_source is null then null else coalesce(itinerant, 0) * 1.0 end as value, 'places' as unit,
        case when list_source is null then 'la liste nationale est absente' end as reason,
        coalesce(listed, 0) * 1.0 as n, cast(null as double precision) as missing,
        'lieux que la liste dit itinérants' as method, coalesce(list_source, 'aucune') as sources, 9 as rank
    from counted
),

declared as (
    select
        campaign, departement, 'survey_places' as key, '' as dimension,
        'lieux déclarés par l’enquête, doubles rassemblés' as label,
        case when survey_source is null then null else coalesce(surveyed, 0) * 1.0 end as value, 'places' as unit,
        case when survey_source is null then 'aucune enquête n’a été déposée' end as reason,
        coalesce(surveyed, 0) * 1.0 as n, cast(null as double precision) as missing,
        'lieux distincts après rapprochement' as method, coalesce(survey_source, 'aucune') as sources, 4 as rank
    from counted
),

in_both as (
    select
        campaign, departement, 'survey_and_list' as key, '' as dimension,
        'des France services de la liste nationale se retrouvent dans l’enquête' as label,
        case when survey_source is null or list_source is null then null else in_both * 1.0 / nullif(listed, 0) end as value,
        'share' as unit,
        case
            when survey_source is null then 'aucune enquête n’a été déposée'
            when list_source is null then 'la liste nationale est absente'
            when coalesce(listed, 0) = 0 then 'la liste nationale n’a aucun lieu dans ce département'
        end as reason,
        coalesce(listed, 0) * 1.0 as n, cast(null as double precision) as missing,
        'lieux de la liste rapprochés d’un lieu de l’enquête' as method,
        coalesce(survey_source || ' ; ', '') || coalesce(list_source, 'liste absente') as sources, 7 as rank
    from counted
),

known as (
    select campaign, departement, demarche_id,
        max(case when evidence = 'confirmed' then 1 else 0 end) as confirmed,
        max(case when evidence = 'by_label' then 1 else 0 end) as by_label
    from demarche_matrix
    group by campaign, departement, demarche_id
),

by_demarche as (
    select campaign, departement, sum(confirmed) as confirmed, sum(by_label) as by_label
    from known
    group by campaign, departement
),

-- A survey that speaks of no démarche confirms none and denies none.
silent as (
    select
        s.campaign, s.departement,
        case
            when s.survey_source is null then 'aucune enquête n’a été déposée'
            when count(p.place_id) = 0 then 'l’enquête ne dit rien des démarches'
        end as reason
    from slots as s
    left join place_demarches as p on p.campaign = s.campaign and p.departement = s.departement
    group by s.campaign, s.departement, s.survey_source
),

confirmed_demarches as (
    select
        s.campaign, s.departement, 'demarches_confirmed' as key, '' as dimension,
        'démarches sur ' || s.demarches || ' suivies pour lesquelles l’enquête confirme au moins un lieu d’aide'
            as label,
        case when q.reason is null then coalesce(k.confirmed, 0) * 1.0 end as value, 'demarches' as unit, q.reason,
        s.demarches * 1.0 as n, cast(null as double precision) as missing,
        'démarches dont un lieu au moins est confirmé par l’enquête ; le label seul ne confirme rien' as method,
        coalesce(s.survey_source || ' ; ', '') || s.catalogue_source as sources, 5 as rank
    from slots as s
    inner join silent as q on q.campaign = s.campaign and q.departement = s.departement
    left join by_demarche as k on k.campaign = s.campaign and k.departement = s.departement
),

by_label_demarches as (
    select
        s.campaign, s.departement, 'demarches_by_label' as key, '' as dimension,
        'démarches sur ' || s.demarches || ' suivies qu’au moins un lieu doit accompagner par son label'
            as label,
        case when s.list_source is null then null else coalesce(k.by_label, 0) * 1.0 end as value, 'demarches' as unit,
        case when s.list_source is null then 'la liste nationale est absente' end as reason,
        s.demarches * 1.0 as n, cast(null as double precision) as missing,
        'démarches des opérateurs du bouquet en vigueur, là où l’enquête ne dit rien' as method,
        coalesce(s.list_source || ' ; ', '') || s.catalogue_source as sources, 6 as rank
    from slots as s
    left join by_demarche as k on k.campaign = s.campaign and k.departement = s.departement
),

mean_shares as (
    select
        d.campaign, d.departement, 'demarche_coverage' as key,
        'threshold=' || s.near_minutes || ';verdict=' || d.verdict as dimension,
        case d.verdict
            when 'confirmed' then 'des habitants, en moyenne d’une démarche à l’autre, ont une aide confirmée à '
                || s.near_minutes || ' minutes ou moins'
            else 'des habitants, en moyenne d’une démarche à l’autre, n’ont à ' || s.near_minutes
                || ' minutes ou moins qu’une aide due par le label'
        end as label,
        case when d.verdict <> 'confirmed' or max(q.reason) is null
            then sum(d.population) / nullif(max(s.population) * count(*), 0) end as value,
        'share' as unit,
        case
            when d.verdict = 'confirmed' and max(q.reason) is not null then max(q.reason)
            when coalesce(max(s.population), 0) = 0 then 'aucune population n’est connue'
        end as reason,
        s.demarches * 1.0 as n, cast(null as double precision) as missing,
        'moyenne simple des parts de population des démarches du catalogue ; les deux parts ne s’additionnent pas' as method,
        s.trust_sources || ' ; ' || s.catalogue_source as sources,
        case d.verdict when 'confirmed' then 10 else 11 end as rank
    from demarche_shares as d
    inner join slots as s on s.campaign = d.campaign and s.departement = d.departement
    inner join silent as q on q.campaign = d.campaign and q.departement = d.departement
    where d.threshold = s.near_minutes and d.verdict in ('confirmed', 'by_label')
    group by d.campaign, d.departement, d.verdict, s.near_minutes, s.demarches, s.trust_sources, s.catalogue_source
),

different as (
    select campaign, departement, count(*) as found from discrepancies group by campaign, departement
),

differences as (
    select
        s.campaign, s.departement, 'discrepancies' as key, '' as dimension,
        'différences entre l’enquête et la liste nationale, chacune avec un geste pour la régler' as label,
        case when s.survey_source is null or s.list_source is null then null else coalesce(d.found, 0) * 1.0 end as value,
        'differences' as unit,
        case
            when s.survey_source is null then 'aucune enquête n’a été déposée'
            when s.list_source is null then 'la liste nationale est absente'
        end as reason,
        coalesce(d.found, 0) * 1.0 as n, cast(null as double precision) as missing,
        'lieux absents d’un côté, fermés, ou dont une valeur diffère' as method,
        coalesce(s.survey_source || ' ; ', '') || coalesce(s.list_source, 'liste absente') as sources, 8 as rank
    from slots as s
    left join different as d on d.campaign = s.campaign and d.departement = s.departement
),

counters as (
    select
        o.campaign, o.departement, 'operator_counters' as key, 'operator=' || o.operator as dimension,
        'guichets propres de l’opérateur' as label, o.counters * 1.0 as value, 'places' as unit,
        cast(null as varchar) as reason, o.counters * 1.0 as n, cast(null as double precision) as missing,
        'lieux que la liste de l’opérateur ou l’annuaire de l’administration dit ouverts au public' as method,
        coalesce(c.line, o.source) as sources, 20 as rank
    from operator_counters as o
    left join campaign_sources as c
        on c.campaign = o.campaign and c.departement = o.departement and c.source = o.source
),

not_claimed as (
    select
        s.campaign, s.departement, 'non_recours' as key, '' as dimension, 'taux de non-recours' as label,
        cast(null as double precision) as value, 'share' as unit,
        'aucun taux officiel n’existe au-dessous de la nation' as reason,
        cast(null as double precision) as n, cast(null as double precision) as missing,
        'sans objet' as method, 'aucune' as sources, 30 as rank
    from slots as s
),

gathered as (
    {% for part in (
        'within', 'france_services', 'itinerant', 'declared', 'in_both', 'confirmed_demarches',
        'by_label_demarches', 'mean_shares', 'differences', 'counters', 'not_claimed'
    ) %}
    select
        campaign, departement, key, dimension, label, value, unit, reason, n, missing, method, sources, rank
    from {{ part }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (
    select
        campaign, departement, key, dimension, label, value, unit, reason, n, missing, method, sources, rank,
        'departement' as territory_level, departement as territory_code,
        case when value is null then reason else 'computed' end as value_or_reason
    from gathered
)

select * from final
