-- One row per (customer_id, as_of_date): everything a model may know of a customer on that day. Counts and amounts are
-- 0 where nothing happened; what can't be known (a gap, a last year) is null. The macro feature_families says what each
-- model feature_<family> brings; features of your own (var own_features) come last, null where their model has no row.
-- This is the SQL of the current day; the post-hook runs it for each past one.

{{ config(post_hook="{{ add_past_snapshots() }}") }}

{% set columns = [] %}
{% for family, features in feature_families().items() %}
{% for feature in features %}
{% set value = family ~ '.' ~ feature.name %}
{% do columns.append('coalesce(' ~ value ~ ', 0) as ' ~ feature.name if feature.missing == 'zero' else value) %}
{% endfor %}
{% endfor %}
{% for own in own_features() %}
{% for column in own.columns %}
{% do columns.append(own.model ~ '.' ~ column) %}
{% endfor %}
{% endfor %}

with

customer_snapshots as (
    select * from {{ ref('timeline_customer_snapshots') }}
    where as_of_date = {{ current_snapshot() }}
),

{% for family in feature_families() -%}
{{ family }} as (
    select * from {{ ref('feature_' ~ family) }}
    where as_of_date = {{ current_snapshot() }}
),

{% endfor -%}

{% for own in own_features() -%}
{{ own.model }} as (
    select * from {{ ref(own.model) }}
    where as_of_date = {{ current_snapshot() }}
),

{% endfor -%}
final as (
    select
        customer_snapshots.customer_id,
        customer_snapshots.as_of_date,
        {%- for column in columns %}
        {{ column }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from customer_snapshots
    {% for family in feature_families().keys() | list + own_features() | map(attribute='model') | list %}
    left join {{ family }}
        on
            customer_snapshots.customer_id = {{ family }}.customer_id
            and customer_snapshots.as_of_date = {{ family }}.as_of_date
    {% endfor %}
)

select * from final
