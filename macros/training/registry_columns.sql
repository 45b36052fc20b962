{# The columns of model_registry and their types, in order: what each training returns, and the run. #}
{% macro registry_columns() %}
    {{ return({
        'model_id': 'text',
        'prediction': 'text',
        'status': 'text',
        'status_reason': 'text',
        'as_of_date': 'date',
        'horizon_days': 'integer',
        'first_snapshot_date': 'date',
        'last_snapshot_date': 'date',
        'holdout_date': 'date',
        'rows_count': 'count',
        'positives_count': 'count',
        'metrics': 'text',
        'features': 'text',
        'left_out_features': 'text',
        'parameters': 'text',
        'settings': 'text',
        'question': 'text',
        'code_version': 'text',
        'calibration': 'text',
        'booster': 'bytes',
        'booster_sha256': 'text',
        'run_id': 'text',
        'trained_at': 'timestamp',
    }) }}
{% endmacro %}
