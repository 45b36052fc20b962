-- One row per e-mail address of a person record.

with

records as (
    select * from {{ source('er_fake_1000', 'er_fake_1000') }}
),

final as (
    select
        unique_id as source_record_id,
        'email' as identifier_type,
        email as identifier_value,
        loaded_at as observed_at,
        loaded_at,
        loaded_from
    from records
    where email is not null
)

select * from final
