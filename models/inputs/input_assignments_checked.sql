-- One row per staged assignment to a campaign arm, with what became of it: kept, quarantined or deduplicated.
-- Of several versions of the same row the latest is kept.

with

staged as (
    {{ union_staging('assignments', 'assigned_at') }}
),

-- the first rule that a row breaks
judged as (
    select
        *,
        case
            when campaign_id is null then 'missing_campaign_id'
            when nullif(trim(source_record_id), '') is null then 'missing_source_record_id'
            when arm is null then 'missing_arm'
            when assigned_at is null then 'missing_assigned_at'
        end as rejection_reason
    from staged
),

compared as (
    select
        *,
        row_number() over (
            partition by source_name, campaign_id, source_record_id, rejection_reason is null
            order by assigned_at desc nulls last, loaded_at desc, {{ input_columns('assignments').keys() | join(', ') }}
        ) as version_number
    from judged
),

final as (
    select
        source_name,
        {%- for column in input_columns('assignments') %}
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
