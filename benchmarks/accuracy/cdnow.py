"""CDNOW, 39 weeks to learn and 39 to predict: boosting beside BG/NBD and Gamma-Gamma.

Customers of one quarter, and nothing but their orders. As many weeks are asked about as are known,
so no past day shows what so long a horizon brings: snapshots inside the 39 weeks look as far ahead
as they can, and what BG/NBD expects of that horizon is where the trees begin (an offset). Settings
and losses are chosen on days inside the 39 weeks; the 39 weeks after are only judged on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

import click
import duckdb
import numpy as np
import xgboost
from scipy.special import logit

from benchmarks import churn
from benchmarks.accuracy.buy_till_you_die import BgNbd, Floats, GammaGamma, Histories
from regulars.training.matrix import Matrix
from regulars.training.objectives.amount import Amount

WEEKS = 39
PUBLISHED = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
# the last customer comes in week 12: before, there is little to learn from
FIRST_SNAPSHOT, STEP, SHORTEST_HORIZON = 13, 2, 4
# (learnt until, judged until) that settings are chosen on
REHEARSALS = ((24, 32), (24, 39), (26, 34), (26, 39), (28, 36), (28, 39), (30, 38), (30, 39))
GRID: list[dict[str, Any]] = [
    {"max_depth": 2, "rounds": 30},
    {"max_depth": 2, "rounds": 60},
    {"max_depth": 3, "rounds": 100, "colsample_bytree": 0.25, "subsample": 0.5},
]
LOSSES: dict[str, dict[str, Any]] = {
    "gamma": {"objective": "reg:gamma"},
    "tweedie": {"objective": "reg:tweedie", "tweedie_variance_power": 1.5},
}
SEEDS = (1, 2, 3, 4, 5)
# of an 80% interval, nine in ten outcomes lie at or below the upper end
UPPER = 0.9
WINDOWS = (4, 8, 13)
LOG = """
select dense_rank() over (order by customer_id) - 1 as customer,
    date_diff('day', min(dt) over (), dt) as day, sum(amount) as amount
from read_parquet(?) group by customer_id, dt order by customer, day
"""


@dataclass(frozen=True)
class Log:
    """Days with a purchase, one row per customer and day; days are counted from the first one."""

    customer: np.ndarray
    day: Floats
    amount: Floats

    @classmethod
    def read(cls, file: Path) -> "Log":
        """The sample as its publisher has it; several orders of one day are one."""
        with duckdb.connect() as con:
            found = con.execute(LOG, [str(file)]).fetchnumpy()
        return cls(
            found["customer"].astype(int),
            found["day"].astype(np.float64),
            found["amount"].astype(np.float64),
        )

    @cached_property
    def first(self) -> Floats:
        """Each customer's first day."""
        return self._extreme(np.minimum, np.full(len(self.day), True), np.inf)

    def histories(self, week: int) -> Histories:
        """What is known of everybody by the end of a week."""
        known = self.day < 7 * week
        bought, spent = self.sums(known)
        last = self._extreme(np.maximum, known, -np.inf)
        first_spent = self.sums(self.day == self.first[self.customer])[1]
        repeats = bought - 1
        mean = np.where(repeats > 0, (spent - first_spent) / np.maximum(repeats, 1), 0)
        return Histories(repeats, (last - self.first) / 7, (7 * week - 1 - self.first) / 7, mean)

    def between(self, week: int, until: int) -> tuple[Floats, Floats]:
        """Days with a purchase and what was spent, after the end of a week."""
        return self.sums((self.day >= 7 * week) & (self.day < 7 * until))

    def sums(self, chosen: np.ndarray) -> tuple[Floats, Floats]:
        """Purchases and amounts of each customer among some rows."""
        customer, size = self.customer[chosen], int(self.customer.max()) + 1
        amounts = np.bincount(customer, self.amount[chosen], size)
        purchases = np.bincount(customer, minlength=size)
        return purchases.astype(np.float64), amounts.astype(np.float64)

    def _extreme(self, better: np.ufunc, chosen: np.ndarray, worst: float) -> Floats:
        found = np.full(int(self.customer.max()) + 1, worst)
        better.at(found, self.customer[chosen], self.day[chosen])
        return found


