-- One row: the gate that stands behind the scores, as this run passed it.
-- A critical expectation that isn't met stops the run here, in dbt run as in dbt build.

{{ config(pre_hook="{{ hold_gate('check_scores') }}") }}

with

results as (
    select * from {{ ref('check_scores') }}
),

final as (
    select
        run_id,
        gate,
        count(*) as expectations_count,
        sum(case when is_met then 0 else 1 end) as failed_count
    from results
    group by
        run_id,
        gate
)

select * from final
