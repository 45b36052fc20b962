{#
    The var score_change_thresholds, checked and laid out: which scores of which prediction are worth a
    word when they are crossed, and by how much at least.

    Result:  a list of {prediction, level, minimum_change}, none for a prediction that isn't named
    Usage:   {% for threshold in score_change_thresholds() %} … {{ threshold.level }} … {% endfor %}
#}
{% macro score_change_thresholds() %}
    {%- set predictions = var('predictions') -%}
    {%- set thresholds = var('score_change_thresholds') or {} -%}
    {%- set example = "churn: {levels: [0.3, 0.5, 0.7], minimum_change: 0.1}" -%}
    {%- if thresholds is not mapping -%}
        {% do exceptions.raise_compiler_error(
            "The var score_change_thresholds is " ~ thresholds ~ ": name predictions, such as " ~ example ~ "."
        ) %}
    {%- endif -%}
    {%- set found = [] -%}
    {%- for prediction, given in thresholds.items() -%}
        {%- if prediction not in predictions -%}
            {% do exceptions.raise_compiler_error(
                "The var score_change_thresholds names '" ~ prediction ~ "': the var predictions has "
                ~ predictions | join(', ') ~ "."
            ) %}
        {%- endif -%}
        {%- if given is not mapping or given | list | sort != ['levels', 'minimum_change'] -%}
            {% do exceptions.raise_compiler_error(
                "The var score_change_thresholds gives " ~ prediction ~ " " ~ given ~ ": write it as " ~ example ~ "."
            ) %}
        {%- endif -%}
        {%- set is_amount = predictions[prediction].get('objective') == 'amount' -%}
        {%- set levels = [] -%}
        {%- if given.levels is sequence and given.levels is not string -%}
            {%- for level in given.levels if level is number and level is not boolean -%}
                {%- if level > (levels | last or 0) and (is_amount or level < 1) %}{% do levels.append(level) %}{% endif -%}
            {%- endfor -%}
        {%- endif -%}
        {%- if not levels or levels | length != given.levels | length -%}
            {% do exceptions.raise_compiler_error(
                "The var score_change_thresholds gives " ~ prediction ~ " the levels " ~ given.levels
                ~ (": write amounts above 0" if is_amount else ": write probabilities between 0 and 1")
                ~ ", each greater than the one before."
            ) %}
        {%- endif -%}
        {%- set least = given.minimum_change -%}
        {%- if least is not number or least is boolean or least < 0 or (least > 1 and not is_amount) -%}
            {% do exceptions.raise_compiler_error(
                "The var score_change_thresholds gives " ~ prediction ~ " the minimum_change " ~ least
                ~ (": write a difference of amounts, 0 or more." if is_amount
                    else ": write a difference of probabilities from 0 to 1.")
            ) %}
        {%- endif -%}
        {%- for level in levels -%}
            {% do found.append({'prediction': prediction, 'level': level, 'minimum_change': least}) %}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}
