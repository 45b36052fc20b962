"""The command line: exit codes, and errors in one line."""

from collections.abc import Callable, Iterator
from typing import Any

import click
import duckdb
import pytest

from regulars.cli import cli, main
from regulars.errors import UserError

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `regulars …`: exit code, stdout, stderr."""

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


@pytest.fixture
def command() -> Iterator[Callable[[Any], None]]:
    """Adds a command `try-it` that returns what it is given, or raises it."""

    def add(outcome: Any) -> None:
        @cli.command("try-it")
        def try_it() -> Any:
            if isinstance(outcome, BaseException):
                raise outcome
            return outcome

    yield add
    cli.commands.pop("try-it", None)


@pytest.mark.parametrize(("returned", "code"), [(None, 0), (0, 0), (1, 1), (2, 2), ("text", 0)])
def test_a_command_returns_its_exit_code(
    run: Run, command: Callable[[Any], None], returned: Any, code: int
) -> None:
    command(returned)
    assert run("try-it") == (code, "", "")


def test_an_error_for_a_person_is_one_line(run: Run, command: Callable[[Any], None]) -> None:
    command(UserError("Nothing here:\n   load it first."))
    assert run("try-it") == (2, "", "Error: Nothing here: load it first.\n")


def test_debug_shows_where_it_came_from(command: Callable[[Any], None]) -> None:
    command(UserError("Nothing here."))
    with pytest.raises(UserError, match=r"^Nothing here\.$"):
        main(["--debug", "try-it"])


@pytest.mark.parametrize("stop", [click.Abort(), KeyboardInterrupt()])
def test_being_stopped_is_no_traceback(
    run: Run, command: Callable[[Any], None], stop: BaseException
) -> None:
    command(stop)
    code, out, err = run("try-it")
    assert (code, out) == (2, "")
    assert err.split() == ["Error:", "stopped."]


def test_an_error_that_nobody_foresaw_is_one_line_and_whole_with_debug(
    run: Run, command: Callable[[Any], None]
) -> None:
    command(duckdb.Error("what"))
    code, _, said = run("try-it")
    assert code == 2
    assert said == "Error: Error: what (regulars --debug … shows where)\n"
    with pytest.raises(duckdb.Error):
        main(["--debug", "try-it"])


def test_a_group_without_a_command_shows_its_help(run: Run) -> None:
    code, _, said = run("load")
    assert code == 2
    assert len(said.splitlines()) > 5
    assert "online-retail" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nosuch",), "No such command 'nosuch'"),
        (("publication", "show", "--nosuch"), "No such option"),
        (("publication", "query"), "Missing argument 'SQL'"),
    ],
)
def test_wrong_arguments_end_with_2(run: Run, arguments: tuple[str, ...], said: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("flag", ["-h", "--help"])
@pytest.mark.parametrize("group", [(), ("build",), ("demo",), ("load",), ("publication", "query")])
def test_help_is_there_with_an_example(run: Run, group: tuple[str, ...], flag: str) -> None:
    code, out, err = run(*group, flag)
    assert (code, err) == (0, "")
    assert "Usage: regulars" in out
    if group not in ((), ("load",)):
        assert "Example:" in out


def test_the_version_is_the_packages(run: Run) -> None:
    import regulars

    code, out, _ = run("--version")
    assert code == 0
    assert regulars.__version__ in out
