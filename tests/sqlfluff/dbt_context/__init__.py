"""What dbt puts into Jinja, as far as our models use it: sqlfluff renders them with this.

Our own macros are read from macros/ as they are, and `var` reads dbt_project.yml, so that what is
linted is the SQL that dbt would make for DuckDB. sqlfluff itself brings ref, source and config.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml
from jinja2 import pass_context
from jinja2.runtime import Context

_PROJECT = yaml.safe_load(
    (Path(__file__).resolve().parents[3] / "dbt_project.yml").read_text("utf-8")
)

# every world's sources, so that each union has its branches
_WORLD = {
    "reporting_currency": "EUR",
    "sources": {
        source: inputs
        for world in _PROJECT["vars"]["worlds"].values()
        for source, inputs in world["sources"].items()
    },
}


def var(name: str, default: Any = None) -> Any:
    """A var of dbt_project.yml."""
    if name == "worlds":
        return {"demo": _WORLD}
    return _PROJECT["vars"].get(name, default)


class _Adapter:
    """dbt's adapter, without a database."""

    @pass_context
    def dispatch(self, context: Context, name: str, package: str) -> Callable[..., Any]:
        """DuckDB's variant of one of our macros."""
        macro: Callable[..., Any] = context.resolve(f"duckdb__{name}")
        return macro


def _stop(message: str) -> None:
    raise ValueError(message)


# DuckDB's variants of dbt's own macros; one that isn't here makes sqlfluff say so
dbt = SimpleNamespace(
    concat=" || ".join,
    dateadd=lambda part, number, date: f"({date} + cast({number} as bigint) * interval 1 {part})",
    datediff=lambda first, second, part: f"date_diff('{part}', {first}, {second})",
    date_trunc=lambda part, date: f"date_trunc('{part}', {date})",
    hash=lambda text: f"md5(cast({text} as text))",
    is_incremental=lambda: False,
    length=lambda text: f"length({text})",
    safe_cast=lambda field, data_type: f"try_cast({field} as {data_type})",
    type_bigint=lambda: "bigint",
    type_boolean=lambda: "boolean",
    type_string=lambda: "text",
)


def _relation(database: str, schema: str, identifier: str) -> str:
    """A relation as it is written in SQL."""
    return f"{database}.{schema}.{identifier}"


def local_md5(text: str) -> str:
    """A hash of a text."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


adapter = _Adapter()
api = SimpleNamespace(Relation=SimpleNamespace(create=_relation))
exceptions = SimpleNamespace(raise_compiler_error=_stop)
execute = False
flags = SimpleNamespace(INTROSPECT=False, WHICH="lint")
graph = SimpleNamespace(nodes={}, sources={})
invocation_id = "00000000-0000-0000-0000-000000000000"
model = SimpleNamespace(name="model", depends_on=SimpleNamespace(nodes=[]))
modules = SimpleNamespace(re=re)
run_started_at = datetime(2026, 1, 1, tzinfo=UTC)
target = SimpleNamespace(name="demo", database="demo", schema="main")
