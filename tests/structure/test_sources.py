"""Only staging reads sources, and staging reads nothing but sources and seeds."""

from tests.structure.project import Manifest, a_manifest, a_model, layer_of, nodes_of


def wrong_reads(manifest: Manifest) -> list[str]:
    """Sources read past staging, and models read by staging."""
    wrong = []
    for model in nodes_of(manifest, "model"):
        for node_id in model["depends_on"]["nodes"]:
            kind = node_id.split(".")[0]
            if layer_of(model) == "staging" and kind not in ("source", "seed"):
                wrong.append(f"{model['name']} is staging and refs {node_id}")
            if layer_of(model) != "staging" and kind == "source":
                wrong.append(f"{model['name']} is not staging and reads {node_id}")
    return wrong


def sources_of_another_folder(manifest: Manifest) -> list[str]:
    """Staging models that read a source whose folder they don't stand in."""
    return [
        f"{model['original_file_path']} reads {node_id}"
        for model in nodes_of(manifest, "model")
        for node_id in model["depends_on"]["nodes"]
        if node_id.startswith("source.")
        and node_id.split(".")[2] not in model["original_file_path"].split("/")
    ]


def test_only_staging_reads_sources_and_nothing_else(manifest: Manifest) -> None:
    assert manifest["sources"], "no source was parsed: the test would see nothing"
    found = wrong_reads(manifest)
    assert not found, "\n".join(found)


def test_staging_reads_the_source_that_its_folder_names(manifest: Manifest) -> None:
    found = sources_of_another_folder(manifest)
    assert not found, "\n".join(found)


def test_a_source_read_past_staging_is_noticed() -> None:
    shortcut = a_model("models/inputs/input_events.sql", refs=("source.regulars.shop.orders",))
    assert wrong_reads(a_manifest(shortcut)) == [
        "input_events is not staging and reads source.regulars.shop.orders"
    ]


def test_staging_on_staging_is_noticed() -> None:
    second = a_model(
        "models/staging/shop/stg_shop__items.sql",
        refs=("models/staging/shop/stg_shop__events.sql",),
    )
    assert wrong_reads(a_manifest(second)) == [
        "stg_shop__items is staging and refs model.regulars.stg_shop__events"
    ]


def test_another_sources_table_is_noticed() -> None:
    crossed = a_model(
        "models/staging/shop/stg_shop__items.sql", refs=("source.regulars.crm.profiles",)
    )
    assert len(sources_of_another_folder(a_manifest(crossed))) == 1
