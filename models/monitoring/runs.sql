-- One row per run, green or red: what it was, how it ended, and what it read and built.
-- A view of the journal that the hooks of every run write, so it also tells of a run that went red.

with

final as (
    select
        {%- for column in journal_columns('runs') %}
        {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ journal('runs') }}
)

select * from final
