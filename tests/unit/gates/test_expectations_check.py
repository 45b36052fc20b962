"""`regulars expectations check`: every mistake is one line with its file and line."""

import json
from typing import Any

import duckdb
import pytest

from regulars.engines.duckdb_reading import WITHOUT_SQL, read_warehouse
from regulars.gates.expectation_models import ExpectationModels
from regulars.gates.project_problems import inspect_suites
from regulars.gates.suite_problems import SuiteJudge
from tests.unit.gates.conftest import Run
from tests.unit.gates.projects import ORDERS, TinyProject, expect

pytestmark = pytest.mark.usefixtures("gx")

UNIQUE = "expect_column_values_to_be_unique"
BETWEEN = "expect_column_values_to_be_between"
QUERY = "unexpected_rows_expectation"


def problems(judge: SuiteJudge, *tables: str) -> list[str]:
    """What an inspection finds."""
    return inspect_suites(tables, judge).problems


@pytest.fixture
def declared(models: ExpectationModels) -> SuiteJudge:
    """A judge who knows what the models' YAML declares."""
    return SuiteJudge(models, WITHOUT_SQL)


def test_suites_that_are_fine_are_counted(built: TinyProject, run: Run) -> None:
    built.suite(
        "orders",
        expect(UNIQUE, column="order_id"),
        expect(BETWEEN, "warning", column="amount", min_value=0, mostly=0.9),
        expect(BETWEEN, "info", column="at", min_value="2020-01-01") | {"description": "No x"},
        expect(QUERY, unexpected_rows_query="select * from {batch} where amount < 0;"),
        meta={"keys": ["order_id"], "shows_values": False, "owner": "ana"},
    )
    assert run("check") == (0, ["1 suite, 4 expectations: fine."], [])


def test_problems_are_listed_and_the_exit_code_is_2(built: TinyProject, run: Run) -> None:
    built.suite(
        "orders",
        expect(UNIQUE, column="ordr_id"),
        expect("expect_column_values_to_be_uniqe", column="order_id"),
    )
    built.suite("line", expect(UNIQUE, column="line_id"))
    built.write("expectations/notes.json", '{"name":\n\n oops}')
    code, out, said = run("check")
    assert (code, out) == (2, [])
    assert said == [
        'expectations/line.json:1: there is no model line (did you mean "lines"?).',
        "expectations/notes.json:1: there is no model notes.",
        "expectations/notes.json:3: Expecting value.",
        'expectations/orders.json:7: orders has no column "ordr_id" (did you mean "order_id"?).',
        "expectations/orders.json:12: there is no expectation"
        ' "expect_column_values_to_be_uniqe" (did you mean "expect_column_values_to_be_unique"?).',
        "5 problems found.",
    ]


