-- One row per Sunday and pair of stages: how many customers moved from one to the other since the Sunday before.
-- From null: they became known. A stage between two Sundays isn't seen, so a customer moves at most once a week.

with

journey as (
    select * from {{ ref('timeline_journey') }}
),

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

weekly as (
    select
        customer_id,
        journey_stage,
        {{ week_end('valid_from') }} as first_week_end,
        {{ week_end('valid_to') }} as next_week_end
    from journey
),

seen as (
    select
        weekly.customer_id,
        weekly.first_week_end as week_end,
        weekly.journey_stage as to_stage,
        lag(weekly.journey_stage) over (
            partition by weekly.customer_id order by weekly.first_week_end
        ) as from_stage
    from weekly
    inner join today
        on weekly.first_week_end <= today.as_of_date
    where
        weekly.next_week_end is null
        or weekly.first_week_end < weekly.next_week_end
),

final as (
    select
        week_end,
        from_stage,
        to_stage,
        count(*) as customers_count
    from seen
    where
        from_stage is null
        or from_stage <> to_stage
    group by
        week_end,
        from_stage,
        to_stage
)

select * from final
