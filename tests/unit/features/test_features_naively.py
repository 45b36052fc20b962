"""Features beside a plain count in Python, on random timelines: bands, gaps and weeks are exact."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import sqrt
from typing import Any

import duckdb
import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.structure.project import ROOT
from tests.unit.features.conftest import TABLES

TODAY = date(2024, 3, 31)
DAYS = [TODAY, date(2024, 3, 1), date(2022, 12, 31)]
WEEKS = 104
EDGES = [0, 6, 7, 13, 14, 29, 30, 59, 60, 89, 90, 179, 180, 364, 365, 727, 728]
WINDOWS = yaml.safe_load((ROOT / "dbt_project.yml").read_text("utf-8"))["vars"]["feature_windows"]

Row = dict[str, Any]


@dataclass(frozen=True)
class Purchase:
    """An order of one line, and for how many days nobody knew whose it was."""

    customer: str
    age_days: int  # on TODAY; negative: in the future
    unknown_days: int
    item: str
    units: int
    cents: int
    discount_cents: int

    @property
    def day(self) -> date:
        return TODAY - timedelta(days=self.age_days)

    @property
    def known(self) -> date:
        return self.day + timedelta(days=self.unknown_days)


purchases = st.lists(
    st.builds(
        Purchase,
        customer=st.sampled_from("ab"),
        age_days=st.one_of(
            st.sampled_from(EDGES), st.integers(-20, 60), st.integers(0, 900), st.integers(0, 30)
        ),
        unknown_days=st.sampled_from([0, 0, 0, 1, 30, 400]),
        item=st.sampled_from("xyz"),
        units=st.integers(1, 9),
        cents=st.integers(0, 99_999),
        discount_cents=st.integers(0, 999),
    ),
    max_size=40,
)


# a long silence after two days, and a long gap after sixty: ratios are clipped
STRANGE = [Purchase("a", age, 0, "x", 1, 100, 0) for age in (701, 700)]
STRANGE += [Purchase("b", age, 0, "x", 1, 100, 0) for age in (*range(641, 701), 0)]


def ages_of(known: list[Purchase], as_of: date) -> list[int]:
    """Days back from a day."""
    return [(as_of - purchase.day).days for purchase in known]


def purchases_of(known: list[Purchase], as_of: date) -> Row | None:
    """What feature_purchases should say."""
    if min(ages_of(known, as_of)) >= max(WINDOWS):
        return None
    row: Row = {}
    for window in WINDOWS:
        inside = [p for p in known if (as_of - p.day).days < window]
        row |= {
            f"purchases_count_{window}d": len(inside),
            f"purchase_days_count_{window}d": len({p.day for p in inside}),
            f"purchase_lines_count_{window}d": len(inside),
            f"units_count_{window}d": sum(p.units for p in inside),
            f"revenue_amount_{window}d": sum(p.cents for p in inside) / 100,
            f"discount_amount_{window}d": sum(p.discount_cents for p in inside) / 100,
        }
    for name, column in [("purchases", "purchases_count"), ("revenue", "revenue_amount")]:
        for window in [30, 90]:
            newer, both = row[f"{column}_{window}d"], row[f"{column}_{2 * window}d"]
            row[f"{name}_trend_{window}d"] = newer - (both - newer)
    return row


def products_of(known: list[Purchase], as_of: date) -> Row | None:
    """What feature_products should say."""
    inside = [p for p in known if (as_of - p.day).days < max(WINDOWS)]
    if not inside:
        return None
    items = {p.item for p in inside}
    again = [item for item in items if len({p.day for p in inside if p.item == item}) > 1]
    counts = {
        f"items_count_{window}d": len({p.item for p in inside if (as_of - p.day).days < window})
        for window in WINDOWS
    }
    return counts | {
        "items_bought_again_count": len(again),
        "items_bought_again_share": len(again) / len(items),
    }


def rhythm_of(known: list[Purchase], as_of: date) -> Row | None:
    """What feature_rhythm should say."""
    days = sorted({p.day for p in known})
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    if not gaps:
        return None
    mean = sum(gaps) / len(gaps)
    deviation = sqrt(Fraction(sum(g * g for g in gaps), len(gaps)) - Fraction(mean) ** 2)
    return {
        "mean_gap_days": mean,
        "gap_days_deviation": deviation,
        "gap_variation": deviation / mean,
        "longest_gap_days": max(gaps),
        "last_gap_days": gaps[-1],
        "last_gap_over_mean_gap": min(gaps[-1] / mean, 50),
        "last_purchase_over_mean_gap": min((as_of - days[-1]).days / mean, 50),
    }


def weeks_of(known: list[Purchase], as_of: date) -> list[list[Purchase]]:
    """The purchases of each of the 104 weeks, the newest week first."""
    weeks: list[list[Purchase]] = [[] for _ in range(WEEKS)]
    for purchase in known:
        if (age := (as_of - purchase.day).days) < 7 * WEEKS:
            weeks[age // 7].append(purchase)
    return weeks


def sequence_of(known: list[Purchase], as_of: date) -> Row | None:
    """What feature_sequence should say."""
    series = [len({p.day for p in week}) for week in weeks_of(known, as_of)]
    days = sum(series)
    if not days:
        return None
    active = [week for week, count in enumerate(series) if count]
    silences = [week - after - 1 for after, week in zip([-1, *active], active, strict=False)]
    leads = [WEEKS * sum(series[:week]) - week * days for week in range(WEEKS + 1)]
    turn = max(range(WEEKS + 1), key=lambda week: (abs(leads[week]), -week))
    mean = Fraction(days, WEEKS)
    spread = sum((count - mean) ** 2 for count in series)

    def autocorrelation(lag: int) -> float | None:
        pairs = zip(series, series[lag:], strict=False)
        return float(sum((a - mean) * (b - mean) for a, b in pairs) / spread) if spread else None

    return {
        "active_weeks_count_104w": len(active),
        "longest_silence_weeks_104w": max(silences),
        "change_weeks_ago_104w": turn,
        "change_strength_104w": leads[turn] / (WEEKS * days),
        "autocorrelation_4w": autocorrelation(4),
        "autocorrelation_52w": autocorrelation(52),
        "mean_weeks_ago_104w": sum(week * count for week, count in enumerate(series)) / days,
    }


def sequences_of(known: list[Purchase], as_of: date) -> Row | None:
    """What feature_sequences should say, for the current day only: a look goes with a purchase."""
    weeks = weeks_of(known, as_of)
    if as_of != TODAY or not any(weeks):
        return None
    return {
        "weekly_purchases_counts": [len(week) for week in weeks],
        "weekly_revenue_amounts": [sum(p.cents for p in week) / 100 for week in weeks],
        "weekly_engagements_counts": [2 * len(week) for week in weeks],
    }


def load(warehouse: duckdb.DuckDBPyConnection, timeline: list[Purchase]) -> None:
    """The timeline as the models of the timeline would lay it out."""
    for table in TABLES:
        warehouse.execute(f"delete from {table}")
    for day in DAYS:
        values = [day, day == TODAY, date(2020, 1, 1)]
        warehouse.execute("insert into timeline_snapshots values (?, ?, ?)", values)
    warehouse.execute(
        "insert into event_types values ('purchase', true), ('page_view', true), ('return', false)"
    )
    if not timeline:
        return
    warehouse.executemany(
        "insert into timeline_orders values (?, 'shop', ?, ?, ?, 1, ?, ? / 100.0, ? / 100.0)",
        [
            [p.customer, str(number), p.day, p.known, p.units, p.cents, p.discount_cents]
            for number, p in enumerate(timeline)
        ],
    )
    warehouse.executemany(
        "insert into timeline_days values (?, ?, ?, ?, 1, ?, ? / 100.0, ? / 100.0, 1)",
        [
            [p.customer, kind, p.day, p.known, p.units, p.cents, p.discount_cents]
            for p in timeline
            for kind in ("purchase", "page_view", "return")
        ],
    )
    items = Counter((p.customer, p.item, p.day, p.known) for p in timeline)
    warehouse.executemany(
        "insert into timeline_items values (?, 'shop', ?, ?, ?)", [list(item) for item in items]
    )


@pytest.mark.parametrize(
    ("model", "naive"),
    [
        ("feature_purchases", purchases_of),
        ("feature_products", products_of),
        ("feature_rhythm", rhythm_of),
        ("feature_sequence", sequence_of),
        ("feature_sequences", sequences_of),
    ],
)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(timeline=purchases)
@example(timeline=STRANGE)
def test_the_sql_counts_as_a_person_would(
    warehouse: duckdb.DuckDBPyConnection,
    model: str,
    naive: Callable[[list[Purchase], date], Row | None],
    timeline: list[Purchase],
) -> None:
    load(warehouse, timeline)
    expected = {}
    for as_of in DAYS:
        for customer in {p.customer for p in timeline}:
            known = [p for p in timeline if p.customer == customer and p.known <= as_of]
            row = naive(known, as_of) if known else None
            if row is not None:
                expected[customer, as_of] = row
    result = warehouse.execute(f"select * from {model}")
    names = [name for name, *_ in result.description or []]
    found = {}
    for values in result.fetchall():
        row = dict(zip(names, values, strict=True))
        key = row.pop("customer_id"), row.pop("as_of_date")
        found[key] = {name: as_number(value) for name, value in row.items()}
    assert found.keys() == expected.keys()
    for key, row in expected.items():
        assert found[key].keys() == row.keys()
        for name, value in row.items():
            assert found[key][name] == pytest.approx(value, rel=1e-9, abs=1e-9), (key, name)


def as_number(value: Any) -> Any:
    """Decimals as floats, in lists too, so that they can be compared."""
    if isinstance(value, list):
        return [as_number(part) for part in value]
    return None if value is None else float(value)
