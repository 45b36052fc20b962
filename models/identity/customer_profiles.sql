-- One row per customer: the golden record, each field from the record that was updated last and has it.
-- It holds PII: it stays in the build database and is published only by choice.
-- depends_on: {{ ref('gate_inputs') }}

{% set fields = [
    'first_name', 'last_name', 'birth_date', 'email', 'phone', 'address', 'city', 'postcode', 'country',
] %}

with

profiles as (
    select * from {{ ref('input_profiles') }}
),

identity_map as (
    select * from {{ ref('identity_map') }}
    where valid_to is null
),

records as (
    select
        identity_map.customer_id,
        profiles.*,
        coalesce(profiles.updated_at, profiles.created_at, profiles.loaded_at) as known_at
    from profiles
    inner join identity_map
        on
            profiles.source_name = identity_map.source_name
            and profiles.source_record_id = identity_map.source_record_id
),

latest_first as (
    select
        customer_id,
        {%- for field in fields %}
        {{ first_not_null(field, 'customer_id', 'known_at desc, source_name, source_record_id') }} as {{ field }},
        {%- endfor %}
        max(known_at) over (partition by customer_id) as updated_at,
        count(*) over (partition by customer_id) as records_count,
        row_number() over (
            partition by customer_id order by known_at desc, source_name, source_record_id
        ) as record_rank
    from records
),

final as (
    select
        customer_id,
        {%- for field in fields %}
        {{ field }},
        {%- endfor %}
        updated_at,
        records_count
    from latest_first
    where record_rank = 1
)

select * from final
