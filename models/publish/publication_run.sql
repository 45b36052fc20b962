-- One row: what publish writes down about this run. A prediction without a champion has no model id.

with

today as (
    select * from {{ ref('timeline_as_of_date') }}
),

champions as (
    select * from {{ ref('champions') }}
),

final as (
    select
        '{{ invocation_id }}' as run_id,
        today.as_of_date,
        {%- for name in var('predictions') %}
        max(case when champions.prediction = '{{ name }}' then champions.model_id end) as {{ name }}_model_id
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from today
    left join champions
        on today.as_of_date >= champions.trained_as_of_date
    group by today.as_of_date
)

select * from final
