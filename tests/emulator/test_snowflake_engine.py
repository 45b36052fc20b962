"""The Snowflake engine on the emulator gives what DuckDB's gives, from the same rows."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from snowflake.snowpark import Session

from regulars.engines.duckdb import DuckDBEngine
from regulars.engines.snowflake import SnowflakeEngine
from regulars.engines.snowflake_package import write_package
from regulars.errors import UserError
from regulars.scoring.score import SCORE_SCHEMA, score_current
from regulars.training.matrix import read_training_matrix
from regulars.training.registry import in_parts
from regulars.training.settings import Prediction
from regulars.training.train import train_when_due
from tests.emulator.loading import load
from tests.emulator.server import Emulator
from tests.worlds import PROJECT

PREDICTION = Prediction("purchase", 30, {"rounds": 10, "max_depth": 2, "nthread": 1})

VIEW = """
    select
        'customer ' || customer as customer_id,
        date '2024-01-01' + (30 * snapshot)::integer as as_of_date,
        (hash(customer * 5 + snapshot) % 10)::integer as purchases_count,
        nullif((hash(customer * 5 + snapshot + 77) % 1000) / 10, 7)::decimal(18, 4)
            as revenue_amount,
        (hash(customer * 5 + snapshot + 55) % 4000) / 7 as days_since_last_purchase,
        case hash(customer) % 4 when 0 then 'DE' when 1 then 'AT' when 2 then 'O''Land' end
            as country,
        snapshot = 4 as is_current,
        case
            when snapshot = 4 then null
            when hash(customer + snapshot) % 10 = 0 then 0
            else (10 * purchases_count + revenue_amount > 95)::integer
        end as label
    from range(300) as customers(customer), range(5) as snapshots(snapshot)
"""
PLAN = """
    select
        'purchase' as prediction, true as is_due, '{}' as settings, '{}' as question,
        date '2024-05-15' as as_of_date, null::varchar as champion_model_id,
        null::varchar as champion_features, null::varchar as champion_parameters,
        null::varchar as champion_metrics
