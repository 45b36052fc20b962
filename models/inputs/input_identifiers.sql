-- One row per identifier seen on a record: the contract that every source is mapped to.
-- What was rejected stands in quarantine, what was delivered twice in input_row_accounting.

select
    source_name,
    {%- for column in input_columns('identifiers') %}
    {{ column }}{% if not loop.last %},{% endif %}
    {%- endfor %}
from {{ ref('input_identifiers_checked') }}
where row_outcome = 'kept'
