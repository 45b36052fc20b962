{# The column that dates the rows of each input, for counting them by day; none where no date says when. #}
{% macro input_days() %}
    {{ return({
        'profiles': 'created_at',
        'identifiers': 'observed_at',
        'events': 'occurred_at',
        'items': none,
        'consents': 'decided_at',
        'assignments': 'assigned_at',
        'offers': none,
    }) }}
{% endmacro %}

{# SQL: one row per source and input that the target's world names. #}
{% macro fed_inputs() %}
    {%- set feeds = [] -%}
    {%- for source, inputs in world('sources').items() -%}
        {%- for input in inputs -%}{%- do feeds.append([source, input]) -%}{%- endfor -%}
    {%- endfor -%}
    {%- for source, input in feeds | sort %}
    select
        cast('{{ source }}' as {{ column_type('text') }}) as source_name,
        cast('{{ input }}' as {{ column_type('text') }}) as input_name
    {% if not loop.last %}union all{% endif %}
    {%- else %}
    select
        cast(null as {{ column_type('text') }}) as source_name,
        cast(null as {{ column_type('text') }}) as input_name
    where 1 = 0
    {%- endfor %}
{% endmacro %}
