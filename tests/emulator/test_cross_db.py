"""Each macro of macros/cross_db gives on the emulator what it gives on DuckDB: the values below.

The emulator runs DuckDB inside: what Snowflake itself makes of a function isn't proven here, only
that the SQL for it says the same. Where Snowflake is known to differ, a comment says so.
"""

import datetime as datetime_module
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
import snowflake.connector
from sqlglot import exp

from tests.cross_db import ENGINES, FOLDER, RefusedError, defined, rendered
from tests.emulator.server import Emulator

Run = Callable[[str, str], Any]
Ask = Callable[[str, str], Any]


@dataclass(frozen=True)
class Null:
    """A null of a type."""

    type: str = "varchar"


NULL, NO_TIME = Null(), Null("timestamp")


@dataclass(frozen=True)
class Case:
    """A call of a macro, and the value that its SQL has in a row.

    Attributes:
        arguments: of the macro; those that are columns stand in `row`.
        expected: the value, null as None.
        row: column → value; without any the SQL stands alone.
    """

    arguments: tuple[Any, ...]
    expected: Any
    row: dict[str, Any] = field(default_factory=dict)


def of_text(given: Any, expected: Any, *more: Any) -> Case:
    """A call with the column a, a text, and what else the macro takes."""
    return Case(("a", *more), expected, {"a": given})


def of_two(macro_takes: list[Any], expected: Any) -> Case:
    return Case(("a", "b"), expected, dict(zip("ab", macro_takes, strict=True)))


def local(moment: datetime | Null, zone: str | Null, expected: datetime | None) -> Case:
    return Case(("seen_at", "zone"), expected, {"seen_at": moment, "zone": zone})


def utc(moment: datetime | Null, zone: str, expected: datetime | None) -> Case:
    return Case(("seen_at", zone), expected, {"seen_at": moment})


def time(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]


EARLY, LATE = time(2024, 2, 29, 10, 0, 0, 1), time(2024, 2, 29, 10, 0, 0, 2)
AWKWARD = [
    *("", " ", "it's", "''", 'a"b', "a\\b", "a\\", "\\'", "\\n", "a\nb", "a\tb", "a\r\nb", "ü😀ß"),
    *("%s", "{{ a }}", "{% a %}", "$$", "--", "a; b", "/* a */", "null", "7", "true", '{"a":1}'),
]
REASONS = json.dumps(
    [
        {"feature": "it's", "words": 'a "b" c\\d', "value": 3, "contribution": -0.25},
        {"feature": "ü😀", "words": "", "value": None, "contribution": True},
        {"feature": "null", "words": "a\nb"},
    ]
)
METRICS = '{"auc": 0.75, "tiny": 1e-7, "rows": 12, "none": null, "text": "0.5", "below": -1.5}'

