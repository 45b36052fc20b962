{#
    The pre-hook of timeline_owned_events: what this run lays out anew goes. The rows that take its
    place come in the same transaction.
#}
{% macro forget_changes() %}
    {% if is_incremental() %}
        delete from {{ this }}
        using {{ ref('timeline_changes') }} as changes
        where
            changes.customer_id = {{ this }}.customer_id
            and changes.event_type = {{ this }}.event_type
            and changes.changes_from <= {{ this }}.event_date
    {% endif %}
{% endmacro %}
