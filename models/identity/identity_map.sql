-- One row per source record and valid_from: the customer that it belongs to, valid_to null for the current one.
-- State: only records that are new or change their customer get a row; the row before is ended, and
-- re-opened when the run is undone.

{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='append_new_columns',
    full_refresh=false,
    transient=false,
    pre_hook="{{ end_rows(ref('identity_moves'), ['source_name', 'source_record_id'], 'customer_id') }}",
) }}

with

moves as (
    select * from {{ ref('identity_moves') }}
),

map_before as (
    {{ previous('identity_map', {
        'source_name': 'text', 'source_record_id': 'text', 'customer_id': 'text',
        'valid_to': 'timestamp', 'run_id': 'text',
    }) }}
),

-- as it stands after the hook: what is still there belongs to this customer already
current_rows as (
    select * from map_before
    where
        valid_to is null
        and run_id is not null
),

final as (
    select
        cast(moves.source_name as {{ column_type('text') }}) as source_name,
        cast(moves.source_record_id as {{ column_type('text') }}) as source_record_id,
        cast(moves.customer_id as {{ column_type('text') }}) as customer_id,
        cast(moves.linked_at as {{ column_type('timestamp') }}) as linked_at,
        cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S.%f") }}' as {{ column_type('timestamp') }}) as valid_from,
        cast(null as {{ column_type('timestamp') }}) as valid_to,
        cast(moves.as_of_date as {{ column_type('date') }}) as as_of_date,
        cast('{{ invocation_id }}' as {{ column_type('text') }}) as run_id,
        cast(null as {{ column_type('text') }}) as ended_by_run_id
    from moves
    left join current_rows
        on
            moves.source_name = current_rows.source_name
            and moves.source_record_id = current_rows.source_record_id
    where current_rows.source_record_id is null
)

select * from final
