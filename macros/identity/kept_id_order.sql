{#
    SQL: in which order rows that stand under several ids of one customer count, only the first one of them: the row
    under the id that was kept, else the one under the id that was kept longest.

    Arguments:  retired_at   when the id of the row was given up (identity_redirects), null for one that was kept
                customer_id  the id that the row stands under
    Usage:      row_number() over (partition by … order by {{ kept_id_order('redirects.retired_at', 'history.customer_id') }})
#}
{% macro kept_id_order(retired_at, customer_id) -%}
    case when {{ retired_at }} is null then 0 else 1 end,
                {{ retired_at }} desc,
                {{ customer_id }}
{%- endmacro %}
