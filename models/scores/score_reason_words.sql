-- One row per feature: what it means in the words of its documentation. They stand beside the reasons of a score.
-- depends_on: {{ ref('gate_features') }}

{% do check_reasons() %}

with

final as (
    {%- for meaning in feature_meanings() %}
    select
        {{ sql_text(meaning.feature) }} as feature,
        {{ sql_text(meaning.words) }} as words,
        {{ sql_text(meaning.unit) }} as unit
    {%- if not loop.last %}

    union all
    {% endif %}
    {%- else %}
    select
        '' as feature,
        '' as words,
        '' as unit
    where 1 = 0
    {%- endfor %}
)

select * from final
