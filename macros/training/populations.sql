{# The populations of the predictions, each once: SQL conditions over features. #}
{% macro populations() %}
    {{ return(var('predictions').values() | map(attribute='population') | unique | list) }}
{% endmacro %}

{# SQL: the population of each prediction, as text. Usage: with predictions as ({{ prediction_populations() }}) #}
{% macro prediction_populations() %}
    {%- for name, settings in var('predictions').items() %}
    select
        '{{ name }}' as prediction,
        {{ sql_text(settings.population) }} as population
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{% endmacro %}
