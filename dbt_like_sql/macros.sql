{#- What several models say in the same words: each is a function in every model. -#}

{% macro in_force(row, day) -%}
({{ row }}.valid_from is null or {{ row }}.valid_from <= {{ day }})
        and ({{ row }}.valid_to is null or {{ row }}.valid_to >= {{ day }})
{%- endmacro %}

{# A sentence of a seed, each {name} in it filled with its value, or with nothing where there is none. #}
{% macro filled(sentence, values) -%}
{% for _ in values %}replace({% endfor %}{{ sentence }}
{%- for name, value in values.items() %}, '{{ '{' ~ name ~ '}' }}', coalesce(cast({{ value }} as varchar), '')){% endfor %}
{%- endmacro %}

{# Parts one under the other, each row with the name of its part; a part leaves out what of `types` it has nothing to say of. #}
{% macro union_by_name(parts, name, columns, types) -%}
{% for part, left_out in parts.items() %}
    select
        '{{ part }}' as {{ name }}, {{ columns | join(', ') }}
        {%- for column, type in types.items() %},
        {% if column in left_out %}cast(null as {{ type }}) as {% endif %}{{ column }}
        {%- endfor %}
    from {{ part }}
    {% if not loop.last %}union all{% endif %}
{% endfor %}
{%- endmacro %}

{# The columns of a figure: its row `f`, its words `w` filled with `values` and in the singular below two, the words `r` of why it is not computed. #}
{% macro told_figure(territory_code, values) -%}
w.key,
        {{ filled("coalesce(w.dimension, '')", values) }} as dimension,
        {{ filled("case when f.reason is null and f.value < 2 then coalesce(w.label_one, w.label) else w.label end", values) }} as label,
        case when f.reason is null then f.value end as value,
        w.unit, r.words as reason, f.n, f.missing,
        {{ filled('w.method', values) }} as method,
        coalesce(f.first_source || ' ; ', '') || coalesce(f.source, w.without_source) as sources,
        cast(w.rank as integer) as rank, w.territory_level, {{ territory_code }} as territory_code,
        case when f.reason is not null then r.words when f.value is not null then 'computed' end as value_or_reason
{%- endmacro %}
