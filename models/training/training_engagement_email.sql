-- One row per (customer_id, as_of_date) of the engagement_email population: features, and the label once it is known.
-- depends_on: {{ ref('gate_features') }}

with

final as (
    {{ features_with_labels('engagement_email') }}
)

select * from final
