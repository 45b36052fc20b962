{#
    SQL: the labels of a prediction that reads them off a label of several horizons, and perhaps channels.

    Usage:   {{ engagement_labels('email') }}, {{ revenue_labels('value_90d') }}
#}
{% macro engagement_labels(channel) -%}
    select
        customer_id,
        as_of_date,
        label
    from {{ ref('label_engagement') }}
    where
        channel = '{{ channel }}'
        and horizon_days = {{ horizon_of('engagement_' ~ channel) }}
{%- endmacro %}

{% macro revenue_labels(prediction) -%}
    select
        customer_id,
        as_of_date,
        revenue_amount as label
    from {{ ref('label_revenue') }}
    where horizon_days = {{ horizon_of(prediction) }}
{%- endmacro %}
