"""The published schema of a Snowflake database: written aside, then put in place by one swap.

published                  secure views, which BI reads; they hold the grants and policies
published_tables           the tables behind them, of the current generation
published_next             the next generation while it is written, or left by a run that died
published_trial            views on it, made once before the swap: a role or policy that isn't there
                           stops a run while BI still reads what it read
published_generation_12    a kept one: macros/cross_db/roll_back.sql brings it back
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa

from regulars.engines import Engine
from regulars.engines.publishing import check_kept, numbered
from regulars.engines.snowflake_types import small
from regulars.errors import UserError

if TYPE_CHECKING:
    from snowflake.snowpark import DataFrame

VIEWS, TABLES = "published", "published_tables"
NEXT, TRIAL = "published_next", "published_trial"
KEPT = "published_generation_"


class Warehouse(Engine, Protocol):
    """An engine to publish with."""

    def run(self, sql: str) -> list[Any]:
        """The rows that a statement returns."""
        ...


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

    def check(self, shown: Mapping[str, list[str]]) -> None:
        """Looks for policies that no view could have.

        Args:
            shown: view → its columns.

        Raises:
            UserError: naming the first.
        """
        for view in {*self.masking, *self.row_access}:
            masked = set(self.masking.get(view, {}))
            handed = set(self.row_access.get(view, {}).get("columns", ()))
            if missing := sorted((masked | handed) - set(shown.get(view, ()))):
                raise UserError(
                    f"published_access has a policy on {view}.{missing[0]}, which isn't published."
                )
            if both := sorted(masked & handed):
                raise UserError(
                    f"published_access masks {view}.{both[0]} and hands it to a row access policy:"
                    " Snowflake allows one of them."
                )

    def statements(self, shown: Mapping[str, list[str]], views: str, tables: str) -> list[str]:
        """Views and who may read them, in a schema, on the tables of another."""
        made = [self.view_sql(view, columns, views, tables) for view, columns in shown.items()]
        for role in self.roles:
            made.append(f"grant usage on schema {views} to role {role}")
            made.append(f"grant select on all views in schema {views} to role {role}")
        return made

    def view_sql(self, view: str, columns: list[str], views: str, tables: str) -> str:
        """The statement that makes a view, policies included: it is never there without them."""
        masks = self.masking.get(view, {})
        rows = self.row_access.get(view)
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
            f"create or replace secure view {views}.{view} ({named}){row_policy} copy grants"
            f" as select {', '.join(columns)} from {tables}.{view}"
        )


def swap_published_schema(
    engine: Warehouse,
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
    check_kept(keep)
    schemas = _schemas(engine)
    current = _current_generation(engine) if TABLES in schemas else 0
    kept = [int(name.removeprefix(KEPT)) for name in schemas if name.startswith(KEPT)]
    written = numbered(engine.read(publication), max([current, *kept]) + 1)
    shown = {**tables, "publication": engine.to_relation(written)}
    columns = {name: _shown_columns(engine, relation) for name, relation in shown.items()}
    access.check(columns)
    engine.run(f"create schema if not exists {VIEWS}")
    engine.run(f"create transient schema if not exists {TABLES}")
    engine.run(f"create or replace transient schema {NEXT}")
    for name, relation in shown.items():
        engine.run(
            f"create transient table {NEXT}.{name} as"
            f" select {', '.join(columns[name])} from {relation.table_name}"
        )
        _check_rows(engine, name, relation)
    engine.run(f"create or replace transient schema {TRIAL}")
    for statement in access.statements(columns, TRIAL, NEXT):
        engine.run(statement)
    engine.run(f"drop schema {TRIAL}")
    engine.run(f"alter schema {TABLES} swap with {NEXT}")
    for statement in access.statements(columns, VIEWS, TABLES):
        engine.run(statement)
    _drop_other_views(engine, shown)
    _keep(engine, current, kept, keep)
    return written


def _keep(engine: Warehouse, replaced: int, kept: list[int], keep: int) -> None:
    """Gives the schema that was replaced its number, and drops the oldest ones."""
    if replaced and keep > 1:
        engine.run(f"alter schema {NEXT} rename to {KEPT}{replaced}")
        kept = [*kept, replaced]
    else:
        engine.run(f"drop schema {NEXT}")
    for number in sorted(kept, reverse=True)[keep - 1 :]:
        engine.run(f"drop schema if exists {KEPT}{number}")


def _drop_other_views(engine: Warehouse, shown: Collection[str]) -> None:
    """Drops the views of tables that are published no more."""
    rows = engine.run(
        f"select table_name from information_schema.views where table_schema = '{VIEWS.upper()}'"
    )
    for name in sorted({small(row[0]) for row in rows} - set(shown)):
        engine.run(f"drop view {VIEWS}.{name}")


def _check_rows(engine: Warehouse, name: str, relation: "DataFrame") -> None:
    ((here, there),) = engine.run(
        f"select (select count(*) from {relation.table_name}), (select count(*) from {NEXT}.{name})"
    )
    if here != there:
        raise UserError(f"{name} was written with {there} rows for {here}: build again.")


def _schemas(engine: Warehouse) -> set[str]:
    rows = engine.run("select schema_name from information_schema.schemata")
    return {small(name) for (name,) in rows}


def _current_generation(engine: Warehouse) -> int:
    """The number of what BI reads; 0 when a run died before it published for the first time."""
    named = f"table_schema = '{TABLES.upper()}' and table_name = 'PUBLICATION'"
    if not engine.run(f"select 1 from information_schema.tables where {named}"):
        return 0
    ((number,),) = engine.run(f"select max(generation) from {TABLES}.publication")
    return int(number or 0)


def _shown_columns(engine: Warehouse, relation: "DataFrame") -> list[str]:
    return [name for name, type_ in engine.columns(relation).items() if type_ != "BINARY"]
