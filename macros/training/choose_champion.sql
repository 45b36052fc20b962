{#
    Writes down which model a prediction is to be scored by, from the next build on; what `regulars champion set` runs.

    Arguments:  prediction  as in the var `predictions`
                model_id    the model's id, or so much of its beginning that no other has it
    Usage:      dbt run-operation choose_champion --args '{prediction: churn, model_id: 3f2a9c}'
#}
{% macro choose_champion(prediction, model_id) %}
    {% if prediction not in var('predictions') %}
        {% do exceptions.raise_compiler_error(
            "There is no prediction '" ~ prediction ~ "': there are " ~ var('predictions') | join(', ') ~ "."
        ) %}
    {% endif %}
    {% if not modules.re.match('^[0-9a-f]{4,32}$', model_id | string) %}
        {% do exceptions.raise_compiler_error(
            "'" ~ model_id ~ "' is no model's id: give the first 4 of its 32 digits, or more."
        ) %}
    {% endif %}
    {% do keep_journal() %}
    {% set registry = "(" ~ previous('model_registry', registry_columns()) ~ ") as registry" %}
    {% set of_prediction = " from " ~ registry ~ " where prediction = '" ~ prediction ~ "'" %}
    {% set found = run_query(
        "select model_id, status, question, cast(as_of_date as " ~ column_type('text') ~ "), status_reason"
        ~ of_prediction ~ " and model_id like '" ~ model_id ~ "%' order by model_id"
    ).rows %}
    {% if found | length != 1 %}
        {% do exceptions.raise_compiler_error(
            (found | length ~ " models" if found else "No model") ~ " of " ~ prediction ~ " begin" ~ ("" if found else "s")
            ~ " with " ~ model_id ~ ": regulars champion list shows them."
        ) %}
    {% endif %}
    {% set chosen = found[0] %}
    {% if chosen[1] == 'failed' %}
        {% do exceptions.raise_compiler_error(
            "Model " ~ chosen[0][:8] ~ " can't score: its training failed (" ~ chosen[4] ~ ")."
        ) %}
    {% endif %}
    {% if chosen[2] | replace("'", "''") != prediction_question(prediction) %}
        {% do exceptions.raise_compiler_error(
            "Model " ~ chosen[0][:8] ~ " learnt another question (" ~ chosen[2] ~ "): it can't answer this one."
        ) %}
    {% endif %}
    {% set now = modules.datetime.datetime.now(modules.pytz.utc).strftime('%Y-%m-%d %H:%M:%S.%f') %}
    {% do run_query(
        "insert into " ~ journal('champion_choices') ~ " (prediction, model_id, as_of_date, chosen_at) select '"
        ~ prediction ~ "', '" ~ chosen[0] ~ "', max(as_of_date), cast('" ~ now ~ "' as " ~ column_type('timestamp') ~ ")"
        ~ of_prediction
    ) %}
    {# an operation is rolled back at its end #}
    {% do run_query('commit') %}
    {{ log(
        prediction ~ " is scored by " ~ chosen[0][:8] ~ " (trained as of " ~ chosen[3]
        ~ ") from the next build on, until a later training is promoted.", info=true
    ) }}
{% endmacro %}
