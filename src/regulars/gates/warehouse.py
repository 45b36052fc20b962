"""What the commands of this package ask of a target's warehouse."""

from collections.abc import Sequence
from typing import Any, Protocol


class Warehouse(Protocol):
    """The tables that were built, open for reading."""

    def find(self, table: str, layer: str | None) -> str | None:
        """The full name of a table as SQL writes it; None when it isn't built."""
        ...

    def columns(self, relation: str) -> dict[str, str]:
        """The columns of a table and their types, in order."""
        ...

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        ...

    def why_not(self, sql: str) -> str | None:
        """Why a query can't be run, in one line; None when it can. It isn't run."""
        ...