CASES: dict[str, list[Case]] = {
    "array_of": [
        Case((["b", "a"],), [1, 2], {"a": 2, "b": 1}),
        # no null among them: in Snowflake's arrays it is "undefined", which is no JSON
        Case((["a", "b", "a"],), ["it's", "", "it's"], {"a": "it's", "b": ""}),
        Case((["a", "b"],), ['a"b\\', "ü😀"], {"a": 'a"b\\', "b": "ü😀"}),
        Case(([],), []),
    ],
    "consists_of": [
        *(of_text(text, True, "a-z0-9 ") for text in ("", " ", "abc 019")),
        *(of_text(text, False, "a-z0-9 ") for text in ("Ab", "é", "a😀", "it's", "a\\b", "a-b")),
        # the whole of a text that has lines, too
        *(of_text(text, False, "a-z0-9 ") for text in ("a\nb", "a\n", "\na")),
        of_text(NULL, None, "a-z0-9 "),
    ],
    "digits_only": [
        of_text("+49 30 123-456", "4930123456"),
        of_text("1\n2\\3'4", "1234"),
        *(of_text(text, "") for text in ("", "none", "٣", "１")),
        of_text(NULL, None),
    ],
    "earliest": [
        *(of_two(pair, EARLY) for pair in ([EARLY, LATE], [LATE, EARLY], [EARLY, EARLY])),
        *(of_two(pair, LATE) for pair in ([LATE, NO_TIME], [NO_TIME, LATE])),
        of_two([NO_TIME, NO_TIME], None),
    ],
    "latest": [
        *(of_two(pair, LATE) for pair in ([EARLY, LATE], [LATE, EARLY], [LATE, LATE])),
        *(of_two(pair, EARLY) for pair in ([EARLY, NO_TIME], [NO_TIME, EARLY])),
        of_two([NO_TIME, NO_TIME], None),
    ],
    "json_item": [
        of_text(REASONS, "it's", 0, "feature"),
        of_text(REASONS, "ü😀", 1, "feature"),
        of_text(REASONS, "null", 2, "feature"),
        of_text(REASONS, 'a "b" c\\d', 0, "words"),
        of_text(REASONS, "", 1, "words"),
        of_text(REASONS, "a\nb", 2, "words"),
        # of other numbers (1.0, 1e30) Snowflake may write the digits in another way
        of_text(REASONS, "3", 0, "value"),
        of_text(REASONS, "-0.25", 0, "contribution"),
        of_text(REASONS, "true", 1, "contribution"),
        of_text(REASONS, None, 1, "value"),
        of_text(REASONS, None, 2, "value"),
        of_text(REASONS, None, 3, "feature"),
        of_text(REASONS, None, 0, "Feature"),
        of_text("[]", None, 0, "feature"),
        # an empty text is null for Snowflake, and no JSON for DuckDB: nothing writes one
        of_text(NULL, None, 0, "feature"),
    ],
    "json_number": [
        of_text(METRICS, 0.75, "auc"),
        of_text(METRICS, 1e-7, "tiny"),
        of_text(METRICS, 12.0, "rows"),
        of_text(METRICS, 0.5, "text"),
        of_text(METRICS, -1.5, "below"),
        of_text(METRICS, None, "none"),
        of_text(METRICS, None, "missing"),
        of_text("{}", None, "auc"),
        of_text(NULL, None, "auc"),
    ],
    "json_row": [
        Case(
            ({"b": "text", "a": "timestamp", "d": "amount", "c": "boolean"},),
            '{"b":"it\'s \\"b\\"","a":"2024-02-29 10:00:00.000001","d":-0.5000,"c":true}',
            {"a": EARLY, "b": 'it\'s "b"', "c": True, "d": Decimal("-0.5")},
        ),
        Case(
            ({"b": "text", "a": "timestamp", "d": "amount", "c": "boolean"},),
            '{"b":null,"a":null,"d":null,"c":null}',
            {"a": NO_TIME, "b": NULL, "c": Null("boolean"), "d": Null("decimal(18,4)")},
        ),
        Case(({"a": "text"},), '{"a":""}', {"a": ""}),
        Case(({},), "{}"),
    ],
    "json_value": [
        Case(("a", "amount"), "12345678901234.5678", {"a": Decimal("12345678901234.5678")}),
        Case(("a", "amount"), "0.0000", {"a": Decimal(0)}),
        Case(("a", "count"), "9007199254740993", {"a": 9007199254740993}),
        Case(("a", "boolean"), "false", {"a": False}),
        Case(("a", "date"), '"2024-02-29"', {"a": date(2024, 2, 29)}),
        Case(("a", "date"), None, {"a": Null("date")}),
        Case(("a", "text"), None, {"a": NULL}),
    ],
    # the signs that json.dumps escapes are escaped in the same way
    "json_text": [of_text(text, json.dumps(text, ensure_ascii=False)) for text in AWKWARD]
    + [of_text(NULL, None)],
    "written_time": [
        of_text(time(2024, 2, 29), "2024-02-29 00:00:00.000000", "timestamp"),
        of_text(time(1999, 12, 31, 23, 59, 59, 500_000), "1999-12-31 23:59:59.500000", "timestamp"),
        of_text(time(1, 1, 1, 1, 1, 1), "0001-01-01 01:01:01.000000", "timestamp"),
        of_text(date(1, 1, 1), "0001-01-01", "date"),
        of_text(NO_TIME, None, "timestamp"),
    ],
    "local_time": [
        local(time(2021, 1, 15, 12), "Europe/Berlin", time(2021, 1, 15, 13)),
        local(time(2021, 7, 15, 23, 30), "Europe/Berlin", time(2021, 7, 16, 1, 30)),
        # clocks go forward, then back: the hour from two to three comes twice
        local(
            time(2021, 3, 28, 0, 59, 59, 999_999),
            "Europe/Berlin",
            time(2021, 3, 28, 1, 59, 59, 999_999),
        ),
        local(time(2021, 3, 28, 1), "Europe/Berlin", time(2021, 3, 28, 3)),
        local(time(2021, 10, 31, 0, 30), "Europe/Berlin", time(2021, 10, 31, 2, 30)),
        local(time(2021, 10, 31, 1, 30), "Europe/Berlin", time(2021, 10, 31, 2, 30)),
        local(time(2021, 11, 7, 6), "America/New_York", time(2021, 11, 7, 1)),
        local(time(2021, 7, 15), "Asia/Kathmandu", time(2021, 7, 15, 5, 45)),
        local(time(2021, 1, 15), "Australia/Lord_Howe", time(2021, 1, 15, 11)),
        local(time(2021, 3, 28, 1), "UTC", time(2021, 3, 28, 1)),
        local(time(2021, 3, 28, 1), NULL, time(2021, 3, 28, 1)),
        local(NO_TIME, "Europe/Berlin", None),
        local(NO_TIME, NULL, None),
    ],
    "utc": [
        utc(time(2021, 1, 15, 12), "Europe/London", time(2021, 1, 15, 12)),
        utc(time(2021, 7, 15, 0, 30), "Europe/London", time(2021, 7, 14, 23, 30)),
        utc(time(2021, 3, 28, 1, 59, 59), "Europe/Berlin", time(2021, 3, 28, 0, 59, 59)),
        utc(time(2021, 3, 28, 3), "Europe/Berlin", time(2021, 3, 28, 1)),
        # which of the two hours is meant, and what an hour that never comes is, Snowflake's
        # manual doesn't say: these two are DuckDB's ways
        utc(time(2021, 10, 31, 2, 30), "Europe/Berlin", time(2021, 10, 31, 1, 30)),
        utc(time(2021, 3, 28, 2, 30), "Europe/Berlin", time(2021, 3, 28, 1, 30)),
        utc(time(2021, 7, 15, 0, 0, 0, 1), "Asia/Kathmandu", time(2021, 7, 14, 18, 15, 0, 1)),
        utc(NO_TIME, "Europe/London", None),
    ],
    # without the plugin that leaves them in the session
    "software_versions": [Case((), None)],
    "sql_text": [Case((text,), text) for text in AWKWARD],
}
# what has more to it than a value: a test of its own below
APART = {
    *(
        "column_type",
        "name_run",
        "published_run_id",
        "put_python_package",
        "roll_back",
        "refuse_living_run",
        "row_print",
    ),
    *("run_hooks", "safe_cast", "set_query_tag", "unset_query_tag", "write_status"),
}


