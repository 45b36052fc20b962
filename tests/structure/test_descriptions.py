"""Every table says what a row is, and every declared column what it holds."""

from tests.structure.project import Manifest, a_manifest, a_model, nodes_of


def undescribed(manifest: Manifest) -> list[str]:
    """Tables whose description doesn't begin with the grain, and columns without a description."""
    tables = (
        nodes_of(manifest, "model")
        + nodes_of(manifest, "seed")
        + list(manifest["sources"].values())
    )
    wrong = []
    for table in tables:
        if not table["description"].startswith("One row"):
            wrong.append(f"{table['name']}: its description doesn't start with 'One row'")
        if not table["columns"]:
            wrong.append(f"{table['name']}: no column is declared")
        for column in table["columns"].values():
            if not column["description"].strip():
                wrong.append(f"{table['name']}.{column['name']}: no description")
    return wrong


def test_tables_and_columns_are_described(manifest: Manifest) -> None:
    found = undescribed(manifest)
    assert not found, "\n".join(found)


def test_what_lacks_a_description_is_noticed() -> None:
    good = {"customer_id": {"name": "customer_id", "description": "The customer."}}
    bad = {"customer_id": {"name": "customer_id", "description": " "}}
    path = "models/inputs/input_events.sql"
    assert undescribed(a_manifest(a_model(path, columns=good))) == []
    assert len(undescribed(a_manifest(a_model(path, columns=bad)))) == 1
    assert len(undescribed(a_manifest(a_model(path, columns={})))) == 1
    assert len(undescribed(a_manifest(a_model(path, columns=good, description="All events.")))) == 1
    assert len(undescribed(a_manifest(sources=(a_model("raw/orders.sql", columns=bad),)))) == 1
