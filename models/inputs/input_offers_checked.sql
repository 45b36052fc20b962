-- One row per staged offer, with what became of it: kept, quarantined or deduplicated.
-- Of several versions of the same row the latest is kept.

with

staged as (
    {{ union_staging('offers') }}
),

-- the first rule that a row breaks
judged as (
    select
        *,
        case
            when offer_id is null then 'missing_offer_id'
            when rule is null then 'missing_rule'
            when valid_to < valid_from then 'valid_to_before_valid_from'
        end as rejection_reason
    from staged
),

compared as (
    select
        *,
        row_number() over (
            partition by source_name, offer_id, rejection_reason is null
            order by loaded_at desc, {{ input_columns('offers').keys() | join(', ') }}
        ) as version_number,
        max(loaded_at) over (partition by source_name, offer_id, rejection_reason is null) as last_loaded_at
    from judged
),

final as (
    select
        source_name,
        {%- for column in input_columns('offers') %}
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