def literal(engine: str, value: Any) -> str:
    """A value in SQL, written by sqlglot: the macros are what is tested."""
    if isinstance(value, Null):
        return f"cast(null as {value.type})"
    if isinstance(value, str):
        return exp.Literal.string(value).sql(engine)
    types = {datetime: "timestamp", date: "date", Decimal: "decimal(18,4)"}
    if type(value) in types:
        return f"cast('{value}' as {types[type(value)]})"
    return str(value).lower()


def query(engine: str, sql: str, row: dict[str, Any]) -> str:
    columns = ", ".join(f"{literal(engine, value)} as {name}" for name, value in row.items())
    return f"select {sql} as found" + (f" from (select {columns}) as one_row" if row else "")


@pytest.fixture(scope="module")
def on_duckdb() -> Iterator[duckdb.DuckDBPyConnection]:
    """A session in a zone that must change nothing."""
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'Pacific/Auckland'").fetchall()
        yield connection


@pytest.fixture(scope="module")
def run(running: Emulator, on_duckdb: duckdb.DuckDBPyConnection) -> Iterator[Run]:
    """Runs a statement on an engine: all of them in one session."""
    with snowflake.connector.connect(**running.connection, schema="CROSS_DB") as connection:
        cursors = {"duckdb": on_duckdb, "snowflake": connection.cursor()}
        yield lambda engine, sql: cursors[engine].execute(sql)


