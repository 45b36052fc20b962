{#
    The rows of every staging model that feeds an input (var `worlds`), one below the
    other, with the source's name; typed and empty where no source feeds it. Rows past
    the var `as_of_date` are not read.

    Arguments:  input       an input's name: 'events'
                read_until  the column that says when a row became known
    Usage:      with staged as ({{ union_staging('events', 'occurred_at') }})
#}
{% macro union_staging(input, read_until=none) %}
    {%- set columns = input_columns(input) -%}
    {%- set known = input_names() -%}
    {%- for source, inputs in world('sources').items() -%}
        {%- for listed in inputs if listed not in known -%}
            {% do exceptions.raise_compiler_error(
                "Source " ~ source ~ " of target " ~ target.name ~ " lists the input '" ~ listed
                ~ "' in dbt_project.yml: there are " ~ known | join(', ') ~ "."
            ) %}
        {%- endfor -%}
    {%- endfor -%}
    {%- set feeds = [] -%}
    {%- for source, inputs in world('sources').items() if input in inputs -%}
        {%- do feeds.append(source) -%}
    {%- endfor -%}
    {%- for source in feeds | sort %}
    select
        cast('{{ source }}' as {{ column_type('text') }}) as source_name,
        {%- for column, type in columns.items() %}
        cast({{ column }} as {{ column_type(type) }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('stg_' ~ source ~ '__' ~ input) }}
    {%- if read_until %}
    where {{ up_to_as_of_date(read_until) }}
    {%- endif %}
    {% if not loop.last %}union all{% endif %}
    {%- else %}
    select
        cast(null as {{ column_type('text') }}) as source_name,
        {%- for column, type in columns.items() %}
        cast(null as {{ column_type(type) }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    where 1 = 0
    {%- endfor %}
{% endmacro %}
