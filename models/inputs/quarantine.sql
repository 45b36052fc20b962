-- One row per rejected row of any input, with its reason and its whole content as JSON.
-- Mend it at the source and load again: the next run takes it in.

{% set inputs = input_names() %}

with

rejected as (
    {%- for input in inputs %}
    select
        source_name,
        '{{ input }}' as input_name,
        row_reason as rejection_reason,
        {{ json_row(input_columns(input)) }} as row_content,
        loaded_from,
        loaded_at
    from {{ ref('input_' ~ input ~ '_checked') }}
    where row_outcome = 'quarantined'
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

final as (
    select
        source_name,
        input_name,
        rejection_reason,
        row_content,
        loaded_from,
        loaded_at
    from rejected
)

select * from final
