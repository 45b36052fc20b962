{#
    SQL: some columns of a row as JSON text, the same on every engine: keys in the order given,
    no blanks, null for null. Days are texts such as "2024-02-29", moments such as
    "2024-02-29 10:00:00.500000"; decimals keep all their digits: 9.9500.

    Snowflake's objects don't keep the order of their keys, and what its variants make of times
    and decimals is nowhere promised: so the text is put together column by column. It reads the
    same everywhere; only how control signs in texts are escaped, tab and line ends apart, is
    each engine's own.

    Arguments:  columns  column → its type: 'text', 'date', 'timestamp', 'boolean' or one of
                         column_type()'s whole numbers and decimals
    Usage:      {{ json_row({'email': 'text', 'created_at': 'timestamp'}) }}
#}
{% macro json_row(columns) -%}
    (
        '{'
        {%- for column, type in columns.items() %}
        || '{{ ',' if not loop.first }}"{{ column }}":' || coalesce({{ json_value(column, type) }}, 'null')
        {%- endfor %}
        || '}'
    )
{%- endmacro %}

{# SQL: one value as JSON text, or null. #}
{% macro json_value(column, type) -%}
    {%- if type == 'text' -%}
        {{ adapter.dispatch('json_text', 'regulars')(column) }}
    {%- elif type in ('date', 'timestamp') -%}
        '"' || {{ adapter.dispatch('written_time', 'regulars')(column, type) }} || '"'
    {%- elif type in ('amount', 'total', 'fraction', 'boolean', 'integer', 'count') -%}
        cast({{ column }} as {{ column_type('text') }})
    {%- else -%}
        {{ exceptions.raise_compiler_error(
            'json_row: engines write the type ' ~ type ~ ' of ' ~ column ~ ' each in their own way: cast it to text.'
        ) }}
    {%- endif -%}
{%- endmacro %}

{% macro duckdb__json_text(column) -%}
    cast(to_json({{ column }}) as varchar)
{%- endmacro %}

{% macro snowflake__json_text(column) -%}
    to_json(to_variant({{ column }}))
{%- endmacro %}

{% macro duckdb__written_time(column, type) -%}
    strftime({{ column }}, '%Y-%m-%d{{ " %H:%M:%S.%f" if type == "timestamp" }}')
{%- endmacro %}

{# with a format: without one, the session's settings decide #}
{% macro snowflake__written_time(column, type) -%}
    to_char({{ column }}, 'YYYY-MM-DD{{ " HH24:MI:SS.FF6" if type == "timestamp" }}')
{%- endmacro %}
