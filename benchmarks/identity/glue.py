"""Whether common names, households and shared e-mails glue people together, and what it costs."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import duckdb
import numpy as np
import pyarrow.parquet as pq
from splink import DuckDBAPI
from splink.clustering import cluster_pairwise_predictions_at_threshold

from benchmarks.identity.glue_records import person_records
from benchmarks.identity.judging import HEADER, judge, row, ties_in_words
from benchmarks.identity.metrics import Agreement, agreement
from benchmarks.identity.world import Run, World
from regulars.identity.clusters import cluster_records
from regulars.identity.detail_matches import match_details
from regulars.identity.matching import Matching
from regulars.identity.scoring import PairScorer
from regulars.identity.training import chances_of, filled_columns
from regulars.project import project_folder, read_yaml

PEOPLE = "select 'glue' as source_name, record_id as source_record_id, person from raw_glue.glue"
MATCHING = [
    "identity_details",
    "identity_match_weights",
    "identity_link_decisions",
    "identity_links",
    "identity_clusters",
]
SCORED = (
    "select record_number as record_l, other_record_number as record_r"
    " from identity.identity_link_decisions where tied_by = 'details'"
)
SHARED = (
    "select record_number as record_l, first_record_number as record_r from identity.identity_edges"
)


def glue(records: int, shared_emails: float, folder: Path) -> None:
    """Prints how right, how large, how fast."""
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(person_records(records, shared_emails), folder / "glue.parquet")
    world = World.of_source(folder / "world", "glue", [folder / "glue.parquet"])
    run = world.build("--select", "+identity_map")
    with world.connect() as connection:
        _echo_records(connection)
        click.echo("\n" + HEADER)
        click.echo(row("Regulars", judge(connection, PEOPLE)))
        name = "threshold only: Splink's clustering of the same scored pairs, p ≥ .5"
        click.echo(row(name, _unguarded(connection, SCORED)))
        name = "… and of all shared e-mails and phones, nothing refused"
        click.echo(row(name, _unguarded(connection, f"{SCORED} union {SHARED}")))
        click.echo(ties_in_words(connection, PEOPLE))
        _echo_time(connection, run)


def _unguarded(connection: duckdb.DuckDBPyConnection, ties: str) -> Agreement:
    """What ties make of the records when none is refused."""
    with duckdb.connect() as own:
        own.register("ties", connection.sql(ties).to_arrow_table())
        own.register(
            "records",
            connection.sql(
                "select record_number as record from identity.identity_records"
            ).to_arrow_table(),
        )
        own.execute("create table nodes as from records; create table edges as from ties")
        clusters = cluster_pairwise_predictions_at_threshold(
            "nodes", "edges", DuckDBAPI(own), "record", "record_l", "record_r"
        )
        found = own.sql(
            f"select cluster_id from {clusters.physical_name} order by record"
        ).fetchnumpy()
    people = connection.sql(
        f"select person from identity.identity_records inner join ({PEOPLE})"
        " using (source_name, source_record_id) order by record_number"
    ).fetchnumpy()
    return agreement(found["cluster_id"], people["person"])


def _echo_records(connection: duckdb.DuckDBPyConnection) -> None:
    ((records, commonest),) = connection.sql(
        "select sum(records), max(records) from (select count(*) as records from raw_glue.glue"
        " group by first_name, last_name)"
    ).fetchall()
    ((shared,),) = connection.sql(
        "select coalesce(sum(records), 0) from (select count(*) as records from raw_glue.glue"
        " where email is not null group by email having count(distinct person) > 1)"
    ).fetchall()
    click.echo(
        f"{records:,} records; the commonest full name stands on {commonest:,};"
        f" {shared:,} ({shared / records:.1%}) have an e-mail address that people share"
    )


def _echo_time(connection: duckdb.DuckDBPyConnection, run: Run) -> None:
    nodes = [name for name in run.nodes if name.startswith("identity_")]
    decided = run.seconds("identity_link_decisions") + run.seconds("identity_clusters")
    pairs, join, predicted = _beside_jaro_winkler(connection)
    click.echo(
        f"\nFrom the first model that matches to the last: {run.seconds(*MATCHING):.0f} s; all of"
        f" identity: {run.seconds(*nodes):.0f} s; the whole run, inputs included:"
        f" {run.processor:.0f} s of processor, peak memory {run.peak:.2f} GB"
        f"\n\nThe slowest: {run.slowest(6, nodes)}"
        f"\n\nJaro-Winkler on the same {pairs:,} blocked pairs: {join:.0f} s; Splink's scores and"
        f" our clusters take {predicted / join:.2f} × that, and with the guard"
        f" {decided / join:.2f} ×"
    )


def _beside_jaro_winkler(connection: duckdb.DuckDBPyConnection) -> tuple[int, float, float]:
    """The pairs of the project's keys, and seconds, finding the pairs included in both.

    The first are those of comparing each text column of the pairs once, the others those of
    scoring the pairs and clustering what matches.
    """
    settings = read_yaml(project_folder() / "dbt_project.yml")["vars"]["identity_matching"]
    matching = Matching.from_config(settings)
    with _in_memory(connection, "details", "match_weights") as own:
        weights = own.sql("from match_weights").to_arrow_table()
        filled = matching.of(filled_columns(own, matching.columns))
        began = time.monotonic()
        pairs = PairScorer(own, filled, chances_of(weights)).candidates()
        compared = ", ".join(
            f"sum(jaro_winkler_similarity(a.{column}, b.{column}))" for column in filled.comparisons
        )
        sums = own.sql(
            f"select count(*), {compared} from {pairs}"
            " inner join details as a on left_number = a.record_number"
            " inner join details as b on right_number = b.record_number"
        ).fetchall()[0]
        join = time.monotonic() - began
    with _in_memory(connection, "details") as own:
        records = own.sql("select record_number from details").to_arrow_table()
        began = time.monotonic()
        ties = match_details(own, weights, matching).ties
        names = {"left": "record_number", "right": "other_record_number"}
        cluster_records(records, ties.rename_columns(names))
        predicted = time.monotonic() - began
    assert np.isfinite([float(one or 0) for one in sums]).all()
    return int(sums[0]), join, predicted


@contextmanager
def _in_memory(
    connection: duckdb.DuckDBPyConnection, *names: str
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Copies of identity models, each under its name without identity_."""
    with duckdb.connect() as own:
        for name in names:
            own.register("built", connection.sql(f"from identity.identity_{name}").to_arrow_table())
            own.execute(f"create table {name} as from built").fetchall()
            own.unregister("built")
        yield own
