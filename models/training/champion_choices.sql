-- One row per prediction for which a person chose a model (regulars champion set): the last choice that this day may
-- know. It holds until a later training is promoted.
-- depends_on: {{ ref('gate_features') }}

{{ config(materialized='view') }}

with

choices as (
    select * from {{ journal('champion_choices') }}
),

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

ranked as (
    select
        choices.*,
        row_number() over (
            partition by choices.prediction
            order by choices.chosen_at desc, choices.model_id
        ) as choices_back
    from choices
    inner join today
        on choices.as_of_date <= today.as_of_date
),

final as (
    select
        prediction,
        model_id,
        as_of_date,
        chosen_at
    from ranked
    where choices_back = 1
)

select * from final
