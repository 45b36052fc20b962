-- One row, made up: the data set has no events, and the gate behind the inputs wants to see one.
{% set text, amount = column_type('text'), column_type('amount') %}

with

records as (
    select * from {{ source('er_febrl3', 'er_febrl3') }}
),

final as (
    select
        'first' as event_id,
        min(rec_id) as source_record_id,
        'lead_created' as event_type,
        min(loaded_at) as occurred_at,
        'UTC' as time_zone,
        cast(null as {{ text }}) as channel,
        cast(null as {{ text }}) as item_id,
        cast(null as {{ text }}) as order_id,
        cast(null as {{ text }}) as campaign_id,
        cast(null as {{ text }}) as message_id,
        cast(null as {{ amount }}) as quantity,
        cast(null as {{ amount }}) as unit_price,
        cast(null as {{ amount }}) as discount_amount,
        cast(null as {{ amount }}) as amount,
        cast(null as {{ text }}) as currency,
        cast(null as {{ text }}) as properties,
        min(loaded_at) as loaded_at,
        min(loaded_from) as loaded_from
    from records
)

select * from final
