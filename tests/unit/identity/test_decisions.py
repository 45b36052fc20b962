"""Which ties hold, from records to decisions, on people who are made for it."""

from datetime import datetime, timedelta
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from regulars.engines.duckdb import DuckDBEngine
from regulars.errors import UserError
from regulars.identity import detail_matches, doubts
from regulars.identity.comparisons import levels_of
from regulars.identity.decisions import SCHEMA, decide_ties
from regulars.identity.matching import Matching
from regulars.identity.training import SCHEMA as WEIGHTS
from tests.unit.identity.people import (
    MOMENT,
    Person,
    details,
    matching,
    persons,
    relation,
    shuffled,
)

EDGES = pa.schema(
    [
        ("record_number", pa.int64()),
        ("first_record_number", pa.int64()),
        ("linked_at", pa.timestamp("us")),
        ("identifier_type", pa.string()),
        ("is_further_value", pa.bool_()),
    ]
)
VERIFIED = pa.schema(
    [
        ("record_number", pa.int64()),
        ("identifier_type", pa.string()),
        ("identifier_value", pa.string()),
    ]
)

Edge = tuple[int, int, str]
Decided = dict[tuple[int, int, str], str | None]


def weights(asked: Matching) -> pa.Table:
    """Made-up ones, so that no test waits for learning: 6 bits for the same, 5 against."""
    rows = []
    for column in asked.comparisons:
        count = len(levels_of(column, asked)) - 1
        for agreement in range(count):
            chances = (0.03, 0.96) if agreement == 0 else (0.64, 0.01)
            rows.append(
                {
                    "comparison": column,
                    "agreement": agreement,
                    "level": str(agreement),
                    "m_probability": chances[0],
                    "u_probability": chances[1],
                    "match_weight": float(np.log2(chances[0] / chances[1])),
                    "passes_count": 1,
                }
            )
    return pa.Table.from_pylist(rows, WEIGHTS)


def edges(*ties: Edge, further: tuple[Edge, ...] = ()) -> pa.Table:
    """Ties by identifiers: known on the day of the younger record."""
    return pa.Table.from_pylist(
        [
            {
                "record_number": left,
                "first_record_number": right,
                "linked_at": MOMENT + timedelta(days=max(left, right)),
                "identifier_type": tied_by,
                "is_further_value": (left, right, tied_by) in further,
            }
            for left, right, tied_by in (*ties, *further)
        ],
        EDGES,
    )


def verified(**numbers: str) -> pa.Table:
    """Customer numbers, by record: r1='a'."""
    return pa.Table.from_pylist(
        [
            {
                "record_number": int(record[1:]),
                "identifier_type": "customer_number",
                "identifier_value": value,
            }
            for record, value in numbers.items()
        ],
        VERIFIED,
    )


def decide(
    engine: DuckDBEngine,
    people: pa.Table,
    ties: pa.Table | None = None,
    numbers: pa.Table | None = None,
    learnt: pa.Table | None = None,
    **changes: Any,
) -> pa.Table:
    asked = matching(**changes)
    session = engine.session
    if learnt is None:  # there is nothing to learn from nobody
        learnt = weights(asked) if len(people) else WEIGHTS.empty_table()
    return decide_ties(
        engine,
        relation(session, "details_given", people),
        relation(session, "edges_given", edges() if ties is None else ties),
        relation(session, "verified_given", verified() if numbers is None else numbers),
        relation(session, "weights_given", learnt),
        asked,
    )


def reasons(found: pa.Table) -> Decided:
    return {
        (row["record_number"], row["other_record_number"], row["tied_by"]): row["reason"]
        for row in found.to_pylist()
    }


@pytest.fixture(scope="module")
def everybody() -> list[Person]:
    return persons(40)


def again(one: Person, **changes: str | None) -> Person:
    return one | changes


