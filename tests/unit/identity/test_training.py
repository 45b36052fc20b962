"""What levels of agreement weigh, learnt from people whose errors are known."""

import random
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from regulars.engines.duckdb import DuckDBEngine
from regulars.identity import passes
from regulars.identity.comparisons import SWAPPED
from regulars.identity.matching import Matching
from regulars.identity.passes import _credible
from regulars.identity.training import SCHEMA, chances_of, learn_weights
from tests.unit.identity.people import details, matching, persons, relation, shuffled

KEPT = {"first_name": 0.85, "birth_date": 0.9, "postcode": 0.7, "email": 0.8}
COMPARED = {"first_name": "given_name", "birth_date": "date", "postcode": "code", "email": "email"}
KEYS = [["email"], ["birth_date"], ["first_name", "postcode"]]


def changing(count: int, seed: int = 3) -> list[dict[str, Any]]:
    """People twice; of the second records each value is another person's, but for a known share."""
    draw = random.Random(seed)
    everybody = [{name: one[name] for name in KEPT} for one in persons(count, seed)]
    again = []
    for person in everybody:
        again.append(
            {
                name: value if draw.random() < KEPT[name] else draw.choice(everybody)[name]
                for name, value in person.items()
            }
        )
    return everybody + again


def learn(engine: DuckDBEngine, table: pa.Table, asked: Matching) -> pa.Table:
    return learn_weights(engine, relation(engine.session, "details_given", table), asked)


def small() -> Matching:
    return matching(comparisons=COMPARED, training_keys=KEYS)


@pytest.fixture(scope="module")
def changed() -> pa.Table:
    return details(changing(300))


@pytest.fixture(scope="module")
def weights(changed: pa.Table) -> pa.Table:
    with duckdb.connect() as session:
        return learn(DuckDBEngine(session), changed, small())


def test_what_is_learnt_is_how_people_were_made(weights: pa.Table, changed: pa.Table) -> None:
    assert weights.schema == SCHEMA
    found = chances_of(weights)
    same = {column: max(of for name, of in found if name == column) for column in COMPARED}
    for column, kept in KEPT.items():
        m, u = found[column, same[column]]
        # levels that nobody shows keep what they begin with, and the others a little less
        assert 0.8 * kept < m < 1.1 * kept, column
        values = changed[column].to_pylist()
        pairs = sum(values.count(value) - 1 for value in values)
        assert u == pytest.approx(pairs / (len(values) * (len(values) - 1)), rel=1e-4), column
        # different: all that is neither the same nor by chance alike
        assert found[column, 0][1] > 0.85
        assert found[column, 0][0] < 0.35
        assert sum(m for (name, _), (m, _) in found.items() if name == column) == pytest.approx(
            1, abs=1e-4
        )
    for row in weights.to_pylist():
        assert 2 ** row["match_weight"] == pytest.approx(
            row["m_probability"] / row["u_probability"], rel=1e-4
        )
    taught = {row["comparison"]: row["passes_count"] for row in weights.to_pylist()}
    assert taught["birth_date"] >= 1


def test_agreeing_less_weighs_no_more_than_agreeing(weights: pa.Table) -> None:
    """Nobody shows some of the levels, so that a chance of them would be a guess."""
    rows = weights.to_pylist()
    same = {
        row["comparison"]: row["match_weight"] for row in rows if row["level"].startswith("Exac")
    }
    assert set(same) == set(COMPARED)
    for row in rows:
        if row["level"] == SWAPPED:
            most = same["first_name"] + same["last_name"]
            assert same["first_name"] < row["match_weight"] <= most + 1e-3
        else:
            assert row["match_weight"] <= same[row["comparison"]] + 1e-3
    (unseen,) = [row for row in rows if row["level"] == "the same before the @"]
    assert unseen["match_weight"] == pytest.approx(same["email"], abs=1e-3)
    assert unseen["passes_count"] == 0


def test_a_column_that_few_pairs_fill_teaches_nothing(engine: DuckDBEngine) -> None:
    def taught(filled: int) -> int:
        rows = changing(300)
        for row in rows[filled:300]:
            row["first_name"] = None
        asked = matching(comparisons=COMPARED, training_keys=[["email"]])
        weights = learn(engine, details(rows), asked).to_pylist()
        return max(row["passes_count"] for row in weights if row["comparison"] == "first_name")

    assert taught(300) == 1
    assert taught(15) == 0


