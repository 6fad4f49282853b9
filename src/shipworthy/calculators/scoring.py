"""How good forecasts were, once it is known what came: coverage, Brier score, interval score, CRPS.

All but coverage are proper scores: who says what he believes expects the best one. Lower is better, 0 is perfect.
"""

import numpy as np
import numpy.typing as npt

from shipworthy.calculators._numbers import Array, floats
from shipworthy.errors import InputError


def brier(chance: npt.ArrayLike, came: npt.ArrayLike) -> Array:
    r"""Brier score of a forecast chance.

    .. math:: B = (p - o)^2

    0.25 is what “half and half” gets every time; the mean over many forecasts is the usual score.

    Parameters
    ----------
    chance : float or array
        The chance that was given [0..1].
    came : float or array
        1 where it came, 0 where it did not [0 or 1].

    Returns
    -------
    float or array
        The score of each [0..1].

    Raises
    ------
    InputError
        Where a chance is not between 0 and 1, or what came is neither 0 nor 1.

    Examples
    --------
    >>> brier([0.9, 0.9, 0.5], [1, 0, 1]).round(2).tolist()
    [0.01, 0.81, 0.25]

    References
    ----------
    Brier, G. W. (1950). Verification of forecasts expressed in terms of probability. Monthly Weather Review 78(1), 1-3.
    """
    given, outcome = floats(chance), floats(came)
    if not np.all((given >= 0) & (given <= 1)):
        raise InputError(f"Chance: {_first(given, (given >= 0) & (given <= 1)):g} was found; 0 to 1 would do.")
    if not np.all((outcome == 0) | (outcome == 1)):
        wrong = _first(outcome, (outcome == 0) | (outcome == 1))
        raise InputError(f"What came: {wrong:g} was found; 1 where it came and 0 where it did not would do.")
    return floats((given - outcome) ** 2)


def interval_score(low: npt.ArrayLike, high: npt.ArrayLike, came: npt.ArrayLike, *, share: float = 0.8) -> Array:
    r"""Interval score: the width of a central interval, and a penalty for what falls outside.

    .. math:: S = (u - l) + \frac{2}{\alpha} \max(l - y, 0) + \frac{2}{\alpha} \max(y - u, 0), \qquad \alpha = 1 - s

    A wide interval costs its width, a narrow one that misses costs more: ten times the miss for an interval of 80 %.

    Parameters
    ----------
    low, high : float or array
        Ends of the interval, such as p10 and p90 [any unit].
    came : float or array
        What came [same unit].
    share : float
        Chance with which the interval should hold what comes [above 0, below 1].

    Returns
    -------
    float or array
        The score of each [same unit].

    Raises
    ------
    InputError
        Where low is above high, a number is not finite, or the share is not between 0 and 1.

    Examples
    --------
    >>> interval_score([10, 10], [20, 20], [15, 22]).round(6).tolist()
    [10.0, 30.0]

    References
    ----------
    Gneiting, T., Raftery, A. E. (2007). Strictly proper scoring rules, prediction, and estimation. Journal of the American
    Statistical Association 102(477), 359-378, eq. 43.
    """
    lower, upper, outcome = _interval(low, high, came)
    _need_share(share)
    below, above = np.maximum(lower - outcome, 0.0), np.maximum(outcome - upper, 0.0)
    return floats(upper - lower + 2.0 / (1.0 - share) * (below + above))


