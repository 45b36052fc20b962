-- One row per (customer_id, prediction, reason_rank): the features that push today's score most, the strongest first.
-- In words, so that who reads a score needs no list of features.

with

scored as (
    select * from {{ ref('score_current') }}
    where reasons is not null
),

units as (
    select
        feature,
        unit
    from {{ ref('score_reason_words') }}
),

-- as many as src/regulars/scoring/reasons.py lists
listed as (
    {%- for place in range(5) %}
    select
        customer_id,
        prediction,
        score_date,
        model_id,
        {{ place + 1 }} as reason_rank,
        {{ json_item('reasons', place, 'feature') }} as feature,
        {{ json_item('reasons', place, 'words') }} as words,
        {{ json_item('reasons', place, 'value') }} as told_value,
        cast({{ json_item('reasons', place, 'contribution') }} as {{ column_type('number') }}) as contribution
    from scored
    {%- if not loop.last %}

    union all
    {% endif %}
    {%- endfor %}
),

valued as (
    select
        *,
        {{ dbt.safe_cast('told_value', column_type('number')) }} as feature_value
    from listed
),

final as (
    select
        valued.customer_id,
        cast(valued.prediction as {{ column_type('text') }}) as prediction,
        valued.score_date,
        cast(valued.reason_rank as {{ column_type('integer') }}) as reason_rank,
        cast(valued.feature as {{ column_type('text') }}) as feature,
        cast(valued.words as {{ column_type('text') }}) as words,
        valued.feature_value,
        cast(case when valued.feature_value is null then valued.told_value end as {{ column_type('text') }})
            as feature_category,
        cast(units.unit as {{ column_type('text') }}) as unit,
        valued.contribution,
        cast(case when valued.contribution > 0 then 'up' else 'down' end as {{ column_type('text') }}) as direction,
        valued.model_id
    from valued
    left join units
        on valued.feature = units.feature
    where valued.feature is not null
)

select * from final
