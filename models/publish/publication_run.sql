-- One row: what publish writes down about this run, which passed every gate itself.
-- A prediction without a champion has no model id.

{{ config(pre_hook="{{ require_gates() }}") }}

with

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

champions as (
    select * from {{ ref('champions') }}
),

gates as (
    select failed_count from {{ ref('gate_inputs') }}
    union all
    select failed_count from {{ ref('gate_features') }}
    union all
    select failed_count from {{ ref('gate_scores') }}
),

warnings as (
    select sum(failed_count) as warnings_count
    from gates
),

final as (
    select
        '{{ invocation_id }}' as run_id,
        today.as_of_date,
        cast(max(warnings.warnings_count) as {{ column_type('count') }}) as warnings_count,
        {%- for name in var('predictions') %}
        max(case when champions.prediction = '{{ name }}' then champions.model_id end) as {{ name }}_model_id
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from today
    cross join warnings
    left join champions
        on today.as_of_date >= champions.trained_as_of_date
    group by today.as_of_date
)

select * from final
