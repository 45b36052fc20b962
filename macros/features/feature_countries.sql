{#
    The countries that have a feature of their own (var feature_countries), as profiles write them.

    Result:  a dict of feature's name → country in small letters: {'lives_in_de': 'de'}
    Usage:   {% for name, country in feature_countries().items() %} … {% endfor %}
#}
{% macro feature_countries() %}
    {% set countries = var('feature_countries') %}
    {% if countries is string or countries is mapping or countries is not sequence %}
        {% do exceptions.raise_compiler_error(
            "The var feature_countries is '" ~ countries ~ "': write a list such as [DE, FR], or []."
        ) %}
    {% endif %}
    {% set found = {} %}
    {% for country in countries %}
        {% if country is not string or not country.strip() %}
            {% do exceptions.raise_compiler_error(
                "The var feature_countries names '" ~ country ~ "': write countries as profiles do, in quotes."
            ) %}
        {% endif %}
        {% set small = country.strip().lower() %}
        {% set name = 'lives_in_' ~ modules.re.sub('[^a-z0-9]+', '_', small) %}
        {% if name in found %}
            {% do exceptions.raise_compiler_error(
                "The var feature_countries names '" ~ country ~ "' twice: leave one."
            ) %}
        {% endif %}
        {% do found.update({name: small}) %}
    {% endfor %}
    {{ return(found) }}
{% endmacro %}
