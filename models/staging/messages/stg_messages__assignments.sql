-- One row per person chosen for a campaign, with the arm that chance put them in.

with

recipients as (
    select * from {{ source('messages', 'recipients') }}
),

final as (
    select
        campaign_id,
        subscriber_id as source_record_id,
        arm,
        cast(chosen_at as {{ column_type('timestamp') }}) as assigned_at,
        cast(loaded_at as {{ column_type('timestamp') }}) as loaded_at,
        'raw_messages.recipients' as loaded_from
    from recipients
)

select
    campaign_id,
    source_record_id,
    arm,
    assigned_at,
    loaded_at,
    loaded_from
from final
