"""Who reads a table that keeps how things were says which of its rows are meant."""

from tests.structure.project import ROOT, Manifest, a_manifest, a_model, nodes_of

# the tables, and the word that a reader must say
HISTORIES = {"identity_map": "valid_to", "customer_score_history": "replaced_by_run_id"}

# why a reader means all rows: reader and table
REASONS = {
    "it tells the rows of this run from the others by run_id": {
        ("score_shifts", "customer_score_history"),
        ("score_bins", "customer_score_history"),
    },
}
EXEMPT = {pair for pairs in REASONS.values() for pair in pairs}


def readers(manifest: Manifest) -> list[tuple[str, str, str]]:
    """Each model that refs a history: its name, the history's, and its text."""
    found = []
    for model in nodes_of(manifest, "model"):
        for node_id in model["depends_on"]["nodes"]:
            name = node_id.split(".")[-1]
            if name in HISTORIES:
                found.append((model["name"], name, model["raw_code"]))
    return found


def careless(manifest: Manifest) -> set[tuple[str, str]]:
    """The readers that don't say which rows they mean."""
    return {
        (reader, history)
        for reader, history, text in readers(manifest)
        if HISTORIES[history] not in text
    }


def test_readers_of_a_history_say_which_rows_they_mean(manifest: Manifest) -> None:
    assert careless(manifest) == EXEMPT


def test_the_readers_are_seen(manifest: Manifest) -> None:
    seen = {(reader, history) for reader, history, _ in readers(manifest)}
    assert {("timeline_owners", "identity_map"), ("customers", "identity_map")} <= seen


def test_a_careless_reader_is_noticed() -> None:
    history = a_model("models/identity/identity_map.sql")
    for text, found in [("select 1", 1), ("select 1 where valid_to is null", 0)]:
        reader = a_model(
            "models/timeline/timeline_owners.sql",
            refs=("models/identity/identity_map.sql",),
            raw_code=text,
        )
        assert len(careless(a_manifest(history, reader))) == found


def test_the_models_are_there() -> None:
    for name in HISTORIES:
        assert list((ROOT / "models").rglob(f"{name}.sql"))
