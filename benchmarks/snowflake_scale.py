"""What 25 million customers and 2.5 billion events would take on Snowflake, multiplied up.

Usage:  python -m benchmarks.snowflake_scale [--people 3000] [--home FOLDER]
        make bench-snowflake-scale

No account is asked. A made-up world is built on DuckDB, and its tables are written as zstd Parquet:
so many rows and bytes per customer and per event. Functions that run in procedures and UDFs are
timed on one core, and their memory is measured, each in a process of its own. Prints Markdown.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import click
import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.churn import project_parameters
from benchmarks.reasons import models_of
from regulars.engines.duckdb import DuckDBEngine
from regulars.engines.snowflake_function import applied
from regulars.identity.clusters import cluster_records
from regulars.scoring.score import Scorer, champion_row
from regulars.training.rules import FEATURES as RULES_FEATURES
from regulars.training.settings import Prediction
from regulars.training.train import train_when_due

CUSTOMERS, EVENTS = 25_000_000, 2_500_000_000
GB = 1e9

# ── Snowflake's figures ───────────────────────────────────────────────────────
# user-guide/warehouses-overview: credits per hour of an X-Small; each size up doubles them (Gen1)
CREDITS_PER_HOUR = 1
# user-guide/warehouses-snowpark-optimized: memory up to, per node. Service Consumption Table 1(c):
# credits per hour of the smallest size that has it
NODES = (
    ("standard, or Snowpark-optimized MEMORY_1X", 16, 1),
    ("Snowpark-optimized MEMORY_16X, Medium", 256, 6),
    ("Snowpark-optimized MEMORY_64X, Large", 1000, 15),
)
# developer-guide/udf/python/udf-python-batch: a call's time limit; a frame has up to a few thousand
CALL_SECONDS, CALL_ROWS = 180, 4096
# developer-guide/udf-stored-procedure-arguments
MOST_ARGUMENTS = 500
# release-notes/bcr-bundles/2025_03/bcr-1942: of a BINARY whose length isn't declared, of a VARIANT
MOST_BINARY_BYTES, MOST_VARIANT_BYTES = 8_388_608, 134_217_728
# Snowflake doesn't say how many cores a node has: an assumption
CORES = 8

# ── Figures of docs/benchmarks.md: seconds of the cores, on DuckDB ────────────
# timeline and features, first build: 508 seconds for 50 million events; a day with 1% new ones: 162
FIRST_BUILD_SECONDS_PER_EVENT, LATER_BUILD_SECONDS_PER_EVENT = 508 / 50e6, 162 / 50e6
# identity by shared identifiers: 61.5 seconds of two cores for four million records
IDENTITY_SECONDS_PER_RECORD = 61.5 * 2 / 4e6
# identity by details, a million records: seconds of the processor, and memory of the whole run
DETAILS_SECONDS_PER_RECORD, DETAILS_RUN_BYTES_PER_RECORD = 231 / 1e6, 2.61e9 / 1e6

# what the rows of a layer grow with; other layers stay small
GROWS_WITH = {
    "inputs": "events",
    "timeline": "events",
    "identity": "customers",
    "features": "customers",
    "labels": "customers",
    "scores": "customers",
}
# tables of these layers that grow with customers all the same
WITH_CUSTOMERS = {
    *("input_profiles_checked", "input_consents_checked", "input_identifiers_checked"),
    *("timeline_owners", "timeline_records", "timeline_customer_snapshots"),
    *("timeline_profile_versions", "timeline_journey", "timeline_journey_moves"),
}
FEATURES, TRAINING_ROWS, NODES_OF_GRAPH = 224, (50_000, 200_000), 1_000_000
GENERATIONS = 5  # the var published_generations


@dataclass(frozen=True)
class World:
    """How large a company is."""

    customers: int
    events: int

    def times(self, other: "World", grows_with: str) -> float:
        """How much more there is of a table here than in another world; 1 where nothing grows."""
        if grows_with == "nothing":
            return 1.0
        here: int = getattr(self, grows_with)
        there: int = getattr(other, grows_with)
        return here / there


@dataclass(frozen=True)
class Table:
    """A table of the built world, and its size as zstd Parquet."""

    name: str
    layer: str
    rows: int
    bytes: int

    @property
    def grows_with(self) -> str:
        """events, customers or nothing."""
        if self.name in WITH_CUSTOMERS:
            return "customers"
        return GROWS_WITH.get(self.layer, "nothing")


@dataclass(frozen=True)
class Cost:
    """Of work, or of a row of it: seconds of one core, and bytes of memory."""

    seconds: float
    bytes: float = 0.0


def per_row(small: Cost, large: Cost, rows: tuple[int, int]) -> Cost:
    """What each further row costs; what is there without rows counts out."""
    more = rows[1] - rows[0]
    return Cost((large.seconds - small.seconds) / more, (large.bytes - small.bytes) / more)


def credits_of(core_seconds: float, per_hour: float = CREDITS_PER_HOUR) -> float:
    """Credits for work that spreads over all cores: those of one node per hour."""
    return core_seconds / CORES / 3600 * per_hour


def smallest_node(needed: float) -> tuple[str, int, int] | None:
    """The cheapest node whose memory is enough: name, GB, credits per hour. None: there is none."""
    return next((node for node in NODES if node[1] * GB >= needed), None)


def rows_that_fit(bytes_per_row: float, gigabytes: float) -> int:
    """How many rows of work a node's memory holds."""
    return int(gigabytes * GB / bytes_per_row)


