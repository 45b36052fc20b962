"""What scoring and training cost: beside a scan of the columns, a pandas DMatrix, and LightGBM.

Usage:  python -m benchmarks.scoring [--rows 1000000 --rows 10000000] [--rounds 3] [--home FOLDER]
        make bench-scoring

A table of made-up customers with 60 features, and the functions that the models run. Each side runs
in a process of its own, in turns; a round's ratio compares neighbours in time, because the machine
may have other work. Seconds are those that all cores worked. Prints Markdown.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import click
import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.churn import project_parameters
from regulars.engines.duckdb import DuckDBEngine
from regulars.scoring.score import score_current
from regulars.training import booster as boosting
from regulars.training.matrix import Matrix, read_training_matrix, selected
from regulars.training.rules import Rules

FEATURES = 60
NAMES = tuple(f"feature_{number}" for number in range(FEATURES))
FLOATS = ", ".join(selected(NAMES))
TRAINING_ROWS = 1_000_000
SNAPSHOTS = 10
MEMORY_LIMIT = "500MB"
# features of counts have few values, amounts have many, some are mostly missing
TABLE = """
create table customers as
select
    printf('%012d', hash(number) % 1000000000000) as customer_id,
    date '2025-01-01' + (number % {snapshots})::int * 30 as as_of_date,
    {is_current} as is_current,
    {label} as label,
    {features}
from range({rows}) as rows (number)
"""
# beyond a million the same rows again, as other customers
DIFFERENT = 1_000_000
COPIES = """
insert into customers
select customer_id || '-' || copy as customer_id, customers.* exclude (customer_id)
from range(1, {copies}) as copies (copy) cross join customers
"""


def features_sql() -> str:
    """One expression per feature, made from hashes: the same table on each machine."""
    found = []
    for place, name in enumerate(NAMES):
        share = f"(hash(number, {place}) % 1000003) / 1000003.0"
        kinds = (
            f"(-10 * ln({share} + 1e-6))::int",
            f"(exp(4 * {share}) * 10)::decimal(18, 4)",
            f"case when {share} < .4 then null else ({share} * 365)::int end",
            f"({share})::double",
        )
        found.append(f"{kinds[place % len(kinds)]} as {name}")
    return ",\n    ".join(found)


def make_table(file: Path, rows: int, snapshots: int, is_current: bool) -> None:
    """A file with one table."""
    label = "null" if is_current else "(hash(number, 99) % 100 < 20 + hash(number, 1) % 60)::int"
    sql = TABLE.format(
        snapshots=snapshots,
        is_current="true" if is_current else "false",
        label=f"{label}::int",
        features=features_sql(),
        rows=min(rows, DIFFERENT),
    )
    unfinished = file.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    with duckdb.connect(str(unfinished)) as con:
        con.execute("set preserve_insertion_order = false").fetchall()
        con.execute(f"set memory_limit = '{MEMORY_LIMIT}'").fetchall()
        con.execute(sql).fetchall()
        con.execute(COPIES.format(copies=rows // DIFFERENT)).fetchall()
    unfinished.rename(file)


def make_apart(file: Path, *how: Any) -> None:
    """Makes the table, unless it is there, in a process of its own.

    A process that is started counts the memory of the one that starts it as its own.
    """
    if file.exists():
        return
    process = get_context("spawn").Process(target=make_table, args=(file, *how))
    process.start()
    process.join()
    if process.exitcode:
        raise click.ClickException(f"{file.name} can't be made.")


def champion(file: Path) -> None:
    """A booster with the project's parameters, learnt from as many rows as a small shop has."""
    random = np.random.default_rng(1)
    values = random.exponential(10, (50_000, FEATURES)).astype(np.float32)
    labels = (random.random(50_000) < 1 / (1 + values[:, :5].mean(axis=1) / 10)).astype(np.float32)
    dates = np.full(len(labels), np.datetime64("2025-01-01"))
    raw = boosting.to_bytes(
        boosting.fit(Matrix(NAMES, values, labels, dates), project_parameters())
    )
    file.write_bytes(raw)


def scan(con: duckdb.DuckDBPyConnection, _: Path) -> int:
    """Reads the same columns, and does the least with them that reads them all."""
    # the highest would come from statistics, without a look at the rows
    least = ", ".join(f"sum({name}::float)" for name in NAMES)
    con.execute(f"select sum(length(customer_id)), {least} from customers").fetchall()
    return 0


