{#
    SQL: in which order the promoted models of a prediction are its champion, the first one being it. A model that a
    person chose stands where the newest one stood when it was chosen, and before it.

    Usage:   row_number() over (partition by registry.prediction order by {{ champion_order() }}), where `choices`
             (champion_choices) is joined to `registry` by prediction and model_id
#}
{% macro champion_order() -%}
    coalesce(choices.as_of_date, registry.as_of_date) desc,
                coalesce(choices.chosen_at, registry.trained_at) desc,
                registry.model_id
{%- endmacro %}
