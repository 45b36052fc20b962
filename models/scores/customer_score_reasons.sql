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
        cast({{ json_item('reasons', place, 'value') }} as {{ column_type('number') }}) as feature_value,
        cast({{ json_item('reasons', place, 'contribution') }} as {{ column_type('number') }}) as contribution
    from scored
    {%- if not loop.last %}

    union all
    {% endif %}
    {%- endfor %}
),

final as (
    select
        listed.customer_id,
        cast(listed.prediction as {{ column_type('text') }}) as prediction,
        listed.score_date,
        cast(listed.reason_rank as {{ column_type('integer') }}) as reason_rank,
        cast(listed.feature as {{ column_type('text') }}) as feature,
        cast(listed.words as {{ column_type('text') }}) as words,
        listed.feature_value,
        cast(units.unit as {{ column_type('text') }}) as unit,
        listed.contribution,
        cast(case when listed.contribution > 0 then 'up' else 'down' end as {{ column_type('text') }}) as direction,
        listed.model_id
    from listed
    left join units
        on listed.feature = units.feature
    where listed.feature is not null
)

select * from final
