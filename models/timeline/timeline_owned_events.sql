-- One row per event of a known customer: whose it is, when it was known, which of its kind it is.
-- Kept from run to run: what timeline_changes names goes and is laid out anew, all else stays.
-- known_at is when the event and whose it is were both known; features look at no later one.

{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='sync_all_columns',
    pre_hook="{{ forget_changes() }}",
) }}

-- what is kept beside it is compared with it before it changes
-- depends_on: {{ ref('timeline_kept_tables') }}

with

events as (
    select * from {{ ref('input_events') }}
),

-- all, or those with a change
owners as (
    select * from {{ ref('timeline_owners') }}
    {%- if is_incremental() %}
    where customer_id in (select changes.customer_id from {{ ref('timeline_changes') }} as changes)
    {%- endif %}
),

over_cap as (
    select * from {{ ref('timeline_events_over_cap') }}
),

-- read where something is kept
changes as (  -- noqa: ST03
    select * from {{ ref('timeline_changes') }}
),

owned as (
    select
        events.*,
        owners.customer_id,
        owners.linked_at,
        owners.owner_print,
        {{ event_print('events') }} as event_print,
        cast(events.occurred_at as date) as event_date,
        over_cap.event_id is not null as is_over_cap
    from events
    inner join owners
        on {{ is_owned_by('events', 'owners') }}
    left join over_cap
        on
            events.source_name = over_cap.source_name
            and events.event_id = over_cap.event_id
),

-- all, or from the first change of this customer and kind on
laid_out as (
    select
        owned.*,
        {{ 'changes.events_before_count' if is_incremental() else '0' }} as events_before_count,
        {{ 'changes.last_before_at' if is_incremental() else 'cast(null as timestamp)' }} as last_before_at
    from owned
    {%- if is_incremental() %}
    inner join changes
        on
            owned.customer_id = changes.customer_id
            and owned.event_type = changes.event_type
            and owned.event_date >= changes.changes_from
    {%- endif %}
),

numbered as (
    select
        *,
        row_number() over (
            partition by customer_id, event_type, is_over_cap
            order by occurred_at, source_name, event_id
        ) as number_from_here,
        lag(occurred_at) over (
            partition by customer_id, event_type, is_over_cap
            order by occurred_at, source_name, event_id
        ) as previous_from_here
    from laid_out
),

final as (
    select
        customer_id,
        source_name,
        source_record_id,
        event_id,
        event_type,
        occurred_at,
        {{ latest('occurred_at', 'linked_at') }} as known_at,
        event_date,
        cast({{ latest('occurred_at', 'linked_at') }} as date) as known_date,
        {{ local_time('occurred_at', 'time_zone') }} as local_at,
        time_zone,
        channel,
        item_id,
        order_id,
        campaign_id,
        message_id,
        quantity,
        {{ in_reporting_currency('unit_price') }} as unit_price,
        {{ in_reporting_currency('discount_amount') }} as discount_amount,
        {{ in_reporting_currency('amount') }} as amount,
        currency,
        properties,
        case when not is_over_cap then events_before_count + number_from_here end as event_number,
        case
            when not is_over_cap
                then {{ dbt.datediff('coalesce(previous_from_here, last_before_at)', 'occurred_at', 'second') }}
        end as seconds_since_previous,
        event_print,
        owner_print
    from numbered
)

select * from final
