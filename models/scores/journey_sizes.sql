-- One row per week and stage of the journey: how many customers were in it when the week ended.
-- Counted from moves, so that no customer is looked at again for each of the weeks.
-- depends_on: {{ ref('gate_features') }}

{% set stages = ['aware', 'considering', 'first_purchase', 'active', 'loyal', 'at_risk', 'lapsed'] %}

with

moves as (
    select * from {{ ref('timeline_journey_moves') }}
),

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

stages as (
    {%- for stage in stages %}
    select
        '{{ stage }}' as journey_stage,
        {{ loop.index }} as stage_number
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

steps as (
    {%- for step in range(var('journey_weeks')) %}
    select {{ step }} as weeks_back
    {%- if not loop.last %} union all{% endif %}
    {%- endfor %}
),

-- whole weeks: the last one ends today or before
weeks as (
    select
        cast({{ dbt.dateadd('day', '-7 * steps.weeks_back', last_week_end('today.as_of_date')) }} as date) as week_end
    from today
    cross join steps
),

arrivals_and_departures as (
    select
        week_end as moved_week_end,
        to_stage as journey_stage,
        customers_count as size_change
    from moves

    union all

    select
        week_end as moved_week_end,
        from_stage as journey_stage,
        -customers_count as size_change
    from moves
    where from_stage is not null
),

first_weeks as (
    select min(week_end) as first_week_end
    from moves
),

sizes as (
    select
        weeks.week_end,
        stages.journey_stage,
        stages.stage_number,
        sum(coalesce(arrivals_and_departures.size_change, 0)) as customers_count
    from weeks
    cross join stages
    inner join first_weeks
        on weeks.week_end >= first_weeks.first_week_end
    left join arrivals_and_departures
        on
            stages.journey_stage = arrivals_and_departures.journey_stage
            and weeks.week_end >= arrivals_and_departures.moved_week_end
    group by
        weeks.week_end,
        stages.journey_stage,
        stages.stage_number
),

totals as (
    select
        week_end,
        cast(sum(customers_count) as {{ column_type('number') }}) as customers_count
    from sizes
    group by week_end
),

final as (
    select
        sizes.week_end,
        sizes.journey_stage,
        sizes.stage_number,
        cast(sizes.customers_count as {{ column_type('count') }}) as customers_count,
        sizes.customers_count / nullif(totals.customers_count, 0) as customers_share
    from sizes
    inner join totals
        on sizes.week_end = totals.week_end
)

select * from final
