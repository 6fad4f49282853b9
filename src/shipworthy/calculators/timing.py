"""The time to act: from the moment a case can first be flagged to the moment that acting on it is done.

The windows of the training data: observation [t0 - H, t0], gap (t0, t0 + G], label (t0 + G, t0 + G + L]. A case enters
the label window G + L days, the *prediction horizon*, before its event. It is scored at the next scoring run (one every
R days), then takes data delay, hand-over, the wait in the list, contact attempts, persuasion and the notice period. It
is reached in time if all of that is done before the event.

If R > L a case may pass through its label window between two runs: only L / R of the cases are scored in it, and those
have waited 0 to L days for their run, not 0 to R.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shipworthy.calculators.spreads import check_sigma, lognormal_cdf, lognormal_percentile, normal_cdf_of_own
from shipworthy.errors import InputError

Floats = npt.NDArray[np.float64]

# Where a uniform wait is narrower than this share of the time left, it is taken as its middle: the difference of two
# integrals would lose more to rounding than that does.
_NARROW = 1e-7
_TINY = 1e-300
_NO_SIGMA = 1e-9
# Draws that are worked on at a time: what they need then stays in the processor's cache.
_BLOCK = 4096


@dataclass(frozen=True)
class Timing:
    """The times between the moment a case can first be flagged and the moment acting on it is done [days].

    Each is a float or an array; arrays are broadcast against each other.

    Attributes
    ----------
    gap
        Gap G between scoring and the label window [days].
    window
        Label window L [days].
    rhythm
        Time between two scoring runs R [days]; 0 is scoring without pause.
    fixed
        Everything that takes every case equally long: data delay, notice period, a fixed hand-over [days].
    queue
        Longest wait in the list B [days], see :func:`shipworthy.calculators.queues.batch_wait`: a case waits 0 to B.
    spread
        ``(mu, sigma)`` of what differs from case to case, added up: hand-over, contact attempts, persuasion [ln days],
        see :func:`shipworthy.calculators.spreads.sum_of_lognormals`. ``(-inf, 0)`` is none.
    """

    gap: npt.ArrayLike = 0.0
    window: npt.ArrayLike = 30.0
    rhythm: npt.ArrayLike = 30.0
    fixed: npt.ArrayLike = 0.0
    queue: npt.ArrayLike = 0.0
    spread: tuple[npt.ArrayLike, npt.ArrayLike] = (-np.inf, 0.0)


def warning(gap: npt.ArrayLike, window: npt.ArrayLike, rhythm: npt.ArrayLike) -> tuple[Floats, Floats]:
    r"""Shortest and longest time left to the event when a case is first scored inside its label window.

    .. math:: G + L - \min(R, L) \quad\text{to}\quad G + L

    A case enters the label window G + L days before its event and waits uniformly 0 to R for the next scoring run; if
    R > L only the cases that a run catches count (:func:`share_scored`), and they have waited 0 to L.

    Parameters
    ----------
    gap, window, rhythm : float or array
        Gap G, label window L, time between two runs R [days].

    Returns
    -------
    tuple of float or array
        Shortest and longest warning [days].

    Raises
    ------
    InputError
        Where an argument is negative.

    Examples
    --------
    >>> shortest, longest = warning(0, 30, 30)
    >>> float(shortest), float(longest)
    (0.0, 30.0)

    References
    ----------
    The timing model of this module.
    """
    between, label, rest = (
        days_checked(rhythm, "scoring rhythm"),
        days_checked(window, "label window"),
        days_checked(gap, "gap"),
    )
    longest = rest + label
    return (longest - np.minimum(between, label))[()], longest[()]


def share_scored(window: npt.ArrayLike, rhythm: npt.ArrayLike) -> Floats:
    r"""Share of the cases that a scoring run ever sees inside their label window.

    .. math:: \min(1, L / R)

    Parameters
    ----------
    window, rhythm : float or array
        Label window L and time between two scoring runs R [days].

    Returns
    -------
    float or array
        Share [0..1].

    Raises
    ------
    InputError
        Where an argument is negative.

    Examples
    --------
    >>> float(share_scored(30, 60))
    0.5

    References
    ----------
    The timing model of this module.
    """
    label, between = days_checked(window, "label window"), days_checked(rhythm, "scoring rhythm")
    return np.divide(label, between, out=np.ones(np.broadcast(label, between).shape), where=between > label)[()]


def share_in_time(timing: Timing) -> Floats:
    r"""Share of the *scored* cases for which all is done before the event.

    .. math:: P(U + f + S \le G + L)

    with S the lognormal spread, f the fixed times and U the two waits, for the run (0 to :math:`w_1 = \min(R, L)`) and
    in the list (0 to :math:`w_2 = B`), taken as one uniform wait of the same mean and variance: width
    :math:`w = \sqrt{w_1^2 + w_2^2}`, from :math:`(w_1 + w_2 - w) / 2` on. With x the time left when that wait is over
    at its earliest,

    .. math:: P = \frac{I(x) - I(x - w)}{w}, \quad
              I(x) = \int_0^x F = x \Phi\Big(\frac{\ln x - \mu}{\sigma}\Big)
              - e^{\mu + \sigma^2/2} \Phi\Big(\frac{\ln x - \mu}{\sigma} - \sigma\Big)

    Exact where one of the two waits is 0. The worst case is two equal waits: off by up to 0.043 where nothing else
    varies, 0.011 where the spread's p50 is as long as each wait and its p95 twice that, 0.003 where the p50 is twice as
    long and the p95 twice that.

    Parameters
    ----------
    timing : Timing
        The times [days], floats or arrays.

    Returns
    -------
    float or array
        Share [0..1]. Exactly 0 where no case can be in time because the time needed is certain and too long.

    Raises
    ------
    EstimateError
        Where the spread is negative or too wide.

    Examples
    --------
    >>> float(share_in_time(Timing(gap=0, window=30, rhythm=30, fixed=60)))
    0.0
    >>> float(share_in_time(Timing(gap=60, window=30, rhythm=30, fixed=75)))
    0.5

    References
    ----------
    The timing model of this module; the integral is by parts, with the partial mean of the lognormal (Johnson, Kotz,
    Balakrishnan 1994, ch. 14).
    """
    return _done_within(timing, np.add(timing.gap, timing.window, dtype=np.float64))


def share_reached(timing: Timing) -> Floats:
    r"""Share of all events that can be reached in time: the case is scored, and all is done before the event.

    .. math:: \min(1, L / R) \cdot P(U + f + S \le G + L)

    :func:`share_scored` × :func:`share_in_time`, which says how it is computed.

    Parameters
    ----------
    timing : Timing
        The times [days], floats or arrays.

    Returns
    -------
    float or array
        Share [0..1].

    Raises
    ------
    EstimateError
        Where the spread is negative or too wide.

    Examples
    --------
    >>> two_months = (np.log(60), 0.25)
    >>> round(float(share_reached(Timing(gap=0, spread=two_months))), 4)
    0.0002
    >>> round(float(share_reached(Timing(gap=90, spread=two_months))), 3)
    0.983

    References
    ----------
    As :func:`share_in_time`.
    """
    return share_in_time(timing) * share_scored(timing.window, timing.rhythm)


def time_needed_curve(timing: Timing, days: npt.ArrayLike) -> Floats:
    r"""Share of the scored cases that are done within some days of entering the label window: a curve for a chart.

    .. math:: P(U + f + S \le t)

    Parameters
    ----------
    timing : Timing
        The times [days]. With ``rhythm=0`` the curve counts from the scoring, not from entering the window.
    days : float or array
        Times t [days], broadcast against the timing (``days[:, None]`` for a curve in every draw).

    Returns
    -------
    float or array
        Share [0..1], never falling in ``days``.

    Raises
    ------
    EstimateError
        Where the spread is negative or too wide.

    Examples
    --------
    >>> time_needed_curve(Timing(rhythm=30, window=30, fixed=20), [10, 20, 35, 50]).tolist()
    [0.0, 0.0, 0.5, 1.0]

    References
    ----------
    As :func:`share_in_time`.
    """
    return _done_within(timing, np.asarray(days, dtype=np.float64))


def time_needed_percentile(timing: Timing, q: npt.ArrayLike) -> Floats:
    r"""The time that a share ``q`` of the scored cases needs at most, from entering the label window to done.

    Solves :math:`P(U + f + S \le t) = q` by regula falsi (Illinois) between :math:`f + u + S_q` and
    :math:`f + u + w + S_q`, with S_q the spread's percentile, w the width of the wait and u its shortest. The gap that
    lets a share q of the scored cases be reached is the answer less the label window L. For scalars and small arrays.

    Parameters
    ----------
    timing : Timing
        The times [days]; the gap plays no part.
    q : float or array
        Share [0..1].

    Returns
    -------
    float or array
        Time needed [days]; inf for ``q = 1`` where the spread has no end.

    Raises
    ------
    InputError
        Where q is not a share.

    Examples
    --------
    >>> round(float(time_needed_percentile(Timing(rhythm=30, window=30, fixed=20), 0.8)), 6)
    44.0

    References
    ----------
    As :func:`share_in_time`.
    """
    share = np.asarray(q, dtype=np.float64)
    if not ((share >= 0) & (share <= 1)).all():
        raise InputError(f"Time needed: the share of cases is {share.min():g} to {share.max():g}. Give 0 % to 100 %.")
    width, shortest = _wait(timing)
    first = shortest + np.asarray(timing.fixed, dtype=np.float64) + lognormal_percentile(share, *timing.spread)
    low, wide, share = (np.array(a) for a in np.broadcast_arrays(first, width, share))
    endless = np.isinf(low)
    low[endless] = 0.0
    days = _solved(timing, share, low, low + wide)
    return np.where(endless, np.inf, days)[()]


def days_checked(value: npt.ArrayLike, name: str) -> Floats:
    """A time in days as an array; a negative one is refused in words."""
    array = np.asarray(value, dtype=np.float64)
    if (array < 0).any():
        raise InputError(f"Intervention lead time: the {name} is {array.min():g} days. It must be 0 or more.")
    return array


def _wait(timing: Timing) -> tuple[Floats, Floats]:
    """Width and shortest length of the one uniform wait that stands for the wait for a run and the wait in the list."""
    run = np.minimum(timing.rhythm, timing.window, dtype=np.float64)
    queue = np.asarray(timing.queue, dtype=np.float64)
    width = np.sqrt(run * run + queue * queue)
    return width, 0.5 * (run + queue - width)


def _done_within(timing: Timing, days: Floats) -> Floats:
    """Share of the scored cases for which wait, fixed times and spread add up to at most ``days``."""
    mu, sigma = (np.asarray(part, dtype=np.float64) for part in timing.spread)
    check_sigma(sigma)
    width, shortest = _wait(timing)
    parts = (days - np.asarray(timing.fixed, dtype=np.float64) - shortest, width, mu, sigma)
    shape = np.broadcast_shapes(*(np.shape(part) for part in parts))
    size = math.prod(shape)
    share = np.empty(size)
    flat = [np.reshape(p, -1) if np.size(p) == 1 else np.broadcast_to(p, shape).reshape(-1) for p in parts]
    for start in range(0, size, _BLOCK):
        block = slice(start, start + _BLOCK)
        share[block] = _average(*(part if part.size == 1 else part[block] for part in flat))
    return share.reshape(shape)[()]


def _solved(timing: Timing, share: Floats, low: Floats, high: Floats) -> Floats:
    """Where the curve of the time needed passes ``share``, between ``low`` and ``high``."""
    below, above = _done_within(timing, low) - share, _done_within(timing, high) - share
    done = (below >= 0) | (above <= 0)  # one end is the answer: there is no wait, or all cases are asked for
    days = np.where(below >= 0, low, high)
    last = np.zeros(np.shape(share))
    for _ in range(60):
        with np.errstate(divide="ignore", invalid="ignore"):
            guess = high - above * (high - low) / (above - below)
        guess = np.where((guess > low) & (guess < high), guess, 0.5 * (low + high))
        off = _done_within(timing, guess) - share
        enough = off >= 0
        again = np.where(np.where(enough, 1.0, -1.0) == last, 0.5, 1.0)  # an end that stays twice counts half
        above, below = np.where(enough, off, again * above), np.where(enough, again * below, off)
        last = np.where(enough, 1.0, -1.0)
        low, high = np.where(enough, low, guess), np.where(enough, guess, high)
        days = np.where(done, days, guess)
        done = done | (np.abs(off) <= 1e-12) | (high - low <= 1e-13 * high)
        if done.all():
            break
    return days


def _average(left: Floats, width: Floats, mu: Floats, sigma: Floats) -> Floats:
    """Average of the lognormal distribution function over ``left - width`` to ``left``, on one block of draws.

    Works in two arrays from end to end, since this runs on every edit: a row for each end of the wait that leaves any
    time, then a row for the score and the shifted score of each.
    """
    narrow = width <= _NARROW * np.abs(left)
    if narrow.all():
        return lognormal_cdf(left - 0.5 * width, mu, sigma)
    count = max(part.size for part in (left, width, mu, sigma))
    spread = np.maximum(sigma, _NO_SIGMA)
    lower = left - width
    rows = 2 if lower.max() > 0 else 1
    ends, scores = np.empty((rows, count)), np.empty((2 * rows, count))
    ends[0] = left
    if rows == 2:
        ends[1] = lower
    np.maximum(ends, 0.0, out=ends)
    at, shifted = scores[:rows], scores[rows:]
    np.maximum(ends, _TINY, out=at)
    np.log(at, out=at)
    at -= mu
    at /= spread
    np.subtract(at, spread, out=shifted)
    below = normal_cdf_of_own(scores)
    below[:rows] *= ends
    below[rows:] *= np.exp(mu + 0.5 * spread * spread)
    below[:rows] -= below[rows:]  # the integral of the distribution function from 0 to each end
    share: Floats = below[0]
    if rows == 2:
        share -= below[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        share /= width
    np.maximum(share, 0.0, out=share)
    np.minimum(share, 1.0, out=share)
    if narrow.any():
        share = np.where(narrow, lognormal_cdf(left - 0.5 * width, mu, sigma), share)
    return share