@dataclass(frozen=True)
class Rules:
    """Both models, fitted on what was known at the end of a week."""

    counts: BgNbd
    amounts: GammaGamma

    @classmethod
    def fitted(cls, log: Log, week: int) -> "Rules":
        """By maximum likelihood."""
        known = log.histories(week)
        return cls(BgNbd.fitted(known), GammaGamma.fitted(known))


@dataclass(frozen=True)
class Snapshot:
    """Everybody at the end of a week, and what came until another.

    Attributes:
        features: float32, customers × features.
        expected, chance, spend: what BG/NBD expects of purchases, of whether there is one, and
            with Gamma-Gamma of spend.
        came, spent: the outcomes.
    """

    features: np.ndarray
    expected: Floats
    chance: Floats
    spend: Floats
    came: Floats
    spent: Floats

    @classmethod
    def at(cls, log: Log, rules: Rules, week: int, until: int) -> "Snapshot":
        """Features know nothing past the week; `rules` may be those of a later one."""
        known, weeks = log.histories(week), until - week
        expected, chance = rules.counts.expected(known, weeks), rules.counts.any(known, weeks)
        amount, since = rules.amounts.expected(known), known.age - known.last
        gap = np.where(known.repeats > 0, known.last / np.maximum(known.repeats, 1), np.nan)
        revenue = log.sums(log.day < 7 * week)[1]
        columns = [
            *(known.repeats, known.age, since, known.repeats / known.age, gap, since / gap),
            *(revenue, revenue / (known.repeats + 1)),
            log.sums(log.day == log.first[log.customer])[1],
            *(expected / weeks, chance, rules.counts.alive(known), amount),
        ]
        came, spent = log.between(week, until)
        features = np.column_stack(columns).astype(np.float32)
        return cls(features, expected, chance, expected * amount, came, spent)

    @property
    def with_rules(self) -> np.ndarray:
        """Features, and what the rules expect of the horizon, which differs between snapshots."""
        more = np.column_stack([self.expected, self.spend, self.spend_if_any])
        return np.hstack([self.features, more]).astype(np.float32)

    @property
    def spend_if_any(self) -> Floats:
        """What the rules expect of those who buy at all."""
        return self.spend / self.chance


def snapshots(log: Log, rules: Rules, week: int) -> list[Snapshot]:
    """Those whose outcomes were known by the end of a week."""
    weeks = range(FIRST_SNAPSHOT, week - SHORTEST_HORIZON + 1, STEP)
    return [Snapshot.at(log, rules, one, week) for one in weeks]


def boosted(
    learn: list[tuple[np.ndarray, np.ndarray, Floats]],
    asked: tuple[np.ndarray, np.ndarray],
    settings: Mapping[str, Any],
) -> Floats:
    """Trees that begin at an offset.

    Args:
        learn: features, offset (on the scale of the link) and outcome, by snapshot.
        asked: features and offset.
        settings: XGBoost's, and `rounds`.
    """
    features, offset, outcome = (np.concatenate(part) for part in zip(*learn, strict=True))
    known = xgboost.DMatrix(features, label=outcome, base_margin=offset)
    wanted = xgboost.DMatrix(asked[0], base_margin=asked[1])
    given = {"eta": 0.05, "min_child_weight": 20, "colsample_bytree": 0.5, "reg_lambda": 5}
    given |= {key: value for key, value in settings.items() if key != "rounds"}
    # base_score is added to the offset, too: 1 on a log scale and .5 on the logit's are 0
    start = 0.5 if settings["objective"] == "binary:logistic" else 1.0
    scores = [
        xgboost.train({**given, "base_score": start, "seed": seed}, known, settings["rounds"])
        for seed in SEEDS
    ]
    return np.asarray(np.mean([one.predict(wanted) for one in scores], axis=0), np.float64)


