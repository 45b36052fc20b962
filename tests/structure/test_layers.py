"""Data flows one way: a model refs only its own layer and the ones before it.

A gate (check_<layer> and gate_<layer>) looks at its own layer and at those beside it, and only what
lies behind it may read it.
"""

from tests.structure.project import Manifest, Node, a_manifest, a_model, layer_of, nodes_of

# Layers in one row stand beside each other and don't ref one another. A new layer gets a row.
FLOW = [
    ["staging"],
    ["inputs"],
    ["identity"],
    ["timeline"],
    ["features", "labels"],
    ["training"],
    ["scores"],
    ["monitoring"],
    ["publish"],
]
PLACE = {layer: place for place, layers in enumerate(FLOW) for layer in layers}


def is_check(model: Node) -> bool:
    """Whether a model is the check of the layer that it stands in."""
    return bool(model["name"] == f"check_{layer_of(model)}")


def is_gate(model: Node) -> bool:
    """Whether a model is the gate of the layer that it stands in."""
    return bool(model["name"] == f"gate_{layer_of(model)}")


def may_ref(model: Node, read: Node) -> bool:
    """Whether the flow lets one model ref another."""
    layer, read_layer = layer_of(model), layer_of(read)
    place, read_place = PLACE[layer], PLACE.get(read_layer, len(FLOW))
    if is_check(read):  # it may be red: only its gate knows what that means
        return is_gate(model) and layer == read_layer
    if is_gate(read):
        return read_place < place
    if is_check(model) or is_gate(model):
        return read_place <= place
    return read_layer == layer or read_place < place


def wrong_refs(manifest: Manifest) -> list[str]:
    """The refs that run against the flow, as 'reader (layer) refs read (layer)'."""
    wrong = []
    for model in nodes_of(manifest, "model"):
        layer = layer_of(model)
        if layer not in PLACE:
            wrong.append(
                f"{model['original_file_path']}: '{layer}' is no layer; its place belongs in FLOW"
            )
            continue
        for node_id in model["depends_on"]["nodes"]:
            read = manifest["nodes"].get(node_id)
            if read is None or read["resource_type"] != "model":
                continue  # seeds may be read anywhere; sources are test_sources' business
            if not may_ref(model, read):
                wrong.append(f"{model['name']} ({layer}) refs {read['name']} ({layer_of(read)})")
    return wrong


def test_data_flows_one_way(manifest: Manifest) -> None:
    found = wrong_refs(manifest)
    assert not found, "\n".join(found)


def test_every_layer_is_seen(manifest: Manifest) -> None:
    assert {layer_of(model) for model in nodes_of(manifest, "model")} == set(PLACE)


def test_a_ref_backwards_is_noticed() -> None:
    features = a_model("models/features/feature_rfmt.sql")
    backwards = a_model(
        "models/inputs/input_events.sql", refs=("models/features/feature_rfmt.sql",)
    )
    assert wrong_refs(a_manifest(features, backwards)) == [
        "input_events (inputs) refs feature_rfmt (features)"
    ]


def test_features_that_read_labels_are_noticed() -> None:
    label = a_model("models/labels/label_churn.sql")
    leak = a_model("models/features/feature_leak.sql", refs=("models/labels/label_churn.sql",))
    assert wrong_refs(a_manifest(label, leak)) == [
        "feature_leak (features) refs label_churn (labels)"
    ]


def test_a_gate_looks_at_the_layers_beside_it() -> None:
    label = a_model("models/labels/label_shares.sql")
    check = a_model(
        "python_models/features/check_features.py", refs=("models/labels/label_shares.sql",)
    )
    gate = a_model(
        "models/features/gate_features.sql", refs=("models/features/check_features.sql",)
    )
    behind = a_model(
        "models/training/training_churn.sql", refs=("models/features/gate_features.sql",)
    )
    assert wrong_refs(a_manifest(label, check, gate, behind)) == []


def test_a_gate_that_looks_behind_itself_is_noticed() -> None:
    behind = a_model("models/training/training_churn.sql")
    check = a_model(
        "python_models/features/check_features.py", refs=("models/training/training_churn.sql",)
    )
    assert wrong_refs(a_manifest(behind, check)) == [
        "check_features (features) refs training_churn (training)"
    ]


def test_only_what_is_named_for_its_layer_is_a_gate() -> None:
    label = a_model("models/labels/label_churn.sql")
    for name in ("check_labels", "gate_scores", "check_features_too"):
        leak = a_model(f"models/features/{name}.sql", refs=("models/labels/label_churn.sql",))
        assert len(wrong_refs(a_manifest(label, leak))) == 1, name


def test_a_gate_read_by_what_it_looks_at_is_noticed() -> None:
    check = a_model("python_models/features/check_features.py")
    gate = a_model(
        "models/features/gate_features.sql", refs=("models/features/check_features.sql",)
    )
    own = a_model("models/features/feature_leak.sql", refs=("models/features/gate_features.sql",))
    beside = a_model("models/labels/label_leak.sql", refs=("models/features/gate_features.sql",))
    assert wrong_refs(a_manifest(check, gate, own, beside)) == [
        "feature_leak (features) refs gate_features (features)",
        "label_leak (labels) refs gate_features (features)",
    ]


def test_a_check_read_by_others_than_its_gate_is_noticed() -> None:
    check = a_model("python_models/features/check_features.py")
    own = a_model("models/features/feature_leak.sql", refs=("models/features/check_features.sql",))
    behind = a_model(
        "models/training/training_churn.sql", refs=("models/features/check_features.sql",)
    )
    another = a_model("models/scores/gate_scores.sql", refs=("models/features/check_features.sql",))
    assert len(wrong_refs(a_manifest(check, own, behind, another))) == 3


def test_a_python_model_counts_as_its_layer() -> None:
    score = a_model("python_models/scores/score_churn.py")
    backwards = a_model(
        "models/training/training_plan.sql", refs=("python_models/scores/score_churn.py",)
    )
    assert wrong_refs(a_manifest(score, backwards)) == [
        "training_plan (training) refs score_churn (scores)"
    ]


def test_an_unknown_layer_is_noticed() -> None:
    assert "'misc' is no layer" in wrong_refs(a_manifest(a_model("models/misc/things.sql")))[0]


def test_reads_along_the_flow_and_of_seeds_pass() -> None:
    seed = {**a_model("seeds/event_types.csv"), "resource_type": "seed"}
    events = a_model("models/inputs/input_events.sql")
    forwards = a_model(
        "models/timeline/timeline_events.sql",
        refs=("models/inputs/input_events.sql", "seeds/event_types.csv"),
    )
    assert wrong_refs(a_manifest(seed, events, forwards)) == []
