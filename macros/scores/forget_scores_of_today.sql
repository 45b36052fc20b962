{#
    Clears the day that a run stands at from the score history before its scores are added:
    also those of a prediction that has no champion any more, which no new row would replace.
    A pre-hook of customer_score_history, in its transaction.
#}
{% macro forget_scores_of_today() %}
    {% set today = ref('timeline_as_of_date') %}  {# outside the condition: dbt must see it while parsing #}
    {% if is_incremental() %}
        delete from {{ this }}
        where score_date in (select as_of_date from {{ today }})
    {% endif %}
{% endmacro %}
