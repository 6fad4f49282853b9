"""Servers that cannot become more: what share of a day's uses they get done, how long a use waits, whether a night is enough.

A day is a few levels: a share of its uses, and how busy it is then against the busiest hour. What comes in above what
the servers can do is not done. Waits are those of Erlang C, stretched for work that differs more or less than
exponentially (:func:`shipworthy.calculators.general_queues.allen_cunneen`).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from shipworthy.calculators._numbers import need_not_negative
from shipworthy.calculators.queues import erlang_c
from shipworthy.errors import InputError

Floats = npt.NDArray[np.float64]
Level = tuple[float | Floats, float | Floats]
"""Uses a second against those of the busiest hour [0..1], and the share of the day's uses that come then [0..1]."""

_HALF, _RARE = float(np.log(2.0)), float(np.log(20.0))
_SECONDS_AN_HOUR = 3600.0


class Wait(NamedTuple):
    """The wait for a free server: the share of the uses that wait at all, and how long those do."""

    share: Floats
    """Share of the uses that wait [0..1]; 1 where the servers are overloaded."""
    typical: Floats
    """What half of those that wait stay under [s]; inf where the servers are overloaded."""
    slow: Floats
    """What 95 in 100 of those that wait stay under [s]."""

    def percentile(self, q: float) -> Floats:
        """The wait that a share ``q`` of all uses stays under [s], those that do not wait counted as 0."""
        with np.errstate(divide="ignore", invalid="ignore"):
            found = self.typical / _HALF * np.log(self.share / (1.0 - q))
        return np.asarray(np.where(self.share > 1.0 - q, found, 0.0))[()]


def peaked_day(peak_factor: npt.ArrayLike) -> tuple[Level, Level]:
    r"""The day of which only the busiest hour is known: that hour, and the other 23 alike.

    .. math:: (1, \tfrac{f}{24}), \qquad \left(\tfrac{24 - f}{23 f}, 1 - \tfrac{f}{24}\right)

    No other day with that busiest hour has fewer hours above it, so what is lost to overload is the least it can be as
    long as the other hours are not overloaded themselves.

    Parameters
    ----------
    peak_factor : float or array
        How much more comes in the busiest hour than in the mean one f [1]; above 24 it counts as 24.

    Returns
    -------
    tuple
        Two levels, each (against the busiest hour [0..1], share of the uses [0..1]).

    Raises
    ------
    InputError
        Where the factor is below 1.

    Examples
    --------
    >>> [(round(float(busy), 3), round(float(share), 3)) for busy, share in peaked_day(3.0)]
    [(1.0, 0.125), (0.304, 0.875)]

    References
    ----------
    Arithmetic.
    """
    factor = np.asarray(peak_factor, dtype=np.float64)
    if factor.size and not factor.min() >= 1:
        raise InputError(f"Daily shape: the busiest hour has {factor.min():g} times the average. It must be 1 or more.")
    factor = np.minimum(factor, 24.0)
    return (1.0, (factor / 24.0)[()]), (((24.0 - factor) / (23.0 * factor))[()], (1.0 - factor / 24.0)[()])


def hourly_day(hours: Sequence[float]) -> tuple[Level, ...]:
    """The levels of a day whose hours are known; hours that are equally busy are one level.

    Parameters
    ----------
    hours : sequence of float
        What comes in each hour, in any unit [1]; not all 0.

    Returns
    -------
    tuple
        Levels, the busiest first, each (against the busiest hour [0..1], share of the uses [0..1]).

    Raises
    ------
    InputError
        Where an hour is below 0, or nothing comes at all.

    Examples
    --------
    >>> hourly_day([0.0] * 12 + [2.0] * 4 + [1.0] * 8)
    ((1.0, 0.5), (0.5, 0.5))

    References
    ----------
    Arithmetic.
    """
    found = np.asarray(hours, dtype=np.float64)
    if not (found >= 0).all() or not 0 < found.sum() < np.inf:
        raise InputError("Daily shape: give what comes in each hour, none below 0 and not all 0.")
    kinds, counts = np.unique(found[found > 0], return_counts=True)
    return tuple(
        (float(kind / kinds[-1]), float(kind * count / found.sum()))
        for kind, count in zip(kinds[::-1], counts[::-1], strict=True)
    )