# ── What is measured ──────────────────────────────────────────────────────────
def build(home: Path, people: int) -> Path:
    """A made-up world, built; its DuckDB file. One that is there is taken."""
    file = home / "warehouse" / "demo.duckdb"
    if not file.exists():
        command = str(Path(sys.executable).parent / "regulars")
        for arguments in (["demo", "--customers", str(people)], ["build"]):
            subprocess.run(
                [command, *arguments],
                env=os.environ | {"REGULARS_HOME": str(home)},
                stdout=subprocess.DEVNULL,
                check=True,
            )
    return file


def tables_of(con: duckdb.DuckDBPyConnection, folder: Path) -> list[Table]:
    """Every table of the layers with its rows, and its bytes as a zstd Parquet file."""
    named = con.execute(
        "select schema_name, table_name from duckdb_tables() where schema_name not like 'raw%'"
        " and schema_name not in ('truth', 'seeds', 'journal') order by all"
    ).fetchall()
    found = []
    for layer, name in named:
        file = folder / f"{layer}.{name}.parquet"
        ((rows,),) = con.execute(f"select count(*) from {layer}.{name}").fetchall()
        con.execute(
            f"copy {layer}.{name} to '{file}' (format parquet, compression zstd)"
        ).fetchall()
        found.append(Table(name, layer, rows, file.stat().st_size))
    return found


