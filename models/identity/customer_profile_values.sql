-- One row per customer and column of its profile that has a value: the value, and where it comes from.
-- It holds PII, as customer_profiles does, and stays in the build database.

with

survivors as (
    select * from {{ ref('identity_survivors') }}
),

final as (
    {%- for group in survivorship() %}
    {%- set last_group = loop.last %}
    {%- for column in group.columns %}
    select
        customer_id,
        '{{ column }}' as column_name,
        {{ column }} as profile_value,
        source_name,
        source_record_id,
        updated_at,
        known_at,
        '{{ group.rule }}' as survivorship_rule,
        {{ group.name }}_agreeing_count as agreeing_records_count,
        {{ group.name }}_is_last_resort as is_last_resort
    from survivors
    where {{ group.name }}_survives and {{ column }} is not null
    {%- if not (last_group and loop.last) %}

    union all
    {% endif %}
    {%- endfor %}
    {%- endfor %}
)

select * from final