@pytest.fixture(scope="module")
def ask(run: Run) -> Ask:
    """The only value that a query gives."""

    def ask(engine: str, sql: str) -> Any:
        ((found,),) = run(engine, sql).fetchall()
        return found

    return ask


def test_every_macro_has_a_case() -> None:
    assert sorted({*CASES, *APART}) == defined()
    assert not APART & set(CASES)
    assert all(CASES.values())


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("macro", "case"),
    [
        pytest.param(macro, case, id=f"{macro}-{place}")
        for macro, cases in CASES.items()
        for place, case in enumerate(cases)
    ],
)
def test_values(ask: Ask, engine: str, macro: str, case: Case) -> None:
    sql = rendered(engine, macro, *case.arguments)
    if macro == "array_of":
        # each engine's clients give arrays in their own way
        sql = f"cast(to_json({sql}) as varchar)"
    found = ask(engine, query(engine, sql, case.row))
    if macro == "array_of":
        found = json.loads(found)
    assert (type(found), found) == (type(case.expected), case.expected)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", ["number", "bytes", "nonsense"])
def test_json_of_what_engines_write_in_their_own_way_is_refused(engine: str, kind: str) -> None:
    with pytest.raises(RefusedError, match=f"the type {kind} of a"):
        rendered(engine, "json_row", {"a": kind})


# type → a text to cast, and what it is then
TYPES: dict[str, tuple[str, Any]] = {
    "text": ("it's", "it's"),
    "timestamp": ("2024-02-29 10:00:00.000001", EARLY),
    "date": ("2024-02-29", date(2024, 2, 29)),
    "amount": ("-9.95", Decimal("-9.9500")),
    "total": ("1234567890123456789012345678901234.5", Decimal("1" + "2345678901" * 3 + "234.5000")),
    "fraction": ("0.000000000001", Decimal("0.000000000001")),
    "boolean": ("true", True),
    "integer": ("-7", -7),
    "count": ("9007199254740993", 9007199254740993),
    "number": ("0.1", 0.1),
    # of a text Snowflake reads hexadecimal digits, DuckDB the signs: only null is cast in models
    "bytes": ("", None),
}


def test_no_type_is_forgotten() -> None:
    text = (FOLDER / "column_type.sql").read_text("utf-8")
    assert re.findall(r"'(\w+)':", text)
    assert set(re.findall(r"'(\w+)':", text)) == set(TYPES)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", TYPES)
def test_types_can_be_cast_to(ask: Ask, engine: str, name: str) -> None:
    text, expected = TYPES[name]
    kind = rendered(engine, "column_type", name)
    given = NULL if expected is None else text
    found = ask(engine, query(engine, f"cast(a as {kind})", {"a": given}))
    assert (type(found), found) == (type(expected), expected)
    assert ask(engine, f"select cast(null as {kind})") is None


