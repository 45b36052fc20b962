-- One row per prediction: its scores of today against their population, the registry, and the scores before.
-- The gate holds these figures against expectations/score_shifts.json.

with

bins as (
    select * from {{ ref('score_bins') }}
),

history as (
    select * from {{ ref('customer_score_history') }}
),

champions as (
    select
        prediction,
        model_id,
        booster_sha256 is not null as is_model,
        {{ json_number('metrics', 'base_rate') }} as holdout_base_rate
    from {{ ref('champions') }}
),

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

populations as (
    select * from {{ ref('score_populations') }}
),

totals as (
    select
        prediction,
        count(*) as bins_count,
        max(last_score_date) as last_score_date,
        sum(scores_now) as total_now,
        sum(scores_before) as total_before
    from bins
    group by prediction
),

moved as (
    select
        bins.prediction,
        {{ population_stability_index(
            'bins.scores_now', 'bins.scores_before', 'totals.total_now', 'totals.total_before', 'totals.bins_count'
        ) }} as shift
    from bins
    inner join totals
        on bins.prediction = totals.prediction
    where
        totals.total_now >= 500
        and totals.total_before >= 500
    group by bins.prediction
),

same_scores as (
    select
        prediction,
        score,
        count(*) as customers_count
    from history
    where run_id = '{{ invocation_id }}'
    group by
        prediction,
        score
),

scored as (
    select
        prediction,
        sum(customers_count) as scored_count,
        max(customers_count) as most_alike_count,
        -- summed as decimals: the order of summing changes nothing
        cast(sum(cast(score as {{ column_type('fraction') }}) * customers_count) as {{ column_type('number') }})
        / sum(customers_count) as mean_score
    from same_scores
    group by prediction
),

final as (
    select
        populations.prediction,
        today.as_of_date,
        champions.model_id,
        populations.population_count,
        coalesce(scored.scored_count, 0) as scored_count,
        case
            when champions.model_id is not null
                then
                    cast(coalesce(scored.scored_count, 0) as {{ column_type('number') }})
                    / nullif(populations.population_count, 0)
        end as scored_share,
        populations.unseen_categories_customers_count,
        cast(populations.unseen_categories_customers_count as {{ column_type('number') }})
        / nullif(scored.scored_count, 0) as unseen_categories_share,
        case
            -- the rules baseline has only so many scores
            when scored.scored_count >= 50 and champions.is_model
                then cast(scored.most_alike_count as {{ column_type('number') }}) / scored.scored_count
        end as most_alike_share,
        scored.mean_score,
        champions.holdout_base_rate,
        scored.mean_score / nullif(champions.holdout_base_rate, 0) as mean_over_base_rate,
        totals.last_score_date,
        moved.shift
    from populations
    cross join today
    left join champions on populations.prediction = champions.prediction
    left join scored on populations.prediction = scored.prediction
    left join totals on populations.prediction = totals.prediction
    left join moved on populations.prediction = moved.prediction
)

select * from final
