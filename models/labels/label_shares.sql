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

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

-- days that are only judged teach nothing
counted as (
    select
        labels.prediction,
        labels.as_of_date,
        count(*) as customers_count,
        sum(labels.label) as positives_count
    from labels
    inner join snapshots
        on labels.as_of_date = snapshots.as_of_date
    group by
        labels.prediction,
        labels.as_of_date
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
