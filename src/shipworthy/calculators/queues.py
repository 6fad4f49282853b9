"""Queues: how long a case waits for somebody to take it up.

Two kinds. Cases that arrive one by one are an M/M/c queue (:func:`erlang_c`, :func:`mmc_wait`, :func:`wait_exceeds`).
A list that arrives at once, as from a scoring run, is worked through at the team's pace (:func:`batch_wait`). An
overloaded queue has no mean wait: the functions return nan and :func:`backlog_growth` says by how much it grows.
"""

import math

import numpy as np
import numpy.typing as npt

from shipworthy.calculators._numbers import need_not_negative

Floats = npt.NDArray[np.float64]

# Up to here the Poisson probability is computed from the log gamma function, above by Stirling's series.
_SMALL = 30.0


def erlang_b(load: npt.ArrayLike, servers: npt.ArrayLike) -> Floats:
    r"""Probability that a request is turned away in an M/M/c/c queue (no waiting room).

    .. math:: B(c, a) = \frac{a^c / c!}{\sum_{k=0}^{c} a^k / k!} = \frac{e^{-a} a^c / \Gamma(c + 1)}{Q(c + 1, a)}

    with Q the regularised upper incomplete gamma function; no sums over servers, so it holds for thousands of them.
    Agrees with the recurrence B(c) = a B(c-1) / (c + a B(c-1)) to 1e-11, up to 5,000 servers.

    Parameters
    ----------
    load : float or array
        Offered load, arrival rate × mean service time [erlang].
    servers : float or array
        Parallel servers [1]. A fraction is interpolated by the gamma function.

    Returns
    -------
    float or array
        Probability of being turned away [0..1]; 1 where there is no server.

    Raises
    ------
    InputError
        Where the load or the number of servers is negative.

    Examples
    --------
    >>> round(float(erlang_b(10, 11)), 4)
    0.1632

    References
    ----------
    Cooper, R. B. (1981). Introduction to Queueing Theory, 2nd ed., ch. 3. Jagerman, D. L. (1974). Some properties of
    the Erlang loss function. Bell System Technical Journal 53(3), 525-551.
    """
    from scipy.special import gammaincc

    a, c = np.broadcast_arrays(_checked(load, "offered load"), _checked(servers, "number of servers"))
    tail = gammaincc(c + 1.0, a)
    with np.errstate(divide="ignore", invalid="ignore"):
        blocked = np.where(np.isinf(c), 0.0, _poisson(a, c) / tail)
    far = ~(tail > 1e-280) & np.isfinite(a) & np.isfinite(c)  # both parts underflow: far above what c servers can do
    if far.any():
        blocked[far] = _overloaded(a[far], c[far])
    return np.where((c == 0) | (np.isinf(a) & np.isfinite(c)), 1.0, blocked)[()]


def erlang_c(load: npt.ArrayLike, servers: npt.ArrayLike) -> Floats:
    r"""Probability that a request has to wait in an M/M/c queue.

    .. math:: C(c, a) = \frac{B}{1 - (a / c)(1 - B)}

    with B the Erlang B blocking probability of :func:`erlang_b`.

    Parameters
    ----------
    load : float or array
        Offered load, arrival rate × mean service time [erlang].
    servers : float or array
        Parallel servers [1].

    Returns
    -------
    float or array
        Probability of waiting [0..1]; 1 where ``load >= servers``.

    Raises
    ------
    InputError
        Where the load or the number of servers is negative.

    Examples
    --------
    >>> round(float(erlang_c(10, 11)), 4)
    0.6821

    References
    ----------
    Cooper (1981), ch. 3.
    """
    a, c = np.asarray(load, dtype=np.float64), np.asarray(servers, dtype=np.float64)
    blocked = erlang_b(a, c)
    with np.errstate(divide="ignore", invalid="ignore"):
        waiting = blocked / (1.0 - a / c * (1.0 - blocked))
    return np.where(a >= c, 1.0, waiting)[()]


def mmc_wait(arrivals: npt.ArrayLike, service: npt.ArrayLike, servers: npt.ArrayLike) -> Floats:
    r"""Mean wait before service starts in an M/M/c queue.

    .. math:: W = \frac{C(c, a)\, s}{c - a}, \qquad a = \lambda s

    Assumes random (Poisson) arrivals one by one and exponential service times; for a list that comes at once use
    :func:`batch_wait`.

    Parameters
    ----------
    arrivals : float or array
        Arrival rate λ [1/day].
    service : float or array
        Mean time that a server spends on a request s [days].
    servers : float or array
        Parallel servers c [1].

    Returns
    -------
    float or array
        Mean wait [days]; nan where ``arrivals × service >= servers``: that queue grows without end, see
        :func:`backlog_growth`.

    Raises
    ------
    InputError
        Where an argument is negative.

    Examples
    --------
    >>> round(float(mmc_wait(20, 0.5, 11)), 4)
    0.3411
    >>> float(mmc_wait(20, 0.5, 10))
    nan

    References
    ----------
    Cooper (1981), ch. 3.
    """
    rate, time = _checked(arrivals, "arrival rate"), _checked(service, "service time")
    count = _checked(servers, "number of servers")
    load = rate * time
    with np.errstate(divide="ignore", invalid="ignore"):
        wait = erlang_c(load, count) * time / (count - load)
    return np.where(load < count, wait, np.nan)[()]