@pytest.mark.parametrize(
    ("expectation", "said"),
    [
        (7, 'an expectation must be an object with "type" and "kwargs"'),
        ({"kwargs": {}}, 'it needs a "type", such as "expect_column_values_to_be_unique"'),
        ({"type": UNIQUE}, f'{UNIQUE} needs "kwargs", an object of its arguments'),
        ({"type": UNIQUE, "kwargs": []}, f'{UNIQUE} needs "kwargs", an object of its arguments'),
        ({"type": "ExpectColumnValuesToBeUnique", "kwargs": {}},
         f'there is no expectation "ExpectColumnValuesToBeUnique" (did you mean "{UNIQUE}"?)'),
        ({"type": "zzz", "kwargs": {}}, 'there is no expectation "zzz"'),
        (expect(UNIQUE), f'{UNIQUE}: "column" is missing'),
        (expect(UNIQUE, column="order_id", mosty=1),
         f'{UNIQUE} takes no "mosty" (did you mean "mostly"?)'),
        (expect(UNIQUE, column="order_id", mostly=3),
         f'{UNIQUE}: "mostly" is wrong: ensure this value is less than or equal to 1.0'),
        (expect(UNIQUE, "urgent", column="order_id"),
         f"{UNIQUE}: \"severity\" is not a valid enumeration member; permitted: 'critical',"
         " 'warning', 'info'"),
        (expect(UNIQUE, column="order_id") | {"severty": "info"},
         '"severty" means nothing here (did you mean "severity"?)'),
        ({"type": UNIQUE, "kwargs": {"column": "order_id", "severity": "info"}},
         '"severity" stands beside "kwargs", not in it'),
        (expect(UNIQUE, column="nosuch"), 'orders has no column "nosuch"'),
        (expect("expect_column_pair_values_to_be_equal", column_A="order_id", column_B="amunt"),
         'orders has no column "amunt" (did you mean "amount"?)'),
        (expect("expect_compound_columns_to_be_unique", column_list=["order_id", "nosuch"]),
         'orders has no column "nosuch"'),
        (expect("expect_table_columns_to_match_set", column_set=["nosuch"], exact_match=False),
         'orders has no column "nosuch"'),
        (expect("expect_table_columns_to_match_set", column_set=[]),
         'expect_table_columns_to_match_set: "column_set" is empty'),
        (expect(BETWEEN, column="amount"),
         f"{BETWEEN}: min_value and max_value cannot both be None"),
        (expect(BETWEEN, column="amount", min_value="x"),
         f'{BETWEEN}: "min_value" is not a valid float, or invalid date format, or invalid'
         " datetime format"),
        (expect(BETWEEN, column="amount", min_value=2, max_value=1),
         f"{BETWEEN}: min_value 2 is above max_value 1"),
        (expect(BETWEEN, column="at", min_value="2026-01-01", max_value="2025-01-01"),
         f"{BETWEEN}: min_value 2026-01-01 is above max_value 2025-01-01"),
        (expect(BETWEEN, column="amount", min_value={"$PARAMETER": "x"}),
         'a gate has no parameters: write "min_value" out'),
        (expect(BETWEEN, column="amount", min_value=1, row_condition="amount > 1"),
         'a condition in text needs "condition_parser": "great_expectations" and the form'
         ' col("amount") > 0'),
        (expect(BETWEEN, column="amount", min_value=1, row_condition='col("amont") > 1',
                condition_parser="great_expectations"),
         'orders has no column "amont" (did you mean "amount"?)'),
        (expect(BETWEEN, column="amount", min_value=1, row_condition={
            "type": "comparison", "column": {"name": "nosuch"}, "operator": ">", "parameter": 1}),
         'orders has no column "nosuch"'),
        (expect("expect_column_values_to_match_regex", column="channel", regex="w"),
         "expect_column_values_to_match_regex can't be run inside the warehouse: use"
         ' unexpected_rows_expectation with "unexpected_rows_query": "select * from {batch}'
         " where not regexp_matches(column, 'pattern')\""),
        (expect("expect_column_values_to_not_be_outliers", column="amount"),
         'expect_column_values_to_not_be_outliers needs "method": "std" inside the warehouse'),
        (expect(QUERY, unexpected_rows_query="select * from orders"),
         "the query must read from {batch}, which stands for the table"),
        (expect(QUERY, unexpected_rows_query="select '{3}' from {batch}"),
         "write braces of the query twice, {{ and }}: only {batch} is filled in"),
    ],
)  # fmt: skip
def test_each_mistake_is_named_on_its_line(
    project: TinyProject, declared: SuiteJudge, expectation: Any, said: str
) -> None:
    fine = expect("expect_table_row_count_to_be_between", min_value=1)
    project.write(
        "expectations/orders.json",
        f'{{"name": "orders", "expectations": [\n{json.dumps(fine)},\n{json.dumps(expectation)}]}}',
    )
    assert problems(declared) == [f"expectations/orders.json:3: {said}."]


def test_an_unpaired_brace_is_great_expectations_complaint_alone(
    project: TinyProject, declared: SuiteJudge
) -> None:
    project.suite("orders", expect(QUERY, unexpected_rows_query="select '{' from {batch}"))
    (said,) = problems(declared)
    assert "unpaired or malformed brace" in said


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('"nme": 1', '"nme" means nothing here (did you mean "name"?)'),
        ('"name": "orders"', '"name" stands here twice'),
        ('"name": "order"', '"name" must be "orders", as the file is named'),
        ('"meta": 3', '"meta" must be an object, such as {"keys": ["customer_id"]}'),
        ('"meta": {"keys": "order_id"}', '"keys" must be a list of columns'),
        ('"meta": {"keys": ["nosuch"]}', 'orders has no column "nosuch"'),
        ('"meta": {"keys": ["email"]}',
         '"email" may be personal, and keys are shown in results: use an id'),
        ('"meta": {"show_values": true}',
         '"show_values" means nothing here (did you mean "shows_values"?)'),
        ('"meta": {"shows_values": "yes"}', '"shows_values" must be true or false'),
    ],
)  # fmt: skip
def test_mistakes_of_the_suite_as_a_whole(
    project: TinyProject, declared: SuiteJudge, more: str, said: str
) -> None:
    fine = json.dumps(expect(UNIQUE, column="order_id"))
    text = f'{{"expectations": [{fine}],\n"name": "orders",\n{more}}}'
    project.write("expectations/orders.json", text)
    assert f"expectations/orders.json:3: {said}." in problems(declared)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", 'it must be an object with "name": "orders" and "expectations"'),
        ('{"name": "orders"}', 'it needs a list of "expectations"'),
        ('{"name": "orders", "expectations": []}', 'it needs a list of "expectations"'),
        ('{"name": "orders", "expectations": {"a": 1}}', 'it needs a list of "expectations"'),
    ],
)
def test_what_is_no_suite_is_named(
    project: TinyProject, declared: SuiteJudge, text: str, said: str
) -> None:
    project.write("expectations/orders.json", text)
    assert problems(declared) == [f"expectations/orders.json:1: {said}."]


