"""The same windowed counts and amounts, by other tools: a script for an environment of its own.

Usage:  python peers.py TOOL EVENTS.parquet RESULT.parquet AS_OF_DATE WINDOW…

Reads events, writes one row per customer, prints the seconds it took from the file to the file,
those that all cores worked, and the most memory that this process had, in KiB (bytes on a Mac).
What each measure counts stands in MEASURES; amounts are floats here, as is usual in these tools.
"""

import importlib
import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta

# name: the event type, and the column that is added up (none: events are counted)
MEASURES: dict[str, tuple[str, str | None]] = {
    "purchase_lines_count": ("purchase", None),
    "units_count": ("purchase", "quantity"),
    "revenue_amount": ("purchase", "amount"),
    "discount_amount": ("purchase", "discount_amount"),
    "returns_count": ("return", None),
    "returns_amount": ("return", "amount"),
    "page_views_count": ("page_view", None),
    "searches_count": ("search", None),
    "cart_adds_count": ("cart_add", None),
}
Tool = Callable[[str, str, date, list[int]], None]


def duckdb_query(events: str, result: str, as_of: date, windows: list[int]) -> None:
    """One query over the events: a conditional sum per column."""
    import duckdb

    columns = ", ".join(
        f"sum(case when event_type = '{kind}' and age < {days} then {column or 1} end)"
        f" as {name}_{days}d"
        for name, (kind, column) in MEASURES.items()
        for days in windows
    )
    with duckdb.connect() as con:
        con.execute("set enable_progress_bar = false")
        con.execute(
            f"copy (select customer_id, {columns} from"
            f" (select *, date '{as_of}' - event_date as age from read_parquet('{events}')"
            f"  where known_date <= date '{as_of}'"
            f"  and event_date > date '{as_of}' - {max(windows)})"
            f" group by customer_id) to '{result}' (format parquet)"
        ).fetchall()


def polars_streaming(events: str, result: str, as_of: date, windows: list[int]) -> None:
    """Lazy, on the streaming engine."""
    import polars as pl

    age = pl.lit(as_of) - pl.col("event_date")
    columns = [
        pl.when((pl.col("event_type") == kind) & (pl.col("age") < days))
        .then(pl.col(column) if column else 1)
        .sum()
        .alias(f"{name}_{days}d")
        for name, (kind, column) in MEASURES.items()
        for days in windows
    ]
    (
        pl.scan_parquet(events)
        .filter(pl.col("known_date") <= as_of)
        .filter(pl.col("event_date") > as_of - timedelta(days=max(windows)))
        .with_columns(age=age.dt.total_days().cast(pl.Int32))
        .group_by("customer_id")
        .agg(columns)
        .collect(engine="streaming")
        .write_parquet(result)
    )


def pandas_groupby(events: str, result: str, as_of: date, windows: list[int]) -> None:
    """A pivoted sum per window: the fastest of what pandas offers."""
    import pandas as pd

    frame = pd.read_parquet(events)
    day = pd.Timestamp(as_of)
    frame["age"] = (day - pd.to_datetime(frame["event_date"])).dt.days
    frame = frame[(pd.to_datetime(frame["known_date"]) <= day) & (frame["age"] < max(windows))]
    found = {}
    for days in windows:
        recent = frame[frame["age"] < days]
        for kind in dict.fromkeys(kind for kind, _ in MEASURES.values()):
            grouped = recent[recent["event_type"] == kind].groupby("customer_id", sort=False)
            for name, (wanted, column) in MEASURES.items():
                if wanted == kind:
                    values = grouped[column].sum() if column else grouped.size()
                    found[f"{name}_{days}d"] = values
    pd.DataFrame(found).rename_axis("customer_id").reset_index().to_parquet(result)


def featuretools_dfs(events: str, result: str, as_of: date, windows: list[int]) -> None:
    """Deep feature synthesis with a training window, once per window."""
    import featuretools as ft
    import pandas as pd

    frame = pd.read_parquet(events).reset_index(names="event")
    for day in ("event_date", "known_date"):
        frame[day] = pd.to_datetime(frame[day])
    frame = frame[frame["known_date"] <= pd.Timestamp(as_of)]
    types = {"event_type": "Categorical", "customer_id": "Categorical"}
    data = ft.EntitySet("log")
    data.add_dataframe(
        dataframe_name="events",
        dataframe=frame,
        index="event",
        time_index="event_date",
        logical_types=types,
    )
    data.normalize_dataframe("events", "customers", "customer_id", make_time_index=False)
    kinds = list(dict.fromkeys(kind for kind, _ in MEASURES.values()))
    data.add_interesting_values(dataframe_name="events", values={"event_type": kinds})
    found = {}
    for days in windows:
        matrix, _ = ft.dfs(
            entityset=data,
            target_dataframe_name="customers",
            agg_primitives=["count", "sum"],
            where_primitives=["count", "sum"],
            trans_primitives=[],
            cutoff_time=pd.Timestamp(as_of),
            training_window=f"{days} days",
            max_depth=1,
        )
        for name, (kind, column) in MEASURES.items():
            what = f"SUM(events.{column}" if column else "COUNT(events"
            found[f"{name}_{days}d"] = matrix[f"{what} WHERE event_type = {kind})"]
    pd.DataFrame(found).rename_axis("customer_id").reset_index().to_parquet(result)


TOOLS: dict[str, Tool] = {
    "duckdb": duckdb_query,
    "polars": polars_streaming,
    "pandas": pandas_groupby,
    "featuretools": featuretools_dfs,
}


def main() -> None:
    """One tool, timed."""
    tool, events, result, as_of, *windows = sys.argv[1:]
    importlib.import_module(tool)  # a tool's own start isn't what is asked
    used = resource.getrusage(resource.RUSAGE_SELF)
    began, until_then = time.monotonic(), used.ru_utime + used.ru_stime
    TOOLS[tool](events, result, date.fromisoformat(as_of), [int(days) for days in windows])
    seconds = time.monotonic() - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    processor = used.ru_utime + used.ru_stime - until_then
    print(json.dumps({"seconds": seconds, "processor": processor, "peak": used.ru_maxrss}))


if __name__ == "__main__":
    main()
