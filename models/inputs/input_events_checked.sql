-- One row per staged event, with what became of it: kept, quarantined or deduplicated.
-- Every row that was read stands here, so that nothing is lost and all can be counted.

with

staged as (
    {{ union_staging('events', 'occurred_at') }}
),

event_types as (
    select * from {{ ref('event_types') }}
),

time_zones as (
    select * from {{ ref('time_zones') }}
),

currency_rates as (
    select * from {{ ref('currency_rates') }}
    where reporting_currency = '{{ world("reporting_currency") }}'
),

rates as (
    select
        currency,
        rate,
        valid_from,
        lead(valid_from) over (partition by currency order by valid_from) as valid_to
    from currency_rates
),

rated as (
    select
        staged.*,
        case
            when staged.currency = '{{ world("reporting_currency") }}' then 1
            else rates.rate
        end as reporting_rate
    from staged
    left join rates
        on
            staged.currency = rates.currency
            and cast(staged.occurred_at as date) >= rates.valid_from
            and (rates.valid_to is null or cast(staged.occurred_at as date) < rates.valid_to)
),

-- the first rule that a row breaks
judged as (
    select
        rated.*,
        case
            when rated.event_id is null then 'missing_event_id'
            when nullif(trim(rated.source_record_id), '') is null then 'missing_source_record_id'
            when rated.occurred_at is null then 'missing_occurred_at'
            when {{ is_too_early('rated.occurred_at') }} then 'occurred_too_early'
            when {{ is_after_loading('rated.occurred_at', 'rated.loaded_at') }} then 'occurred_after_loading'
            when event_types.event_type is null then 'unknown_event_type'
            when rated.event_type in ('purchase', 'return') and coalesce(rated.quantity, 0) <= 0
                then 'quantity_not_positive'
            when rated.event_type = 'purchase' and coalesce(rated.unit_price, 0) <= 0
                then 'unit_price_not_positive'
            when (event_types.is_revenue and rated.amount is null) or rated.amount < 0
                then 'amount_missing_or_negative'
            when rated.quantity < 0 or rated.unit_price < 0 or rated.discount_amount < 0 then 'negative_number'
            when rated.amount is not null and rated.reporting_rate is null then 'currency_without_rate'
            when rated.time_zone is not null and time_zones.time_zone is null then 'unknown_time_zone'
        end as rejection_reason
    from rated
    left join event_types
        on rated.event_type = event_types.event_type
    left join time_zones
        on rated.time_zone = time_zones.time_zone
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
        cast(reporting_rate as {{ column_type('fraction') }}) as reporting_rate,
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
