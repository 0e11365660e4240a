with access_shares as (select * from {{ ref('access_shares') }}),
slots as (select * from {{ ref('int_slots') }}),

final as (
    select
        a.campaign, a.departement, a.service,
        {% for reach in ('near', 'far') %}
        max(case when a.threshold = s.{{ reach }}_minutes then a.share end) as share_{{ reach }},
        {% endfor %}
        max(a.method) as method
    from access_shares as a
    inner join slots as s on s.campaign = a.campaign and s.departement = a.departement
    group by a.campaign, a.departement, a.service
)

select * from final
