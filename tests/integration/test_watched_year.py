"""A year in which people change: decay is noticed when it can be, and trained away, not every day.

The SQL that watches is the project's own, run every two weeks on a made-up shop; what scores is as
simple as a model can be: how many customers of a kind bought in the month before.
"""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from regulars.engines import engine_of
from regulars.monitoring.performance import judge_outcomes
from regulars.training.metrics import measure
from tests.structure.project import ROOT, nodes_of, run_dbt

# from yesterday's alarms to today's, in the order in which they read one another
CHAIN = [
    *("timeline_alarms", "timeline_due_trainings"),
    *("label_days_to_judge", "label_scores_to_judge", "label_days"),
    *("label_windows", "label_next_purchase", "label_purchase", "score_segments"),
    *("score_outcomes", "model_performance", "score_decay", "score_drift_bins", "score_drift"),
    "model_alarms",
]
# what the macro previous() reads, by model and CTE
LOOKS_BACK = {
    ("timeline_alarms", "alarms"): "model_alarms",
    ("timeline_due_trainings", "registry"): "model_registry",
    ("label_days_to_judge", "history"): "customer_score_history",
    ("label_days_to_judge", "judged"): "all_performance",
    ("label_scores_to_judge", "history"): "customer_score_history",
}
NOTHING = r"as \(\s*select\s+(cast\(null as \w+\) as \w+,?\s*)+where 1 = 0\s*\)"

CUSTOMERS, KINDS, HORIZON, STEP = 2000, 10, 30, 14
FIRST, YEAR = date(2025, 1, 1), 365
# half a year in, those who bought most buy least
TURNING = FIRST + timedelta(days=180)
TABLES = {
    "timeline_as_of_date": "as_of_date date",
    "timeline_snapshots": "as_of_date date",
    "timeline_customer_snapshots": "customer_id varchar, as_of_date date, is_current boolean",
    "timeline_orders": "customer_id varchar, event_date date, known_date date,"
    " revenue_amount decimal(18, 4)",
    "identity_redirects": "retired_customer_id varchar, customer_id varchar, retired_at timestamp",
    "customer_score_history": "customer_id varchar, prediction varchar, score_date date,"
    " model_id varchar, horizon_days integer, score double, score_lower double,"
    " score_upper double, rules_score double, replaced_by_run_id varchar",
    "model_registry": "model_id varchar, prediction varchar, status varchar, as_of_date date,"
    " trained_at timestamp, settings varchar, metrics varchar",
    "champions": "prediction varchar, model_id varchar",
    "feature_drift": "prediction varchar, feature_name varchar, is_used boolean,"
    " population_stability_index double, as_of_date date, model_id varchar, baseline_date date",
    "model_alarms": "prediction varchar, alarm varchar, as_of_date date, baseline_date date",
    "all_performance": "prediction varchar, score_date date, scored_by varchar",
    "label_of_others": "customer_id varchar, as_of_date date, label integer",
}


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The SQL of each model of the chain, with relations named by the model alone."""
    folder: Path = tmp_path_factory.mktemp("year")
    manifest = run_dbt(
        ["compile", "--no-introspect", "--no-populate-cache", "--select", *CHAIN],
        target="demo",
        folder=folder,
        # decay alone is to ask for trainings
        settings={"retrain_every_days": 10 * YEAR},
    )
    models = nodes_of(manifest, "model")
    names = {node["relation_name"]: node["name"] for node in models if node["relation_name"]}
    names |= {node["relation_name"]: node["name"] for node in nodes_of(manifest, "seed")}
    compiled = {}
    for name in CHAIN:
        (sql,) = (node["compiled_code"] for node in models if node["name"] == name)
        for relation, found in names.items():
            is_other = re.fullmatch(r"label_(churn|value_\w+|engagement_\w+)", found)
            sql = sql.replace(relation, "label_of_others" if is_other else found)
        for (model, cte), table in LOOKS_BACK.items():
            if model == name:
                sql, times = re.subn(rf"\b{cte} {NOTHING}", f"{cte} as (from {table})", sql)
                assert times == 1, (model, cte)
        compiled[name] = sql
    return compiled


class Shop:
    """Customers of ten kinds, and the days on which each buys."""

    def __init__(self) -> None:
        draw = np.random.default_rng(5)
        self.kinds = np.arange(CUSTOMERS) % KINDS
        self.first = FIRST - timedelta(days=3 * HORIZON)
        days = [self.first + timedelta(days=n) for n in range(YEAR + 3 * HORIZON)]
        turned = np.array([day > TURNING for day in days])
        kinds = np.where(turned, KINDS - 1 - self.kinds[:, None], self.kinds[:, None])
        self.buys = draw.random((CUSTOMERS, len(days))) < 0.002 + 0.004 * kinds

    def orders(self) -> pa.Table:
        """Every order of the year and the months before it."""
        customers, days = np.nonzero(self.buys)
        dates = np.datetime64(self.first) + days
        return pa.table({"customer_id": [f"c{n}" for n in customers], "day": dates})

    def bought_after(self, day: date) -> np.ndarray:
        """Whether each customer bought within the horizon after a day."""
        since = (day - self.first).days + 1
        return self.buys[:, since : since + HORIZON].any(axis=1).astype(float)

    def learn(self, day: date) -> np.ndarray:
        """The probability of each kind, by the last month that is known on a day."""
        labels = self.bought_after(day - timedelta(days=HORIZON))
        ones, all_ = np.bincount(self.kinds, labels), np.bincount(self.kinds)
        return (ones + 1) / (all_ + 2)


class Year:
    """The warehouse from one run to the next."""

    def __init__(self, compiled: dict[str, str]) -> None:
        self.compiled, self.shop = compiled, Shop()
        self.models: dict[str, np.ndarray] = {}
        self.con = duckdb.connect()
        for name, columns in TABLES.items():
            self.run(f"create table {name} ({columns})")
        for seed in ("rfm_segments", "event_types"):
            self.run(f"create table {seed} as from '{ROOT / 'seeds' / seed}.csv'")
        self.con.register("orders", self.shop.orders())
        self.run("insert into timeline_orders select customer_id, day, day, 10 from orders")

    def run(self, sql: str, *values: object) -> list[tuple]:
        return self.con.execute(sql, list(values)).fetchall()

    def build(self, name: str) -> None:
        """A model, made anew."""
        self.run(f"create or replace table {name} as {self.compiled[name]}")

    def day(self, today: date) -> str | None:
        """One run; returns why purchase was trained in it, None if it wasn't."""
        self.run("delete from timeline_as_of_date")
        self.run("insert into timeline_as_of_date values ($1)", today)
        self.build("timeline_alarms")
        self.build("timeline_due_trainings")
        ((reason, settings),) = self.run(
            "select due_reason, settings from timeline_due_trainings where prediction = 'purchase'"
        )
        if reason:
            self.train(today, settings)
        self.score(today)
        for name in CHAIN[2:]:
            if name == "model_performance":
                outcomes = self.con.table("score_outcomes")
                judged = judge_outcomes(engine_of(self.con), outcomes, {"purchase": {}})
                self.con.register("score_performance", judged)
                # state: what the run adds to it
                self.run(f"create or replace table added as {self.compiled[name]}")
                self.run("create table if not exists model_performance as from added limit 0")
                self.run("insert into model_performance from added")
                self.run("create or replace table all_performance as from model_performance")
            else:
                self.build(name)
        return reason

    def train(self, today: date, settings: str) -> None:
        """A new champion, with its figures on a month that it had not learnt from."""
        held_out = today - timedelta(days=HORIZON)
        promised = measure(
            self.shop.bought_after(held_out), self.shop.learn(held_out)[self.shop.kinds]
        )
        model_id = f"of {today}"
        self.models[model_id] = self.shop.learn(today)
        self.run("delete from champions")
        self.run("insert into champions values ('purchase', $1)", model_id)
        self.run(
            "insert into model_registry values ($1, 'purchase', 'promoted', $2, $2, $3, $4)",
            *(model_id, today, settings, json.dumps(promised)),
        )

    def score(self, today: date) -> None:
        """What the champion says of everybody."""
        ((model_id,),) = self.run("select model_id from champions")
        scores = self.models[model_id][self.shop.kinds]
        self.con.register("scores", pa.table({"customer": np.arange(CUSTOMERS), "score": scores}))
        self.run(
            "insert into customer_score_history select 'c' || customer, 'purchase', $1, $2,"
            f" {HORIZON}, score, null, null, null, null from scores",
            *(today, model_id),
        )


