-- One row per prediction with a champion: how far today's scores moved from those of the day on which it began to
-- score. Null where either day has too few scores to say.
-- depends_on: {{ ref('gate_scores') }}

{{ config(materialized='table') }}

with

bins as (
    select * from {{ ref('score_drift_bins') }}
),

champions as (
    select * from {{ ref('champions') }}
),

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

totals as (
    select
        prediction,
        max(baseline_date) as baseline_date,
        count(*) as bins_count,
        sum(scores_now) as total_now,
        sum(scores_before) as total_before,
        max(distance) as kolmogorov_smirnov
    from bins
    group by prediction
),

moved as (
    select
        bins.prediction,
        {{ population_stability_index(
            'bins.scores_now', 'bins.scores_before', 'totals.total_now', 'totals.total_before', 'totals.bins_count'
        ) }} as population_stability_index
    from bins
    inner join totals
        on bins.prediction = totals.prediction
    group by bins.prediction
),

final as (
    select
        champions.prediction,
        today.as_of_date,
        champions.model_id,
        totals.baseline_date,
        cast(totals.total_now as {{ column_type('count') }}) as scores_count,
        cast(totals.total_before as {{ column_type('count') }}) as baseline_scores_count,
        cast(moved.population_stability_index as {{ column_type('number') }}) as population_stability_index,
        cast(totals.kolmogorov_smirnov as {{ column_type('number') }}) as kolmogorov_smirnov
    from champions
    cross join today
    left join totals
        on champions.prediction = totals.prediction
    left join moved
        on champions.prediction = moved.prediction
)

select * from final
