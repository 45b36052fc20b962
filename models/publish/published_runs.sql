-- One row per run, as BI reads it: the run that is being published is a published one to whoever reads it.

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
        case when run_id = '{{ invocation_id }}' then 'published' else outcome end as outcome,
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
