-- One row per source, input, outcome and reason: where every row that was read went.
-- The rows of a source's input add up to what its staging model holds.

{% set inputs = input_names() %}

with

outcomes as (
    {%- for input in inputs %}
    select
        source_name,
        '{{ input }}' as input_name,
        row_outcome,
        row_reason
    from {{ ref('input_' ~ input ~ '_checked') }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

final as (
    select
        source_name,
        input_name,
        row_outcome,
        coalesce(row_reason, 'kept') as row_reason,
        count(*) as rows_count
    from outcomes
    group by source_name, input_name, row_outcome, coalesce(row_reason, 'kept')
)

select * from final