def count(learn: list[Snapshot], asked: Snapshot, settings: Mapping[str, Any]) -> Floats:
    """Purchases to expect: Poisson, from BG/NBD's expectation."""
    rows = [(one.features, np.log(one.expected), one.came) for one in learn]
    given = {"objective": "count:poisson", **settings}
    return boosted(rows, (asked.features, np.log(asked.expected)), given)


def chance(learn: list[Snapshot], asked: Snapshot, settings: Mapping[str, Any]) -> Floats:
    """P(any purchase)."""
    rows = [(one.features, logit(one.chance), (one.came > 0).astype(np.float64)) for one in learn]
    given = {"objective": "binary:logistic", **settings}
    return boosted(rows, (asked.features, logit(asked.chance)), given)


def amount(learn: list[Snapshot], asked: Snapshot, settings: Mapping[str, Any]) -> Floats:
    """E(spend | any purchase), learnt from those who bought."""
    rows = [
        (one.features[bought], np.log(one.spend_if_any[bought]), one.spent[bought])
        for one in learn
        for bought in [one.spent > 0]
    ]
    return boosted(rows, (asked.features, np.log(asked.spend_if_any)), settings)


def upper_ends(chances: Floats, amounts: Floats, ratios: Floats, share: float = UPPER) -> Floats:
    """What so large a share of outcomes should lie at or below.

    An outcome is 0 with 1 - chance, else the amount times a ratio that others showed; what is
    expected of somebody is never above their upper end.
    """
    inside = np.clip(1 - (1 - share) / chances, 0, 1)
    found = np.where(chances <= 1 - share, 0, amounts * np.quantile(ratios, inside))
    return np.asarray(np.maximum(found, chances * amounts))


def errors(predicted: Floats, came: Floats) -> tuple[float, float, float]:
    """Root mean squared error, mean absolute error, and by what share the total is off."""
    away = predicted - came
    bias = float(predicted.sum() / came.sum() - 1)
    return float(np.sqrt(np.mean(away**2))), float(np.mean(np.abs(away))), bias


def beside(predicted: Floats, rules: Floats, came: Floats) -> tuple[float, float]:
    """Root mean squared and mean absolute error as shares of those of the rules."""
    (rmse, mae, _), (rules_rmse, rules_mae, _) = errors(predicted, came), errors(rules, came)
    return rmse / rules_rmse, mae / rules_mae


def best(seen: np.ndarray) -> int:
    """The place of the lowest squared error among those whose absolute error is no worse.

    Args:
        seen: settings × 2, both as shares of the rules'.
    """
    rmse = np.where((seen[:, 1] <= 1) | (seen[:, 1].min() > 1), seen[:, 0], np.inf)
    return int(rmse.argmin())


@dataclass(frozen=True)
class Choice:
    """What did best inside the learning weeks."""

    counts: dict[str, Any]
    chances: dict[str, Any]
    amounts: dict[str, Any]


def choose(log: Log) -> Choice:
    """What did best on rehearsals, on average; all that was tried is printed."""
    losses = [loss | settings for loss, settings in product(LOSSES.values(), GRID)]
    pairs = list(product(GRID, losses))
    counts, spends = [], []
    for week, until in REHEARSALS:
        rules = Rules.fitted(log, week)
        learn, asked = snapshots(log, rules, week), Snapshot.at(log, rules, week, until)
        found = [count(learn, asked, settings) for settings in GRID]
        counts.append([beside(one, asked.expected, asked.came) for one in found])
        chances = [chance(learn, asked, settings) for settings in GRID]
        amounts = [amount(learn, asked, settings) for settings in losses]
        found = [one * other for one, other in product(chances, amounts)]
        spends.append([beside(one, asked.spend, asked.spent) for one in found])
    by_count, by_spend = np.mean(counts, axis=0), np.mean(spends, axis=0)
    click.echo("\n| inside the learning weeks | RMSE over the rules' | MAE |\n|---|---|---|")
    for settings, (rmse, mae) in zip(GRID, by_count, strict=True):
        click.echo(f"| purchases: {_words(settings)} | {rmse:.4f} | {mae:.4f} |")
    for (first, second), (rmse, mae) in zip(pairs, by_spend, strict=True):
        what = f"spend: {_words(first)} × {_words(second)}"
        click.echo(f"| {what} | {rmse:.4f} | {mae:.4f} |")
    return Choice(GRID[best(by_count)], *pairs[best(by_spend)])