def wait_exceeds(
    arrivals: npt.ArrayLike, service: npt.ArrayLike, servers: npt.ArrayLike, limit: npt.ArrayLike
) -> Floats:
    r"""Share of requests that wait longer than a limit in an M/M/c queue, first come first served.

    .. math:: P(W > t) = C(c, a)\, e^{-(c - a) t / s}

    Parameters
    ----------
    arrivals, service, servers : float or array
        As in :func:`mmc_wait` [1/day], [days], [1].
    limit : float or array
        The longest wait that is accepted t [days].

    Returns
    -------
    float or array
        Share [0..1]; nan where the queue is overloaded.

    Raises
    ------
    InputError
        Where an argument is negative.

    Examples
    --------
    >>> round(float(wait_exceeds(20, 0.5, 11, 1)), 4)
    0.0923

    References
    ----------
    Cooper (1981), ch. 3.
    """
    rate, time = _checked(arrivals, "arrival rate"), _checked(service, "service time")
    count, longest = _checked(servers, "number of servers"), _checked(limit, "longest wait")
    load = rate * time
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        stays = np.where(longest > 0, np.exp(-(count - load) * longest / time), 1.0)
        stays = np.where((time == 0) & (longest > 0), 0.0, stays)
        return np.where(load < count, erlang_c(load, count) * stays, np.nan)[()]


def backlog_growth(arrivals: npt.ArrayLike, capacity: npt.ArrayLike) -> Floats:
    r"""By how much a backlog grows a day.

    .. math:: g = \max(0, \lambda - k)

    Parameters
    ----------
    arrivals : float or array
        Work that comes in λ [1/day].
    capacity : float or array
        Work that can be done k [1/day].

    Returns
    -------
    float or array
        Growth [1/day]; 0 where capacity suffices.

    Examples
    --------
    >>> float(backlog_growth(120, 80))
    40.0

    References
    ----------
    Newell, G. F. (1982). Applications of Queueing Theory, 2nd ed., ch. 2 (fluid approximation).
    """
    return np.maximum(np.subtract(arrivals, capacity, dtype=np.float64), 0.0)[()]


def batch_wait(
    contacts_per_run: npt.ArrayLike, capacity_per_day: npt.ArrayLike, rhythm: npt.ArrayLike
) -> tuple[Floats, Floats]:
    r"""Longest wait in the list of a scoring run, and the share of the list that is contacted before the next one.

    .. math:: B = \min(n / k, R), \qquad \text{share} = \min(1, k R / n)

    The list is worked through best score first at an even pace, so a contacted case waits uniformly 0 to B days. A
    list that is too long for one rhythm is dropped when the next one comes: the backlog would grow by n/R − k a day
    (:func:`backlog_growth`), and the cases beyond are never contacted.

    Parameters
    ----------
    contacts_per_run : float or array
        Length of the list of one run n [1].
    capacity_per_day : float or array
        Contacts that the team makes k [1/day].
    rhythm : float or array
        Time between two runs R [days]; 0 is scoring without pause, where no list forms.

    Returns
    -------
    tuple of float or array
        Longest wait B [days] and share contacted [0..1].

    Raises
    ------
    InputError
        Where an argument is negative.

    Examples
    --------
    >>> wait, share = batch_wait(600, 30, 30)
    >>> float(wait), float(share)
    (20.0, 1.0)
    >>> wait, share = batch_wait(1200, 30, 30)
    >>> float(wait), float(share)
    (30.0, 0.75)

    References
    ----------
    Newell (1982), ch. 2.
    """
    contacts, capacity = _checked(contacts_per_run, "list length"), _checked(capacity_per_day, "capacity")
    between = _checked(rhythm, "scoring rhythm")
    with np.errstate(divide="ignore", invalid="ignore"):
        wait = np.where(contacts > 0, np.minimum(contacts / capacity, between), 0.0)
        share = np.where(contacts > 0, np.minimum(capacity * between / contacts, 1.0), 1.0)
    return wait[()], share[()]


def _checked(value: npt.ArrayLike, name: str) -> Floats:
    return need_not_negative("Queue", name, value)


def _poisson(a: Floats, c: Floats) -> Floats:
    """Poisson probability e^-a a^c / c! without cancellation: near c the exponent is c (log1p(d) - d), d = a/c - 1."""
    from scipy.special import gammaln, xlogy

    small = np.exp(xlogy(c, a) - a - gammaln(c + 1.0)) if (c <= _SMALL).any() else np.zeros(())
    big = np.maximum(c, _SMALL)
    distance = (a - big) / big
    inverse = 1.0 / (big * big)
    stirling = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / big
    exponent = big * (np.log1p(distance) - distance) - stirling
    return np.where(c <= _SMALL, small, np.exp(exponent) / np.sqrt(2 * math.pi * big))


def _overloaded(a: Floats, c: Floats) -> Floats:
    """Erlang B far above capacity: 1/B = 1 + c/a + c(c-1)/a² + …, terms that fall at least as fast as (c/a)^k."""
    term, total, k = np.ones_like(a), np.ones_like(a), 0.0
    while k < 100_000 and (np.abs(term) > 1e-17 * total).any():
        term = term * (c - k) / a
        total = total + term
        k += 1.0
    return 1.0 / total
