-- One row per prediction and snapshot whose horizon has passed: how often its label is 1.
-- The share is null below 500 customers: so few may well be of one class.

with

labels as (
    {%- for name in var('predictions') %}
    select
        '{{ name }}' as prediction,
        as_of_date,
        label
    from {{ ref('label_' ~ name) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

counted as (
    select
        prediction,
        as_of_date,
        count(*) as customers_count,
        sum(label) as positives_count
    from labels
    group by
        prediction,
        as_of_date
),

final as (
    select
        prediction,
        as_of_date,
        customers_count,
        positives_count,
        case
            when customers_count >= 500
                then cast(positives_count as {{ column_type('number') }}) / customers_count
        end as positive_share
    from counted
)

select * from final
