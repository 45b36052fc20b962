-- One row: the day that this run stands at, the last whole UTC day that is known.
-- The newest day of events may still be running, so the default is the day before it.

{{ config(pre_hook="{{ check_as_of_date() }}") }}

with

events as (
    select * from {{ ref('input_events') }}
),

final as (
    select
        {% if as_of_date() -%}
        {{ as_of_date() }} as as_of_date,
        {%- else -%}
        cast({{ dbt.dateadd('day', -1, 'max(cast(occurred_at as date))') }} as date) as as_of_date,
        {%- endif %}
        min(cast(occurred_at as date)) as first_event_date
    from events
)

select * from final
