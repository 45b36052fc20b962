-- One row per staged event, with what became of it: kept, quarantined or deduplicated.
-- Every row that was read stands here, so that nothing is lost and all can be counted.

with

staged as (
    {{ union_staging('events', 'occurred_at') }}
),

event_types as (
    select * from {{ ref('event_types') }}
),

-- the first rule that a row breaks
judged as (
    select
        staged.*,
        case
            when staged.event_id is null then 'missing_event_id'
            when nullif(trim(staged.source_record_id), '') is null then 'missing_source_record_id'
            when staged.occurred_at is null then 'missing_occurred_at'
            when staged.occurred_at > {{ dbt.dateadd('day', 1, 'staged.loaded_at') }} then 'occurred_after_loading'
            when event_types.event_type is null then 'unknown_event_type'
            when staged.event_type in ('purchase', 'return') and coalesce(staged.quantity, 0) <= 0
                then 'quantity_not_positive'
            when staged.event_type = 'purchase' and coalesce(staged.unit_price, 0) <= 0
                then 'unit_price_not_positive'
            when (event_types.is_revenue and staged.amount is null) or staged.amount < 0
                then 'amount_missing_or_negative'
            when staged.amount is not null and coalesce(staged.currency, '') <> '{{ world("reporting_currency") }}'
                then 'currency_without_rate'
        end as rejection_reason
    from staged
    left join event_types
        on staged.event_type = event_types.event_type
),

-- the same event delivered again: which delivery it is, within its file and over all
numbered as (
    select
        *,
        row_number() over (
            partition by source_name, event_id, loaded_from, rejection_reason is null
            order by loaded_at desc, {{ input_columns('events').keys() | join(', ') }}
        ) as number_in_file
    from judged
),

compared as (
    select
        *,
        row_number() over (
            partition by source_name, event_id, rejection_reason is null
            order by loaded_at desc, loaded_from, number_in_file
        ) as delivery_number,
        row_number() over (
            partition by source_name, event_id, rejection_reason is null, number_in_file
            order by loaded_at desc, loaded_from
        ) as file_number
    from numbered
),

final as (
    select
        source_name,
        {%- for column in input_columns('events') %}
        {{ column }},
        {%- endfor %}
        case
            when event_id is not null and delivery_number > 1 then 'deduplicated'
            when rejection_reason is not null then 'quarantined'
            else 'kept'
        end as row_outcome,
        case
            when event_id is null or delivery_number = 1 then rejection_reason
            when file_number > 1 then 'repeated_in_another_file'
            else 'repeated_in_the_same_file'
        end as row_reason
    from compared
)

select * from final
