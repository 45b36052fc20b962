-- One row per consent decision: the contract that every source is mapped to.
-- What was rejected stands in quarantine, what was delivered twice in input_row_accounting.

select
    source_name,
    {%- for column in input_columns('consents') %}
    {{ column }}{% if not loop.last %},{% endif %}
    {%- endfor %}
from {{ ref('input_consents_checked') }}
where row_outcome = 'kept'
