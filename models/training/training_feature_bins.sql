-- One row per prediction with a champion, feature and order of magnitude: how many customers of its population, on the
-- day on which the champion was trained and today.

with

champions as (
    select * from {{ ref('champions') }}
),

profile as (
    select * from {{ ref('training_profile') }}
),

magnitudes as (
    select * from {{ ref('feature_magnitudes') }}
),

predictions as ({{ prediction_populations() }}),

counted as (
    select
        champions.prediction,
        profile.feature_name,
        profile.magnitude,
        0 as customers_now,
        profile.customers_count as customers_before
    from champions
    inner join profile
        on champions.model_id = profile.model_id

    union all

    select
        champions.prediction,
        magnitudes.feature_name,
        magnitudes.magnitude,
        magnitudes.customers_count as customers_now,
        0 as customers_before
    from champions
    inner join predictions
        on champions.prediction = predictions.prediction
    inner join magnitudes
        on predictions.population = magnitudes.population
),

final as (
    select
        prediction,
        feature_name,
        magnitude,
        {{ magnitude_order('magnitude') }} as magnitude_order,
        cast(sum(customers_now) as {{ column_type('count') }}) as customers_now,
        cast(sum(customers_before) as {{ column_type('count') }}) as customers_before
    from counted
    group by
        prediction,
        feature_name,
        magnitude
)

select * from final