def test_a_year_in_which_people_change(compiled: dict[str, str]) -> None:
    year = Year(compiled)
    trained, shortfalls, alarmed = {}, {}, set()
    for step in range(YEAR // STEP):
        today = FIRST + timedelta(days=step * STEP)
        if reason := year.day(today):
            trained[today] = reason
        for (shortfall,) in year.run("select auc_shortfall from score_decay"):
            shortfalls[today] = shortfall
        if year.run("select 1 from model_alarms"):
            alarmed.add(today)

    decay = "its scores were worse than promised"
    noticed = [day for day, shortfall in shortfalls.items() if shortfall > 0.02]
    # nothing to complain of for half a year, though a run looked every two weeks
    assert trained.pop(FIRST) == "never trained"
    assert len([day for day in shortfalls if day <= TURNING]) >= 10
    # noticed as soon as most of a month is of the new kind, and trained in the next run
    assert TURNING < min(noticed) <= TURNING + timedelta(days=HORIZON + STEP)
    assert set(trained.values()) == {decay}
    assert min(trained) == min(noticed) + timedelta(days=STEP)
    # days that were scored before go on looking bad: they ask for nothing more
    assert alarmed == set(noticed)
    assert len(noticed) > len(trained)
    # a training that saw only half of the change may want a second one
    assert len(trained) <= 2
    # and then it is over
    newest = [shortfalls[day] for day in sorted(shortfalls)[-3:]]
    assert max(newest) < 0.02
    judged = dict(
        year.run(
            "select score_date, auc from model_performance"
            " where segment_kind = 'all' order by score_date"
        )
    )
    days = sorted(judged)
    assert len(days) == len(judged) == YEAR // STEP - 3
    before, after = judged[days[3]], judged[days[-1]]
    assert before > 0.7 and after > 0.7
    assert min(judged.values()) < 0.4
