"""Other models of the same rows: gradient boosting by LightGBM and CatBoost, a net on weeks.

All learn from the same snapshots with the same weights. Each has up to a dozen settings to choose
from, as regularised as the project's own: the one with the best mean AUC on days whose outcomes
were known before the first test date is taken for all test dates.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from benchmarks.accuracy.cases import Sample
from benchmarks.accuracy.sequence_net import gru
from benchmarks.churn import project_parameters
from regulars.training.booster import fit, predict, season_weights

Settings = Mapping[str, Any]
Model = Callable[[Sample, Sample, Settings, int], np.ndarray]
ROUNDS, LEARNING_RATE = 300, 0.04


def weights(learn: Sample, today: Sample) -> np.ndarray:
    """What the project weighs snapshots by: this season of last year counts more."""
    day = today.matrix.dates[0].item()
    found = season_weights(learn.matrix.dates, project_parameters()["season_weight"], day)
    return np.ones(len(learn.matrix), np.float32) if found is None else found


def xgboost(learn: Sample, today: Sample, settings: Settings, seed: int) -> np.ndarray:
    """The project's own booster, with settings chosen as those of the others are."""
    given = {**project_parameters(), **settings, "seed": seed}
    day = today.matrix.dates[0].item()
    return predict(fit(learn.matrix, given, day), today.matrix.values)


def lightgbm(learn: Sample, today: Sample, settings: Settings, seed: int) -> np.ndarray:
    """Leaf by leaf."""
    import lightgbm as library

    given = {
        "objective": "binary",
        "learning_rate": LEARNING_RATE,
        "num_threads": 1,
        "deterministic": True,
        "verbosity": -1,
        "seed": seed,
        **settings,
    }
    matrix = learn.matrix
    data = library.Dataset(matrix.values, matrix.labels, weight=weights(learn, today))
    model = library.train(given, data, num_boost_round=ROUNDS)
    return np.asarray(model.predict(today.matrix.values))


def catboost(learn: Sample, today: Sample, settings: Settings, seed: int) -> np.ndarray:
    """Symmetric trees."""
    from catboost import CatBoostClassifier

    model = CatBoostClassifier(
        iterations=ROUNDS,
        learning_rate=LEARNING_RATE,
        thread_count=1,
        random_seed=seed,
        allow_writing_files=False,
        verbose=False,
        **settings,
    )
    matrix = learn.matrix
    model.fit(matrix.values, matrix.labels, sample_weight=weights(learn, today))
    return np.asarray(model.predict_proba(today.matrix.values)[:, 1])


def net(learn: Sample, today: Sample, settings: Settings, seed: int) -> np.ndarray:
    """A gated recurrent unit that reads 104 weeks."""
    labels, weighed = learn.matrix.labels, weights(learn, today)
    return gru(learn.weeks, labels, weighed, today.weeks, seed=seed, **settings)


def every(**choices: Sequence[Any]) -> list[dict[str, Any]]:
    """All combinations."""
    return [dict(zip(choices, one, strict=True)) for one in product(*choices.values())]


MODELS: dict[str, tuple[Model, list[dict[str, Any]]]] = {
    "XGBoost": (
        xgboost,
        every(max_depth=[3, 4, 6], colsample_bytree=[0.05, 0.2], min_child_weight=[50, 200]),
    ),
    "LightGBM": (
        lightgbm,
        every(num_leaves=[7, 15, 31], feature_fraction=[0.05, 0.2], min_data_in_leaf=[50, 200]),
    ),
    "CatBoost": (catboost, every(depth=[3, 4, 6], rsm=[0.05, 0.2], l2_leaf_reg=[3, 30])),
    "GRU": (net, every(hidden=[16], learning_rate=[0.01], epochs=[4, 8])),
}


def choose(name: str, days: Sequence[tuple[Sample, Sample]]) -> dict[str, Any]:
    """The settings with the best mean AUC over days; the first of equals."""
    model, grid = MODELS[name]
    return max(grid, key=lambda settings: _mean_auc(model, settings, days))


def _mean_auc(model: Model, settings: Settings, days: Sequence[tuple[Sample, Sample]]) -> float:
    return float(
        np.mean(
            [
                roc_auc_score(judged.matrix.labels, model(learn, judged, settings, 1))
                for learn, judged in days
            ]
        )
    )
