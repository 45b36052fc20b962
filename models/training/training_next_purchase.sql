-- One row per (customer_id, as_of_date) of the next_purchase population: features, and the label once it is known.
-- depends_on: {{ ref('gate_features') }}

with

final as (
    {{ features_with_labels('next_purchase') }}
)

select * from final
