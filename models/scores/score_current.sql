-- One row per (customer_id, prediction): what the champions say of the current day.

{{ config(materialized='view') }}

with

final as (
    {%- for name in var('predictions') %}
    select
        customer_id,
        '{{ name }}' as prediction,
        {{ var('predictions')[name]['horizon_days'] }} as horizon_days,
        as_of_date as score_date,
        model_id,
        score,
        score_lower,
        score_upper,
        median_days,
        rules_score,
        unseen_categories_count,
        reasons
    from {{ ref('score_' ~ name) }}
    {%- if not loop.last %}

    union all
    {% endif %}
    {%- endfor %}
)

select * from final
