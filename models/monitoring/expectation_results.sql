-- One row per run and expectation: what was expected, what was found, and which rows failed by their keys.
-- A view of the journal, so the rows of a red gate stand here too.

with

final as (
    select
        {%- for column in journal_columns('expectation_results') if column != 'result' %}
        {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ journal('expectation_results') }}
)

select * from final
