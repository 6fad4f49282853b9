"""What moves an option's payoff: tornado rows with their middle, and the share of the variance each answer carries.

Much variance is not much worth knowing: :mod:`shipworthy.calculators.value_of_information` says what is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from shipworthy.calculators._voi_fit import Fit, Floats, Ranks, bin_means, fitted, hermite
from shipworthy.calculators._voi_payoffs import checked
from shipworthy.calculators.value_of_information import Groups, Known
from shipworthy.errors import InputError

_LOW = -1.2815515655446004
"""Normal score of p10."""
_BENT, _LITTLE = 9.0, 0.02
"""Parameters, and part of the variance: a curve with more of the one and less of the other is not believed."""


@dataclass(frozen=True)
class Bar:
    """One row of a tornado: the expected payoff with one answer at its low, its likely and its high value.

    Attributes
    ----------
    answer
        Its key.
    low, middle, high
        Expected payoff there [money].
    """

    answer: str
    low: float
    middle: float
    high: float

    @property
    def ends(self) -> tuple[float, float]:
        """Lowest and highest of the three [money]."""
        three = (self.low, self.middle, self.high)
        return min(three), max(three)

    @property
    def swing(self) -> float:
        """From the lowest to the highest of the three [money]."""
        low, high = self.ends
        return high - low

    @property
    def turns(self) -> bool:
        """Whether the middle is outside what low and high give: more is not always better, or always worse."""
        return not min(self.low, self.high) <= self.middle <= max(self.low, self.high)


@dataclass(frozen=True)
class Share:
    """The part of an option's variance that one answer carries by itself.

    Attributes
    ----------
    value
        First-order share S1 [0..1].
    error
        Its standard error [1].
    """

    value: float
    error: float


def tornado(figures: Mapping[str, tuple[float, float, float]]) -> list[Bar]:
    """Rows of a tornado, the widest first.

    Parameters
    ----------
    figures : mapping of (low, middle, high)
        Expected payoff with an answer at its low, its likely and its high value, by the answer's key [money].

    Raises
    ------
    InputError
        Where a figure is not a finite number.

    Examples
    --------
    >>> [(bar.answer, bar.swing, bar.turns) for bar in tornado({"a": (1.0, 2.0, 3.0), "b": (0.0, 9.0, 0.0)})]
    [('b', 9.0, True), ('a', 2.0, False)]

    References
    ----------
    Eschenbach, T. G. (1992). Spiderplots versus tornado diagrams for sensitivity analysis. Interfaces 22(6), 40-46.
    """
    for name, three in figures.items():
        if len(three) != 3 or not np.isfinite(three).all():
            raise InputError(f"Tornado: {name} has {three}. Three finite figures would do: at low, likely and high.")
    bars = [Bar(name, *map(float, three)) for name, three in figures.items()]
    return sorted(bars, key=lambda bar: -bar.swing)


def conditional_means(payoff: npt.ArrayLike, known: Ranks) -> tuple[float, float, float]:
    """Expected payoff of one option with an answer at its p10, its p50 and its p90, from the draws as they are.

    Where answers are independent this is what working the model out with the answer pinned would give; where they are
    correlated the others move along.

    Parameters
    ----------
    payoff : array
        Payoff in each draw [money].
    known : Ranks
        The answer's draws, from :func:`shipworthy.calculators.value_of_information.ranks`.

    Returns
    -------
    tuple of float
        At p10, p50 and p90 [money].

    Examples
    --------
    >>> from statistics import NormalDist
    >>> from shipworthy.calculators.value_of_information import ranks
    >>> z = np.array([NormalDist().inv_cdf((i + 0.5) / 4096) for i in range(4096)])
    >>> tuple(round(each, 2) for each in conditional_means(100 * z + 7, ranks(z)))
    (-121.16, 7.0, 135.16)
    """
    low, middle, high = conditional_means_of_all(np.atleast_2d(payoff), [known])[0, 0]
    return float(low), float(middle), float(high)


def conditional_means_of_all(payoffs: npt.ArrayLike, known: Sequence[Known]) -> Floats:
    """:func:`conditional_means` of many payoffs and answers; for a chance at no, as it stands, and at yes.

    Parameters
    ----------
    payoffs : array
        Payoff of each option in each draw, option × draw [money].
    known : sequence of Ranks or Groups
        Each answer's draws.

    Returns
    -------
    array
        Answer × option × (low, middle, high) [money].

    Examples
    --------
    >>> from shipworthy.calculators.value_of_information import groups
    >>> conditional_means_of_all([[1.0, 1.0, 5.0, 5.0]], [groups([0, 0, 0, 1])]).round(2).tolist()
    [[[2.33, 3.0, 5.0]]]
    """
    found = checked(payoffs)
    means = np.empty((len(known), len(found), 3))
    for place, each in enumerate(known):
        if isinstance(each, Groups):
            _need_same(found, each.index.size)
            sums = np.stack([np.bincount(each.index, row) for row in found]) / each.sizes
            means[place] = np.stack([sums[:, 0], found.mean(axis=1), sums[:, -1]], axis=1)
    ranked = [place for place, each in enumerate(known) if isinstance(each, Ranks)]
    if ranked:
        columns = np.ascontiguousarray(found.T)
        binned = np.concatenate([_binned(columns, known[place]) for place in ranked])
        variances = np.tile(found.var(axis=1), len(ranked))
        means[ranked] = _at_tenths(_calm(fitted(binned), binned, variances)).reshape(len(ranked), len(found), 3)
    return means


def _calm(fit: Fit, binned: Floats, variances: Floats) -> Fit:
    """A parabola instead of a curve that bends much and carries next to nothing: it follows the pattern of the draws, as
    two of many dimensions have it, and not the answer."""
    doubtful = (fit.used > _BENT) & (fit.curve.var(axis=1) < _LITTLE * variances)
    if not doubtful.any():
        return fit
    weights, height = fit.weights.copy(), np.where(doubtful, 0.0, fit.height)
    kept = np.zeros_like(weights[doubtful])
    kept[:, :3] = np.linalg.solve(fit.basis.mix[:3, :3].T, (binned[doubtful] @ fit.basis.rows[:3].T).T).T
    weights[doubtful] = kept
    return replace(fit, weights=weights, height=height)


def _binned(columns: Floats, known: Known) -> Floats:
    assert isinstance(known, Ranks)
    _need_same(columns.T, known.order.size)
    return bin_means(columns, known.order)


def _at_tenths(fit: Fit) -> Floats:
    """The curves at p10, p50 and p90."""
    at = np.array([_LOW, 0.0, -_LOW])
    polynomials = np.stack([hermite(at, k) for k in range(fit.weights.shape[1])])
    return np.asarray(fit.weights @ polynomials + fit.height[:, None] * (at > fit.steps[:, None]))


def _need_same(found: Floats, draws: int) -> None:
    if draws != found.shape[1]:
        raise InputError(f"Draws: the payoff has {found.shape[1]}, an answer {draws}. Both need the same draws.")


def first_order_share(payoff: npt.ArrayLike, known: Known) -> Share:
    r"""Share of the variance that one answer carries by itself.

    .. math:: S_1 = \frac{\mathrm{Var}(E[U \mid \theta])}{\mathrm{Var}(U)}

    from the draws that are there, by the same curve as the worth of knowing it; what noise adds is taken off.

    Parameters
    ----------
    payoff : array
        Payoff of one option in each draw, or the difference of two [money].
    known : Ranks or Groups
        The answer's draws.

    Returns
    -------
    Share
        0 where the payoff is the same in every draw.

    Examples
    --------
    A sum of an answer and twice another: 1/5 of the variance is the first one's.

    >>> from shipworthy.calculators.value_of_information import ranks
    >>> z = np.random.default_rng(1).standard_normal((2, 2**14))
    >>> round(first_order_share(z[0] + 2 * z[1], ranks(z[0])).value, 2)
    0.2

    References
    ----------
    Sobol', I. M. (1993). Sensitivity estimates for nonlinear mathematical models. Mathematical Modelling and
    Computational Experiments 1(4), 407-414.
    """
    found = checked(np.atleast_2d(payoff))
    return first_order_shares(found[0], [known])[0]


def first_order_shares(payoff: npt.ArrayLike, known: Sequence[Known]) -> list[Share]:
    """:func:`first_order_share` of each of many answers.

    Examples
    --------
    >>> first_order_shares(np.ones(256), [])
    []
    """
    found = checked(np.atleast_2d(payoff))
    variance = float(found.var())
    if variance <= 1e-24 * float(np.mean(found**2)):
        return [Share(0.0, 0.0) for _ in known]
    return [_group_share(found[0], each) if isinstance(each, Groups) else _share(found, each) for each in known]


def _curve(found: Floats, known: Ranks) -> tuple[Fit, Floats]:
    _need_same(found, known.order.size)
    means = bin_means(found.T, known.order)
    return fitted(means), means[0]


def _share(found: Floats, known: Ranks) -> Share:
    (fit, means), variance = _curve(found, known), float(found.var())
    bins, used = fit.basis.bins, float(fit.used[0])
    noise = float(np.sum((means - fit.curve[0]) ** 2)) / (bins - used) / bins
    carried = float(fit.curve[0].var()) - (used - 1.0) * noise
    value = min(max(carried / variance, 0.0), 1.0)
    return Share(value, float(2 * np.sqrt(value * noise / variance) + noise / variance))


def _group_share(payoff: Floats, known: Groups) -> Share:
    _need_same(payoff[None, :], known.index.size)
    means = np.bincount(known.index, payoff) / known.sizes
    variance, free = float(payoff.var()), known.sizes.size - 1
    between = float(known.sizes @ (means - payoff.mean()) ** 2) / payoff.size
    noise = (variance - between) / max(payoff.size - free - 1, 1)
    value = min(max((between - free * noise) / variance, 0.0), 1.0)
    return Share(value, float(2 * np.sqrt(value * noise / variance) + noise / variance))
