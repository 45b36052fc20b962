"""The `regulars` command: what dbt can't do. Each group lives in a package of its own."""

import sys

import click

from regulars.building.backfill import backfill
from regulars.building.command import build
from regulars.demo.command import demo
from regulars.errors import UserError
from regulars.features.command import features
from regulars.gates.command import expectations
from regulars.identity.command import identity
from regulars.loading.command import load
from regulars.packaging.command import snowflake
from regulars.publication.command import publication
from regulars.training.command import champion


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(package_name="regulars")
def cli(debug: bool) -> None:
    """Customer scores inside your own warehouse."""


for command in (
    demo,
    load,
    build,
    backfill,
    publication,
    expectations,
    identity,
    features,
    champion,
    snowflake,
):
    cli.add_command(command)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line: exit code 0 on success, 1 on a red run, 2 on wrong input."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        code = cli.main(args=arguments, prog_name="regulars", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)  # a page, not a sentence
        code = 2
    except click.ClickException as error:
        code = _fail(error.format_message())
    except UserError as error:
        if "--debug" in arguments:
            raise
        code = _fail(str(error))
    except click.Abort:
        code = _fail("stopped.")
    except Exception as error:
        if "--debug" in arguments:
            raise
        code = _fail(f"{type(error).__name__}: {error} (regulars --debug … shows where)")
    sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str) -> int:
    click.echo(f"Error: {' '.join(message.split())}", err=True)
    return 2
