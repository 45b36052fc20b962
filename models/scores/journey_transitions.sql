-- One row per week and pair of stages of the journey: customers in the one a week before, in the other at its end.
-- Who stayed is there too, from a stage to itself; from null: who became known in the week.
-- depends_on: {{ ref('gate_features') }}

with

moves as (
    select * from {{ ref('timeline_journey_moves') }}
),

sizes as (
    select * from {{ ref('journey_sizes') }}
),

arrivals as (
    select
        week_end,
        to_stage,
        sum(customers_count) as customers_count
    from moves
    group by
        week_end,
        to_stage
),

-- in the stage at the week's end, and not arrived in the week
stays as (
    select
        sizes.week_end,
        sizes.journey_stage as from_stage,
        sizes.journey_stage as to_stage,
        sizes.customers_count - coalesce(arrivals.customers_count, 0) as customers_count
    from sizes
    left join arrivals
        on
            sizes.week_end = arrivals.week_end
            and sizes.journey_stage = arrivals.to_stage
),

shown_weeks as (
    select week_end
    from sizes
    group by week_end
),

transitions as (
    select
        moves.week_end,
        moves.from_stage,
        moves.to_stage,
        moves.customers_count
    from moves
    inner join shown_weeks
        on moves.week_end = shown_weeks.week_end

    union all

    select
        week_end,
        from_stage,
        to_stage,
        customers_count
    from stays
    where customers_count > 0
),

final as (
    select
        week_end,
        from_stage,
        to_stage,
        cast(customers_count as {{ column_type('count') }}) as customers_count
    from transitions
)

select * from final
