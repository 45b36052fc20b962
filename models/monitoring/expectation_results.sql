-- One row per run and expectation: what was expected, what was found, and which rows failed by their keys.
-- A view of the journal, so the rows of a red gate stand here too.

with

journal as (
    select * from {{ journal('expectation_results') }}
),

final as (
    select
        run_id,
        gate,
        suite,
        expectation_number,
        expectation,
        column_name,
        severity,
        is_met,
        observed,
        limits,
        failing_keys,
        code_version,
        checked_at
    from journal
)

select * from final
