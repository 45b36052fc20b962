"""`regulars expectations`: write, check and read the suites that gate each run."""

from contextlib import ExitStack

import click

from regulars.engines.duckdb_reading import WITHOUT_SQL, read_warehouse
from regulars.errors import UserError
from regulars.gates.expectation_models import ExpectationModels
from regulars.gates.project_problems import Inspection, inspect_suites
from regulars.gates.suite_problems import SuiteJudge
from regulars.project import check_target

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
        many = len(inspection.problems)
        click.echo(f"{many} {'problem' if many == 1 else 'problems'} found.", err=True)
        return 2
    if not inspection.suites:
        raise UserError("expectations/ holds no suites yet: see regulars expectations new.")
    click.echo(f"{inspection.suites} suites, {inspection.expectations} expectations: fine.")
    return 0


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
