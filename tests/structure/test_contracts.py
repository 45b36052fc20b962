"""What others read has an enforced contract; state survives a full refresh and can be undone."""

from tests.structure.project import INPUTS, Manifest, a_manifest, a_model, nodes_of

READ_BY_OTHERS = [
    *(f"input_{name}" for name in INPUTS),
    "customer_profiles",
    "customer_profile_values",
    "customer_timeline",
    "customers",
    "customer_scores",
    "customer_score_history",
    "customer_score_changes",
    "customer_score_reasons",
    "journey_sizes",
    "journey_transitions",
    "model_registry",
    "model_boosters",
    "model_performance",
    "feature_drift",
    "score_drift",
    "input_row_accounting",
    "expectation_results",
    "runs",
    # published as customer_score_history, model_performance and runs
    "published_score_history",
    "published_model_performance",
    "published_runs",
]

# State, by what a run does to the rows of earlier ones: a red run is undone by run_id.
ROWS_ARE_ADDED = ["identity_changes", "model_registry", "model_performance"]
ROWS_ARE_ADDED += ["training_profile", "model_boosters"]
ROWS_ARE_REPLACED = ["customer_score_history", "feature_profile", "input_volumes"]
ROWS_ARE_ENDED = ["identity_map"]
# Not state: kept to save work only, right whatever was kept, and made anew by a full refresh.
KEPT = ["timeline_owned_events", "timeline_days", "timeline_orders", "timeline_items"]
KEPT += ["timeline_customer_days"]
STATE = ROWS_ARE_ADDED + ROWS_ARE_REPLACED + ROWS_ARE_ENDED

# by what is done to rows: the column that says which run did it, and the hooks that do it
UNDOING = {
    "replaced": ({"replaced_by_run_id"}, ["forget_replaced_rows", "replace_rows"]),
    "ended": ({"valid_to", "ended_by_run_id"}, ["end_rows"]),
}


def without_contract(manifest: Manifest, names: list[str]) -> list[str]:
    """Those of the names that are no model, or a model without an enforced contract."""
    models = {model["name"]: model for model in nodes_of(manifest, "model")}
    return [
        name
        for name in names
        if name not in models
        or not models[name]["config"].get("contract", {}).get("enforced", False)
    ]


def unsafe_state(manifest: Manifest, names: list[str], kept: list[str]) -> list[str]:
    """State models that a full refresh or a new column would empty or break; also unlisted ones."""
    wrong = []
    for model in nodes_of(manifest, "model"):
        config = model["config"]
        if config.get("materialized") == "incremental" and model["name"] not in names + kept:
            wrong.append(f"{model['name']} is incremental but not listed as state or kept")
        if model["name"] in kept and config.get("full_refresh") is not None:
            wrong.append(f"{model['name']}: a full refresh must make it anew")
        if model["name"] in names and config.get("materialized") != "incremental":
            wrong.append(f"{model['name']} is state but not incremental")
        if model["name"] in names and config.get("full_refresh") is not False:
            wrong.append(f"{model['name']}: full_refresh must be false")
        if model["name"] in names and config.get("on_schema_change") != "append_new_columns":
            wrong.append(f"{model['name']}: on_schema_change must be append_new_columns")
    return wrong


def not_undoable(
    manifest: Manifest, added: list[str], replaced: list[str], ended: list[str]
) -> list[str]:
    """State models whose rows a red run could not be told from, or could not give back."""
    wrong = []
    for model in nodes_of(manifest, "model"):
        name = model["name"]
        if name in added + replaced + ended and "run_id" not in model["columns"]:
            wrong.append(f"{name} has no column run_id")
        if name not in replaced + ended:
            continue
        columns, needed = UNDOING["replaced" if name in replaced else "ended"]
        for column in sorted(columns - set(model["columns"])):
            wrong.append(f"{name} has no column {column}")
        # in the transaction of the rows that replace them, and in this order
        hooks = [
            hook["sql"].split("(")[0].removeprefix("{{ ")
            for hook in model["config"].get("pre-hook", [])
            if hook["transaction"]
        ]
        if hooks != needed:
            wrong.append(f"{name} needs the pre-hooks {' and '.join(needed)}")
    return wrong


