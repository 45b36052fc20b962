"""The gates hold: whatever lies behind one has it as an ancestor, and none can be walked round."""

import ast
from collections.abc import Iterator

from tests.structure.project import ROOT, Manifest, Node, a_manifest, a_model, layer_of, nodes_of
from tests.structure.test_layers import PLACE, is_gate

# the layers that end at a gate; all layers after one lie behind it
GATED = ["inputs", "features", "scores"]

# Stands behind no gate as long as it reads the journal alone: it tells of red runs too, whose
# gates let nothing through.
MONITORING = "monitoring"


def model_id(name: str) -> str:
    """The id that dbt gives a model of ours."""
    return f"model.regulars.{name}"


def hooks(model: Node, when: str) -> list[tuple[str, bool]]:
    """A model's hooks, 'pre' or 'post': the SQL of each, and whether it runs in a transaction."""
    return [(hook["sql"], hook["transaction"]) for hook in model["config"].get(f"{when}-hook", [])]


def ancestors(manifest: Manifest, node_id: str) -> set[str]:
    """The ids of all that a node is built from, directly or through others."""
    found: set[str] = set()
    to_follow = [node_id]
    while to_follow:
        node = manifest["nodes"].get(to_follow.pop(), {"depends_on": {"nodes": []}})
        new = set(node["depends_on"].get("nodes", [])) - found
        found |= new
        to_follow += new
    return found


def unguarded(manifest: Manifest) -> list[str]:
    """The models that lie behind a gate without having it as an ancestor."""
    wrong = []
    for model in nodes_of(manifest, "model"):
        layer = layer_of(model)
        if layer == MONITORING and not model["depends_on"]["nodes"]:
            continue
        before = ancestors(manifest, model["unique_id"])
        wrong += [
            f"{model['name']} ({layer}) is not behind gate_{gated}"
            for gated in GATED
            if PLACE[layer] > PLACE[gated] and model_id(f"gate_{gated}") not in before
        ]
    return wrong


def faults_of_gates(manifest: Manifest) -> list[str]:
    """What would let a run pass a gate: one that is missing, reads no check, or lacks a hook."""
    wrong = []
    for layer in GATED:
        gate = manifest["nodes"].get(model_id(f"gate_{layer}"))
        check = manifest["nodes"].get(model_id(f"check_{layer}"))
        if not gate or not check:
            wrong.append(f"{layer} has no gate_{layer} with a check_{layer}")
            continue
        if check["unique_id"] not in gate["depends_on"]["nodes"]:
            wrong.append(f"gate_{layer} doesn't ref check_{layer}")
        if (f"{{{{ hold_gate('check_{layer}') }}}}", True) not in hooks(gate, "pre"):
            wrong.append(f"gate_{layer} lacks the pre-hook hold_gate('check_{layer}')")
        # outside a transaction: what was found has to stay whatever comes
        if hooks(check, "pre") != [("{{ name_run() }}", False)]:
            wrong.append(f"check_{layer} needs the pre-hook name_run, transaction: false")
        if hooks(check, "post") != [("{{ keep_expectations() }}", False)]:
            wrong.append(f"check_{layer} needs the post-hook keep_expectations, transaction: false")
    for model in nodes_of(manifest, "model"):
        if is_gate(model) and layer_of(model) not in GATED:
            wrong.append(f"{model['name']} is a gate that GATED doesn't list")
    return wrong


def faults_of_publishing(manifest: Manifest) -> list[str]:
    """What would publish a run that didn't pass its gates itself, or leave a red one untold."""
    wrong = []
    for name, hook in (
        ("publication_run", ("{{ require_gates() }}", True)),
        ("publish", ("{{ require_publication_run() }}", False)),
    ):
        if hook not in hooks(manifest["nodes"][model_id(name)], "pre"):
            wrong.append(f"{name} lacks the pre-hook {hook[0]}, transaction: {hook[1]}")
    reads = ancestors(manifest, model_id("publish"))
    if model_id("publication_run") not in reads:
        wrong.append("publish isn't built from publication_run")
    operations = {(node["raw_code"], *node["tags"]) for node in nodes_of(manifest, "operation")}
    for hook in (
        ("{{ start_run() }}", "on-run-start"),
        ("{{ finish_run(results) }}", "on-run-end"),
    ):
        if hook not in operations:
            wrong.append(f"dbt_project.yml lacks {hook[1]}: {hook[0]}")
    for macro in ("require_gates", "finish_run"):
        text = manifest["macros"][f"macro.regulars.{macro}"]["macro_sql"]
        wrong += [f"{macro} doesn't know gate_{g}" for g in GATED if f"'gate_{g}'" not in text]
    return wrong


