"""Parameters found by trying: tree-structured Parzen estimators (Bergstra et al. 2011).

A trial is judged by its mean AUC on the newest days of the past, each learnt from what it could
know; one that falls behind the median after a day is given up. The best of many is partly luck:
it is taken only if it beats the given parameters on each of the days.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from regulars.training import booster as boosting
from regulars.training.checks import TrainingRefusedError, check_learnable
from regulars.training.matrix import Matrix
from regulars.training.objectives import Objective
from regulars.training.settings import Prediction
from regulars.training.temporal import rolling_holdouts

DAYS = 3
# trials before a median says anything
UNDISTURBED_TRIALS = 5
# name: lowest, highest, whether it is tried by its order of magnitude, XGBoost's own default
SPACE: dict[str, tuple[float, float, bool, float]] = {
    "learning_rate": (0.01, 0.3, True, 0.3),
    "min_child_weight": (1.0, 300, True, 1),
    "colsample_bytree": (0.03, 1, True, 1),
    "subsample": (0.4, 1, False, 1),
    "reg_lambda": (0.1, 100, True, 1),
}
WHOLE_SPACE = {"rounds": (30, 600, True, 100), "max_depth": (2, 6, False, 6)}


def tune(
    past: Matrix, parameters: Mapping[str, Any], prediction: Prediction, objective: Objective
) -> dict[str, Any]:
    """The best of so many trials that is better on every day than the given parameters.

    Args:
        past: rows that the day of the judging may know.
        parameters: where to begin; what isn't searched over stays.
        prediction: says how many to try; the same number on the same rows finds the same.

    Returns:
        The given parameters where no trial is, or where there is too little past to judge one on.
    """
    # optuna takes a second to import
    import optuna

    days = judgeable_days(past, prediction.horizon_days, objective, DAYS)
    if not days:
        return dict(parameters)

    by_day: dict[int, list[float]] = {}

    def judge(trial: optuna.Trial) -> float:
        tried = {**parameters, **_suggest(trial)}
        aucs = by_day.setdefault(trial.number, [])
        for step, (older, newer) in enumerate(days):
            fitted = objective.fit(older, tried, newer.dates[0].item())
            happened = objective.events(newer).labels
            aucs.append(roc_auc_score(happened, fitted.probability(newer.values)))
            trial.report(float(np.mean(aucs)), step)
            if trial.should_prune():
                raise optuna.TrialPruned
        return float(np.mean(aucs))

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        direction="maximize",
        sampler=optuna.samplers.TPESampler(seed=boosting.SEED),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=UNDISTURBED_TRIALS),
    )
    study.enqueue_trial(_start(parameters))
    study.optimize(judge, n_trials=prediction.tune_trials)
    first, *others = study.get_trials(states=[optuna.trial.TrialState.COMPLETE])
    better = [trial for trial in others if _beats(by_day[trial.number], by_day[first.number])]
    best = max(better, key=lambda trial: trial.value or 0.0, default=None)
    return {**parameters, **(best.params if best else {})}


def judgeable_days(
    past: Matrix, horizon_days: int, objective: Objective, count: int
) -> list[tuple[Matrix, Matrix]]:
    """Those of the newest days that can be judged on, newest first: what to learn from, the day."""
    found = []
    for learn, judged in rolling_holdouts(past.dates, horizon_days, count):
        newer = past.where(judged)
        older = objective.known_on(past.where(learn), newer.dates[0].item())
        try:
            check_learnable(objective.events(older))
        except TrainingRefusedError:
            continue
        if len(np.unique(objective.events(newer).labels)) == 2:
            found.append((older, newer))
    return found


def _beats(aucs: list[float], given: list[float]) -> bool:
    """Whether one set of AUCs, by day, is better on each of them."""
    return all(one > other for one, other in zip(aucs, given, strict=True))


def _suggest(trial: Any) -> dict[str, Any]:
    whole = {
        name: trial.suggest_int(name, low, high, log=by_magnitude)
        for name, (low, high, by_magnitude, _) in WHOLE_SPACE.items()
    }
    return whole | {
        name: trial.suggest_float(name, low, high, log=by_magnitude)
        for name, (low, high, by_magnitude, _) in SPACE.items()
    }


def _start(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The given parameters, as near as the space comes to them."""
    return {
        name: type(low)(np.clip(parameters.get(name, default), low, high))
        for name, (low, high, _, default) in {**SPACE, **WHOLE_SPACE}.items()
    }
