-- One row per staged person record, with what became of it: kept, quarantined or deduplicated.
-- Of several versions of the same row the latest is kept.

with

staged as (
    {{ union_staging('profiles', 'coalesce(updated_at, created_at)') }}
),

-- the first rule that a row breaks
judged as (
    select
        *,
        case
            when nullif(trim(source_record_id), '') is null then 'missing_source_record_id'
        end as rejection_reason
    from staged
),

compared as (
    select
        *,
        row_number() over (
            partition by source_name, source_record_id, rejection_reason is null
            order by
                coalesce(updated_at, created_at, loaded_at) desc nulls last,
                loaded_at desc,
                {{ input_columns('profiles').keys() | join(', ') }}
        ) as version_number,
        max(loaded_at) over (partition by source_name, source_record_id, rejection_reason is null) as last_loaded_at
    from judged
),

final as (
    select
        source_name,
        {%- for column in input_columns('profiles') %}
        {{ column }},
        {%- endfor %}
        case
            when rejection_reason is not null then 'quarantined'
            when version_number > 1 then 'deduplicated'
            else 'kept'
        end as row_outcome,
        case
            when rejection_reason is not null then rejection_reason
            when version_number > 1 and loaded_at < last_loaded_at then 'later_version_kept'
            when version_number > 1 then 'other_version_kept'
        end as row_reason
    from compared
)

select * from final
