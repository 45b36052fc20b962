-- One row per prediction and alarm: why its champion should be trained anew, by the var retrain_limits. The next day's
-- run trains it, unless a training was done after baseline_date: whatever came of it, it saw what drifted.
-- depends_on: {{ ref('gate_scores') }}

{{ config(materialized='table') }}

with

-- without features of messages, which move with each campaign
feature_drift as (
    select * from {{ ref('feature_drift') }}
    where
        is_used
        and population_stability_index is not null
        and feature_name not in ({{ message_features() }})
),

score_drift as (
    select * from {{ ref('score_drift') }}
),

score_decay as (
    select * from {{ ref('score_decay') }}
),

drifted as (
    select
        prediction,
        as_of_date,
        model_id,
        baseline_date,
        cast(sum(
            case when population_stability_index > {{ retrain_limit('feature_shift') }} then 1 else 0 end
        ) as {{ column_type('number') }}) / count(*) as observed
    from feature_drift
    group by
        prediction,
        as_of_date,
        model_id,
        baseline_date
),

measured as (
    select
        prediction,
        'its features drifted' as alarm,
        as_of_date,
        model_id,
        baseline_date,
        observed,
        {{ retrain_limit('drifted_features_share') }} as alarm_above
    from drifted

    union all

    select
        prediction,
        'its scores drifted' as alarm,
        as_of_date,
        model_id,
        baseline_date,
        population_stability_index as observed,
        {{ retrain_limit('score_shift') }} as alarm_above
    from score_drift

    union all

    select
        prediction,
        'its scores were worse than promised' as alarm,
        as_of_date,
        model_id,
        score_date as baseline_date,
        auc_shortfall as observed,
        {{ retrain_limit('auc_shortfall') }} as alarm_above
    from score_decay
),

final as (
    select
        prediction,
        alarm,
        as_of_date,
        model_id,
        baseline_date,
        observed,
        alarm_above
    from measured
    where observed > alarm_above
)

select * from final
