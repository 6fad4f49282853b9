"""Estimates: what we do not know, as functions from a normal score to a value.

A range (low, likely, high), a chance, weighted choices and the pool of several people's ranges all answer the same
call, ``from_scores(z)``: the value in each draw, given the draw's normal score. A spread is no estimate: it says what
differs from case to case, and is integrated inside a draw, never drawn.

METHODS.md says why these shapes; the formulas are in ``_curves``.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Protocol

import numpy as np
import numpy.typing as npt

from shipworthy._correlation import CorrelationError, correlation_cholesky, nearest_correlation
from shipworthy._curves import Bounded, C, Constant, Curve, Floats, Quantiles, Scores, Semi, Table, Unbounded
from shipworthy._pool import Pool, QuantileAverage, quantile_average
from shipworthy.errors import EstimateError

__all__ = [
    "Chance",
    "CorrelationError",
    "Estimate",
    "Pool",
    "QuantileAverage",
    "Range",
    "Spread",
    "Weights",
    "correlation_cholesky",
    "lognormal_parameters",
    "nearest_correlation",
    "quantile_average",
]

_Z95 = NormalDist().inv_cdf(0.95)
_LARGEST = 1e100
_MANY = 4096  # scores from which a table pays


class Estimate(Protocol):
    """Whatever turns normal scores into values."""

    def from_scores(self, z: Scores) -> Floats: ...

    def mean(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Range(Quantiles):
    """Low, likely and high (p10, p50, p90) of one number, with hard bounds where it has natural ones.

    The curve passes through the three numbers exactly and stays within the bounds: J-QPD-S with one bound, J-QPD-B
    with two, a shifted lognormal with none. A number that sits on its bound keeps that share of the draws there.

    Parameters
    ----------
    low, likely, high : float
        p10, p50 and p90, from small to large; all three the same for a number that is known.
    lower, upper : float, optional
        Values that the number cannot be below or above.

    Raises
    ------
    EstimateError
        where no distribution can have these numbers.

    Examples
    --------
    >>> r = Range(1.0, 2.0, 6.0, lower=0.0)
    >>> r.kind, [round(r.quantile(p), 9) for p in (0.1, 0.5, 0.9)], round(r.mean(), 4)
    ('J-QPD-S', [1.0, 2.0, 6.0], 3.073)

    References
    ----------
    Hadlock, C. C. & Bickel, J. E. (2017). Johnson Quantile-Parameterized Distributions. Decision Analysis 14(1), 35-64.
    """

    low: float
    likely: float
    high: float
    lower: float | None = None
    upper: float | None = None
    _curve: Curve = field(init=False, repr=False, compare=False)
    _tables: list[Table] = field(init=False, repr=False, compare=False, default_factory=list)

    def __post_init__(self) -> None:
        for name in ("low", "likely", "high", "lower", "upper"):
            value = getattr(self, name)
            if value is not None or name in ("low", "likely", "high"):
                object.__setattr__(self, name, _number(name, value))
        if self.low > self.likely:
            raise EstimateError(f"low ({self.low:g}) is above likely ({self.likely:g}): type them from small to large")
        if self.likely > self.high:
            raise EstimateError(
                f"likely ({self.likely:g}) is above high ({self.high:g}): type them from small to large"
            )
        if self.lower is not None and self.low < self.lower:
            raise EstimateError(f"low ({self.low:g}) is below {self.lower:g}, the least it can be: type a larger low")
        if self.upper is not None and self.high > self.upper:
            raise EstimateError(
                f"high ({self.high:g}) is above {self.upper:g}, the most it can be: type a smaller high"
            )
        object.__setattr__(self, "_curve", _fit(self))

    @property
    def kind(self) -> str:
        """Name of the fitted shape."""
        return self._curve.kind

    def from_scores(self, z: Scores) -> Floats:
        """Values at the normal scores ``z``."""
        scores = np.asarray(z)
        curve = self._curve
        if isinstance(curve, Bounded) and scores.size >= _MANY:
            if not self._tables:
                self._tables.append(Table(curve))
            values = self._tables[0].at(scores.ravel())
            if values is not None:
                return values.reshape(scores.shape)
        return curve.at(scores.astype(np.float64, copy=False).ravel()).reshape(scores.shape)

    def mean(self) -> float:
        """Expected value."""
        return self._curve.mean()

    def _ends(self) -> tuple[float, float]:
        return self._curve.ends()


@dataclass(frozen=True, slots=True)
class Spread:
    """What differs from case to case: a lognormal by its p50 and p95. Both 0 means there is none.

    Examples
    --------
    >>> s = Spread(2.0, 8.0)
    >>> round(s.sigma, 4), round(s.mean(), 4), round(s.quantile(0.95), 9)
    (0.8428, 2.8528, 8.0)
    """

    p50: float
    p95: float
    mu: float = field(init=False, compare=False)
    sigma: float = field(init=False, compare=False)

    def __post_init__(self) -> None:
        p50, p95 = _number("p50", self.p50), _number("p95", self.p95)
        if p50 < 0:
            raise EstimateError(f"p50 ({p50:g}) is below 0: type a number above 0, or 0 for both if there is none")
        if p95 < p50:
            raise EstimateError(
                f"p50 ({p50:g}) is above p95 ({p95:g}): half of the cases are below p50, 95 % below p95"
            )
        if p50 == 0 < p95:
            raise EstimateError(f"p50 is 0 and p95 is {p95:g}: type a p50 above 0, or 0 for both if there is none")
        mu, sigma = lognormal_parameters(p50, p95)
        for name, value in (("p50", p50), ("p95", p95), ("mu", float(mu)), ("sigma", float(sigma))):
            object.__setattr__(self, name, value)

    def mean(self) -> float:
        """Mean over the cases, p50 · exp(sigma² / 2)."""
        return self.p50 * math.exp(self.sigma**2 / 2)

    def quantile(self, p: float) -> float:
        """Value that a share ``p`` of the cases is below (0 < p < 1)."""
        if not 0 < p < 1:
            raise EstimateError(f"share of the cases: {p} is not between 0 and 1")
        return self.p50 * math.exp(self.sigma * NormalDist().inv_cdf(p))


def lognormal_parameters(p50: npt.ArrayLike, p95: npt.ArrayLike) -> tuple[Floats, Floats]:
    r"""Parameters of the lognormals with the given p50 and p95, draw by draw.

    .. math:: \mu = \ln p_{50}, \qquad \sigma = \ln(p_{95} / p_{50}) / \Phi^{-1}(0.95)

    Two uncertain numbers may cross in a few draws: p95 below p50 counts as p50 (sigma 0). Where p50 is 0 there is no
    spread at all: mu is -inf and sigma 0.

    Parameters
    ----------
    p50, p95 : float or array
        In the spread's unit, 0 or above.

    Returns
    -------
    mu, sigma : array
        Logarithm of the unit, and 1.

    Raises
    ------
    EstimateError
        where one is negative or not a number.

    Examples
    --------
    >>> mu, sigma = lognormal_parameters([1.0, 0.0], [5.18025, 0.0])
    >>> mu.tolist(), sigma.round(4).tolist()
    ([0.0, -inf], [1.0, 0.0])
    """
    middle, top = np.asarray(p50, dtype=np.float64), np.asarray(p95, dtype=np.float64)
    if not (np.all(middle >= 0) and np.all(top >= 0)):
        raise EstimateError("spread: p50 or p95 is negative or not a number: both must be 0 or above")
    some = np.where(middle > 0, middle, 1.0)
    sigma = np.where(middle > 0, np.log(np.maximum(top, some) / some) / _Z95, 0.0)
    return np.where(middle > 0, np.log(some), -np.inf), sigma


@dataclass(frozen=True, slots=True)
class Chance:
    """Yes (1) with probability ``p``, else no (0). High scores are yes.

    Examples
    --------
    >>> Chance(0.25).from_scores(np.array([-1.0, 0.0, 1.0])).tolist()
    [0.0, 0.0, 1.0]
    """

    p: float

    def __post_init__(self) -> None:
        p = _number("chance", self.p)
        if not 0 <= p <= 1:
            raise EstimateError(f"chance ({p:g}) is not between 0 and 1: type 30 % or 0.3 for three in ten")
        object.__setattr__(self, "p", p)

    def from_scores(self, z: Scores) -> Floats:
        """1 where the score is among the highest ``p`` of all scores, else 0."""
        return (np.asarray(z) > -_score(self.p)).astype(np.float64)

    def mean(self) -> float:
        """The probability."""
        return self.p


@dataclass(frozen=True, slots=True)
class Weights:
    """Exactly one of several choices, each with its weight; weights need not add up to one.

    Examples
    --------
    >>> w = Weights({"a": 1, "b": 2, "c": 1})
    >>> w.from_scores(np.array([-1.0, 0.0, 1.0])).tolist(), w.choices, w.shares
    ([0, 1, 2], ('a', 'b', 'c'), (0.25, 0.5, 0.25))
    """

    weights: Mapping[str, float] = field(hash=False)
    choices: tuple[str, ...] = field(init=False, compare=False)
    shares: tuple[float, ...] = field(init=False, compare=False)
    _edges: tuple[float, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        weights = {str(choice): _number(f"weight of {choice}", weight) for choice, weight in self.weights.items()}
        if not weights:
            raise EstimateError("weights: there are no choices: give at least one")
        for choice, weight in weights.items():
            if weight < 0:
                raise EstimateError(f"weight of {choice} ({weight:g}) is below 0: type 0 or more")
        total = math.fsum(weights.values())
        if total <= 0:
            raise EstimateError("weights: all are 0: give at least one choice a weight above 0")
        shares = tuple(weight / total for weight in weights.values())
        # each edge from its nearer end, so that choices of weight 0 at either end are never drawn
        edges = []
        for k in range(1, len(shares)):
            below, above = math.fsum(shares[:k]), math.fsum(shares[k:])
            edges.append(_score(below) if below <= above else -_score(above))
        for name, value in (
            ("weights", weights),
            ("choices", tuple(weights)),
            ("shares", shares),
            ("_edges", tuple(edges)),
        ):
            object.__setattr__(self, name, value)

    def from_scores(self, z: Scores) -> npt.NDArray[np.intp]:
        """Index of the choice in each draw."""
        scores = np.asarray(z)
        index = np.zeros(scores.shape, dtype=np.intp)
        for edge in self._edges:
            index += scores > edge
        return index


def _fit(r: Range) -> Curve:
    """The shape that the three numbers and the bounds call for, held to passing through the numbers."""
    if r.low == r.high:
        return Constant(r.likely)
    lower = -math.inf if r.lower is None else r.lower
    upper = math.inf if r.upper is None else r.upper
    curves: list[Curve] = []
    if lower < r.low and r.high < upper:
        if math.isfinite(lower) and math.isfinite(upper):
            curves.append(Bounded.fit(r.low, r.likely, r.high, lower, upper))
        elif math.isfinite(lower) or math.isfinite(upper):
            curves.append(Semi.fit(r.low, r.likely, r.high, lower if math.isfinite(lower) else upper))
    curves.append(Unbounded.fit(r.low, r.likely, r.high, lower, upper))  # also where a bound is too far off to matter
    wanted = np.array([r.low, r.likely, r.high])
    error = 1e-12 * np.maximum(np.abs(wanted), r.high - r.low)
    for curve in curves:
        with np.errstate(all="ignore"):
            met = np.all(np.abs(curve.at(np.array([-C, 0.0, C])) - wanted) <= error)
            tails = curve.at(np.array([-40.0, 40.0]))
        if not np.all(np.isfinite(tails)):
            break
        if met:
            return curve
    raise EstimateError(
        f"low ({r.low:g}), likely ({r.likely:g}) and high ({r.high:g}) are too far apart to compute with: "
        "bring them closer together"
    )


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise EstimateError(f"{name} ({value!r:.40}) is not a number: type a number")
    number = float(value) if -_LARGEST <= value <= _LARGEST else math.nan
    if not math.isfinite(number):
        raise EstimateError(f"{name} ({value!s:.40}) is not a number to compute with: type one below 1e100")
    return number


def _score(p: float) -> float:
    return NormalDist().inv_cdf(p) if 0 < p < 1 else math.copysign(math.inf, p - 0.5)