def test_what_is_expected_twice_is_named(project: TinyProject, declared: SuiteJudge) -> None:
    once = expect(BETWEEN, column="amount", max_value=9)
    project.suite("orders", once, expect(UNIQUE, column="order_id"), once | {"severity": "info"})
    assert problems(declared) == [
        "expectations/orders.json:19: it expects the same as expectation 1."
    ]


def test_columns_are_those_of_the_built_table(built: TinyProject, models: Any) -> None:
    built.change("alter table scores.orders add column fresh integer")
    built.suite(
        "orders",
        expect(UNIQUE, column="fresh"),
        expect(UNIQUE, column="planned"),
        expect(BETWEEN, column="channel", min_value=1),
        expect(QUERY, unexpected_rows_query="select * from {batch} where chanel = 'x'"),
        expect(
            QUERY,
            unexpected_rows_query="select a.* from {batch} as a join {batch} as b using (order_id)",
        ),
    )
    with read_warehouse("demo") as warehouse:
        found = problems(SuiteJudge(models, WITHOUT_SQL, warehouse))
    assert [problem.partition(": ")[2] for problem in found[:2]] == [
        '"planned" is declared but not built yet: regulars build first.',
        "channel is VARCHAR, not a number.",
    ]
    assert 'the query can\'t be run: Binder Error: Referenced column "chanel" not found' in found[2]
    assert len(found) == 3


def test_a_table_of_the_same_name_in_a_raw_schema_is_another(
    built: TinyProject, models: Any
) -> None:
    built.change("create schema raw_shop", "create table raw_shop.orders as select 1 as nosuch")
    built.change("create schema a", "create table a.orders as select 1 as nosuch")
    built.suite("orders", expect(UNIQUE, column="nosuch"))
    with read_warehouse("demo") as warehouse:
        (said,) = problems(SuiteJudge(models, WITHOUT_SQL, warehouse))
    assert 'orders has no column "nosuch"' in said


def test_a_suite_without_a_gate_is_told_the_line_to_add(
    project: TinyProject, declared: SuiteJudge
) -> None:
    project.suite("lines", expect(UNIQUE, column="line_id"))
    assert problems(declared) == [
        'expectations/lines.json:1: no gate reads it: add the line "lines": dbt.ref("lines"), to'
        " python_models/scores/check_scores.py."
    ]


def test_a_table_behind_the_last_gate_can_have_none(
    project: TinyProject, declared: SuiteJudge
) -> None:
    project.write("models/publish/_p.yml", "models: [{name: publication_run, columns: []}]")
    project.suite("publication_run", expect("expect_table_row_count_to_be_between", min_value=1))
    assert problems(declared) == [
        "expectations/publication_run.json:1: no gate reads it: it is built behind the last gate."
    ]


def test_a_gated_table_without_a_suite_is_named(project: TinyProject, declared: SuiteJudge) -> None:
    (project.root / "expectations" / "orders.json").unlink()
    said = (
        "python_models/scores/check_scores.py:9: orders has no suite:"
        " regulars expectations new orders"
    )
    assert problems(declared) == [said]
    assert problems(declared, "orders") == [said]
    assert problems(declared, "lines") == ["expectations/lines.json: there is no such suite."]


def test_only_the_named_suites_are_looked_at(project: TinyProject, declared: SuiteJudge) -> None:
    project.write("expectations/lines.json", "oops")
    assert problems(declared, "orders") == []
    assert problems(declared, "order") == [
        'expectations/order.json: there is no such suite (did you mean "orders"?).'
    ]


def test_nothing_built_is_told_and_the_models_yaml_is_taken(project: TinyProject, run: Run) -> None:
    code, out, said = run("check")
    assert (code, out) == (0, ["1 suite, 1 expectation: fine."])
    assert said == [
        "Nothing is built for demo yet: run regulars build first."
        " Columns are taken from the models' YAML."
    ]


def test_a_warehouse_in_use_is_told_in_one_line(built: TinyProject, run: Run) -> None:
    with duckdb.connect(str(built.warehouse)):
        code, _, said = run("check")
    assert code == 0
    assert len(said) == 1
    assert said[0].endswith("Columns are taken from the models' YAML.")


def test_no_suites_at_all_is_no_success(project: TinyProject, run: Run) -> None:
    (project.root / "expectations" / "orders.json").unlink()
    project.write("python_models/scores/check_scores.py", "")
    code, _, said = run("check")
    assert code == 2
    assert said[-1].startswith("Error: expectations/ holds no suites yet")


def test_an_unknown_target_is_refused(project: TinyProject, run: Run) -> None:
    assert run("check", "--target", "x") == (
        2, [], ["Error: Unknown target 'x': profiles.yml has demo, other."])  # fmt: skip


def test_the_file_stays_as_it_is(built: TinyProject, run: Run) -> None:
    before = built.warehouse.read_bytes()
    built.change(ORDERS)
    before = built.warehouse.read_bytes()
    run("check")
    assert built.warehouse.read_bytes() == before
