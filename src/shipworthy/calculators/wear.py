"""How a model's effect wears off as the world moves on, and what retraining it keeps."""

import numpy as np
import numpy.typing as npt

from shipworthy.calculators.funnel import need_part
from shipworthy.errors import InputError

Array = npt.NDArray[np.float64]
Draws = float | Array


def effect_kept(decay: Draws, every: Draws, months: Draws, rate: float = 0.0) -> Draws:
    r"""Average share of the effect that a model keeps while it is live, retrained every so often.

    After a training the effect falls by the same share each month, and each retraining brings all of it back:

    .. math:: \bar k = \frac{\int_0^L (1 - d)^{t \bmod R} (1 + r)^{-t/12} \, dt}{\int_0^L (1 + r)^{-t/12} \, dt}

    in closed form: whole cycles are a geometric series, the last one may be cut short. Weighted by the discount rate, so
    that the average times the discounted months is the discounted sum.

    Parameters
    ----------
    decay : float or array
        Share of the effect lost a month [0..1].
    every : float or array
        Months between two retrainings R [month]; 0 for never.
    months : float or array
        How long it is live L [month].
    rate : float
        Discount rate a year [1/year].

    Returns
    -------
    float or array
        [0..1]; 1 where it is never live.

    Raises
    ------
    InputError
        Where ``decay`` is no share, or a time or the rate is negative.

    Examples
    --------
    Five in a hundred a month, retrained every three months, and never in three years:

    >>> round(float(effect_kept(0.05, 3.0, 36.0)), 4), round(float(effect_kept(0.05, 0.0, 36.0)), 4)
    (0.9269, 0.4561)

    References
    ----------
    Arithmetic. Exponential decay is an assumption: some models fail at once when the world changes.
    """
    need_part("Effect lost a month", decay)
    for label, value in (("Months between retrainings", every), ("Months live", months), ("Discount rate", rate)):
        if not np.min(value) >= 0:
            raise InputError(f"{label}: {np.min(value):g} was found; 0 or more would do.")
    if isinstance(decay, float | int) and decay == 0:
        return 1.0
    live, rho = np.asarray(months, dtype=np.float64), float(np.log1p(rate)) / 12.0
    with np.errstate(divide="ignore", invalid="ignore"):
        wear = -np.log1p(-np.asarray(decay, dtype=np.float64)) + rho
        cycle = np.where(np.asarray(every) > 0, np.minimum(every, live), live)
        cycle = np.where(cycle > 0, cycle, 1.0)
        full = np.floor(live / cycle + 1e-12)
        rest = np.maximum(live - full * cycle, 0.0)
        cycles = full if rho == 0 else np.expm1(-rho * full * cycle) / np.expm1(-rho * cycle)
        kept = _area(wear, cycle) * cycles + np.exp(-rho * full * cycle) * _area(wear, rest)
        share = kept / _area(np.asarray(rho), live)
    return np.where(live > 0, np.where(np.isinf(wear), 0.0, share), 1.0)[()]


def retraining_cost(cost: Draws, every: Draws) -> Draws:
    """What retraining costs a month, spread evenly [money/month]; nought where it is never done.

    Parameters
    ----------
    cost : float or array
        One retraining, with its data, tests and approval [money].
    every : float or array
        Months between two of them [month]; 0 for never.

    Examples
    --------
    >>> float(retraining_cost(6_000.0, 3.0)), float(retraining_cost(6_000.0, 0.0))
    (2000.0, 0.0)
    """
    if not np.min(every) >= 0:
        raise InputError(f"Months between retrainings: {np.min(every):g} was found; 0 or more would do.")
    months = np.asarray(every, dtype=np.float64)
    return np.where(months > 0, cost / np.where(months > 0, months, 1.0), 0.0)[()]


def _area(rate: Array, span: Array) -> Array:
    """Area under a decline at a rate over a span."""
    flat = np.abs(rate * span) < 1e-9
    found: Array = np.where(flat, span, -np.expm1(-rate * span) / np.where(rate == 0, 1.0, rate))
    return found
