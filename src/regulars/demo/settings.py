"""What is asked of a made-up world."""

from dataclasses import dataclass
from typing import Literal

Dirt = Literal["none", "normal", "heavy"]
BusinessName = Literal["retail", "travel"]


@dataclass(frozen=True)
class Settings:
    """What decides every row of a world; two worlds with equal settings are equal.

    Attributes:
        customers: how many people there are when the world's clock stands at its end.
        years: how long they were watched until then.
        seed: the same seed makes the same world.
        dirt: how much is wrong with what the company has written down; see dirt.py.
        business: what is sold.
    """

    customers: int
    years: int
    seed: int = 1
    dirt: Dirt = "normal"
    business: BusinessName = "retail"
