"""Data flows one way: a model refs only its own layer and the ones before it."""

from tests.structure.project import Manifest, a_manifest, a_model, layer_of, nodes_of

# Layers in one row stand beside each other and don't ref one another. A new layer gets a row.
FLOW = [
    ["staging"],
    ["inputs"],
    ["identity"],
    ["timeline"],
    ["features", "labels"],
    ["training"],
    ["scores"],
    ["publish"],
]
PLACE = {layer: place for place, layers in enumerate(FLOW) for layer in layers}


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
            read_layer = layer_of(read)
            if read_layer != layer and PLACE.get(read_layer, len(FLOW)) >= PLACE[layer]:
                wrong.append(f"{model['name']} ({layer}) refs {read['name']} ({read_layer})")
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
