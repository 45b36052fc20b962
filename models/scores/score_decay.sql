-- One row per prediction whose scores were judged: the newest judged day, against what the registry promised of the
-- model that scored on it. The gate holds it against expectations/score_decay.json.
-- Null where too few were judged, or the model was promised nothing: what chance moves is no decay.

with

performance as (
    select * from {{ ref('model_performance') }}
    where
        segment_kind = 'all'
        and scored_by = 'model'
),

registry as (
    select
        model_id,
        {{ json_number('metrics', 'auc') }} as promised_auc,
        {{ json_number('metrics', 'calibration_error') }} as promised_calibration_error
    from {{ ref('model_registry') }}
),

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

ranked as (
    select
        performance.*,
        today.as_of_date,
        row_number() over (
            partition by performance.prediction
            order by performance.score_date desc
        ) as days_back
    from performance
    inner join today
        on performance.last_date <= today.as_of_date
),

newest as (
    select
        *,
        customers_count >= 500
        and positives_count >= 50
        and customers_count - positives_count >= 50 as is_enough
    from ranked
    where days_back = 1
),

final as (
    select
        newest.prediction,
        newest.as_of_date,
        newest.score_date,
        newest.last_date,
        newest.model_id,
        newest.customers_count,
        newest.positives_count,
        newest.auc,
        newest.auc_upper,
        registry.promised_auc,
        case when newest.is_enough then registry.promised_auc - newest.auc_upper end as auc_shortfall,
        newest.calibration_error,
        newest.calibration_error_lower,
        registry.promised_calibration_error,
        case
            when newest.is_enough
                then newest.calibration_error_lower - registry.promised_calibration_error
        end as calibration_excess
    from newest
    left join registry
        on newest.model_id = registry.model_id
)

select * from final
