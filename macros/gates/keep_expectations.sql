{# Adds what a check found to the journal: a post-hook of each check, so that a red gate's rows stay too. #}
{% macro keep_expectations() %}
    insert into {{ journal('expectation_results') }} ({{ journal_columns('expectation_results').keys() | join(', ') }})
    select
        {%- for column in journal_columns('expectation_results') if column != 'checked_at' %}
        {{ column }},
        {%- endfor %}
        cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S.%f") }}' as {{ column_type('timestamp') }})
    from {{ this }}
{% endmacro %}
