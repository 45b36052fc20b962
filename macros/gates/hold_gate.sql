{#
    Stops a run whose check found a critical expectation that isn't met, in one line. It also
    stops one whose check belongs to another run: those rows tell of other data.
    A pre-hook of each gate; it does nothing where nothing is built, so that dbt compiles while red.

    Usage:   pre_hook="{{ hold_gate('check_inputs') }}"
#}
{% macro hold_gate(check) %}
    {% set results = ref(check) %}  {# outside the condition: dbt must see it while parsing #}
    {% if execute and flags.WHICH in ('run', 'build') %}
        {% set gate = check | replace('check_', '') %}
        {% set mine = " from " ~ results ~ " where run_id = '" ~ invocation_id ~ "'" %}
        {% if run_query('select count(*)' ~ mine).rows[0][0] == 0 %}
            {% do exceptions.raise_compiler_error(
                'Gate ' ~ gate ~ ' was not checked in this run, so what it would let through is not known: '
                ~ 'run dbt build without --select, not dbt retry.'
            ) %}
        {% endif %}
        {% set failed = run_query(
            "select suite, column_name, expectation, observed, limits, failing_keys, severity" ~ mine
            ~ " and not is_met and severity in ('critical', 'warning') order by severity, suite, expectation_number"
        ).rows %}
        {% set critical = failed | selectattr(6, 'equalto', 'critical') | list %}
        {% if critical %}
            {% do exceptions.raise_compiler_error(
                'Gate ' ~ gate ~ ' is red: ' ~ failed_expectation(critical[0])
                ~ (', and ' ~ (critical | length - 1) ~ ' more' if critical | length > 1 else '')
                ~ '. All of them: monitoring.expectation_results. What to do: docs/guides/red-gate.md'
            ) %}
        {% endif %}
        {% for row in failed %}
            {{ log('Gate ' ~ gate ~ ' warns: ' ~ failed_expectation(row), info=true) }}
        {% endfor %}
    {% endif %}
{% endmacro %}

{# One failed expectation as a person would say it, with one of the rows that fail. #}
{% macro failed_expectation(row) %}
    {% set keys = fromjson(row[5]) if row[5] else [] %}
    {{ return(
        row[0] ~ ('.' ~ row[1] if row[1] else '') ~ ': ' ~ row[3] ~ (', expected: ' ~ row[4] if row[4] else '')
        ~ (', such as ' ~ tojson(keys[0]) if keys else '')
    ) }}
{% endmacro %}
