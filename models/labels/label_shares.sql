-- One row per prediction and snapshot whose horizon has passed: how often its label is 1, or what it waits for came.
-- The share is null below 500 customers, and of who was reached: so few, and whom no tool watches, may be of one class.

with

labels as (
    {%- for name, settings in var('predictions').items() %}
    select
        '{{ name }}' as prediction,
        as_of_date,
        {%- if settings.get('objective') == 'amount' %}
        case when label > 0 then 1 else 0 end as label
        {%- else %}
        {{ outcome_of(settings) }} as label
        {%- endif %}
    from {{ ref('label_' ~ name) }}
    {%- if settings.get('objective') == 'waiting_time' %}
    where known_days >= {{ settings.horizon_days }}
    {%- endif %}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

snapshots as (
    select * from {{ ref('timeline_snapshots') }}
),

-- days that are only judged teach nothing
counted as (
    select
        labels.prediction,
        labels.as_of_date,
        count(*) as customers_count,
        sum(labels.label) as positives_count
    from labels
    inner join snapshots
        on labels.as_of_date = snapshots.as_of_date
    group by
        labels.prediction,
        labels.as_of_date
),

final as (
    select
        prediction,
        as_of_date,
        customers_count,
        positives_count,
        case
            when customers_count >= 500 and prediction not like 'engagement%'
                then cast(positives_count as {{ column_type('number') }}) / customers_count
        end as positive_share
    from counted
)

select * from final
