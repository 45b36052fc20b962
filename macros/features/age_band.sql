{#
    SQL: the smallest window (var feature_windows) that holds an age in days, null past the longest.
    Windows then add up bands, of which there are few, and not days: each day lies in one band.

    Usage:   {{ age_band('age_days') }}  →  30 for an age of 14 to 29 days
#}
{% macro age_band(age_days) -%}
    case
            {%- for days in var('feature_windows') | sort %}
            when {{ age_days }} < {{ days }} then {{ days }}
            {%- endfor %}
        end
{%- endmacro %}
