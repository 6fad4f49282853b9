"""The joint model: what an option pays over the period, in each draw, from its terms."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shipworthy.words import DAYS_A_MONTH as DAYS_A_MONTH

Array = npt.NDArray[np.float64]
Draws = float | Array


@dataclass(frozen=True)
class Phase:
    """One phase of an option: from its launch until the next phase is live, or the period ends.

    Parameters
    ----------
    monthly : float or array
        Net flow while live [money/month].
    launch : float or array
        Days from today until live [day].
    one_off : float or array
        Paid whether or not it ever goes live [money].
    gate_open : float or array
        1 where it may go live, 0 where a failed gate keeps it from ever doing so.
    repair_cost, repair_days : float or array
        What clearing a gate that can be cleared costs [money] and how long it holds up the launch [day].
    """

    monthly: Draws
    launch: Draws = 0.0
    one_off: Draws = 0.0
    gate_open: Draws = 1.0
    repair_cost: Draws = 0.0
    repair_days: Draws = 0.0

    def live(self) -> Draws:
        """Day on which it is live; infinite where a gate keeps it from going live [day]."""
        day = self.launch + self.repair_days
        if isinstance(self.gate_open, np.ndarray) or isinstance(day, np.ndarray):
            return np.where(np.asarray(self.gate_open) > 0, day, np.inf)
        return day if self.gate_open > 0 else float("inf")


@dataclass(frozen=True)
class DateCost:
    """What missing a date costs: once, and for each day from the date until live."""

    day: float
    once: Draws = 0.0
    a_day: Draws = 0.0


def discounted_days(start: Draws, end: Draws, rate: float) -> Draws:
    r"""Days between two moments, each discounted to today; 0 where the end is not after the start.

    .. math:: \int_s^e (1 + r)^{-t/365} \, dt = \frac{e^{-\rho s} - e^{-\rho e}}{\rho}, \quad \rho = \ln(1 + r) / 365

    Parameters
    ----------
    start, end : float or array
        Moments, from today [day].
    rate : float
        Discount rate a year [1/year]; 0 counts every day alike.

    Examples
    --------
    >>> float(discounted_days(0.0, 365.0, 0.0))
    365.0
    >>> round(float(discounted_days(0.0, 365.0, 0.08)), 2)
    351.31
    """
    rho = float(np.log1p(rate)) / 365
    days: Draws
    if abs(rho) < 1e-10:
        days = np.maximum(0.0, np.subtract(end, start))
    else:
        days = np.maximum(0.0, (np.exp(np.multiply(-rho, start)) - np.exp(np.multiply(-rho, end))) / rho)
    return days


def date_cost(live: Draws, cost: DateCost, period: float, rate: float) -> Draws:
    """What missing a date costs until the option is live, at most to the end of the period, discounted [money].

    Examples
    --------
    Due on day 90, live on day 100: 5,000 once and 10 days at 100.

    >>> float(date_cost(100.0, DateCost(90, 5_000, 100), 1095, 0.0))
    6000.0
    >>> float(date_cost(90.0, DateCost(90, 5_000, 100), 1095, 0.0))
    0.0
    """
    if cost.day >= period:
        return 0.0
    late = np.asarray(live) > cost.day
    once = np.asarray(cost.once) * (1 + rate) ** (-cost.day / 365)
    days = discounted_days(cost.day, np.minimum(live, period), rate)
    return np.where(late, once + np.asarray(cost.a_day) * days, 0.0)


def payoff(phases: list[Phase], period: float, rate: float, date: DateCost | None = None) -> Draws:
    r"""Payoff of an option over the period, in today's money.

    Each phase earns its monthly flow from its launch to the next phase's launch or the end of the period. One-off
    costs are paid today, whether or not the phase goes live; a phase whose gate stays closed never does.

    .. math:: \sum_i f_i \int_{l_i}^{\min(l_{i+1}, T)} (1+r)^{-t/365} dt - \sum_i c_i - \text{date cost}

    Parameters
    ----------
    phases : list of Phase
        In order. None at all is "do nothing".
    period : float
        How long payoff is counted [day].
    rate : float
        Discount rate a year [1/year].
    date : DateCost, optional
        What missing a date costs.

    Returns
    -------
    float or array
        [money]

    Examples
    --------
    1,000 a month from day 30 for the rest of a year, 2,000 to build, nothing discounted:

    >>> round(float(payoff([Phase(1_000, 30, 2_000)], 365, 0.0)), 2)
    9013.7
    >>> float(payoff([], 365, 0.08, DateCost(100, once=7_000))) < 0
    True
    """
    total: Draws = 0.0
    until: Draws = period
    lives = [phase.live() for phase in phases]
    for phase, live in zip(reversed(phases), reversed(lives), strict=True):
        total = total + phase.monthly * (discounted_days(live, until, rate) / DAYS_A_MONTH)
        total = total - phase.one_off - phase.repair_cost
        until = np.minimum(until, live)
    if date is not None:
        first: Draws = np.asarray(float("inf"))
        for live in lives:
            first = np.minimum(first, live)
        total = total - date_cost(first, date, period, rate)
    return total
