-- One row per (customer_id, as_of_date): the 104 weeks up to as_of_date as a series of days with a purchase.
-- Week 0 is the last seven days. Only weeks with a purchase are looked at; all sums are of whole numbers.

{% set weeks = 104 %}
{% set number = column_type('number') %}

with

weekly as (
    select * from {{ ref('feature_weeks') }}
    where days_count > 0
),

stepped as (
    select
        *,
        lag(weeks_back, 1, -1) over (partition by customer_id, as_of_date order by weeks_back) as week_after,
        sum(days_count) over (
            partition by customer_id, as_of_date
            order by weeks_back
            rows between unbounded preceding and current row
        ) as days_since_week,
        sum(days_count) over (partition by customer_id, as_of_date) as all_days_count
    from weekly
),

-- CUSUM: how far the days since a week run ahead of, or behind, an even spread over all weeks
spread as (
    select
        *,
        weeks_back - week_after - 1 as silent_weeks,
        {{ weeks }} * days_since_week - (weeks_back + 1) * all_days_count as lead_after,
        {{ weeks }} * (days_since_week - days_count) - weeks_back * all_days_count as lead_before
    from stepped
),

turned as (
    select
        *,
        case when abs(lead_after) > abs(lead_before) then lead_after else lead_before end as lead_days,
        case when abs(lead_after) > abs(lead_before) then weeks_back + 1 else weeks_back end as turn_week
    from spread
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_id, as_of_date order by abs(lead_days) desc, turn_week
        ) as turn_number
    from turned
),

{% for lag_weeks in [4, 52] -%}
lagged_{{ lag_weeks }} as (
    select
        weekly.customer_id,
        weekly.as_of_date,
        sum(weekly.days_count * earlier.days_count) as products_sum
    from weekly
    inner join weekly as earlier
        on
            weekly.customer_id = earlier.customer_id
            and weekly.as_of_date = earlier.as_of_date
            and weekly.weeks_back + {{ lag_weeks }} = earlier.weeks_back
    group by weekly.customer_id, weekly.as_of_date
),

{% endfor -%}
sums as (
    select
        customer_id,
        as_of_date,
        count(*) as active_weeks_count,
        max(all_days_count) as days_sum,
        sum(days_count * days_count) as squares_sum,
        max(silent_weeks) as longest_silence_weeks,
        max(case when turn_number = 1 then turn_week end) as change_weeks_ago,
        max(case when turn_number = 1 then lead_days end) as change_lead,
        {%- for lag_weeks in [4, 52] %}
        sum(case when weeks_back < {{ weeks - lag_weeks }} then days_count else 0 end)
        + sum(case when weeks_back >= {{ lag_weeks }} then days_count else 0 end) as inner_sum_{{ lag_weeks }},
        {%- endfor %}
        sum(weeks_back * days_count) as weeks_sum
    from ranked
    group by customer_id, as_of_date
),

final as (
    select
        sums.customer_id,
        sums.as_of_date,
        sums.active_weeks_count as active_weeks_count_104w,
        sums.longest_silence_weeks as longest_silence_weeks_104w,
        sums.change_weeks_ago as change_weeks_ago_104w,
        cast(sums.change_lead as {{ number }}) / ({{ weeks }} * sums.days_sum) as change_strength_104w,
        {%- for lag_weeks in [4, 52] %}
        (
            cast(coalesce(lagged_{{ lag_weeks }}.products_sum, 0) as {{ number }}) * {{ weeks * weeks }}
            - cast(sums.days_sum * sums.inner_sum_{{ lag_weeks }} as {{ number }}) * {{ weeks }}
            + cast(sums.days_sum * sums.days_sum as {{ number }}) * {{ weeks - lag_weeks }}
        )
        / nullif({{ weeks }} * cast({{ weeks }} * sums.squares_sum - sums.days_sum * sums.days_sum as {{ number }}), 0)
            as autocorrelation_{{ lag_weeks }}w,
        {%- endfor %}
        cast(sums.weeks_sum as {{ number }}) / sums.days_sum as mean_weeks_ago_104w
    from sums
    {% for lag_weeks in [4, 52] %}
    left join lagged_{{ lag_weeks }}
        on
            sums.customer_id = lagged_{{ lag_weeks }}.customer_id
            and sums.as_of_date = lagged_{{ lag_weeks }}.as_of_date
    {% endfor %}
)

select * from final
