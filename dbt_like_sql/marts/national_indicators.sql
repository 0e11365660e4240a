with national_places as (select * from {{ source('national_places') }}),
campaigns as (select * from {{ source('campaigns') }}),
bundles as (select * from {{ source('bundles') }}),
access_methods as (select * from {{ source('access_methods') }}),
slots as (select * from {{ ref('int_slots') }}),
access_shares as (select * from {{ ref('access_shares') }}),
overview as (select * from {{ ref('slot_overview') }}),

about as (
    select
        c.campaign, c.reference_date, max(s.list_source) as list_source, max(s.population_source) as population_source,
        max(s.near_minutes) as near_minutes
    from campaigns as c
    left join slots as s on s.campaign = c.campaign
    group by c.campaign, c.reference_date
),

listed as (
    select
        campaign, departement,
        count(*) as places,
        sum(case when labelled_on <= '2022-01-31' then 1 else 0 end) as announced,
        sum(case when labelled_on is null then 1 else 0 end) as undated
    from national_places where source = 'france_services' group by campaign, departement
),

of_list as (
    select
        campaign, sum(places) as places, sum(announced) as announced, sum(undated) as undated,
        count(*) as territories,
        sum(case when announced > 20 then 1 else 0 end) as over_twenty
    from listed group by campaign
),

announced as (
    select
        a.campaign, 'announced_france_services' as key, '' as dimension,
        'France services labellisées au 31 janvier 2022 et encore dans la liste (annonce : « plus de 2 000 »)' as label,
        l.announced * 1.0 as value, 'places' as unit,
        case when l.places is null then 'la liste nationale est absente' end as reason,
        l.places * 1.0 as n, l.undated * 1.0 / nullif(l.places, 0) as missing,
        'lignes de la liste dont la date de label ne dépasse pas le 31 janvier 2022, antennes et bus compris ; celles qui ont perdu le label depuis manquent'
            as method,
        coalesce(a.list_source, 'aucune') as sources, 1 as rank
    from about as a left join of_list as l on l.campaign = a.campaign
),

per_departement as (
    select
        a.campaign, 'announced_per_departement' as key, '' as dimension,
        'points d’accueil par territoire en moyenne au 31 janvier 2022 (annonce : « plus de vingt par département »)' as label,
        l.announced * 1.0 / nullif(l.territories, 0) as value, 'places' as unit,
        case when l.places is null then 'la liste nationale est absente' end as reason,
        l.territories * 1.0 as n, l.undated * 1.0 / nullif(l.places, 0) as missing,
        'moyenne, et non plancher ; le nombre de points ne dit pas qui en est proche' as method,
        coalesce(a.list_source, 'aucune') as sources, 2 as rank
    from about as a left join of_list as l on l.campaign = a.campaign
),

over_twenty as (
    select
        a.campaign, 'territories_over_twenty' as key, '' as dimension,
        'territoires sur ' || coalesce(l.territories, 0) || ' ont plus de vingt points d’accueil au 31 janvier 2022' as label,
        l.over_twenty * 1.0 as value, 'departements' as unit,
        case when l.places is null then 'la liste nationale est absente' end as reason,
        l.territories * 1.0 as n, l.undated * 1.0 / nullif(l.places, 0) as missing,
        'territoires de la liste, collectivités sans département comprises' as method,
        coalesce(a.list_source, 'aucune') as sources, 3 as rank
    from about as a left join of_list as l on l.campaign = a.campaign
),

agents as (
    select
        a.campaign, 'announced_agents' as key, '' as dimension, 'agents formés (annonce : « 5 000 »)' as label,
        cast(null as double precision) as value, 'people' as unit, 'aucune source ouverte ne les compte' as reason,
        cast(null as double precision) as n, cast(null as double precision) as missing,
        'sans objet' as method, 'aucune' as sources, 4 as rank
    from about as a
),

in_bundle as (
    select
        c.campaign, 'bundle_operators' as key, '' as dimension,
        'opérateurs dans le bouquet en vigueur (annonce : « 9 services »)' as label,
        count(distinct b.operator) * 1.0 as value, 'operators' as unit, cast(null as varchar) as reason,
        count(distinct b.operator) * 1.0 as n, cast(null as double precision) as missing,
        'bouquet en vigueur à la date de la campagne' as method,
        'Sénat, rapport r21-778 (2022) ; liste relue des bouquets' as sources, 5 as rank
    from campaigns as c
    inner join bundles as b
        on (b.valid_from is null or b.valid_from <= c.reference_date)
        and (b.valid_to is null or b.valid_to >= c.reference_date)
    group by c.campaign
),

summed as (
    select
        campaign, threshold, sum(population) as population, sum(population_within) as population_within,
        sum(population_not_computed) as population_not_computed, count(*) as departements,
        max(case when method = 'not_computed' then '' else method end) as best_method,
        min(case when method = 'not_computed' then 'z' else method end) as other_method
    from access_shares where service = 'label:france_services' group by campaign, threshold
),

within as (
    select
        w.campaign, 'population_within' as key, 'threshold=' || w.threshold as dimension,
        'de la population de ' || w.departements || ' départements à ' || w.threshold
        || ' minutes ou moins d’une France services fixe' as label,
        case when w.best_method = w.other_method
            then w.population_within / nullif(w.population - w.population_not_computed, 0) end as value,
        'share' as unit,
        case
            when w.best_method = '' then 'aucun temps de trajet ne peut être calculé'
            when w.best_method <> w.other_method then 'temps par la route et temps estimés ne se mêlent pas'
        end as reason,
        w.population - w.population_not_computed as n,
        w.population_not_computed / nullif(w.population, 0) as missing,
        m.words as method,
        coalesce(a.list_source || ' ; ', '') || coalesce(a.population_source, '') as sources,
        case when w.threshold = a.near_minutes then 6 else 7 end as rank
    from summed as w
    inner join about as a on a.campaign = w.campaign
    inner join access_methods as m on m.method = coalesce(nullif(w.best_method, ''), 'not_computed')
),

surveys as (
    select
        o.campaign, 'surveys_handed_in' as key, '' as dimension,
        'départements sur ' || sum(case when o.apart then 0 else 1 end) || ' ont déposé leur enquête' as label,
        sum(case when o.handed_in then 1 else 0 end) * 1.0 as value, 'departements' as unit,
        cast(null as varchar) as reason, sum(case when o.apart then 0 else 1 end) * 1.0 as n,
        cast(null as double precision) as missing, 'dépôts non refusés' as method,
        'Enquêtes des préfectures (campagne ' || o.campaign || ')' as sources, 8 as rank
    from overview as o
    group by o.campaign
),

present as (
    select
        a.campaign, 'france_services' as key, '' as dimension,
        'France services dans la liste nationale, antennes et bus compris' as label,
        l.places * 1.0 as value, 'places' as unit,
        case when l.places is null then 'la liste nationale est absente' end as reason,
        l.places * 1.0 as n, cast(null as double precision) as missing, 'lignes de la liste' as method,
        coalesce(a.list_source, 'aucune') as sources, 9 as rank
    from about as a left join of_list as l on l.campaign = a.campaign
),

gathered as (
    {% for part in (
        'announced', 'per_departement', 'over_twenty', 'agents', 'in_bundle', 'within', 'surveys', 'present'
    ) %}
    select
        campaign, key, dimension, label, value, unit, reason, n, missing, method, sources, rank
    from {{ part }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (
    select
        campaign, key, dimension, label, value, unit, reason, n, missing, method, sources, rank,
        'nation' as territory_level, 'FR' as territory_code, case when value is null then reason else 'computed' end as value_or_reason
    from gathered
)

select * from final
