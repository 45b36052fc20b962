-- One row per staged consent decision, with what became of it: kept, quarantined or deduplicated.
-- Of several versions of the same row the latest is kept.

with

staged as (
    {{ union_staging('consents', 'decided_at') }}
),

-- the first rule that a row breaks
judged as (
    select
        *,
        case
            when nullif(trim(source_record_id), '') is null then 'missing_source_record_id'
            when channel is null then 'missing_channel'
            when is_granted is null then 'missing_is_granted'
            when decided_at is null then 'missing_decided_at'
        end as rejection_reason
    from staged
),

compared as (
    select
        *,
        row_number() over (
            partition by source_name, source_record_id, channel, purpose, decided_at, rejection_reason is null
            order by loaded_at desc, {{ input_columns('consents').keys() | join(', ') }}
        ) as version_number
    from judged
),

final as (
    select
        source_name,
        {%- for column in input_columns('consents') %}
        {{ column }},
        {%- endfor %}
        case
            when rejection_reason is not null then 'quarantined'
            when version_number > 1 then 'deduplicated'
            else 'kept'
        end as row_outcome,
        case
            when rejection_reason is not null then rejection_reason
            when version_number > 1 then 'other_version_kept'
        end as row_reason
    from compared
)

select * from final
