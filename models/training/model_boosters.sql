-- One row per (model_id, part_number): the model itself, in parts that every engine can hold.
-- State: it survives --full-refresh. docs/reference says how to reset it.

{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='append_new_columns',
    full_refresh=false,
    transient=false,
) }}

with

trained as (
    {%- for name in var('predictions') %}
    select
        model_id,
        part_number,
        booster,
        amount_booster
    from {{ ref('train_' ~ name) }}
    {%- if not loop.last %} union all{% endif %}
    {%- endfor %}
),

kept as (
    {{ previous('model_boosters', {'model_id': 'text'}) }}
),

final as (
    select
        model_id,
        cast(part_number as {{ column_type('integer') }}) as part_number,
        cast(booster as {{ column_type('bytes') }}) as booster,
        cast(amount_booster as {{ column_type('bytes') }}) as amount_booster,
        cast('{{ invocation_id }}' as {{ column_type('text') }}) as run_id
    from trained
    where
        -- the second one may need more parts than the first
        coalesce(booster, amount_booster) is not null
        and model_id not in (select kept.model_id from kept)
)

select * from final
