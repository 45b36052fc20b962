-- One row per run, green or red: what it was, how it ended, and what it read and built.
-- A view of the journal that the hooks of every run write, so it also tells of a run that went red.

with

journal as (
    select * from {{ journal('runs') }}
),

final as (
    select
        run_id,
        target,
        command,
        outcome,
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
    from journal
)

select * from final