def inside(low: npt.ArrayLike, high: npt.ArrayLike, came: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Whether what came lies in the interval, its ends included; the mean over many forecasts is their coverage.

    Parameters
    ----------
    low, high, came : float or array
        Ends of the interval and what came [any unit, the same].

    Returns
    -------
    bool or array
        True where it does.

    Raises
    ------
    InputError
        Where low is above high, or a number is not finite.

    Examples
    --------
    >>> inside([10, 10, 10], [20, 20, 20], [10, 15, 22]).tolist()
    [True, True, False]
    """
    lower, upper, outcome = _interval(low, high, came)
    found: npt.NDArray[np.bool_] = np.asarray((outcome >= lower) & (outcome <= upper))[()]
    return found


def coverage_chance(hits: npt.ArrayLike, count: npt.ArrayLike, *, share: float = 0.8) -> Array:
    r"""How likely so many hits or fewer are, for somebody whose intervals hold what they promise.

    .. math:: P(K \le k) = \sum_{i=0}^{k} \binom{n}{i} s^i (1 - s)^{n - i}

    A small one says that the ranges were too narrow. Forecasts that miss together (one cause behind several) are not
    independent, and then it says too much.

    Parameters
    ----------
    hits : int or array
        Intervals that held what came [1].
    count : int or array
        All intervals [1].
    share : float
        Chance with which each should [above 0, below 1].

    Returns
    -------
    float or array
        Probability [0..1]; 1 where there was none.

    Raises
    ------
    InputError
        Where hits are not whole numbers between 0 and count, or the share is not between 0 and 1.

    Examples
    --------
    Four of ten where eight were promised:

    >>> round(float(coverage_chance(4, 10)), 4)
    0.0064

    References
    ----------
    Clopper, C. J., Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated in the case of the binomial.
    Biometrika 26(4), 404-413.
    """
    from scipy.special import bdtr

    held, total = floats(hits), floats(count)
    fine = (held >= 0) & (held <= total) & (held == np.floor(held)) & (total == np.floor(total)) & np.isfinite(total)
    if not np.all(fine):
        raise InputError(
            f"Hits: {_first(held, fine):g} were found; a whole number from 0 to how many there are would do."
        )
    _need_share(share)
    return floats(bdtr(held, total.astype(np.int64), share))


def crps(values: npt.ArrayLike, came: npt.ArrayLike) -> Array:
    r"""Continuous ranked probability score of a distribution that is given by equally likely values.

    .. math:: \mathrm{CRPS} = \mathrm{E}|X - y| - \tfrac12 \mathrm{E}|X - X'| = \int (F(x) - \mathbf{1}\{x \ge y\})^2 dx

    exactly, for the distribution that puts the same weight on each value. A single value gets its distance from what came.
    Of a distribution with a quantile function, give the quantiles at (i + 1/2) / n; with n = 1,000 the score is
    within 0.1 % of the spread.

    Parameters
    ----------
    values : array
        Equally likely values along the last axis, in any order [any unit].
    came : float or array
        What came; broadcasts against the other axes [same unit].

    Returns
    -------
    float or array
        The score of each [same unit].

    Raises
    ------
    InputError
        Where there are no values, or a number is not finite.

    Examples
    --------
    >>> round(float(crps([1.0, 2.0, 3.0], 2.0)), 4), float(crps([4.0], 7.0))
    (0.2222, 3.0)

    References
    ----------
    Gneiting, T., Raftery, A. E. (2007). Strictly proper scoring rules, prediction, and estimation. Journal of the American
    Statistical Association 102(477), 359-378, eq. 21.
    """
    found, outcome = np.sort(np.atleast_1d(np.asarray(values, dtype=np.float64)), axis=-1), floats(came)
    count = found.shape[-1]
    if not count or not np.all(np.isfinite(found)) or not np.all(np.isfinite(outcome)):
        raise InputError("Forecast: numbers that are finite are needed, at least one of them, and one for what came.")
    apart = np.abs(found - np.asarray(outcome)[..., np.newaxis]).mean(axis=-1)
    weight = (2 * np.arange(1, count + 1) - count - 1) / count**2  # E|X − X'| = 2 Σ (2i − n − 1) x_i / n²
    among = (found - found.mean(axis=-1, keepdims=True)) @ weight
    return floats(apart - among)


def _interval(low: npt.ArrayLike, high: npt.ArrayLike, came: npt.ArrayLike) -> tuple[Array, Array, Array]:
    lower, upper, outcome = floats(low), floats(high), floats(came)
    for label, each in (("Low", lower), ("High", upper), ("What came", outcome)):
        if not np.all(np.isfinite(each)):
            raise InputError(f"{label}: {_first(each, np.isfinite(each)):g} was found; a finite number would do.")
    if not np.all(lower <= upper):
        raise InputError("Low is above high somewhere; give them from small to large.")
    return lower, upper, outcome


def _need_share(share: float) -> None:
    if not 0 < share < 1:
        raise InputError(f"Share: {share:g} was found; one above 0 and below 1 would do.")


def _first(values: Array, fine: npt.ArrayLike) -> float:
    """The first value that is not fine."""
    return float(np.broadcast_to(values, np.shape(fine))[~np.asarray(fine)].flat[0])
