"""Several people's ranges for one number: their linear opinion pool, and the average of their quantiles."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from shipworthy._curves import Floats, Quantiles, Scores
from shipworthy.errors import EstimateError

if TYPE_CHECKING:
    from shipworthy.estimate import Range


@dataclass(frozen=True)
class Pool(Quantiles):
    """Linear opinion pool of several people's ranges: each is right with the same probability.

    The mixture's distribution function is tabulated from the people's own curves and read backwards. Gaps between
    people who are far apart stay gaps, and numbers that are certain to someone keep their share.

    Examples
    --------
    >>> from shipworthy.estimate import Range
    >>> pool = Pool((Range(1, 2, 3), Range(11, 12, 13)))
    >>> round(pool.mean(), 6), [round(pool.quantile(p), 2) for p in (0.25, 0.75)]
    (7.0, [2.0, 12.0])

    References
    ----------
    Stone, M. (1961). The opinion pool. Annals of Mathematical Statistics 32(4), 1339-1342.
    """

    ranges: tuple["Range", ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "ranges", _people(self.ranges))

    def from_scores(self, z: Scores) -> Floats:
        """Values at the normal scores ``z``."""
        if len(self.ranges) == 1:
            return self.ranges[0].from_scores(z)
        start, step, values, rises = self._lookup
        place = np.clip((np.asarray(z, dtype=np.float64) - start) / step, 0.0, values.size - 1.0)
        cell = place.astype(np.intp)
        place -= cell
        place *= rises.take(cell)
        place += values.take(cell)
        return place

    def mean(self) -> float:
        """Expected value: the mean of the people's means."""
        return math.fsum(r.mean() for r in self.ranges) / len(self.ranges)

    def _ends(self) -> tuple[float, float]:
        ends = [r._ends() for r in self.ranges]
        return min(e[0] for e in ends), max(e[1] for e in ends)

    @cached_property
    def _lookup(self) -> tuple[float, float, Floats, Floats]:
        from scipy.special import ndtr, ndtri  # type: ignore[import-untyped,unused-ignore]

        grid = np.linspace(-8.0, 8.0, 4097)
        coarse = grid[::2]
        curves = [np.maximum.accumulate(r.from_scores(coarse)) for r in self.ranges]
        x = np.unique(np.concatenate(curves))
        # the mixture's score at each value, and just below it where somebody has a share on one number
        flat = any(np.any(np.diff(curve) == 0) for curve in curves)
        ladder = []
        for side in (_score_below, _score_at) if flat else (_score_at,):
            people = [side(curve, coarse, x) for curve in curves]
            p, q = (np.mean([ndtr(sign * z) for z in people], axis=0) for sign in (1, -1))
            score = np.where(p <= q, 1.0, -1.0) * ndtri(np.minimum(p, q))
            ladder.append(np.clip(score, -9.0, 9.0))
        scores = np.maximum.accumulate(np.stack(ladder, axis=1).ravel())
        values = np.interp(grid, scores, np.repeat(x, len(ladder)))
        return -8.0, float(grid[1] - grid[0]), values, np.append(np.diff(values), 0.0)


@dataclass(frozen=True, slots=True)
class QuantileAverage(Quantiles):
    """Several people's ranges averaged at each probability: same mean as their pool, and never wider."""

    ranges: tuple["Range", ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "ranges", _people(self.ranges))

    def from_scores(self, z: Scores) -> Floats:
        """Values at the normal scores ``z``."""
        total = self.ranges[0].from_scores(z).copy()
        for r in self.ranges[1:]:
            total += r.from_scores(z)
        return np.divide(total, len(self.ranges))

    def mean(self) -> float:
        """Expected value: the mean of the people's means."""
        return math.fsum(r.mean() for r in self.ranges) / len(self.ranges)

    def _ends(self) -> tuple[float, float]:
        ends = [r._ends() for r in self.ranges]
        return sum(e[0] for e in ends) / len(ends), sum(e[1] for e in ends) / len(ends)


def quantile_average(ranges: Sequence["Range"]) -> QuantileAverage:
    """Average several people's ranges at each probability.

    Sharper than their linear pool (:class:`Pool`), which should be used for probabilities; the two means agree.

    Examples
    --------
    >>> from shipworthy.estimate import Range
    >>> round(quantile_average([Range(1, 2, 3), Range(11, 12, 13)]).quantile(0.9), 9)
    8.0

    References
    ----------
    Lichtendahl, K. C., Grushka-Cockayne, Y. & Winkler, R. L. (2013). Is it better to average probabilities or
    quantiles? Management Science 59(7), 1594-1611.
    """
    return QuantileAverage(tuple(ranges))


def _people(ranges: Sequence["Range"]) -> tuple["Range", ...]:
    if not ranges:
        raise EstimateError("pool: nobody has given a range yet: it needs at least one")
    return tuple(ranges)


def _score_below(curve: Floats, grid: Floats, x: Floats) -> Floats:
    """Largest score at which a tabulated curve is still below each x."""
    k = np.searchsorted(curve, x, "left")
    j = np.clip(k, 1, curve.size - 1)
    rise = curve[j] - curve[j - 1]
    rise = np.where(rise > 0, rise, 1.0)
    z = grid[j] - (curve[j] - x) / rise * (grid[j] - grid[j - 1])
    return np.where(k == 0, -np.inf, np.where(k == curve.size, np.inf, z))


def _score_at(curve: Floats, grid: Floats, x: Floats) -> Floats:
    """Largest score at which a tabulated curve is at most each x."""
    k = np.searchsorted(curve, x, "right") - 1
    j = np.clip(k, 0, curve.size - 2)
    rise = curve[j + 1] - curve[j]
    rise = np.where(rise > 0, rise, 1.0)
    z = grid[j] + (x - curve[j]) / rise * (grid[j + 1] - grid[j])
    return np.where(k < 0, -np.inf, np.where(k == curve.size - 1, np.inf, z))
