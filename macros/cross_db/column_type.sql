{#
    A name that every engine knows for one of the types that the contracts use.

    Usage:   {{ column_type('amount') }}  →  decimal(18,4)
#}
{% macro column_type(name) %}
    {{- {
        'text': dbt.type_string(),
        'timestamp': 'timestamp',
        'date': 'date',
        'amount': 'decimal(18,4)',
        'total': 'decimal(38,4)',
        'fraction': 'decimal(18,12)',
        'boolean': dbt.type_boolean(),
        'integer': 'integer',
        'count': dbt.type_bigint(),
        'bytes': 'varbinary',
        'number': 'double',
    }[name] -}}
{% endmacro %}