class Held:
    """An engine whose training view is made up: no warehouse counts into the memory."""

    def __init__(self, rows: int) -> None:
        self._rows = rows

    def columns(self, relation: Any) -> dict[str, str]:
        """The training view's."""
        names = ("customer_id", "as_of_date", "is_current", "label", *feature_names())
        types = {"customer_id": "VARCHAR", "as_of_date": "DATE", "is_current": "BOOLEAN"}
        return {name: types.get(name, "DOUBLE") for name in names}

    def read(self, relation: Any, columns: Sequence[str] = ("*",), **_: Any) -> pa.Table:
        """The plan, or rows of the view as Snowflake's would be held: 32-bit floats."""
        if relation == "plan":
            plan = {"is_due": True, "settings": "{}", "question": "{}"}
            none = ("model_id", "features", "parameters", "metrics")
            champion = {f"champion_{name}": None for name in none}
            return pa.Table.from_pylist([{**plan, "as_of_date": date(2025, 6, 1), **champion}])
        random = np.random.default_rng(1)
        days = np.datetime64("2024-01-01") + 30 * (np.arange(self._rows) * 16 // self._rows)
        made = {name: _floats(random, self._rows) for name in feature_names()}
        shown = sum(made[name] for name in feature_names()[:5])
        label = (random.random(self._rows) < 1 / (1 + shown / 50)).astype(np.float32)
        return pa.table({"as_of_date": pa.array(days), "label": label, **made})

    def stream(self, relation: Any, columns: Sequence[str], **_: Any) -> Iterator[pa.RecordBatch]:
        """The customers of today, some thousands."""
        random = np.random.default_rng(2)
        names = [column.rsplit(" ", maxsplit=1)[-1] for column in columns]
        yield pa.record_batch({name: _floats(random, 5000) for name in names})


def feature_names() -> tuple[str, ...]:
    """So many as the demo's champions look at, those of the rules among them."""
    rest = (f"feature_{number}" for number in range(FEATURES - len(RULES_FEATURES)))
    return (*RULES_FEATURES, *rest)


def _floats(random: np.random.Generator, rows: int) -> np.ndarray:
    return random.exponential(10, rows).astype(np.float32)


def train(rows: int) -> Cost:
    """A whole training on so many rows, judging and all: one thread."""
    began, before = time.process_time(), _peak()
    prediction = Prediction("churn", 90, {**project_parameters(), "nthread": 1})
    engine: Any = Held(rows)
    (row,) = train_when_due(engine, prediction, "plan", "view").to_pylist()
    if row["status"] == "failed":
        raise click.ClickException(f"The training failed: {row['status_reason']}")
    return Cost(time.process_time() - began, _peak() - before)


def cluster() -> Cost:
    """Connected components per record, with three links for four records as in the demo."""
    random, size = np.random.default_rng(3), NODES_OF_GRAPH
    linked = random.choice(np.arange(8, size), size * 3 // 4, replace=False)
    moments = random.integers(1_700_000_000_000_000, 1_750_000_000_000_000, len(linked))
    links = {
        "record_number": linked,
        "other_record_number": linked - random.integers(1, 8, len(linked)),
        "linked_at": pa.array(moments).cast(pa.timestamp("us")),
    }
    records = pa.table({"record_number": np.arange(size)})
    began, before = time.process_time(), _peak()
    cluster_records(records, pa.table(links))
    return Cost((time.process_time() - began) / size, (_peak() - before) / size)


def score(file: Path, reasons: str) -> Cost:
    """What a UDF does per customer, frame in, dicts out, in batches of a few thousand.

    Returns:
        The seconds, and the bytes of the longest of its answers as JSON.
    """
    with duckdb.connect(str(file), read_only=True) as con:
        row = champion_row(DuckDBEngine(con), "churn", *models_of(con))
        if row is None:
            raise click.ClickException("Nothing could be learnt of churn.")
        words = dict(con.execute("select feature, words from scores.score_reason_words").fetchall())
        scorer = Scorer(row, RULES_FEATURES, words, reasons)
        columns = ", ".join(
            name if pa.types.is_string(scorer.inputs.field(name).type) else f"{name}::double"
            for name in scorer.inputs.names[1:]
        )
        frame = con.execute(
            f"select as_of_date, {columns} from training.training_churn where is_current"
        ).df()
    frame = frame.iloc[np.arange(CALL_ROWS) % len(frame)].reset_index(drop=True)
    frame.columns = range(len(frame.columns))
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "scorer.json").write_bytes(scorer.to_bytes())
        sys._xoptions["snowflake_import_directory"] = folder
        function = applied(Scorer.__module__, "Scorer", "scorer.json")
    longest = max(len(json.dumps(said)) for said in function(frame))
    began = time.process_time()
    for _ in range(3):
        function(frame)
    return Cost((time.process_time() - began) / 3 / CALL_ROWS, longest)


def details(file: Path) -> Cost:
    """Bytes of a record's details in a DuckDB in memory, as `scratch` holds them."""
    with duckdb.connect(str(file), read_only=True) as con:
        table = con.sql("from identity.identity_details").to_arrow_table()
    copies = pa.concat_tables([table] * (200_000 // len(table) + 1)).combine_chunks()
    with duckdb.connect() as con:
        con.from_arrow(copies).create("details")
        ((held,),) = con.execute("select sum(memory_usage_bytes) from duckdb_memory()").fetchall()
    return Cost(0.0, (int(held) + copies.nbytes) / len(copies))


def _peak() -> float:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def apart(function: Any, *arguments: Any) -> Cost:
    """Measures in a process of its own."""
    with get_context("spawn").Pool(1) as pool:
        found: Cost = pool.apply(function, arguments)
    return found


# ── What is printed ───────────────────────────────────────────────────────────
def print_tables(tables: Sequence[Table], here: World, there: World) -> None:
    """Rows and bytes, the largest tables first."""
    scaled = [(table, there.times(here, table.grows_with)) for table in tables]
    print(f"\n{here.customers:,} customers and {here.events:,} events were measured.\n")
    print("| table | grows with | rows here | bytes a row | rows there | GB there |")
    print("|---|---|---|---|---|---|")
    scaled.sort(key=lambda pair: -pair[0].bytes * pair[1])
    for table, times in scaled[:14]:
        each = table.bytes / max(table.rows, 1)
        print(
            f"| `{table.name}` | {table.grows_with} | {table.rows:,} | {each:.1f} |"
            f" {table.rows * times:,.0f} | {table.bytes * times / GB:,.0f} |"
        )
    rest = sum(table.bytes * times for table, times in scaled[14:]) / GB
    every = sum(table.bytes * times for table, times in scaled) / GB
    print(f"| {len(scaled) - 14} others | | | | | {rest:,.0f} |")
    print(f"| all | | | | | {every:,.0f} |")
    sizes = {table.name: (table.rows * times, table.bytes * times / GB) for table, times in scaled}
    rows, size = sizes["customer_score_history"]
    print(
        f"\nA day adds {rows:,.0f} rows and {size:.2f} GB to `customer_score_history`,"
        f" a year {size * 365:,.0f} GB. {GENERATIONS} generations of the whole timeline are"
        f" {GENERATIONS * sizes['timeline_owned_events'][1]:,.0f} GB."
    )


def print_trainings(
    rows: dict[str, tuple[int, int]], cost: Cost, here: World, there: World, buyers: int
) -> None:
    """Each training in one procedure: matrix, memory, hours, credits."""
    print(
        f"\nA training: {cost.bytes:,.0f} bytes and {cost.seconds * 1e3:.2f} ms of a core a row.\n"
    )
    print("| training | rows there | matrix, GB | memory, GB | node | hours | credits |")
    print("|---|---|---|---|---|---|---|")
    times, total = there.times(here, "customers"), 0.0
    asked = [(name, learnt * times) for name, (learnt, _) in rows.items()]
    name, (learnt, _) = max(rows.items(), key=lambda pair: pair[1][0])
    asked.append((f"{name}, were all customers buyers", learnt * there.customers / buyers))
    for place, (name, count) in enumerate(asked):
        node = smallest_node(count * cost.bytes)
        hours = count * cost.seconds / CORES / 3600
        credits = credits_of(count * cost.seconds, node[2]) if node else 0.0
        total += credits if place < len(rows) else 0.0
        paid = f"{credits:,.1f}" if node else "–"
        print(
            f"| {name} | {count:,.0f} | {count * FEATURES * 4 / GB:,.1f} |"
            f" {count * cost.bytes / GB:,.0f} | {node[0] if node else 'none'} |"
            f" {hours:.1f} | {paid} |"
        )
    print(f"\nAll {len(rows)} once, with customers like those here: {total:,.0f} credits.")
    print("\n| memory of a node | rows that fit | customers like those here | … who all buy |")
    print("|---|---|---|---|")
    for kind, gigabytes, _ in NODES:
        fit = rows_that_fit(cost.bytes, gigabytes)
        alike, all_buy = fit * here.customers / learnt, fit * buyers / learnt
        print(f"| {gigabytes} GB: {kind} | {fit:,} | {alike:,.0f} | {all_buy:,.0f} |")


def print_work(title: str, lines: Sequence[tuple[str, float, float]]) -> None:
    """Work that spreads: how much, seconds of the cores, credits."""
    print(f"\n| {title} | how many there | hours of a core | credits |")
    print("|---|---|---|---|")
    for name, count, seconds in lines:
        hours = count * seconds / 3600
        print(f"| {name} | {count:,.0f} | {hours:,.1f} | {credits_of(count * seconds):,.2f} |")


def print_identity(lines: Sequence[tuple[str, float, Cost]]) -> None:
    """Work of one procedure on one node."""
    print("\n| in one procedure | records there | bytes a record | memory, GB | node | hours |")
    print("|---|---|---|---|---|---|")
    for name, count, cost in lines:
        node = smallest_node(count * cost.bytes)
        print(
            f"| {name} | {count:,.0f} | {cost.bytes:,.0f} | {count * cost.bytes / GB:,.1f} |"
            f" {node[0] if node else 'none'} | {count * cost.seconds / 3600:.2f} |"
        )


@click.command()
@click.option("--people", default=3000, show_default=True, help="Of the made-up world.")
@click.option("--home", type=click.Path(path_type=Path), help="Where it is built, and kept.")
def main(people: int, home: Path | None) -> None:
    """Measures here, and prints what it comes to there."""
    small, large = (apart(train, rows) for rows in TRAINING_ROWS)
    training, clusters = per_row(small, large, TRAINING_ROWS), apart(cluster)
    with tempfile.TemporaryDirectory() as folder:
        file = build(home or Path(folder), people)
        with duckdb.connect(str(file), read_only=True) as con:
            tables = tables_of(con, Path(folder))
            rows = {
                name: con.execute(
                    "select count(label), count_if(is_current) from training.training_" + name
                ).fetchall()[0]
                for (name,) in con.execute(
                    "select prediction from training.champions order by 1"
                ).fetchall()
            }
            ((buyers,),) = con.execute("select count(*) from scores.customer_rfmt").fetchall()
            ((inputs,),) = con.execute(
                "select max(json_array_length(features)) from training.champions"
            ).fetchall()
            ((booster,),) = con.execute(
                "select max(octet_length(booster)) from training.model_boosters"
                " semi join training.champions using (model_id)"
            ).fetchall()
        plain, told = apart(score, file, "none"), apart(score, file, "approximate")
        held = apart(details, file)
    counts = {table.name: table.rows for table in tables}
    here = World(counts["customers"], counts["timeline_owned_events"])
    there = World(CUSTOMERS, EVENTS)
    times = there.times(here, "customers")
    print_tables(tables, here, there)
    print_trainings(rows, training, here, there, buyers)
    scored = sum(today for _, today in rows.values()) * times
    records, detailed = counts["identity_records"] * times, counts["identity_details"] * times
    print_work(
        "spread over the nodes",
        [
            ("timeline and features, first build: events", EVENTS, FIRST_BUILD_SECONDS_PER_EVENT),
            ("… a day with 1% new: events", EVENTS, LATER_BUILD_SECONDS_PER_EVENT),
            ("ties by shared identifiers: records", records, IDENTITY_SECONDS_PER_RECORD),
            ("scores of all predictions, without reasons", scored, plain.seconds),
            ("scores of all predictions, reasons approximate", scored, told.seconds),
        ],
    )
    print(
        f"\nOne core scores {1 / plain.seconds:,.0f} customers a second, {1 / told.seconds:,.0f}"
        f" with approximate reasons; a call of {CALL_ROWS:,} rows takes"
        f" {told.seconds * CALL_ROWS:.1f} of {CALL_SECONDS} seconds."
        f" A champion has {inputs + 1} of {MOST_ARGUMENTS} arguments,"
        f" the largest part of a booster is {booster:,} of {MOST_BINARY_BYTES:,} bytes,"
        f" its longest answer {told.bytes:,.0f} of {MOST_VARIANT_BYTES:,}."
    )
    matching = Cost(DETAILS_SECONDS_PER_RECORD, DETAILS_RUN_BYTES_PER_RECORD)
    print_identity(
        [
            ("identity_clusters", records, clusters),
            ("details read into DuckDB", detailed, held),
            ("… and matched", detailed, matching),
            ("… were each customer one with details", float(CUSTOMERS), matching),
        ]
    )


if __name__ == "__main__":
    main()
