-- One row per customer and event type that this run lays out anew, from changes_from on, and what stays before.
-- From there on, since events are numbered: one that comes late moves the numbers of those after it.

with

changed_events as (
    select * from {{ ref('timeline_changed_events') }}
),

laid_out as (
    {{ previous('timeline_owned_events', {
        'customer_id': 'text', 'event_type': 'text', 'event_date': 'date', 'occurred_at': 'timestamp',
        'event_number': 'count',
    }) }}
),

changes as (
    select
        customer_id,
        event_type,
        min(event_date) as changes_from
    from changed_events
    group by
        customer_id,
        event_type
),

final as (
    select
        changes.customer_id,
        changes.event_type,
        changes.changes_from,
        coalesce(max(laid_out.event_number), 0) as events_before_count,
        max(case when laid_out.event_number is not null then laid_out.occurred_at end) as last_before_at
    from changes
    left join laid_out
        on
            changes.customer_id = laid_out.customer_id
            and changes.event_type = laid_out.event_type
            and changes.changes_from > laid_out.event_date
    group by
        changes.customer_id,
        changes.event_type,
        changes.changes_from
)

select * from final
