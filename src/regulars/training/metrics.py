"""How good probabilities are on rows that the model hasn't seen."""

import numpy as np
from sklearn.metrics import average_precision_score, log_loss, roc_auc_score


def measure(labels: np.ndarray, scores: np.ndarray) -> dict[str, float]:
    """The figures that the registry keeps.

    Args:
        labels: 0 or 1, both present.
        scores: probabilities, one per label.

    Returns:
        auc, average_precision, log_loss, lift_10 (positives in the top tenth over the
        average), base_rate, mean_score, calibration_error.
    """
    top = np.argsort(-scores, kind="stable")[: max(1, len(scores) // 10)]
    base_rate = float(labels.mean())
    return {
        "auc": float(roc_auc_score(labels, scores)),
        "average_precision": float(average_precision_score(labels, scores)),
        "log_loss": float(log_loss(labels, scores.astype(float), labels=[0, 1])),
        "lift_10": float(labels[top].mean()) / base_rate,
        "base_rate": base_rate,
        "mean_score": float(scores.mean()),
        "calibration_error": calibration_error(labels, scores),
    }


def calibration_error(labels: np.ndarray, scores: np.ndarray, bins: int = 10) -> float:
    """The expected calibration error (Naeini et al. 2015) over bins of equally many rows.

    Returns:
        The mean distance of a bin's mean score from its share of label 1, weighted by its rows.
        Even a perfect forecast has one, by the noise of the shares: .016 on 4,000 rows.
    """
    order = np.argsort(scores, kind="stable")
    distances = [
        len(bin_) * abs(float(labels[bin_].mean()) - float(scores[bin_].astype(float).mean()))
        for bin_ in np.array_split(order, min(bins, len(order)))
    ]
    return sum(distances) / len(order)


def perfect_calibration_error(labels: np.ndarray, scores: np.ndarray, bins: int = 10) -> float:
    """The calibration error that scores would be expected to have if they were true.

    Returns:
        The mean distance of normal noise, by the spread of the labels in each bin.
    """
    order = np.argsort(scores, kind="stable")
    noises = [
        len(bin_) * np.sqrt(2 / np.pi * float(labels[bin_].astype(float).var()) / len(bin_))
        for bin_ in np.array_split(order, min(bins, len(order)))
    ]
    return float(sum(noises)) / len(order)


def measure_amounts(outcomes: np.ndarray, scores: np.ndarray) -> dict[str, float]:
    """The figures that the registry keeps of expected amounts.

    Args:
        outcomes: what came, some above 0 and some not.
        scores: what was expected.

    Returns:
        mean_absolute_error, root_mean_squared_error, bias_share (the sum of scores over that of
        outcomes, less 1), tweedie_deviance, auc (of whether anything came), lift_10, base_rate
        (the mean outcome), mean_score, calibration_error (as a share of the mean outcome).
    """
    mean = float(outcomes.mean())
    top = np.argsort(-scores, kind="stable")[: max(1, len(scores) // 10)]
    return {
        "mean_absolute_error": float(np.abs(outcomes - scores).mean()),
        "root_mean_squared_error": float(np.sqrt(((outcomes - scores) ** 2).mean())),
        "bias_share": float(scores.mean()) / mean - 1,
        "tweedie_deviance": float(tweedie_deviances(outcomes, scores).mean()),
        "auc": float(roc_auc_score(outcomes > 0, scores)),
        "lift_10": float(outcomes[top].mean()) / mean,
        "base_rate": mean,
        "mean_score": float(scores.mean()),
        "calibration_error": calibration_error(outcomes, scores) / mean,
    }


def tweedie_deviances(outcomes: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """How far an expected amount lies from what came, row by row (Tweedie's family, power 1.5).

    Args:
        outcomes: 0 or above.
        scores: above 0; less counts as a millionth of their mean.
    """
    scores = np.maximum(scores, 1e-6 * max(float(scores.mean()), 1e-6))
    return np.asarray(4 * (np.sqrt(scores) - 2 * np.sqrt(outcomes) + outcomes / np.sqrt(scores)))


def weighted_aucs(labels: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """AUCs of the same scores when each row counts as often as each line of `weights` says.

    The share of (positive, negative) pairs in the right order, ties counting half.

    Args:
        labels: 0 or 1.
        weights: lines × rows, whole numbers.
    """
    order = np.argsort(scores, kind="stable")
    firsts = np.flatnonzero(np.diff(scores[order], prepend=-np.inf))
    positive = np.add.reduceat(weights[:, order] * labels[order], firsts, axis=1)
    negative = np.add.reduceat(weights[:, order] * (1 - labels[order]), firsts, axis=1)
    below = np.cumsum(negative, axis=1) - negative
    pairs = positive.sum(axis=1) * negative.sum(axis=1)
    return np.asarray((positive * (below + negative / 2)).sum(axis=1) / pairs)
