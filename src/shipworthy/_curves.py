"""The shapes behind a range: quantile curves fitted through three numbers, as functions of a normal score.

Every curve is anchored at the likely number (score 0) and hits low and high at the scores -C and +C. Three shapes do
all the work, each a stretch of the normal score z on its own scale:

- :class:`Unbounded`, plain scale: the shifted lognormal, clipped at the bounds where a number sits on one;
- :class:`Semi`, logarithm of the distance to the one bound: J-QPD-S (Hadlock & Bickel 2017);
- :class:`Bounded`, normal score of the position between two bounds: J-QPD-B (Hadlock & Bickel 2017).

J-QPD-S is usually written l + θ exp(λ sinh(asinh(δz) + asinh(ncδ))). With sinh(a + b) written out, it is a hyperbola
in the exponent, without a case n = 0 and with nothing to cancel near it.

References
----------
Hadlock, C. C. & Bickel, J. E. (2017). Johnson Quantile-Parameterized Distributions. Decision Analysis 14(1), 35-64.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Protocol, overload

import numpy as np
import numpy.typing as npt

from shipworthy.errors import EstimateError

Floats = npt.NDArray[np.float64]
Scores = npt.NDArray[np.floating]

C = NormalDist().inv_cdf(0.9)
"""Normal score of p90."""

STEEPEST = 16.0
"""Ratio of the two gaps around the likely number (on the curve's scale) above which the rest goes in a straight line.

16 is a lognormal with sigma 2.16. Beyond it the exponential through (100, 101, 150) would put the mean at 203, and at
a tie it has no limit; with the cap a curve passes continuously into the two straight pieces of a tie.
"""

_NEARLY_STRAIGHT = 1e-3
_REACH = 6.5  # scores beyond this do not occur among 2^30 points
_CELLS = 128  # table cells from score 0 to score C


class Curve(Protocol):
    """What a range needs from its shape."""

    @property
    def kind(self) -> str: ...

    def at(self, z: Floats) -> Floats:
        """Values at the normal scores ``z`` (one-dimensional)."""
        ...

    def mean(self) -> float: ...

    def ends(self) -> tuple[float, float]:
        """Smallest and largest value, infinite where there is none."""
        ...


class Quantiles:
    """``quantile`` for everything that has ``from_scores``."""

    __slots__ = ()

    def from_scores(self, z: Scores) -> Floats:
        raise NotImplementedError

    def _ends(self) -> tuple[float, float]:
        raise NotImplementedError

    @overload
    def quantile(self, p: float) -> float: ...
    @overload
    def quantile(self, p: npt.NDArray[np.float64] | Sequence[float]) -> Floats: ...
    def quantile(self, p: float | npt.NDArray[np.float64] | Sequence[float]) -> float | Floats:
        """Value that is not exceeded with probability ``p`` [0..1]."""
        share = np.asarray(p, dtype=np.float64)
        if not np.all((share >= 0) & (share <= 1)):
            raise EstimateError(f"quantile: {p!r:.60} is not a probability: give a number from 0 to 1")
        inside = np.clip(share, 1e-300, 1 - 1e-16)
        if share.ndim == 0:
            z = np.array([NormalDist().inv_cdf(float(inside))])
        else:
            from scipy.special import ndtri  # type: ignore[import-untyped,unused-ignore]

            z = ndtri(inside)
        low, high = self._ends()
        values = np.where(share <= 0, low, np.where(share >= 1, high, self.from_scores(z).reshape(share.shape)))
        return float(values) if share.ndim == 0 else values


@dataclass(frozen=True, slots=True)
class Constant:
    """A plain number."""

    value: float
    kind: str = "constant"

    def at(self, z: Floats) -> Floats:
        return np.full(z.shape, self.value)

    def mean(self) -> float:
        return self.value

    def ends(self) -> tuple[float, float]:
        return self.value, self.value


@dataclass(frozen=True, slots=True)
class Unbounded:
    """Shifted lognormal m + (h - m)(r^(z/C) - 1)/(r - 1), r = (h - m)/(m - l), and what is steeper as a straight line.

    ``sign`` is -1 for a long lower tail (the mirror image). ``lower`` and ``upper`` clip.
    """

    likely: float
    sign: float
    excess: float
    rate: float
    slope: float
    hinge: float
    lower: float
    upper: float
    kind: str

    @classmethod
    def fit(cls, low: float, likely: float, high: float, lower: float = -math.inf, upper: float = math.inf) -> Curve:
        gaps = (likely - low, high - likely)
        small, large = min(gaps), max(gaps)
        bent = min(large, STEEPEST * small)
        excess = (bent - small) / small if small > 0 else 0.0
        rate = math.log1p(excess) / C
        # slope at the likely number of the exponential part
        slope = bent * (rate / excess if excess > 0 else 1 / C)
        kind = "shifted lognormal" if small > 0 else "two-piece"
        if math.isfinite(lower) or math.isfinite(upper):
            kind = f"clipped {kind}"
        sign = 1.0 if gaps[1] >= gaps[0] else -1.0
        return cls(likely, sign, excess, rate, slope, (large - bent) / C, lower, upper, kind)

    def at(self, z: Floats) -> Floats:
        y = z if self.sign > 0 else -z
        if self.slope == 0.0:
            out = np.zeros_like(y)
        elif self.excess < _NEARLY_STRAIGHT:
            x = y * self.rate
            out = (self.slope * y) * (1 + x / 2 * (1 + x / 3 * (1 + x / 4 * (1 + x / 5))))
        else:
            out = y * self.rate
            np.exp(out, out=out)
            out -= 1.0
            out *= self.slope / self.rate
        if self.hinge > 0.0:
            out += self.hinge * np.maximum(y, 0.0)
        if self.sign < 0:
            np.negative(out, out=out)
        out += self.likely
        if self.lower > -math.inf:
            np.maximum(out, self.lower, out=out)
        if self.upper < math.inf:
            np.minimum(out, self.upper, out=out)
        return out

    def mean(self) -> float:
        kinks = [0.0]
        for bound in (self.lower, self.upper):
            if math.isfinite(bound):
                kinks.append(self._score(bound))
        return _mean(self, self.likely, (-self.rate, self.rate), kinks)

    def ends(self) -> tuple[float, float]:
        limit = self.slope / self.rate if self.rate > 0 else (math.inf if self.slope > 0 else 0.0)
        natural = (self.likely - limit, math.inf) if self.sign > 0 else (-math.inf, self.likely + limit)
        return max(natural[0], self.lower), min(natural[1], self.upper)

    def _score(self, value: float) -> float:
        """Score at which the unclipped curve reaches ``value``, by bisection; ±40 where it does not."""
        below, above = -40.0, 40.0
        for _ in range(60):
            y = 0.5 * (below + above)
            out = self.slope * y if self.rate == 0 else self.slope / self.rate * math.expm1(self.rate * y)
            if out + self.hinge * max(y, 0.0) < self.sign * (value - self.likely):
                below = y
            else:
                above = y
        return self.sign * 0.5 * (below + above)


@dataclass(frozen=True, slots=True)
class Semi:
    """J-QPD-S: bound + span · exp(a y + n (√(m² + e y²) − m)), y = z, or −z for an upper bound (the mirror image).

    a is half the sum of the two log gaps over C, m the smaller one, e = (M − m)(M + 3m)/(4C²), n the longer side. A
    tail away from the bound that is steeper still gets the rest as a straight line (``hinge``), on the plain scale.
    """

    bound: float
    span: float
    a: float
    n: float
    m: float
    e: float
    hinge: float
    kind: str = "J-QPD-S"

    @classmethod
    def fit(cls, low: float, likely: float, high: float, bound: float) -> Curve:
        span = likely - bound
        inner, outer = (low, high) if span > 0 else (high, low)
        near = math.log1p((likely - inner) / (inner - bound))
        far = math.log1p((outer - likely) / span)
        n = 1.0 if far >= near else -1.0
        m, large, hinge = min(near, far), max(near, far), 0.0
        if n > 0 and large > STEEPEST * m:
            large = STEEPEST * m
            hinge = (outer - likely - span * math.expm1(large)) / C
        return cls(
            bound=bound,
            span=span,
            a=(m + large) / (2 * C),
            n=n,
            m=m,
            e=(large - m) * (large + 3 * m) / (4 * C * C),
            hinge=hinge,
        )

    def at(self, z: Floats) -> Floats:
        t = z * z
        t *= self.e
        t += self.m * self.m
        np.sqrt(t, out=t)
        t -= self.m
        t *= self.n
        t += z * (self.a if self.span > 0 else -self.a)
        np.exp(t, out=t)
        t *= self.span
        t += self.bound
        if self.hinge != 0.0:
            t += self.hinge * np.maximum(z if self.span > 0 else -z, 0.0)
        return t

    def mean(self) -> float:
        root = math.sqrt(self.e)
        slopes = (self.a - self.n * root, self.a + self.n * root)
        if self.span < 0:
            slopes = (-slopes[1], -slopes[0])
        corner = self.m / root if root > 0 else 1.0
        return _mean(self, self.bound + self.span, slopes, _ladder(corner))

    def ends(self) -> tuple[float, float]:
        return (self.bound, math.inf) if self.span > 0 else (-math.inf, self.bound)


@dataclass(frozen=True, slots=True)
class Bounded:
    """J-QPD-B: lower + width · Φ(b + λ(sinh(δ(y + C)) − sinh δC)), y = n z; what is steeper as a straight line."""

    lower: float
    width: float
    middle: float
    n: float
    delta: float
    half: float
    slope: float
    hinge: float
    kind: str = "J-QPD-B"

    @classmethod
    def fit(cls, low: float, likely: float, high: float, lower: float, upper: float) -> Curve:
        width = upper - lower
        left, middle, right = (_score_between(x, lower, upper) for x in (low, likely, high))
        gaps = (max(middle - left, 0.0), max(right - middle, 0.0))
        small, large = min(gaps), max(gaps)
        bent = min(large, STEEPEST * small)
        over = (bent / small - 1) / 2 if small > 0 else 0.0
        delta = math.log1p(over + math.sqrt(over * (2 + over))) / C
        return cls(
            lower=lower,
            width=width,
            middle=middle,
            n=1.0 if gaps[1] >= gaps[0] else -1.0,
            delta=delta,
            half=(bent + small) / (2 * math.sinh(2 * delta * C)) if delta > 0 else 0.0,
            slope=(bent + small) / (2 * C) if delta == 0 else 0.0,
            hinge=(large - bent) / C,
        )

    def at(self, z: Floats) -> Floats:
        from scipy.special import ndtr  # type: ignore[import-untyped,unused-ignore]

        y = self.inner(z)
        ndtr(y, out=y)
        y *= self.width
        y += self.lower
        return np.minimum(y, self.lower + self.width, out=y)

    def inner(self, z: Floats) -> Floats:
        """The curve on the scale of normal scores."""
        y = z if self.n > 0 else -z
        if self.delta > 0:
            t = np.expm1(y * self.delta)
            with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
                out = t / (1.0 + t)
            out *= self.half * math.exp(-self.delta * C)
            out += t * (self.half * math.exp(self.delta * C))
        else:
            out = y * self.slope
        if self.hinge > 0:
            out += self.hinge * np.maximum(y, 0.0)
        if self.n < 0:
            np.negative(out, out=out)
        out += self.middle
        return out

    def mean(self) -> float:
        return _mean(self, self.lower + self.width * NormalDist().cdf(self.middle), (0.0, 0.0), [0.0])

    def ends(self) -> tuple[float, float]:
        return self.lower, self.lower + self.width


class Table:
    """A smooth curve between tabulated points, for arrays of thousands of scores: four times as fast as J-QPD-B.

    Cubic between points a 128th of C apart (scores -C, 0 and C are among them, so the three numbers are still met);
    within 1e-9 of the distance between the bounds.
    """

    __slots__ = ("_coefficients", "_ends")

    def __init__(self, curve: Curve) -> None:
        cells = math.ceil(_REACH / C * _CELLS)
        grid = np.asarray(np.arange(-3 * cells, 3 * cells + 1) * (C / (3 * _CELLS)), dtype=np.float64)
        values = curve.at(grid)
        p = np.stack([values[0:-3:3], values[1:-2:3], values[2:-1:3], values[3::3]])
        # the cubic through four equally spaced points, in the fraction of the cell
        cubic = np.array([[1, 0, 0, 0], [-5.5, 9, -4.5, 1], [9, -22.5, 18, -4.5], [-4.5, 13.5, -13.5, 4.5]])
        self._coefficients = np.ascontiguousarray(cubic @ p)
        self._ends = curve.ends()

    def at(self, z: Scores) -> Floats | None:
        """Values at the scores ``z``; None where a score is outside the table."""
        place = np.multiply(z, _CELLS / C, dtype=np.float64)
        c0, c1, c2, c3 = self._coefficients
        place += c0.size // 2
        if not (place.min() >= 0 and place.max() < c0.size):
            return None
        cell = place.astype(np.intp)
        place -= cell
        out: Floats = c3.take(cell)
        for c in (c2, c1, c0):
            out *= place
            out += c.take(cell)
        np.maximum(out, self._ends[0], out=out)
        np.minimum(out, self._ends[1], out=out)
        return out


def _score_between(x: float, lower: float, upper: float) -> float:
    """Normal score of the position of ``x`` between the bounds, exact near either; infinite where it rounds to one."""
    width = upper - lower
    left, right = (x - lower) / width, (upper - x) / width
    if left <= 0 or right <= 0:
        return math.copysign(math.inf, left - right)
    return NormalDist().inv_cdf(left) if left <= right else -NormalDist().inv_cdf(right)


def _ladder(corner: float) -> list[float]:
    """Cuts that close in on score 0 as far as a bend of radius ``corner`` there needs."""
    cuts, cut = [0.0], 0.5
    while cut > max(corner, 1e-9) / 2:
        cuts += [cut, -cut]
        cut /= 2
    return cuts


@lru_cache(maxsize=1)
def _gauss() -> tuple[Floats, Floats]:
    nodes, weights = np.polynomial.legendre.leggauss(20)
    return nodes.astype(np.float64), weights.astype(np.float64)


def _mean(curve: Unbounded | Semi | Bounded, centre: float, slopes: tuple[float, float], kinks: list[float]) -> float:
    """∫ curve(z) φ(z) dz by Gauss-Legendre on pieces cut at the kinks; ``slopes`` of the logarithm say how far out."""
    low, high = -9.0 + min(0.0, *slopes), 9.0 + max(0.0, *slopes)
    cuts = np.unique(np.clip(np.concatenate([np.arange(low, high, 0.5), [high], kinks]), low, high))
    nodes, weights = _gauss()
    half = np.diff(cuts)[:, None] / 2
    z: Floats = (cuts[:-1, None] + half * (1 + nodes)).ravel()
    weight = (half * weights).ravel() * np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
    return centre + float(np.dot(curve.at(z) - centre, weight))
