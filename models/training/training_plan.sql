-- One row per prediction: whether to train it in this run and why, and the champion to beat.
-- A champion counts only if it was trained by as_of_date, so that standing at an earlier day is no leak.
-- depends_on: {{ ref('gate_features') }}

with

due_trainings as (
    select * from {{ ref('timeline_due_trainings') }}
),

registry as (
    {{ previous('model_registry', registry_columns()) }}
),

choices as (
    select * from {{ ref('champion_choices') }}
),

-- what an earlier run found due and trained: a run of a part of the project must not train it again
done as (
    select distinct
        prediction,
        run_id
    from registry
),

promoted as (
    select
        registry.*,
        row_number() over (
            partition by registry.prediction
            order by
                {{ champion_order() }}
        ) as champions_back
    from registry
    inner join due_trainings
        on
            registry.prediction = due_trainings.prediction
            and registry.as_of_date <= due_trainings.as_of_date
    left join choices
        on
            registry.prediction = choices.prediction
            and registry.model_id = choices.model_id
    where
        registry.status = 'promoted'
        or choices.model_id is not null
),

final as (
    select
        due_trainings.prediction,
        due_trainings.is_due and done.run_id is null as is_due,
        case when done.run_id is null then due_trainings.due_reason end as due_reason,
        due_trainings.settings,
        due_trainings.question,
        due_trainings.as_of_date,
        champions.model_id as champion_model_id,
        champions.features as champion_features,
        champions.parameters as champion_parameters,
        champions.metrics as champion_metrics
    from due_trainings
    left join promoted as champions
        on
            due_trainings.prediction = champions.prediction
            and champions.champions_back = 1
            and due_trainings.question = champions.question
    left join done
        on
            due_trainings.prediction = done.prediction
            and due_trainings.run_id = done.run_id
)

select * from final
