"""The emulator: fakesnow's server, with shims round it.

It is no Snowflake. SQL runs on DuckDB, types are DuckDB's, and rights, warehouses, costs and limits
don't exist. What it shows is that the real dbt-snowflake and the real Snowpark send what they
should, and that our SQL in Snowflake's dialect gives what it gives on DuckDB.
"""

import gzip
import json
import logging
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb
import fakesnow.arrow
import fakesnow.conn
import fakesnow.server
import fakesnow.transforms
import uvicorn
import yaml
from fakesnow.instance import FakeSnow
from sqlglot import exp
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.emulator.cursor import Cursor
from tests.emulator.dialect import (
    exact_sums,
    name_whole_numbers,
    table_with_columns,
    timestamps_with_nulls,
    tried_timestamps,
)
from tests.emulator.functions import Functions
from tests.emulator.ledger import Ledger
from tests.emulator.procedures import ProcedureError, procedure_in, run_procedure
from tests.emulator.schemas import altered
from tests.emulator.weakened import NOTHING_DONE, weakened

DATABASE = "REGULARS"
PUT = re.compile(r"\s*put\s", re.IGNORECASE)
# Snowpark quotes stages, which fakesnow doesn't read
STAGE_IN_QUOTES = re.compile(r"'(@[^']+)'")
QUERY_PATH = "/queries/v1/query-request"


@dataclass
class Emulator:
    """A running emulator.

    Attributes:
        fakesnow: the engine behind it; its DuckDB holds the tables.
        ledger: what was taken without doing it.
        port: where it listens, on 127.0.0.1.
        procedures: name → statement, as dbt-snowflake sent it last.
    """

    fakesnow: FakeSnow
    ledger: Ledger = field(default_factory=Ledger)
    port: int = 0
    procedures: dict[str, str] = field(default_factory=dict)
    functions: Functions = field(init=False)

    def __post_init__(self) -> None:
        self.functions = Functions(self.fakesnow.duck_conn)

    @property
    def connection(self) -> dict[str, Any]:
        """What snowflake.connector and Snowpark need to reach it."""
        return {
            "account": "emulator",
            "user": "emulator",
            "password": "emulator",
            "host": "127.0.0.1",
            "port": self.port,
            "protocol": "http",
            "database": DATABASE,
        }

    def write_profiles(self, folder: Path) -> Path:
        """Writes a profiles.yml whose target snowflake is this emulator; returns its folder."""
        output = {
            **self.connection,
            "type": "snowflake",
            "schema": "regulars",
            "threads": 2,
            "connect_retries": 0,
        }
        profile = {"regulars": {"target": "snowflake", "outputs": {"snowflake": output}}}
        (folder / "profiles.yml").write_text(yaml.safe_dump(profile), encoding="utf-8")
        return folder

    async def answer(self, request: Request) -> JSONResponse:
        """Answers one statement: by a shim where there is one for it, else by fakesnow."""
        body = await request.body()
        if request.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        query = json.loads(body)
        sql, kind = weakened(query["sqlText"])
        if kind:
            self.ledger.write(kind, query["sqlText"])
            query["sqlText"] = sql
        try:
            query["sqlText"] = await self.translated(query["sqlText"], request)
        except ProcedureError as error:
            return sql_error("100357", str(error))
        except duckdb.Error as error:
            return sql_error("100000", str(error))
        try:
            response = await fakesnow.server.query_request(with_body(request, query))
        except Exception as error:  # it ran, but what it gave can't be sent
            return sql_error("261000", f"{type(error).__name__}: {error}")
        if response.status_code == 500:
            # the connector takes it for a busy server and tries again, for minutes
            return sql_error("261000", json.loads(bytes(response.body))["message"])
        return response

    async def translated(self, sql: str, request: Request) -> str:
        """A statement that fakesnow can run, after doing what it can't.

        Raises:
            ProcedureError: when Python can't be run as it was sent.
        """
        caller = fakesnow.server.to_conn(fakesnow.server.to_token(request))
        here = {**self.connection, "database": caller.database, "schema": caller.schema}
        if procedure := procedure_in(sql):
            if procedure.python != (mine := "{}.{}".format(*sys.version_info)):
                self.ledger.write("version of Python", f"{procedure.name} ran on {mine}")
            self.procedures[procedure.name] = sql
            variables = dict(caller.variables._variables)
            answer = await run_in_threadpool(run_procedure, procedure, here, variables)
            return f"select {exp.Literal.string(answer).sql()} as {procedure.name}"
        if self.functions.created(sql, here):
            return NOTHING_DONE
        if altered(self.fakesnow.duck_conn.cursor(), str(caller.database), sql):
            return NOTHING_DONE
        if PUT.match(sql):
            return STAGE_IN_QUOTES.sub(r"\1", sql)
        return self.functions.as_called_here(sql)


def with_body(request: Request, query: dict[str, Any]) -> Request:
    """The same request with another query in it."""
    body = json.dumps(query).encode()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    changed = (b"content-encoding", b"content-length")
    headers = [header for header in request.scope["headers"] if header[0] not in changed]
    return Request({**request.scope, "headers": headers}, receive)


def sql_error(code: str, message: str) -> JSONResponse:
    """An answer that the connector raises as a ProgrammingError at once."""
    data = {"errorCode": code, "sqlState": "P0000"}
    return JSONResponse({"data": data, "code": code, "message": message, "success": False})


@contextmanager
def emulator() -> Iterator[Emulator]:
    """Starts an emulator on a free port; it forgets everything when it ends.

    fakesnow keeps engine and sessions in its module: there is one at a time in a process.
    """
    running = Emulator(FakeSnow())
    name_whole_numbers(running.fakesnow.duck_conn)
    # clients get each error as their answer: said once is enough
    logging.getLogger("fakesnow.server").setLevel(logging.CRITICAL)
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    routes = [route for route in fakesnow.server.routes if route.path != QUERY_PATH]
    app = Starlette(routes=[Route(QUERY_PATH, running.answer, methods=["POST"]), *routes])
    server = uvicorn.Server(
        uvicorn.Config(
            app, host="127.0.0.1", port=0, log_level="error", timeout_graceful_shutdown=1
        )
    )
    with (
        mock.patch.object(fakesnow.server, "shared_fs", running.fakesnow),
        mock.patch.object(fakesnow.server, "sessions", {}),
        mock.patch.object(fakesnow.conn, "FakeSnowflakeCursor", partial(Cursor, running.ledger)),
        mock.patch.object(fakesnow.transforms, "numeric_agg_implicit_cast", exact_sums),
        mock.patch.object(fakesnow.transforms, "create_table_as", table_with_columns),
        mock.patch.object(fakesnow.transforms, "to_timestamp", tried_timestamps),
        mock.patch.object(fakesnow.arrow, "timestamp_to_sf_struct", timestamps_with_nulls),
    ):
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while thread.is_alive() and not server.started:
            time.sleep(0.05)
        running.port = server.servers[0].sockets[0].getsockname()[1]
        try:
            yield running
        finally:
            server.should_exit = True
            thread.join()
            running.functions.close()
            running.fakesnow.duck_conn.close()
