-- One row per e-mail address and phone number of a person record.

with

records as (
    select * from {{ source('glue', 'glue') }}
),

final as (
    {%- for column in ['email', 'phone'] %}
    select
        record_id as source_record_id,
        '{{ column }}' as identifier_type,
        {{ column }} as identifier_value,
        loaded_at as observed_at,
        loaded_at,
        loaded_from
    from records
    where {{ column }} is not null
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select * from final