def stream(con: duckdb.DuckDBPyConnection, _: Path) -> int:
    """Hands the same columns over to Python, batch by batch, and forgets them."""
    columns = ["customer_id", "as_of_date", *selected(NAMES)]
    batches = DuckDBEngine(con).stream(con.sql("from customers"), columns, "is_current")
    return sum(batch.num_rows for batch in batches)


def score(con: duckdb.DuckDBPyConnection, booster: Path) -> int:
    """The whole of what the model score_churn does, but for writing."""
    raw = booster.read_bytes()
    row = {
        "prediction": ["churn"],
        "model_id": ["model"],
        "horizon_days": [90],
        "features": [json.dumps(NAMES)],
        "part_number": [1],
        "booster": [raw],
        "amount_booster": pa.array([None], pa.binary()),
        "booster_sha256": [boosting.digest([raw])],
        "calibration": [None],
        "rules": [Rules().to_json()],
    }
    champions = con.from_arrow(pa.table(row))
    view = con.sql("select * from customers")
    batches = score_current(DuckDBEngine(con), "churn", champions, champions, view)
    return sum(batch.num_rows for batch in batches)


def train(con: duckdb.DuckDBPyConnection, _: Path) -> int:
    """As the project does it: read in a total order, cut into quantiles, fit."""
    matrix = read_training_matrix(DuckDBEngine(con), con.sql("select * from customers"))
    boosting.fit(matrix, _parameters())
    return len(matrix)


def train_pandas(con: duckdb.DuckDBPyConnection, _: Path) -> int:
    """As tutorials do it: a data frame, a DMatrix, and no order."""
    import xgboost

    frame = con.sql(f"select {', '.join(selected(NAMES))}, label from customers").df()
    data = xgboost.DMatrix(frame[list(NAMES)], label=frame["label"])
    given = {key: value for key, value in _parameters().items() if key != "rounds"}
    settings = {"objective": "binary:logistic", "tree_method": "hist", **given}
    xgboost.train(settings, data, num_boost_round=_parameters()["rounds"])
    return len(frame)


def train_lightgbm(con: duckdb.DuckDBPyConnection, _: Path) -> int:
    """The same data frame in LightGBM, as many trees of as many leaves."""
    import lightgbm

    frame = con.sql(f"select {', '.join(selected(NAMES))}, label from customers").df()
    given = _parameters()
    settings = {
        "objective": "binary",
        "learning_rate": given["learning_rate"],
        "num_leaves": 2 ** int(given["max_depth"]) - 1,
        "max_depth": given["max_depth"],
        "feature_fraction": given["colsample_bytree"],
        "min_data_in_leaf": int(given["min_child_weight"]),
        "num_threads": given["nthread"],
        "verbosity": -1,
    }
    data = lightgbm.Dataset(frame[list(NAMES)], frame["label"])
    lightgbm.train(settings, data, num_boost_round=given["rounds"])
    return len(frame)


def _parameters() -> dict[str, Any]:
    parameters: dict[str, Any] = dict(project_parameters())
    parameters.pop("season_weight", None)
    return {**parameters, "nthread": int(os.environ.get("OMP_NUM_THREADS", "2"))}


SIDES: dict[str, Callable[[duckdb.DuckDBPyConnection, Path], int]] = {
    "scan": scan,
    "stream": stream,
    "score": score,
    "train": train,
    "pandas": train_pandas,
    "lightgbm": train_lightgbm,
}


def measure(side: str, file: Path, booster: Path) -> dict[str, float]:
    """One side in this process: seconds on the clock, of all cores, and gigabytes it added."""
    import sklearn.metrics
    import xgboost

    assert sklearn.metrics and xgboost  # what is loaded anyway isn't what is asked
    if side in ("pandas", "lightgbm"):
        import pandas

        assert pandas
    if side == "lightgbm":
        import lightgbm

        assert lightgbm
    with duckdb.connect(str(file), read_only=True) as con:
        con.execute(f"set memory_limit = '{MEMORY_LIMIT}'").fetchall()
        con.execute(f"set threads = {_parameters()['nthread']}").fetchall()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began, worked = time.perf_counter(), time.process_time()
        SIDES[side](con, booster)
        seconds, worked = time.perf_counter() - began, time.process_time() - worked
    unit = 1024**3 if sys.platform == "darwin" else 1024**2
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "seconds": seconds,
        "processor": worked,
        "peak": peak / unit,
        "added": (peak - before) / unit,
    }


