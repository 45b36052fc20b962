-- One row per feature and order of magnitude, in this run and in the last good one: how many customers.
-- State: a run replaces the rows of the last good run, which stay beside them until the next one.

{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='append_new_columns',
    full_refresh=false,
    transient=false,
    pre_hook=["{{ forget_replaced_rows() }}", "{{ replace_rows('replaced_by_run_id is null') }}"],
) }}

with

magnitudes as (
    select * from {{ ref('feature_magnitudes') }}
    where population = 'everybody'
),

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

final as (
    select
        cast('{{ invocation_id }}' as {{ column_type('text') }}) as run_id,
        cast(null as {{ column_type('text') }}) as replaced_by_run_id,
        cast(today.as_of_date as {{ column_type('date') }}) as as_of_date,
        cast(magnitudes.feature_name as {{ column_type('text') }}) as feature_name,
        cast(magnitudes.magnitude as {{ column_type('text') }}) as magnitude,
        cast(magnitudes.customers_count as {{ column_type('count') }}) as customers_count
    from magnitudes
    cross join today
)

select * from final
