"""fakesnow's cursor, with SQL that fakesnow doesn't translate and errors that clients understand."""

from typing import Any

import duckdb
import fakesnow.cursor
from snowflake.connector.errors import ProgrammingError
from sqlglot import Expr

from tests.emulator.dialect import translated


class Cursor(fakesnow.cursor.FakeSnowflakeCursor):
    """One statement at a time, on DuckDB."""

    def execute(self, command: str, *args: Any, **kwargs: Any) -> fakesnow.cursor.FakeSnowflakeCursor:
        """Runs a statement.

        Raises:
            ProgrammingError: for whatever DuckDB refuses. fakesnow answers some of these with HTTP's
                500, which the connector takes for a busy server: it tries again for minutes.
        """
        try:
            return super().execute(command, *args, **kwargs)
        except duckdb.Error as error:
            raise ProgrammingError(msg=str(error), errno=100000, sqlstate="22000") from error

    def _transform(self, expression: Expr, params: Any) -> Expr:
        return super()._transform(translated(expression), params)