def apart(side: str, file: Path, booster: Path) -> dict[str, float]:
    """One side in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.scoring", "--measure", side]
    done = subprocess.run(
        [*command, str(file), str(booster)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise click.ClickException(f"{side} failed:\n{done.stderr[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def in_turns(
    sides: list[str], rounds: int, file: Path, booster: Path
) -> dict[str, list[dict[str, float]]]:
    """All sides one after the other, and again: neighbours in time share what else is going on."""
    found: dict[str, list[dict[str, float]]] = {side: [] for side in sides}
    for _ in range(rounds):
        for side in sides:
            found[side].append(apart(side, file, booster))
    return found


def ratios(ours: list[dict[str, float]], theirs: list[dict[str, float]], what: str) -> str:
    """The median of the rounds' ratios, and the lowest."""
    found = [one[what] / other[what] for one, other in zip(ours, theirs, strict=True)]
    return f"{np.median(found):.2f} (lowest {min(found):.2f})"


def _row(name: str, runs: list[dict[str, float]], over: str) -> str:
    middle = {what: float(np.median([run[what] for run in runs])) for what in runs[0]}
    return (
        f"| {name} | {middle['seconds']:.1f} | {middle['processor']:.1f} | {middle['peak']:.2f}"
        f" | {middle['added']:.2f} | {over} |"
    )


HEADER = "| | seconds | of all cores | peak, GB | added, GB | {over} |\n|---|---|---|---|---|---|"


@click.command(help=__doc__)
@click.option("--rows", multiple=True, default=[1_000_000, 10_000_000], show_default=True)
@click.option("--training-rows", default=TRAINING_ROWS, show_default=True)
@click.option("--rounds", default=3, show_default=True)
@click.option("--home", type=click.Path(path_type=Path), help="Keep the tables in this folder.")
@click.option("--measure", "one", nargs=3, type=str, hidden=True)
def main(
    rows: tuple[int, ...],
    training_rows: int,
    rounds: int,
    home: Path | None,
    one: tuple[str, str, str] | None,
) -> None:
    """Makes the tables and prints how the sides compare."""
    if one:
        side, table, model = one
        click.echo(json.dumps(measure(side, Path(table), Path(model))))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = home or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        booster = folder / "booster.ubj"
        champion(booster)
        for count in rows:
            print_scoring(count, rounds, folder, booster)
        print_training(training_rows, rounds, folder, booster)
    load, *_ = os.getloadavg()
    click.echo(f"\nLoad of the machine at the end: {load:.1f} on {os.cpu_count()} cores.")


def print_scoring(count: int, rounds: int, folder: Path, booster: Path) -> None:
    """Scoring beside a scan, and beside handing the columns over."""
    file = folder / f"score_{count}.duckdb"
    make_apart(file, count, 1, True)
    found = in_turns(["scan", "stream", "score"], rounds, file, booster)
    click.echo(f"\n**Scoring {count:,} × {FEATURES}**\n")
    click.echo(HEADER.format(over="processor over the scan's"))
    for name, title in (
        ("scan", "scan"),
        ("stream", "… handed to Python"),
        ("score", "score_current, no reasons"),
    ):
        over = "" if name == "scan" else ratios(found[name], found["scan"], "processor")
        click.echo(_row(title, found[name], over))


def print_training(count: int, rounds: int, folder: Path, booster: Path) -> None:
    """Training beside a data frame's way, and LightGBM's."""
    file = folder / f"train_{count}.duckdb"
    make_apart(file, count, SNAPSHOTS, False)
    found = in_turns(["train", "pandas", "lightgbm"], rounds, file, booster)
    click.echo(f"\n**Training {count:,} × {FEATURES}**\n")
    click.echo(HEADER.format(over="processor over pandas'; added memory over pandas'"))
    for name, title in (
        ("train", "read_training_matrix, fit"),
        ("pandas", "pandas, DMatrix"),
        ("lightgbm", "pandas, LightGBM"),
    ):
        over = "; ".join(
            ratios(found[name], found["pandas"], what) for what in ("processor", "added")
        )
        click.echo(_row(title, found[name], "" if name == "pandas" else over))


if __name__ == "__main__":
    main()
