"""The arithmetic that multiplies measured rows up to a larger company."""

import pytest

from benchmarks.snowflake_scale import (
    CORES,
    GB,
    NODES,
    Cost,
    Table,
    World,
    credits_of,
    feature_names,
    per_row,
    rows_that_fit,
    smallest_node,
)

SMALL, LARGE = World(customers=10, events=100), World(customers=1000, events=50_000)


@pytest.mark.parametrize(
    ("layer", "name", "grows_with", "times"),
    [
        ("timeline", "timeline_days", "events", 500),
        ("timeline", "timeline_owners", "customers", 100),
        ("identity", "identity_map", "customers", 100),
        ("training", "model_registry", "nothing", 1),
    ],
)
def test_a_table_grows_with_what_its_layer_grows_with(layer, name, grows_with, times):
    table = Table(name, layer, rows=7, bytes=70)
    assert table.grows_with == grows_with
    assert LARGE.times(SMALL, table.grows_with) == times


def test_an_hour_of_all_cores_of_a_node_costs_its_rate():
    assert credits_of(3600 * CORES) == 1
    assert credits_of(1800 * CORES, per_hour=6) == 3


def test_what_is_there_without_rows_counts_out_of_a_row():
    small, large = Cost(seconds=11, bytes=1100), Cost(seconds=14, bytes=1400)
    assert per_row(small, large, (100, 400)) == Cost(seconds=0.01, bytes=1)


def test_the_cheapest_node_with_enough_memory_is_taken():
    sizes = [gigabytes for _, gigabytes, _ in NODES]
    assert sizes == sorted(sizes)
    assert smallest_node(sizes[0] * GB) == NODES[0]
    assert smallest_node(sizes[0] * GB + 1) == NODES[1]
    assert smallest_node(sizes[-1] * GB + 1) is None


def test_rows_fit_until_the_memory_is_full():
    assert rows_that_fit(1000, gigabytes=16) == 16_000_000


def test_features_are_as_many_as_a_champion_has_each_once():
    names = feature_names()
    assert len(names) == len(set(names)) == 224
