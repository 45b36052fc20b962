-- One row per feature and order of magnitude, in this run and in the last good one: how many customers.
-- State: a run replaces the rows of the last good run, which stay beside them until the next one.

{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='append_new_columns',
    full_refresh=false,
    pre_hook=["{{ forget_replaced_rows() }}", "{{ replace_rows('replaced_by_run_id is null') }}"],
) }}

with

features as (
    select customer_features.*
    from {{ ref('customer_features') }} as customer_features
    inner join {{ ref('timeline_snapshots') }} as snapshots
        on customer_features.as_of_date = snapshots.as_of_date
    where snapshots.is_current
),

-- orders of magnitude: the same bins in every run, whatever its values
binned as (
    {%- for feature in feature_names() %}
    select
        as_of_date,
        '{{ feature }}' as feature_name,
        {{ magnitude(feature) }} as magnitude,
        count(*) as customers_count
    from features
    group by
        as_of_date,
        {{ magnitude(feature) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

final as (
    select
        cast('{{ invocation_id }}' as {{ column_type('text') }}) as run_id,
        cast(null as {{ column_type('text') }}) as replaced_by_run_id,
        cast(as_of_date as {{ column_type('date') }}) as as_of_date,
        cast(feature_name as {{ column_type('text') }}) as feature_name,
        cast(magnitude as {{ column_type('text') }}) as magnitude,
        cast(customers_count as {{ column_type('count') }}) as customers_count
    from binned
)

select * from final
