"""fakesnow's cursor, with errors and transactions as clients of Snowflake know them."""

from typing import Any

import duckdb
import fakesnow.cursor
from snowflake.connector.errors import ProgrammingError
from sqlglot import Expr

from tests.emulator.dialect import (
    division_by_zero,
    signed_hashes,
    values_by_position,
    written_times,
)
from tests.emulator.ledger import Ledger


class Cursor(fakesnow.cursor.FakeSnowflakeCursor):
    """One statement at a time, on DuckDB."""

    def __init__(self, ledger: Ledger, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._ledger = ledger

    def execute(
        self, command: str, *args: Any, **kwargs: Any
    ) -> fakesnow.cursor.FakeSnowflakeCursor:
        """Runs a statement.

        Raises:
            ProgrammingError: for whatever DuckDB refuses; fakesnow knows only some of its errors.
        """
        try:
            return super().execute(command, *args, **kwargs)
        except ProgrammingError:
            self._leave_aborted_transaction(command)
            raise
        except duckdb.Error as error:
            self._leave_aborted_transaction(command)
            raise ProgrammingError(msg=str(error), errno=100000, sqlstate="22000") from error

    def _leave_aborted_transaction(self, command: str) -> None:
        """Rolls back what an error aborted; on Snowflake, the transaction would go on."""
        try:
            self._duck_conn.execute("select 1")
        except duckdb.TransactionException:
            self._duck_conn.rollback()
            self._conn._in_transaction = False
            self._ledger.write("rolled back by an error", command)

    def _transform(self, expression: Expr, params: Any) -> Expr:
        for shim in (values_by_position, division_by_zero, signed_hashes, written_times):
            expression = shim(expression)
        return super()._transform(expression, params)
