"""How long a model takes on a device, how fast a language model writes there, and what that draws from the battery.

A model is held up by arithmetic or by memory, whichever takes longer (the roofline), after a fixed time for every
call. No device reaches its peak: the share it gets differs widely, so every answer is an :class:`Interval` until
somebody measures. A figure that nobody knows is nan and makes the answer nan; a limit that is no limit is inf.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from shipworthy.calculators import _numbers
from shipworthy.calculators._numbers import Array, floats
from shipworthy.errors import InputError

Pair = tuple[npt.ArrayLike, npt.ArrayLike]

_SECONDS_PER_HOUR = 3600.0


class Interval(NamedTuple):
    """A time that is known as a range: an estimate until it is measured."""

    shortest: Array
    longest: Array


class Rate(NamedTuple):
    """A rate that is known as a range."""

    slowest: Array
    fastest: Array


@dataclass(frozen=True)
class Speed:
    """What a device can do. Each figure is a number or an array; nan is unknown, inf is no limit."""

    peak: npt.ArrayLike
    """Peak arithmetic at the precision that is used, a multiply-add counted as two [flop/s]."""
    bandwidth: npt.ArrayLike
    """Peak memory bandwidth [B/s]."""
    compute_share: Pair
    """Lowest and highest share of the peak arithmetic that models get [0..1]."""
    bandwidth_share: Pair
    """Lowest and highest share of the peak bandwidth that models get [0..1]."""
    overhead: Pair = (0.0, 0.0)
    """Shortest and longest fixed time of a call [s]."""


def inference_time(
    speed: Speed, flops: npt.ArrayLike, bytes_moved: npt.ArrayLike, measured: npt.ArrayLike | None = None
) -> Interval:
    r"""Shortest and longest time of one inference by the roofline.

    .. math:: t = o + \max\left(\frac{F}{\eta_c P}, \frac{M}{\eta_b W}\right)

    with P and W the device's peak arithmetic and bandwidth, the shares :math:`\eta` at their highest and the fixed time
    o at its shortest for the shortest time, and the other way round for the longest. Small models are held up by the
    fixed time, which is then most of the answer. Does not hold for a device that throttles or is shared, nor where
    layers fall back to another processor.

    Parameters
    ----------
    speed : Speed
        What the device can do.
    flops : float or array
        Arithmetic of one inference F, a multiply-add counted as two [flop].
    bytes_moved : float or array
        Weights, and what else is read and written for one inference M [B].
    measured : float or array, optional
        A time that was measured [s]: it takes the place of both ends. nan where there is none.

    Returns
    -------
    Interval
        Shortest and longest time [s]; nan where a figure that is needed is unknown.

    Raises
    ------
    InputError
        Where an amount of work or a time is negative, a peak is not above 0, or a share not in 0..1 or not in order.

    Examples
    --------
    >>> board = Speed(1e12, 10e9, (0.1, 0.5), (0.4, 0.8), (0.001, 0.002))
    >>> time = inference_time(board, flops=8e9, bytes_moved=20e6)
    >>> round(float(time.shortest), 4), round(float(time.longest), 4)
    (0.017, 0.082)

    References
    ----------
    Williams, S., Waterman, A., Patterson, D. (2009). Roofline: an insightful visual performance model for multicore
    architectures. Communications of the ACM 52(4), 65-76.
    """
    compute, memory = _rates(speed)
    low, high = _ordered("fixed time of a call", speed.overhead)
    work, moved = need_not_negative("arithmetic of one use", flops), need_not_negative("bytes moved", bytes_moved)
    shortest = low + np.maximum(_seconds(work, compute.fastest), _seconds(moved, memory.fastest))
    longest = high + np.maximum(_seconds(work, compute.slowest), _seconds(moved, memory.slowest))
    if measured is not None:
        known = need_not_negative("measured time", measured)
        shortest, longest = (np.where(np.isnan(known), end, known)[()] for end in (shortest, longest))
    return Interval(shortest, longest)


def decode_tokens_per_second(
    speed: Speed, weights: npt.ArrayLike, kv_cache: npt.ArrayLike = 0.0, flops: npt.ArrayLike = 0.0
) -> Rate:
    r"""Tokens a second that a language model writes, one conversation at a time.

    .. math:: r = \frac{\eta_b W}{w + k}

    since every token reads all weights w and the conversation's whole KV cache k once. Where the arithmetic of a token
    is given and takes longer than the reading, it is the limit. The fixed time of a call is left out: the shares of
    bandwidth that are measured on whole tokens hold it already. Several conversations at once share the reading of the
    weights, so they get more tokens a second together; a mixture of experts reads only the weights it uses.

    Parameters
    ----------
    speed : Speed
        What the device can do.
    weights : float or array
        Weights that are read for a token w [B].
    kv_cache : float or array
        KV cache of the conversation k, at the middle of the answer [B].
    flops : float or array
        Arithmetic of a token, about twice the parameters [flop]; 0 leaves it out.

    Returns
    -------
    Rate
        Slowest and fastest [token/s]; nan where a figure that is needed is unknown.

    Raises
    ------
    InputError
        As :func:`inference_time`, and where there is nothing to read.

    Examples
    --------
    >>> laptop = Speed(4e12, 120e9, (0.1, 0.8), (0.5, 0.9))
    >>> rate = decode_tokens_per_second(laptop, weights=4.9e9, kv_cache=0.1e9)
    >>> round(float(rate.slowest), 1), round(float(rate.fastest), 1)
    (12.0, 21.6)

    References
    ----------
    Pope, R. et al. (2023). Efficiently scaling transformer inference. Proceedings of MLSys 5.
    """
    compute, memory = _rates(speed)
    read = need_above("weights that are read for a token", weights) + need_not_negative("KV cache", kv_cache)
    work = need_not_negative("arithmetic of a token", flops)
    slow = np.maximum(_seconds(work, compute.slowest), read / memory.slowest)
    fast = np.maximum(_seconds(work, compute.fastest), read / memory.fastest)
    with np.errstate(divide="ignore"):
        return Rate(1.0 / slow, 1.0 / fast)


def prefill_seconds(
    speed: Speed, parameters: npt.ArrayLike, tokens: npt.ArrayLike, weights: npt.ArrayLike = 0.0
) -> Interval:
    r"""Time a language model takes to read a prompt.

    .. math:: t = o + \max\left(\frac{2 N n}{\eta_c P}, \frac{w}{\eta_b W}\right)

    Reading is held up by arithmetic; where the weights are given, by reading them once if the prompt is short. Leaves
    out attention's own share, about n / (12 h) on top for a prompt of n tokens and a hidden size of h (8 % for 4,096
    tokens at 4,096, 67 % for 32,768).

    Parameters
    ----------
    speed : Speed
        What the device can do.
    parameters : float or array
        Parameters that are used for a token N [1].
    tokens : float or array
        Tokens of the prompt that are not in a cache n [token].
    weights : float or array
        Weights w [B]; 0 leaves them out.

    Returns
    -------
    Interval
        Shortest and longest time [s].

    Raises
    ------
    InputError
        As :func:`inference_time`.

    Examples
    --------
    >>> laptop = Speed(4e12, 120e9, (0.1, 0.8), (0.5, 0.9))
    >>> time = prefill_seconds(laptop, parameters=8e9, tokens=1000)
    >>> round(float(time.shortest), 2), round(float(time.longest), 2)
    (5.0, 40.0)

    References
    ----------
    Pope et al. (2023).
    """
    count = need_not_negative("parameters", parameters) * need_not_negative("tokens of the prompt", tokens)
    return inference_time(speed, 2.0 * count, weights)


def first_answer_seconds(prefill: Interval, rate: Rate, tokens: npt.ArrayLike = 1.0) -> Interval:
    r"""Time until a language model has written so many tokens: the first for 1, the whole answer for its length.

    .. math:: t = t_{\text{prefill}} + n / r

    Parameters
    ----------
    prefill : Interval
        Time it takes to read the prompt [s].
    rate : Rate
        Tokens a second that it writes [token/s].
    tokens : float or array
        Tokens that are waited for n [token].

    Returns
    -------
    Interval
        Shortest and longest time [s].

    Raises
    ------
    InputError
        Where the number of tokens is negative or a rate is not above 0.

    Examples
    --------
    >>> time = first_answer_seconds(Interval(5.0, 40.0), Rate(12.0, 21.6), tokens=120)
    >>> round(float(time.shortest), 2), round(float(time.longest), 2)
    (10.56, 50.0)

    References
    ----------
    Arithmetic.
    """
    count = need_not_negative("tokens of the answer", tokens)
    slow, fast = need_above("tokens a second", rate.slowest), need_above("tokens a second", rate.fastest)
    return Interval(floats(prefill.shortest) + count / fast, floats(prefill.longest) + count / slow)


def energy_a_use(power: npt.ArrayLike, seconds: npt.ArrayLike, idle: npt.ArrayLike = 0.0) -> Array:
    r"""Energy that one use takes.

    .. math:: E = (p - p_0)\, t

    Parameters
    ----------
    power : float or array
        Power of the device while it works p [W].
    seconds : float or array
        Time that it works t [s].
    idle : float or array
        Power that it draws anyway p₀ [W]; 0 counts all of it. Give it where :func:`battery_hours` counts it already.

    Returns
    -------
    float or array
        Energy [J].

    Raises
    ------
    InputError
        Where an argument is negative, or the device draws more when idle than at work.

    Examples
    --------
    >>> float(energy_a_use(5.0, 0.2))
    1.0

    References
    ----------
    Arithmetic.
    """
    working, rest = need_not_negative("power at work", power), need_not_negative("power when idle", idle)
    if np.any(rest > working):
        raise InputError("Power: the device draws more when idle than at work. Power at work includes the idle power.")
    return (working - rest) * need_not_negative("time at work", seconds)


def battery_hours(
    capacity_wh: npt.ArrayLike, idle_w: npt.ArrayLike, uses_per_hour: npt.ArrayLike, energy_a_use: npt.ArrayLike
) -> Array:
    r"""Hours that a battery lasts.

    .. math:: h = \frac{C}{p_0 + u E / 3600}

    Parameters
    ----------
    capacity_wh : float or array
        Energy in the battery C [Wh].
    idle_w : float or array
        Power that the device draws anyway p₀ [W].
    uses_per_hour : float or array
        Uses an hour u [1/h]: no more than fit into one.
    energy_a_use : float or array
        What a use adds E [J], see :func:`energy_a_use` with ``idle``.

    Returns
    -------
    float or array
        Time [h]; inf where nothing is drawn.

    Raises
    ------
    InputError
        Where an argument is negative.

    Examples
    --------
    >>> float(battery_hours(15, 0.5, 3600, 1.0))
    10.0

    References
    ----------
    Arithmetic.
    """
    capacity, rest = need_not_negative("energy in the battery", capacity_wh), need_not_negative("idle power", idle_w)
    uses, energy = need_not_negative("uses an hour", uses_per_hour), need_not_negative("energy a use", energy_a_use)
    drawn = rest + uses * energy / _SECONDS_PER_HOUR
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(drawn == 0, np.inf, capacity / drawn)[()]


def need_not_negative(label: str, value: npt.ArrayLike) -> Array:
    """The value in floats; anything below 0 is refused, nan (unknown) is let through."""
    return floats(_numbers.need_not_negative("Device", label, value))


def need_above(label: str, value: npt.ArrayLike) -> Array:
    """The value in floats; anything that is not above 0 is refused, nan (unknown) is let through."""
    array = floats(value)
    if np.any(array <= 0):
        raise InputError(f"Device: the {label} is {np.nanmin(array):g}. It must be above 0.")
    return array


def _rates(speed: Speed) -> tuple[Rate, Rate]:
    """Arithmetic [flop/s] and bandwidth [B/s] that models get."""
    peak, bandwidth = need_above("peak arithmetic", speed.peak), need_above("memory bandwidth", speed.bandwidth)
    compute_low, compute_high = _shares("peak arithmetic", speed.compute_share)
    bandwidth_low, bandwidth_high = _shares("memory bandwidth", speed.bandwidth_share)
    return Rate(peak * compute_low, peak * compute_high), Rate(bandwidth * bandwidth_low, bandwidth * bandwidth_high)


def _shares(label: str, pair: Pair) -> tuple[Array, Array]:
    low, high = _ordered(f"share of the {label}", pair)
    if np.any(low <= 0) or np.any(high > 1):
        raise InputError(
            f"Device: the share of the {label} goes from {np.nanmin(low):g} to {np.nanmax(high):g}. Both ends must be "
            "above 0 and up to 1 (100 %)."
        )
    return low, high


def _ordered(label: str, pair: Pair) -> tuple[Array, Array]:
    low, high = need_not_negative(label, pair[0]), need_not_negative(label, pair[1])
    if np.any(low > high):
        raise InputError(f"Device: the low end of the {label} is above its high end. Swap the two.")
    return low, high


def _seconds(work: Array, rate: Array) -> Array:
    """Time of an amount of work; none takes no time, also where the rate is unknown."""
    result: Array = np.where(work == 0, 0.0, work / rate)[()]
    return result
