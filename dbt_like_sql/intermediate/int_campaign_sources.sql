with campaign_sources as (select * from {{ source('campaign_sources') }}),
months as (select * from {{ source('months') }}),
words as (select * from {{ source('source_words') }}),
communes as (select * from {{ source('communes') }}),

departements as (select distinct departement from communes),

final as (
    select
        c.campaign, d.departement, c.source, c.state, c.as_of,
        {{ filled('w.words', {
            'title': 'c.title',
            'day': "case substr(c.as_of, 9, 2) when '01' then '1er' else ltrim(substr(c.as_of, 9, 2), '0') end",
            'month': 'm.name',
            'year': 'substr(c.as_of, 1, 4)',
        }) }} as line
    from campaign_sources as c
    cross join departements as d
    left join months as m on m.month = substr(c.as_of, 6, 2)
    left join words as w
        on w.source = case when c.as_of is not null then 'dated' when c.state <> 'absent' then 'undated' end
)

select * from final
