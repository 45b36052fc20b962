-- One row per thing that a person did or received: the contract that every source is mapped to.
-- What was rejected stands in quarantine, what was delivered twice in input_row_accounting.

select
    source_name,
    {%- for column in input_columns('events') %}
    {{ column }},
    {%- endfor %}
    reporting_rate
from {{ ref('input_events_checked') }}
where row_outcome = 'kept'
