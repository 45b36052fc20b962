"""Is a challenger good enough to score with? Judged on a day that it hasn't learnt from.

It is held against the champion's recipe and the rules baseline, both fitted on the same past:
whatever is worse than one of them beyond noise is rejected. And against what the champion knew and
was on its own day: where the data themselves are spoilt, they spoil all that is fitted now.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from regulars.training.checks import TrainingRefusedError, check_learnable, single_aucs
from regulars.training.matrix import Matrix, column
from regulars.training.metrics import (
    calibration_error,
    perfect_calibration_error,
    weighted_aucs,
)
from regulars.training.noise import is_worse, noise, resampled
from regulars.training.objectives import Objective, Scores
from regulars.training.rules import learn_rules
from regulars.training.seasons import RECENCY, calibrate
from regulars.training.settings import Prediction
from regulars.training.temporal import newest_snapshot_holdout

# how much an AUC may fall from one day to another beyond its noise: seasons move it
USUAL_FALL = 0.03
# a feature that ranks so much better than the rules is looked at: does it know too much?
STRIKING_GAIN = 0.05
# so many of the champion's features may say nothing any more, as when a channel is given up
MOST_LOST_SHARE = 0.1
# no honest feature is missed so much: what it tells is told by others, too
SUSPICIOUS_FALL = 0.08
# so many customers with one score tell nobody apart
MOST_ALIKE = 0.5
ANYWAY = "If that is right: regulars champion set"


@dataclass(frozen=True)
class Verdict:
    """What the judging found.

    Attributes:
        status: promoted or rejected.
        reason: why, in words.
        metrics: the figures on the held-out snapshot; None when it could not be judged.
    """

    status: str
    reason: str
    metrics: dict[str, float] | None = None


@dataclass(frozen=True)
class Trial:
    """A held-out day, and what could be learnt from on it.

    Attributes:
        past: rows with a window that had closed by then, with labels as they were known then.
        newest: the rows of the day.
        outcomes: what came of them.
    """

    past: Matrix
    newest: Matrix
    outcomes: np.ndarray
    prediction: Prediction
    objective: Objective

    def scores(
        self, names: Sequence[str], parameters: Mapping[str, Any]
    ) -> tuple[Scores, np.ndarray]:
        """What a recipe says of the day, and its probabilities before calibration.

        It is fitted on the past and calibrated as one would have done on the day.
        """
        newest, day = self.newest.only(names), self.newest.dates[0].item()
        if constraints := parameters.get("monotone_constraints"):
            constraints = {name: way for name, way in constraints.items() if name in names}
            parameters = {**parameters, "monotone_constraints": constraints}
        fitted = self.objective.fit(self.past.only(names), parameters, day)
        raw = fitted.probability(newest.values)
        recency = column(newest.values, newest.features, RECENCY)
        happened = self.objective.events(self.past)
        calibration = calibrate(happened, raw, recency, day, self.prediction.means_silence)
        return fitted.scores(newest.values, calibration.apply(raw, recency, day)), raw

    def rules(self) -> np.ndarray:
        """What the rules baseline says of the day."""
        learnt = learn_rules(
            self.past,
            self.objective.outcomes(self.past),
            self.prediction.means_silence,
            self.objective.amount_days,
        )
        return learnt.score(self.newest.values, self.newest.features)

    def resampled(self, score: np.ndarray) -> np.ndarray:
        """How good scores of the day might have come out by chance."""
        return resampled(self.objective.quality, self.outcomes, score)

    def happened(self) -> np.ndarray:
        """The labels of the day's events, 0 and 1."""
        return self.objective.events(self.newest).labels.astype(np.float64)


def judge(
    matrix: Matrix,
    used: Sequence[str],
    prediction: Prediction,
    objective: Objective,
    champion: Mapping[str, Any],
) -> Verdict:
    """Fits on the past of the newest snapshot, and judges on that snapshot.

    Args:
        matrix: every row with a closed label window.
        used: the features to learn from; a champion may have others.
        champion: the row of `training_plan`, with the champion to beat or nulls.

    Returns:
        Rejected when it is worse than what it would replace, or than the champion was when it was
        judged, beyond noise; when it is badly calibrated; or when all hangs on one feature, as
        it does when that one knows what came later. Else promoted.
    """
    learn, held_out = newest_snapshot_holdout(matrix.dates, prediction.horizon_days)
    newest = matrix.where(held_out)
    past = objective.known_on(matrix.where(learn), newest.dates[0].item())
    try:
        check_learnable(objective.events(past))
    except TrainingRefusedError as error:
        return Verdict("promoted", f"not judged out of time: {error}")
    trial = Trial(past, newest, objective.outcomes(newest), prediction, objective)
    if len(np.unique(trial.happened())) < 2:
        reason = "not judged out of time: the newest snapshot has labels of one class"
        return Verdict("promoted", reason)

    scores, raw = trial.scores(used, prediction.parameters)
    metrics = _figures(trial, scores, raw)
    rules = trial.rules()
    by_rules = objective.measure(trial.outcomes, Scores(rules))
    metrics |= {f"rules_{name}": by_rules[name] for name in ("auc", "calibration_error")}
    ours = trial.resampled(scores.score)
    fault = (
        _hangs_on_one_feature(trial, used, metrics)
        or _beaten(trial, ours, rules, metrics, by_rules, "the rules baseline's")
        or _fallen(matrix, used, metrics, champion)
        or _tells_few_apart(scores.score)
    )
    if fault:
        return Verdict("rejected", fault, metrics)
    if champion["champion_model_id"]:
        return _compare(trial, ours, metrics, champion)
    fault = _miscalibrated(objective, metrics, by_rules)
    return Verdict("rejected" if fault else "promoted", fault or "the first model", metrics)


