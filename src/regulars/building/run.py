"""The project as dbt runs it in this process: read once, then asked, then built."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import chdir
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, Self

import click

from regulars.building.messages import one_line
from regulars.errors import UserError
from regulars.project import home, project_folder

FAILED = ("error", "fail", "runtime error")
PUBLISHING = "publish"
BUILT = ("model", "seed", "snapshot", "test", "unit_test")


@dataclass(frozen=True)
class Failure:
    """A node that failed, and why in one line."""

    node: str
    message: str


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes:
        nodes: how many nodes finished, whichever way.
        failures: one for each node that failed.
        skipped: how many nodes were not tried because of those.
        is_published: whether the published file was replaced.
        is_interrupted: whether it was stopped by hand.
        planned: how many nodes there were to run.
        run_id: dbt's invocation id.
        started_at, finished_at: UTC.
    """

    nodes: int
    failures: list[Failure] = field(default_factory=list)
    skipped: int = 0
    is_published: bool = False
    is_interrupted: bool = False
    planned: int = 0
    run_id: str = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def is_green(self) -> bool:
        """Whether all went well."""
        return not self.failures and not self.is_interrupted


@dataclass(frozen=True)
class Node:
    """A node that a run is to build.

    Attributes:
        name: the model's, seed's or test's.
        layer: the folder that it stands in: staging, inputs, …
        label: what a person is told while it runs.
        table: schema and name of the table that it leaves; none for views and tests.
        raw_tables: schemas and names of the raw tables that it reads.
    """

    name: str
    layer: str
    label: str
    table: tuple[str, str] | None
    raw_tables: frozenset[tuple[str, str]]


class Watcher(Protocol):
    """Who is told how a run goes on, from any of its threads."""

    def plan(self, nodes: int) -> None:
        """So many nodes there are."""

    def start(self, unique_id: str, node: Node) -> None:
        """A node begins."""

    def finish(self, unique_id: str) -> None:
        """A node is done, whichever way."""


