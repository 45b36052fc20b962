{#
    What a prediction asks, as text: a model that learnt another question may not score this one.
#}
{% macro prediction_question(prediction) -%}
    {%- set settings = var('predictions')[prediction] -%}
    {{- tojson({
        'horizon_days': settings.horizon_days,
        'population': settings.population,
        'objective': settings.get('objective', 'probability'),
    }, sort_keys=true) | replace("'", "''") -}}
{%- endmacro %}