# Snowflake takes more texts than DuckDB: digits alone as seconds since 1970 for a date, 'yes' for
# a boolean, days in other orders. Staging that meets them casts by a format of its own
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        *((name, text, value) for name, (text, value) in TYPES.items() if name != "bytes"),
        *((name, NULL, None) for name in TYPES if name != "bytes"),
        *((name, "", None) for name in TYPES if name not in ("text", "bytes")),
        *((name, "never", None) for name in TYPES if name not in ("text", "bytes")),
        *((name, "ü😀", None) for name in ("timestamp", "amount", "boolean")),
        *((name, "2023-02-29", None) for name in ("timestamp", "date")),
        ("timestamp", "2024-02-29 25:00:00", None),
        ("amount", "1,5", None),
        ("amount", "123456789012345", None),
        ("amount", "9.95", Decimal("9.9500")),
        ("text", "a\\b", "a\\b"),
    ],
)
def test_what_cannot_be_cast_is_null(
    ask: Ask, engine: str, name: str, given: str | Null, expected: Any
) -> None:
    sql = rendered(engine, "safe_cast", "a", rendered(engine, "column_type", name))
    found = ask(engine, query(engine, sql, {"a": given}))
    assert (type(found), found) == (type(expected), expected)


@pytest.mark.parametrize("engine", ENGINES)
def test_prints_tell_rows_apart(ask: Ask, engine: str) -> None:
    texts = [NULL, "", "a", "b", "ab", "it's", "a\\b", "ü😀"]
    rows = [{"a": first, "b": second} for first in texts for second in texts]
    sql = rendered(engine, "row_print", ["a", "b"])
    prints = [ask(engine, query(engine, sql, row)) for row in rows]
    assert len(set(prints)) == len(rows)
    assert [ask(engine, query(engine, sql, row)) for row in rows] == prints
    assert all(isinstance(each, int) and -(2**63) <= each < 2**63 for each in prints)


@pytest.mark.parametrize(
    ("engine", "read"), [("duckdb", "getvariable('run_id')"), ("snowflake", "$run_id")]
)
def test_a_run_is_named_in_the_session(run: Run, ask: Ask, engine: str, read: str) -> None:
    for run_id in ("0f0e-1", "0f0e-2"):
        run(engine, rendered(engine, "name_run", invocation_id=run_id))
        assert ask(engine, f"select {read}") == run_id


@pytest.mark.parametrize("name", ["published_run_id", "software_versions"])
def test_surroundings_are_read_from_the_session(name: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"set variable {name} = 'it''s'")
        found = connection.execute(f"select {rendered('duckdb', name)}").fetchone()
    assert found == ("it's",)


def test_the_status_is_written_as_json(on_duckdb: duckdb.DuckDBPyConnection) -> None:
    written: list[str] = []
    status = {text: text for text in AWKWARD}
    on_duckdb.create_function(
        "write_status", lambda text: written.append(text) or True, ["VARCHAR"], "BOOLEAN"
    )
    rendered(
        "duckdb", "write_status", status, run_query=lambda sql: on_duckdb.execute(sql).fetchall()
    )
    assert [json.loads(text) for text in written] == [status]


def published_run_id(there: bool) -> str:
    """The macro where something is published, or not yet."""
    return rendered(
        "snowflake",
        "published_run_id",
        adapter={"get_relation": lambda *_: there},
        flags=SimpleNamespace(INTROSPECT=True),
        target=SimpleNamespace(database="REGULARS"),
    )


def test_the_published_run_is_read_from_what_is_published(run: Run, ask: Ask) -> None:
    assert ask("snowflake", f"select {published_run_id(False)}") is None
    run("snowflake", "create schema published_tables")
    run("snowflake", "create table published_tables.publication as select 'run 7' as run_id")
    assert ask("snowflake", f"select {published_run_id(True)}") == "run 7"


def statements(
    engine: str, macro: str, *arguments: object, others: Sequence[Any] = (), **context: Any
) -> list[str]:
    """What a macro runs; `others` is what one relation has and another hasn't."""
    asked: list[str] = []

    def run_query(sql: str) -> Any:
        asked.append(sql)
        return SimpleNamespace(rows=others if " except " in sql else [[9]])

    rendered(engine, macro, *arguments, run_query=run_query, **context)
    return asked


def test_the_package_is_put_on_its_stage(run: Run, tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "regulars.zip").write_bytes(b"zip")
    asked = statements("snowflake", "put_python_package", env_var=lambda *_: tmp_path, flags=None)
    for sql in asked * 2:  # every run does it again
        run("snowflake", sql)
    assert [row[0] for row in run("snowflake", "list @code.python").fetchall()] == [
        "python/regulars.zip"
    ]
    assert statements("duckdb", "put_python_package") == []