def checked_tables(shim: str) -> Iterator[tuple[str, str]]:
    """Of a check's text: the name that each table is given, which its suite bears, and its ref."""
    for part in ast.walk(ast.parse(shim)):
        if isinstance(part, ast.Dict):
            for key, value in zip(part.keys, part.values, strict=True):
                yield ast.literal_eval(key), ast.literal_eval(value.args[0])


def faults_of_suites(shims: list[str], suites: list[str]) -> list[str]:
    """Tables that are checked without a suite, suites that nobody checks, and names that differ.

    Args:
        shims: the texts of the checks.
        suites: the names of the files in expectations/, without .json.
    """
    named = [pair for shim in shims for pair in checked_tables(shim)]
    tables = [name for name, _ in named]
    return [
        *(f"{ref} is checked under the name {name}" for name, ref in named if name != ref),
        *(f"{name} is checked twice" for name in sorted(set(tables)) if tables.count(name) > 1),
        *(f"expectations/{name}.json is missing" for name in tables if name not in suites),
        *(f"no check holds expectations/{name}.json" for name in suites if name not in tables),
    ]


def test_all_that_lies_behind_a_gate_has_it_as_an_ancestor(manifest: Manifest) -> None:
    found = unguarded(manifest)
    assert not found, "\n".join(found)


def test_gates_hold_and_checks_are_kept(manifest: Manifest) -> None:
    found = faults_of_gates(manifest)
    assert not found, "\n".join(found)


def test_publishing_is_locked_and_every_run_is_told(manifest: Manifest) -> None:
    found = faults_of_publishing(manifest)
    assert not found, "\n".join(found)


def test_every_checked_table_has_a_suite_and_every_suite_a_table() -> None:
    shims = [path.read_text("utf-8") for path in sorted(ROOT.glob("python_models/*/check_*.py"))]
    suites = sorted(path.stem for path in (ROOT / "expectations").glob("*.json"))
    assert len(shims) == len(GATED)
    found = faults_of_suites(shims, suites)
    assert not found, "\n".join(found)


def test_a_check_is_seen_as_dbt_sees_it(manifest: Manifest) -> None:
    for layer in GATED:
        check = manifest["nodes"][model_id(f"check_{layer}")]
        text = (ROOT / check["original_file_path"]).read_text("utf-8")
        refs = [model_id(ref) for _, ref in checked_tables(text)]
        assert refs == check["depends_on"]["nodes"], layer


def a_gated_project() -> dict[str, Node]:
    """A made-up project with the gate of the inputs, by name; all is well with its ancestors."""
    models = [
        a_model("models/inputs/input_events.sql"),
        a_model("python_models/inputs/check_inputs.py", refs=("input_events",)),
        a_model("models/inputs/gate_inputs.sql", refs=("check_inputs",)),
        a_model("models/timeline/timeline_events.sql", refs=("input_events", "gate_inputs")),
        a_model("models/timeline/timeline_orders.sql", refs=("timeline_events",)),
        a_model("models/features/feature_rfmt.sql", refs=("timeline_orders",)),
        a_model("models/monitoring/runs.sql"),
    ]
    return {model["name"]: model for model in models}


def test_a_model_that_walks_round_a_gate_is_noticed() -> None:
    project = a_gated_project()
    assert unguarded(a_manifest(*project.values())) == []
    # none of the models behind it refs the gate any more
    project["timeline_events"]["depends_on"]["nodes"].remove(model_id("gate_inputs"))
    assert unguarded(a_manifest(*project.values())) == [
        "feature_rfmt (features) is not behind gate_inputs",
        "timeline_events (timeline) is not behind gate_inputs",
        "timeline_orders (timeline) is not behind gate_inputs",
    ]


def test_one_guarded_branch_is_not_enough() -> None:
    project = a_gated_project()
    shortcut = a_model("models/timeline/timeline_items.sql", refs=("input_events",))
    scores = a_model("models/scores/customers.sql", refs=("timeline_orders",))
    assert unguarded(a_manifest(*project.values(), shortcut, scores)) == [
        "customers (scores) is not behind gate_features",
        "timeline_items (timeline) is not behind gate_inputs",
    ]


def test_monitoring_that_reads_models_needs_their_gates() -> None:
    project = a_gated_project()
    drift = a_model("models/monitoring/feature_drift.sql", refs=("feature_rfmt",))
    assert unguarded(a_manifest(*project.values(), drift)) == [
        "feature_drift (monitoring) is not behind gate_features",
        "feature_drift (monitoring) is not behind gate_scores",
    ]


def a_hook(sql: str, transaction: bool) -> dict[str, object]:
    """A hook as the manifest has it."""
    return {"sql": f"{{{{ {sql} }}}}", "transaction": transaction}


