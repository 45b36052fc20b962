-- One row per training: what was trained on what, and how good it was. The model itself is in model_boosters.
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
    select * from {{ ref('train_' ~ name) }}
    {%- if not loop.last %} union all{% endif %}
    {%- endfor %}
),

registered as (
    {{ previous('model_registry', {'model_id': 'text'}) }}
),

-- a training that is repeated on the same data gives the same model: it stands once
final as (
    select
        {%- for column, type in registry_columns().items() if column not in ('run_id', 'trained_at') %}
        cast({{ column }} as {{ column_type(type) }}) as {{ column }},
        {%- endfor %}
        cast('{{ invocation_id }}' as {{ column_type('text') }}) as run_id,
        cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S.%f") }}' as {{ column_type('timestamp') }}) as trained_at
    from trained
    where
        part_number = 1
        and model_id not in (select registered.model_id from registered)
)

select * from final
