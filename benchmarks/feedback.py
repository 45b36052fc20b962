"""What acting on scores does to the next scores: greedy against exploring, over 12 retrainings.

Usage:  python -m benchmarks.feedback [--customers 8000] [--seeds 5]
        make bench-feedback

A made-up world is built once. Each month a campaign reaches a fifth of those who bought within
a year, and only of them it is then known whether they bought in the 30 days after; the next
month's model learns from all that is known so far. The first campaign goes to who bought last,
as a rule of thumb would. Greedy: those with the highest scores are reached. Explored: a tenth of
the customers, drawn by a hash, is always reached, and the highest scores fill up to the same fifth.
Weighted: the same, and rows count by one over the probability of having been reached, which is
itself learnt from who was. Everybody: all labels are known, which no budget pays for. Each month's
scores are judged on everybody, reached or not. A seed draws four of five customers, who is
explored, and the booster's own seed; differences are paired by seed. Prints Markdown.
"""

import hashlib
import tempfile
from dataclasses import replace
from pathlib import Path

import click
import numpy as np
from sklearn.metrics import roc_auc_score

from benchmarks.ablation import Asked, built
from benchmarks.churn import project_parameters
from benchmarks.identity.world import World
from regulars.training.booster import fit, predict
from regulars.training.matrix import column
from regulars.training.selection import chosen_by, selection_weights

PREDICTION = "purchase"
ROUNDS = 12
BUDGET = 0.2
EXPLORED = 0.1
DRAWN = 0.8
GREEDY, EXPLORING, WEIGHTED, EVERYBODY = "greedy", "10% explored", "10%, weighted", "everybody"
POLICIES = (GREEDY, EXPLORING, WEIGHTED, EVERYBODY)
SHOWN = (1, 2, 3, 6, 9, 12)


def lot(customers: np.ndarray, seed: int, what: str) -> np.ndarray:
    """A number from 0 to 1 for each customer, the same for all of a customer's rows."""
    _, places = np.unique(customers, return_inverse=True)
    drawn = [
        int(hashlib.md5(f"{what} {seed} {customer}".encode()).hexdigest()[:8], 16) / 16**8
        for customer in np.unique(customers)
    ]
    return np.asarray(np.asarray(drawn)[places])


def highest(scores: np.ndarray, recency: np.ndarray, count: int, among: np.ndarray) -> np.ndarray:
    """A mask of the highest scores among some rows; of equal ones who bought last."""
    order = np.lexsort((recency, np.where(among, -scores, np.inf)))
    chosen = np.zeros(len(scores), bool)
    chosen[order[:count]] = True
    return np.asarray(chosen & among)


def simulated(one: Asked, policy: str, seed: int) -> list[float]:
    """The AUC on everybody, retraining by retraining."""
    parameters = {**project_parameters(), "seed": seed}
    drawn = lot(one.customers, seed, "drawn") < DRAWN
    everything = one.matrix.where(drawn)
    days = np.unique(everything.dates)[-(ROUNDS + 1) :]
    matrix = everything.where(everything.dates >= days[0])
    is_explored = lot(one.customers, seed, "explored")[drawn][everything.dates >= days[0]]
    is_explored = is_explored < (EXPLORED if policy in (EXPLORING, WEIGHTED) else 0)
    choice = matrix.only(chosen_by(matrix.features)).values
    # the first campaign: who bought last
    recency = column(matrix.values, matrix.features, "days_since_last_purchase")
    first = matrix.dates == days[0]
    reached = reached_by(np.zeros(len(matrix)), recency, first, is_explored & False, policy)
    found = []
    for day in days[1:]:
        past, present = matrix.dates < day, matrix.dates == day
        known = matrix.where(reached & past)
        if policy == WEIGHTED:
            known = replace(known, weights=selection_weights(choice[past], reached[past]))
        scores = np.full(len(matrix), -1, np.float32)
        scores[present] = predict(fit(known, parameters), matrix.values[present])
        found.append(float(roc_auc_score(matrix.labels[present], scores[present])))
        reached |= reached_by(scores, recency, present, is_explored, policy)
    return found


def reached_by(
    scores: np.ndarray,
    recency: np.ndarray,
    present: np.ndarray,
    is_explored: np.ndarray,
    policy: str,
) -> np.ndarray:
    """A mask of the rows of one day that a campaign reaches."""
    if policy == EVERYBODY:
        return present
    always = present & is_explored
    count = round(BUDGET * int(present.sum())) - int(always.sum())
    return np.asarray(always | highest(scores, recency, max(count, 0), present & ~always))


@click.command()
@click.option("--customers", default=8_000, show_default=True)
@click.option("--years", default=3, show_default=True)
@click.option("--seeds", default=5, show_default=True)
@click.option("--home", type=click.Path(path_type=Path), help="Keep the world in this folder.")
def main(customers: int, years: int, seeds: int, home: Path | None) -> None:
    """Builds a world and prints how well each way of choosing ranks everybody."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = home or Path(temporary) / "home"
        one = built(World.of_demo(folder, customers, years), ROUNDS + 2)[PREDICTION]
    aucs = {policy: np.empty((seeds, ROUNDS)) for policy in POLICIES}
    for seed in range(seeds):
        for policy in POLICIES:
            aucs[policy][seed] = simulated(one, policy, seed + 1)
        said = ", ".join(f"{policy} {aucs[policy][seed].mean():.4f}" for policy in POLICIES)
        click.echo(f"  seed {seed + 1}: {said}", err=True)
    rows = len(one.matrix)
    click.echo(
        f"{customers:,} people, {rows:,} rows, {one.matrix.labels.mean():.1%} bought;"
        f" {seeds} seeds: mean ± standard deviation of the AUC on everybody.\n"
    )
    click.echo("| retraining | " + " | ".join(POLICIES) + " |")
    click.echo("|---|" + "---|" * len(POLICIES))
    for number in SHOWN:
        click.echo(
            f"| {number} | " + " | ".join(_spread(aucs[p][:, number - 1]) for p in POLICIES) + " |"
        )
    last = {policy: found[:, ROUNDS // 2 :].mean(axis=1) for policy, found in aucs.items()}
    click.echo("| last six | " + " | ".join(_spread(last[policy]) for policy in POLICIES) + " |")
    for policy in POLICIES[1:]:
        gain = last[policy] - last[GREEDY]
        click.echo(f"\n{policy} over greedy, last six, paired by seed: {_spread(gain, '+')}")


def _spread(values: np.ndarray, sign: str = "") -> str:
    deviation = values.std(ddof=1) if len(values) > 1 else 0.0
    return f"{values.mean():{sign}.4f} ± {deviation:.4f}"


if __name__ == "__main__":
    main()
