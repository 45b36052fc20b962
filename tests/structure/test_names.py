"""Names explain themselves: a model's name says its layer, and for staging its source and input."""

import re

from tests.structure.project import (
    INPUTS,
    Manifest,
    a_manifest,
    a_model,
    folder_of,
    layer_of,
    nodes_of,
)

PATTERNS = {
    "inputs": rf"input_({'|'.join(INPUTS)})(_checked)?",
    "identity": r"identity_\w+",
    "timeline": r"timeline_\w+",
    "features": r"feature_\w+",
    "labels": r"label_\w+",
    "training": r"(training|train)_\w+",
    "scores": r"(score|customer)_\w+",
    "publish": r"published_\w+",
}

# Inputs are seven, so what is told of all of them is listed. What BI and people read keeps the
# name that they know it by; state and the last node theirs.
NAMED_FOR_READERS = {
    "inputs": {
        *("input_quality", "input_volumes", "input_volume_changes", "input_new_days"),
        *("input_row_accounting", "quarantine"),
    },
    "identity": {"customer_profiles", "customer_profile_values"},
    "timeline": {"customer_timeline"},
    "features": {"customer_features"},
    "training": {"champions", "champion_choices", "model_boosters", "model_registry"},
    "scores": {"customers", "journey_sizes", "journey_transitions", "model_performance"},
    "monitoring": {"runs", "expectation_results", "feature_drift", "score_drift", "model_alarms"},
    "publish": {"publication_run", "publish"},
}


def misnamed(manifest: Manifest) -> list[str]:
    """The models whose name doesn't fit their folder, with the pattern that it should fit."""
    wrong = []
    for model in nodes_of(manifest, "model"):
        layer, name = layer_of(model), model["name"]
        if name in NAMED_FOR_READERS.get(layer, set()) | {f"check_{layer}", f"gate_{layer}"}:
            continue
        if layer == "staging":
            pattern = rf"stg_{re.escape(folder_of(model))}__({'|'.join(INPUTS)})"
        else:
            pattern = PATTERNS.get(layer, r"(?!)")
        if not re.fullmatch(pattern, name):
            wrong.append(f"{model['original_file_path']}: expected a name like {pattern}")
    return wrong


def test_names_say_the_layer(manifest: Manifest) -> None:
    found = misnamed(manifest)
    assert not found, "\n".join(found)


def test_every_exception_is_still_needed(manifest: Manifest) -> None:
    found = {(layer_of(model), model["name"]) for model in nodes_of(manifest, "model")}
    listed = {(layer, name) for layer, names in NAMED_FOR_READERS.items() for name in names}
    assert listed <= found


def test_a_wrong_name_is_noticed() -> None:
    for path in (
        "models/staging/shop/stg_crm__items.sql",
        "models/staging/shop/stg_shop__orders.sql",
        "models/staging/shop/shop_items.sql",
        "models/inputs/input_orders.sql",
        "models/inputs/customer_profiles.sql",
        "models/features/rfmt.sql",
        "models/labels/feature_churn.sql",
        "models/publish/input_events.sql",
        "models/publish/runs.sql",
        "models/scores/gate_features.sql",
        "models/inputs/check_input_events.sql",
        "models/monitoring/run_log.sql",
    ):
        assert len(misnamed(a_manifest(a_model(path)))) == 1, path


def test_a_right_name_passes() -> None:
    for path in (
        "models/staging/shop/stg_shop__items.sql",
        "models/inputs/input_events_checked.sql",
        "models/identity/customer_profiles.sql",
        "python_models/training/train_churn.py",
        "python_models/features/check_features.py",
        "models/features/gate_features.sql",
        "models/publish/published_runs.sql",
    ):
        assert misnamed(a_manifest(a_model(path))) == [], path
