"""Does a model fit a device, which limit binds, and what is the largest that would still fit?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from shipworthy.calculators._numbers import Array, floats
from shipworthy.calculators.device import MemoryNeed, Workload, memory_left, memory_need, weight_bytes
from shipworthy.calculators.device_time import Interval, Speed, inference_time, need_above, need_not_negative

_BITS_PER_BYTE = 8.0


class Largest(NamedTuple):
    """The most that still fits: in memory, in time, and in both (where one is unknown, in the other)."""

    memory: Array
    time: Array
    both: Array


class Fit(NamedTuple):
    """How a model fits a device. Strings come as numpy strings, one for each draw."""

    verdict: npt.NDArray[np.str_]
    """``fits``, ``may be too slow`` (the range of times straddles the limit), ``too slow``, ``too large``,
    ``too large and too slow`` or ``unknown``."""
    binds: npt.NDArray[np.str_]
    """Which limit is nearer, or missed by more: ``memory``, ``time`` or ``unknown``."""
    need: MemoryNeed
    left: Array
    """Memory left on the device [B]; negative is what is missing."""
    time: Interval
    """Shortest and longest time of one use [s]."""
    memory_share: Array
    """Share of the usable memory that is needed [1]; above 1 it does not fit."""
    time_share: Interval
    """Share of the time limit that is taken [1], at the shortest and at the longest time."""
    parameters: Largest
    """Most parameters at these bits [1], all else equal and arithmetic in proportion."""
    bits: Largest
    """Most bits a parameter at this number of parameters [bit]; 0 where no number of bits would do."""


def largest_fit(
    workload: Workload,
    usable: npt.ArrayLike,
    speed: Speed,
    limit: npt.ArrayLike = np.inf,
    measured: npt.ArrayLike | None = None,
) -> Fit:
    r"""Whether a model fits a device in memory and time, which limit binds, and the largest that would fit.

    .. math:: N_m = \frac{8 (S - A - k)}{b}, \quad
        N_t = \min\left(\frac{(T - o)\, \eta_c P}{F / N}, \frac{8 ((T - o)\, \eta_b W - k - m)}{b}\right)

    with S the usable memory, T the time limit and the rest as in :func:`memory_need` and
    :func:`~shipworthy.calculators.device_time.inference_time`, the times at their longest: what is called the largest
    fits for sure. Bits are solved for in the same way. Fewer bits are taken to change what is stored and read, not the
    arithmetic; a larger model to have the same activations and KV cache. The largest in time is worked out from the
    device's figures, also where a time was measured.

    Parameters
    ----------
    workload : Workload
        The model at work.
    usable : float or array
        Memory that the system and other programs leave to the model S [B]; nan is unknown.
    speed : Speed
        What the device can do.
    limit : float or array
        Longest time that a use may take T [s]; inf is no limit.
    measured : float or array, optional
        A time that was measured [s], in place of both ends of the estimate. nan where there is none.

    Returns
    -------
    Fit
        Verdict, what binds, the parts, and the largest that fits.

    Raises
    ------
    InputError
        Where a number is negative, or parameters, bits or the limit are not above 0.

    Examples
    --------
    >>> board = Speed(1e12, 10e9, (0.1, 0.5), (0.5, 0.8))
    >>> fit = largest_fit(Workload(2e9, 8, 4e9), usable=1.5e9, speed=board, limit=1.0)
    >>> str(fit.verdict), str(fit.binds), float(fit.parameters.both) / 1e9, float(fit.bits.both)
    ('too large', 'memory', 1.5, 6.0)

    References
    ----------
    Williams, Waterman, Patterson (2009), and arithmetic.
    """
    need_above("number of parameters", workload.parameters)
    longest_allowed = need_above("time limit", limit)
    need = memory_need(workload)
    left = memory_left(usable, need)
    moved = need.weights + need.kv_cache + need_not_negative("other traffic", workload.traffic)
    time = inference_time(speed, workload.flops, moved, measured)
    with np.errstate(divide="ignore", invalid="ignore"):
        memory_share = need.total / floats(usable)
    time_share = Interval(_share(time.shortest, longest_allowed), _share(time.longest, longest_allowed))
    parameters, bits = _largest(workload, left, speed, longest_allowed)
    verdict, binds = _verdict(left, time_share), _binding(memory_share, time_share.longest)
    return Fit(verdict, binds, need, left, time, memory_share, time_share, parameters, bits)


def _largest(workload: Workload, left: Array, speed: Speed, limit: Array) -> tuple[Largest, Largest]:
    """The most parameters and the most bits: in memory, in time, in both."""
    count, bits = floats(workload.parameters), floats(workload.bits)
    room = np.maximum(weight_bytes(count, bits) + left, 0.0)  # for weights, in memory
    compute = inference_time(Speed(speed.peak, np.inf, speed.compute_share, (1, 1)), workload.flops, 0.0).longest
    reading = inference_time(Speed(np.inf, speed.bandwidth, (1, 1), speed.bandwidth_share), 0.0, 1.0).longest
    beside = floats(workload.kv_cache) + floats(workload.traffic)
    spare = np.maximum(limit - floats(speed.overhead[1]), 0.0)
    endless = np.isinf(limit)
    with np.errstate(divide="ignore", invalid="ignore"):
        read = np.where(
            endless | (reading == 0), np.inf, np.maximum(spare / reading - beside, 0.0)
        )  # the same, in time
        by_work = np.where(endless | (compute == 0), np.inf, count * spare / compute)
        in_time = np.minimum(by_work, read * _BITS_PER_BYTE / bits)
        bits_in_time = np.where(by_work >= count, read * _BITS_PER_BYTE / count, 0.0)
    bits_in_time = np.where(np.isnan(by_work), np.nan, bits_in_time)
    most = _both(room * _BITS_PER_BYTE / bits, in_time)
    return most, _both(room * _BITS_PER_BYTE / count, bits_in_time)


def _both(memory: Array, time: Array) -> Largest:
    return Largest(memory, time[()], np.fmin(memory, time)[()])


def _share(time: Array, limit: Array) -> Array:
    """Share of the limit; none of a limit without end, also where the time is unknown."""
    share: Array = np.where(np.isinf(limit), 0.0, time / limit)[()]
    return share


def _verdict(left: Array, time_share: Interval) -> npt.NDArray[np.str_]:
    large, slow = left < 0, time_share.shortest > 1
    unknown = np.isnan(left) | np.isnan(time_share.longest) | np.isnan(time_share.shortest)
    cases = [large & slow, large, slow, unknown, time_share.longest > 1]
    names = ["too large and too slow", "too large", "too slow", "unknown", "may be too slow"]
    verdict: npt.NDArray[np.str_] = np.select(cases, names, "fits")[()]
    return verdict


def _binding(memory_share: Array, time_share: Array) -> npt.NDArray[np.str_]:
    both_unknown = np.isnan(memory_share) & np.isnan(time_share)
    memory = np.isnan(time_share) | (memory_share >= time_share)
    binds: npt.NDArray[np.str_] = np.select([both_unknown, memory], ["unknown", "memory"], "time")[()]
    return binds
