"""Test dates of Online Retail II: rows to learn from and to judge, as features and as weeks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.retail import Day, Retail
from regulars.training.matrix import Matrix
from regulars.training.objectives.probability import Probability
from regulars.training.tuning import judgeable_days

HORIZON_DAYS = 90


@dataclass(frozen=True)
class Sample:
    """The same customers twice.

    Attributes:
        matrix: their features, and what came.
        weeks: float32, rows × 104 × 3: orders, value and engagements by week, the newest first.
    """

    matrix: Matrix
    weeks: np.ndarray

    def where(self, chosen: np.ndarray) -> "Sample":
        """The rows that a mask chooses."""
        return Sample(self.matrix.where(chosen), self.weeks[chosen])

    def recent(self, lookback: int) -> np.ndarray:
        """A mask: who bought within so many days."""
        away = self.matrix.features.index("days_since_last_purchase")
        return np.asarray(self.matrix.values[:, away] < lookback)


@dataclass(frozen=True)
class Case:
    """A test date: what may be learnt from, and whom to score."""

    test_date: date
    customers: np.ndarray
    past: Sample
    today: Sample

    @property
    def labels(self) -> np.ndarray:
        """1 for customers without an order in the horizon."""
        return self.today.matrix.labels.astype(int)

    @property
    def known(self) -> date:
        """The last day that is known."""
        known: date = self.today.matrix.dates[0].item()
        return known

    @property
    def day(self) -> Day:
        """As `benchmarks.churn` takes it."""
        values = self.today.matrix.values
        return Day(self.test_date, self.customers, self.past.matrix, values, self.labels)

    def within(self, lookback: int) -> "Case":
        """The same day for a narrower population: who bought within `lookback` days."""
        kept = self.today.recent(lookback)
        past = self.past.where(self.past.recent(lookback))
        return Case(self.test_date, self.customers[kept], past, self.today.where(kept))


def read_cases(files: list[str], dates: list[date], home: Path) -> list[Case]:
    """Builds the project at each date, or reads what an earlier run kept in `home`."""
    missing = [day for day in dates if not _file(home, day).exists()]
    if missing:
        retail = Retail(home, files)
        for test_date in missing:
            day, (past, today) = retail.day(test_date, HORIZON_DAYS), retail.weeks(test_date)
            np.savez(
                _file(home, test_date),
                customers=day.customers.astype(str),
                features=np.array(day.past.features),
                past=day.past.values,
                past_labels=day.past.labels,
                past_dates=day.past.dates,
                past_seq=past,
                values=day.values,
                labels=day.labels,
                seq=today,
            )
    return [_read(home, day) for day in dates]


def earlier_days(case: Case, count: int) -> Iterator[tuple[Sample, Sample]]:
    """The newest days of a case's past, each with what could be learnt from by then."""
    matrix = case.past.matrix
    for older, newer in judgeable_days(matrix, HORIZON_DAYS, Probability(), count):
        learn, judged = matrix.dates <= older.dates.max(), matrix.dates == newer.dates[0]
        yield case.past.where(learn), case.past.where(judged)


def _file(home: Path, test_date: date) -> Path:
    return home / f"{test_date}.npz"


def _read(home: Path, test_date: date) -> Case:
    with np.load(_file(home, test_date)) as kept:
        features = tuple(str(name) for name in kept["features"])
        past = Matrix(features, kept["past"], kept["past_labels"], kept["past_dates"])
        known = np.full(len(kept["labels"]), np.datetime64(test_date) - 1)
        today = Matrix(features, kept["values"], kept["labels"].astype(np.float32), known)
        return Case(
            test_date,
            kept["customers"],
            Sample(past, kept["past_seq"]),
            Sample(today, kept["seq"]),
        )
