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
