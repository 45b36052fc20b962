-- One row per staged identifier of a record, with what became of it: kept, quarantined or deduplicated.
-- Each time that it was seen is kept once: on a shared computer, log-ins say whose turn it is.

with

staged as (
    {{ union_staging('identifiers', 'observed_at') }}
),

-- the first rule that a row breaks
judged as (
    select
        *,
        case
            when nullif(trim(source_record_id), '') is null then 'missing_source_record_id'
            when nullif(trim(identifier_type), '') is null then 'missing_identifier_type'
            when nullif(trim(identifier_value), '') is null then 'missing_identifier_value'
            when observed_at is null then 'missing_observed_at'
        end as rejection_reason
    from staged
),

compared as (
    select
        *,
        row_number() over (
            partition by
                source_name,
                source_record_id,
                identifier_type,
                identifier_value,
                observed_at,
                rejection_reason is null
            order by loaded_at desc, {{ input_columns('identifiers').keys() | join(', ') }}
        ) as version_number
    from judged
),

final as (
    select
        source_name,
        {%- for column in input_columns('identifiers') %}
        {{ column }},
        {%- endfor %}
        case
            when rejection_reason is not null then 'quarantined'
            when version_number > 1 then 'deduplicated'
            else 'kept'
        end as row_outcome,
        case
            when rejection_reason is not null then rejection_reason
            when version_number > 1 then 'repeated'
        end as row_reason
    from compared
)

select * from final
