"""`regulars expectations`: write, check and read the suites that gate each run."""

from contextlib import ExitStack
from pathlib import Path

import click

from regulars.engines.duckdb_reading import WITHOUT_SQL, read_warehouse
from regulars.errors import UserError
from regulars.gates.docs.site import build_site
from regulars.gates.draft import draft_suite, suite_text
from regulars.gates.expectation_models import ExpectationModels
from regulars.gates.gated_tables import read_declared, read_gates
from regulars.gates.journal import checked_run, last_good_run, results_of
from regulars.gates.project_problems import (
    BEHIND_THE_GATES,
    Inspection,
    find_table,
    inspect_suites,
    where_to_add,
)
from regulars.gates.suggestion import did_you_mean
from regulars.gates.suite_problems import SuiteJudge
from regulars.gates.suites import suite_file, suite_place
from regulars.project import check_target, project_folder

target_option = click.option(
    "--target", default="demo", show_default=True, help="The target of profiles.yml."
)


@click.group()
def expectations() -> None:
    """Write and check what gates expect of tables, and read what they found."""


@expectations.command(epilog="Example:  regulars expectations check customers")
@target_option
@click.argument("tables", nargs=-1)
def check(target: str, tables: tuple[str, ...]) -> int:
    """Look for mistakes in the suites of TABLES, or in all of them, without running them.

    Columns are held against the built tables, or against the models' YAML where nothing is
    built. Exit code: 0 when all is well, 2 when something is wrong.
    """
    check_target(target)
    inspection = _inspect(target, tables)
    for problem in inspection.problems:
        click.echo(problem, err=True)
    if inspection.problems:
        click.echo(f"{_many(len(inspection.problems), 'problem')} found.", err=True)
        return 2
    if not inspection.suites:
        raise UserError("expectations/ holds no suites yet: see regulars expectations new.")
    suites = _many(inspection.suites, "suite")
    click.echo(f"{suites}, {_many(inspection.expectations, 'expectation')}: fine.")
    return 0


@expectations.command(epilog="Example:  regulars expectations new customer_scores")
@target_option
@click.option("--force", is_flag=True, help="Replace the table's suite.")
@click.argument("table")
def new(target: str, force: bool, table: str) -> None:
    """Draft a suite for TABLE from how it looks after the last good run.

    No values of personal columns are written. Read the draft before you trust it.
    """
    file = suite_file(table)
    declared, gates = read_declared(), read_gates()
    with read_warehouse(target) as warehouse:
        run = last_good_run(warehouse, target)
        known = find_table(table, declared, warehouse)
        if known is None or known.relation is None:
            if known:
                raise UserError(f"{table} isn't built for {target} yet: regulars build first.")
            raise UserError(f"There is no model {table}{did_you_mean(table, declared)}.")
        model = declared.get(table)
        missing = where_to_add(table, model.layer if model else None, gates)
        if missing == BEHIND_THE_GATES:
            raise UserError(f"No gate can check {table}: {missing}.")
        if file.exists() and not force:
            raise UserError(
                f"{suite_place(table)} is there already:"
                f" regulars expectations new --force {table} replaces it."
            )
        suite = draft_suite(table, warehouse, known.relation, model)
    file.parent.mkdir(exist_ok=True)
    file.write_text(suite_text(suite), encoding="utf-8")
    click.echo(
        f"{file}: {_many(len(suite['expectations']), 'expectation')}, drafted from the run of"
        f" {run.started_at:%Y-%m-%d %H:%M} UTC. Read them before you trust them."
    )
    if missing:
        click.echo(f"No gate reads it yet: {missing}, then build.")


@expectations.command(epilog="Example:  regulars expectations docs --target retail")
@target_option
@click.option("--run", "run_id", help="The run, by its id or how that begins. Default: the last.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    help="Where the pages go. Default: target/data_docs in the project.",
)
def docs(target: str, run_id: str | None, folder: Path | None) -> None:
    """Write what a run's gates found as pages to read: Great Expectations' Data Docs.

    They are built from the stored results: no data is looked at, and nothing is fetched from
    the network, then or when they are read.
    """
    with read_warehouse(target) as warehouse:
        run = checked_run(warehouse, run_id)
        rows = results_of(warehouse, run.run_id)
    index = build_site(run, rows, target, folder or project_folder() / "target" / "data_docs")
    failed = sum(not row["is_met"] for row in rows)
    click.echo(f"Run {run.run_id}: {_many(len(rows), 'expectation')}, {failed} not met.")
    click.echo(f"Open {index}")


def _inspect(target: str, tables: tuple[str, ...]) -> Inspection:
    # takes seconds, and a build can't begin while the warehouse is open
    models = ExpectationModels()
    with ExitStack() as stack:
        try:
            warehouse = stack.enter_context(read_warehouse(target))
        except UserError as error:
            click.echo(f"{error} Columns are taken from the models' YAML.", err=True)
            warehouse = None
        return inspect_suites(tables, SuiteJudge(models, WITHOUT_SQL, warehouse))


def _many(count: int, one: str) -> str:
    return f"{count:,} {one}" if count == 1 else f"{count:,} {one}s"
