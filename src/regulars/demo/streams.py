"""Random numbers: one stream for each part of each block of people."""

import numpy as np

from regulars.demo.calendar import Floats, Ints

# what a stream is for; the order gives each its numbers: append, never reorder
PARTS = (
    "catalogue",
    "company",
    "people",
    "lives",
    "orders",
    "campaigns",
    "lines",
    "crm",
    "shop",
    "store",
    "web",
    "messages",
)
# the company and what it sells are drawn once for the whole world
WHOLE_WORLD = 1_000_000


class Streams:
    """The streams of one block: a change in one part leaves the others as they were."""

    def __init__(self, seed: int, block: int) -> None:
        self._seed = seed
        self._block = block

    def of(self, part: str) -> np.random.Generator:
        """The stream of a part, from its beginning."""
        sequence = np.random.SeedSequence(self._seed, spawn_key=(self._block, PARTS.index(part)))
        return np.random.Generator(np.random.PCG64DXSM(sequence))


def choose(cumulated: Floats, rng: np.random.Generator) -> Ints:
    """(rows,) which column, by the cumulated shares of each row (rows, columns)."""
    column: Ints = (rng.random((len(cumulated), 1)) > cumulated[:, :-1]).sum(axis=1)
    return column
