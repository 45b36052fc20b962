"""How well churn in the made-up world can be foreseen at all, and how far rules get.

Usage:  python -m benchmarks.predictability [--customers 20000] [--seed 1]
        make bench-predictability

On each test date the world's truth says at what rate everybody who bought within a year buys
from then on, as long as nothing changes in their life. The chance that such a renewal process
brings no order in 90 days, given what was expected since the last one, is the best score that
anybody could give who knows each life but not its future. Prints Markdown.
"""

from collections.abc import Iterator

import click
import duckdb
import numpy as np
from numpy.typing import NDArray
from scipy.stats import gamma
from sklearn.metrics import roc_auc_score

from benchmarks.made_up import made_up_world
from regulars.demo.settings import Settings

TEST_DATES = ("2025-04-01", "2025-07-01", "2025-10-01", "2025-12-01", "2026-01-01", "2026-04-01")
HORIZON_DAYS = 90
Floats = NDArray[np.float64]

# everybody who bought within the year before a day, what the truth knows, and what came
QUESTION = """
with days as (
    select day, sum(busy_days) over (order by day) - busy_days as passed from truth.days
),
known as (
    select customer as person_id, max(day) as last_day, count(*) as orders, sum(amount) as amount
    from main.orders where day < $today group by all
    having max(day) >= $today - 365
),
-- what was expected of each phase of a life between the last order and today
phases as (
    select person_id, rate, begins_at,
        lead(begins_at, 1, timestamp '2100-01-01')
            over (partition by person_id order by begins_at, phase) as ends_at
    from truth.lives
),
since as (
    select known.person_id,
        sum(rate * greatest(ends.passed - begins.passed, 0)) as expected_since,
        max(rate) filter (begins_at < $today and ends_at >= $today) as rate_now
    from known
    join phases using (person_id)
    join days as begins
        on begins.day = least(greatest(begins_at::date, known.last_day), $today)
    join days as ends on ends.day = greatest(least(ends_at::date, $today), known.last_day)
    group by all
),
ahead as (
    select max(passed) - min(passed) as busy_days
    from days where day between $today and $today + $horizon
)
select
    (came.person_id is null)::int as churned,
    ($today - known.last_day)::int as away, known.orders, known.amount,
    since.expected_since, since.rate_now * ahead.busy_days as expected, persons.gap_shape
from known
join since using (person_id)
join truth.persons using (person_id)
cross join ahead
left join (
    select distinct customer as person_id
    from main.orders where day >= $today and day < $today + $horizon
) as came using (person_id)
order by person_id
"""


def true_churn(expected_since: Floats, expected: Floats, shape: Floats) -> Floats:
    """P(no order while `expected` more are due, given none since the last): a gamma renewal."""
    survived = gamma.sf(expected_since * shape, shape)
    churn: Floats = gamma.sf((expected_since + expected) * shape, shape)
    churn /= np.maximum(survived, 1e-300)
    return churn


def fifths(values: Floats) -> NDArray[np.int64]:
    """0 for the lowest fifth … 4 for the highest; ties by row."""
    return np.argsort(np.argsort(values, kind="stable")) * 5 // len(values)


def rules(away: Floats, orders: Floats, amount: Floats) -> NDArray[np.int64]:
    """The sum of the recency, frequency and monetary fifths, turned round: high means gone."""
    return -(fifths(-away) + fifths(orders) + fifths(amount))


def judge(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, int, float, list[float]]]:
    """Per test date: customers, share that churned, and the AUC of truth, rules and recency."""
    for today in TEST_DATES:
        sql = QUESTION.replace("$today", f"date '{today}'").replace("$horizon", str(HORIZON_DAYS))
        columns = connection.execute(sql).fetchnumpy()
        churned, away, orders, amount, since, ahead, shape = (
            np.asarray(column, dtype=np.float64) for column in columns.values()
        )
        scores = (true_churn(since, ahead, shape), rules(away, orders, amount), away)
        found = [float(roc_auc_score(churned, score)) for score in scores]
        yield today, len(churned), float(churned.mean()), found


@click.command()
@click.option("--customers", default=20_000, show_default=True)
@click.option("--years", default=3, show_default=True)
@click.option("--seed", default=1, show_default=True)
def main(customers: int, years: int, seed: int) -> None:
    """Makes a world and prints how foreseeable churn is in it."""
    settings = Settings(customers, years, seed, dirt="none")
    connection = made_up_world(settings)
    click.echo("| test date | customers | churn | true rate | RFM rules | recency |")
    click.echo("|---|---|---|---|---|---|")
    every = []
    for today, count, share, found in judge(connection):
        every.append(found)
        shown = " | ".join(f"{auc:.3f}" for auc in found)
        click.echo(f"| {today} | {count:,} | {share:.3f} | {shown} |")
    shown = " | ".join(f"{auc:.3f}" for auc in np.mean(every, axis=0))
    click.echo(f"| mean | | | {shown} |")


if __name__ == "__main__":
    main()