class Project:
    """The project on one target, with one set of vars and of dbt's own options.

    Args:
        target: of profiles.yml.
        variables: the vars, as YAML.
        dbt_arguments: what dbt build takes beside them, such as ["--select", "customers+"].

    Raises:
        UserError: when dbt build doesn't take one of the arguments.
    """

    def __init__(self, target: str, variables: str, dbt_arguments: Sequence[str] = ()) -> None:
        os.environ["REGULARS_HOME"] = str(home())
        self._target = target
        folder = str(project_folder())
        self._where = ["--project-dir", folder, "--profiles-dir", folder, "--target", target]
        self._where += ["--vars", variables]
        self._options = self._read_options(dbt_arguments)
        self._manifest: Any = None

    def read(self) -> None:
        """Parses the project; the slow part, and the same for all that follows.

        Raises:
            UserError: when it can't be parsed.
        """
        self._manifest = self._invoke("parse").result

    def with_other(self, variables: str, dbt_arguments: Sequence[str] = ()) -> Self:
        """The same project, not read again, with other vars and options.

        What is decided while it is read (names, what is enabled, configs) stays as it was read;
        SQL and hooks see the new vars.
        """
        other = type(self)(self._target, variables, dbt_arguments)
        other._manifest = self._manifest
        return other

    def selected(self) -> list[Node]:
        """The nodes that a build is to run.

        Raises:
            UserError: when the selection can't be understood.
        """
        found = self._invoke("ls", output="json", output_keys=["unique_id"]).result
        ids = [json.loads(line)["unique_id"] for line in found]
        return [self.node(one) for one in ids if one.partition(".")[0] in BUILT]

    def node(self, unique_id: str) -> Node:
        """What is known of a node by its id in the manifest."""
        found = self._manifest.nodes.get(unique_id) or self._manifest.unit_tests.get(unique_id)
        if found is None:  # a hook
            name = unique_id.rpartition(".")[2]
            return Node(name, "hooks", name, None, frozenset())
        kind = str(found.resource_type)
        folders = Path(found.original_file_path).parts
        tested = getattr(found, "attached_node", None) or getattr(found, "model", None)
        read = [self._manifest.sources.get(one) for one in getattr(found.depends_on, "nodes", ())]
        return Node(
            name=found.name,
            layer=folders[1] if folders[0] in ("models", "python_models") else folders[0],
            label=f"testing {tested.rpartition('.')[2]}" if tested else found.name,
            table=(found.schema, found.alias)
            if kind in ("model", "seed") and found.config.materialized not in ("view", "ephemeral")
            else None,
            raw_tables=frozenset((raw.schema, raw.identifier) for raw in read if raw),
        )

    def source_problems(self, models: Iterable[str]) -> list[str]:
        """What is wrong with the raw tables that these models read, a sentence each.

        The rule stands in macros/staging/check_source_columns.sql.

        Raises:
            UserError: when the warehouse can't be asked.
        """
        problems, error = self._operation("check_all_sources", {"models": sorted(models)})
        if error is not None and not problems:
            raise UserError(error or "The raw tables can't be looked at.")
        return problems

    def operate(self, macro: str, arguments: Mapping[str, Any]) -> list[str]:
        """Runs a macro, and tells what it says, a sentence each.

        Args:
            macro: its name.
            arguments: by their names; what JSON can hold.

        Raises:
            UserError: when the macro ends in an error, with its sentence.
        """
        sentences, error = self._operation(macro, arguments)
        if error is not None:
            raise UserError(error or f"dbt could not run {macro}.")
        return sentences

    def _operation(self, macro: str, arguments: Mapping[str, Any]) -> tuple[list[str], str | None]:
        """What a macro says, and the sentence of its error; None when it ended well."""
        sentences: list[str] = []
        errors: list[str] = []

        def hear(event: Any) -> None:
            if event.info.name == "JinjaLogInfo":
                sentences.append(event.data.msg)
            elif event.info.name.startswith("RunningOperation"):
                errors.append(event.data.exc)

        result = self._invoke(
            # the results that `dbt retry` reads are those of the last build
            "run-operation",
            macro,
            "--args",
            json.dumps(arguments),
            "--no-write-json",
            hear=hear,
        )
        return sentences, None if result.success else one_line(" ".join(errors))

    def build(self, nodes: Sequence[Node], watcher: Watcher) -> Outcome:
        """Builds what is selected.

        Args:
            nodes: what is selected.
            watcher: is told how it goes on.

        Raises:
            UserError: when dbt could not even start on the nodes.
            KeyboardInterrupt: when it was stopped before it started on them.
        """
        finished: dict[str, str] = {}
        run_id = ""
        watcher.plan(len(nodes))  # dbt's own count leaves out unit tests

        def hear(event: Any) -> None:
            nonlocal run_id
            run_id = event.info.invocation_id
            if event.info.name == "NodeCompiling":  # NodeStart tells skipped ones too
                unique_id = event.data.node_info.unique_id
                watcher.start(unique_id, self.node(unique_id))
            elif event.info.name == "NodeFinished":
                unique_id = event.data.node_info.unique_id
                finished[unique_id] = event.data.node_info.node_status
                watcher.finish(unique_id)

        started_at = datetime.now(UTC)
        result = self._invoke("build", hear=hear, or_raise=False)
        failures: list[Failure] = []
        is_interrupted = isinstance(result.exception, KeyboardInterrupt)
        if result.exception is not None and not finished:
            self._raise(result.exception)
        elif result.exception is not None and not is_interrupted:
            failures.append(Failure("dbt", one_line(str(result.exception))))
        results = list(getattr(result.result, "results", []))
        # by id, for dbt counts some of those that it skips twice; hooks aren't nodes
        done = {r.node.unique_id: r for r in results if r.node.resource_type != "operation"}
        failures += [
            Failure(r.node.name, one_line(r.message or "")) for r in results if r.status in FAILED
        ]
        published = {name.rpartition(".")[2] for name, how in finished.items() if how == "success"}
        published |= {r.node.name for r in results if r.status == "success"}
        return Outcome(
            nodes=len(done) or len(finished),
            failures=failures,
            skipped=sum(r.status == "skipped" for r in done.values()),
            is_published=PUBLISHING in published,
            is_interrupted=is_interrupted,
            planned=len(nodes),
            run_id=run_id,
            started_at=started_at,
            finished_at=datetime.now(UTC),
        )

    def _invoke(
        self, command: str, *arguments: str, hear: Any = None, or_raise: bool = True, **more: Any
    ) -> Any:
        from dbt.cli.main import cli, dbtRunner  # importing dbt takes seconds

        taken = {parameter.name for parameter in cli.commands[command].params}
        options = {name: value for name, value in self._options.items() if name in taken}
        runner = dbtRunner(manifest=self._manifest, callbacks=[hear] if hear else [])
        options = {"log_level": "none"} | options | more
        with chdir(Path.cwd()):  # dbt moves to the project's folder and stays there
            result = runner.invoke([command, *arguments, *self._where], **options)
        if or_raise and result.exception is not None:
            self._raise(result.exception)
        return result

    @staticmethod
    def _raise(exception: BaseException) -> None:
        if isinstance(exception, KeyboardInterrupt):
            raise exception
        raise UserError(one_line(str(exception)))

    def _read_options(self, dbt_arguments: Sequence[str]) -> dict[str, Any]:
        """dbt build's arguments by the names that dbt has for them, to hand to other commands."""
        from dbt.cli.main import cli

        try:
            context = cli.commands["build"].make_context("build", [*self._where, *dbt_arguments])
        except click.UsageError as error:
            raise UserError(f"dbt build: {error.format_message()}") from error
        source = click.core.ParameterSource.COMMANDLINE
        given = {
            name: value
            for name, value in context.params.items()
            if context.get_parameter_source(name) is source
            and name not in ("project_dir", "profiles_dir", "target", "vars")
        }
        # a folder to compare with may stand where one works, not only in the project
        here = {
            name: value.absolute()
            for name, value in given.items()
            if name in ("state", "defer_state") and value.exists()
        }
        return given | here
