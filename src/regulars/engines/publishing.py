"""What publishing has in common, whatever the engine."""

from datetime import UTC, datetime

import pyarrow as pa

from regulars.errors import UserError


def check_kept(generations: object) -> None:
    """Refuses a number of generations to keep that is none.

    Raises:
        UserError: when it isn't a whole number from 1.
    """
    if type(generations) is not int or generations < 1:
        raise UserError(f"published_generations is {generations!r}: give a whole number from 1.")


def numbered(publication: pa.Table, generation: int) -> pa.Table:
    """A publication's one row, with the number that it gets and the time, UTC."""
    now = datetime.now(UTC).replace(tzinfo=None)
    return publication.append_column(
        "generation", pa.array([generation], pa.int64())
    ).append_column("published_at", pa.array([now], pa.timestamp("us")))
