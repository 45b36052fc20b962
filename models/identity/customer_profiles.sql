-- One row per customer: the golden record, each value by the rule of its column (var identity_survivorship).
-- It holds PII: it stays in the build database and is published only by choice.

with

survivors as (
    select * from {{ ref('identity_survivors') }}
),

final as (
    select
        customer_id,
        {%- for group in survivorship() %}
        {%- for column in group.columns %}
        {%- set type = column_type('date' if column == 'birth_date' else 'text') %}
        cast(max(case when {{ group.name }}_survives then {{ column }} end) as {{ type }}) as {{ column }},
        {%- endfor %}
        {%- endfor %}
        {%- for group in survivorship() %}
        {%- for column in group.columns %}
        max(
            case when {{ group.name }}_survives and {{ column }} is not null then source_name end
        ) as {{ column }}_source_name,
        {%- endfor %}
        {%- endfor %}
        max(updated_at) as updated_at,
        count(*) as records_count
    from survivors
    group by customer_id
)

select * from final