def test_records_of_one_person_are_tied_by_their_details(
    engine: DuckDBEngine, everybody: list[Person]
) -> None:
    """Record 41 is record 1 with another e-mail, 42 is record 2 at another place."""
    moved = {name: everybody[30][name] for name in ("postcode", "city", "address")}
    rows = [*everybody, again(everybody[0], email="other@mail.org"), again(everybody[1], **moved)]
    found = decide(engine, details(rows))
    assert found.schema == SCHEMA
    assert reasons(found) == {(1, 41, "details"): None, (2, 42, "details"): None}
    first = found.to_pylist()[0]
    # when both were known
    assert first["linked_at"] == MOMENT + timedelta(days=41)
    assert not first["is_refused"]
    assert first["groups_bits"] is None


def test_bits_and_probability_say_the_same(engine: DuckDBEngine, everybody: list[Person]) -> None:
    rows = [*everybody, *(again(one, email=None, address=None) for one in everybody[:20])]
    found = decide(engine, details(rows), probability=0.6).to_pylist()
    assert len(found) >= 20
    for row in found:
        odds = 2 ** row["match_bits"]
        assert row["match_probability"] == pytest.approx(odds / (1 + odds), abs=1e-6)
        assert row["match_probability"] >= 0.6
        assert row["record_number"] < row["other_record_number"]
    order = [(row["record_number"], row["other_record_number"]) for row in found]
    assert order == sorted(order)


def test_the_probability_from_which_on_records_are_tied_is_kept(
    engine: DuckDBEngine, everybody: list[Person]
) -> None:
    """Pairs that agree on more or less of what they say: all chances between."""
    names = ("first_name", "last_name", "birth_date", "postcode", "city")
    rows = [{name: one[name] for name in names} for one in everybody]
    for place, one in enumerate(rows[:20]):
        other = rows[place + 20]
        rows.append(one | {name: other[name] for name in names[2 + place % 3 :]})
    every = decide(engine, details(rows), probability=0.001)["match_probability"].to_pylist()
    assert min(every) < 0.2
    assert max(every) > 0.8
    some = decide(engine, details(rows), probability=0.5)["match_probability"].to_pylist()
    assert sorted(some) == sorted(chance for chance in every if chance >= 0.5)


def test_an_email_that_two_strangers_share_ties_nobody(
    engine: DuckDBEngine, everybody: list[Person]
) -> None:
    found = decide(engine, details(everybody), edges((2, 1, "email"), (40, 39, "phone")))
    assert reasons(found) == {
        (2, 1, "email"): "contradicting_details",
        (40, 39, "phone"): "contradicting_details",
    }
    for row in found.to_pylist():
        assert row["is_refused"]
        assert (row["match_bits"], row["match_probability"]) == (None, None)
        assert row["groups_bits"] == -8
    assert found["linked_at"].to_pylist() == [
        MOMENT + timedelta(days=2),
        MOMENT + timedelta(days=40),
    ]


def test_an_email_of_one_person_ties_and_is_not_decided_here(
    engine: DuckDBEngine, everybody: list[Person]
) -> None:
    """Ties by identifiers that hold stand in identity_edges."""
    rows = [*everybody, again(everybody[0], phone=None)]
    found = decide(engine, details(rows), edges((41, 1, "email")))
    assert reasons(found) == {(1, 41, "details"): None}
    assert reasons(decide(engine, details(rows), edges((41, 1, "email")), links=False)) == {}


def test_two_customer_numbers_are_two_people(engine: DuckDBEngine, everybody: list[Person]) -> None:
    """Twins who are alike in all they say; and records that only an e-mail ties."""
    rows = [*everybody, everybody[0]]
    found = decide(
        engine,
        details(rows),
        edges((45, 44, "email"), (50, 51, "email"), (60, 61, "email")),
        verified(r1="a", r41="b", r50="c", r51="d", r60="e", r61="e"),
    )
    assert reasons(found) == {
        (1, 41, "details"): "other_verified_identifier",
        (50, 51, "email"): "other_verified_identifier",
    }
    (twins,) = [row for row in found.to_pylist() if row["tied_by"] == "details"]
    assert twins["match_bits"] > 0
    assert twins["groups_bits"] > 0


