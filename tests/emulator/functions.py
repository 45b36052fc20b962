"""Vectorized Python functions: `create temporary function …`, each run in a process of its own."""

import inspect
import json
import re
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from tests.emulator.batch_pipes import received, sent
from tests.emulator.procedures import (
    ProcedureError,
    allowed_modules,
    imported_modules,
    put_imports,
    python_of,
)

PROCESS = Path(__file__).with_name("function_process.py")

CREATE = re.compile(
    r"\s*create\s+(?:or\s+replace\s+)?temporary\s+function\s+(?P<name>[\w.]+)\s*"
    r"\((?P<arguments>.*?)\)\s*returns\s+variant\b(?P<clauses>.*?)"
    r"\bas\s*\$\$(?P<code>.*)\$\$\s*;?\s*\Z",
    re.IGNORECASE | re.DOTALL,
)
# fakesnow's columns, as DuckDB calls their types
TYPES = {"float": "DOUBLE", "double": "DOUBLE", "varchar": "VARCHAR", "date": "DATE"}


@dataclass
class Functions:
    """The functions of an emulator.

    Args:
        connection: of the DuckDB that holds the tables.
    """

    connection: duckdb.DuckDBPyConnection
    workers: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _folders: list[tempfile.TemporaryDirectory[str]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def created(self, sql: str, session: dict[str, Any]) -> str | None:
        """Makes the function that a statement defines; returns its name, None for other statements.

        Raises:
            ProcedureError: when it says something that the emulator doesn't know, or imports what
                a warehouse wouldn't have.
        """
        if (found := CREATE.match(sql)) is None:
            return None
        function = python_of(found, "function")
        folder = tempfile.TemporaryDirectory()
        self._folders.append(folder)
        zips = put_imports(function.imports, session, Path(folder.name))
        allowed = allowed_modules(function.packages, zips) | {"_snowflake"}
        if missing := sorted(imported_modules(function.code) - allowed):
            raise ProcedureError(
                f"No module named {', '.join(missing)}: {found['name']} imports it."
            )
        worker = subprocess.Popen(
            [sys.executable, "-P", str(PROCESS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        order = {
            "code": function.code,
            "handler": function.handler,
            "folder": folder.name,
            "allowed": sorted(allowed),
        }
        assert worker.stdin
        worker.stdin.write(json.dumps(order).encode() + b"\n")
        worker.stdin.flush()
        name = found["name"].lower()
        self.workers[name] = worker
        types = [argument.split()[-1].lower() for argument in found["arguments"].split(",")]
        self.connection.create_function(
            local_name(name),
            with_arguments(len(types), self._caller(worker)),
            [TYPES[type_] for type_ in types],
            "VARCHAR",
            type="arrow",
            null_handling="special",
        )
        return name

    def as_called_here(self, sql: str) -> str:
        """A statement with the functions' names as DuckDB knows them, without a schema."""
        for name in self.workers:
            sql = re.sub(rf"\b{re.escape(name)}\s*\(", f"{local_name(name)}(", sql, flags=re.I)
        return sql

    def close(self) -> None:
        """Ends the processes."""
        for worker in self.workers.values():
            worker.communicate()
        for folder in self._folders:
            folder.cleanup()

    def _caller(self, worker: subprocess.Popen[bytes]) -> Any:
        def call(*columns: Any) -> Any:
            assert worker.stdin
            assert worker.stdout
            table = pa.table(list(columns), names=[str(i) for i in range(len(columns))])
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, table.schema) as writer:
                writer.write_table(table)
            with self._lock:
                sent(worker.stdin, sink.getvalue().to_pybytes())
                content = received(worker.stdout)
            if not content:
                raise ValueError("the function's process ended: its error stands in stderr")
            return pa.ipc.open_stream(content).read_all().column("said").combine_chunks()

        return call


def with_arguments(count: int, call: Any) -> Any:
    """The same function with so many arguments in its signature, where DuckDB looks for them."""
    names = [f"a{i}" for i in range(count)]

    def counted(*columns: Any) -> Any:
        return call(*columns)

    positional = inspect.Parameter.POSITIONAL_ONLY
    counted.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter(name, positional) for name in names]
    )
    return counted


def local_name(name: str) -> str:
    """What a function is called in DuckDB."""
    return name.replace(".", "_")
