{# What a model of this prediction is trained by, as text: when it changes, a training is due. #}
{% macro training_settings(prediction) -%}
    {{- tojson({
        'prediction': var('predictions')[prediction],
        'xgboost_parameters': var('xgboost_parameters'),
        'features': local_md5(feature_names() | join(' ')),
        'snapshots': [snapshot_steps(), var('snapshot_every_days'), var('snapshot_min_history_days')],
    }, sort_keys=true) | replace("'", "''") -}}
{%- endmacro %}