def test_a_column_that_nobody_fills_is_left_out(engine: DuckDBEngine) -> None:
    rows = [{**row, "email": None} for row in changing(60)]
    rows[0]["email"] = "one@x.org"  # nothing to compare it with
    weights = learn(engine, details(rows), small())
    assert set(weights["comparison"].to_pylist()) == set(COMPARED) - {"email"}


def test_without_details_there_are_no_weights(engine: DuckDBEngine) -> None:
    for rows in ([], persons(1), [{}, {}]):
        assert learn(engine, details(rows), small()).equals(SCHEMA.empty_table())


def test_where_there_is_too_little_what_it_begins_with_counts(engine: DuckDBEngine) -> None:
    weights = learn(engine, details(persons(8)), small())
    assert set(weights["passes_count"].to_pylist()) == {0}
    found = chances_of(weights)
    assert found["postcode", 2][0] == pytest.approx(0.8)
    assert found["postcode", 0][0] == pytest.approx(0.14)


def test_neither_the_order_of_the_rows_nor_threads_change_a_byte(
    engine: DuckDBEngine, weights: pa.Table, changed: pa.Table
) -> None:
    engine.session.execute("set threads = 1").fetchall()
    assert learn(engine, shuffled(changed, 5), small()).equals(weights)


def test_a_pass_that_splink_refuses_is_tried_shorter_and_then_left_out(
    engine: DuckDBEngine, changed: pa.Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, int]] = []
    learns = passes._matches

    def refusing(connection, table, asked_matching, u, rule, rounds):
        asked.append((rule.split(" and ")[0], rounds))
        if "birth_date" in rule:
            return None
        return learns(connection, table, asked_matching, u, rule, rounds)

    monkeypatch.setattr(passes, "_matches", refusing)
    weights = learn(engine, changed, small())
    assert asked == [
        ("l.email = r.email", passes.MOST_ROUNDS),
        ("l.birth_date = r.birth_date", passes.MOST_ROUNDS),
        ("l.birth_date = r.birth_date", passes.FEW_ROUNDS),
        ("l.first_name = r.first_name", passes.MOST_ROUNDS),
    ]
    assert max(weights["passes_count"].to_pylist()) in (1, 2)


@pytest.mark.parametrize(
    ("said", "is_known"), [("a probability below the minimum", True), ("no such column", False)]
)
def test_only_what_splink_says_of_small_chances_is_expected(
    engine: DuckDBEngine,
    changed: pa.Table,
    monkeypatch: pytest.MonkeyPatch,
    said: str,
    is_known: bool,
) -> None:
    class Training:
        def estimate_parameters_using_expectation_maximisation(self, *_: Any, **__: Any) -> None:
            raise ValueError(said)

    class Refusing:
        training = Training()

    monkeypatch.setattr(passes, "linker_of", lambda *_: Refusing())
    if is_known:
        weights = learn(engine, changed, small())
        assert set(weights["passes_count"].to_pylist()) == {0}
    else:
        with pytest.raises(ValueError, match=said):
            learn(engine, changed, small())


def test_a_pass_that_takes_strangers_for_one_person_is_not_believed() -> None:
    agreeing = {("first_name", 0): 0.1, ("first_name", 1): 0.9}
    differing = {("city", 0): 0.6, ("city", 1): 0.4}
    others = {("phone", 0): 0.9, ("phone", 1): 0.1}
    assert _credible(agreeing) == agreeing
    # half of the columns, and more of them
    assert _credible(agreeing | differing) == {}
    assert _credible(agreeing | differing | others) == {}
    # one of three doesn't make strangers of them, but it teaches nothing
    more = {("email", 0): 1 / 3, ("email", 1): 2 / 3}
    assert _credible(agreeing | more | differing) == agreeing | more
    assert _credible({}) == {}


def test_strangers_who_share_a_birthday_teach_nothing(engine: DuckDBEngine) -> None:
    """Everybody once: those born on a day are different people."""
    rows = persons(300)
    for place, row in enumerate(rows):
        row["birth_date"] = f"19{40 + place % 50}-02-11"
    weights = learn(engine, details(rows), small())
    assert set(weights["passes_count"].to_pylist()) == {0}


@pytest.mark.parametrize(("records", "teach"), [(8, True), (9, False)])
def test_blocks_that_are_too_large_teach_nothing(
    engine: DuckDBEngine, records: int, teach: bool
) -> None:
    """Nine records with one e-mail are a family's, or everybody's."""
    rows = [one for one in persons(6) for _ in range(records)]
    asked = matching(comparisons=COMPARED, training_keys=[["email"]])
    weights = learn(engine, details(rows), asked)
    assert any(weights["passes_count"].to_pylist()) == teach
