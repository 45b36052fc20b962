"""Online Retail II as it stood on a day: built by the project's own models, judged by what came."""

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from regulars.engines.duckdb import DuckDBEngine
from regulars.project import project_folder
from regulars.training.matrix import Matrix, read_training_matrix, selected, to_values

SEQUENCES = ("weekly_purchases_counts", "weekly_revenue_amounts", "weekly_engagements_counts")
WEEKS = 104


@dataclass(frozen=True)
class Day:
    """What was known of the churn population on a test date, and what came.

    Attributes:
        test_date: the first day that is not known.
        customers: the ids of the customers to judge.
        past: rows with a closed label window, to learn from.
        values: float32, customers × features, on the last known day.
        labels: 1 for customers without an order in the 90 days from test_date.
    """

    test_date: date
    customers: np.ndarray
    past: Matrix
    values: np.ndarray
    labels: np.ndarray

    def feature(self, name: str) -> np.ndarray:
        """One feature of the customers to judge."""
        return self.values[:, self.past.features.index(name)]


class Retail:
    """A home folder with Online Retail II loaded, to build at one day after another.

    Args:
        home: a folder to work in.
        files: UCI's files.
    """

    def __init__(self, home: Path, files: list[str]) -> None:
        self.home = home
        self._run("regulars", "load", "online-retail", *files)
        self._dbt("--select", "+timeline_orders")
        with duckdb.connect(str(self._file), read_only=True) as con:
            self.orders = con.execute(
                "select customer_id, event_date from timeline.timeline_orders"
            ).fetchnumpy()

    def day(self, test_date: date, horizon_days: int = 90) -> Day:
        """Builds the project as of the day before `test_date`; later rows are not read."""
        known = test_date - timedelta(days=1)
        self._dbt("--select", "+training_churn", "--vars", f"{{as_of_date: '{known}'}}")
        with duckdb.connect(str(self._file), read_only=True) as con:
            engine = DuckDBEngine(con)
            view = con.sql("select * from training.training_churn")
            past = read_training_matrix(engine, view)
            current = engine.read(
                view,
                ["customer_id", *selected(past.features, past.categories)],
                where="is_current",
                order_by=["customer_id"],
            )
        newest_window_end = past.dates.max() + np.timedelta64(horizon_days, "D")
        assert newest_window_end <= np.datetime64(known), "a label window reaches the test date"
        return Day(
            test_date=test_date,
            customers=np.array(current["customer_id"].to_pylist()),
            past=past,
            values=to_values(current, past.features, past.categories),
            labels=self._stayed_away(current["customer_id"].to_pylist(), known, horizon_days),
        )

    def weeks(self, test_date: date) -> tuple[np.ndarray, np.ndarray]:
        """The weekly steps of the rows that `day` returned just before, in the same order.

        Returns:
            Of the past and of the customers to judge: float32, rows × 104 × 3 (orders, value and
            engagements by week, the newest first); 0 where nothing was done in that time.
        """
        known = test_date - timedelta(days=1)
        settings = f"{{as_of_date: '{known}', sequences_at_past_snapshots: true}}"
        self._dbt("--select", "feature_weeks", "feature_sequences", "--vars", settings)
        with duckdb.connect(str(self._file), read_only=True) as con:
            past, current = (
                con.sql(
                    f"select {', '.join(SEQUENCES)} from training.training_churn"
                    " left join features.feature_sequences using (customer_id, as_of_date)"
                    f" where {rows} order by as_of_date, customer_id"
                ).to_arrow_table()
                for rows in ("label is not null", "is_current")
            )
        return steps(past), steps(current)

    def _stayed_away(self, customers: list[str], known: date, horizon_days: int) -> np.ndarray:
        dates = self.orders["event_date"].astype("datetime64[D]")
        start, end = np.datetime64(known), np.datetime64(known + timedelta(days=horizon_days))
        bought = set(self.orders["customer_id"][(dates > start) & (dates <= end)])
        return np.array([customer not in bought for customer in customers], dtype=int)

    @property
    def _file(self) -> Path:
        return self.home / "warehouse" / "retail.duckdb"

    def _dbt(self, *arguments: str) -> None:
        folder = str(project_folder())
        where = ["--project-dir", folder, "--profiles-dir", folder, "--target", "retail"]
        no_tests = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
        self._run("dbt", "--quiet", "build", *where, *no_tests, *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        """Runs a command of this environment on the home folder; its errors are shown."""
        environment = {
            "REGULARS_HOME": str(self.home),
            "DBT_TARGET_PATH": str(self.home / "target"),
            "DBT_LOG_PATH": str(self.home / "logs"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }
        command = [str(Path(sys.executable).parent / program), *arguments]
        subprocess.run(command, env=os.environ | environment, check=True, stdout=subprocess.DEVNULL)


def steps(table: pa.Table) -> np.ndarray:
    """Columns of lists, one per channel, as float32: rows × weeks × channels; 0 for a null list."""
    found = np.zeros((table.num_rows, WEEKS, table.num_columns), np.float32)
    for channel, column in enumerate(table.columns):
        for row, values in enumerate(column.to_pylist()):
            if values is not None:
                found[row, :, channel] = values
    return found
