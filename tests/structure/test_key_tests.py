"""Every model has a test of its key, or a reason why not."""

from tests.structure.project import INPUTS, PREDICTIONS, Manifest, a_manifest, a_model, nodes_of

KEY_TESTS = {"unique", "unique_together"}

# why nothing is to be unique: the models
REASONS = {
    "it holds what was delivered, repeats included; the inputs are unique": [
        *(f"stg_{source}__identifiers" for source in ("crm", "messages", "shop", "store", "web")),
        *(f"stg_{source}__events" for source in ("messages", "online_retail", "shop", "web")),
        "stg_crm__profiles",
        "stg_online_retail__profiles",
        "stg_shop__items",
        *(f"input_{name}_checked" for name in INPUTS),
        "quarantine",
    ],
    "it holds one row, or none": [
        "timeline_as_of_date",
        *(f"train_{name}" for name in PREDICTIONS),
        "publication_run",
        "publish",
    ],
    "it is a view of a model whose key is tested": [
        "customer_timeline",
        "timeline_events",
        *(f"identity{kind}_sightings" for kind in ("", "_email", "_phone")),
        *(f"training_{name}" for name in PREDICTIONS),
    ],
}
WITHOUT_KEY = {name for names in REASONS.values() for name in names}


def without_key_test(manifest: Manifest) -> list[str]:
    """The models that no test of a key is attached to."""
    tested = {
        test["attached_node"]
        for test in nodes_of(manifest, "test")
        if test.get("test_metadata", {}).get("name") in KEY_TESTS
    }
    return [
        model["name"] for model in nodes_of(manifest, "model") if model["unique_id"] not in tested
    ]


def test_every_model_has_a_key_test(manifest: Manifest) -> None:
    found = [name for name in without_key_test(manifest) if name not in WITHOUT_KEY]
    assert not found, f"no unique or unique_together: {', '.join(found)}"


def test_every_exception_is_still_needed(manifest: Manifest) -> None:
    assert set(without_key_test(manifest)) >= WITHOUT_KEY


def test_a_model_without_key_test_is_noticed() -> None:
    def a_test(name: str, model: str) -> dict[str, object]:
        return {
            "unique_id": f"test.regulars.{name}_{model}",
            "resource_type": "test",
            "name": f"{name}_{model}",
            "attached_node": f"model.regulars.{model}",
            "test_metadata": {"name": name},
        }

    keyed = a_model("models/scores/customers.sql")
    unkeyed = a_model("models/scores/customer_scores.sql")
    tests = [a_test("unique", "customers"), a_test("not_null", "customer_scores")]
    assert without_key_test(a_manifest(keyed, unkeyed, *tests)) == ["customer_scores"]
