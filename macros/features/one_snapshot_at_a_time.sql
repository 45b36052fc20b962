{#
    How customer_features joins its families: one snapshot at a time. Joined at all days at once, each
    family would stand in memory whole, and so many of them don't fit: 500,000 customers at six days took
    more than 3 GB. The model itself is the current day; a post-hook adds each past one by the same SQL.

    Usage:  {{ config(post_hook="{{ add_past_snapshots() }}") }}
            … from {{ ref('feature_rfmt') }} where as_of_date = {{ current_snapshot() }}
#}

{# SQL: the day of the current snapshot. #}
{% macro current_snapshot() -%}
    (select snapshots.as_of_date from {{ ref('timeline_snapshots') }} as snapshots where snapshots.is_current)
{%- endmacro %}

{# The post-hook: the model's SQL once more for each past snapshot, the oldest first. #}
{% macro add_past_snapshots() %}
    {% if execute %}
        {% set past %}
            select cast(as_of_date as {{ column_type('text') }})
            from {{ ref('timeline_snapshots') }}
            where not is_current
            order by as_of_date
        {% endset %}
        {% for row in run_query(past).rows %}
            {% set day = "cast('" ~ row[0] ~ "' as date)" %}
            {% do run_query('insert into ' ~ this ~ ' ' ~ (sql | replace(current_snapshot(), day))) %}
        {% endfor %}
    {% endif %}
{% endmacro %}
