{#
    dbt's own, on every engine for every hook. dbt-snowflake's tables run only hooks that say
    `transaction: true`, and pass over the others without a word: here they are run with those, for it
    commits each statement by itself anyway.
#}
{% macro run_hooks(hooks, inside_transaction=true) %}
    {{ adapter.dispatch('run_hooks', 'regulars')(hooks, inside_transaction) }}
{% endmacro %}

{% macro default__run_hooks(hooks, inside_transaction) %}
    {{ dbt.run_hooks(hooks, inside_transaction) }}
{% endmacro %}

{% macro snowflake__run_hooks(hooks, inside_transaction) %}
    {% for hook in hooks if inside_transaction %}
        {% set sql = render(hook.get('sql')) | trim %}
        {% if sql %}
            {% call statement(auto_begin=false) %}{{ sql }}{% endcall %}
        {% endif %}
    {% endfor %}
{% endmacro %}
