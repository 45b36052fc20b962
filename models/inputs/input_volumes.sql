-- One row per source, input, day and whether it belongs to campaigns, in this run and in the last good one.
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

kept as (
    {%- for input, column in input_days().items() %}
    select
        source_name,
        '{{ input }}' as input_name,
        {{ 'cast(' ~ column ~ ' as date)' if column else 'cast(null as date)' }} as row_date,
        {{ 'campaign_id is not null' if input == 'events' else 'false' }} as belongs_to_campaign,
        {{ 'amount' if input == 'events' else 'cast(null as ' ~ column_type('amount') ~ ')' }} as amount
    from {{ ref('input_' ~ input) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

today as (
    select {{ last_known_day() }} as as_of_date
    from {{ ref('input_events') }}
),

counted as (
    select
        source_name,
        input_name,
        row_date,
        belongs_to_campaign,
        count(*) as rows_count,
        count(amount) as amounts_count,
        sum(amount) as total_amount
    from kept
    group by
        source_name,
        input_name,
        row_date,
        belongs_to_campaign
),

final as (
    select
        cast('{{ invocation_id }}' as {{ column_type('text') }}) as run_id,
        cast(null as {{ column_type('text') }}) as replaced_by_run_id,
        cast(today.as_of_date as {{ column_type('date') }}) as as_of_date,
        cast(counted.source_name as {{ column_type('text') }}) as source_name,
        cast(counted.input_name as {{ column_type('text') }}) as input_name,
        cast(counted.row_date as {{ column_type('date') }}) as row_date,
        cast(counted.rows_count as {{ column_type('count') }}) as rows_count,
        cast(counted.amounts_count as {{ column_type('count') }}) as amounts_count,
        cast(counted.total_amount as {{ column_type('total') }}) as total_amount,
        cast(counted.belongs_to_campaign as {{ column_type('boolean') }}) as belongs_to_campaign
    from counted
    cross join today
)

select * from final
