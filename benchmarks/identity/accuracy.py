"""How right the identity models are, on made-up and on public records whose people are known."""

import json
from pathlib import Path

import click
import duckdb
import yaml

from benchmarks.identity.judging import HEADER, judge, row, ties_in_words
from benchmarks.identity.world import World

PUBLIC = {
    "er_fake_1000": "select 'er_fake_1000' as source_name, unique_id as source_record_id,"
    " cluster as person from raw_er_fake_1000.er_fake_1000",
    "er_febrl3": "select 'er_febrl3' as source_name, rec_id as source_record_id,"
    " split_part(rec_id, '-', 2) as person from raw_er_febrl3.er_febrl3",
}
# a cookie that two people used is neither's: it is counted apart
OWNED = (
    "select source_name, source_record_id, min(person_id) as person from truth.records"
    " group by all having count(distinct person_id) = 1"
)
SAYS_SOMETHING = (
    "record_number in (select record_number from identity.identity_details"
    " union all select record_number from identity.identity_edges"
    " union all select first_record_number from identity.identity_edges)"
)


def public(name: str, data: Path, folder: Path) -> None:
    """Judges the matching on a public data set, and prints it."""
    world = World.of_source(folder / name, name, [data / f"{name}.parquet"])
    world.build("--select", "+identity_map")
    with world.connect() as connection:
        click.echo(row(name, judge(connection, PUBLIC[name])))
        click.echo(ties_in_words(connection, PUBLIC[name]))


def synthetic(customers: int, years: int, folder: Path) -> None:
    """Judges the identity models on the made-up company, with and without ties by details."""
    world = World.of_demo(folder / "demo", customers, years)
    matching = yaml.safe_load((world.project / "dbt_project.yml").read_text())["vars"][
        "identity_matching"
    ]
    world.build("--select", "+identity_map")
    with world.connect() as connection:
        _echo_synthetic(connection, "identifiers and details")
        click.echo(ties_in_words(connection, OWNED))
        _echo_suppressed(connection)
    off = json.dumps({"identity_matching": {**matching, "links": False}})
    world.build("--select", "identity_link_decisions+,+identity_map", "--vars", off)
    with world.connect() as connection:
        _echo_synthetic(connection, "identifiers only")
        click.echo(ties_in_words(connection, OWNED))


def _echo_synthetic(connection: duckdb.DuckDBPyConnection, ties: str) -> None:
    every = judge(connection, OWNED)
    telling = judge(connection, OWNED, SAYS_SOMETHING)
    click.echo("\n" + HEADER)
    click.echo(row(f"made-up company, {ties}: all records", every))
    click.echo(row("… that have details or share an identifier", telling))
    ((shared,),) = connection.sql(
        "select count(*) from (select 1 from truth.records group by source_name, source_record_id"
        " having count(distinct person_id) > 1)"
    ).fetchall()
    click.echo(f"\nRecords that two people used, in no figure above: {shared:,}")


def _echo_suppressed(connection: duckdb.DuckDBPyConnection) -> None:
    """Whether what everybody shares put anybody together: people and clusters that carry it."""
    found = connection.sql(
        f"""
        select s.identifier_type, s.identifier_value, s.records_count, s.records_cap,
            count(distinct person), count(distinct root_record_number)
        from identity.identity_suppressed_identifiers as s
        inner join identity.identity_identifiers using (identifier_type, identifier_value)
        inner join identity.identity_records using (record_number)
        inner join identity.identity_clusters using (record_number)
        inner join ({OWNED}) using (source_name, source_record_id)
        group by all order by 3 desc, 1, 2 limit 5
        """
    ).fetchall()
    ((count,),) = connection.sql(
        "select count(*) from identity.identity_suppressed_identifiers"
    ).fetchall()
    click.echo(f"\nSuppressed identifiers: {count:,}; the most shared:\n")
    click.echo("| type | value | records | cap | people | clusters |\n|---|---|---|---|---|---|")
    for kind, value, records, cap, people, clusters in found:
        click.echo(f"| {kind} | {value} | {records:,} | {cap} | {people:,} | {clusters:,} |")


def accuracy(data: Path, customers: int, years: int, folder: Path) -> None:
    """Prints all of it."""
    click.echo(HEADER)
    for name in PUBLIC:
        public(name, data, folder)
    synthetic(customers, years, folder)
