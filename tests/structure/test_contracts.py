"""What others read has an enforced contract, and state survives a full refresh."""

from tests.structure.project import INPUTS, Manifest, a_manifest, a_model, nodes_of

READ_BY_OTHERS = [
    *(f"input_{name}" for name in INPUTS),
    "customer_profiles",
    "customer_timeline",
    "customers",
    "customer_scores",
    "customer_score_history",
    "model_registry",
    "input_row_accounting",
]

STATE = ["model_registry", "customer_score_history"]


def without_contract(manifest: Manifest, names: list[str]) -> list[str]:
    """Those of the names that are no model, or a model without an enforced contract."""
    models = {model["name"]: model for model in nodes_of(manifest, "model")}
    return [
        name
        for name in names
        if name not in models
        or not models[name]["config"].get("contract", {}).get("enforced", False)
    ]


def unsafe_state(manifest: Manifest, names: list[str]) -> list[str]:
    """State models that a full refresh or a new column would empty or break; also unlisted ones."""
    wrong = []
    for model in nodes_of(manifest, "model"):
        config = model["config"]
        if config.get("materialized") == "incremental" and model["name"] not in names:
            wrong.append(f"{model['name']} is incremental but not listed as state")
        if model["name"] in names and config.get("materialized") != "incremental":
            wrong.append(f"{model['name']} is state but not incremental")
        if model["name"] in names and config.get("full_refresh") is not False:
            wrong.append(f"{model['name']}: full_refresh must be false")
        if model["name"] in names and config.get("on_schema_change") != "append_new_columns":
            wrong.append(f"{model['name']}: on_schema_change must be append_new_columns")
    return wrong


def test_contracts_stand_where_others_read(manifest: Manifest) -> None:
    found = without_contract(manifest, READ_BY_OTHERS)
    assert not found, "\n".join(found)


def test_state_survives(manifest: Manifest) -> None:
    found = unsafe_state(manifest, STATE)
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
        assert len(unsafe_state(a_manifest(model), ["model_registry"])) == 1, change
    unlisted = a_model("models/scores/customers.sql", config=safe)
    assert len(unsafe_state(a_manifest(unlisted), [])) == 1
