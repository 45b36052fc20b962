-- One row per decision of a profile on messages by a channel.

with

consents as (
    select * from {{ source('crm', 'consents') }}
),

final as (
    select
        profile_id as source_record_id,
        channel,
        purpose,
        status = 'granted' as is_granted,
        cast(decided_at as {{ column_type('timestamp') }}) as decided_at,
        cast(loaded_at as {{ column_type('timestamp') }}) as loaded_at,
        'raw_crm.consents' as loaded_from
    from consents
)

select
    source_record_id,
    channel,
    purpose,
    is_granted,
    decided_at,
    loaded_at,
    loaded_from
from final
