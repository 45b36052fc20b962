-- One row per run, as BI reads it.
-- Whoever reads it reads what this run published, though its own row is still open while it publishes.
-- depends_on: {{ ref('gate_scores') }}

{{ config(materialized='view') }}

with

runs as (
    select * from {{ ref('runs') }}
),

final as (
    select
        run_id,
        target,
        command,
        case when run_id = '{{ invocation_id }}' and outcome = 'running' then 'published' else outcome end as outcome,
        as_of_date,
        started_at,
        finished_at,
        generation,
        versions,
        vars,
        failures,
        gates,
        row_accounting,
        models,
        nodes
    from runs
)

select * from final
