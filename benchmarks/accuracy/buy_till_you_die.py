"""BG/NBD and Gamma-Gamma: what customers who come when they like will buy, from four numbers each.

- Fader, Hardie, Lee 2005, "'Counting your customers' the easy way: an alternative to the
  Pareto/NBD model" (BG/NBD)
- Fader, Hardie 2013, "The Gamma-Gamma model of monetary value"

Written from the papers: the one library that is still kept pulls in a compiler for a sampler.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betaln, gammaln, hyp2f1

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Histories:
    """What both models know of customers, one number each, times in weeks.

    Attributes:
        repeats: days with a purchase after the first one.
        last: from the first purchase day to the last one.
        age: from the first purchase day to today.
        repeat_amount: the mean of what the repeats came to; 0 without any.
    """

    repeats: Floats
    last: Floats
    age: Floats
    repeat_amount: Floats

    def where(self, chosen: NDArray[np.bool_]) -> "Histories":
        """The customers that a mask chooses."""
        return Histories(
            self.repeats[chosen], self.last[chosen], self.age[chosen], self.repeat_amount[chosen]
        )


@dataclass(frozen=True)
class BgNbd:
    """Rates are gamma(r, alpha); after each purchase a share, beta(a, b), leaves for good."""

    r: float
    alpha: float
    a: float
    b: float

    @classmethod
    def fitted(cls, known: Histories) -> "BgNbd":
        """By maximum likelihood (equation 6 of the paper)."""
        x, last, age = known.repeats, known.last, known.age

        def loss(logs: Floats) -> float:
            r, alpha, a, b = np.exp(logs)
            common = (
                gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + x) - betaln(a, b)
            )
            alive = -(r + x) * np.log(alpha + age)
            left = np.where(
                x > 0,
                np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + last),
                -np.inf,
            )
            return -float(np.mean(common + np.logaddexp(alive, left)))

        return cls(*np.exp(_least(loss, 4)))

    def alive(self, known: Histories) -> Floats:
        """P(has not left)."""
        x, since = known.repeats, (self.alpha + known.age) / (self.alpha + known.last)
        odds = self.a / (self.b + np.maximum(x, 1) - 1) * since ** (self.r + x)
        return np.asarray(1 / (1 + np.where(x > 0, odds, 0)))

    def any(self, known: Histories, weeks: float) -> Floats:
        """P(at least one purchase in so many weeks): alive, and not waiting for longer."""
        start = self.alpha + known.age
        stays_away = (start / (start + weeks)) ** (self.r + known.repeats)
        return np.asarray(self.alive(known) * (1 - stays_away))

    def expected(self, known: Histories, weeks: float) -> Floats:
        """Purchases to expect in so many weeks (equation 10)."""
        r, a, b, x = self.r, self.a, self.b, known.repeats
        start = self.alpha + known.age
        more = weeks / (start + weeks)
        grown = 1 - (1 - more) ** (r + x) * hyp2f1(r + x, b + x, a + b + x - 1, more)
        return np.asarray((a + b + x - 1) / (a - 1) * grown * self.alive(known))


@dataclass(frozen=True)
class GammaGamma:
    """Amounts of one customer are gamma(p, ν), where ν is gamma(q, gamma) over customers."""

    p: float
    q: float
    gamma: float

    @classmethod
    def fitted(cls, known: Histories) -> "GammaGamma":
        """By maximum likelihood (equation 1a of the note), on those with a repeat."""
        paid = (known.repeats > 0) & (known.repeat_amount > 0)
        x, mean = known.repeats[paid], known.repeat_amount[paid]

        def loss(logs: Floats) -> float:
            p, q, gamma = np.exp(logs)
            each = (
                gammaln(p * x + q)
                - gammaln(p * x)
                - gammaln(q)
                + q * np.log(gamma)
                + (p * x - 1) * np.log(mean)
                + p * x * np.log(x)
                - (p * x + q) * np.log(gamma + x * mean)
            )
            return -float(np.mean(each))

        return cls(*np.exp(_least(loss, 3)))

    def expected(self, known: Histories) -> Floats:
        """The amount of a purchase to expect: the customer's own mean, drawn to everybody's."""
        everybody = self.p * self.gamma / (self.q - 1)
        own = self.p * known.repeats / (self.p * known.repeats + self.q - 1)
        return np.asarray((1 - own) * everybody + own * known.repeat_amount)


def _least(loss: object, count: int) -> Floats:
    found = minimize(loss, np.zeros(count), method="Nelder-Mead", options={"maxiter": 5000})
    return np.asarray(minimize(loss, found.x, method="L-BFGS-B").x)
