"""What data must have before a model may be learnt from it."""

from regulars.errors import UserError
from regulars.training.matrix import Matrix

MINIMUM_ROWS = 500
MINIMUM_OF_EACH_CLASS = 50


class TrainingRefusedError(UserError):
    """The data can't teach a model; the registry keeps the reason."""


def check_learnable(matrix: Matrix) -> None:
    """Refuses data that no model can be learnt from.

    Raises:
        TrainingRefusedError: with the figure that is too small, and what it must be.
    """
    if len(matrix) < MINIMUM_ROWS:
        raise TrainingRefusedError(
            f"{len(matrix)} rows with a closed label window, {MINIMUM_ROWS} are needed"
        )
    positives = int(matrix.labels.sum())
    fewest = min(positives, len(matrix) - positives)
    if fewest < MINIMUM_OF_EACH_CLASS:
        raise TrainingRefusedError(
            f"{positives} positive and {len(matrix) - positives} negative labels,"
            f" at least {MINIMUM_OF_EACH_CLASS} of each are needed"
        )
