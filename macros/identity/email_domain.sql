{#
    SQL: the domain that stands for all domains of the same mailboxes (var identity_email_rules).

    Usage:   {{ email_domain('domain') }}  →  gmail.com for googlemail.com too
#}
{% macro email_domain(column) -%}
    {%- set same = var('identity_email_rules')['same_domains'] -%}
    {%- if same -%}
        case {% for other, domain in same.items() %}when {{ column }} = '{{ other }}' then '{{ domain }}' {% endfor %}else {{ column }} end
    {%- else -%}
        {{ column }}
    {%- endif -%}
{%- endmacro %}
