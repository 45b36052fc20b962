{#
    SQL: the rows of a training view: the features of a prediction's population, and its label once it is known.
    One query for both: training reads the rows with a label, scoring those of the current day.

    Usage:   {{ features_with_labels('churn') }}, in models that name gate_features as -- depends_on
#}
{% macro features_with_labels(prediction) -%}
    {%- set settings = var('predictions').get(prediction, {}) -%}
    {%- set waits = settings.get('objective') == 'waiting_time' -%}
    select
        features.*,
        snapshots.is_current,
        {%- if waits %}
        labels.is_censored,
        {%- endif %}
        labels.label
    from {{ ref('customer_features') }} as features
    inner join {{ ref('timeline_snapshots') }} as snapshots
        on features.as_of_date = snapshots.as_of_date
    left join {{ ref('label_' ~ prediction) }} as labels
        on
            features.customer_id = labels.customer_id
            and features.as_of_date = labels.as_of_date
    where {{ settings.get('population', 'false') }}
{%- endmacro %}
