"""How much a case of a sample tells of an answer."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shipworthy.calculators._voi_fit import Floats, Ranks, ranks
from shipworthy.errors import InputError


@dataclass(frozen=True)
class Plan:
    """How much a case tells of an answer, from :func:`pilot` or :func:`measurement`.

    Attributes
    ----------
    ranks
        The answer's draws in order.
    prior_size
        What is known beforehand, as if so many cases had been seen [1].
    values
        The answer's draws [its unit].
    case_sd
        Standard deviation from case to case, at least 0; none for a pilot, where cases say yes or no [same unit].
    """

    ranks: Ranks
    prior_size: float
    values: Floats
    case_sd: float | None = None

    def shown(self, cases: float, dice: np.random.Generator, draws: int | None = None) -> Floats:
        """What so many cases would show in each draw, or in the first of them: their mean, or how many say yes with what
        breaks ties by chance. Only the order counts."""
        values = self.values[:draws]
        if np.isinf(cases):
            return values
        if self.case_sd is None:
            return np.asarray(dice.binomial(round(cases), np.clip(values, 0, 1)) + dice.random(values.size))
        return np.asarray(values + self.case_sd / np.sqrt(cases) * dice.standard_normal(values.size))


def pilot(rates: npt.ArrayLike) -> Plan:
    r"""A pilot in which each user says yes or no: how much it tells of the share of yes.

    .. math:: n_0 = \frac{m (1 - m)}{\mathrm{Var}(p)} - 1

    the size of the pilot that would have left us knowing as much as we do, with m the mean of the rate.

    Parameters
    ----------
    rates : array
        Draws of the rate [0..1].

    Examples
    --------
    >>> rates = np.random.default_rng(1).beta(3, 7, 2**14)
    >>> round(pilot(rates).prior_size, 1)
    10.0

    References
    ----------
    Jalal, H., Alarid-Escudero, F. (2018). A Gaussian approximation approach for value of information analysis. Medical
    Decision Making 38(2), 174-188.
    """
    found = checked_draws(rates)
    if found.min() < 0 or found.max() > 1:
        raise InputError(
            f"Rate: draws from {found.min():g} to {found.max():g} were found. A share from 0 to 1 would do."
        )
    mean, variance = float(found.mean()), float(found.var())
    _need_doubt(found)
    return Plan(ranks(found), max(mean * (1 - mean) / variance - 1.0, 1e-9), found)


def measurement(values: npt.ArrayLike, case_sd: float) -> Plan:
    r"""Measurements of something that differs from case to case: how much they tell of its mean.

    .. math:: n_0 = s^2 / \mathrm{Var}(\theta)

    Parameters
    ----------
    values : array
        Draws of the mean over cases [any unit]. Where cases spread lognormally, give the logarithms of the median, and
        ``case_sd`` in logarithms.
    case_sd : float
        Standard deviation from case to case [same unit].

    Examples
    --------
    >>> values = 100 + 10 * np.random.default_rng(1).standard_normal(2**14)
    >>> round(measurement(values, 50.0).prior_size)
    25

    References
    ----------
    Jalal, Alarid-Escudero (2018).
    """
    found = checked_draws(values)
    _need_spread(case_sd)
    variance = float(found.var())
    _need_doubt(found)
    return Plan(ranks(found), case_sd * case_sd / variance, found, float(case_sd))


def checked_draws(values: npt.ArrayLike) -> Floats:
    """One row of finite numbers, refused in words where it is none."""
    found = np.asarray(values, dtype=np.float64)
    if found.ndim != 1 or not found.size or not np.isfinite(found).all():
        raise InputError(
            f"Draws of an answer: found an array of shape {found.shape}. One row of finite numbers would do."
        )
    return found


def _need_doubt(found: Floats) -> None:
    if found.min() == found.max():
        raise InputError("Sample: the answer is the same in every draw. There is nothing left to find out.")


def _need_spread(case_sd: float) -> None:
    if not 0 < case_sd < np.inf:
        raise InputError(f"Spread from case to case: {case_sd:g} was found. A number above 0 would do.")
