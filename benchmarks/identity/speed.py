"""What ties by shared identifiers cost, beside one hash aggregate over the same rows.

Each person has ten identifiers on four records: a till's customer number, e-mail and phone; two
shop accounts with e-mail and phone; a browser with its cookie and a log-in. Some e-mails are
written in capitals, some phones are a household's.
"""

import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import click
import duckdb
import networkx as nx  # type: ignore[import-untyped]
import pyarrow as pa
from splink import DuckDBAPI
from splink.clustering import cluster_pairwise_predictions_at_threshold

from benchmarks.identity.world import World
from regulars.identity.clusters import cluster_records

IDENTIFIERS = """
copy (
    with people as (select range as p, hash(range) as h from range({people})),
    mails as (
        select *, format('{{}}.{{}}@mail.example', hex(h % 100000), p) as mail,
            format('+4930{{:08d}}', case when h % 10 = 0 then p // 2 else 50000000 + p end) as phone
        from people
    ),
    rows_of_people as (
        select p, unnest([
            {{'record_id': 'till-' || p, 'kind': 'customer_number', 'value': 'C' || p}},
            {{'record_id': 'till-' || p, 'kind': 'email', 'value': upper(mail)}},
            {{'record_id': 'till-' || p, 'kind': 'phone', 'value': phone}},
            {{'record_id': 'shop-' || p, 'kind': 'account_id', 'value': 'A' || p}},
            {{'record_id': 'shop-' || p, 'kind': 'email', 'value': mail}},
            {{'record_id': 'shop-' || p, 'kind': 'phone', 'value': phone}},
            {{'record_id': 'second-' || p, 'kind': 'email', 'value': mail}},
            {{'record_id': 'second-' || p, 'kind': 'account_id', 'value': 'B' || p}},
            {{'record_id': 'web-' || p, 'kind': 'cookie_id', 'value': md5(p::varchar)}},
            {{'record_id': 'web-' || p, 'kind': 'account_id', 'value': 'A' || p}}
        ]) as one
        from mails
    )
    select one.record_id, one.kind as identifier_type, one.value as identifier_value,
        timestamp '2024-01-01' + interval 1 minute * (hash(p, one.record_id) % 1000000)::integer
            as observed_at
    from rows_of_people
    order by hash(one.record_id, one.kind)
) to '{file}' (format parquet)
"""
AGGREGATE = (
    "select count(*), sum(n) from (select identifier_type, identifier_value, count(*) as n"
    " from inputs.input_identifiers group by identifier_type, identifier_value)"
)
BEFORE = ["--select", "+gate_inputs", "resource_type:seed"]
DETERMINISTIC = ["--select", "+identity_map,path:models/identity"]
DETERMINISTIC += ["+identity_map,path:python_models/identity"]
TIMES = 3


@dataclass(frozen=True)
class Cost:
    """Seconds, and gigabytes at the peak."""

    seconds: float
    peak: float


def speed(people: list[int], folder: Path) -> None:
    """Prints the path end to end for each number of people, then the components alone."""
    click.echo(
        "| people | identifiers | identity_records … identity_map | one hash aggregate | ratio"
        " | peak memory | of the aggregate | ratio |\n|---|---|---|---|---|---|---|---|"
    )
    details = []
    for count in people:
        world = _world(count, folder / str(count))
        run = world.build(*DETERMINISTIC)
        nodes = [name for name in run.nodes if name.startswith("identity_")]
        ours = Cost(run.seconds(*nodes), run.peak)
        once = _aggregate(world.file)
        with world.connect() as connection:
            ((rows,),) = connection.sql("select count(*) from inputs.input_identifiers").fetchall()
        click.echo(
            f"| {count:,} | {rows:,} | {ours.seconds:.1f} s | {once.seconds:.1f} s"
            f" | {ours.seconds / once.seconds:.2f} | {ours.peak:.2f} GB | {once.peak:.2f} GB"
            f" | {ours.peak / once.peak:.2f} |"
        )
        details.append(
            f"{count:,} people, {run.processor:.0f} s of processor;"
            f" slowest: {run.slowest(8, nodes)}"
        )
    click.echo("\n" + "\n\n".join(details))
    click.echo("\n| people | links | Regulars | Splink | networkx |\n|---|---|---|---|---|")
    for count in people:
        world = World(folder / str(count), "prod", folder / str(count) / "project")
        with world.connect() as connection:
            click.echo(f"| {count:,} " + _components(connection))