def test_contracts_stand_where_others_read(manifest: Manifest) -> None:
    found = without_contract(manifest, READ_BY_OTHERS)
    assert not found, "\n".join(found)


def test_state_survives(manifest: Manifest) -> None:
    found = unsafe_state(manifest, STATE, KEPT)
    assert not found, "\n".join(found)


def test_a_red_run_can_be_undone(manifest: Manifest) -> None:
    found = not_undoable(manifest, ROWS_ARE_ADDED, ROWS_ARE_REPLACED, ROWS_ARE_ENDED)
    assert not found, "\n".join(found)


def test_a_missing_contract_is_noticed() -> None:
    contracted = a_model("models/scores/customers.sql", config={"contract": {"enforced": True}})
    declared = a_model(
        "models/scores/customer_scores.sql", config={"contract": {"enforced": False}}
    )
    names = ["customers", "customer_scores", "customer_score_history"]
    assert without_contract(a_manifest(contracted, declared), names) == [
        "customer_scores",
        "customer_score_history",
    ]


def test_unsafe_state_is_noticed() -> None:
    safe = {
        "materialized": "incremental",
        "full_refresh": False,
        "on_schema_change": "append_new_columns",
    }
    for change in (
        {"materialized": "table"},
        {"full_refresh": None},
        {"full_refresh": True},
        {"on_schema_change": "ignore"},
    ):
        model = a_model("models/training/model_registry.sql", config={**safe, **change})
        assert len(unsafe_state(a_manifest(model), ["model_registry"], [])) == 1, change
    unlisted = a_model("models/scores/customers.sql", config=safe)
    assert len(unsafe_state(a_manifest(unlisted), [], [])) == 1
    assert len(unsafe_state(a_manifest(unlisted), [], ["customers"])) == 1
    saved_work = a_model("models/scores/customers.sql", config={**safe, "full_refresh": None})
    assert unsafe_state(a_manifest(saved_work), [], ["customers"]) == []


def test_state_that_cannot_be_undone_is_noticed() -> None:
    forget = {"sql": "{{ forget_replaced_rows() }}", "transaction": True}
    replace = {"sql": "{{ replace_rows('replaced_by_run_id is null') }}", "transaction": True}

    def faults(columns: list[str], *hooks: dict[str, object]) -> list[str]:
        model = a_model(
            "models/inputs/input_volumes.sql",
            columns={name: {"name": name} for name in columns},
            config={"pre-hook": list(hooks)},
        )
        return not_undoable(a_manifest(model), [], ["input_volumes"], [])

    both = ["run_id", "replaced_by_run_id"]
    assert faults(both, forget, replace) == []
    assert faults(["replaced_by_run_id"], forget, replace) == ["input_volumes has no column run_id"]
    assert len(faults(["run_id"], forget, replace)) == 1
    for hooks in (
        [],
        [forget],
        [replace],
        [replace, forget],
        [forget, {**replace, "transaction": False}],
    ):
        assert len(faults(both, *hooks)) == 1, hooks
    registry = a_model("models/training/model_registry.sql")
    assert len(not_undoable(a_manifest(registry), ["model_registry"], [], [])) == 1


def test_ended_rows_that_cannot_go_on_are_noticed() -> None:
    end = {"sql": "{{ end_rows(ref('identity_moves'), ['key'], 'value') }}", "transaction": True}

    def faults(columns: list[str], *hooks: dict[str, object]) -> list[str]:
        model = a_model(
            "models/identity/identity_map.sql",
            columns={name: {"name": name} for name in columns},
            config={"pre-hook": list(hooks)},
        )
        return not_undoable(a_manifest(model), [], [], ["identity_map"])

    both = ["run_id", "valid_to", "ended_by_run_id"]
    assert faults(both, end) == []
    assert faults(["run_id", "valid_to"], end) == ["identity_map has no column ended_by_run_id"]
    assert len(faults(["run_id"], end)) == 2
    assert faults(both) == ["identity_map needs the pre-hooks end_rows"]
    assert len(faults(both, {**end, "transaction": False})) == 1
