{#
    SQL: the sources that keep every version of a profile (var profile_versions_since), and the first day that
    they can speak of; null where that is every day. Without rows where no source does.

    Usage:   with sources as ({{ profile_sources() }})  →  source_name, first_date
#}
{% macro profile_sources() %}
    {%- set since = var('profile_versions_since') -%}
    {%- if since is not mapping -%}
        {% do exceptions.raise_compiler_error(
            "The var profile_versions_since is '" ~ since ~ "': name sources, each with a day or null, or write {}."
        ) %}
    {%- endif -%}
    {%- for source, day in since.items() %}
    select
        cast({{ sql_text(source) }} as {{ column_type('text') }}) as source_name,
        {%- if day is none %}
        cast(null as date) as first_date
        {%- else %}
        {{ checked_date(day, "The var profile_versions_since says " ~ source ~ ":") }} as first_date
        {%- endif %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- else %}
    select
        cast(null as {{ column_type('text') }}) as source_name,
        cast(null as date) as first_date
    where 1 = 0
    {%- endfor %}
{% endmacro %}
