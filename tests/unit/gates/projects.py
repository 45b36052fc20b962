"""A project small enough to hold in the head: one gate, one table of orders."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

PROFILES = """
regulars:
  target: demo
  outputs:
    demo: {type: duckdb, path: x}
    other: {type: duckdb, path: y}
"""
GATE = '''"""One row per expectation of the scores."""

from regulars.engines import engine_of
from regulars.gates.check import check_tables


def model(dbt, session):
    tables = {
        "orders": dbt.ref("orders"),
    }
    return check_tables(engine_of(session), "scores", tables)
'''
MODELS = """
models:
  - name: orders
    description: One row per order.
    columns:
      - {name: order_id, data_tests: [unique, not_null]}
      - name: customer_id
      - name: amount
      - name: channel
      - name: email
      - name: at
      - name: planned
  - name: lines
    columns: [{name: line_id}, {name: order_id}]
    data_tests:
      - unique_together:
          arguments: {columns: [order_id, line_id]}
"""
ORDERS = """
create or replace table scores.orders as
select
    'o' || i as order_id,
    'c' || (i % 40) as customer_id,
    cast((i % 7) * 10 as decimal(18, 4)) as amount,
    case when i % 10 = 0 then null when i % 3 = 0 then 'web' else 'store' end as channel,
    'ana' || i || '@mail.example' as email,
    timestamp '2026-01-01' + to_hours(cast(i as integer)) as at
from range(200) as r(i)
"""
RUNS = """
create schema if not exists journal;
create table if not exists journal.runs (
    run_id text, target text, outcome text, started_at timestamp
);
"""


def expect(type_: str, severity: str = "critical", /, **kwargs: Any) -> dict[str, Any]:
    """One expectation as a suite has it."""
    return {"type": type_, "kwargs": kwargs, "severity": severity}


@dataclass(frozen=True)
class TinyProject:
    """A project's folder, and the home of its data."""

    root: Path
    home: Path

    def begin(self) -> None:
        """Writes the project's files; nothing is built."""
        self.write("dbt_project.yml", "name: regulars\n")
        self.write("profiles.yml", PROFILES)
        self.write("models/scores/_scores__models.yml", MODELS)
        self.write("python_models/scores/check_scores.py", GATE)
        self.suite("orders", expect("expect_column_values_to_be_unique", column="order_id"))

    def write(self, path: str, text: str) -> Path:
        """Writes one file."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def suite(self, table: str, *expectations: dict[str, Any], **more: Any) -> Path:
        """Writes the suite of a table."""
        suite = {"name": table, **more, "expectations": list(expectations)}
        return self.write(f"expectations/{table}.json", json.dumps(suite, indent=2))

    def read_suite(self, table: str) -> dict[str, Any]:
        """Reads it back."""
        return json.loads((self.root / "expectations" / f"{table}.json").read_text())

    @property
    def warehouse(self) -> Path:
        """The file that its target builds in."""
        file = self.home / "warehouse" / "demo.duckdb"
        file.parent.mkdir(parents=True, exist_ok=True)
        return file

    def change(self, *statements: str) -> None:
        """Changes what is built."""
        with duckdb.connect(str(self.warehouse)) as con:
            con.execute("create schema if not exists scores")
            for statement in statements:
                con.execute(statement)

    def ended(self, outcome: str = "published", at: str = "2026-11-21 06:00", run_id="r1") -> None:
        """Notes a run in the journal."""
        self.change(
            RUNS, f"insert into journal.runs values ('{run_id}', 'demo', '{outcome}', '{at}')"
        )