def capacity_share(busy: npt.ArrayLike, levels: Sequence[Level]) -> Floats:
    r"""Share of a day's uses that the servers can get done: what comes in above what they can do is not done.

    .. math:: s = \sum_i p_i \min\left(1, \frac{1}{\rho\, r_i}\right)

    Parameters
    ----------
    busy : float or array
        What comes in the busiest hour against the most that the servers can do ρ [1]; above 1 they are overloaded.
    levels : sequence of (float or array, float or array)
        The day: how busy against the busiest hour r_i [0..1], and the share of the uses that come then p_i [0..1].

    Returns
    -------
    float or array
        Share [0..1].

    Raises
    ------
    InputError
        Where the busy share is negative.

    Examples
    --------
    Twice too much in the busiest hour, which has an eighth of the uses: half of them are lost.

    >>> float(capacity_share(2.0, peaked_day(3.0)))
    0.9375

    References
    ----------
    Arithmetic.
    """
    load = np.asarray(busy, dtype=np.float64)
    if load.size and not load.min() >= 0:
        raise InputError(f"Servers: a busy share of {load.min():g} was found. It must be 0 or more.")
    done: Floats = np.zeros(())
    for against, share in levels:
        done = done + np.asarray(share) / np.maximum(load * against, 1.0)
    return np.asarray(np.minimum(done, 1.0))[()]


def wait_stage(rate: npt.ArrayLike, service_seconds: npt.ArrayLike, cv: npt.ArrayLike, servers: npt.ArrayLike) -> Wait:
    r"""The wait for a free server: who waits, and how long those who do.

    .. math:: P(W > t) = C(c, a)\, e^{-t / \theta}, \qquad \theta = \frac{1 + c_s^2}{2} \, \frac{s}{c - a}

    Exact for exponential work (cv = 1). For other work the length of the waits is stretched as in Allen and Cunneen's
    mean, while the share that waits is kept; above cv = 1 that is too long by a quarter and more.

    Parameters
    ----------
    rate : float or array
        Arrival rate λ [1/s]; a = λ s.
    service_seconds : float or array
        Mean time of a use on a server s [s].
    cv : float or array
        Coefficient of variation of that time c_s [1].
    servers : float or array
        Uses that can be worked on at once c [1].

    Returns
    -------
    Wait
        Share that waits; median and 95th percentile of those waits.

    Raises
    ------
    InputError
        Where an argument is negative.

    Examples
    --------
    >>> found = wait_stage(34, 0.25, 1.0, 10)
    >>> round(float(found.share), 3), round(float(found.percentile(0.95)), 3)
    (0.53, 0.393)

    References
    ----------
    Cooper, R. B. (1981). Introduction to Queueing Theory, 2nd ed., ch. 3. Allen, A. O. (1990). Probability, Statistics,
    and Queueing Theory, 2nd ed., ch. 5.
    """
    given = {"arrival rate": rate, "service time": service_seconds, "variation": cv, "servers": servers}
    arrivals, work, differs, count = (need_not_negative("Queue", *each, known=True) for each in given.items())
    load = arrivals * work
    with np.errstate(divide="ignore", invalid="ignore"):
        length = np.where(load < count, 0.5 * (1.0 + differs * differs) * work / (count - load), np.inf)
    return Wait(erlang_c(load, count), (length * _HALF)[()], (length * _RARE)[()])


def night_hours(uses: npt.ArrayLike, service_seconds: npt.ArrayLike, servers: npt.ArrayLike) -> Floats:
    r"""How long a run takes that works out all uses in one go.

    .. math:: h = \frac{n s}{3600\, c}

    Parameters
    ----------
    uses : float or array
        Uses n [1].
    service_seconds : float or array
        Mean time of a use on a server s [s].
    servers : float or array
        Uses that are worked on at once c [1]. Above 0.

    Returns
    -------
    float or array
        Time [h].

    Raises
    ------
    InputError
        Where an argument is negative, or there is no server.

    Examples
    --------
    >>> float(night_hours(1_000_000, 0.036, 2))
    5.0

    References
    ----------
    Arithmetic.
    """
    count, work, lines = (np.asarray(each, dtype=np.float64) for each in (uses, service_seconds, servers))
    if not (lines > 0).all() or not (count >= 0).all() or not (work >= 0).all():
        raise InputError("Night: uses and their time must be 0 or more, and there must be a server.")
    return np.asarray(count * work / (_SECONDS_AN_HOUR * lines))[()]