def _world(people: int, home: Path) -> World:
    """Built up to the gate behind the inputs."""
    home.parent.mkdir(parents=True, exist_ok=True)
    file = home.parent / f"{people}" / "speed.parquet"
    file.parent.mkdir()
    with duckdb.connect() as connection:
        connection.execute(IDENTIFIERS.format(people=people, file=file)).fetchall()
    world = World.of_source(home, "speed", [file])
    world.build(*BEFORE)
    return world


def _aggregate(file: Path) -> Cost:
    """The aggregate in a process of its own, the file read for the first time as by dbt."""
    script = (
        "import duckdb, resource, sys, time\n"
        "con = duckdb.connect(sys.argv[1], read_only=True)\n"
        "con.execute('set enable_progress_bar = false')\n"
        "began = time.monotonic()\n"
        "con.execute(sys.argv[2]).fetchall()\n"
        "print(time.monotonic() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    found = []
    for _ in range(TIMES):
        done = subprocess.run(
            [sys.executable, "-c", script, str(file), AGGREGATE],
            capture_output=True,
            text=True,
            check=True,
        )
        seconds, peak = map(float, done.stdout.split())
        found.append(Cost(seconds, peak / (1024**3 if sys.platform == "darwin" else 1024**2)))
    return sorted(found, key=lambda cost: cost.seconds)[TIMES // 2]


def _components(connection: duckdb.DuckDBPyConnection) -> str:
    """The rest of a line of the table: how long each takes for the same links."""
    records = connection.sql("select record_number from identity.identity_records").to_arrow_table()
    links = connection.sql(
        "select record_number, other_record_number, linked_at from identity.identity_links"
    ).to_arrow_table()
    rounds = [[take(records, links) for take in (_ours, _splink, _networkx)] for _ in range(TIMES)]
    took = [statistics.median(seconds) for seconds in zip(*rounds, strict=True)]
    cells = [f"{seconds:.1f} s" for seconds in took]
    cells[1] += f" (× {took[0] / took[1]:.2f})"
    cells[2] += f" (× {took[0] / took[2]:.2f})"
    return f"| {len(links):,} | " + " | ".join(cells) + " |"


def _ours(records: pa.Table, links: pa.Table) -> float:
    began = time.monotonic()
    cluster_records(records, links)
    return time.monotonic() - began


def _splink(records: pa.Table, links: pa.Table) -> float:
    with duckdb.connect() as own:
        own.register("records", records)
        own.register("links", links)
        own.execute(
            "create table nodes as select record_number as record from records;"
            " create table edges as select record_number as record_l,"
            " other_record_number as record_r from links"
        ).fetchall()
        began = time.monotonic()
        cluster_pairwise_predictions_at_threshold(
            "nodes", "edges", DuckDBAPI(own), "record", "record_l", "record_r"
        )
        return time.monotonic() - began


def _networkx(records: pa.Table, links: pa.Table) -> float:
    numbers = records["record_number"].to_pylist()
    pairs = list(
        zip(
            links["record_number"].to_pylist(),
            links["other_record_number"].to_pylist(),
            strict=True,
        )
    )
    began = time.monotonic()
    graph = nx.Graph()
    graph.add_nodes_from(numbers)
    graph.add_edges_from(pairs)
    oldest = {}
    for component in nx.connected_components(graph):
        root = min(component)
        for number in component:
            oldest[number] = root
    return time.monotonic() - began