"""


@pytest.fixture(scope="module")
def duck(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBEngine]:
    """The embedded engine, with the tables that both look at."""
    file = tmp_path_factory.mktemp("duck") / "data.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema shop")
        connection.execute(f"create table shop.training as {VIEW}")
        connection.execute(f"create table shop.plan as {PLAN}")
    with duckdb.connect(str(file), read_only=True) as connection:
        yield DuckDBEngine(connection)


@pytest.fixture(scope="module")
def session(running: Emulator, duck: DuckDBEngine, tmp_path_factory: Any) -> Iterator[Session]:
    """A Snowpark session on an emulator that has the same tables, and the package on its stage."""
    ((file,),) = duck.session.sql(
        "select path from duckdb_databases() where path is not null"
    ).fetchall()
    load(running, Path(file), "shop")
    package = write_package(tmp_path_factory.mktemp("package"), PROJECT / "expectations")
    # fakesnow can't end a session when asked to, and the client would ask until it gives up
    asked = {**running.connection, "server_session_keep_alive": True}
    with Session.builder.configs(asked).create() as session:
        for sql in (
            "create schema code",
            "create stage code.python",
            f"put 'file://{package}' @code.python auto_compress = false",
        ):
            session.sql(sql).collect()
        yield session


@pytest.fixture(scope="module")
def snow(session: Session) -> SnowflakeEngine:
    return SnowflakeEngine(session)


def test_columns_have_the_names_and_types_that_duckdb_tells(
    duck: DuckDBEngine, snow: SnowflakeEngine
) -> None:
    there = snow.columns(snow.session.table("shop.training"))
    here = duck.columns(duck.session.table("shop.training"))
    assert list(there) == list(here)
    assert there["country"] == here["country"] == "VARCHAR"
    assert (there["purchases_count"], there["revenue_amount"]) == ("BIGINT", "DECIMAL")


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"columns": ["customer_id", "cast(revenue_amount as float) as revenue_amount"]},
        {"columns": ["country", "purchases_count + 1 as more"], "where": "label = 1"},
        {"where": "purchases_count > 100"},
        {"columns": ["cast(revenue_amount as float) as spent"], "where": "false"},
    ],
)
def test_rows_are_read_as_from_duckdb(
    duck: DuckDBEngine, snow: SnowflakeEngine, asked: dict[str, Any]
) -> None:
    order = {"order_by": ["country desc", "revenue_amount", "customer_id", "as_of_date"]}
    there = snow.read(snow.session.table("shop.training"), **asked, **order)
    here = duck.read(duck.session.table("shop.training"), **asked, **order)
    assert there.to_pylist() == here.to_pylist()
    assert there.column_names == here.column_names
    for name in there.column_names:
        assert there.schema.field(name).type in (here.schema.field(name).type, pa.int64())


def test_an_order_stands_outside_of_every_query(snow: SnowflakeEngine) -> None:
    """Snowflake minds no other; the emulator would."""
    table = snow.session.table("shop.training")
    chosen = snow._chosen(table, ["customer_id"], "true", ["as_of_date", "customer_id desc"])
    assert chosen.queries["queries"] == [
        "select customer_id from shop.training where true"
        " order by as_of_date nulls last, customer_id desc nulls last"
    ]


def test_more_features_than_a_function_takes_are_refused(snow: SnowflakeEngine) -> None:
    function: Any = SimpleNamespace(inputs=pa.schema({f"f{i}": pa.float32() for i in range(501)}))
    with pytest.raises(UserError, match="looks at 501 features"):
        snow.apply(snow.session.table("shop.training"), pa.schema({}), function)


def test_rows_come_in_batches(snow: SnowflakeEngine) -> None:
    batches = list(snow.stream(snow.session.table("shop.training"), batch_rows=400))
    assert sum(batch.num_rows for batch in batches) == 1500
    assert max(batch.num_rows for batch in batches) <= 400


def test_rows_go_back_with_their_types(snow: SnowflakeEngine) -> None:
    rows = pa.table(
        {
            "number": pa.array([1, 2, 3], pa.int32()),
            "text": ["it's ü", None, ""],
            "share": [0.1, None, 1e-300],
            "day": pa.array([date(2024, 2, 29), None, date(1, 1, 1)], pa.date32()),
            "moment": pa.array(
                [datetime(2024, 1, 1, 1, 2, 3, 456789), None, None], pa.timestamp("us")
            ),
            "is_it": [True, False, None],
            "model": pa.array([b"\x00\xff", None, b"z"], pa.binary()),
            "amount": pa.array([Decimal("1.25"), None, None], pa.decimal128(18, 4)),
        }
    )
    back = snow.read(snow.to_relation(rows), order_by=["number"])
    assert back.to_pylist() == rows.to_pylist()
    nothing = snow.to_relation(rows.schema.empty_table())
    assert snow.read(nothing).schema.names == rows.schema.names
    streamed = snow.to_relation(rows.to_reader(max_chunksize=1))
    assert snow.read(streamed, order_by=["number"]).to_pylist() == rows.to_pylist()


def test_a_scratch_connection_has_the_rows(snow: SnowflakeEngine) -> None:
    with snow.scratch(customers=snow.session.table("shop.training")) as connection:
        ((count,),) = connection.sql("select count(distinct customer_id) from customers").fetchall()
    assert count == 300


def test_the_run_is_known_once_the_hook_has_named_it(snow: SnowflakeEngine) -> None:
    with pytest.raises(UserError, match="name_run"):
        snow.run_id()
    snow.run("set run_id = 'run 7'")
    assert snow.run_id() == "run 7"


def test_a_training_and_its_scores_are_the_same(duck: DuckDBEngine, snow: SnowflakeEngine) -> None:
    found = {}
    for engine, table in ((duck, duck.session.table), (snow, snow.session.table)):
        view = table("shop.training")
        row = train_when_due(engine, PREDICTION, table("shop.plan"), view)
        assert row["status"].to_pylist() == ["promoted"], row["status_reason"]
        champions = engine.to_relation(row)
        if engine is duck:
            champions = duck.session.from_arrow(row)
        scored = score_current(engine, "purchase", champions, champions, view, reasons="exact")
        rows = scored.read_all() if engine is duck else snow.read(scored)
        found[engine] = row.to_pylist(), rows.sort_by("customer_id")
    (trained_here, here), (trained_there, there) = found[duck], found[snow]
    assert trained_there == trained_here
    assert here.num_rows == 300
    assert json.loads(here["reasons"][0].as_py())
    assert there.to_pylist() == here.to_pylist()
    assert there.column_names == SCORE_SCHEMA.names


def test_a_model_in_many_parts_scores_as_a_whole_one(snow: SnowflakeEngine) -> None:
    view = snow.session.table("shop.training")
    row = train_when_due(snow, PREDICTION, snow.session.table("shop.plan"), view)
    (training,) = row.to_pylist()
    parts = in_parts(training, size=1_000)
    assert parts.num_rows > 3
    champions = snow.to_relation(row)
    backwards = parts.take(list(reversed(range(parts.num_rows))))
    one, many = (
        snow.read(
            score_current(snow, "purchase", champions, snow.to_relation(boosters), view),
            order_by=["customer_id"],
        )
        for boosters in (row, backwards)
    )
    assert one.num_rows == 300
    assert many.equals(one)


def test_the_matrix_is_the_same_to_the_bit(duck: DuckDBEngine, snow: SnowflakeEngine) -> None:
    here = read_training_matrix(duck, duck.session.table("shop.training"))
    there = read_training_matrix(snow, snow.session.table("shop.training"))
    assert there.values.tobytes() == here.values.tobytes()
    assert there.categories == here.categories


def test_scoring_waits_for_the_table_that_it_goes_into(
    running: Emulator, snow: SnowflakeEngine
) -> None:
    """No row comes to the procedure: the query with the function is all that there is."""
    row = train_when_due(
        snow, PREDICTION, snow.session.table("shop.plan"), snow.session.table("shop.training")
    )
    champions = snow.to_relation(row)
    scored = score_current(
        snow, "purchase", champions, champions, snow.session.table("shop.training")
    )
    (sql,) = scored.queries["queries"]
    assert "code.apply_" in sql
    assert "shop.training" in sql
    # as dbt has it written
    scored.write.mode("overwrite").save_as_table("shop.scores", table_type="transient")
    written = snow.read(snow.session.table("shop.scores"), order_by=["customer_id"])
    assert written.equals(snow.read(scored, order_by=["customer_id"]))
