{#
    SQL: the names of the features of messages, as a list. They are no sign of drift: one campaign moves them from a
    day to the next, as we meant it to.

    Usage:   feature_name not in ({{ message_features() }})
#}
{% macro message_features() -%}
    {%- for feature in feature_families()['messages'] -%}
        '{{ feature.name }}'{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
