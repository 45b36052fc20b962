-- One row per prediction: how many customers belong to its population today, and how many of those who were scored have
-- a category that the champion hasn't learnt.

with

scored as (
    select * from {{ ref('score_current') }}
),

populations as (
    {%- for name in var('predictions') %}
    select
        '{{ name }}' as prediction,
        count(*) as population_count
    from {{ ref('training_' ~ name) }}
    where is_current
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

unseen as (
    select
        prediction,
        sum(case when unseen_categories_count > 0 then 1 else 0 end) as unseen_categories_customers_count
    from scored
    group by prediction
),

final as (
    select
        populations.prediction,
        populations.population_count,
        cast(coalesce(unseen.unseen_categories_customers_count, 0) as {{ column_type('count') }})
            as unseen_categories_customers_count
    from populations
    left join unseen
        on populations.prediction = unseen.prediction
)

select * from final
