-- One row per (customer_id, as_of_date) of the purchase population: features, and the label once it is known.
-- One query for both: training reads the rows with a label, scoring those of the current day.
-- depends_on: {{ ref('gate_features') }}

with

features as (
    select * from {{ ref('customer_features') }}
),

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

labels as (
    select * from {{ ref('label_purchase') }}
),

final as (
    select
        features.*,
        snapshots.is_current,
        labels.label
    from features
    inner join snapshots
        on features.as_of_date = snapshots.as_of_date
    left join labels
        on
            features.customer_id = labels.customer_id
            and features.as_of_date = labels.as_of_date
    where {{ var('predictions')['purchase']['population'] }}
)

select * from final