def a_gate(layer: str) -> list[Node]:
    """A made-up gate with its check, as they ought to be."""
    check = {
        "pre-hook": [a_hook("name_run()", False)],
        "post-hook": [a_hook("keep_expectations()", False)],
    }
    gate = {"pre-hook": [a_hook(f"hold_gate('check_{layer}')", True)]}
    return [
        a_model(f"python_models/{layer}/check_{layer}.py", config=check),
        a_model(f"models/{layer}/gate_{layer}.sql", refs=(f"check_{layer}",), config=gate),
    ]


def test_a_gate_that_does_not_hold_is_noticed() -> None:
    good = [model for layer in GATED for model in a_gate(layer)]
    assert faults_of_gates(a_manifest(*good)) == []
    check, gate = a_gate("features")
    for broken in (
        {**gate, "depends_on": {"nodes": []}},
        {**gate, "config": {}},
        {**gate, "config": {"pre-hook": [a_hook("hold_gate('check_inputs')", True)]}},
        {**check, "config": {**check["config"], "pre-hook": []}},
        {**check, "config": {**check["config"], "post-hook": []}},
        {
            **check,
            "config": {
                **check["config"],
                "post-hook": [a_hook("keep_expectations()", True)],
            },
        },
        {**check, "config": {**check["config"], "pre-hook": [a_hook("name_run()", True)]}},
    ):
        assert len(faults_of_gates(a_manifest(*good, broken))) == 1, broken
    assert faults_of_gates(a_manifest(*a_gate("inputs"), *a_gate("scores"))) == [
        "features has no gate_features with a check_features"
    ]
    assert faults_of_gates(a_manifest(*good, *a_gate("training"))) == [
        "gate_training is a gate that GATED doesn't list"
    ]


def a_publishing_project() -> Manifest:
    """A made-up project that locks publishing and tells of every run."""
    run = {"pre-hook": [a_hook("require_gates()", True)]}
    last = {"pre-hook": [a_hook("require_publication_run()", False)]}
    manifest = a_manifest(
        a_model("models/publish/publication_run.sql", config=run),
        a_model("python_models/publish/publish.py", refs=("publication_run",), config=last),
        *(
            {
                **a_model(when),
                "resource_type": "operation",
                "raw_code": f"{{{{ {code} }}}}",
                "tags": [when],
            }
            for when, code in (
                ("on-run-start", "start_run()"),
                ("on-run-end", "finish_run(results)"),
            )
        ),
    )
    text = " ".join(f"'gate_{layer}'" for layer in GATED)
    manifest["macros"] = {
        f"macro.regulars.{macro}": {"macro_sql": text} for macro in ("require_gates", "finish_run")
    }
    return manifest


def test_publishing_without_its_locks_is_noticed() -> None:
    assert faults_of_publishing(a_publishing_project()) == []
    for name in ("publication_run", "publish"):
        manifest = a_publishing_project()
        manifest["nodes"][model_id(name)]["config"] = {}
        (fault,) = faults_of_publishing(manifest)
        assert fault.startswith(f"{name} lacks the pre-hook")
    manifest = a_publishing_project()
    manifest["nodes"][model_id("publish")]["depends_on"] = {"nodes": []}
    assert faults_of_publishing(manifest) == ["publish isn't built from publication_run"]
    for when in ("on-run-start", "on-run-end"):
        manifest = a_publishing_project()
        del manifest["nodes"][model_id(when)]
        (fault,) = faults_of_publishing(manifest)
        assert fault.startswith(f"dbt_project.yml lacks {when}")
    manifest = a_publishing_project()
    manifest["macros"]["macro.regulars.require_gates"]["macro_sql"] = "'gate_inputs' 'gate_scores'"
    assert faults_of_publishing(manifest) == ["require_gates doesn't know gate_features"]


def test_a_suite_without_a_table_and_a_table_without_a_suite_are_noticed() -> None:
    shim = """
def model(dbt, session):
    tables = {"customers": dbt.ref("customers"), "input_items": dbt.ref("input_items")}
    return check(session, tables)
"""
    assert faults_of_suites([shim], ["customers", "input_items"]) == []
    assert faults_of_suites([shim], ["customers"]) == ["expectations/input_items.json is missing"]
    assert faults_of_suites([shim], ["customers", "input_items", "orders"]) == [
        "no check holds expectations/orders.json"
    ]
    assert faults_of_suites([shim, shim], ["customers", "input_items"]) == [
        "customers is checked twice",
        "input_items is checked twice",
    ]
    crossed = shim.replace('dbt.ref("customers")', 'dbt.ref("customer_scores")')
    assert faults_of_suites([crossed], ["customers", "input_items"]) == [
        "customer_scores is checked under the name customers"
    ]