def _tells_few_apart(score: np.ndarray) -> str | None:
    """Few labels may allow no split: such a model would pass as no worse than chance, and stop
    at the scores' gate, which asks the same (expectations/score_shifts.json)."""
    _, counts = np.unique(score, return_counts=True)
    alike = counts.max() / len(score)
    return f"it gives {alike:.0%} of the customers the same score" if alike > MOST_ALIKE else None


def _figures(trial: Trial, scores: Scores, raw: np.ndarray) -> dict[str, float]:
    happened, outcomes = trial.happened(), trial.outcomes
    figures = trial.objective.measure(outcomes, scores)
    by_luck = perfect_calibration_error(outcomes, scores.score)
    return figures | {
        "auc_noise": noise(weighted_aucs, happened, scores.score),
        "uncalibrated_error": calibration_error(happened, raw),
        "perfect_error": by_luck / trial.objective.error_unit(outcomes),
    }


def _compare(
    trial: Trial, ours: np.ndarray, metrics: dict[str, float], champion: Mapping[str, Any]
) -> Verdict:
    """Holds a challenger, resampled, against the champion's recipe.

    The champion itself has learnt from the held-out day, or from labels that overlap it: on that
    day it would look better than anything honest. So its recipe is fitted on the same past.
    """
    objective = trial.objective
    names = json.loads(champion["champion_features"])
    if missing := [name for name in names if name not in trial.newest.features]:
        return Verdict("promoted", f"the champion's feature {missing[0]} is gone", metrics)
    theirs, _ = trial.scores(names, json.loads(champion["champion_parameters"]))
    figures = objective.measure(trial.outcomes, theirs)
    metrics = metrics | {f"champion_{name}": figures[name] for name in ("auc", "calibration_error")}
    fault = _beaten(
        trial, ours, theirs.score, metrics, figures, "the champion's"
    ) or _miscalibrated(objective, metrics, figures)
    reason = fault or "no worse than the champion"
    return Verdict("rejected" if fault else "promoted", reason, metrics)


def _fallen(
    matrix: Matrix, used: Sequence[str], metrics: Mapping[str, float], champion: Mapping[str, Any]
) -> str | None:
    """How a challenger falls short of what the champion once was; None when it doesn't."""
    if not champion["champion_model_id"]:
        return None
    names = json.loads(champion["champion_features"])
    lost = [name for name in names if name in matrix.features and name not in used]
    if len(lost) > MOST_LOST_SHARE * len(names):
        return (
            f"{len(lost)} of the champion's {len(names)} features say the same of everybody now,"
            f" {lost[0]} for one. {ANYWAY}"
        )
    once = json.loads(champion["champion_metrics"] or "{}")
    if "auc" in once:
        noises = np.hypot(metrics["auc_noise"], once.get("auc_noise", metrics["auc_noise"]))
        if metrics["auc"] < once["auc"] - USUAL_FALL - 2 * noises:
            fall = f"AUC {metrics['auc']:.3f}, the champion's was {once['auc']:.3f} on its day"
            return f"{fall}. {ANYWAY}"
    return None


def _beaten(
    trial: Trial,
    ours: np.ndarray,
    other: np.ndarray,
    metrics: Mapping[str, float],
    others: Mapping[str, float],
    whose: str,
) -> str | None:
    """How resampled scores are worse than others of the same day; None when it may be noise."""
    if not is_worse(ours, trial.resampled(other)):
        return None
    name, key = trial.objective.quality_metric
    return f"{name} {metrics[key]:.3f} against {whose} {others[key]:.3f}"


def _miscalibrated(
    objective: Objective, metrics: Mapping[str, float], others: Mapping[str, float]
) -> str | None:
    """Why scores are too far from what came; None when they are not.

    A season that no year before shows moves any forecast: what is no farther off than what it
    would replace does no harm.
    """
    error, perfect = metrics["calibration_error"], metrics["perfect_error"]
    most = perfect + max(objective.most_calibration_error, others["calibration_error"])
    return f"calibration error {error:.3f}, at most {most:.3f}" if error > most else None


def _hangs_on_one_feature(
    trial: Trial, used: Sequence[str], metrics: Mapping[str, float]
) -> str | None:
    """Why a feature probably knows what came later; None when none does."""
    aucs = single_aucs(trial.objective.events(trial.newest).only(used))
    name = max(aucs, key=lambda one: aucs[one])
    others = [one for one in used if one != name]
    if aucs[name] < metrics["rules_auc"] + STRIKING_GAIN or not others:
        return None
    without, _ = trial.scores(others, trial.prediction.parameters)
    auc = trial.objective.measure(trial.outcomes, without)["auc"]
    if metrics["auc"] - auc <= SUSPICIOUS_FALL + 2 * metrics["auc_noise"]:
        return None
    return (
        f"without {name} the AUC falls from {metrics['auc']:.3f} to {auc:.3f}: does it know what"
        f" came after as_of_date? {ANYWAY}"
    )
