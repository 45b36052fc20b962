{#
    How timeline_days, timeline_orders, timeline_items and timeline_customer_days are kept: they are sums
    of rows laid out before them, and only the customers' days that timeline_changed_events names are
    added up anew. A table that timeline_kept_tables finds out of step is added up anew as a whole.

    Usage:  pre_hook="{{ forget_added_up() }}"
            … from {{ ref('timeline_owned_events') }} where {{ is_added_up('timeline_owned_events') }}
#}

{# The pre-hook: what this run adds up anew goes. #}
{% macro forget_added_up() %}
    {% if is_incremental() %}
        delete from {{ this }}
        where {{ is_added_up(this) }}
    {% endif %}
{% endmacro %}

{# SQL: whether a row is of a day that this run adds up: a changed one, or any where nothing is kept. #}
{% macro is_added_up(rows) -%}
    {% if is_incremental() and is_in_step() -%}
        exists (
            select 1
            from {{ ref('timeline_changed_events') }} as changed
            where
                changed.customer_id = {{ rows }}.customer_id
                and changed.event_date = {{ rows }}.event_date
        )
    {%- else -%}
        true
    {%- endif %}
{%- endmacro %}

{# Whether this model held the sum of what it should before this run changed anything. #}
{% macro is_in_step() %}
    {% if not execute %}
        {{ return(false) }}
    {% endif %}
    {% set kept = ref('timeline_kept_tables') %}
    {% set rows = run_query('select is_in_step from ' ~ kept ~ " where table_name = '" ~ this.name ~ "'").rows %}
    {{ return(rows | length == 1 and rows[0][0]) }}
{% endmacro %}
