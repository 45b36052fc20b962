-- One row per model, feature and order of magnitude: how many customers of its population on the day of its training,
-- to hold later days against. Of that day, not of the days that it learnt from: season and growth move those from the
-- first day on, and no training would cure it.
-- State: it survives --full-refresh, and a red run takes its rows back.

{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='append_new_columns',
    full_refresh=false,
    transient=false,
) }}

with

registry as (
    select * from {{ ref('model_registry') }}
    where status in ('promoted', 'rejected')
),

profiled as (
    {{ previous('training_profile', {'model_id': 'text'}) }}
),

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

trained as (
    select registry.*
    from registry
    inner join today
        on registry.as_of_date = today.as_of_date
    where registry.model_id not in (select profiled.model_id from profiled)
),

predictions as ({{ prediction_populations() }}),

magnitudes as (
    select * from {{ ref('feature_magnitudes') }}
),

final as (
    select
        cast(trained.model_id as {{ column_type('text') }}) as model_id,
        cast(trained.prediction as {{ column_type('text') }}) as prediction,
        cast(trained.as_of_date as {{ column_type('date') }}) as as_of_date,
        cast(magnitudes.feature_name as {{ column_type('text') }}) as feature_name,
        cast(magnitudes.magnitude as {{ column_type('text') }}) as magnitude,
        cast(magnitudes.customers_count as {{ column_type('count') }}) as customers_count,
        cast('{{ invocation_id }}' as {{ column_type('text') }}) as run_id
    from trained
    inner join predictions
        on trained.prediction = predictions.prediction
    inner join magnitudes
        on predictions.population = magnitudes.population
)

select * from final
