-- One row per (customer_id, as_of_date) of the engagement_sms population: features, and the label once it is known.
-- depends_on: {{ ref('gate_features') }}

with

final as (
    {{ features_with_labels('engagement_sms') }}
)

select * from final