def test_what_is_said_of_two_groups_of_one_is_what_is_said_of_the_pair(
    engine: DuckDBEngine, everybody: list[Person]
) -> None:
    """With the odds that any two records are one person, as everywhere."""
    names = ("first_name", "birth_date", "phone")
    alike = {name: everybody[0][name] for name in names}
    found = decide(
        engine, details([*everybody[1:], alike, alike]), numbers=verified(r40="a", r41="b")
    )
    (row,) = found.to_pylist()
    assert row["reason"] == "other_verified_identifier"
    assert 0 < row["match_bits"] < 12
    assert row["groups_bits"] == pytest.approx(row["match_bits"], abs=1e-4)


def test_a_second_log_in_ties_nobody_unless_details_agree(
    engine: DuckDBEngine, everybody: list[Person]
) -> None:
    """Records 90 and 91 are computers, each with two log-ins: of two people, and of one."""
    rows = [*everybody, again(everybody[2], email="second@mail.org")]
    ties = edges(
        (90, 1, "account_id"),
        (91, 3, "account_id"),
        further=((90, 2, "account_id"), (91, 41, "account_id")),
    )
    found = decide(engine, details(rows), ties)
    assert reasons(found) == {
        (3, 41, "details"): None,  # with this tie the log-in adds nothing
        (90, 2, "account_id"): "contradicting_details",
    }
    # without, it holds from when on the details were known that say so
    for moments, day in ((ties["linked_at"], 91), (pa.array([MOMENT] * 4, pa.timestamp("us")), 41)):
        moved = ties.set_column(2, "linked_at", moments)
        found = decide(engine, details(rows), moved, links=False)
        (held,) = [row for row in found.to_pylist() if not row["is_refused"]]
        assert (held["record_number"], held["other_record_number"]) == (91, 41)
        assert held["linked_at"] == MOMENT + timedelta(days=day)
        assert held["groups_bits"] > 0
    # nobody says anything: the second log-in is somebody else's
    bare = decide(engine, details([]), ties)
    assert reasons(bare) == {
        (90, 2, "account_id"): "shared_record",
        (91, 41, "account_id"): "shared_record",
    }


def test_a_second_log_in_waits_until_it_is_known_whose_the_computer_is(
    engine: DuckDBEngine,
) -> None:
    """Seen earlier than the first one's owner could be known, it comes last all the same."""
    ties = edges((9, 7, "email"), (7, 5, "email"), further=((5, 2, "account_id"),))
    assert reasons(decide(engine, details([]), ties)) == {(5, 2, "account_id"): "shared_record"}
    known = edges(
        (9, 7, "email"), (9, 2, "email"), (7, 5, "email"), further=((5, 2, "account_id"),)
    )
    # it adds nothing to them, and it is older than what shows that it was right
    assert reasons(decide(engine, details([]), known)) == {}


def test_without_links_details_tie_nobody_but_still_refuse(
    engine: DuckDBEngine, everybody: list[Person]
) -> None:
    rows = [*everybody, everybody[0]]
    found = decide(engine, details(rows), edges((3, 2, "email")), links=False)
    assert reasons(found) == {(3, 2, "email"): "contradicting_details"}


@pytest.mark.parametrize("people", [[], [{"city": "bonn"}] * 3])
def test_without_details_verified_identifiers_still_refuse(
    engine: DuckDBEngine, people: list[Person]
) -> None:
    ties = edges((2, 1, "email"), (3, 2, "email"), (4, 1, "phone"))
    found = decide(
        engine, details(people), ties, verified(r1="a", r3="b"), learnt=WEIGHTS.empty_table()
    )
    assert reasons(found) == {(3, 2, "email"): "other_verified_identifier"}


def test_nothing_at_all(engine: DuckDBEngine) -> None:
    found = decide(engine, details([]))
    assert found.equals(SCHEMA.empty_table())


def test_what_was_known_first_counts_and_a_shared_identifier_before_details(
    engine: DuckDBEngine,
) -> None:
    """One record can't belong to both of two who have other numbers: the earlier tie wins."""
    numbers = verified(r1="a", r2="b")
    early, late = edges((3, 1, "email")), edges((5, 3, "email"), (5, 2, "email"))
    ties = pa.concat_tables([late, early])
    found = reasons(decide(engine, details([]), ties, numbers))
    # of one moment the smaller records come first
    assert found == {(5, 3, "email"): "other_verified_identifier"}
    first = MOMENT + timedelta(days=1)
    moved = late.set_column(2, "linked_at", pa.array([first, MOMENT + timedelta(days=9)]))
    found = reasons(
        decide(engine, details([]), pa.concat_tables([moved.cast(EDGES), early]), numbers)
    )
    assert found == {(5, 2, "email"): "other_verified_identifier"}


