"""Publishing on Snowflake: which statements are sent, in which order, and what stops it before."""

from typing import Any

import pyarrow as pa
import pytest

from regulars.engines.snowflake_publishing import Access, swap_published_schema
from regulars.errors import UserError

PUBLICATION = pa.table({"run_id": ["run 7"], "as_of_date": [None]})


class Relation:
    """What Snowpark's Table is asked for here."""

    def __init__(self, table_name: str) -> None:
        self.table_name = table_name


class Recorder:
    """Notes statements; tells of the schemas and the generation that it is given."""

    def __init__(self, schemas: list[str], generation: int | None, written: int = 3) -> None:
        self.schemas, self.generation, self.written = schemas, generation, written
        self.statements: list[str] = []

    def read(self, _: Any) -> pa.Table:
        return PUBLICATION

    def columns(self, _: Any) -> dict[str, str]:
        return {"customer_id": "VARCHAR", "email": "VARCHAR", "booster": "BINARY"}

    def to_relation(self, rows: pa.Table) -> Relation:
        self.publication = rows
        return Relation("code.rows_1")

    def run(self, sql: str) -> list[Any]:
        if "schemata" in sql:
            return [(name.upper(),) for name in self.schemas]
        if "information_schema.views" in sql:
            return [("CUSTOMERS",), ("PUBLICATION",), ("GONE",)]
        if "information_schema.tables" in sql:
            return [] if self.generation is None else [(1,)]
        if "max(generation)" in sql:
            return [(self.generation,)]
        if "count(*)" in sql:
            return [(3, self.written)]
        self.statements.append(sql)
        return []


def published(engine: Any, keep: int = 2, **access: Any) -> pa.Table:
    tables: Any = {"customers": Relation("regulars.scores.customers")}
    return swap_published_schema(engine, tables, Relation("run"), keep, Access(**access))


def test_the_first_publication() -> None:
    engine = Recorder([], None)
    row = published(engine, roles=["bi"])
    assert row["generation"].to_pylist() == [1]
    assert engine.publication.equals(row)
    assert engine.statements == [
        "create schema if not exists published",
        "create transient schema if not exists published_tables",
        "create or replace transient schema published_next",
        "create transient table published_next.customers as"
        " select customer_id, email from regulars.scores.customers",
        "create transient table published_next.publication as"
        " select customer_id, email from code.rows_1",
        "create or replace transient schema published_trial",
        "create or replace secure view published_trial.customers (customer_id, email) copy grants"
        " as select customer_id, email from published_next.customers",
        "create or replace secure view published_trial.publication (customer_id, email) copy grants"
        " as select customer_id, email from published_next.publication",
        "grant usage on schema published_trial to role bi",
        "grant select on all views in schema published_trial to role bi",
        "drop schema published_trial",
        "alter schema published_tables swap with published_next",
        "create or replace secure view published.customers (customer_id, email) copy grants"
        " as select customer_id, email from published_tables.customers",
        "create or replace secure view published.publication (customer_id, email) copy grants"
        " as select customer_id, email from published_tables.publication",
        "grant usage on schema published to role bi",
        "grant select on all views in schema published to role bi",
        "drop view published.gone",
        "drop schema published_next",
    ]


def test_the_replaced_generation_is_kept_and_the_oldest_goes() -> None:
    schemas = ["published_tables", "published_generation_4", "published_generation_3"]
    engine = Recorder(schemas, 5)
    assert published(engine, keep=3)["generation"].to_pylist() == [6]
    assert engine.statements[-2:] == [
        "alter schema published_next rename to published_generation_5",
        "drop schema if exists published_generation_3",
    ]


def test_numbers_go_on_after_rolling_back() -> None:
    engine = Recorder(["published_tables", "published_generation_9"], 8)
    assert published(engine)["generation"].to_pylist() == [10]


def test_a_run_that_died_before_its_first_swap_is_no_generation() -> None:
    engine = Recorder(["published_tables", "published_next"], None)
    assert published(engine)["generation"].to_pylist() == [1]


@pytest.mark.parametrize(
    ("named", "engine", "said"),
    [
        ({"keep": 0}, Recorder([], None), "published_generations is 0: give a whole number from 1"),
        (
            {"masking": {"customers": {"phone": "mask"}}},
            Recorder([], None),
            r"published_access has a policy on customers\.phone, which isn't published",
        ),
        (
            {
                "masking": {"customers": {"email": "mask"}},
                "row_access": {"customers": {"policy": "of_mine", "columns": ["email"]}},
            },
            Recorder([], None),
            r"masks customers\.email and hands it to a row access policy",
        ),
        ({}, Recorder([], None, written=2), "customers was written with 2 rows for 3"),
    ],
)
def test_nothing_is_swapped_when_something_is_wrong(
    named: dict[str, Any], engine: Recorder, said: str
) -> None:
    with pytest.raises(UserError, match=said):
        published(engine, **named)
    assert not [sql for sql in engine.statements if "swap" in sql or "view" in sql]


def test_policies_come_with_the_view() -> None:
    access = Access(
        masking={"customers": {"email": "governance.mask"}},
        row_access={"customers": {"policy": "governance.country", "columns": ["customer_id"]}},
    )
    access.check({"customers": ["customer_id", "email"]})
    made = access.view_sql("customers", ["customer_id", "email"], "published", "published_tables")
    assert made == (
        "create or replace secure view published.customers"
        " (customer_id, email with masking policy governance.mask)"
        " with row access policy governance.country on (customer_id) copy grants"
        " as select customer_id, email from published_tables.customers"
    )