def test_every_statement_of_a_model_names_it_and_its_run() -> None:
    named = {"invocation_id": "0f0e-1", "model": SimpleNamespace(name="customers")}
    (tagged,) = statements("snowflake", "snowflake__set_query_tag", **named)
    tag = tagged.removeprefix("alter session set query_tag = '").removesuffix("'")
    assert json.loads(tag) == {"app": "regulars", "run_id": "0f0e-1", "model": "customers"}
    (untagged,) = statements("snowflake", "snowflake__unset_query_tag", None)
    assert untagged == "alter session unset query_tag"


@pytest.mark.parametrize("engine", ENGINES)
def test_hooks_are_run_whatever_they_say_of_transactions(engine: str) -> None:
    """dbt-snowflake asks for those inside a transaction alone; dbt-duckdb for both in turn."""
    hooks = [{"sql": "select 1", "transaction": True}, {"sql": "select 2", "transaction": False}]
    ran: list[str] = []
    dbt = SimpleNamespace(run_hooks=lambda hooks, inside: ran.extend(asked_of_dbt(hooks, inside)))

    def asked_of_dbt(hooks: list[Any], inside: bool) -> list[str]:
        return [hook["sql"] for hook in hooks if hook["transaction"] is inside]

    def statement(caller: Any = None, **_: Any) -> str:
        ran.append(caller().strip())
        return ""

    context = {"render": lambda sql: sql, "statement": statement, "dbt": dbt}
    asked = (True,) if engine == "snowflake" else (False, True)
    for inside in asked:
        rendered(engine, "run_hooks", hooks, inside, **context)
    assert sorted(ran) == ["select 1", "select 2"]
    if engine == "snowflake":
        rendered(engine, "run_hooks", hooks, False, **context)
        assert len(ran) == 2, "once each"


@pytest.mark.parametrize(
    ("engine", "hours", "killed", "is_refused"),
    [
        ("snowflake", 1, None, True),
        ("snowflake", 1, "0f0e-1", False),
        ("snowflake", 1, "0f0e-2", True),
        ("snowflake", 25, None, False),
        ("duckdb", 1, None, False),
    ],
)
def test_a_run_that_may_be_alive_is_not_closed(
    engine: str, hours: int, killed: str | None, is_refused: bool
) -> None:
    began = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=hours)
    context = {"modules": SimpleNamespace(datetime=datetime_module), "var": lambda _: killed}
    refused = pytest.raises(RefusedError, match=r"0f0e-1 began 1\.0 hours")
    with refused if is_refused else nullcontext():
        rendered(engine, "refuse_living_run", "0f0e-1", began, **context)


def roll_back(engine: str, kept: bool = True, others: Sequence[Any] = ()) -> list[str]:
    """What rolling back to the seventh generation runs."""
    return statements(
        engine,
        "roll_back",
        7,
        others=others,
        target=SimpleNamespace(database="REGULARS"),
        adapter={"check_schema_exists": lambda *_: kept},
        log=lambda *_, **__: "",
    )


def test_a_generation_comes_back_by_one_swap() -> None:
    assert roll_back("snowflake")[1:] == [
        "select max(generation) from published_tables.publication",
        "alter schema published_tables swap with published_generation_7",
        "alter schema published_generation_7 rename to published_generation_9",
    ]
    with pytest.raises(RefusedError, match=r"Generation 7 has no customers\.email, which BI"):
        roll_back("snowflake", others=[("CUSTOMERS", "EMAIL")])
    with pytest.raises(RefusedError, match="Generation 7 isn't kept"):
        roll_back("snowflake", kept=False)
    with pytest.raises(RefusedError, match="regulars publication rollback 7"):
        roll_back("duckdb")


def test_no_status_is_written_from_snowflake() -> None:
    asked: list[str] = []
    assert rendered("snowflake", "write_status", {"a": 1}, run_query=asked.append) == ""
    assert asked == []