def test_a_customer_has_no_more_records_with_details_than_the_cap(
    engine: DuckDBEngine, everybody: list[Person]
) -> None:
    rows = [*everybody, *[everybody[0]] * 4]
    found = decide(engine, details(rows), person_records_cap=3)
    assert {reason for reason in reasons(found).values() if reason} == {"too_many_records"}
    held = [pair[:2] for pair, reason in reasons(found).items() if not reason]
    groups: list[set[int]] = []
    for pair in held:
        near = [group for group in groups if group & set(pair)]
        groups = [group for group in groups if group not in near]
        groups.append(set(pair).union(*near))
    assert max(len(group) for group in groups) == 3


def test_where_there_are_too_many_to_compare_the_average_alone_refuses(
    engine: DuckDBEngine, everybody: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Strangers who agree on no key are not compared: that speaks against them a little."""
    ties = edges((2, 1, "email"), (3, 2, "phone"), (4, 3, "phone"))
    asked: dict[str, Any] = {"keys": [["email"]], "contradiction_bits": -100}
    assert reasons(decide(engine, details(everybody), ties, **asked)) == {}
    monkeypatch.setattr(doubts, "COMPARED_PEOPLE", 3)
    monkeypatch.setattr(detail_matches, "COMPARED_PEOPLE", 3)
    found = reasons(decide(engine, details(everybody), ties, person_records_cap=2, **asked))
    assert found == dict.fromkeys(
        [(2, 1, "email"), (3, 2, "phone"), (4, 3, "phone")], "contradicting_details"
    )


def test_neither_the_order_of_the_rows_nor_threads_change_a_byte(
    everybody: list[Person],
) -> None:
    rows = [*everybody, *(again(one, phone=None, city="ulm") for one in everybody[:15])]
    rows[44] |= {"first_name": rows[3]["first_name"], "last_name": rows[3]["last_name"]}
    people = details(rows)
    ties = edges(
        *((n, n - 1, "email") for n in range(2, 12)),
        further=((30, 20, "account_id"), (31, 20, "account_id")),
    )
    numbers = verified(r1="a", r5="b", r41="c")
    found = []
    for seed, threads in ((None, 2), (1, 1), (2, 3)):
        with duckdb.connect() as session:
            session.execute(f"set threads = {threads}").fetchall()
            tables = [people, ties, numbers]
            if seed is not None:
                tables = [shuffled(table, seed) for table in tables]
            found.append(decide(DuckDBEngine(session), *tables))
    assert len(found[0]) > 10
    assert found[0].equals(found[1])
    assert found[0].equals(found[2])


def test_later_records_change_nothing_that_was_decided_of_identifiers(
    engine: DuckDBEngine,
) -> None:
    ties = edges((2, 1, "email"), (3, 2, "email"), (4, 3, "email"), (5, 4, "email"))
    numbers = verified(r1="a", r3="b", r5="a")
    every = decide(engine, details([]), ties, numbers).to_pylist()
    until = datetime(2024, 1, 1) + timedelta(days=3)
    first = decide(engine, details([]), ties.slice(0, 2), numbers).to_pylist()
    assert first == [row for row in every if row["linked_at"] <= until]
    assert len(first) == 1


def test_weights_of_an_earlier_build_are_named(
    engine: DuckDBEngine, everybody: list[Person]
) -> None:
    """A column was empty when they were learnt."""
    old = weights(matching()).filter(pc.field("comparison") != "email")
    with pytest.raises(UserError, match="identity_match_weights is older"):
        decide(engine, details(everybody), learnt=old)


def test_a_column_that_details_lack_is_named(engine: DuckDBEngine, everybody: list[Person]) -> None:
    with pytest.raises(UserError, match="names shoe_size, which identity_details doesn't have"):
        decide(engine, details(everybody), keys=[["shoe_size"]])
