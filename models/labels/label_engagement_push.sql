-- One row per (customer_id, as_of_date) of those whom we reached by push within the horizon: 1 when they answered
-- there, else 0. Who was sent nothing has no row: silence would say nothing of them.

{{ config(materialized='view') }}

with

final as (
    {{ engagement_labels('push') }}
)

select * from final