def _words(settings: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in settings.items())


def ratios_seen(log: Log, week: int, choice: Choice) -> Floats:
    """Outcome over expectation of those who bought, half of the time that is known ahead."""
    middle = (week + FIRST_SNAPSHOT) // 2
    rules = Rules.fitted(log, middle)
    learn, asked = snapshots(log, rules, middle), Snapshot.at(log, rules, middle, week)
    bought = asked.spent > 0
    return np.asarray(asked.spent[bought] / amount(learn, asked, choice.amounts)[bought])


def by_the_project(learn: list[Snapshot], asked: Snapshot) -> tuple[Floats, Floats]:
    """The objective `amount` as delivered: scores and upper ends.

    What the rules expect of the horizon are features: it knows no offset.
    """
    first = np.datetime64("1997-01-01")
    matrix = Matrix(
        tuple(f"feature_{place}" for place in range(learn[0].with_rules.shape[1])),
        np.concatenate([one.with_rules for one in learn]),
        np.concatenate([one.spent for one in learn]).astype(np.float32),
        np.repeat(
            [first + 7 * (FIRST_SNAPSHOT + STEP * step) for step in range(len(learn))],
            [len(one.spent) for one in learn],
        ),
    )
    model = Amount(7 * SHORTEST_HORIZON).fit(matrix, churn.project_parameters())
    scores = model.scores(asked.with_rules, model.probability(asked.with_rules))
    assert scores.upper is not None
    return scores.score, scores.upper


def cdnow(file: Path) -> None:
    """Fits, chooses inside the learning weeks, predicts the weeks after, and prints Markdown."""
    log = Log.read(file)
    rules = Rules.fitted(log, WEEKS)
    fitted = ", ".join(
        f"{name} {getattr(rules.counts, name):.3f} ({known})" for name, known in PUBLISHED.items()
    )
    click.echo(f"BG/NBD, fitted (published): {fitted}")
    choice = choose(log)
    learn, asked = snapshots(log, rules, WEEKS), Snapshot.at(log, rules, WEEKS, 2 * WEEKS)
    purchases = count(learn, asked, choice.counts)
    chances = chance(learn, asked, choice.chances)
    amounts = amount(learn, asked, choice.amounts)
    spend = chances * amounts
    # 39 weeks know no season: what trees say of the level may be the summer's
    at_level = spend * asked.spend.sum() / spend.sum()
    delivered, delivered_upper = by_the_project(learn, asked)
    upper = upper_ends(chances, amounts, ratios_seen(log, WEEKS, choice))
    click.echo(
        f"\nChosen: purchases {_words(choice.counts)}; spend {_words(choice.chances)} ×"
        f" {_words(choice.amounts)}\n"
        f"\n| the {WEEKS} weeks after | RMSE | MAE | total off by | RMSE over the rules' | MAE |"
        "\n|---|---|---|---|---|---|"
    )
    for name, predicted, base, came in (
        ("purchases: BG/NBD", asked.expected, asked.expected, asked.came),
        ("purchases: boosting", purchases, asked.expected, asked.came),
        ("spend: BG/NBD × Gamma-Gamma", asked.spend, asked.spend, asked.spent),
        ("spend: boosting, two parts", spend, asked.spend, asked.spent),
        ("spend: … at the level of the rules", at_level, asked.spend, asked.spent),
        ("spend: `amount` as delivered", delivered, asked.spend, asked.spent),
    ):
        rmse, mae, bias = errors(predicted, came)
        first, second = beside(predicted, base, came)
        click.echo(
            f"| {name} | {rmse:.3f} | {mae:.3f} | {bias:+.1%} | {first:.3f} | {second:.3f} |"
        )
    for name, ends in (("two parts", upper), ("`amount` as delivered", delivered_upper)):
        click.echo(f"\nAt or below the upper end, {name}: {np.mean(asked.spent <= ends):.1%}")
