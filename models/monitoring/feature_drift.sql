-- One row per prediction with a champion and feature: how far the feature's distribution over the population moved
-- since the day on which the champion was trained. Null where either day has too few customers to say, and the distance
-- by Kolmogorov and Smirnov of categories, which have no order.
-- depends_on: {{ ref('gate_scores') }}

{{ config(materialized='table') }}

with

bins as (
    select * from {{ ref('training_feature_bins') }}
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
        feature_name,
        count(*) as bins_count,
        max(case when substring(magnitude, 1, 1) = '=' then 1 else 0 end) as has_categories,
        sum(customers_now) as total_now,
        sum(customers_before) as total_before,
        sum(case when magnitude = 'missing' then customers_now else 0 end) as missing_now,
        sum(case when magnitude = 'missing' then customers_before else 0 end) as missing_before
    from bins
    group by
        prediction,
        feature_name
),

-- a feature that is new since the training has no day to be held against
compared as (
    select
        bins.*,
        totals.bins_count,
        totals.total_now,
        totals.total_before,
        case
            when totals.has_categories = 0
                then {{ kolmogorov_smirnov_at(
                    'bins.customers_now', 'bins.customers_before', 'totals.total_now', 'totals.total_before',
                    'bins.prediction, bins.feature_name', 'bins.magnitude_order'
                ) }}
        end as distance
    from bins
    inner join totals
        on
            bins.prediction = totals.prediction
            and bins.feature_name = totals.feature_name
    where
        totals.total_now >= 500
        and totals.total_before >= 500
),

moved as (
    select
        prediction,
        feature_name,
        {{ population_stability_index('customers_now', 'customers_before', 'total_now', 'total_before', 'bins_count') }}
            as population_stability_index,
        max(distance) as kolmogorov_smirnov
    from compared
    group by
        prediction,
        feature_name
),

final as (
    select
        totals.prediction,
        totals.feature_name,
        today.as_of_date,
        champions.model_id,
        champions.trained_as_of_date as baseline_date,
        -- in the list of the features that it learnt from
        coalesce(replace(champions.features, '"' || totals.feature_name || '"', '') <> champions.features, false)
            as is_used,
        cast(totals.total_now as {{ column_type('count') }}) as customers_count,
        cast(totals.total_before as {{ column_type('count') }}) as baseline_customers_count,
        cast(totals.missing_now as {{ column_type('number') }}) / nullif(totals.total_now, 0) as missing_share,
        cast(totals.missing_before as {{ column_type('number') }}) / nullif(totals.total_before, 0)
            as baseline_missing_share,
        cast(moved.population_stability_index as {{ column_type('number') }}) as population_stability_index,
        cast(moved.kolmogorov_smirnov as {{ column_type('number') }}) as kolmogorov_smirnov
    from totals
    cross join today
    inner join champions
        on totals.prediction = champions.prediction
    left join moved
        on
            totals.prediction = moved.prediction
            and totals.feature_name = moved.feature_name
)

select * from final
