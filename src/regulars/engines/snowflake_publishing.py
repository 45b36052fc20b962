"""The published schema of a Snowflake database: written aside, then put in place by one swap.

published                  secure views, which BI reads; they hold the grants and policies
published_tables           the tables behind them, of the current generation
published_next             the next generation while it is written, or left by a run that died
published_generation_12    a kept one: macros/cross_db/roll_back.sql brings it back
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from regulars.engines.snowflake_types import small
from regulars.errors import UserError

if TYPE_CHECKING:
    from snowflake.snowpark import DataFrame

    from regulars.engines.snowflake import SnowflakeEngine

VIEWS, TABLES, NEXT = "published", "published_tables", "published_next"
KEPT = "published_generation_"


@dataclass(frozen=True)
class Access:
    """Who may see what of the published views, as the var `published_access` says it.

    Attributes:
        roles: may select from all views.
        masking: view → column → masking policy.
        row_access: view → its policy and the columns that are handed to it.
    """

    roles: list[str] = field(default_factory=list)
    masking: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    row_access: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def view_sql(self, view: str, columns: list[str]) -> str:
        """The statement that makes a view, policies included: it is never there without them.

        Raises:
            UserError: when a policy names a column that the view doesn't have.
        """
        masks = self.masking.get(view, {})
        rows = self.row_access.get(view)
        asked = {*masks, *(rows["columns"] if rows else ())}
        if missing := sorted(asked - set(columns)):
            raise UserError(
                f"published_access has a policy on {view}.{missing[0]}, which isn't published."
            )
        named = ", ".join(
            column + (f" with masking policy {masks[column]}" if column in masks else "")
            for column in columns
        )
        row_policy = (
            f" with row access policy {rows['policy']} on ({', '.join(rows['columns'])})"
            if rows
            else ""
        )
        return (
            f"create or replace secure view {VIEWS}.{view} ({named}){row_policy} copy grants"
            f" as select {', '.join(columns)} from {TABLES}.{view}"
        )


def swap_published_schema(
    engine: "SnowflakeEngine",
    tables: Mapping[str, "DataFrame"],
    publication: "DataFrame",
    keep: int,
    access: Access,
) -> pa.Table:
    """Publishes all tables and the publication's row, or leaves what BI reads as it is.

    Args:
        tables: relations by the name that they get. Binary columns are left out, as in the file
            that the embedded engine publishes.
        publication: this run's one row; it gets its generation's number and the time.
        keep: how many generations stay, the new one included.
        access: who may read the views.

    Returns:
        The publication's row as it was written.

    Raises:
        UserError: when `keep` isn't a number from 1, a table has another number of rows than
            where it came from, or a policy names what isn't there.
    """
    if type(keep) is not int or keep < 1:
        raise UserError(f"published_generations is {keep!r}: give a whole number from 1.")
    schemas = _schemas(engine)
    current = _current_generation(engine) if TABLES in schemas else 0
    kept = [int(name.removeprefix(KEPT)) for name in schemas if name.startswith(KEPT)]
    rows = engine.read(publication)
    numbers = [max([current, *kept]) + 1]
    published_at = [datetime.now(UTC).replace(tzinfo=None)]
    written = rows.append_column("generation", pa.array(numbers, pa.int64())).append_column(
        "published_at", pa.array(published_at, pa.timestamp("us"))
    )
    shown = {**tables, "publication": engine.to_relation(written)}
    columns = {name: _shown_columns(engine, relation) for name, relation in shown.items()}
    views = {name: access.view_sql(name, columns[name]) for name in shown}
    engine.run(f"create schema if not exists {VIEWS}")
    engine.run(f"create transient schema if not exists {TABLES}")
    engine.run(f"create or replace transient schema {NEXT}")
    for name, relation in shown.items():
        engine.run(
            f"create transient table {NEXT}.{name} as"
            f" select {', '.join(columns[name])} from {relation.table_name}"
        )
        _check_rows(engine, name, relation)
    engine.run(f"alter schema {TABLES} swap with {NEXT}")
    for view in views.values():
        engine.run(view)
    for role in access.roles:
        engine.run(f"grant usage on schema {VIEWS} to role {role}")
        engine.run(f"grant select on all views in schema {VIEWS} to role {role}")
    _keep(engine, current, kept, keep)
    return written


def _keep(engine: "SnowflakeEngine", replaced: int, kept: list[int], keep: int) -> None:
    """Gives the schema that was replaced its number, and drops the oldest ones."""
    if replaced and keep > 1:
        engine.run(f"alter schema {NEXT} rename to {KEPT}{replaced}")
        kept = [*kept, replaced]
    else:
        engine.run(f"drop schema {NEXT}")
    for number in sorted(kept, reverse=True)[keep - 1 :]:
        engine.run(f"drop schema if exists {KEPT}{number}")


def _check_rows(engine: "SnowflakeEngine", name: str, relation: "DataFrame") -> None:
    ((here, there),) = engine.run(
        f"select (select count(*) from {relation.table_name}), (select count(*) from {NEXT}.{name})"
    )
    if here != there:
        raise UserError(f"{name} was written with {there} rows for {here}: build again.")


def _schemas(engine: "SnowflakeEngine") -> set[str]:
    rows = engine.run("select schema_name from information_schema.schemata")
    return {small(name) for (name,) in rows}


def _current_generation(engine: "SnowflakeEngine") -> int:
    """The number of what BI reads; 0 when a run died before it published for the first time."""
    named = f"table_schema = '{TABLES.upper()}' and table_name = 'PUBLICATION'"
    if not engine.run(f"select 1 from information_schema.tables where {named}"):
        return 0
    ((number,),) = engine.run(f"select max(generation) from {TABLES}.publication")
    return int(number or 0)


def _shown_columns(engine: "SnowflakeEngine", relation: "DataFrame") -> list[str]:
    return [name for name, type_ in engine.columns(relation).items() if type_ != "BINARY"]
