{# The columns of model_performance that Python fills (src/regulars/monitoring/performance.py), and their types. #}
{% macro performance_columns() %}
    {% set columns = {
        'prediction': 'text',
        'score_date': 'date',
        'horizon_days': 'integer',
        'model_id': 'text',
        'segment_kind': 'text',
        'segment': 'text',
        'scored_by': 'text',
        'customers_count': 'count',
        'positives_count': 'count',
        'mean_score': 'number',
        'mean_outcome': 'number',
    } %}
    {% for figure in ['auc', 'average_precision', 'hit_rate', 'calibration_error', 'mean_absolute_error', 'bias_share'] %}
        {% for end in ['', '_lower', '_upper'] %}
            {% do columns.update({figure ~ end: 'number'}) %}
        {% endfor %}
    {% endfor %}
    {% for figure in ['lift_10', 'root_mean_squared_error', 'coverage_share', 'at_or_below_upper_share'] %}
        {% do columns.update({figure: 'number'}) %}
    {% endfor %}
    {{ return(columns) }}
{% endmacro %}
